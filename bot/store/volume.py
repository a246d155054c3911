"""How many stories each theme, entity and rule has, hour by hour: counted once, when they come.

Mentions are counted in the order of their ids, up to the one that a setting remembers: they are written one
transaction after the other, so none can appear below it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import settings
from . import tables as t
from .dialect import hour_of, insert
from .sources import ACTIVE, FIRST_POLL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.engine import RowMapping

    from bot.model.volume import SubjectKind

    from .store import Tx

_UPTO = "volume"
# Polls that brought what there was; one that is written in parts ends with one of these.
_ANSWERED = ("ok", "unchanged", "baseline")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMention:
    """A mention that is not counted yet, and what tells when it counts.

    ``seen_at`` is when its article, or the ``version`` of it, came; ``before`` the last time that the source had
    answered then, ``interval`` the seconds between its polls. ``baseline``: it came with the source's first poll.
    """

    id: int
    rule: str
    entities: frozenset[str]
    article: int
    version: int
    story: int
    source: str
    seen_at: datetime
    published_at: datetime | None
    before: datetime | None
    interval: float | None
    baseline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One article that counts for a subject, at a moment."""

    kind: SubjectKind
    subject: str
    story: int
    article: int
    source: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What a subject had in one hour."""

    stories: int
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeder:
    """A source that brought stories of a subject: how many, and the last time."""

    source: str
    stories: int
    last_at: datetime


# ── counting ─────────────────────────────────────────────────────────────────────────────────────


def counted(tx: Tx) -> int | None:
    """The last mention that is counted; None before the first count."""
    return _mark(tx, "upto")


def looked(tx: Tx) -> int:
    """The last mention whose subjects were looked at."""
    return _mark(tx, "looked") or 0


def _mark(tx: Tx, name: str) -> int | None:
    row = tx.row(sa.select(t.setting.c.value).where(t.setting.c.key == _UPTO))
    return row["value"].get(name) if row is not None else None


def newest(tx: Tx) -> int:
    """The newest mention there is."""
    return int(tx.value(sa.select(sa.func.coalesce(sa.func.max(t.mention.c.id), 0))))


def start(tx: Tx, since: datetime) -> int:
    """The mention before the first one whose article came at ``since`` or later: where counting begins."""
    article, version = t.article.c, t.article_version.c
    first = (
        sa.select(sa.func.min(t.mention.c.id))
        .join_from(t.article, t.article_version, version.article == article.id)
        .join(t.mention, t.mention.c.article_version == version.id)
        .where(article.order_at >= since)
    )
    found = tx.value(first)
    return newest(tx) if found is None else int(found) - 1


def remember(tx: Tx, at: datetime, *, upto: int, looked: int) -> None:
    """Everything up to ``upto`` is counted, and all subjects up to ``looked`` were looked at."""
    settings.put(tx, [{"key": _UPTO, "value": {"upto": upto, "looked": looked}, "at": at}])


def new_mentions(tx: Tx, after: int, limit: int) -> list[NewMention]:
    """The mentions after this one, in order."""
    return [_mention(row) for row in tx.rows(_uncounted(), {"after": after, "most": limit})]


@cache
def _uncounted() -> sa.Select[Any]:
    mention, version, article, source = t.mention.c, t.article_version.c, t.article.c, t.source.c
    poll = t.poll.alias("earlier")
    earlier = sa.and_(poll.c.source == article.source, poll.c.at < version.at, poll.c.status.in_(_ANSWERED))
    before = sa.select(poll.c.at).where(earlier).order_by(poll.c.at.desc()).limit(1).scalar_subquery()
    first = t.poll.alias("first")
    is_first = sa.or_(first.c.status == "baseline", sa.and_(first.c.status == "part", first.c.note == FIRST_POLL))
    with_first = sa.and_(first.c.source == article.source, first.c.at == article.first_seen, is_first)
    return (
        sa.select(
            mention.id,
            mention.rule,
            mention.evidence,
            version.n,
            version.at,
            article.id.label("article"),
            article.source,
            article.first_seen,
            article.published_at,
            sa.func.coalesce(t.story.c.merged_into, t.story.c.id).label("story"),
            source.interval,
            source.baseline_at,
            before.label("before"),
            sa.exists().where(with_first).label("baseline"),
        )
        .join_from(t.mention, t.article_version, version.id == mention.article_version)
        .join(t.article, article.id == version.article)
        .join(t.story, t.story.c.id == article.story)
        .join(t.source, source.id == article.source)
        .where(mention.id > sa.bindparam("after", type_=t.ID))
        .order_by(mention.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def _mention(row: RowMapping) -> NewMention:
    first = row["n"] == 1
    return NewMention(
        id=row["id"],
        rule=row["rule"],
        entities=frozenset(hit["entity"] for hit in row["evidence"]["hits"] if hit["entity"]),
        article=row["article"],
        version=row["n"],
        story=row["story"],
        source=row["source"],
        seen_at=row["at"],
        published_at=row["published_at"] if first else None,
        before=row["before"],
        interval=row["interval"],
        baseline=first and (bool(row["baseline"]) or row["first_seen"] == row["baseline_at"]),
    )


def add(tx: Tx, counts: Iterable[Count]) -> None:
    """Count these articles: each for its hour, and its story if the subject did not have it yet."""
    hours: dict[tuple[str, str, datetime], list[int]] = {}
    for count in counts:
        hour = count.at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        found = hours.setdefault((count.kind, count.subject, hour), [0, 0])
        found[0] += tx.value(_new_story(tx.dialect), _row(count)) is not None
        found[1] += 1
    rows = [
        {"kind": kind, "subject": subject, "hour": hour, "stories": stories, "articles": articles}
        for (kind, subject, hour), (stories, articles) in hours.items()
    ]
    tx.run_many(_more(tx.dialect), rows)


def _row(count: Count) -> dict[str, Any]:
    return {name: getattr(count, name) for name in Count.__slots__}


@cache
def _new_story(dialect: str) -> sa.Executable:
    statement = insert(dialect, t.volume_story).on_conflict_do_nothing(index_elements=["kind", "subject", "story"])
    return statement.returning(t.volume_story.c.story)


@cache
def _more(dialect: str) -> sa.Executable:
    statement, columns = insert(dialect, t.volume_hour), t.volume_hour.c
    summed = {name: columns[name] + statement.excluded[name] for name in ("stories", "articles")}
    return statement.on_conflict_do_update(index_elements=["kind", "subject", "hour"], set_=summed)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def hours(tx: Tx, kind: SubjectKind, subject: str, since: datetime) -> dict[datetime, Hour]:
    """What a subject had in each hour since then; hours without anything are left out."""
    columns = t.volume_hour.c
    one = sa.and_(columns.kind == kind, columns.subject == subject, columns.hour >= since)
    query = sa.select(columns.hour, columns.stories, columns.articles).where(one)
    return {row["hour"]: Hour(stories=row["stories"], articles=row["articles"]) for row in tx.rows(query)}


def totals(tx: Tx, kind: SubjectKind, since: datetime, until: datetime) -> dict[str, int]:
    """Stories of every subject of a kind in the hours from ``since`` to before ``until``."""
    columns = t.volume_hour.c
    span = sa.and_(columns.kind == kind, columns.hour >= since, columns.hour < until)
    query = sa.select(columns.subject, sa.func.sum(columns.stories).label("n")).where(span).group_by(columns.subject)
    return {row["subject"]: int(row["n"]) for row in tx.rows(query)}


def stories_since(tx: Tx, kind: SubjectKind, subject: str, since: datetime) -> list[Count]:
    """The stories that a subject got since then, each with the article that brought it first."""
    columns = t.volume_story.c
    one = sa.and_(columns.kind == kind, columns.subject == subject, columns.at >= since)
    return [Count(**row) for row in tx.rows(sa.select(t.volume_story).where(one).order_by(columns.at, columns.story))]


def matched_by(tx: Tx, rules: Sequence[str], since: datetime) -> dict[int, set[str]]:
    """Of the stories since then, which of these rules matched them."""
    columns = t.volume_story.c
    found: dict[int, set[str]] = {}
    for rule in rules:
        one = sa.and_(columns.kind == "rule", columns.subject == rule, columns.at >= since)
        for row in tx.rows(sa.select(columns.story).where(one)):
            found.setdefault(row["story"], set()).add(rule)
    return found


def feeders(tx: Tx, kind: SubjectKind, subject: str, since: datetime) -> list[Feeder]:
    """The sources that brought a subject's stories since then, most first."""
    columns = t.volume_story.c
    number, last = sa.func.count().label("n"), sa.func.max(columns.at, type_=t.Moment).label("last_at")
    one = sa.and_(columns.kind == kind, columns.subject == subject, columns.at >= since)
    query = sa.select(columns.source, number, last).where(one).group_by(columns.source)
    rows = tx.rows(query.order_by(number.desc(), columns.source))
    return [Feeder(source=row["source"], stories=row["n"], last_at=row["last_at"]) for row in rows]


def last_story(tx: Tx, kind: SubjectKind, subject: str) -> datetime | None:
    """When the subject last got a story."""
    columns = t.volume_story.c
    one = sa.and_(columns.kind == kind, columns.subject == subject)
    row = tx.row(sa.select(columns.at).where(one).order_by(columns.at.desc()).limit(1))
    return row["at"] if row is not None else None


def answered(tx: Tx, source: str, since: datetime, *, asked: bool = False) -> set[datetime]:
    """The hours since then in which a source answered; with ``asked`` those in which it was asked at all."""
    poll = t.poll.c
    hour = hour_of(tx.dialect, poll.at)
    query = sa.select(hour.label("hour")).where(poll.source == source, poll.at >= since).group_by(hour)
    query = query if asked else query.where(poll.status.in_(_ANSWERED))
    return {datetime.strptime(row["hour"], "%Y-%m-%d %H").replace(tzinfo=UTC) for row in tx.rows(query)}


def known_since(tx: Tx, rules: Sequence[str]) -> dict[str, datetime]:
    """When each of these rules was first in force, in whatever version."""
    columns = t.rule_version.c
    first = sa.func.min(columns.active_from, type_=t.Moment).label("first")
    query = sa.select(columns.rule, first).where(columns.rule.in_(list(rules))).group_by(columns.rule)
    return {row["rule"]: row["first"] for row in tx.rows(query)}


def in_force_since(tx: Tx) -> dict[str, datetime]:
    """Since when the version of each rule in force has been."""
    columns = t.rule_version.c
    query = sa.select(columns.rule, columns.active_from).where(columns.active_until.is_(None))
    return {row["rule"]: row["active_from"] for row in tx.rows(query)}


def active(tx: Tx, most: int) -> list[str]:
    """Sources that are configured, those that bring something most often first."""
    columns = t.source.c
    query = sa.select(columns.id).where(columns.state == ACTIVE).order_by(columns.news.desc(), columns.id).limit(most)
    return [row["id"] for row in tx.rows(query)]


def intervals(tx: Tx, sources: Sequence[str]) -> Mapping[str, tuple[float | None, datetime | None]]:
    """The seconds between polls of each of these sources, and when its first poll was."""
    columns = t.source.c
    query = sa.select(columns.id, columns.interval, columns.baseline_at).where(columns.id.in_(list(sources)))
    return {row["id"]: (row["interval"], row["baseline_at"]) for row in tx.rows(query)}
