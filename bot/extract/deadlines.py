"""Days that count in a text: when rules take effect, comments are due, hearings are held, measures expire.

A day is taken only where words around it say what happens on it, without another day between: "Comments must be
received no later than December 18, 2023". Days that are told relative to publication ("60 days after publication in
the Federal Register") are reckoned only where the text is the publication itself and its day is known; what a newspaper
writes of them stays open. Such days and those whose year is not written say what they were reckoned from.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.model import Deadline
from bot.text import cut, sentences, sentences_around

from .calendar import DATE, read_date
from .cues import COUNTS, cues, cues_after_publication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.model import DeadlineKind

SENTENCE = 500  # characters that are kept of the sentence
_A_DAY = re.compile(DATE)
_SIGN = re.compile(r"[0-9]")
_BEFORE_A_SPAN = re.compile(r"\b(?:from|effective|of)\s(?:[^,;]{0,40}\s)?$")
# A day that another one has replaced.
_SUPERSEDED = re.compile(
    r"\b(?:originally|previously|(?:was|were)\s(?:to|scheduled|set|due)|would\shave|supposed\sto)\b"
)
_LOOK_BACK = 40  # characters before the cue in which that may be said
_CANCELLED = re.compile(r"\b(?:cancel|postpon|call(?:ed|s|ing)?\soff|rescind|withdr)", re.IGNORECASE)


class _Found(NamedTuple):
    kind: DeadlineKind
    day: date
    start: int
    end: int
    derived: str


def deadlines(text: str, *, published: date | None = None, is_publication: bool = False) -> tuple[Deadline, ...]:
    """The days that count in ``text``, in order of place.

    ``published`` is the day the text was published on; ``is_publication``: it is the official document itself, so that
    "after publication" means this day.
    """
    if _SIGN.search(text) is None:
        return ()
    taken: dict[int, _Found] = {}
    for found in _dated(text, published):
        taken.setdefault(found.start, found)
    if is_publication and published is not None:
        for found in _relative(text, published):
            taken.setdefault(found.start, found)
    if not taken:
        return ()
    spans = sentences(text)
    told = [_deadline(text, found, spans) for _, found in sorted(taken.items())]
    return tuple(one for one in told if one.kind != "hearing" or not _CANCELLED.search(one.sentence))


def _dated(text: str, published: date | None) -> Iterator[_Found]:
    for kind, signs, pattern in cues():
        if not any(sign in text for sign in signs):
            continue
        place = 0
        while (match := pattern.search(text, place)) is not None:
            start, end = match.span("day")
            place = end
            day = read_date(text, start, published)
            if day is None or _another_day(text, match):
                continue
            if _SUPERSEDED.search(text, max(0, match.start() - _LOOK_BACK), start):
                continue
            reckoned = f"the year is that of publication on {published}" if day.derived else ""
            yield _Found(kind, day.day, start, end, reckoned)


def _another_day(text: str, match: re.Match[str]) -> bool:
    """Whether the words between cue and day hold a day that they may belong to; "from … to …" is one span."""
    before = text[match.start() : match.start("day")]
    days = list(_A_DAY.finditer(before))
    return bool(days) and not (len(days) == 1 and _BEFORE_A_SPAN.search(before, 0, days[0].start()))


def _relative(text: str, published: date) -> Iterator[_Found]:
    for kind, signs, pattern in cues_after_publication():
        if any(sign in text for sign in signs):
            for match in pattern.finditer(text):
                count = COUNTS.get(match["count"]) or int(match["count"])
                day = published + timedelta(days=count)
                yield _Found(kind, day, *_span(match), f"{count} days after publication on {published}")


def _span(match: re.Match[str]) -> tuple[int, int]:
    return match.start("count"), match.end()


def _deadline(text: str, found: _Found, spans: list[tuple[int, int]]) -> Deadline:
    begin, end = sentences_around(spans, found.start, found.end)
    return Deadline(
        kind=found.kind,
        day=found.day,
        start=found.start,
        end=found.end,
        text=text[found.start : found.end],
        sentence=cut(" ".join(text[begin:end].split()), SENTENCE),
        derived=found.derived,
    )
