"""Does a feed's poll join the last one, so that nothing can be missing between them? Asked inside its transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .ingest import overlap
from .ingest.apart import told_apart
from .remembered import Outdated
from .store import articles, shown, sources
from .store.records import Shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from .model import Article
    from .remembered import Listed
    from .store import Tx
    from .store.records import Known, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """How a poll joins the last one.

    ``first``: there is none. ``overlap`` counts the items that prove it, None where nothing had to be proven.
    ``gap_from``: without proof, when the feed was last seen with what it showed before.
    """

    first: bool = False
    overlap: int | None = None
    gap_from: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """The articles of a poll and what is ``known`` of them, by key.

    One under a guid that was another's has a key of its own.

    ``open`` are the keys of those that are known from parts of a poll that is not at its end: this one's, or one's that
    was killed. For the poll as a whole they are new.
    """

    articles: Sequence[Article]
    known: Mapping[str, Known]
    open: frozenset[str] = frozenset()

    @property
    def before(self) -> dict[str, Known]:
        """What was known before the poll."""
        return {key: known for key, known in self.known.items() if key not in self.open}

    def is_costly(self, key: str, content_hash: str) -> bool:
        """Whether the article under this key has to be written."""
        known = self.known.get(key)
        return known is None or known.content_hash != content_hash


def recognise(
    tx: Tx,
    state: SourceState | None,
    source: str,
    came: Sequence[Article],
    listed: Listed | None = None,
    *,
    others: Collection[str] = (),
) -> Recognised:
    """Which articles of a poll are known. ``state`` is the source's now, ``others`` the poll's keys beside ``came``.

    Raises Outdated for one that needs a key of its own if ``listed``: it depends on those of the items that were not
    read.
    """
    known = articles.known(tx, source, came)
    apart = told_apart(came, known, others)
    if apart != list(came):
        if listed is not None:
            raise Outdated
        known = articles.known(tx, source, apart)
    return _recognised(tx, state, apart, known, others)


def _recognised(
    tx: Tx, state: SourceState | None, came: list[Article], known: dict[str, Known], others: Collection[str]
) -> Recognised:
    """An article that has the words of one from another part of its poll is as new as if they had come together."""
    last = state.last_ok_at if state is not None else None
    late = {
        key: item.first_seen
        for key, item in known.items()
        if item.first_seen is not None and (last is None or item.first_seen > last)
    }
    begun = sources.unfinished(tx, state.id) if late and state is not None else set()
    left = frozenset(key for key, seen in late.items() if seen in begun)
    if not left:
        return Recognised(articles=came, known=known)
    own = {*others, *(article.key for article in came)}
    twins = {key for key in left if known[key].key != key and known[key].key in own}
    return Recognised(
        articles=came,
        known={key: item for key, item in known.items() if key not in twins},
        open=left - twins,
    )


def join(
    tx: Tx,
    state: SourceState,
    seen: Recognised,
    *,
    joined: bool = False,
    listed: Listed | None = None,
) -> Joint:
    """Hold what a feed shows now against what it showed last, and remember it for the next poll.

    ``state`` is the source as it was before, what was ``seen`` is in the feed's order. Asked inside the transaction:
    another process may have polled meanwhile. A feed of which items are known is not new, whatever its address is now.
    ``joined``: only a part of the source was read, because the rest is as it was, which is proof enough. ``listed``:
    what came is only a part of what the feed shows, the others are known.
    """
    known = seen.before
    names = [(overlap.short(article.key), article.key not in known) for article in seen.articles]
    if listed is not None:
        names = listed.among(names)
    any_known = bool(known) or listed is not None
    before = rename(tx, state.id, seen.known)
    if any(new for _, new in names):
        joint = Joint() if joined else _joint(state, before, names, any_known, left=len(seen.open))
        kept = [name for name in before.items if name not in dict(names)] if joined and before is not None else []
        _remember(tx, state.id, before, [name for name, _ in names] + kept)
        return joint
    if before is not None:
        _note_empty(tx, state, before, [name for name, _ in names])
    return Joint(first=state.baseline_at is None and not any_known)


def rename(tx: Tx, source: str, known: Mapping[str, Known]) -> Shown | None:
    """What it showed, items whose id has changed under their names of now: so the stored articles are named, too."""
    before = shown.get(tx, source)
    changed = {overlap.short(item.key): overlap.short(key) for key, item in known.items() if item.key != key}
    if before is None or not changed.keys() & before.items.keys():
        return before
    after = replace(before, items={changed.get(name, name): since for name, since in before.items.items()})
    shown.put(tx, source, after)
    return after


def _joint(
    state: SourceState, before: Shown | None, now: Sequence[tuple[str, bool]], any_known: bool, *, left: int
) -> Joint:
    """``left`` of the source's articles are of this poll, or of one that it repeats."""
    if state.baseline_at is None:  # the first poll of this address: what another one showed says nothing of it
        return Joint(first=not any_known)
    if before is None:
        # An older version wrote down what was stored, not what was shown; a feed that was always empty lacks nothing.
        return Joint(gap_from=None if any_known or state.articles <= left else state.last_ok_at)
    found = overlap.witnesses(before.items, now, ordered=state.kind == "feed")
    if found or _fills_up(before, len(now)):
        return Joint(overlap=found)
    return Joint(overlap=0, gap_from=before.last_at or state.last_ok_at)


def _fills_up(before: Shown, number: int) -> bool:
    """Whether the feed was empty and has not grown to its full length yet: then nothing was pushed out of it."""
    return before.last_at is not None and number < before.most


def _remember(tx: Tx, source: str, before: Shown | None, names: Sequence[str]) -> None:
    number = before.number + 1 if before is not None else 1
    items = overlap.remembered(before.items if before is not None else {}, names, number)
    most = max(len(names), before.most if before is not None else 0)
    shown.put(tx, source, Shown(items=items, number=number, most=most))


def _note_empty(tx: Tx, state: SourceState, before: Shown, names: Sequence[str]) -> None:
    """A feed that lists nothing may be drained or broken: what it showed before is kept for the next poll."""
    if not names and before.last_at is None:
        shown.set_last(tx, state.id, state.last_ok_at)
    elif before.last_at is not None and any(name in before.items for name in names):
        shown.set_last(tx, state.id, None)
