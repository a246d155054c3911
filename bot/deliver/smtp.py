"""One conversation with a mail relay: one connection, one envelope, and always clear how far it came."""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import aiosmtplib

from bot.net.trust import trusting

from .mail_classify import NO_STARTTLS, MailFault, Step, fault, missing, refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path
    from typing import Self

    from aiosmtplib.protocol import SMTPProtocol

    from bot.config import Mail

# RFC 5321, 4.5.2: a line of the message that begins with a dot gets one more.
_DOT = re.compile(rb"(?m)^\.")
_LINE_END = re.compile(rb"\r\n|\r|\n")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# A farewell that nobody answers must not keep what is done from being marked as done.
GOODBYE = 2.0
_DRAIN_LOOK = 0.01


class Conversation:
    """``async with Conversation(mail, …) as relay`` is signed in; leaving says goodbye.

    ``step`` is how far it came. Raises :class:`MailFault`; what takes longer than ``deadline`` seconds in all,
    as MailFault too.
    """

    def __init__(self, mail: Mail, *, ca_file: Path | None, deadline: float) -> None:
        self._mail = mail
        self._ca_file = ca_file
        self._deadline = deadline
        self._smtp = aiosmtplib.SMTP(hostname=mail.host, port=mail.port, use_tls=mail.tls, start_tls=False)
        self._until = 0.0
        self.step: Step = "connect"

    async def __aenter__(self) -> Self:
        self._until = asyncio.get_running_loop().time() + self._deadline
        try:
            async with self._translated():
                await self._begin()
        except BaseException:
            self._smtp.close()
            raise
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, at: object) -> None:
        # In the middle of something a farewell would be taken for a part of it.
        if error is None or (isinstance(error, MailFault) and error.code):
            with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                async with asyncio.timeout(GOODBYE):
                    await self._smtp.quit()
        self._smtp.close()

    @property
    def safe(self) -> bool:
        """Whether the connection is encrypted, and the relay's certificate checked."""
        return self._smtp.get_transport_info("sslcontext") is not None

    async def noop(self) -> None:
        """Ask for a sign of life, as the last step of a check."""
        async with self._translated():
            await self._smtp.noop()

    async def envelope(self, recipient: str, size: int) -> None:
        """Name the sender and the one recipient."""
        async with self._translated():
            self.step = "mail"
            options = [f"SIZE={size}"] if self._smtp.supports_extension("size") else []
            await self._smtp.mail(self._mail.sender, options=options)
            self.step = "rcpt"
            await self._smtp.rcpt(recipient)

    async def message(self, message: bytes) -> None:
        """Hand the message over. Until its final dot is written the relay has nothing that it could deliver."""
        async with self._translated():
            self.step = "data"
            code, says = await self._smtp.execute_command(b"DATA")
            if code != aiosmtplib.SMTPStatus.start_input:
                raise refused(self.step, code, says)
            self.step = "body"
            protocol = await self._write(_DOT.sub(b"..", _lines(message)))
            # From here on it may have been taken.
            self.step = "dot"
            protocol.write(b".\r\n")
            code, says = await protocol.read_response()
            if not 200 <= code < 300:
                raise refused(self.step, code, says)

    async def _begin(self) -> None:
        safe = self._mail.tls or self._mail.starttls
        context = trusting(self._ca_file) if safe else None  # reading the authorities takes tens of milliseconds
        await self._smtp.connect(tls_context=context, timeout=None)
        self.step = "ehlo"
        await self._hello()
        if self._mail.starttls and not self._mail.tls:
            self.step = "starttls"
            if not self._smtp.supports_extension("starttls"):
                what = "the mail relay offers no safe connection (STARTTLS)"
                raise missing(self.step, what, NO_STARTTLS)
            await self._smtp.starttls(tls_context=context)
            self.step = "ehlo"
            await self._hello()
        if self._mail.username and self._mail.password:
            self.step = "auth"
            await self._sign_in(self._mail.username, self._mail.password.reveal())

    async def _hello(self) -> None:
        try:
            await self._smtp.ehlo()
        except aiosmtplib.SMTPHeloError as error:
            if not 500 <= error.code < 600:
                raise
            await self._smtp.helo()

    async def _sign_in(self, username: str, password: str) -> None:
        if not self.safe and self._mail.host not in LOOPBACK:
            raise missing(self.step, "the password would go over an open connection", NO_STARTTLS)
        if not self._smtp.supported_auth_methods:
            what = "the mail relay takes no user name and password here"
            raise missing(self.step, what, "remove them from [mail], or check port and starttls")
        await self._smtp.login(username, password)

    async def _write(self, data: bytes) -> SMTPProtocol:
        """Write, and wait until the system has taken all of it; the connection is open still."""
        protocol = self._smtp.protocol
        if protocol is None:
            raise aiosmtplib.SMTPServerDisconnected("the connection is closed")
        protocol.write(data)
        while isinstance(transport := protocol.transport, asyncio.WriteTransport) and not transport.is_closing():
            if not transport.get_write_buffer_size():
                return protocol
            await asyncio.sleep(_DRAIN_LOOK)
        raise aiosmtplib.SMTPServerDisconnected("the connection was closed")

    @asynccontextmanager
    async def _translated(self) -> AsyncIterator[None]:
        """A block in which the library's exceptions become :class:`MailFault`, at the step where they happened."""
        try:
            async with asyncio.timeout_at(self._until):
                yield
        except (aiosmtplib.SMTPException, OSError) as error:  # TimeoutError is an OSError
            raise fault(self.step, error) from error


def _lines(message: bytes) -> bytes:
    """The message with the line ends of SMTP, the last line ended too."""
    ended = _LINE_END.sub(b"\r\n", message)
    return ended if ended.endswith(b"\r\n") else ended + b"\r\n"
