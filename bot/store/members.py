"""Stories as people look them up: who leads, who carries the same text, who tells the same event, what is related."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import tables as t
from .archive import title_shown
from .records import StoryMember, StoryRecord

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from .store import Tx

_PAGE = 500


def recent(tx: Tx, limit: int, *, since: datetime | None = None, several: bool = False) -> list[StoryRecord]:
    """The stories that a member joined last, newest first; with ``several`` only those of more than one article.

    ``since`` leaves out stories without a member since then. Related articles do not make a story one of several.
    """
    story, member = t.story.c, t.story_member.c
    family = sa.func.coalesce(story.merged_into, story.id).label("family")
    latest = sa.func.max(story.last_at)
    query = (
        sa.select(family)
        .join_from(t.story, t.story_member, sa.and_(member.story == story.id, member.kind != "related"))
        .group_by(family)
        .order_by(latest.desc(), family.desc())
        .limit(limit)
    )
    if since is not None:
        query = query.having(latest >= since)
    if several:
        query = query.having(sa.func.count() > 1)
    return _records(tx, [row["family"] for row in tx.rows(query)])


def _records(tx: Tx, stories: Sequence[int]) -> list[StoryRecord]:
    """These stories, in this order, with those that were merged into them."""
    rows: dict[int, list[RowMapping]] = {story: [] for story in stories}
    for start in range(0, len(stories), _PAGE):
        for row in tx.rows(_members(), {"stories": list(stories[start : start + _PAGE])}):
            rows[row["family"]].append(row)
    return [_record(story, found) for story, found in rows.items() if found]


def _members() -> sa.Select[Any]:
    """Members of stories, the lead first, then in order of arrival."""
    story, member, article, source, version = (
        t.story.c,
        t.story_member.c,
        t.article.c,
        t.source.c,
        t.article_version.c,
    )
    family = sa.func.coalesce(story.merged_into, story.id)
    own = t.story.alias("own")
    return (
        sa.select(
            family.label("family"),
            story.opened_at,
            story.last_at,
            sa.case((sa.and_(story.lead == article.id, story.id == family), 1), else_=0).label("leads"),
            member.kind,
            member.score,
            member.reason,
            member.copy_of,
            article.id,
            article.source,
            article.key,
            article.url,
            article.published_at,
            article.first_seen,
            title_shown().label("title"),
            sa.func.coalesce(sa.func.nullif(version.outlet, ""), source.name).label("name"),
            source.tier,
            sa.func.coalesce(own.c.merged_into, own.c.id).label("home"),
        )
        .join_from(t.story_member, t.story, story.id == member.story)
        .join(t.article, article.id == member.article)
        .join(own, own.c.id == article.story)
        .join(t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .join(t.source, source.id == article.source)
        .where(family.in_(sa.bindparam("stories", expanding=True)))
        .order_by(sa.desc("leads"), member.at, article.id)
    )


def _record(story: int, rows: Sequence[RowMapping]) -> StoryRecord:
    """One story: "related" only counts where the other article has remained outside."""
    inside = [row for row in rows if row["kind"] != "related"]
    members = [_member(row) for row in inside]
    known = {member.article for member in members}
    related = {row["id"]: _member(row) for row in rows if row["kind"] == "related" and row["id"] not in known}
    return StoryRecord(
        id=story,
        opened_at=min(row["opened_at"] for row in rows),
        last_at=max(row["last_at"] for row in rows),
        lead=members[0],
        members=tuple(members[1:]),
        related=tuple(related.values()),
    )


def _member(row: RowMapping) -> StoryMember:
    return StoryMember(
        article=row["id"],
        story=row["home"],
        kind=row["kind"],
        score=row["score"],
        reason=row["reason"],
        copy_of=row["copy_of"],
        title=row["title"],
        url=row["url"],
        key=row["key"],
        source=row["source"],
        source_name=row["name"],
        tier=row["tier"],
        published_at=row["published_at"],
        first_seen=row["first_seen"],
    )
