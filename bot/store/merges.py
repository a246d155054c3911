"""Which stories became one, in the order in which they did: what a story was then can be told afterwards."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import tables as t
from .prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from .store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """``story`` became a part of ``into``; ``at`` None: nobody wrote down when."""

    id: int
    story: int
    into: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Merges:
    """All merges that matter to somebody, asked as of one of them."""

    merges: Sequence[Merge]
    _gone: dict[int, Merge] = field(default_factory=dict)
    _came: dict[int, list[Merge]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        """Make them findable from both sides; a story is merged once."""
        for merge in self.merges:
            self._gone[merge.story] = merge
            self._came[merge.into].append(merge)

    def standing(self, story: int, upto: int) -> int:
        """The story that this one counted for after the merge ``upto``."""
        while (merge := self._gone.get(story)) is not None and merge.id <= upto:
            story = merge.into
        return story

    def family(self, story: int, upto: int) -> tuple[int, ...]:
        """The story, or what it had been merged into, and all that had been merged into that; rising."""
        found, asked = set[int](), [self.standing(story, upto)]
        while asked:
            one = asked.pop()
            found.add(one)
            asked += [merge.story for merge in self._came.get(one, ()) if merge.id <= upto and merge.story not in found]
        return tuple(sorted(found))


def add(tx: Tx, story: int, into: int, at: datetime) -> None:
    """Write down that ``story`` is a part of ``into`` from now on."""
    tx.run(_add(), {"story": story, "into": into, "at": at})


@prepared
def _add() -> sa.Insert:
    return sa.insert(t.story_merge)


def newest(tx: Tx) -> int:
    """The last merge that was written down; 0 before there is any."""
    return int(tx.value(_newest()))


@prepared
def _newest() -> sa.Select[Any]:
    return sa.select(sa.func.coalesce(sa.func.max(t.story_merge.c.id), 0))


def every(tx: Tx) -> Merges:
    """All of them."""
    return Merges([Merge(**row) for row in tx.rows(_merges())])


def around(tx: Tx, stories: Iterable[int]) -> Merges:
    """Those by which these stories came to what they are, and all that belong to that."""
    found: dict[int, Merge] = {}
    asked, seen = set(stories), set[int]()
    columns = t.story_merge.c
    while asked:
        seen |= asked
        some = sa.or_(columns.story.in_(sorted(asked)), columns.into.in_(sorted(asked)))
        new = [Merge(**row) for row in tx.rows(_merges().where(some))]
        found |= {merge.id: merge for merge in new}
        asked = {story for merge in new for story in (merge.story, merge.into)} - seen
    return Merges([found[id_] for id_ in sorted(found)])


def until(merges: Merges, at: datetime) -> int:
    """The last merge of a moment; of what was merged before anybody wrote it down nobody knows when, so it counts."""
    return max((merge.id for merge in merges.merges if merge.at is None or merge.at <= at), default=0)


@cache
def _merges() -> sa.Select[Any]:
    columns = t.story_merge.c
    return sa.select(columns.id, columns.story, columns.into, columns.at).order_by(columns.id)
