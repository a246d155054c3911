"""What is counted, under which hour, and in which hours a count means anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import terms_of
from bot.model.volume import Subject

from .digest_content import theme_title

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from bot.model import RuleSet
    from bot.model.volume import SubjectKind

HOUR = timedelta(hours=1)
# An article is late when it comes so long after its date, or after a pause of its source.
LATE = timedelta(hours=2)
# A date without a time of day, which is midnight, may be so much older than the article.
A_DAY = timedelta(hours=48)
# Of what its sources usually bring so much must have been within reach for an hour to count.
IN_REACH = 0.5


def counted_at(
    seen_at: datetime, published_at: datetime | None, *, before: datetime | None, interval: float | None
) -> datetime | None:
    """The moment at which an article counts; None where nobody can tell, and it counts nowhere.

    What comes in time counts when it is seen, whatever date it bears. What comes late – the source was not read for
    a while, or it lists old articles – counts when it was published, so that it makes no hour look busy that was
    not. ``before`` is the last good poll before the one that brought it, ``interval`` the usual seconds between two.
    """
    paused = before is not None and seen_at - before > pause(interval)
    if published_at is None or published_at > seen_at:
        return None if paused else seen_at
    age = seen_at - published_at
    if not _has_time(published_at) and age < A_DAY:
        return None if paused else seen_at
    return published_at if age > LATE else seen_at


def pause(interval: float | None) -> timedelta:
    """The longest time between two good polls of a source in which it was still being read."""
    return max(LATE, 2 * timedelta(seconds=interval or 0.0))


def _has_time(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second) != (0, 0, 0)


def in_reach(begin: datetime, hours: int, answered: Collection[datetime], interval: float | None) -> list[bool]:
    """Of so many hours from ``begin``, in which a source was read: it answered in them, or soon before and after.

    ``answered`` are hours. Before the first and after the last nothing is known.
    """
    longest = pause(interval) // HOUR
    places = sorted((hour - begin) // HOUR for hour in answered)
    found = [False] * hours
    for place, following in zip(places, [*places[1:], *places[-1:]], strict=True):
        last = following if following - place <= longest else place
        for hour in range(max(0, place), min(hours - 1, last) + 1):
            found[hour] = True
    return found


def watched(weights: Iterable[tuple[float, list[bool]]], hours: int) -> tuple[bool, ...]:
    """The hours in which most of what the sources usually bring was within reach, each with its weight."""
    sums, whole = [0.0] * hours, 0.0
    for weight, reached in weights:
        whole += weight
        sums = [had + weight * one for had, one in zip(sums, reached, strict=True)]
    return tuple(bool(whole) and had >= IN_REACH * whole for had in sums)


def subjects(ruleset: RuleSet) -> dict[tuple[SubjectKind, str], Subject]:
    """Everything that is counted: themes and entities that rules name, and the rules."""
    rules: dict[tuple[SubjectKind, str], list[str]] = {}
    for rule in ruleset.rules.values():
        if rule.theme:
            rules.setdefault(("theme", rule.theme), []).append(rule.id)
        for entity in dict.fromkeys(term.entity for term in terms_of(rule.expr, positive=True) if term.entity):
            rules.setdefault(("entity", entity), []).append(rule.id)
        rules.setdefault(("rule", rule.id), []).append(rule.id)
    return {
        (kind, id_): Subject(kind=kind, id=id_, title=_title(kind, id_, ruleset), rules=tuple(ids))
        for (kind, id_), ids in rules.items()
    }


def _title(kind: SubjectKind, id_: str, ruleset: RuleSet) -> str:
    if kind == "theme":
        return theme_title(id_)
    if kind == "entity":
        return ruleset.entities[id_].name if id_ in ruleset.entities else id_
    return ruleset.rules[id_].title


def themes(ruleset: RuleSet) -> Mapping[str, str]:
    """The theme of each rule that has one."""
    return {rule.id: rule.theme for rule in ruleset.rules.values() if rule.theme}
