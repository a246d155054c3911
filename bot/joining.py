"""Does a feed's poll join the last one, so that nothing can be missing between them? Asked inside its transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .ingest import overlap
from .ingest.apart import told_apart
from .remembered import Outdated
from .store import articles, shown
from .store.records import Shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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


def recognise(
    tx: Tx, source: str, came: Sequence[Article], listed: Listed | None = None
) -> tuple[list[Article], dict[str, Known]]:
    """The articles of a poll and what is known of them, by key; one under a guid that was another's has its own key.

    Raises Outdated for such a one if ``listed``: its own key depends on those of the items that were not read.
    """
    known = articles.known(tx, source, came)
    apart = told_apart(came, known)
    if apart == list(came):
        return apart, known
    if listed is not None:
        raise Outdated
    return apart, articles.known(tx, source, apart)


def join(
    tx: Tx,
    state: SourceState,
    came: Sequence[Article],
    known: Mapping[str, Known],
    *,
    joined: bool = False,
    listed: Listed | None = None,
) -> Joint:
    """Hold what a feed shows now against what it showed last, and remember it for the next poll.

    ``state`` is the source as it was before, what ``came`` is in the feed's order, ``known`` says which of them it
    has brought before (by their key). Asked inside the transaction: another process may have polled meanwhile. A feed
    of which items are known is not new, whatever its address is now. ``joined``: only a part of the source was read,
    because the rest is as it was, which is proof enough. ``listed``: what came is only a part of what the feed shows,
    the others are known.
    """
    names = [(overlap.short(article.key), article.key not in known) for article in came]
    if listed is not None:
        names = listed.among(names)
    any_known = bool(known) or listed is not None
    before = _renamed(tx, state.id, shown.get(tx, state.id), known)
    if any(new for _, new in names):
        joint = Joint() if joined else _joint(state, before, names, any_known)
        kept = [name for name in before.items if name not in dict(names)] if joined and before is not None else []
        _remember(tx, state.id, before, [name for name, _ in names] + kept)
        return joint
    if before is not None:
        _note_empty(tx, state, before, [name for name, _ in names])
    return Joint(first=state.baseline_at is None and not any_known)


def _renamed(tx: Tx, source: str, before: Shown | None, known: Mapping[str, Known]) -> Shown | None:
    """What it showed, items whose id has changed under their names of now: so the stored articles are named, too."""
    changed = {overlap.short(item.key): overlap.short(key) for key, item in known.items() if item.key != key}
    if before is None or not changed.keys() & before.items.keys():
        return before
    after = replace(before, items={changed.get(name, name): since for name, since in before.items.items()})
    shown.put(tx, source, after)
    return after


def _joint(state: SourceState, before: Shown | None, now: Sequence[tuple[str, bool]], any_known: bool) -> Joint:
    if state.baseline_at is None:  # the first poll of this address: what another one showed says nothing of it
        return Joint(first=not any_known)
    if before is None:
        # An older version wrote down what was stored, not what was shown; a feed that was always empty lacks nothing.
        return Joint(gap_from=None if any_known or not state.articles else state.last_ok_at)
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
