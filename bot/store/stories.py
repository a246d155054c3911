"""Stories: which articles belong together, under what an article is found again, who has been told."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import SEVERITIES, Candidate, Member, Outlet, Told

from . import tables as t
from .dialect import among, insert
from .prepared import at_once, prepared

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from bot.model import MemberKind, Related

    from .store import Tx

# Features asked for in one statement: two parameters each, well below any database's limit.
_MOST_ENTRIES = 1_000
_MOST_STORIES = 500


def candidates(tx: Tx, entries: Sequence[tuple[str, str]], since: datetime, limit: int = 50) -> list[Candidate]:
    """Stored articles indexed at or after ``since`` that share index entries, most shared entries first.

    Of articles that share as many, the newest comes first. Their stories are named by the ones they were
    merged into.
    """
    shared = _sharing(tx, list(dict.fromkeys(entries))[:_MOST_ENTRIES], since, limit)
    if not shared:
        return []
    found = [
        Candidate(
            article=row["id"],
            story=row["story"],
            source=row["source"],
            title=row["title"],
            body=row["text"] or "",
            canonical_url=row["canonical_url"],
            shared=shared[row["id"]],
            published_at=row["published_at"],
        )
        for row in tx.rows(_texts(), {"ids": list(shared)})
    ]
    return sorted(found, key=lambda each: (len(each.shared), each.article), reverse=True)


def _sharing(
    tx: Tx, entries: Sequence[tuple[str, str]], since: datetime, limit: int
) -> dict[int, tuple[tuple[str, str], ...]]:
    """Article → the entries it shares, for the ``limit`` best."""
    values: dict[str, list[str]] = {}
    for kind, value in entries:
        values.setdefault(kind, []).append(value)
    if not values:
        return {}
    kinds = tuple(sorted(values))
    asked: dict[str, Any] = {f"kind{place}": kind for place, kind in enumerate(kinds)}
    asked |= {f"values{place}": values[kind] for place, kind in enumerate(kinds)}
    found: dict[int, list[tuple[str, str]]] = {}
    for row in tx.rows(_shared(tx.dialect, len(kinds)), asked | {"since": since, "limit": limit}):
        found.setdefault(row["article"], []).append((row["kind"], row["value"]))
    return {article: tuple(shared) for article, shared in found.items()}


# Statements of the serial lane are built once: building them costs more than running them.


def _among(dialect: str, kinds: int) -> sa.ColumnElement[bool]:
    """Entries of that many kinds: one look-up in the index each, where a list of pairs would scan the table."""
    feature = t.story_feature.c
    return sa.or_(
        *(
            sa.and_(
                feature.kind == sa.bindparam(f"kind{place}", type_=sa.Text),
                among(dialect, feature.value, f"values{place}"),
            )
            for place in range(kinds)
        )
    )


@cache
def _texts() -> sa.Select[Any]:
    """The articles ``ids`` as they are compared, each with the story it belongs to now."""
    article, version, story = t.article.c, t.article_version.c, t.story.c
    return (
        sa.select(
            article.id,
            sa.func.coalesce(story.merged_into, story.id).label("story"),
            article.source,
            version.title,
            version.text,
            article.canonical_url,
            article.published_at,
        )
        .join_from(t.article, t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .join(t.story, story.id == article.story)
        .where(article.id.in_(sa.bindparam("ids", expanding=True)))
    )


@prepared
def _shared(dialect: str, kinds: int) -> sa.Select[Any]:
    """The entries that the best articles share: those that share most, and of equals the newest."""
    feature, since = t.story_feature.c, sa.bindparam("since", type_=t.Moment)
    # Named, so that the index is asked once.
    found = (
        sa.select(feature.article, feature.kind, feature.value)
        .where(_among(dialect, kinds), feature.at >= since)
        .cte("found")
    )
    best = (
        sa.select(found.c.article)
        .group_by(found.c.article)
        .order_by(sa.func.count().desc(), found.c.article.desc())
        .limit(sa.bindparam("limit", type_=sa.Integer))
    )
    return sa.select(found).where(found.c.article.in_(best)).order_by(found.c.kind, found.c.value)


@prepared
def _open(dialect: str) -> sa.Insert:
    return insert(dialect, t.story).returning(t.story.c.id)


@prepared
def _join(dialect: str) -> sa.Insert:
    return insert(dialect, t.story_member).on_conflict_do_nothing().returning(t.story_member.c.article)


@prepared
def _relate(dialect: str) -> sa.Insert:
    return at_once(insert(dialect, t.story_member).on_conflict_do_nothing())


@prepared
def _index(dialect: str) -> sa.Insert:
    statement = at_once(insert(dialect, t.story_feature).on_conflict_do_nothing())
    if dialect == "postgresql":
        return statement
    # Kinds and values are our own words, thirty of them an article: nobody looks for what databases refuse.
    ours = {name: sa.bindparam(name, type_=sa.Text) for name in ("kind", "value")}
    return statement.values(**ours)


def open(tx: Tx, at: datetime) -> int:  # noqa: A001 - a story is opened; the builtin is not used here
    """Begin a story without members; its id."""
    return int(tx.value(_open(tx.dialect), {"opened_at": at, "last_at": at}))


def exists(tx: Tx, story: int) -> bool:
    """Whether there is a story of that number."""
    return tx.value(sa.select(t.story.c.id).where(t.story.c.id == story)) is not None


def join(  # noqa: PLR0917 - one argument for each column of a membership
    tx: Tx,
    story: int,
    article: int,
    kind: MemberKind,
    score: float,
    reason: str,
    at: datetime,
    *,
    copy_of: int | None = None,
    fresh: bool = False,
) -> None:
    """Make an article a member of a story, with score 0…1 and the reason; the first leads it until :func:`set_lead`.

    An article belongs to one story, but may be "related" to others; a second membership is not written. A ``fresh``
    one was stored in this very story just now and need not be moved to it.
    """
    values = _membership(story, article, kind, score, reason, at, copy_of)
    # Drivers do not agree on how many rows an INSERT wrote; an article comes of a new row only.
    if tx.value(_join(tx.dialect), values) is None or kind == "related":
        return
    tx.run(_touch(), {"joined": story, "member": article, "moment": at})
    if not fresh:
        tx.run(_move(), {"joined": story, "member": article})


def _membership(  # noqa: PLR0917 - one argument for each column
    story: int, article: int, kind: MemberKind, score: float, reason: str, at: datetime, copy_of: int | None = None
) -> dict[str, Any]:
    return {
        "story": story,
        "article": article,
        "kind": kind,
        "score": score,
        "reason": reason,
        "copy_of": copy_of,
        "at": at,
    }


def relate(tx: Tx, article: int, links: Iterable[Related], at: datetime) -> None:
    """List an article as related to other stories, each once."""
    rows = [_membership(link.story, article, "related", link.score, link.reason, at) for link in links]
    tx.run_many(_relate(tx.dialect), rows)


@prepared
def _touch() -> sa.Update:
    columns = t.story.c
    moment = sa.bindparam("moment", type_=t.Moment)
    return (
        sa.update(t.story)
        .where(columns.id == sa.bindparam("joined"))
        .values(
            lead=sa.func.coalesce(columns.lead, sa.bindparam("member", type_=t.ID)),
            last_at=sa.case((columns.last_at < moment, moment), else_=columns.last_at),
        )
    )


@prepared
def _move() -> sa.Update:
    columns = t.article.c
    elsewhere = sa.and_(columns.id == sa.bindparam("member"), columns.story != sa.bindparam("joined"))
    return sa.update(t.article).where(elsewhere).values(story=sa.bindparam("joined"))


def lead(tx: Tx, story: int) -> Member | None:
    """The article that leads a story now; None before it has a member."""
    row = tx.row(_leader(), {"story": story})
    return _member(row) if row is not None else None


def member(tx: Tx, article_id: int) -> Member | None:
    """A stored article as it weighs when the lead is chosen."""
    row = tx.row(_weighed().where(t.article.c.id == article_id))
    return _member(row) if row is not None else None


def set_lead(tx: Tx, story: int, article_id: int) -> None:
    """Let another member lead the story."""
    tx.run(_led(), {"named": story, "leading": article_id})


@prepared
def _led() -> sa.Update:
    story = t.story.c
    leading = sa.bindparam("leading", type_=t.ID)
    return sa.update(t.story).where(story.id == sa.bindparam("named", type_=t.ID)).values(lead=leading)


def _member(row: RowMapping) -> Member:
    return Member(article=row["id"], tier=row["tier"], at=row["order_at"], length=row["length"])


@prepared
def _leader() -> sa.Select[Any]:
    named = sa.bindparam("story", type_=t.ID)
    return _weighed().join(t.story, t.story.c.lead == t.article.c.id).where(t.story.c.id == named)


def _weighed() -> sa.Select[Any]:
    article, version = t.article.c, t.article_version.c
    newest = sa.and_(version.article == article.id, version.n == article.versions)
    length = sa.func.coalesce(sa.func.length(version.text), 0).label("length")
    query = sa.select(article.id, t.source.c.tier, article.order_at, length)
    return query.join_from(t.article, t.article_version, newest).join(t.source, t.source.c.id == article.source)


def index(tx: Tx, article_id: int, entries: Iterable[tuple[str, str]], at: datetime) -> None:
    """Make an article findable under these entries (kind, value)."""
    rows: list[dict[str, Any]] = [
        {"kind": kind, "value": value, "article": article_id, "at": at} for kind, value in dict.fromkeys(entries)
    ]
    tx.run_many(_index(tx.dialect), rows)


def forget(tx: Tx, before: datetime, most: int) -> None:
    """Take out the entries of what was first seen before a time: of at most ``most`` articles, the oldest first."""
    tx.run(_forget(), {"before": before, "most": most})


@prepared
def _forget() -> sa.Delete:
    article, feature = t.article.c, t.story_feature.c
    first = sa.select(sa.func.min(feature.article)).scalar_subquery()
    # Numbers rise with time: where the oldest are not past, nothing else is looked at.
    oldest = sa.select(article.id, article.first_seen).where(article.id >= first).order_by(article.id)
    few = oldest.limit(sa.bindparam("most", type_=sa.Integer)).subquery()
    past = sa.select(few.c.id).where(few.c.first_seen < sa.bindparam("before", type_=t.Moment))
    return sa.delete(t.story_feature).where(feature.article.in_(past))


def outlets(tx: Tx, story: int, *, apart: bool = False) -> tuple[Outlet, ...]:
    """Who carries or tells the story, one for each article: the lead, then the others in order of arrival.

    ``apart``: without the stories that turned out to be one with it.
    """
    return _as_outlets(tx.rows(_outlets_apart() if apart else _outlets_of_family(), {"story": story}))


@prepared
def _outlets_of_family() -> sa.Select[Any]:
    return _outlets().where(family())


@prepared
def _outlets_apart() -> sa.Select[Any]:
    return _outlets().where(t.story.c.id == sa.bindparam("story", type_=t.ID))


def outlets_of(tx: Tx, stories: Sequence[int]) -> dict[int, tuple[Outlet, ...]]:
    """The outlets of many stories, those that were merged into them included."""
    found: dict[int, list[RowMapping]] = {}
    columns = t.story.c
    for start in range(0, len(stories), _MOST_STORIES):
        some = list(stories[start : start + _MOST_STORIES])
        for row in tx.rows(_outlets().where(sa.or_(columns.id.in_(some), columns.merged_into.in_(some)))):
            found.setdefault(row["family"], []).append(row)
    return {story: _as_outlets(rows) for story, rows in found.items()}


def _as_outlets(rows: Sequence[RowMapping]) -> tuple[Outlet, ...]:
    original = {row["article"]: row["copy_of"] for row in rows}
    return tuple(
        Outlet(
            source=row["id"],
            name=row["name"],
            url=row["url"],
            tier=row["tier"],
            article=row["article"],
            text=_original(row["article"], original),
        )
        for row in rows
    )


def _original(article: int, copy_of: Mapping[int, int | None]) -> int:
    """The article whose words this one carries: a copy may be one of a copy."""
    seen = {article}
    while (before := copy_of.get(article)) is not None and before not in seen:
        seen.add(before)
        article = before
    return article


def _outlets() -> sa.Select[Any]:
    """Members that carry a text, with the story they count for now."""
    member, article, source, version = t.story_member.c, t.article.c, t.source.c, t.article_version.c
    # A folder or an aggregator holds texts of many outlets; where the article names its own, that is who carries it.
    name = sa.func.coalesce(sa.func.nullif(version.outlet, ""), source.name).label("name")
    family = sa.func.coalesce(t.story.c.merged_into, t.story.c.id).label("family")
    return (
        sa.select(source.id, name, article.url, source.tier, family, article.id.label("article"), member.copy_of)
        .join_from(t.story_member, t.article, member.article == article.id)
        .join(t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .join(t.source, source.id == article.source)
        .join(t.story, t.story.c.id == member.story)
        .where(member.kind.in_(("item", "copy", "same story")))
        .order_by(sa.case((t.story.c.lead == article.id, 0), else_=1), member.at, article.id)
    )


def told(tx: Tx, story: int) -> dict[str, Told]:
    """What every destination has been told of a story: by destination, the rules and the root message.

    ``delivery`` is the message that replies and updates belong to – the first that was neither refused for good nor
    deleted, 0 if there is none – and ``alert`` the one it tells of.
    """
    by_destination: dict[str, list[Any]] = {}
    for row in tx.rows(_all_told(), {"story": story}):
        by_destination.setdefault(row["destination"], []).append(row)
    return {name: _told(name, rows) for name, rows in by_destination.items()}


@prepared
def _all_told() -> sa.Select[Any]:
    alert, delivery = t.alert.c, t.delivery.c
    return (
        sa.select(
            alert.id,
            alert.destination,
            alert.severity,
            alert.at,
            t.alert_rule.c.rule,
            delivery.id.label("delivery"),
            delivery.state,
            delivery.gone_at,
        )
        .join_from(t.alert, t.story, t.story.c.id == alert.story)
        .outerjoin(t.alert_rule, t.alert_rule.c.alert == alert.id)
        .outerjoin(t.delivery, sa.and_(delivery.alert == alert.id, delivery.op == "post"))
        .where(family())
        .order_by(alert.id, sa.case((delivery.state == "dead", 1), else_=0), delivery.id)
    )


def _told(destination: str, rows: Sequence[Any]) -> Told:
    roots = [row for row in rows if row["delivery"] is not None]
    alive = [row for row in roots if row["state"] != "dead" and row["gone_at"] is None]
    root = next(iter(alive or roots or rows))
    return Told(
        destination=destination,
        rules=frozenset(row["rule"] for row in rows if row["rule"] is not None),
        alert=root["id"],
        delivery=0 if root["gone_at"] else root["delivery"] or 0,
        severity=max((row["severity"] for row in rows), key=SEVERITIES.index),
        # The rows come in the order in which it was told.
        rules_at={row["rule"]: row["at"] for row in rows if row["rule"] is not None},
    )


def family() -> sa.ColumnElement[bool]:
    """The parameter ``story``, or what it was merged into, and all that were merged into that."""
    named = t.story.alias("named")
    kept = sa.func.coalesce(named.c.merged_into, named.c.id)
    standing = sa.select(kept).where(named.c.id == sa.bindparam("story", type_=t.ID)).scalar_subquery()
    return sa.or_(t.story.c.id == standing, t.story.c.merged_into == standing)
