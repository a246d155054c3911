"""What happens on a day that counts, in words: lines of clean text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model.words import plural

from . import wording

if TYPE_CHECKING:
    from datetime import date

    from bot.model import Deadline, DeadlineKind, DigestContent, DigestDeadline

DAYS = 30
"""How far an issue looks ahead; the store reads as many."""
HEADING = f"Deadlines of the next {DAYS} days"
# As many are listed in a digest; the calendar beside it and the command line have all.
MOST = 20
SENTENCE = 240
WHAT: dict[DeadlineKind, str] = {
    "effective": "takes effect",
    "comments": "comments due",
    "compliance": "compliance required",
    "hearing": "hearing",
    "expiry": "expires",
}
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True)
class DeadlineEntry:
    """A day in clean pieces: "Mon 18 Dec 2023", "comments due", the headline, and what the text says of it."""

    day: str
    what: str
    headline: str
    url: str | None
    source: str
    sentence: str
    derived: str


def what(deadline: Deadline | DigestDeadline) -> str:
    """What happens, as it stands in a line: "comments due"."""
    return WHAT[deadline.kind]


def dated(day: date) -> str:
    """Like "Mon 18 Dec 2023"."""
    return f"{_WEEKDAYS[day.weekday()]} {wording.day(day)}"


def entry(one: DigestDeadline) -> DeadlineEntry:
    """The day as every form of the digest shows it."""
    return DeadlineEntry(
        day=dated(one.day),
        what=what(one),
        headline=wording.line(one.headline, wording.HEADLINE) or wording.NO_HEADLINE,
        url=wording.link(one.url),
        source=wording.line(one.source, wording.NAME),
        sentence=wording.line(one.sentence, SENTENCE),
        derived=wording.line(one.derived, SENTENCE),
    )


def entries(content: DigestContent, most: int = MOST) -> list[DeadlineEntry]:
    """The soonest days of an issue."""
    return [entry(one) for one in content.deadlines[:most]]


def more(content: DigestContent, most: int = MOST) -> str:
    """How many there are besides; empty if there are none."""
    rest = len(content.deadlines) - most
    return f"and {plural(rest, 'more deadline')}: presswatch deadlines" if rest > 0 else ""
