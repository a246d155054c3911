"""What is no longer kept: texts of old articles with all that tells their words, old decisions, old polls.

Looking is done in reading transactions, which hold up nobody; each writing one removes what a short list names. Nothing
remembers how far a purge has come: what it removed is gone, and what it left is found again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from bot.model import Mention
from bot.rights import Allowance

from . import search, settings
from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import RowMapping

    from .store import Tx

SETTING = "retention"
# Rows looked at in one reading transaction.
LOOK = 2_000

Aged = Literal["decision", "look", "poll"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """Texts first seen before ``bodies`` go; for sources that have a limit of their own, before that of ``own``."""

    bodies: datetime
    own: Mapping[str, datetime]

    def passed(self, source: str, first_seen: datetime) -> bool:
        """Whether the texts of an article of this source are to go."""
        return first_seen < self.own.get(source, self.bodies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Articles whose texts are to go, in order, and the article to look on after; None: there are no more."""

    articles: tuple[int, ...]
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """Polls that brought nothing, the last one that was looked at, and whether there may be more behind it."""

    polls: list[int]
    last: int
    more: bool


def own_limits(tx: Tx) -> dict[str, float]:
    """Sources that limit how long their texts are kept, also ones that are no longer configured: id → seconds."""
    source = t.source.c
    rows = tx.rows(sa.select(source.id, source.retention).where(source.retention.is_not(None)))
    return {row["id"]: row["retention"] for row in rows}


def look(tx: Tx, cutoffs: Cutoffs, after: int = 0) -> Look:
    """The next articles with texts to remove, among the LOOK next ones that have any."""
    article, version = t.article.c, t.article_version.c
    kept = sa.select(version.article).where(version.text.is_not(None), version.article > after)
    some = kept.distinct().order_by(version.article).limit(LOOK).subquery()
    query = (
        sa.select(article.id, article.source, article.first_seen)
        .join_from(some, t.article, article.id == some.c.article)
        .order_by(article.id)
    )
    rows = tx.rows(query)
    due = tuple(row["id"] for row in rows if cutoffs.passed(row["source"], row["first_seen"]))
    return Look(articles=due, after=rows[-1]["id"] if len(rows) == LOOK else None)


def remove_texts(tx: Tx, articles: Sequence[int], now: datetime) -> int:
    """Remove the texts of these articles, and what tells their words beyond what their sources let readers see.

    Gives how many texts there were. The search index and the tables that :func:`bodies` names follow.
    """
    version = t.article_version.c
    of_articles = sa.select(version.id).where(version.article.in_(articles), version.text.is_not(None))
    versions = [row["id"] for row in tx.rows(of_articles)]
    gone = sa.update(t.article_version).where(version.id.in_(versions)).values(text=None, text_removed_at=now)
    texts = tx.run(gone)
    _limit_mentions(tx, articles)
    _limit_sentences(tx, articles)
    for table, column in bodies():
        tx.run(sa.delete(table).where(column.in_(_owners(column, articles))))
    search.refresh(tx, articles)
    return texts


def bodies() -> list[tuple[sa.Table, sa.Column[Any]]]:
    """The tables whose rows hold words of bodies and go with them, each with its column that says whose.

    A table says so of itself, by ``info={"of body": column}``; the column holds an article or a version of one.
    """
    marked = ((table, table.info.get("of body")) for table in t.metadata.sorted_tables)
    return [(table, table.c[column]) for table, column in marked if column is not None]


def _owners(column: sa.Column[Any], articles: Sequence[int]) -> sa.Select[Any] | Sequence[int]:
    (key,) = column.foreign_keys
    if key.column.table is t.article:
        return articles
    return sa.select(t.article_version.c.id).where(t.article_version.c.article.in_(articles))


def _limit_mentions(tx: Tx, articles: Sequence[int]) -> None:
    """Keep of each article's evidence only what its source lets readers see."""
    version, mention, source = t.article_version.c, t.mention.c, t.source.c
    query = (
        sa.select(t.mention, version.article, version.title_derived, source.excerpt)
        .join_from(t.mention, t.article_version, version.id == mention.article_version)
        .join(t.article, t.article.c.id == version.article)
        .join(t.source, source.id == t.article.c.source)
        .where(version.article.in_(articles), source.excerpt.is_not(None))
        # The newest version is the one that readers are shown.
        .order_by(version.article, version.n.desc(), mention.id)
    )
    column = sa.bindparam("evidence", type_=mention.evidence.type)
    statement = sa.update(t.mention).where(mention.id == sa.bindparam("which")).values(evidence=column)
    tx.run_many(statement, list(_changed(tx.rows(query))))


def _limit_sentences(tx: Tx, articles: Sequence[int]) -> None:
    """Where a source limits what readers see, days that count and news keep no sentence: mentions have what is left."""
    article, version, alert, deadline = t.article.c, t.article_version.c, t.alert.c, t.deadline.c
    limited = sa.select(article.id).join_from(t.article, t.source, t.source.c.id == article.source)
    limited = limited.where(article.id.in_(articles), t.source.c.excerpt.is_not(None))
    versions = sa.select(version.id).where(version.article.in_(limited))
    tx.run(sa.update(t.deadline).where(deadline.article_version.in_(versions)).values(sentence=""))
    told = sa.select(alert.id, alert.news).where(alert.article.in_(limited), alert.news.is_not(None))
    rows = [{"which": row["id"], "told": [{**one, "sentence": None} for one in row["news"]]} for row in tx.rows(told)]
    news = sa.bindparam("told", type_=alert.news.type)
    tx.run_many(sa.update(t.alert).where(alert.id == sa.bindparam("which")).values(news=news), rows)


def _changed(rows: Iterable[RowMapping]) -> Iterable[dict[str, Any]]:
    """One allowance for all mentions of an article, whatever version they are of."""
    allowed: dict[int, Allowance] = {}
    for row in rows:
        allowance = allowed.setdefault(row["article"], Allowance(row["excerpt"], derived=row["title_derived"]))
        stored = Mention.from_evidence(row["rule"], row["rule_hash"], row["score"], row["evidence"])
        limited = allowance.found(stored)
        if limited != stored:
            yield {"which": row["id"], "evidence": limited.evidence()}


# ── decisions and polls ──────────────────────────────────────────────────────────────────────────


def aged(tx: Tx, name: Aged, before: datetime, limit: int) -> list[int]:
    """The ids of the oldest ``limit`` decisions, looks or polls, as far as they are of a time before ``before``.

    Ids rise with time, give or take a poll's length, so that no more rows are looked at than are asked for.
    """
    columns = t.metadata.tables[name].c
    rows = tx.rows(sa.select(columns.id, columns.at).order_by(columns.id).limit(limit))
    return [row["id"] for row in rows if row["at"] < before]


def idle_polls(tx: Tx, before: datetime, after: int, limit: int) -> Passed:
    """Those that brought nothing of the ``limit`` polls after one of that id, as far as they are before ``before``."""
    poll = t.poll.c
    query = sa.select(poll.id, poll.at, _idle().label("idle")).where(poll.id > after).order_by(poll.id).limit(limit)
    rows = [row for row in tx.rows(query) if row["at"] < before]
    idle = [row["id"] for row in rows if row["idle"]]
    return Passed(polls=idle, last=rows[-1]["id"] if rows else after, more=len(rows) == limit)


def count_idle(tx: Tx, begin: datetime, before: datetime, after: int) -> int:
    """How many polls after one of that id brought nothing, from ``begin`` until before ``before``."""
    poll = t.poll.c
    found = sa.select(sa.func.count()).select_from(t.poll)
    return int(tx.value(found.where(poll.id > after, poll.at >= begin, poll.at < before, _idle())))


def _idle() -> sa.ColumnElement[bool]:
    poll = t.poll.c
    return sa.and_(poll.status == "unchanged", poll.fetched == 0, poll.gap_from.is_(None))


def remove_aged(tx: Tx, name: Aged, ids: Sequence[int]) -> int:
    """Remove these decisions, looks or polls; how many there still were."""
    table = t.metadata.tables[name]
    return tx.run(sa.delete(table).where(table.c.id.in_(ids)))


def count_aged(tx: Tx, name: Aged, before: datetime) -> int:
    """How many decisions or polls are of a time before ``before``."""
    table = t.metadata.tables[name]
    return int(tx.value(sa.select(sa.func.count()).select_from(table).where(table.c.at < before)))


def count_texts(tx: Tx, articles: Sequence[int]) -> int:
    """How many versions of these articles still have a text."""
    version = t.article_version.c
    kept = sa.select(sa.func.count()).where(version.text.is_not(None))
    pages = (articles[start : start + LOOK] for start in range(0, len(articles), LOOK))
    return sum(tx.value(kept.where(version.article.in_(page))) for page in pages)


# ── when ─────────────────────────────────────────────────────────────────────────────────────────


def last_purge(tx: Tx) -> datetime | None:
    """When the last purge came to its end."""
    moment: datetime | None = tx.value(sa.select(t.setting.c.at).where(t.setting.c.key == SETTING))
    return moment


def purged(tx: Tx, now: datetime, decisions: datetime, idle: int) -> None:
    """Remember that a purge has come to its end.

    No decision from before ``decisions`` is there any more, and no poll that brought nothing up to the id ``idle``.
    """
    gone = max(decisions, decisions_since(tx) or decisions)
    settings.put(tx, [{"key": SETTING, "value": {"decisions": gone.isoformat(), "idle": idle}, "at": now}])


def idle_until(tx: Tx) -> int:
    """Up to which id there are no polls any more that brought nothing."""
    return int(_remembered(tx).get("idle", 0))


def decisions_since(tx: Tx) -> datetime | None:
    """From when on all decisions are there; None where none was ever removed, or an older version did it."""
    value = _remembered(tx).get("decisions")
    return datetime.fromisoformat(value) if value else None


def _remembered(tx: Tx) -> dict[str, Any]:
    return settings.get(tx, SETTING) or {}
