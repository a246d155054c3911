"""Days to come, each once: what several articles of one story say of one day is one entry."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from bot.model import SEVERITIES, TIERS, DigestDeadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.model import DatedArticle, Rule

# Names a day for ever: calendars know by it that they have the entry already.
UID_SPACE = uuid.UUID("6f1c1d0e-2c52-5c0a-9a53-7d0f8a1f6b0d")


def coming(
    dated: Iterable[DatedArticle], rules: Mapping[str, Rule], wanted: Callable[[str], bool]
) -> tuple[DigestDeadline, ...]:
    """The days that ``wanted`` rules brought, the soonest first, on one day the most severe.

    ``rules`` are those in force, by id.
    """
    groups: dict[tuple[object, ...], list[DatedArticle]] = {}
    for one in dated:
        if any(wanted(rule) for rule in one.rules):
            groups.setdefault((one.story, one.deadline.kind, one.deadline.day), []).append(one)
    found = [_entry(group, rules, wanted) for group in groups.values()]
    return tuple(sorted(found, key=lambda one: (one.day, -SEVERITIES.index(one.severity), one.article)))


def _entry(group: Sequence[DatedArticle], rules: Mapping[str, Rule], wanted: Callable[[str], bool]) -> DigestDeadline:
    first = min(group, key=lambda one: one.article)
    best = min(group, key=lambda one: (bool(one.deadline.derived), TIERS.index(one.tier), one.article))
    ids = tuple(sorted({rule for one in group for rule in one.rules if wanted(rule)}))
    known = [rules[id_] for id_ in ids if id_ in rules]
    deadline = best.deadline
    return DigestDeadline(
        kind=deadline.kind,
        day=deadline.day,
        headline=best.title,
        url=best.url or best.canonical_url,
        source=best.outlet or best.source_name,
        sentence=deadline.sentence,
        derived=deadline.derived,
        severity=max((rule.severity for rule in known), key=SEVERITIES.index, default="normal"),
        rules=ids,
        themes=tuple(sorted({rule.theme for rule in known if rule.theme})),
        article=best.article,
        story=best.story,
        uid=_uid(first),
    )


def _uid(one: DatedArticle) -> str:
    """By the article that told of the day first: later ones, and another database, give the same."""
    name = one.canonical_url or f"{one.source} {one.key}"
    return f"{uuid.uuid5(UID_SPACE, f'{name} {one.deadline.kind} {one.deadline.day}')}@presswatch"
