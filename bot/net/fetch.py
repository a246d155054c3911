"""One fetch on its way: turns with servers, redirects by hand, and the body within its limits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp
from yarl import URL

from bot.errors import Refused, TooLarge, Unreachable

from . import sentences
from .address import Address, join
from .inflate import Inflater
from .response import Response, content_type, max_age, retry_after, validator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from datetime import datetime
    from types import SimpleNamespace

    from .guard import Guard
    from .lanes import Lane, Lanes
    from .places import Place

MAX_REDIRECTS = 5
PERMANENT = frozenset({301, 308})
# More bytes than come in one piece: what is cut at its limit has passed it before that is seen.
SPARE = 1_000_000
REDIRECTS = PERMANENT | {302, 303, 307}
# Asked with the address that a redirect leads to; raises SourceError if it must not be followed.
Permit = Callable[[str], Awaitable[None]]
# What tells nobody anything: it goes along when a redirect leads to another origin, everything else stays behind.
HARMLESS = frozenset({"user-agent", "accept", "accept-language"})


@dataclass(slots=True, kw_only=True)
class Fetch:
    """Where one call of :meth:`bot.net.door.Door.get` stands, and what it has met so far."""

    session: aiohttp.ClientSession
    guard: Guard
    lanes: Lanes
    at_once: asyncio.Semaphore
    place: Place | None
    proxy: URL | None
    address: Address
    url: str
    own: Mapping[str, str]
    given: Mapping[str, str]
    validators: Mapping[str, str]
    limit: int
    deadline: float
    now: datetime | None
    cut: bool = False
    permit: Permit | None = None
    clock: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))
    hops: list[tuple[int, str]] = field(default_factory=list)
    passed: list[Address] = field(default_factory=list)
    connected: bool = False
    received: int | None = None

    async def run(self) -> Response:
        """The answer, within the deadline; raises what :meth:`bot.net.door.Door.get` says."""
        self.clock = asyncio.timeout(self.deadline)
        try:
            async with self.clock:
                return await self._follow()
        except TimeoutError as error:
            raise sentences.too_slow(self.address.host, self.deadline, self.received) from error

    async def _follow(self) -> Response:
        while len(self.passed) <= MAX_REDIRECTS:
            if self.address in self.passed:
                raise Unreachable(f"{self.address.host} redirects in a circle")
            if self.passed and self.permit is not None:
                await self.permit(self.address.url)
            self.passed.append(self.address)
            async with self._turn() as lane:
                answer = await self._visit(lane)
            if isinstance(answer, Response):
                return answer
            self.address = answer
        raise Unreachable(f"{self.passed[0].host} redirects more than {MAX_REDIRECTS} times")

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[Lane]:
        """A turn with the server; the deadline stands still until it comes."""
        loop = asyncio.get_running_loop()
        left = (self.clock.when() or loop.time()) - loop.time()
        self._reschedule(None)
        async with self.lanes.turn(self.address, self.at_once, self.place) as lane:
            self._reschedule(loop.time() + left)
            yield lane

    def _reschedule(self, when: float | None) -> None:
        if not self.clock.expired():  # else the cancellation is already under way
            self.clock.reschedule(when)

    async def _visit(self, lane: Lane) -> Response | Address:
        """Ask one server. Whoever cannot even connect leaves word in the lane."""
        self.connected = False
        try:
            return await self._ask(lane)
        except (aiohttp.ClientError, OSError) as error:
            fault = sentences.for_error(self.address, error, self.received or 0)
            if isinstance(error, aiohttp.ClientConnectorError):
                lane.down[self.address.origin] = str(fault)
            raise fault from error
        except asyncio.CancelledError:
            if self.clock.expired() and not self.connected:
                lane.down[self.address.origin] = str(sentences.too_slow(self.address.host, self.deadline, None))
            raise

    async def _ask(self, lane: Lane) -> Response | Address:
        if self.proxy is not None:
            await self.guard.check_for_proxy(self.address)
        self.guard.check(self.address)
        request = self.session.get(
            URL(self.address.url, encoded=True),
            headers=self._headers(keep=lane.users > 1),
            allow_redirects=False,
            proxy=self.proxy,
            trace_request_ctx=self,
        )
        # Leaving the block closes a connection whose body was not taken to its end; it is never read on to keep it.
        async with request as answer:
            return await self._take(answer)

    def _headers(self, *, keep: bool) -> dict[str, str]:
        """What is sent. ``keep``: somebody waits in the lane to ask the same server.

        Else the server is told that nothing more comes (RFC 9112 §9.6): the next poll is minutes away, and the
        connections of some thousand servers, each kept for a while, are more than a process may hold.
        """
        given = self.given
        if self._abroad():
            given = {name: value for name, value in given.items() if name in HARMLESS}
        last = {} if keep else {"connection": "close"}
        return {**self.own, **self.validators, **given, **last}

    def _abroad(self) -> bool:
        """Whether a redirect has left the first origin; who has once left stays a stranger."""
        return any(address.origin != self.passed[0].origin for address in self.passed)

    async def _take(self, answer: aiohttp.ClientResponse) -> Response | Address:
        status = answer.status
        if status in REDIRECTS and answer.headers.get("Location", "").strip():
            return self._redirect(status, answer.headers["Location"])
        if status == 304 and self.validators:
            return self._response(answer, b"")
        if status in {200, 203}:
            return self._response(answer, await self._read(answer))
        trimmed = self._abroad() and not self.given.keys() <= HARMLESS
        known = "authorization" in self.given
        raise sentences.for_status(self.address.host, status, answer.headers, self.now, trimmed=trimmed, known=known)

    def _redirect(self, status: int, location: str) -> Address:
        try:
            target = join(self.address, location)
            self.guard.check(target)
        except Refused as error:
            raise Refused(f"{self.address.host} redirects to where we do not go: {error}") from error
        self.hops.append((status, target.url))
        return target

    async def _read(self, answer: aiohttp.ClientResponse) -> bytes:
        host = self.address.host
        if (answer.content_length or 0) > self.limit and not self.cut:
            raise TooLarge(f"the answer of {host} is {sentences.size(answer.content_length or 0)}, {self._most()}")
        most = self.limit + (SPARE if self.cut else 0)
        inflater = Inflater(", ".join(answer.headers.getall("Content-Encoding", [])), most, host)
        self.received = 0
        parts = bytearray()
        async for piece in answer.content.iter_any():
            self.received += len(piece)
            if self.received > most:
                raise TooLarge(f"the answer of {host} goes on and on, {self._most()}")
            for out in inflater.feed(piece):
                parts += out
                if self.place is not None:
                    self.place.weigh(len(parts))
                if self.cut and len(parts) >= self.limit:
                    return bytes(parts[: self.limit])
                await asyncio.sleep(0)  # unpacking is work: let the others have their turn
        inflater.finish()
        return bytes(parts)

    def _most(self) -> str:
        return f"more than the {sentences.size(self.limit)} that are taken"

    def _response(self, answer: aiohttp.ClientResponse, body: bytes) -> Response:
        headers = answer.headers
        unchanged = answer.status == 304
        kind, charset = content_type(headers)
        return Response(
            url=self.url,
            final_url=self.address.url,
            status=304 if unchanged else 200,
            body=body,
            etag=validator(headers, "ETag") or (self.validators.get("if-none-match") if unchanged else None),
            last_modified=validator(headers, "Last-Modified")
            or (self.validators.get("if-modified-since") if unchanged else None),
            content_type=kind,
            charset=charset,
            max_age=max_age(headers, self.now),
            retry_after=retry_after(headers, self.now),
            redirects=tuple(self.hops),
            permanent_url=self._permanent(),
        )

    def _permanent(self) -> str | None:
        """The address that the permanent redirects at the head of the way lead to."""
        reached = None
        for status, url in self.hops:
            if status not in PERMANENT:
                break
            reached = url
        return reached


def watch_connecting() -> aiohttp.TraceConfig:
    """Tells a fetch that its connection stands: a server that is slow to answer is not one that cannot be reached."""
    watch = aiohttp.TraceConfig()

    async def connected(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
        fetch: Fetch = context.trace_request_ctx
        fetch.connected = True

    watch.on_connection_create_end.append(connected)
    watch.on_connection_reuseconn.append(connected)
    return watch
