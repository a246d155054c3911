"""Articles, their versions, what rules found in them, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import NORMALISER_VERSION, STATES

from . import search
from . import tables as t
from .archive import archive, baseline_matches, get, page, rules_found
from .dialect import insert
from .prepared import at_once, prepared
from .records import Known, Ref

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.model import Article, ArticleState, Decision, Mention

    from .store import Tx

__all__ = [
    "add",
    "add_decisions",
    "add_mentions",
    "add_version",
    "adopt_key",
    "archive",
    "baseline_matches",
    "get",
    "known",
    "page",
    "set_state",
    "set_states",
]

# The ledger: an article's state only ever rises.
PRECEDENCE: tuple[ArticleState, ...] = STATES[::-1]
# Databases limit the parameters of one statement (SQLite: 32,766, https://sqlite.org/limits.html).
_CHUNK = 500


# ── what is known ────────────────────────────────────────────────────────────────────────────────


def known(tx: Tx, source_id: str, articles: Iterable[Article]) -> dict[str, Known]:
    """Which of these a source has brought before, by the key they have now.

    An article is recognised by its key, else (feeds do change their ids) by its fingerprint within the
    source; of several with one fingerprint the newest counts.
    """
    wanted = {article.key: article.fingerprint for article in articles}
    by_key = _find(tx, source_id, t.article.c.key, wanted)
    others = {fingerprint for key, fingerprint in wanted.items() if key not in by_key}
    by_fingerprint = _find(tx, source_id, t.article.c.fingerprint, others)
    rows = {
        key: by_key.get(key) or by_fingerprint[fingerprint]
        for key, fingerprint in wanted.items()
        if key in by_key or fingerprint in by_fingerprint
    }
    matched = rules_found(tx, sorted({row["id"] for row in rows.values()}))
    return {key: _known(row, frozenset(matched.get(row["id"], ()))) for key, row in rows.items()}


def _find(tx: Tx, source_id: str, column: sa.Column[str], values: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    article, version = t.article.c, t.article_version.c
    query = (
        sa.select(
            article.id,
            article.key,
            sa.func.coalesce(t.story.c.merged_into, article.story).label("story"),
            article.state,
            article.canonical_url,
            article.published_at,
            article.first_seen,
            version.id.label("version"),
            version.n,
            version.title,
            version.content_hash,
            column.label("found"),
        )
        .join_from(t.article, t.article_version, _newest())
        .join(t.story, t.story.c.id == article.story)
        .where(article.source == source_id, column.in_(sa.bindparam("values", expanding=True)))
        .order_by(article.id)
    )
    found: dict[str, Mapping[str, Any]] = {}
    for chunk in _chunks(sorted(values)):
        found.update({row["found"]: dict(row) for row in tx.rows(query, {"values": chunk})})
    return found


def _known(row: Mapping[str, Any], rules: frozenset[str]) -> Known:
    return Known(
        id=row["id"],
        key=row["key"],
        version=row["version"],
        n=row["n"],
        content_hash=row["content_hash"],
        title=row["title"],
        canonical_url=row["canonical_url"],
        published_at=row["published_at"],
        first_seen=row["first_seen"],
        story=row["story"],
        state=row["state"],
        rules=rules,
    )


def _newest() -> sa.ColumnElement[bool]:
    return sa.and_(t.article_version.c.article == t.article.c.id, t.article_version.c.n == t.article.c.versions)


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[start : start + _CHUNK] for start in range(0, len(values), _CHUNK))


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


@prepared
def _add_article(dialect: str) -> sa.Insert:
    statement = insert(dialect, t.article).on_conflict_do_nothing(index_elements=["source", "key"])
    return statement.returning(t.article.c.id)


@prepared
def _add_version(dialect: str) -> sa.Insert:
    return insert(dialect, t.article_version).returning(t.article_version.c.id)


@prepared
def _add_mention(dialect: str) -> sa.Insert:
    return at_once(insert(dialect, t.mention).on_conflict_do_nothing())


def add(
    tx: Tx,
    article: Article,
    *,
    state: ArticleState,
    first_seen: datetime,
    order_at: datetime,
    story: int,
) -> Ref:
    """Store a new article with its first version.

    If its source has brought the key before, nothing is written and the stored article is returned with
    ``new`` False: the unique key decides, not an earlier look.
    """
    values = {
        "source": article.source,
        "key": article.key,
        "key_kind": article.key_kind,
        "fingerprint": article.fingerprint,
        "url": article.url,
        "canonical_url": article.canonical_url,
        "first_seen": first_seen,
        "published_raw": article.published_raw,
        "published_at": article.published_at,
        "date_origin": article.date_origin,
        "order_at": order_at,
        "state": state,
        "story": story,
        "versions": 1,
    }
    article_id = tx.value(_add_article(tx.dialect), values)
    if article_id is None:
        there = known(tx, article.source, [article])[article.key]
        return Ref(article=there.id, version=there.version, new=False)
    version = tx.value(_add_version(tx.dialect), _version_values(article, article_id, 1, first_seen))
    search.put(tx, article_id, order_at, _searched(article))
    return Ref(article=article_id, version=version)


def add_version(tx: Tx, article_id: int, article: Article, at: datetime) -> Ref:
    """Store a changed text as the article's newest version; its fingerprint, address and dates follow.

    What these were until now stays with the version before.
    """
    _keep_what_was(tx, article_id, article)
    stored = tx.row(
        sa.update(t.article)
        .where(t.article.c.id == article_id)
        .values(
            versions=t.article.c.versions + 1,
            fingerprint=article.fingerprint,
            url=article.url,
            canonical_url=article.canonical_url,
            published_raw=article.published_raw,
            published_at=article.published_at,
            date_origin=article.date_origin,
        )
        .returning(t.article.c.versions, t.article.c.order_at)
    )
    if stored is None:
        raise LookupError(f"there is no article {article_id}")
    version = tx.value(_add_version(tx.dialect), _version_values(article, article_id, stored["versions"], at))
    search.put(tx, article_id, stored["order_at"], _searched(article))
    return Ref(article=article_id, version=version)


# What an article has from its newest version, and decisions depend on.
_FOLLOWING = ("url", "canonical_url", "published_raw", "published_at", "date_origin")


def _keep_what_was(tx: Tx, article_id: int, new: Article) -> None:
    columns = t.article.c
    before = tx.row(
        sa.select(columns.versions, *(columns[name] for name in _FOLLOWING)).where(columns.id == article_id)
    )
    if before is None or all(before[name] == getattr(new, name) for name in _FOLLOWING):
        return
    was = {name: before[name] for name in _FOLLOWING}
    was["published_at"] = was["published_at"].isoformat() if was["published_at"] else None
    version = t.article_version.c
    last = sa.and_(version.article == article_id, version.n == before["versions"])
    tx.run(sa.update(t.article_version).where(last).values(was=was))


def adopt_key(tx: Tx, article_id: int, article: Article) -> None:
    """Know a stored article by the key it has now: feeds change their ids, and an edit may follow under the new one."""
    named = sa.update(t.article).where(t.article.c.id == article_id)
    tx.run(named.values(key=article.key, key_kind=article.key_kind))


def _searched(article: Article) -> tuple[str, ...]:
    return article.title, article.body, article.author, article.outlet


def _version_values(article: Article, article_id: int, number: int, at: datetime) -> dict[str, Any]:
    return {
        "article": article_id,
        "n": number,
        "at": at,
        "title": article.title,
        "title_derived": article.title_derived,
        "author": article.author,
        "outlet": article.outlet,
        "lang": article.lang,
        "text": article.body,
        "text_seen": article.text_seen,
        "text_reason": article.text_reason or None,
        "normaliser_version": NORMALISER_VERSION,
        "content_hash": article.content_hash,
    }


def add_mentions(tx: Tx, version_id: int, mentions: Iterable[Mention]) -> None:
    """Store what rules found in one version of an article; the same match twice is stored once."""
    rows = []
    for mention in mentions:
        named = next((hit for hit in mention.hits if hit.entity is not None), None)
        rows.append(
            {
                "article_version": version_id,
                "rule": mention.rule,
                "rule_hash": mention.rule_hash,
                "entity": named.entity if named else None,
                "alias": named.alias if named else None,
                "score": mention.score,
                "evidence": mention.evidence(),
            }
        )
    tx.run_many(_add_mention(tx.dialect), rows)


def set_state(tx: Tx, article_id: int, state: ArticleState) -> bool:
    """Raise an article's ledger state; False if it stands as high already, and stays as it is."""
    return set_states(tx, [article_id], state) == 1


def set_states(tx: Tx, article_ids: Sequence[int], state: ArticleState) -> int:
    """Raise the ledger state of many articles; how many stood lower."""
    lower = PRECEDENCE[: PRECEDENCE.index(state)]
    columns = t.article.c
    raised = 0
    for chunk in _chunks(article_ids):
        statement = sa.update(t.article).where(columns.id.in_(chunk), columns.state.in_(lower))
        raised += tx.run(statement.values(state=state))
    return raised


def add_decisions(tx: Tx, decisions: Iterable[Decision], at: datetime, look: int | None = None) -> None:
    """Write down why which destination was told of what, or was not; ``look`` is what that was decided from."""
    rows = [
        {
            "article": decision.article,
            "rule": decision.rule,
            "destination": decision.destination,
            "verdict": decision.verdict,
            "reason": decision.reason,
            "at": at,
            "look": look,
        }
        for decision in decisions
    ]
    tx.run_many(_add_decision(), rows)


@prepared
def _add_decision() -> sa.Insert:
    return at_once(sa.insert(t.decision))
