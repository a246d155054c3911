"""Reading stored articles back, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Article

from . import tables as t
from .dialect import among
from .prepared import prepared
from .records import Archived

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from .store import Tx

_PAGE = 500


def archive(tx: Tx, *, since: datetime | None = None, limit: int | None = None) -> Iterator[Archived]:
    """Stored articles in their newest versions, newest first by ``order_at``, read page by page.

    ``since`` leaves out articles ordered before it. The iterator works within the transaction only.
    """
    left = limit
    after: tuple[datetime, int] | None = None
    while left is None or left > 0:
        size = _PAGE if left is None else min(_PAGE, left)
        found = page(tx, since, after, size)
        yield from found
        if len(found) < size:
            return
        after = (found[-1].order_at, found[-1].id)
        left = None if left is None else left - size


def page(tx: Tx, since: datetime | None, after: tuple[datetime, int] | None, size: int) -> list[Archived]:
    """The first ``size`` articles behind one, given by its ``order_at`` and id; as :func:`archive` has them."""
    return archived(tx, tx.rows(behind(_newest_versions(), since, after, size)))


def behind(
    query: sa.Select[Any], since: datetime | None, after: tuple[datetime, int] | None, size: int
) -> sa.Select[Any]:
    """Of a query of articles the first ``size`` behind one, newest first by ``order_at`` and then by id."""
    article = t.article.c
    query = query.order_by(article.order_at.desc(), article.id.desc()).limit(size)
    if since is not None:
        query = query.where(article.order_at >= since)
    if after is not None:
        moment = sa.bindparam("after", after[0], t.Moment)
        earlier = sa.and_(article.order_at == moment, article.id < after[1])
        query = query.where(article.order_at <= moment, sa.or_(article.order_at < moment, earlier))
    return query


def get(tx: Tx, article_id: int) -> Archived | None:
    """One article in its newest version."""
    found = archived(tx, tx.rows(_one(), {"wanted": article_id}))
    return found[0] if found else None


@prepared
def _one() -> sa.Select[Any]:
    return _newest_versions().where(t.article.c.id == sa.bindparam("wanted", type_=t.ID))


def by_id(tx: Tx, ids: Sequence[int]) -> dict[int, Archived]:
    """These articles in their newest versions; one that does not exist is left out."""
    query = _newest_versions().where(t.article.c.id.in_(sa.bindparam("ids", expanding=True)))
    pages = (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))
    return {stored.id: stored for page in pages for stored in archived(tx, tx.rows(query, {"ids": page}))}


def baseline_matches(tx: Tx, limit: int) -> list[Archived]:
    """Articles of first polls that match rules in force when they came, and were not alerted; newest first."""
    article = t.article.c
    matched = sa.exists().where(t.mention.c.article_version == t.article_version.c.id)
    query = _newest_versions().where(article.state == "baseline", matched)
    return archived(tx, tx.rows(query.order_by(article.order_at.desc(), article.id.desc()).limit(limit)))


def _newest_versions() -> sa.Select[Any]:
    article, version = t.article.c, t.article_version.c
    return (
        sa.select(
            t.article,
            version.id.label("version"),
            version.title,
            version.title_derived,
            version.author,
            version.outlet,
            version.lang,
            version.text,
            version.text_seen,
            version.text_reason,
            version.content_hash,
            t.source.c.tier,
            t.source.c.excerpt,
            sa.func.coalesce(t.story.c.merged_into, article.story).label("standing"),
        )
        .join_from(t.article, t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .join(t.source, t.source.c.id == article.source)
        .join(t.story, t.story.c.id == article.story)
    )


def archived(tx: Tx, rows: Sequence[RowMapping]) -> list[Archived]:
    """Rows of articles as values, with the rules of the versions shown."""
    rules: dict[int, dict[str, str]] = {}
    for start in range(0, len(rows), _PAGE):
        versions = [row["version"] for row in rows[start : start + _PAGE]]
        for row in tx.rows(_rules_of(tx.dialect), {"versions": versions}):
            rules.setdefault(row["article_version"], {})[row["rule"]] = row["rule_hash"]
    return [_archived(row, rules.get(row["version"], {})) for row in rows]


@prepared
def _rules_of(dialect: str) -> sa.Select[Any]:
    mention = t.mention.c
    query = sa.select(mention.article_version, mention.rule, mention.rule_hash)
    return query.where(among(dialect, mention.article_version, "versions")).order_by(mention.id)


def title_shown() -> sa.ColumnElement[str]:
    """A version's title as readers may see it: a derived one is words of the text, which its source may limit."""
    title, limit = t.article_version.c.title, t.source.c.excerpt
    beginning = sa.case((limit > 0, sa.func.substr(title, 1, limit - 1).concat("…")), else_="")
    return sa.case((sa.and_(t.article_version.c.title_derived, sa.func.length(title) > limit), beginning), else_=title)


def article_of(row: RowMapping | Mapping[str, Any], body: str) -> Article:
    """A row of an article and one of its versions as the noun; its text comes apart, for not everybody reads it.

    The row holds the source's ``tier`` and ``excerpt`` too: without the latter more might be quoted than is allowed.
    """
    return Article(
        source=row["source"],
        key=row["key"],
        key_kind=row["key_kind"],
        fingerprint=row["fingerprint"],
        content_hash=row["content_hash"],
        title=row["title"],
        body=body,
        title_derived=row["title_derived"],
        url=row["url"],
        canonical_url=row["canonical_url"],
        author=row["author"],
        outlet=row["outlet"],
        lang=row["lang"],
        tier=row["tier"],
        text_seen=row["text_seen"],
        text_reason=row["text_reason"] or "",
        excerpt=row["excerpt"],
        published_raw=row["published_raw"],
        published_at=row["published_at"],
        date_origin=row["date_origin"],
    )


def _archived(row: RowMapping, rules: Mapping[str, str]) -> Archived:
    return Archived(
        id=row["id"],
        article=article_of(row, row["text"] or ""),
        first_seen=row["first_seen"],
        order_at=row["order_at"],
        state=row["state"],
        story=row["standing"],
        rules=rules,
    )


def rules_found(tx: Tx, ids: Sequence[int]) -> dict[int, set[str]]:
    """Article → rules found in any of its versions."""
    version, mention = t.article_version.c, t.mention.c
    query = (
        sa.select(version.article, mention.rule)
        .distinct()
        .join_from(t.mention, t.article_version, mention.article_version == version.id)
        .where(version.article.in_(sa.bindparam("ids", expanding=True)))
    )
    found: dict[int, set[str]] = {}
    for start in range(0, len(ids), _PAGE):
        for row in tx.rows(query, {"ids": ids[start : start + _PAGE]}):
            found.setdefault(row["article"], set()).add(row["rule"])
    return found
