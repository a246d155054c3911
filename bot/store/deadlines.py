"""The days that count in articles that matched a rule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import DatedArticle

from . import archive
from . import tables as t
from .facts import deadline_of

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.engine import RowMapping

    from bot.model import Deadline

    from .store import Tx


def between(tx: Tx, first: date, last: date) -> tuple[DatedArticle, ...]:
    """Every deadline from ``first`` to ``last``, both included, of newest versions of articles that matched a rule.

    The soonest first, on one day by article. Retracted dates are gone: an article's newer version has its own. Where a
    source limits what may be quoted, day and title are told without the sentence.
    """
    rows = tx.rows(_query(first, last))
    rules = archive.rules_found(tx, sorted({row["article"] for row in rows}))
    names = ("source", "key", "source_name", "outlet", "title", "title_derived", "url", "canonical_url", "tier")
    return tuple(
        DatedArticle(
            deadline=_told(row),
            article=row["article"],
            story=row["family"],
            published_at=row["published_at"],
            rules=tuple(sorted(rules[row["article"]])),
            **{name: row[name] for name in names},
        )
        for row in rows
        if rules.get(row["article"])
    )


def _told(row: RowMapping) -> Deadline:
    deadline = deadline_of(row)
    return deadline if row["excerpt"] is None else replace(deadline, sentence="")


def _query(first: date, last: date) -> sa.Select[Any]:
    deadline, version, article, story = t.deadline.c, t.article_version.c, t.article.c, t.story.c
    return (
        sa.select(
            t.deadline,
            article.id.label("article"),
            article.source,
            article.key,
            article.url,
            article.canonical_url,
            article.published_at,
            archive.title_shown().label("title"),
            t.source.c.excerpt,
            version.title_derived,
            version.outlet,
            t.source.c.tier,
            t.source.c.name.label("source_name"),
            sa.func.coalesce(story.merged_into, story.id).label("family"),
        )
        .join_from(t.deadline, t.article_version, version.id == deadline.article_version)
        .join(t.article, sa.and_(article.id == version.article, article.versions == version.n))
        .join(t.source, t.source.c.id == article.source)
        .join(t.story, story.id == article.story)
        .where(deadline.day >= first, deadline.day <= last)
        .order_by(deadline.day, article.id, deadline.id)
    )
