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

from .calendar import DATE, MONTH_SIGNS, read_date
from .cues import COUNTS, cues, cues_after_publication

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.model import DeadlineKind

READ = 50_000  # characters of a text that are read: notices tell their days at the beginning
SENTENCE = 500  # characters that are kept of the sentence
_A_DAY = re.compile(DATE)
_SIGN = re.compile(r"[0-9]")
_IN_DIGITS = re.compile(r"-\d\d-\d\d")
# Characters before a day in which the words that give it a meaning begin, and behind it in which they end (Chinese).
_REACH, _BEHIND = 450, 60
_AROUND = 30  # characters around the name of a month that hold the whole day
_BEFORE_A_SPAN = re.compile(r"\b(?:from|effective|of)\s(?:[^,;]{0,40}\s)?$")
# A day that another one has replaced.
_SUPERSEDED = re.compile(
    r"\b(?:originally|previously|(?:was|were)\s(?:to|scheduled|set|due)|would\shave|supposed\sto)\b"
)
# What notices say of a comment period that they go on to extend.
_EXTENDED = re.compile(r"\b(?:original|currently|incorrect(?:ly)?|provided\sfor|would|is\sscheduled)\b")
_LOOK_BACK = 40  # characters before the cue in which that may be said
_CANCELLED = re.compile(r"\b(?:cancel|postpon|call(?:ed|s|ing)?\soff|rescind|withdr)", re.IGNORECASE)


class _Found(NamedTuple):
    kind: DeadlineKind
    day: date
    start: int
    end: int
    derived: str


def deadlines(text: str, *, published: date | None = None, is_publication: bool = False) -> tuple[Deadline, ...]:
    """The days that count in the first ``READ`` characters of ``text``, in order of place.

    ``published`` is the day the text was published on; ``is_publication``: it is the official document itself, so that
    "after publication" means this day.
    """
    text = text[:READ]
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
    regions = list(_regions(text))
    for kind, signs, pattern in cues() if regions else ():
        for begin, stop in regions:
            place = begin if any(text.find(sign, begin, stop) >= 0 for sign in signs) else stop
            while place < stop and (match := pattern.search(text, place, stop)) is not None:
                other = _another_day(text, match)
                place = other or match.end("day")  # behind another day the words may begin anew
                day = None if other else read_date(text, match.start("day"), published)
                if day is not None and not _is_superseded(kind, text, match):
                    reckoned = f"the year is that of publication on {published}" if day.derived else ""
                    yield _Found(kind, day.day, *match.span("day"), reckoned)


def _regions(text: str) -> Iterator[tuple[int, int]]:
    """What stands around days, by which the words are looked for: most of a text is far from any."""
    begin, stop = 0, -1
    for place in _signs_of_days(text):
        day = _A_DAY.search(text, max(0, place - _AROUND), place + _AROUND)
        if day is None:
            continue
        if day.start() - _REACH > stop:
            if stop >= 0:
                yield begin, stop
            begin = max(0, day.start() - _REACH)
        stop = max(stop, day.end() + _BEHIND)
    if stop >= 0:
        yield begin, min(stop, len(text))


def _signs_of_days(text: str) -> list[int]:
    """Where there may be a day: to look for names of months is many times as fast as to look for days."""
    places = [found.start() for found in _IN_DIGITS.finditer(text)]
    for sign in MONTH_SIGNS:
        place = text.find(sign)
        while place >= 0:
            places.append(place)
            place = text.find(sign, place + 1)
    return sorted(places)


def _is_superseded(kind: DeadlineKind, text: str, match: re.Match[str]) -> bool:
    around = max(0, match.start() - _LOOK_BACK), match.start("day")
    if _SUPERSEDED.search(text, *around):
        return True
    return kind == "comments" and _EXTENDED.search(text, *around) is not None


def _another_day(text: str, match: re.Match[str]) -> int:
    """Where a day ends that stands between the words and the day, and may be what they mean; 0 if there is none.

    "from … to …" is one span.
    """
    days = list(_A_DAY.finditer(text, match.start(), match.start("day")))
    if not days or (len(days) == 1 and _BEFORE_A_SPAN.search(text[match.start() : days[0].start()])):
        return 0
    return days[-1].end()


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
