"""What stories hold – each fact once, with the article that stated it first – and what was new in them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Fact, News

from . import tables as t
from .dialect import among, insert
from .prepared import at_once, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from .store import Tx

# Figures of one thing that are set beside a new one; a story that has more of them has no old value to speak of.
_MOST_OF_TOPIC = 200
_CHUNK = 500


def standing(tx: Tx, story: int) -> int:
    """The story that this one was merged into, or itself."""
    return int(tx.value(_standing(), {"story": story}) or story)


@prepared
def _standing() -> sa.Select[Any]:
    kept = sa.func.coalesce(t.story.c.merged_into, t.story.c.id)
    return sa.select(kept).where(t.story.c.id == sa.bindparam("story", type_=t.ID))


@cache
def _family() -> sa.Select[Any]:
    named = sa.bindparam("story", type_=t.ID)
    return sa.select(t.story.c.id).where(sa.or_(t.story.c.id == named, t.story.c.merged_into == named))


def any_of(tx: Tx, story: int) -> bool:
    """Whether anything is written down of a story or of those that were merged into it."""
    return tx.value(_any(), {"story": standing(tx, story)}) is not None


@prepared
def _any() -> sa.Select[Any]:
    return sa.select(t.story_fact.c.article).where(t.story_fact.c.story.in_(_family())).limit(1)


def members(tx: Tx, story: int, limit: int) -> list[int]:
    """The first articles of a story and of those merged into it."""
    member = t.story_member.c
    query = sa.select(member.article).where(member.story.in_(_family()), member.kind != "related")
    rows = tx.rows(query.order_by(member.at, member.article).limit(limit), {"story": standing(tx, story)})
    return [int(row["article"]) for row in rows]


def held(tx: Tx, story: int, values: Collection[str], topics: Collection[str]) -> list[Fact]:
    """The facts of a story, and of those merged into it, that have one of these values or are of these topics.

    Two look-ups in indexes, so that it costs no more in a story of many members.
    """
    asked = {"story": standing(tx, story)}
    rows = list(tx.rows(_valued(tx.dialect), asked | {"values": list(values)})) if values else []
    if topics:
        rows += tx.rows(_of_topics(tx.dialect), asked | {"topics": list(topics), "limit": _MOST_OF_TOPIC})
    return [_fact(row) for row in {(row["story"], row["kind"], row["value"]): row for row in rows}.values()]


def _fact(row: RowMapping) -> Fact:
    about = tuple(row["about"].split()) if row["about"] else ()
    return Fact(kind=row["kind"], value=row["value"], text=row["text"], topic=row["topic"] or "", about=about)


@prepared
def _valued(dialect: str) -> sa.Select[Any]:
    fact = t.story_fact.c
    return sa.select(t.story_fact).where(fact.story.in_(_family()), among(dialect, fact.value, "values"))


@prepared
def _of_topics(dialect: str) -> sa.Select[Any]:
    fact = t.story_fact.c
    query = sa.select(t.story_fact).where(fact.story.in_(_family()), among(dialect, fact.topic, "topics"))
    return query.order_by(fact.article.desc(), fact.value).limit(sa.bindparam("limit", type_=sa.Integer))


def add(tx: Tx, story: int, article: int, facts: Iterable[Fact]) -> None:
    """Write down what an article states; a fact that the story holds stays with the article that had it first."""
    kept = standing(tx, story)
    rows: list[dict[str, Any]] = [
        {
            "story": kept,
            "kind": fact.kind,
            "value": fact.value,
            "text": fact.text,
            "topic": fact.topic or None,
            "about": " ".join(fact.about) or None,
            "article": article,
        }
        for fact in facts
    ]
    tx.run_many(_add(tx.dialect), rows)


@prepared
def _add(dialect: str) -> sa.Insert:
    return at_once(insert(dialect, t.story_fact).on_conflict_do_nothing())


def add_news(tx: Tx, story: int, article: int, news: Iterable[News], at: datetime) -> None:
    """Write down what was new to a story in an article; each thing is new once."""
    kept = standing(tx, story)
    rows: list[dict[str, Any]] = [
        {
            "story": kept,
            "kind": one.kind,
            "value": one.value,
            "article": article,
            "news": one.as_json(),
            "at": at,
        }
        for one in news
    ]
    tx.run_many(insert(tx.dialect, t.story_news).on_conflict_do_nothing(), rows)


def newest(tx: Tx) -> int:
    """The last news that was written down; 0 before there is any."""
    return int(tx.value(sa.select(sa.func.coalesce(sa.func.max(t.story_news.c.id), 0))))


def changed(tx: Tx, after: int) -> set[int]:
    """The stories, as they stand now, that have news after this one."""
    family = sa.func.coalesce(t.story.c.merged_into, t.story.c.id).label("family")
    query = sa.select(family).join_from(t.story_news, t.story, t.story.c.id == t.story_news.c.story).distinct()
    return {int(row["family"]) for row in tx.rows(query.where(t.story_news.c.id > after))}


def news_of(
    tx: Tx, stories: Sequence[int], *, after: int | None, since: datetime
) -> Mapping[int, tuple[tuple[int, News], ...]]:
    """What was new in these stories, with its article: written after the news ``after``, or ``since`` if that is None.

    Stories are named as they stand now; of one story in the order in which it was written.
    """
    new, story = t.story_news.c, t.story.c
    family = sa.func.coalesce(story.merged_into, story.id).label("family")
    query = (
        sa.select(family, new.article, new.news)
        .join_from(t.story_news, t.story, story.id == new.story)
        .where(new.id > after if after is not None else new.at >= since)
        .order_by(new.id)
    )
    found: dict[int, list[tuple[int, News]]] = {}
    for start in range(0, len(stories), _CHUNK):
        some = list(stories[start : start + _CHUNK])
        for row in tx.rows(query.where(sa.or_(story.id.in_(some), story.merged_into.in_(some)))):
            found.setdefault(row["family"], []).append((row["article"], News.from_json(row["news"])))
    return {name: tuple(told) for name, told in found.items()}
