"""What an edited rule would do to the archive: replayed, nothing stored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .match import Matcher
from .reload import rebuilt
from .store import articles
from .store import rules as stored_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

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
    change: Literal["new", "changed", "removed"]
    archived: int
    hits: int
    gained: int
    lost: int


def impact(store: Store, live: Live, *, on_article: Callable[[], None] = lambda: None) -> tuple[Impact, ...]:
    """The effect of every rule that differs from its active version, over the newest SAMPLE archived articles.

    ``on_article`` is called for each of them.
    """
    now = live.ruleset.rules
    with store.read() as tx:
        active = stored_rules.active(tx)
        edited = {id_ for id_, rule in now.items() if id_ not in active or active[id_][0] != rule.hash}
        # A rule at fault is not gone: its last good version stays in force.
        gone = active.keys() - now.keys() if not live.faults else set()
        if not edited | gone:
            return ()
        stored = {id_: rebuilt(active[id_][1]) for id_ in (edited | gone) & active.keys()}
        before = {id_: rule for id_, rule in stored.items() if rule is not None}
        after = {id_: now[id_] for id_ in edited}
        archive = _told(articles.archive(tx, limit=SAMPLE), on_article)
        return _replay(after, before, archive)


def _told(archive: Iterator[Archived], on_article: Callable[[], None]) -> Iterator[Archived]:
    for stored in archive:
        on_article()
        yield stored


def _replay(after: Mapping[str, Rule], before: Mapping[str, Rule], archive: Iterator[Archived]) -> tuple[Impact, ...]:
    new, old = Matcher(after.values()), Matcher(before.values())
    archived = 0
    hits: Counter[str] = Counter()
    gained: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for stored in archive:
        archived += 1
        now, then = set(new.matching(stored.article)), set(old.matching(stored.article))
        hits.update(now)
        gained.update(now - then)
        lost.update(then - now)
    return tuple(
        Impact(
            rule=id_,
            change="removed" if id_ not in after else "changed" if id_ in before else "new",
            archived=archived,
            hits=hits[id_],
            gained=gained[id_],
            lost=lost[id_],
        )
        for id_ in dict.fromkeys((*after, *sorted(before)))
    )
