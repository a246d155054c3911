"""A small Slack for tests and for trying things out: real limits, and every fault on demand.

    async with FakeSlack() as slack:
        slack.fail("chat.postMessage", reset(stored=True))
        sender = SlackSender(slack.token, destinations, base_url=slack.url)

It answers chat.postMessage, update and delete, conversations.history, replies, info, list and members, and
auth.test, as docs.slack.dev describes them. Message times come from ``clock`` (a Unix time), by default from
a counter far in the future, so that nothing falls out of a window by accident.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from aiohttp import web

from .fake_workspace import SCOPES, FakeChannel, FakeWorkspace, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["FakeChannel", "FakeSlack", "Fault", "answer", "error", "hang", "in_thread", "limited", "not_json", "reset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What happens instead of an answer.

    ``stored``: the call takes effect first; ``hidden``: and its message is not visible in the history
    until :meth:`FakeSlack.reveal`. ``late``: it takes effect at :meth:`FakeSlack.land`, as a request does that
    something between here and Slack had kept back.
    """

    kind: str
    stored: bool = False
    hidden: bool = False
    late: bool = False
    status: int = 200
    body: str = ""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


def error(code: str, *, stored: bool = False, hidden: bool = False, **more: object) -> Fault:
    """Slack's ``{"ok": false, "error": code}``."""
    return Fault(kind="answer", body=json.dumps({"ok": False, "error": code, **more}), stored=stored, hidden=hidden)


def answer(status: int, body: str = "", *, content_type: str = "text/html", stored: bool = False) -> Fault:
    """Any HTTP answer: a 500 with HTML, an empty body, a list."""
    return Fault(kind="answer", status=status, body=body, content_type=content_type, stored=stored)


def not_json(*, stored: bool = False) -> Fault:
    """A web page with status 200 that calls itself JSON."""
    return Fault(kind="answer", body="<html>Please log in</html>", stored=stored)


def limited(seconds: float | None) -> Fault:
    """429, with a Retry-After header unless ``seconds`` is None."""
    headers = () if seconds is None else (("Retry-After", f"{seconds:g}"),)
    return Fault(kind="answer", status=429, body='{"ok": false, "error": "ratelimited"}', headers=headers)


def reset(*, stored: bool = False, hidden: bool = False, late: bool = False) -> Fault:
    """The connection breaks without an answer."""
    return Fault(kind="reset", stored=stored, hidden=hidden, late=late)


def hang(*, stored: bool = False, hidden: bool = False) -> Fault:
    """No answer for as long as the server runs."""
    return Fault(kind="hang", stored=stored, hidden=hidden)


@dataclass(frozen=True, slots=True)
class Call:
    """A request that came in."""

    method: str
    args: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class FakeSlack:
    """A workspace behind a server on loopback; an async context manager.

    ``scopes`` are the token's; ``page`` caps the size of every page. ``calls`` logs what came in;
    ``under_way`` are those that have not landed yet.
    """

    token: str = "xoxb-fake"  # noqa: S105 – the fake's own
    channels: tuple[FakeChannel, ...] = (FakeChannel(id="C0000001", name="alerts"),)
    scopes: frozenset[str] = frozenset(SCOPES)
    clock: Callable[[], float] | None = None
    page: int = 1000
    port: int = 0
    calls: list[Call] = field(default_factory=list)
    workspace: FakeWorkspace = field(init=False)
    under_way: list[Call] = field(default_factory=list)
    _faults: defaultdict[str, deque[Fault | None]] = field(default_factory=lambda: defaultdict(deque))
    _runner: web.AppRunner | None = None
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.workspace = FakeWorkspace(
            channels={channel.id: channel for channel in self.channels},
            scopes=self.scopes,
            clock=self.clock,
            page=self.page,
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """The base URL for clients."""
        return f"http://127.0.0.1:{self.port}/api/"

    def fail(self, method: str, fault: Fault, times: int = 1, *, after: int = 0) -> None:
        """Let ``after`` calls of ``method`` through, the next ``times`` meet ``fault``; this queues up."""
        self._faults[method].extend([None] * after + [fault] * times)

    def reveal(self) -> None:
        """Let hidden messages become visible in the history."""
        for message in self.workspace.messages:
            message.hidden = False

    def land(self) -> None:
        """Let the calls that are still under way take effect now, whoever may have given them up."""
        landing, self.under_way = self.under_way, []
        for call in landing:
            self.workspace.call(call.method, call.args)

    def texts(self, channel: str = "C0000001") -> list[str]:
        """The texts of a channel's messages, replies included, in the order they were posted."""
        return [message.data.get("text", "") for message in self.workspace.messages if message.channel == channel]

    async def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        self._stopping.clear()
        app = web.Application(client_max_size=10_000_000)
        app.router.add_route("*", "/api/{method}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Stop listening; messages stay, so that it can start again."""
        self._stopping.set()
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method, args = request.match_info["method"], await _arguments(request)
        self.calls.append(Call(method, args))
        fault = self._faults[method].popleft() if self._faults[method] else None
        if fault is None:
            return self._answer(request, method, args)
        if fault.stored:
            self._answer(request, method, args)
        if fault.late:
            self.under_way.append(Call(method, args))
        if fault.hidden:
            self.workspace.messages[-1].hidden = True
        return await self._meet(request, fault)

    def _answer(self, request: web.Request, method: str, args: dict[str, Any]) -> web.Response:
        headers = {"X-OAuth-Scopes": ",".join(sorted(self.scopes))}
        try:
            self._authorize(request)
            body = {"ok": True, **self.workspace.call(method, args)}
        except Refusal as refusal:
            body = {"ok": False, "error": refusal.code, **refusal.more}
        return web.json_response(body, headers=headers)

    def _authorize(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not given:
            raise Refusal("not_authed")
        if given != f"Bearer {self.token}":
            raise Refusal("invalid_auth")

    async def _meet(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.kind == "hang":
            await self._stopping.wait()
        if fault.kind in {"hang", "reset"}:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        response = web.Response(status=fault.status, text=fault.body, content_type=fault.content_type)
        response.headers.extend(dict(fault.headers))
        return response


async def _arguments(request: web.Request) -> dict[str, Any]:
    """The arguments from JSON, a form or the query, lists and objects inside a form decoded."""
    if request.content_type == "application/json":
        body = await request.json()
        return body if isinstance(body, dict) else {}
    form = await request.post() if request.method == "POST" else request.query
    args: dict[str, Any] = {name: str(value) for name, value in form.items()}
    for name in ("blocks", "metadata", "attachments"):
        if name in args:
            args[name] = json.loads(args[name])
    return args


@contextmanager
def in_thread(slack: FakeSlack) -> Iterator[FakeSlack]:
    """Run the server in a thread of its own, for tests that start another process or block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="fake-slack", daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(slack.start(), loop).result(10)
        yield slack
    finally:
        asyncio.run_coroutine_threadsafe(slack.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
