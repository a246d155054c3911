"""An HTTP server on loopback that can be told to misbehave.

    async with FaultServer() as server:
        server["/feed"] = feed(BODY, etag='"1"')
        server["/slow"] = drip()
        ...  # ask for server.at("/feed"), then look at server.requests

A route is a handler ``async (request, out) -> None`` that writes to ``out`` as it likes, bytes or text (sent as
a feed with status 200), or a list of routes: one per request in turn, the last one for all that follow.
It speaks raw HTTP/1.1 so that it can also break it. :class:`ThreadedFaultServer` is the same in a thread of its own.
"""

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from types import TracebackType
from typing import Self

FEED_TYPE = "application/rss+xml; charset=utf-8"
HTML = "<!doctype html><html><head><title>Please sign in</title></head><body><form>Password</form></body></html>"


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent. ``path`` has no query; header names are in small letters; ``local`` is our address."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""
    peer: tuple[str, int] = ("", 0)
    local: str = ""

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


Handler = Callable[[Request, asyncio.StreamWriter], Awaitable[None]]
Route = Handler | bytes | str | Sequence["Route"]


@dataclass
class FaultServer:
    """Routes by path, a log of requests, and a port of its own while it is open."""

    host: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None
    routes: dict[str, Route] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    open_most: int = 0
    _served: dict[str, int] = field(default_factory=dict)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.tls else ''}://{host}:{self.port}"

    def at(self, path: str) -> str:
        return self.url + path

    def __setitem__(self, path: str, route: Route) -> None:
        self.routes[path] = route
        self._served.pop(path, None)

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def chain(self, path: str, hops: int, end: Route, status: int = 302) -> None:
        """``path`` answers ``end`` after ``hops`` redirects."""
        for hop in range(hops):
            here = path if hop == 0 else f"{path}-{hop}"
            self[here] = redirect(f"{path}-{hop + 1}", status)
        self[f"{path}-{hops}" if hops else path] = end

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that requests or connections bring about: ``until(lambda: len(server.requests) == 2)``."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    async def asked(self, times: int = 1) -> None:
        """Wait until so many requests have come in since the server was opened."""
        await self.until(lambda: len(self.requests) >= times)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, self.host, self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.open_now += 1
        self.open_most = max(self.open_most, self.open_now)
        try:
            await self._converse(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, TimeoutError, ssl.SSLError):
            pass  # a client that hangs up, or the end of the test
        finally:
            self.open_now -= 1
            self._changed.set()
            self._tasks.discard(task)
            writer.transport.abort()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not writer.is_closing():
            request = await self._read(reader, writer)
            self.requests.append(request)
            self._changed.set()
            await self._handler(request.path)(request, writer)
            await writer.drain()

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        method, target, _version = first.split(" ")
        pairs = (line.split(":", 1) for line in lines)
        headers = {name.strip().lower(): value.strip() for name, value in pairs}
        path, _, query = target.partition("?")
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        peer, local = writer.get_extra_info("peername")[:2], writer.get_extra_info("sockname")[0]
        return Request(method, path, query, headers, body, peer, local)

    def _handler(self, path: str) -> Handler:
        route: Route = self.routes.get(path, missing)
        while isinstance(route, Sequence) and not isinstance(route, (str, bytes)):
            turn = self._served.get(path, 0)
            self._served[path] = turn + 1
            route = route[min(turn, len(route) - 1)]
        return reply(route) if isinstance(route, (str, bytes)) else route


class ThreadedFaultServer(FaultServer):
    """The same with ``with`` instead of ``async with``, for code that runs an event loop of its own."""

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault server", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.__aenter__(), self._loop).result(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self.__aexit__(kind, error, at), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


# ── well-behaved answers ─────────────────────────────────────────────────────────────────────────


def as_bytes(body: bytes | str) -> bytes:
    return body.encode() if isinstance(body, str) else body


def head(status: int, headers: Mapping[str, str | int | None]) -> bytes:
    lines = [f"HTTP/1.1 {status} Status"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value is not None]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


def reply(
    body: bytes | str = b"",
    status: int = 200,
    content_type: str | None = FEED_TYPE,
    headers: Mapping[str, str | int | None] | None = None,
) -> Handler:
    """An answer with its true length; more ``headers`` may be given, None takes one out."""
    content = as_bytes(body)

    async def handler(request: Request, out: asyncio.StreamWriter) -> None:
        out.write(head(status, {"Content-Type": content_type, "Content-Length": len(content), **(headers or {})}))
        out.write(content)

    return handler


def feed(
    body: bytes | str,
    etag: str | None = None,
    last_modified: str | None = None,
    headers: Mapping[str, str | int | None] | None = None,
) -> Handler:
    """A feed that answers 304 to a client that names its ``etag`` or, without one, its ``last_modified``."""
    validators = {"ETag": etag, "Last-Modified": last_modified, **(headers or {})}

    async def handler(request: Request, out: asyncio.StreamWriter) -> None:
        sent = request.headers
        tags = [tag.strip() for tag in sent.get("if-none-match", "").split(",")]
        unchanged = (
            etag in tags
            if "if-none-match" in sent
            else bool(last_modified and sent.get("if-modified-since") == last_modified)
        )
        if unchanged:
            out.write(head(304, validators))
        else:
            await reply(body, headers=validators)(request, out)

    return handler


def page(html: str = HTML, status: int = 200) -> Handler:
    """A web page where a feed should be."""
    return reply(html, status, "text/html; charset=utf-8")


def redirect(location: str | None, status: int = 302, body_bytes: int = 0) -> Handler:
    """Sends elsewhere; with ``body_bytes`` it goes on writing a body of that size."""

    async def handler(request: Request, out: asyncio.StreamWriter) -> None:
        out.write(head(status, {"Location": location, "Content-Length": body_bytes}))
        await pour(out, body_bytes)

    return handler


def busy(status: int = 429, retry_after: str | int | None = None, date: str | None = None) -> Handler:
    """429, 503 and their like, with Retry-After in seconds or as a date."""
    return reply("busy", status, "text/plain", {"Retry-After": retry_after, "Date": date})


async def missing(request: Request, out: asyncio.StreamWriter) -> None:
    await reply("not here", 404, "text/plain")(request, out)


def http_date(epoch: float) -> str:
    return formatdate(epoch, usegmt=True)


# ── misbehaviour ─────────────────────────────────────────────────────────────────────────────────


async def pour(out: asyncio.StreamWriter, size: int | None, block: bytes = b"x" * 65536) -> None:
    """Writes ``size`` bytes (None: for ever) no faster than the client takes them."""
    written = 0
    while size is None or written < size:
        piece = block if size is None else block[: size - written]
        out.write(piece)
        written += len(piece)
        await out.drain()


def drip(every: float = 0.02, piece: bytes = b" ", first: bytes = b"<rss>") -> Handler:
    """Never stops and never says much: each read succeeds, the whole never ends."""

    async def handler(request: Request, out: asyncio.StreamWriter) -> None:
        out.write(head(200, {"Content-Type": FEED_TYPE, "Content-Length": 1_000_000}) + first)
        while True:
            out.write(piece)
            await out.drain()
            await asyncio.sleep(every)

    return handler


def slow_headers(every: float = 0.02) -> Handler:
    """The status line, then one header after the other, for ever but not many of them."""

    async def handler(request: Request, out: asyncio.StreamWriter) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            out.write(b"a")
            await out.drain()
            await asyncio.sleep(every)

    return handler


async def silent(request: Request, out: asyncio.StreamWriter) -> None:
    """Takes the request and says nothing."""
    await asyncio.Event().wait()


async def hang_up(request: Request, out: asyncio.StreamWriter) -> None:
    """Closes without an answer."""
    out.close()


async def endless(request: Request, out: asyncio.StreamWriter) -> None:
    """A body without length and without end, as fast as the client takes it."""
    out.write(head(200, {"Content-Type": FEED_TYPE, "Connection": "close"}))
    await pour(out, None)


async def endless_headers(request: Request, out: asyncio.StreamWriter) -> None:
    """Headers without end, as fast as the client takes them."""
    out.write(b"HTTP/1.1 200 OK\r\n")
    await pour(out, None, b"X-More: " + b"m" * 50 + b"\r\n")


def nested(decoded: int, layers: int = 1, filler: bytes = b"\n") -> bytes:
    """``decoded`` bytes under so many layers of gzip."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = filler * 65536
    parts = [squeeze.compress(block[: min(65536, decoded - at)]) for at in range(0, decoded, 65536)]
    body = b"".join([*parts, squeeze.flush()])
    for _ in range(layers - 1):
        body = gzip.compress(body, 9)
    return body


def bomb(decoded: int = 200_000_000, layers: int = 1, coding: str | None = None) -> Handler:
    """Little on the wire, ``decoded`` bytes after inflating; the header names as many codings as there are layers."""
    return reply(nested(decoded, layers), headers={"Content-Encoding": coding or ", ".join(["gzip"] * layers)})


def truncated(body: bytes | str, missing_bytes: int = 100, chunked: bool = False) -> Handler:
    """Breaks off before the end it promised."""
    content = as_bytes(body)

    async def handler(request: Request, out: asyncio.StreamWriter) -> None:
        if chunked:
            out.write(head(200, {"Content-Type": FEED_TYPE, "Transfer-Encoding": "chunked"}))
            out.write(f"{len(content) + missing_bytes:x}\r\n".encode() + content)
        else:
            out.write(head(200, {"Content-Type": FEED_TYPE, "Content-Length": len(content) + missing_bytes}) + content)
        await out.drain()
        out.close()

    return handler


def lying(body: bytes | str, claimed: int | str) -> Handler:
    """Claims any length, sends ``body`` and keeps the connection open."""
    return reply(body, headers={"Content-Length": claimed})


def reset(after: bytes = b"") -> Handler:
    """Sends ``after`` and then a TCP reset instead of an end."""

    async def handler(request: Request, out: asyncio.StreamWriter) -> None:
        out.write(after)
        await out.drain()
        raw: socket.socket = out.get_extra_info("socket")
        with contextlib.suppress(OSError):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        out.transport.abort()

    return handler


def raw(answer: bytes, close: bool = True) -> Handler:
    """Exactly these bytes, HTTP or not."""

    async def handler(request: Request, out: asyncio.StreamWriter) -> None:
        out.write(answer)
        await out.drain()
        if close:
            out.close()

    return handler


def held(until: asyncio.Event, then: Route) -> Handler:
    """Answers ``then`` (bytes, text or a handler) only once ``until`` is set."""

    async def handler(request: Request, out: asyncio.StreamWriter) -> None:
        await until.wait()
        answer = reply(then) if isinstance(then, (str, bytes)) else then
        assert callable(answer)
        await answer(request, out)

    return handler


@contextlib.asynccontextmanager
async def tunnelling_proxy(port):
    """A proxy that opens every tunnel to ``port`` on loopback; yields its address and the CONNECT lines it saw."""
    seen = []

    async def pump(reader, writer):
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader, writer):
        seen.append((await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n"))
        behind, ahead = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(pump(reader, ahead), pump(behind, writer))

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{listener.sockets[0].getsockname()[1]}", seen
    finally:
        listener.close()
