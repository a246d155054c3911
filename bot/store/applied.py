"""What a rule that is applied to the archive writes beside the articles that were stored long before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import tables as t

if TYPE_CHECKING:
    from .store import Tx


def newest_version(tx: Tx, article_id: int, content_hash: str) -> tuple[int, int] | None:
    """Row and number of the article's newest version; None where that is not the one of this hash any more."""
    article, version = t.article.c, t.article_version.c
    query = (
        sa.select(version.id, version.n)
        .join_from(t.article, t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .where(article.id == article_id, version.content_hash == content_hash)
    )
    found = tx.row(query)
    return None if found is None else (int(found["id"]), int(found["n"]))
