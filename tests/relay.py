"""Mail relays on loopback: a real one that keeps what it takes, and one that misbehaves at a named step.

with relay(auth=("user", "hush"), tls=True) as taken: ...   # aiosmtpd, in a thread of its own
async with FaultyRelay(at="rcpt", how="hang") as faulty: ...
"""

import asyncio
import socket
import ssl
import struct
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

TLS = Path(__file__).parent / "net" / "tls"
AUTHORITY = TLS / "authority.pem"


@dataclass
class Taken:
    """One envelope as it arrived."""

    sender: str
    recipients: list[str]
    content: bytes
    options: list[str]
    user: str | None
    tls: bool


@dataclass
class Relay:
    """Where it listens and what it took; ``refuse`` maps a recipient to the reply it gets."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 – the library's name
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):  # noqa: N802 – the library's name
        user = session.auth_data.login.decode() if session.authenticated else None
        options, tls = list(envelope.mail_options), session.ssl is not None
        taken = Taken(envelope.mail_from, envelope.rcpt_tos, envelope.original_content, options, user, tls)
        self.taken.append(taken)
        return "250 taken"


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    return context


@asynccontextmanager
async def relay(*, auth=None, tls=False, implicit=False, **more) -> AsyncIterator[Relay]:
    """A relay that takes everything; with ``auth`` only from who signs in; ``tls`` offers STARTTLS."""
    taken = Relay()

    def authenticate(server, session, envelope, mechanism, data):
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == auth
        return AuthResult(success=given, handled=False, auth_data=data)

    settings = {"hostname": "relay.example", "enable_SMTPUTF8": False, **more}
    if tls:
        settings |= {"tls_context": server_context(), "require_starttls": True}
    if auth:
        settings |= {"authenticator": authenticate, "auth_required": True, "auth_require_tls": tls}
    loop = asyncio.get_running_loop()
    encrypted = server_context() if implicit else None

    def factory():
        with warnings.catch_warnings():  # the library advises against a sign-in without TLS
            warnings.simplefilter("ignore")
            return SMTP(taken, loop=loop, **settings)

    listening = await loop.create_server(factory, "127.0.0.1", 0, ssl=encrypted)
    taken.port = listening.sockets[0].getsockname()[1]
    try:
        yield taken
    finally:
        listening.close()
        await listening.wait_closed()


STEPS = ("connect", "ehlo", "mail", "rcpt", "data", "body", "dot")
# With TLS and a sign-in there are more, in this order.
ALL_STEPS = ("connect", "ehlo", "starttls", "handshake", "ehlo again", "auth", *STEPS[2:], "quit")


@dataclass
class FaultyRelay:
    """A relay that is well-behaved up to the step ``at`` and then does ``how``: a reply, "hang", "close" or "reset".

    ``at`` may also be a whole line of the conversation, "RCPT TO:<a@example.org>". ``got`` are the messages whose final
    dot has come, ``commands`` all lines before and after. At "body" it stops reading as soon as the message begins, or
    speaks in its midst. ``met`` counts how often it did so.
    """

    at: str = ""
    how: str = ""
    times: int = 10**6
    met: int = 0
    port: int = 0
    got: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    extensions: tuple[str, ...] = ("SIZE 1000000", "8BITMIME")
    connections: int = 0
    _tasks: set[asyncio.Task] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        # A small window: a relay that does not read is noticed before all is in the system's hands.
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader, writer) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._converse(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError, _Over):
            pass
        finally:
            self._tasks.discard(task)
            writer.transport.abort()

    async def _answer(self, writer, step: str, usual: str, line: str = "") -> bool:
        """Reply; False if it was not the usual reply."""
        if self.at and self.at in (step, line) and self.times > 0:
            self.times -= 1
            self.met += 1
            if self.how == "hang":
                await asyncio.Event().wait()
            if self.how == "reset":  # a RST instead of a FIN
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if self.how in ("close", "reset"):
                raise _Over
            writer.write(f"{self.how}\r\n".encode())
            return False
        writer.write(usual.encode())
        await writer.drain()
        return True

    async def _converse(self, reader, writer) -> None:
        hello = "ehlo"
        await self._answer(writer, "connect", "220 faulty.example ESMTP\r\n")
        while line := await reader.readline():
            text = line.decode().rstrip("\r\n")
            self.commands.append(text)
            word = text.split(" ")[0].upper()
            if word in ("EHLO", "HELO"):
                await self._answer(writer, hello, self._greeting(encrypted=hello != "ehlo"))
            elif word == "STARTTLS":
                if await self._answer(writer, "starttls", "220 go on\r\n"):
                    await self._encrypt(writer)
                    hello = "ehlo again"
            elif word == "AUTH":
                await self._answer(writer, "auth", "235 welcome\r\n")
            elif word == "DATA":
                if await self._answer(writer, "data", "354 go on\r\n"):
                    await self._message(reader, writer)
            elif word == "QUIT":
                await self._answer(writer, "quit", "221 bye\r\n")
                return
            else:
                await self._answer(writer, word.lower(), "250 OK\r\n", text)

    def _greeting(self, *, encrypted: bool) -> str:
        lines = ["faulty.example", *(each for each in self.extensions if not (encrypted and each == "STARTTLS"))]
        return "".join(f"250{'-' if n < len(lines) - 1 else ' '}{x}\r\n" for n, x in enumerate(lines))

    async def _encrypt(self, writer) -> None:
        if await self._answer(writer, "handshake", ""):
            await writer.start_tls(server_context())
        else:
            raise _Over

    async def _message(self, reader, writer) -> None:
        if self.at == "body" and self.times > 0 and not await self._answer(writer, "body", ""):
            await reader.readuntil(b"\r\n.\r\n")
            return
        self.got.append(await reader.readuntil(b"\r\n.\r\n"))
        await self._answer(writer, "dot", "250 taken\r\n")


class _Over(Exception):
    """The relay hangs up."""
