"""What the rules cost and what an edited one would do: the archive replayed once, nothing stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from .errors import Fault
from .match import Matcher
from .model.words import plural
from .reload import learnt, rebuilt
from .rules import anchor, by_length, distinct, typed
from .store import articles
from .store import rules as stored_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .desk import Live
    from .match import Frequencies
    from .model import Rule, RuleSet
    from .store import Store
    from .store.records import Archived

# Enough to judge a rule by, read in a few seconds; the newest articles say most about tomorrow's.
SAMPLE = 20_000

# A tenth of all news is no longer a choice of news; of fewer articles the share says little.
STORM_SHARE = 0.1
STORM_SAMPLE = 200
# An article that so many rules match says nothing of any two of them, and has hundreds of pairs.
MANY_RULES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """One edited rule against ``archived`` articles: how many it hits, gains and loses against the version in use."""

    rule: str
    change: Literal["new", "changed", "removed"]
    archived: int
    hits: int
    gained: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a rule costs: one of the terms of its ``anchor`` must occur for it to be looked at, none if empty.

    ``wildcards`` and ``regexes`` are distinct terms; ``hits`` the articles that it matches, of ``archived``.
    """

    rule: str
    anchor: tuple[str, ...]
    wildcards: int
    regexes: int
    archived: int = 0
    hits: int = 0

    @property
    def per_1000(self) -> float | None:
        """Articles matched of a thousand; None without an archive."""
        return 1000 * self.hits / self.archived if self.archived else None

    @property
    def storm(self) -> bool:
        """Whether the rule matches so much that nobody will read it."""
        return self.archived >= STORM_SAMPLE and self.hits >= STORM_SHARE * self.archived


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """All rules, those that match most first, and the effect of those that differ from their active version.

    ``silent`` rules match no archived article and never did; ``together`` counts the articles that two rules share.
    """

    costs: tuple[Cost, ...]
    impacts: tuple[Impact, ...]
    silent: tuple[str, ...] = ()
    together: Mapping[tuple[str, str], int] = field(default_factory=dict)


def costs(ruleset: RuleSet, frequency: Frequencies | None = None) -> tuple[Cost, ...]:
    """What can be said of the rules before the archive is replayed; ``frequency`` is what chooses their anchors."""
    return tuple(_cost(rule, frequency) for _, rule in sorted(ruleset.rules.items()))


def survey(store: Store, live: Live, *, on_article: Callable[[], None] = lambda: None) -> Survey:
    """The rules over the newest SAMPLE archived articles; ``on_article`` is called for each of them."""
    now = live.ruleset.rules
    frequency = learnt(store)
    with store.read() as tx:
        active = stored_rules.active(tx)
        edited = {id_ for id_, rule in now.items() if id_ not in active or active[id_][0] != rule.hash}
        # A rule at fault is not gone: its last good version stays in force.
        gone = active.keys() - now.keys() if not live.faults else set()
        stored = {id_: rebuilt(active[id_][1]) for id_ in (edited | gone) & active.keys()}
        before = {id_: rule for id_, rule in stored.items() if rule is not None}
        replayed = _replay(live.matcher, before, _told(articles.archive(tx, limit=SAMPLE), on_article))
        never = [id_ for id_ in sorted(now) if not replayed.hits[id_]]
        silent = [id_ for id_ in never if not stored_rules.has_matched(tx, id_)]
    measured = (
        replace(cost, archived=replayed.archived, hits=replayed.hits[cost.rule])
        for cost in costs(live.ruleset, frequency)
    )
    return Survey(
        costs=tuple(sorted(measured, key=lambda cost: -cost.hits)),
        impacts=tuple(
            _impact(id_, edited, before, replayed) for id_ in dict.fromkeys((*sorted(edited), *sorted(before)))
        ),
        silent=tuple(silent),
        together=replayed.together,
    )


def storms(found: Iterable[Cost], ruleset: RuleSet) -> tuple[Fault, ...]:
    """A warning for each rule that matches too much of the archive."""
    return tuple(_storm(cost, ruleset.rules[cost.rule]) for cost in found if cost.storm)


def _storm(cost: Cost, rule: Rule) -> Fault:
    share = f"{100 * cost.hits / cost.archived:.0f} %"
    return Fault(
        file=rule.file,
        line=rule.line,
        column=1,
        subject=f"rule {rule.id}",
        message=f"rule {rule.id}: matches {share} of the archive ({cost.hits:,} of {plural(cost.archived, 'article')})",
        remedy="ask for more: a second term in all, a longer phrase, title only",
    )


def _cost(rule: Rule, frequency: Frequencies | None) -> Cost:
    kinds = Counter(term.kind for term in distinct(rule))
    return Cost(
        rule=rule.id,
        anchor=tuple(typed(term) for term in anchor(rule.expr, frequency or by_length) or ()),
        wildcards=kinds["wildcard"],
        regexes=kinds["regex"],
    )


@dataclass(slots=True)
class _Replayed:
    archived: int
    hits: Counter[str]
    gained: Counter[str]
    lost: Counter[str]
    together: Counter[tuple[str, str]]


def _told(archive: Iterator[Archived], on_article: Callable[[], None]) -> Iterator[Archived]:
    for stored in archive:
        on_article()
        yield stored


def _replay(new: Matcher, before: Mapping[str, Rule], archive: Iterator[Archived]) -> _Replayed:
    """Every article matched with the rules as they are, and with those versions in use that differ."""
    old = Matcher(before.values())
    found = _Replayed(0, Counter(), Counter(), Counter(), Counter())
    for stored in archive:
        found.archived += 1
        now, then = set(new.matching(stored.article)), set(old.matching(stored.article))
        found.hits.update(now)
        found.gained.update(now - then)
        found.lost.update(then - now)
        if len(now) <= MANY_RULES:
            found.together.update(combinations(sorted(now), 2))
    return found


def _impact(id_: str, edited: set[str], before: Mapping[str, Rule], found: _Replayed) -> Impact:
    return Impact(
        rule=id_,
        change="removed" if id_ not in edited else "changed" if id_ in before else "new",
        archived=found.archived,
        hits=found.hits[id_],
        gained=found.gained[id_],
        lost=found.lost[id_],
    )
