"""What decisions were made from, as far as it cannot be read from other tables: one row for each look at an article."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import SEVERITIES, Told

from . import tables as t
from .archive import article_of
from .dialect import insert
from .prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.model import Article

    from .store import Tx

PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look: at which version of an article, by which rules and which configuration (None: never written down).

    ``alerts`` and ``merges`` are the newest ones that it knew of, ``held`` is what :mod:`bot.looking` keeps.
    """

    id: int = 0
    at: datetime
    article: int
    version: int
    story: int
    rules_at: datetime | None
    config_at: datetime | None
    alerts: int
    merges: int
    held: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A decision as it is stored."""

    rule: str | None
    destination: str | None
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """An alert as it is stored, with its rules in alphabetical order; ``trigger`` as ``store.alerts`` has it."""

    id: int
    story: int
    destination: str
    kind: str
    trigger: str
    severity: str
    rules: tuple[str, ...]


_NAMES = tuple(field.name for field in fields(Seen))


def add(tx: Tx, seen: Seen) -> int:
    """Keep one; its id."""
    return int(tx.value(_add(tx.dialect), {name: getattr(seen, name) for name in _NAMES if name != "id"}))


@prepared
def _add(dialect: str) -> sa.Insert:
    return insert(dialect, t.look).returning(t.look.c.id)


# ── read again ───────────────────────────────────────────────────────────────────────────────────


def _between(column: sa.ColumnElement[datetime], since: datetime, until: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(column >= since, column <= until)


def count(tx: Tx, since: datetime, until: datetime) -> int:
    """How many looks there were in this time."""
    return int(tx.value(sa.select(sa.func.count()).where(_between(t.look.c.at, since, until))))


def between(tx: Tx, since: datetime, until: datetime) -> Iterator[list[Seen]]:
    """The looks of this time in the order in which they were made, page by page."""
    after = 0
    query = sa.select(t.look).where(_between(t.look.c.at, since, until)).order_by(t.look.c.id).limit(PAGE)
    while rows := tx.rows(query.where(t.look.c.id > after)):
        yield [Seen(**{name: row[name] for name in _NAMES}) for row in rows]
        after = rows[-1]["id"]


def of_article(tx: Tx, article: int) -> list[Seen]:
    """The looks at one article, in order."""
    rows = tx.rows(sa.select(t.look).where(t.look.c.article == article).order_by(t.look.c.id))
    return [Seen(**{name: row[name] for name in _NAMES}) for row in rows]


def opened(tx: Tx, articles: Sequence[int]) -> set[int]:
    """Those of the articles that opened a story when they came, as far as that is kept."""
    columns, found, seen = t.look.c, set[int](), set[int]()
    query = sa.select(columns.article, columns.held).where(columns.article.in_(list(articles))).order_by(columns.id)
    for row in tx.rows(query):
        if row["article"] not in seen and "kind" not in row["held"] and not row["held"].get("applied"):
            found.add(row["article"])
        seen.add(row["article"])
    return found


def decisions(tx: Tx, page: Sequence[Seen]) -> dict[int, list[Made]]:
    """Look → the decisions that were made from it, in their order."""
    columns = t.decision.c
    articles = sorted({seen.article for seen in page})
    query = sa.select(t.decision).where(columns.article.in_(articles), columns.look.is_not(None)).order_by(columns.id)
    found: dict[int, list[Made]] = {seen.id: [] for seen in page}
    for row in tx.rows(query):
        if row["look"] in found:
            found[row["look"]].append(Made(**{name: row[name] for name in Made.__slots__}))
    return found


def alerts(tx: Tx, page: Sequence[Seen]) -> dict[int, list[Alerted]]:
    """Look → the alerts that came of it, in their order."""
    columns = t.alert.c
    query = sa.select(t.alert).where(columns.article.in_(sorted({seen.article for seen in page})))
    rows = [row for row in tx.rows(query.order_by(columns.id)) if row["look"] is not None]
    told: dict[int, list[str]] = {row["id"]: [] for row in rows}
    listed = sa.select(t.alert_rule).where(t.alert_rule.c.alert.in_(list(told))).order_by(t.alert_rule.c.rule)
    for row in tx.rows(listed):
        told[row["alert"]].append(row["rule"])
    found: dict[int, list[Alerted]] = {seen.id: [] for seen in page}
    names = ("id", "story", "destination", "kind", "trigger", "severity")
    for row in rows:
        if row["look"] in found:
            found[row["look"]].append(Alerted(**{name: row[name] for name in names}, rules=tuple(told[row["id"]])))
    return found


def was_told(tx: Tx, story: int, destination: str, kind: str, trigger: str, upto: int) -> bool:
    """Whether this alert had been given already when the alert ``upto`` was the newest."""
    alert = t.alert.c
    same = sa.and_(alert.destination == destination, alert.kind == kind, alert.trigger == trigger)
    return tx.value(sa.select(alert.id).where(alert.story == story, same, alert.id <= upto)) is not None


def mentions(tx: Tx, page: Sequence[Seen]) -> dict[tuple[int, int], list[str]]:
    """(article, number of its version) → the rules that matched, in the order in which that was written down."""
    version, mention = t.article_version.c, t.mention.c
    query = (
        sa.select(version.article, version.n, mention.rule)
        .join_from(t.mention, t.article_version, mention.article_version == version.id)
        .where(version.article.in_(sorted({seen.article for seen in page})))
        .order_by(mention.id)
    )
    found: dict[tuple[int, int], list[str]] = {}
    for row in tx.rows(query):
        found.setdefault((row["article"], row["n"]), []).append(row["rule"])
    return found


def told(tx: Tx, family: Sequence[int], upto: int) -> dict[str, Told]:
    """What every destination had been told of these stories when the alert ``upto`` was the newest.

    As :func:`bot.store.stories.told` has it, but for the messages, by which nothing is decided.
    """
    by_destination: dict[str, list[Any]] = {}
    for row in tx.rows(_told(), {"family": list(family), "upto": upto}):
        by_destination.setdefault(row["destination"], []).append(row)
    return {
        name: Told(
            destination=name,
            rules=frozenset(row["rule"] for row in rows if row["rule"] is not None),
            alert=rows[0]["id"],
            delivery=0,
            severity=max((row["severity"] for row in rows), key=SEVERITIES.index),
            rules_at={row["rule"]: row["at"] for row in rows if row["rule"] is not None},
        )
        for name, rows in by_destination.items()
    }


@cache
def _told() -> sa.Select[Any]:
    alert = t.alert.c
    return (
        sa.select(alert.id, alert.destination, alert.severity, alert.at, t.alert_rule.c.rule)
        .outerjoin_from(t.alert, t.alert_rule, t.alert_rule.c.alert == alert.id)
        .where(alert.story.in_(sa.bindparam("family", expanding=True)), alert.id <= sa.bindparam("upto", type_=t.ID))
        .order_by(alert.id, t.alert_rule.c.rule)
    )


def articles(tx: Tx, ids: Sequence[int]) -> dict[tuple[int, int], Article | None]:
    """(article, number of a version) → the article as it was in that version; None where its text is gone.

    The tier and what readers may see are those of its source as it is configured now.
    """
    article, version, source = t.article.c, t.article_version.c, t.source.c
    plain = [column for column in version if column.name not in ("id", "at")]
    query = (
        sa.select(
            *plain,
            *(column for column in article if column.name != "versions"),
            source.tier,
            source.excerpt,
        )
        .join_from(t.article, t.article_version, version.article == article.id)
        .join(t.source, source.id == article.source)
        .where(article.id.in_(list(ids)))
        .order_by(article.id, version.n.desc())
    )
    found: dict[tuple[int, int], Article | None] = {}
    was: dict[int, dict[str, Any]] = {}
    for row in tx.rows(query):  # the newest version first: what was other in one was so in those before it
        id_ = row["id"]
        if row["was"] is not None:
            was[id_] = _was(row["was"])
        values = {**row, **was.get(id_, {})}
        found[id_, row["n"]] = article_of(values, row["text"]) if row["text"] is not None else None
    return found


def _was(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What :func:`bot.store.articles.add_version` kept."""
    at = kept["published_at"]
    return {**kept, "published_at": datetime.fromisoformat(at) if at else None}


def left_over(tx: Tx, since: datetime, until: datetime) -> tuple[dict[str, int], int]:
    """The decisions of this time that came of no look that is kept.

    By reason (what stands before the first colon or dash) those that never had one, and how many had one that is gone.
    """
    columns = t.decision.c
    inside = _between(columns.at, since, until)
    without = sa.select(columns.reason).where(inside, columns.look.is_(None)).order_by(columns.id)
    by_reason: dict[str, int] = {}
    for row in tx.rows(without):
        name = row["reason"].partition(": ")[0]
        by_reason[name] = by_reason.get(name, 0) + 1
    there = sa.exists().where(t.look.c.id == columns.look)
    gone = sa.select(sa.func.count()).select_from(t.decision).where(inside, columns.look.is_not(None), ~there)
    return by_reason, int(tx.value(gone))
