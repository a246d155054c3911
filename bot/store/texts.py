"""The archive's newest texts, with no more of each article than matching and telling need: quick enough to replay."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Article

from . import tables as t
from .archive import behind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from .store import Tx

_PAGE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """An article in its newest version. Of ``article`` only what rules look at is filled in.

    ``story`` is the one in which it stands now. ``first_poll``: it came with its source's first poll, and nobody was
    told. ``removed``: retention has taken the text away, so that there is nothing to match.
    """

    id: int
    article: Article
    order_at: datetime
    story: int
    first_poll: bool
    removed: bool


def since(tx: Tx, begin: datetime) -> Iterator[StoredText]:
    """The articles ordered at ``begin`` or later, newest first. The iterator works within the transaction only."""
    after: tuple[datetime, int] | None = None
    while True:
        rows = tx.rows(behind(_texts(), begin, after, _PAGE))
        yield from map(_text, rows)
        if len(rows) < _PAGE:
            return
        after = (rows[-1]["order_at"], rows[-1]["id"])


def number(tx: Tx, begin: datetime) -> int:
    """How many articles :func:`since` gives."""
    return int(tx.value(sa.select(sa.func.count()).where(t.article.c.order_at >= begin)))


def first_seen(tx: Tx) -> datetime | None:
    """When the oldest article of the archive came; None while there is none."""
    found: datetime | None = tx.value(sa.select(sa.func.min(t.article.c.first_seen, type_=t.Moment)))
    return found


@cache
def _texts() -> sa.Select[Any]:
    article, version = t.article.c, t.article_version.c
    return (
        sa.select(
            article.id,
            article.source,
            article.url,
            article.canonical_url,
            article.published_at,
            article.order_at,
            article.state,
            version.title,
            version.title_derived,
            version.author,
            version.lang,
            version.text,
            version.text_removed_at,
            t.source.c.tier,
            sa.func.coalesce(t.story.c.merged_into, article.story).label("standing"),
        )
        .join_from(t.article, t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .join(t.source, t.source.c.id == article.source)
        .join(t.story, t.story.c.id == article.story)
    )


def _text(row: RowMapping) -> StoredText:
    article = Article(
        source=row["source"],
        key="",
        key_kind="guid",
        fingerprint="",
        content_hash="",
        title=row["title"],
        body=row["text"] or "",
        title_derived=row["title_derived"],
        url=row["url"],
        canonical_url=row["canonical_url"],
        author=row["author"],
        lang=row["lang"],
        tier=row["tier"],
        published_at=row["published_at"],
    )
    return StoredText(
        id=row["id"],
        article=article,
        order_at=row["order_at"],
        story=row["standing"],
        first_poll=row["state"] == "baseline",
        removed=row["text_removed_at"] is not None,
    )
