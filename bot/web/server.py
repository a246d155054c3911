"""The server: where it listens, what it answers, and what it does not put up with.

Whoever reaches it may be slow or hostile. A connection lives for LIFE at most, whatever it does, and there are MOST of
them; requests are read by aiohttp within its limits on lines and headers, and bodies are not read at all.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, cast

from aiohttp import web

from bot.logs import logger

from . import health
from .metrics import CONTENT_TYPE, Metrics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.config import Listen
    from bot.desk import Desk
    from bot.pulse import Pulse

# Seconds that a connection may last, and how many there may be at a time: enough for a few programs that ask every
# few seconds, and for a person.
LIFE = 20.0
MOST = 32
# Seconds that answers under way have when the service stops.
GRACE = 0.5
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Server": "Presswatch",
    "X-Content-Type-Options": "nosniff",
}

log = logger()


@asynccontextmanager
async def showing(desk: Desk, pulse: Pulse, *, most: int = MOST, life: float = LIFE) -> AsyncIterator[None]:
    """Answer where ``[web]`` says, until the end of the block; nowhere where it says nothing.

    A place that cannot be had is logged, and the service goes on without.
    """
    listen = desk.config.listen
    if listen is None:
        yield
        return
    # Answers are small: a request's body is never read, and a connection is not kept for the rest of one.
    runner = web.AppRunner(
        application(desk, pulse), access_log=None, lingering_time=0.0, keepalive_timeout=life, shutdown_timeout=GRACE
    )
    await runner.setup()
    doorman, server = Doorman(cast("web.Server", runner.server), most=most, life=life), None
    try:
        server = await _listen(listen, doorman)
        yield
    finally:
        if server is not None:
            server.close()
        doorman.close()
        await runner.cleanup()
        if server is not None and listen.path is not None:
            listen.path.unlink(missing_ok=True)


def application(desk: Desk, pulse: Pulse) -> web.Application:
    """What is answered to which address; nothing of it changes anything."""
    metrics = Metrics(desk, pulse)

    async def live(_request: web.Request) -> web.Response:
        return _verdict(health.alive(pulse))

    async def ready(_request: web.Request) -> web.Response:
        return _verdict(await health.ready(desk, pulse))

    async def figures(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application(client_max_size=1)
    app.router.add_get("/healthz", live)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", figures)
    app.on_response_prepare.append(_head)
    return app


def _verdict(reasons: tuple[str, ...]) -> web.Response:
    """200, or 503 with what is wrong."""
    return web.json_response({"ok": not reasons, "reasons": list(reasons)}, status=503 if reasons else 200)


async def _head(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)


async def _listen(listen: Listen, doorman: Doorman) -> asyncio.Server | None:
    """Open the door; None, and a line in the log, where it cannot be opened."""
    loop = asyncio.get_running_loop()
    try:
        if listen.path is not None:
            await _clear(listen.path)
            made = await loop.create_unix_server(doorman.admit, listen.path, backlog=MOST)
            listen.path.chmod(0o660)
        else:
            made = await loop.create_server(doorman.admit, listen.host, listen.port, backlog=MOST)
    except OSError as error:
        remedy = "free it, or name another place under [web] in the configuration, and restart"
        log.error("nobody can ask how the service is", listen=listen.said, reason=_why(error), remedy=remedy)
        return None
    log.info("answers", listen=listen.said)
    return made


def _why(error: OSError) -> str:
    return error.strerror or str(error)


async def _clear(path: Path) -> None:
    """See that no other service answers there. Raises OSError where one does, or where it cannot be seen."""
    try:
        _, writer = await asyncio.open_unix_connection(path)
    except (ConnectionRefusedError, FileNotFoundError):
        return  # asyncio removes what nobody listens to, if it is a socket
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    raise OSError(f"another service answers at {path}")


class Doorman:
    """Lets clients in, so many at a time and each for so long."""

    def __init__(self, server: web.Server, *, most: int, life: float) -> None:
        self._server = server
        self._most, self._life = most, life
        self.inside: set[asyncio.Protocol] = set()
        self._is_closed = False

    @property
    def is_full(self) -> bool:
        """Whether nobody else is let in."""
        return self._is_closed or len(self.inside) >= self._most

    def close(self) -> None:
        """Let nobody in any more, also not those who have knocked and not been heard yet."""
        self._is_closed = True

    def admit(self) -> asyncio.Protocol:
        """A guest for the next connection."""
        return Guest(self, self._server(), self._life)


class Guest(asyncio.Protocol):
    """One connection: everything goes on to ``protocol``, until its time is over."""

    def __init__(self, doorman: Doorman, protocol: asyncio.Protocol, life: float) -> None:
        self._doorman, self._protocol, self._life = doorman, protocol, life
        self._timer: asyncio.TimerHandle | None = None
        self._refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let in, or turn away where it is full."""
        through = cast("asyncio.Transport", transport)
        self._refused = self._doorman.is_full
        if self._refused:
            through.abort()
            return
        self._doorman.inside.add(self)
        self._timer = asyncio.get_running_loop().call_later(self._life, through.abort)
        self._protocol.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone."""
        if self._refused:
            return
        self._doorman.inside.discard(self)
        if self._timer is not None:
            self._timer.cancel()
        self._protocol.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand on."""
        if not self._refused:
            self._protocol.data_received(data)

    def eof_received(self) -> bool | None:
        """Hand on."""
        return None if self._refused else self._protocol.eof_received()

    def pause_writing(self) -> None:
        """Hand on."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Hand on."""
        self._protocol.resume_writing()
