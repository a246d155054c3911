"""What the door hands in, and the few headers that matter for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_VALIDATOR = 1_024

_ALWAYS_ASK = re.compile(r"\bno-(cache|store)\b")
_MAX_AGE = re.compile(r'(?<![\w-])max-age\s*=\s*"?([0-9]+)')
# What stands for a number of seconds that is too large to count (RFC 9111 §1.2.2).
_FOR_EVER = 2.0**31
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer that can be used: 200 with a body, or 304 "unchanged" with none.

    ``url`` is the address asked for, ``final_url`` the one that answered, ``redirects`` the (status, address)
    in between; ``permanent_url`` is where a chain of only permanent redirects leads (None without one), the
    address the configuration should name. ``content_type`` is the whole header, ``charset`` its parameter.
    ``max_age`` and ``retry_after`` are seconds the server asks us to leave it alone, counted from now.
    """

    url: str
    final_url: str
    status: Literal[200, 304]
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None
    charset: str | None = None
    max_age: float | None = None
    retry_after: float | None = None
    redirects: tuple[tuple[int, str], ...] = ()
    permanent_url: str | None = None


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that Retry-After asks for (RFC 9110 §10.2.3: a number or a date), None if unsaid or unreadable.

    A date counts from the server's own Date header, so that a wrong clock on either side does not matter;
    from ``now`` if there is none.
    """
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if re.fullmatch(r"[0-9]+(\.[0-9]{1,9})?", value):
        return _seconds(value)
    until, start = http_date(value), http_date(headers.get("Date", "")) or now
    return max(0.0, (until - start).total_seconds()) if until and start else None


def max_age(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds for which the answer stays fresh (RFC 9111 §4.2), None if unsaid.

    Cache-Control: max-age less Age, else Expires less Date. no-cache and no-store ask for a question
    each time, which is what a poll does: they set no bound.
    """
    control = headers.get("Cache-Control", "").lower()
    if _ALWAYS_ASK.search(control):
        return None
    if given := _MAX_AGE.search(control):
        age = headers.get("Age", "").strip()
        spent = _seconds(age) if re.fullmatch(r"[0-9]+", age) else 0.0
        return max(0.0, _seconds(given[1]) - spent)
    if "Expires" not in headers:
        return None
    expires, start = http_date(headers["Expires"]), http_date(headers.get("Date", "")) or now
    return max(0.0, (expires - start).total_seconds()) if expires and start else None


def _seconds(digits: str) -> float:
    """A number of seconds, however many digits it has."""
    return min(float(digits), _FOR_EVER) if len(digits) < 40 else _FOR_EVER


def http_date(text: str) -> datetime | None:
    """A date in one of HTTP's three forms (RFC 9110 §5.6.7) as aware UTC, None if it is not one."""
    try:
        parsed = parsedate_to_datetime(text.strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """ETag or Last-Modified as it may be sent back: printable ASCII of sensible length, None otherwise."""
    value = headers.get(name, "").strip()
    return value if sendable(value) else None


def sendable(value: str | None) -> bool:
    """Whether a stored validator can stand in a request header."""
    return value is not None and 0 < len(value) <= MAX_VALIDATOR and value.isascii() and value.isprintable()


def content_type(headers: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The Content-Type header in printable ASCII, and its charset in small letters; None for what is unsaid."""
    raw = headers.get("Content-Type", "")[:200]
    value = "".join(char for char in raw if char.isascii() and char.isprintable()).strip()
    charset = _CHARSET.search(value)
    return value or None, charset[1].lower() if charset else None
