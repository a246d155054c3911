"""What an edited rule would do to the archive: replayed, nothing stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .match import Matcher
from .rules import rebuild
from .store import articles
from .store import rules as stored_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .desk import Live
    from .model import Rule
    from .store import Store
    from .store.records import Archived

# Enough to judge a rule by, read in a few seconds; the newest articles say most about tomorrow's.
SAMPLE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """One edited rule against ``archived`` articles: how many it hits, gains and loses against the version in use."""

    rule: str
    change: Literal["new", "changed"]
    archived: int
    hits: int
    gained: int
    lost: int


def impact(store: Store, live: Live) -> tuple[Impact, ...]:
    """The effect of every rule that differs from its active version, over the newest SAMPLE archived articles."""
    with store.read() as tx:
        active = stored_rules.active(tx)
        edited = [r for r in live.ruleset.rules.values() if r.id not in active or active[r.id][0] != r.hash]
        if not edited:
            return ()
        before = {rule.id: rebuild(active[rule.id][1]) for rule in edited if rule.id in active}
        return _replay(edited, before, articles.archive(tx, limit=SAMPLE))


def _replay(edited: list[Rule], before: dict[str, Rule], archive: Iterator[Archived]) -> tuple[Impact, ...]:
    new, old = Matcher(edited), Matcher(before.values())
    archived = 0
    hits: Counter[str] = Counter()
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for stored in archive:
        archived += 1
        now = {mention.rule for mention in new.match(stored.article)}
        then = {mention.rule for mention in old.match(stored.article)}
        hits.update(now)
        gained.update(now - then)
        lost.update(then - now)
    return tuple(
        Impact(
            rule=rule.id,
            change="changed" if rule.id in before else "new",
            archived=archived,
            hits=hits[rule.id],
            gained=gained[rule.id],
            lost=lost[rule.id],
        )
        for rule in edited
    )
