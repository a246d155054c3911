"""Deadlines as a calendar file (iCalendar, RFC 5545), one whole day for each.

An entry's UID is always the same, so a calendar that gets it again replaces it. It takes up no time of its reader
(TRANSP) and rings no bell. Lines end with CRLF and are folded after 75 octets, never within a character (3.1).
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from . import deadline_words, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.model import DigestDeadline

LINE = 75
SUMMARY = 200
_SPECIAL = re.compile(r"([\\;,])")


def calendar(deadlines: Iterable[DigestDeadline], at: datetime) -> bytes:
    """The file; ``at`` is when it is made, the same in every entry."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Presswatch//Deadlines//EN", "METHOD:PUBLISH"]
    for one in deadlines:
        lines += _event(one, at)
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"]).encode()


def _event(one: DigestDeadline, at: datetime) -> Iterator[str]:
    shown = deadline_words.entry(one)
    derived = f"\n({shown.derived})" if shown.derived else ""
    address = f"\n{shown.url}" if shown.url else ""
    yield "BEGIN:VEVENT"
    yield f"UID:{one.uid}"
    yield f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(wording.line(f'{shown.what[:1].upper()}{shown.what[1:]}: {shown.headline}', SUMMARY))}"
    said = f"{shown.sentence} – {shown.source}" if shown.sentence else shown.source
    yield f"DESCRIPTION:{_text(f'{said}{derived}{address}')}"
    if shown.url:
        yield f"URL:{shown.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """A value of the type TEXT (3.3.11)."""
    return _SPECIAL.sub(r"\\\1", value).replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, each but the first after a space."""
    pieces, piece, size = [], "", 0
    for char in line:
        octets = len(char.encode())
        if size + octets > LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece += char
        size += octets
    return "".join(f"{one}\r\n" for one in [*pieces, piece])
