"""A digest as a mail: the bytes that are frozen with it and sent as they are, try after try.

Its form is that of RFC 5322 and 2045, what mail programs and lists read of it that of RFC 2369 and 2919.

Everything on the wire is ASCII, so that no relay needs an extension.
"""

from __future__ import annotations

import hashlib
import re
from email import policy
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot import __version__

from .digest_html import html
from .digest_text import subject, text
from .ics import calendar

if TYPE_CHECKING:
    from datetime import date, datetime
    from email.policy import Policy

    from bot.model import DigestContent

NAME = "Presswatch"
CALENDAR, DAYS = "deadlines.ics", 200  # more would make a large mail of a small one
_UNSAFE = re.compile(r"[^A-Za-z0-9.-]+")


class _Whole(UnstructuredHeader, BaseHeader):
    """A header for mail programs on one line: folded, a long address becomes an encoded word, which is none to them."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name in ("list-id", "list-unsubscribe", "message-id"):
    _HEADERS.map_to_type(_name, _Whole)
_POLICY = policy.SMTP.clone(cte_type="7bit", header_factory=_HEADERS)


def message_id(digest: str, day: date, recipient: str, domain: str) -> str:
    """The Message-ID of one issue for one recipient: the same whenever and wherever it is made."""
    who = hashlib.sha256(f"{digest}\n{day}\n{recipient}".encode()).hexdigest()[:20]
    return f"<{_UNSAFE.sub('-', digest)}.{day:%Y%m%d}.{who}@{_UNSAFE.sub('-', domain) or 'presswatch.invalid'}>"


def way_out(digest: str, address: str) -> str:
    """Where readers ask for no more of the digest: a page as it is, a mail address with a subject that says it."""
    if not address.startswith("mailto:") or "?" in address:
        return address
    return f"mailto:{quote(address.removeprefix('mailto:'), safe='@+')}?subject=unsubscribe%20{digest}"


def mail(
    content: DigestContent,
    *,
    sender: str,
    recipient: str,
    message_id: str,
    at: datetime,
    unsubscribe: str | None = None,
) -> bytes:
    """The mail as it goes over the wire. ``at`` is its Date.

    ``unsubscribe`` is where readers ask for no more of it: an address with its scheme, "" for nowhere, None for the
    sender's. There is no List-Unsubscribe-Post (RFC 8058), which promises that a program answers.

    Raises ValueError for an address that is none or is not ASCII.
    """
    stop = way_out(content.digest, f"mailto:{sender}" if unsubscribe is None else unsubscribe)
    headers = {
        "Subject": subject(content),
        "Date": format_datetime(at),
        "Message-ID": message_id,
        "Auto-Submitted": "auto-generated",
        "List-Id": f"{NAME} {content.digest} <{content.digest}.presswatch.{_domain(sender)}>",
        **({"List-Unsubscribe": f"<{stop}>"} if stop else {}),
        "X-Mailer": f"{NAME} {__version__}",
    }
    message = headed(sender, recipient, headers)
    plain, page = text(content, stop=stop), html(content, stop=stop)
    message.set_content(plain, cte="quoted-printable")
    message.add_alternative(page.html, subtype="html", cte="quoted-printable")
    if page.cut:
        name = f"{content.digest}-{content.window.day}.txt"
        message.add_attachment(plain.encode(), "text", "plain", filename=name, params={"charset": "utf-8"})
    if content.deadlines:
        # Mail programs offer to put its days into the reader's calendar.
        params = {"charset": "utf-8", "method": "PUBLISH"}
        message.add_attachment(
            calendar(content.deadlines[:DAYS], at), "text", "calendar", filename=CALENDAR, params=params
        )
    return finished(message, headers)


def headed(sender: str, recipient: str, headers: dict[str, str]) -> EmailMessage:
    """A mail with its headers and nothing else yet. Raises ValueError for an address that is none or is not ASCII."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(sender, NAME)
    message["To"] = _address(recipient)
    for name, value in headers.items():
        message[name] = value
    return message


def finished(message: EmailMessage, headers: dict[str, str]) -> bytes:
    """The mail's bytes, read back: no outside text has broken out of its header. Raises ValueError."""
    sent = message.as_bytes()
    _check(sent, headers)
    return sent


def text_of(frozen: bytes) -> str:
    """The plain text of an issue as it was frozen: a mail, or for a channel the text itself."""
    if not frozen.startswith(b"From: "):
        return frozen.decode()
    body = BytesParser(policy=policy.default).parsebytes(frozen).get_body(("plain",))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""


def _domain(address: str) -> str:
    return _UNSAFE.sub("-", address.rpartition("@")[2])


def _address(address: str, name: str = "") -> Address:
    if not address.isascii():
        raise ValueError(f"{address} is no mail address that every relay takes: write its domain in punycode")
    try:
        return Address(name, addr_spec=address)
    except (MessageError, ValueError, IndexError) as error:  # the parser's ways to give up
        raise ValueError(f"“{address}” is no mail address: write one like desk@example.org") from error


def _check(sent: bytes, headers: dict[str, str]) -> None:
    """Read the headers back: an outside text that broke out of its header must not leave this machine.

    Older versions of Python let encoded words do that. Only the subject may have such words at all: reading them back
    hides that the other headers are for programs. Raises ValueError, which would be a bug of ours.
    """
    read = BytesParser(policy=policy.default).parsebytes(sent, headersonly=True)
    known = {"from", "to", "mime-version", "content-type", "content-transfer-encoding", *map(str.lower, headers)}
    strange = [name for name in read.keys() if name.lower() not in known]  # noqa: SIM118 – it tells doubles
    if strange or len(read.keys()) != len({name.lower() for name in read.keys()}):  # noqa: SIM118
        raise ValueError(f"the mail has headers that nobody wrote: {strange or read.keys()}")
    differ = [name for name, value in headers.items() if " ".join(str(read[name]).split()) != " ".join(value.split())]
    if differ:
        raise ValueError(f"the mail's {', '.join(differ)} would not arrive as written")
    raw = BytesParser(policy=policy.compat32).parsebytes(sent, headersonly=True)
    coded = [name for name, value in raw.items() if "=?" in str(value) and name.lower() != "subject"]
    if coded:
        raise ValueError(f"the mail's {', '.join(coded)} would arrive encoded, which no program understands")
