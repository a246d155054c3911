"""When a spike is told, when it is over, and to whom it goes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.match.about import about
from bot.model import Mention

from .routes import routed
from .volume import DAY, HOUR, LEAST, Past, usual

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from typing import Any

    from bot.model import Destination, Route, Rule
    from bot.model.volume import Series, Subject, Usual

# So long after a spike was told no other of the subject is.
REST = timedelta(hours=24)
TERMS = 5
STORIES = 5


def standing_out(past: Past, *, now: int = 0) -> Usual | None:
    """The window that stands out, if one does: this hour, the one before it, or the last 24.

    ``now``: as it was so many hours before the end of the series.
    """
    for hours, back in ((1, now), (1, now + 1), (DAY, now)):
        if past.stories(past.length - back, hours) >= LEAST:
            found = usual(past, hours, back=back)
            if found.unusual:
                return found
    return None


def is_over(past: Past, *, now: int = 0) -> bool:
    """Whether this hour, the one before it and the last 24 are as usual again."""
    windows = (usual(past, hours, back=back) for hours, back in ((DAY, now), (1, now), (1, now + 1)))
    return all(found.stories <= found.high for found in windows)


def may_be_told(told_at: datetime | None, now: datetime) -> bool:
    """Whether the last spike of the subject, which is over, was told long enough ago."""
    return told_at is None or now - told_at >= REST


def with_stories(series: Series, moments: Iterable[datetime], hours: int) -> Series:
    """The series with its last ``hours`` counted anew from the moments of their stories."""
    counted = Counter((moment - series.begin) // HOUR for moment in moments)
    first = len(series.stories) - hours
    last = tuple(counted[place] for place in range(first, len(series.stories)))
    return replace(series, stories=(*series.stories[:first], *last))


def since(past: Past, found: Usual) -> datetime:
    """The hour in which it began: back from the window's end, as long as hours bring more than is expected."""
    if found.hours == 1:
        return found.end - HOUR
    level, end = found.expected / found.hours, past.length
    loud = [hour for hour in range(end - found.hours, end) if past.stories(hour + 1, 1) > level]
    return past.at(loud[0]) if loud else found.end - found.hours * HOUR


def destinations(
    subject: Subject, rules: Mapping[str, Rule], known: Sequence[Destination], routes: Sequence[Route]
) -> tuple[str, ...]:
    """Whoever hears of one of the subject's rules, in order, each once."""
    names = (name for id_ in subject.rules if id_ in rules for name in routed(rules[id_], known, routes))
    return tuple(dict.fromkeys(names))


def terms(
    subject: Subject, rules: Mapping[str, Rule], evidence: Iterable[tuple[int, str, Mapping[str, Any]]]
) -> tuple[tuple[str, int], ...]:
    """What was found most, each with the number of its stories; of an entity its aliases, else what rules are about."""
    stories: dict[str, set[int]] = {}
    spelling: dict[str, str] = {}
    for story, rule, found in evidence:
        hits = Mention.from_evidence(rule, "", 0.0, found).hits
        if subject.kind == "entity":
            hits = tuple(hit for hit in hits if hit.entity == subject.id)
        elif rule in rules:
            hits = tuple(about(rules[rule].expr, hits)) or hits
        for hit in hits:
            text = " ".join(hit.text.split())
            spelling.setdefault(text.casefold(), text)
            stories.setdefault(text.casefold(), set()).add(story)
    most = sorted(stories.items(), key=lambda item: (-len(item[1]), item[0]))[:TERMS]
    return tuple((spelling[text], len(found)) for text, found in most)
