"""What the articles of the last days are told apart by, who is near a new one, and stories that turn out to be one.

Keys and traits are kept for the window of events only, so that a look-up costs the same however large the archive is.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Neighbour, Traits

from . import tables as t
from .dialect import insert, numbered
from .prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from .store import Tx

COMMON = 400  # articles of the window that have a key: then it says nothing, and is not asked
_PLAIN = ("publisher", "official", "gathers", "dated", "title")
_BETWEEN = "|"  # stands in no word, figure or number, and needs no escape in JSON
_LATER = "later"
_SETS = tuple(field.name for field in fields(Traits) if field.name not in _PLAIN)


def neighbours(
    tx: Tx,
    keys: Sequence[int],
    since: datetime,
    *,
    least: int,
    limit: int = 16,
    near: Callable[[Traits], bool] = lambda _: True,
) -> list[Neighbour]:
    """Articles seen at or after ``since`` that share at least ``least`` keys, those that share the most telling first.

    A key tells the more the fewer have it. Of articles that share as much, the newest comes first. Their stories are
    named by the ones they were merged into. Of the ``limit`` first those that are not ``near`` are left out; it is
    asked with traits that lack ``later``, the bulk of them, which is then not read.
    """
    if not keys:
        return []
    asked = {"keys": list(keys), "since": since, "least": least, "limit": limit}
    found = []
    for row in tx.rows(_near(tx.dialect), asked):
        held: dict[str, Any] = row["traits"]
        later = held.pop(_LATER, None)
        if near(head := _traits(held)):
            told = replace(head, later=_set(later)) if later else head
            found.append(Neighbour(article=row["article"], story=row["story"], at=row["at"], traits=told))
    return found


@prepared
def _near(dialect: str) -> sa.Select[Any]:
    key, found, article, story = t.story_key.c, t.story_traits.c, t.article.c, t.story.c
    asked = numbered(dialect, "keys")
    other = t.story_key.alias("other")
    # The row behind the most that a key may have is looked for in the index, not counted to.
    beyond = sa.select(other.c.article).where(other.c.value == asked.c.value).limit(1).offset(COMMON)
    telling = sa.select(asked.c.value).where(beyond.scalar_subquery().is_(None))
    number = sa.func.count()
    # A key that few have tells more: of two articles that share as many the one with the rarer ones is nearer. To
    # count the holders of each by itself takes a quarter less time than a window over all that is found.
    tells = (1.0 / number).label("tells")
    held = sa.select(key.value, tells).where(key.value.in_(telling)).group_by(key.value).subquery()
    near = (
        sa.select(key.article, sa.func.sum(held.c.tells).label("tells"))
        .join_from(held, t.story_key, key.value == held.c.value)
        .group_by(key.article)
        .having(number >= sa.bindparam("least", type_=sa.Integer))
        .subquery()
    )
    return (
        sa.select(
            near.c.article,
            sa.func.coalesce(story.merged_into, story.id).label("story"),
            found.at,
            found.traits,
        )
        .join_from(near, t.story_traits, found.article == near.c.article)
        .join(t.article, article.id == near.c.article)
        .join(t.story, story.id == article.story)
        .where(found.seen >= sa.bindparam("since", type_=t.Moment))
        .order_by(near.c.tells.desc(), near.c.article.desc())
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )


def _traits(row: dict[str, Any]) -> Traits:
    values: dict[str, Any] = {name: held if name in _PLAIN else _set(held) for name, held in row.items()}
    return Traits(**values)


def _set(held: str | list[str]) -> frozenset[str]:
    return frozenset(held.split(_BETWEEN) if isinstance(held, str) else held)  # it was a list once


def stored(traits: Traits) -> dict[str, Any]:
    """Traits as the table holds them: a set as one text, which is read in a fraction of a list's time."""
    sets = {name: _BETWEEN.join(sorted(values)) for name in _SETS if (values := getattr(traits, name))}
    return {name: getattr(traits, name) for name in _PLAIN} | sets


def remember(tx: Tx, article: int, traits: Traits, keys: Iterable[int], *, at: datetime, seen: datetime) -> None:
    """Make an article findable by its traits; ``at`` is when it was published, else seen."""
    tx.run(_add(tx.dialect), {"article": article, "seen": seen, "at": at, "traits": stored(traits)})
    tx.run_many(_add_key(tx.dialect), [{"value": key, "article": article} for key in keys])


@prepared
def _add(dialect: str) -> sa.Insert:
    return insert(dialect, t.story_traits)


@prepared
def _add_key(dialect: str) -> sa.Insert:
    return insert(dialect, t.story_key).on_conflict_do_nothing()


def forget(tx: Tx, before: datetime, most: int) -> None:
    """Take out what was seen before a time, the oldest first, ``most`` articles at once."""
    seen = t.story_traits.c.seen
    query = sa.select(t.story_traits.c.article).where(seen < before).order_by(seen).limit(most)
    gone = [row["article"] for row in tx.rows(query)]
    if gone:
        tx.run(sa.delete(t.story_key).where(t.story_key.c.article.in_(gone)))
        tx.run(sa.delete(t.story_traits).where(t.story_traits.c.article.in_(gone)))


def merge(tx: Tx, story: int, into: int, reason: str) -> None:
    """Two stories are one: ``story`` stays readable, and everything about it counts for ``into`` from now on.

    What opened it is told as "same story" now. Members that were listed as related are related no longer.
    """
    tx.run(_end(), {"gone": story, "kept": into})
    tx.run(_come_up(), {"gone": story, "kept": into})
    tx.run(_reopen(), {"gone": story, "why": reason})
    tx.run(_unrelate(), {"kept": into})


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
