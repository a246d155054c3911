"""What an edit of the rules would have brought: the archive replayed once with both versions, nothing stored.

Every article is read and scanned once for the rules as they stand and, beside them, for the earlier versions of those
that differ. Unchanged rules take part, because only with them it is known whom a story would have been told anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from .alerts.routes import routed
from .reload import rebuilt
from .store import rules as stored_rules
from .store import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from .match import Matcher
    from .model import Destination, Route, Rule
    from .store import Tx
    from .store.texts import StoredText

    Kind = Literal["new", "changed", "removed", "same"]
    Side = Literal["before", "after"]

EARLIER = "before:"
"""Begins the id of an earlier version: no id that people write has a colon."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """The rules ``before`` and ``after`` an edit; ``matcher`` is of those after it. ``rules`` are looked at."""

    before: Mapping[str, Rule]
    after: Mapping[str, Rule]
    matcher: Matcher
    rules: tuple[str, ...]

    def kind(self, id_: str) -> Kind:
        """What became of a rule."""
        if id_ not in self.before:
            return "new"
        if id_ not in self.after:
            return "removed"
        return "same" if self.before[id_].hash == self.after[id_].hash else "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who is told: destinations and routes as they are configured. Sources that are ``silent`` alert nobody."""

    destinations: Sequence[Destination]
    routes: Sequence[Route]
    silent: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEffect:
    """One rule before and after: the articles and stories it matches.

    ``gained`` and ``lost`` are the stories that only one of the versions matches, newest first; of each the newest
    article that was matched.
    """

    rule: str
    kind: Kind
    articles_before: int
    articles: int
    stories_before: int
    stories: int
    gained: tuple[int, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Stories a day that a destination would have been told of."""

    destination: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """The effects on ``articles`` archived ones, largest first, and on the destinations that the rules go to.

    ``removed`` more articles could not be read: their texts are no longer kept. The flows are an average of ``days``,
    those of the time asked for in which there was an archive; ``first_polls`` of the articles do not count for them.
    """

    articles: int
    removed: int
    first_polls: int
    days: float
    rules: tuple[RuleEffect, ...]
    flows: tuple[Flow, ...]


def in_use(tx: Tx, now: Mapping[str, Rule]) -> dict[str, Rule]:
    """The rules that the bot last used; those that are the same in ``now`` are taken from it."""
    found: dict[str, Rule] = {}
    for id_, (hash_, definition) in stored_rules.active(tx).items():
        rule = now[id_] if id_ in now and now[id_].hash == hash_ else rebuilt(definition)
        if rule is not None:
            found[id_] = rule
    return found


def edit(before: Mapping[str, Rule], after: Mapping[str, Rule], matcher: Matcher, named: Sequence[str] = ()) -> Edit:
    """The edit of the rules named, as if no other had been touched; without names of all that differ."""
    whole = Edit(before=before, after=after, matcher=matcher, rules=())
    if not named:
        differ = (id_ for id_ in sorted({*before, *after}) if whole.kind(id_) != "same")
        return replace(whole, rules=tuple(differ))
    others = {id_: rule for id_, rule in after.items() if id_ not in named}
    return replace(whole, before={**others, **{id_: before[id_] for id_ in named if id_ in before}}, rules=tuple(named))


def backtest(
    tx: Tx, change: Edit, readers: Readers, begin: datetime, now: datetime, *, on_article: Callable[[], None]
) -> Backtest:
    """The edit over the archive since ``begin``, which is not read if no rule is looked at.

    ``on_article`` is called for each article.
    """
    uses = _uses(change, readers)
    earlier = [
        replace(change.before[id_], id=EARLIER + id_)
        for id_ in change.before
        if change.kind(id_) in ("changed", "removed")
    ]
    matcher = change.matcher.updated([*change.after.values(), *earlier])
    found = _Found(silent=frozenset(readers.silent))
    for text in texts.since(tx, begin) if change.rules else ():
        on_article()
        found.add(text, [uses[id_] for id_ in _matching(matcher, text)])
    first = texts.first_seen(tx) or now
    days = max(1.0, (now - max(begin, first)) / DAY)
    effects = (found.effect(id_, change.kind(id_)) for id_ in change.rules)
    named = {id_: None for use in uses.values() if use.rule in change.rules for id_ in use.destinations}
    return Backtest(
        articles=found.articles,
        removed=found.removed,
        first_polls=found.first_polls,
        days=days,
        rules=tuple(sorted(effects, key=lambda each: (-len(each.gained) - len(each.lost), each.rule))),
        flows=tuple(found.flow(id_, days) for id_ in named),
    )


def _matching(matcher: Matcher, text: StoredText) -> Sequence[str]:
    """The rules that were in force on that day; what was taken away cannot be matched."""
    return () if text.removed else matcher.matching(text.article, text.order_at.date())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Use:
    """A version of a rule: on which sides of the edit it is in force, and who hears of it."""

    rule: str
    sides: tuple[Side, ...]
    destinations: tuple[str, ...]


def _uses(change: Edit, readers: Readers) -> dict[str, _Use]:
    """Every version by the id under which it is matched."""

    def use(rule: Rule, *sides: Side) -> _Use:
        return _Use(rule=rule.id, sides=sides, destinations=routed(rule, readers.destinations, readers.routes))

    found = {
        id_: use(rule, "before", "after") if change.kind(id_) == "same" else use(rule, "after")
        for id_, rule in change.after.items()
    }
    earlier = {EARLIER + id_: use(rule, "before") for id_, rule in change.before.items() if change.kind(id_) != "same"}
    return {**found, **earlier}


@dataclass(slots=True, kw_only=True)
class _Matched:
    """What a rule matched on one side: articles, and of each story the newest of them."""

    articles: int = 0
    stories: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Found:
    """What is counted on the way through the archive, which goes from the newest article to the oldest."""

    silent: frozenset[str]
    articles: int = 0
    removed: int = 0
    first_polls: int = 0
    matched: dict[tuple[str, Side], _Matched] = field(default_factory=dict)
    told: dict[tuple[str, Side], set[int]] = field(default_factory=dict)

    def add(self, text: StoredText, uses: Sequence[_Use]) -> None:
        """Count an article and the rules that match it."""
        self.articles += not text.removed
        self.removed += text.removed
        self.first_polls += text.first_poll and not text.removed
        for use, side in _sides(uses):
            matched = self.matched.setdefault((use.rule, side), _Matched())
            matched.articles += 1
            matched.stories.setdefault(text.story, text.id)
            if not text.first_poll and text.article.source not in self.silent:
                for destination in use.destinations:
                    self.told.setdefault((destination, side), set()).add(text.story)

    def effect(self, rule: str, kind: Kind) -> RuleEffect:
        """What was counted for a rule."""
        before = self.matched.get((rule, "before"), _Matched())
        after = self.matched.get((rule, "after"), _Matched())
        return RuleEffect(
            rule=rule,
            kind=kind,
            articles_before=before.articles,
            articles=after.articles,
            stories_before=len(before.stories),
            stories=len(after.stories),
            gained=tuple(article for story, article in after.stories.items() if story not in before.stories),
            lost=tuple(article for story, article in before.stories.items() if story not in after.stories),
        )

    def flow(self, destination: str, days: float) -> Flow:
        """What a destination would have been told of a day."""
        before, after = (len(self.told.get((destination, side), ())) / days for side in ("before", "after"))
        return Flow(destination=destination, before=before, after=after)


def _sides(uses: Sequence[_Use]) -> Iterator[tuple[_Use, Side]]:
    return ((use, side) for use in uses for side in use.sides)
