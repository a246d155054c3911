"""What the articles of the last days are told apart by, who is near a new one, and stories that turn out to be one.

Keys and traits are kept for the window of events only, so that a look-up costs the same however large the archive is.
A key has one list for each three days, of the articles that were seen in them: to read a list takes hardly longer than
to read the row of one article, and a list is forgotten as a whole.
"""

from __future__ import annotations

import json
import struct
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Glance, Neighbour, Traits

from . import merges
from . import tables as t
from .dialect import among, insert
from .prepared import at_once, prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .store import Tx

COMMON = 400  # articles of the window that have a key: then it says nothing, and is not asked
PERIOD = 3  # days of one list; as long as the window, so that a key has two lists at most
KEPT = 1_500  # articles whose traits are kept as they were read, some 20 kB each
_PLAIN = ("publisher", "official", "gathers", "dated", "title")
_BETWEEN = "|"  # stands in no word, figure or number, and needs no escape in JSON
_SIZE = struct.calcsize("<I")  # bytes of an article's number in a list
_KEYS = 40  # that an article has, more or less
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE = 1 << 40  # what a key tells that one article has
_OTHERS = ("figures", "numbers", "quotes", "references")  # than words, at which a glance is taken
_SETS = tuple(field.name for field in fields(Traits) if field.name not in _PLAIN)


def neighbours(
    tx: Tx,
    keys: Sequence[int],
    since: datetime,
    *,
    least: int,
    limit: int = 16,
    near: Callable[[Glance], bool] = lambda _: True,
) -> list[Neighbour]:
    """Articles seen at or after ``since`` that share at least ``least`` keys, those that share the most telling first.

    A key tells the more the fewer have it. Of articles that share as much, the newest comes first. Their stories are
    named by the ones they were merged into. Of the ``limit`` first those that are not ``near`` are left out; it is
    asked with a glance at their traits, most of which are then not read.
    """
    ranked = _ranked(tx, keys, least, since)
    found: list[Neighbour] = []
    seen = 0  # articles of the window; what is older is taken out by and by, so that there are few others
    while ranked and seen < limit:
        asked, ranked = ranked[:limit], ranked[limit:]
        rows = {row["article"]: row for row in tx.rows(_told(tx.dialect), {"articles": asked, "since": since})}
        inside = [rows[article] for article in asked if article in rows][: limit - seen]
        seen += len(inside)
        for row in inside:
            held = _held(row["traits"])
            if near(held.glance):
                found.append(Neighbour(article=row["article"], story=row["story"], at=row["at"], traits=held.traits))
    return found


class _Held:
    """Traits as the table holds them, read as far as they are asked for."""

    def __init__(self, row: dict[str, Any]) -> None:
        self._row = row
        self.glance = _glance(row)

    @cached_property
    def traits(self) -> Traits:
        """All of them."""
        return _traits(self._row)


@lru_cache(maxsize=KEPT)
def _held(text: str) -> _Held:
    """What a text says is the same for ever, so it is read once: the articles of an event are neighbours many times."""
    return _Held(json.loads(text))


def _ranked(tx: Tx, keys: Sequence[int], least: int, since: datetime) -> list[int]:
    """The articles that share so many keys, those that share the most telling first, of equals the newest."""
    held = list(_holders(tx, keys, since)) if keys else []
    shared = Counter(chain.from_iterable(held))
    tells = {article: 0 for article, number in shared.items() if number >= least}
    near = frozenset(tells)
    for holders in held:
        # Whole numbers, so that a sum does not depend on the order of what is added.
        share = _ONE // len(holders)
        for article in near.intersection(holders):
            tells[article] += share
    return [article for _, article in sorted(zip(tells.values(), tells, strict=True), reverse=True)]


def _holders(tx: Tx, keys: Sequence[int], since: datetime) -> Iterator[Sequence[int]]:
    """For each key that somebody has, and not too many have, the articles that have it and are not forgotten.

    A list that is full says that too many have it until all of its period is past.
    """
    found: dict[int, list[tuple[int, bytes]]] = {}
    first = 0
    for row in tx.rows(_lists(tx.dialect), {"keys": list(keys), "since": _period(since)}):
        found.setdefault(row["value"], []).append((row["period"], row["articles"]))
        first = row["first"]
    for lists in found.values():
        if max([len(listed) for _, listed in lists]) > COMMON * _SIZE:
            continue
        held: Sequence[int] = _unpacked(b"".join([listed for _, listed in sorted(lists)]))
        if held[0] < first:
            held = [article for article in held if article >= first]
        if 0 < len(held) <= COMMON:
            yield held


def _unpacked(articles: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(articles) // _SIZE}I", articles)


def _period(moment: datetime) -> int:
    return (moment - _EPOCH).days // PERIOD


@prepared
def _lists(dialect: str) -> sa.Select[Any]:
    """The lists of the ``keys`` since a period, each with the first article that is not forgotten."""
    key, told = t.story_key.c, t.story_traits.c
    first = sa.select(sa.func.min(told.article)).scalar_subquery()
    return sa.select(key.value, key.period, key.articles, sa.func.coalesce(first, 0).label("first")).where(
        among(dialect, key.value, "keys"), key.period >= sa.bindparam("since", type_=sa.Integer)
    )


@prepared
def _told(dialect: str) -> sa.Select[Any]:
    """Traits and stories of those of the ``articles`` that were seen in the window."""
    found, article, story = t.story_traits.c, t.article.c, t.story.c
    return (
        sa.select(
            found.article,
            sa.func.coalesce(story.merged_into, story.id).label("story"),
            found.at,
            sa.cast(found.traits, sa.Text).label("traits"),
        )
        .join_from(t.story_traits, t.article, article.id == found.article)
        .join(t.story, story.id == article.story)
        .where(among(dialect, found.article, "articles"), found.seen >= sa.bindparam("since", type_=t.Moment))
    )


def _glance(row: dict[str, Any]) -> Glance:
    names, words = _listed(row.get("names", "")), _listed(row.get("words", ""))
    others = {name: _listed(held) for name in _OTHERS if (held := row.get(name))}
    return Glance(head=names + words, **others)


def _traits(row: dict[str, Any]) -> Traits:
    values: dict[str, Any] = {name: held for name, held in row.items() if name in _PLAIN}
    values |= {name: frozenset(_listed(held)) for name, held in row.items() if name in _SETS}
    return Traits(**values)  # what an older version kept beside these is left out


def _listed(held: str | list[str]) -> list[str]:
    return (held.split(_BETWEEN) if held else []) if isinstance(held, str) else held  # it was a list once


def stored(traits: Traits) -> dict[str, Any]:
    """Traits as the table holds them: a set as one text, which is read in a fraction of a list's time."""
    sets = {name: _BETWEEN.join(sorted(values)) for name in _SETS if (values := getattr(traits, name))}
    return {name: getattr(traits, name) for name in _PLAIN} | sets


def remember(tx: Tx, article: int, traits: Traits, keys: Iterable[int], *, at: datetime, seen: datetime) -> None:
    """Make an article findable by its traits, once; ``at`` is when it was published, else seen."""
    tx.run(_add(tx.dialect), {"article": article, "seen": seen, "at": at, "traits": stored(traits)})
    period, listed = _period(seen), struct.pack("<I", article)
    rows = [{"value": key, "period": period, "articles": listed} for key in dict.fromkeys(keys)]
    tx.run_many(_add_key(tx.dialect), rows)


@prepared
def _add(dialect: str) -> sa.Insert:
    return insert(dialect, t.story_traits)


@prepared
def _add_key(dialect: str) -> sa.Insert:
    """One more article at the end of the period's list; a list that is too long to be asked does not grow."""
    statement, before = insert(dialect, t.story_key), t.story_key.c.articles
    longer = sa.cast(before.concat(statement.excluded.articles), sa.LargeBinary)  # SQLite makes a text of it
    return at_once(
        statement.on_conflict_do_update(
            index_elements=["value", "period"],
            set_={"articles": longer},
            where=sa.func.length(before) <= COMMON * _SIZE,
        )
    )


def forget(tx: Tx, before: datetime, most: int) -> None:
    """Take out what was seen before a time, the oldest first: at once ``most`` articles, and the keys of as many.

    The keys of a period go when all of it is past; until then they name articles that are no neighbours any more.
    """
    tx.run(_forget_traits(), {"before": before, "most": most})
    tx.run(_forget_keys(), {"before": _period(before), "most": _KEYS * most})


@prepared
def _forget_traits() -> sa.Delete:
    told = t.story_traits.c
    past = told.seen < sa.bindparam("before", type_=t.Moment)
    oldest = sa.select(told.article).where(past).order_by(told.seen).limit(sa.bindparam("most", type_=sa.Integer))
    return sa.delete(t.story_traits).where(told.article.in_(oldest))


@prepared
def _forget_keys() -> sa.Delete:
    key = t.story_key.c
    past = (
        sa.select(key.value, key.period)
        .where(key.period < sa.bindparam("before", type_=sa.Integer))
        .order_by(key.period)
    )
    oldest = past.limit(sa.bindparam("most", type_=sa.Integer))
    return sa.delete(t.story_key).where(sa.tuple_(key.value, key.period).in_(oldest))


def merge(tx: Tx, story: int, into: int, reason: str, at: datetime) -> None:
    """Two stories are one: ``story`` stays readable, and everything about it counts for ``into`` from now on.

    What opened it is told as "same story" now. Members that were listed as related are related no longer.
    """
    tx.run(_end(), {"gone": story, "kept": into})
    tx.run(_come_up(), {"gone": story, "kept": into})
    tx.run(_reopen(), {"gone": story, "why": reason})
    tx.run(_unrelate(), {"kept": into})
    merges.add(tx, story, into, at)


_GONE, _KEPT = sa.bindparam("gone", type_=t.ID), sa.bindparam("kept", type_=t.ID)


@prepared
def _end() -> sa.Update:
    story = t.story.c
    return sa.update(t.story).where(sa.or_(story.id == _GONE, story.merged_into == _GONE)).values(merged_into=_KEPT)


@prepared
def _come_up() -> sa.Update:
    story, ended = t.story.c, t.story.alias("ended")
    last = sa.select(ended.c.last_at).where(ended.c.id == _GONE).scalar_subquery()
    return sa.update(t.story).where(story.id == _KEPT, story.last_at < last).values(last_at=last)


@prepared
def _reopen() -> sa.Update:
    member, why = t.story_member.c, sa.bindparam("why", type_=t.Words)
    return (
        sa.update(t.story_member)
        .where(member.story == _GONE, member.kind == "item")
        .values(kind="same story", reason=why)
    )


@prepared
def _unrelate() -> sa.Delete:
    story, member, article = t.story.c, t.story_member.c, t.article.c
    family = sa.select(story.id).where(sa.or_(story.id == _KEPT, story.merged_into == _KEPT))
    # Asked of each member: all articles of the family with all its stories would be their product.
    own = sa.exists().where(article.id == member.article, article.story.in_(family))
    return sa.delete(t.story_member).where(member.story.in_(family), member.kind == "related", own)
