"""Articles that are removed whole, with all that hangs on them; they are known again by salted hashes.

A story goes as one, when nothing has come to it for long enough: a story is never left with half of its articles.
What refers to its rows is found in the tables themselves, so that a table that is added later needs no word here.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import search, settings
from . import tables as t
from .dialect import insert
from .line import OPEN
from .prepared import at_once, prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from bot.model import Article

    from .store import Tx

SALT_KEY = "forgotten"
# Stories looked at in one reading transaction; hashes asked for in one statement.
LOOK = 500
_BYTES = 16


def due(tx: Tx, before: datetime, after: int = 0) -> list[int]:
    """The next stories behind the story ``after`` that may go: all that belongs to them came before ``before``.

    None of which a message still waits.
    """
    story, article, delivery = t.story.c, t.article.c, t.delivery.c
    later = t.story.alias("later")
    family = sa.or_(later.c.id == story.id, later.c.merged_into == story.id)
    late = sa.exists().where(family, article.story == later.c.id, article.first_seen >= before)
    waiting = sa.exists().where(family, t.alert.c.story == later.c.id)
    waiting = waiting.where(delivery.alert == t.alert.c.id, delivery.state.in_(OPEN))
    query = sa.select(story.id).where(story.id > after, story.merged_into.is_(None), story.last_at < before)
    rows = tx.rows(query.where(~late, ~waiting).order_by(story.id).limit(LOOK))
    return [row["id"] for row in rows]


def count(tx: Tx, stories: Sequence[int]) -> int:
    """How many articles belong to these stories and to those that were merged into them."""
    return len(_ids(tx, t.article, t.article.c.story.in_(_family(tx, stories))))


def remove(tx: Tx, stories: Sequence[int], now: datetime) -> int:
    """Remove these stories with their articles, alerts and messages; how many articles there were."""
    family = _family(tx, stories)
    articles = _ids(tx, t.article, t.article.c.story.in_(family))
    told = t.alert.c.story.in_(family) | t.alert.c.article.in_(articles)
    alerts = _ids(tx, t.alert, told)
    gone = {
        t.story: family,
        t.article: articles,
        t.article_version: _ids(tx, t.article_version, t.article_version.c.article.in_(articles)),
        t.alert: alerts,
        t.delivery: _ids(tx, t.delivery, t.delivery.c.alert.in_(alerts) | t.delivery.c.story.in_(family)),
    }
    _remember(tx, articles, now)
    search.remove(tx, articles)
    for table in reversed(t.metadata.sorted_tables):
        for column, ids in _references(table, gone):
            _let_go(tx, table, column, ids, gone.get(table))
        if table in gone:
            tx.run(sa.delete(table).where(table.c.id.in_(gone[table])))
    return len(articles)


def _references(table: sa.Table, gone: dict[sa.Table, list[int]]) -> Iterable[tuple[sa.Column[Any], list[int]]]:
    for column in table.columns:
        for key in column.foreign_keys:
            if key.column.table in gone:
                yield column, gone[key.column.table]


def _let_go(tx: Tx, table: sa.Table, column: sa.Column[Any], ids: list[int], own: list[int] | None) -> None:
    """Rows that must refer to what goes go too; others stay and refer to nothing. Rows of ``own`` go in any case."""
    if column.nullable:
        stays = column.in_(ids) if own is None else column.in_(ids) & table.c.id.not_in(own)
        tx.run(sa.update(table).where(stays).values({column.name: None}))
    elif own is None:
        tx.run(sa.delete(table).where(column.in_(ids)))


def _family(tx: Tx, stories: Sequence[int]) -> list[int]:
    return _ids(tx, t.story, t.story.c.id.in_(stories) | t.story.c.merged_into.in_(stories))


def _ids(tx: Tx, table: sa.Table, where: sa.ColumnElement[bool]) -> list[int]:
    return [row["id"] for row in tx.rows(sa.select(table.c.id).where(where))]


# ── known again ──────────────────────────────────────────────────────────────────────────────────


def known(tx: Tx, source: str, articles: Collection[Article]) -> set[str]:
    """The keys of those of a source's articles that were removed, told by their keys or by their words."""
    salt = _salt(tx) if articles else None
    if salt is None:
        return set()
    asked = {
        _hash(salt, kind, source, name): one.key for one in articles for kind, name in _names(one.key, one.fingerprint)
    }
    hashes, found = list(asked), set()
    for start in range(0, len(hashes), LOOK):
        query = sa.select(t.forgotten.c.hash).where(t.forgotten.c.hash.in_(hashes[start : start + LOOK]))
        found |= {asked[bytes(row["hash"])] for row in tx.rows(query)}
    return found


def _remember(tx: Tx, articles: Sequence[int], now: datetime) -> None:
    salt = _salt(tx)
    if salt is None:
        salt = secrets.token_bytes(32)
        tx.run(sa.insert(t.setting).values(key=SALT_KEY, value={"salt": salt.hex()}, at=now))
    article = t.article.c
    rows = tx.rows(sa.select(article.source, article.key, article.fingerprint).where(article.id.in_(articles)))
    hashes = {
        _hash(salt, kind, row["source"], name) for row in rows for kind, name in _names(row["key"], row["fingerprint"])
    }
    tx.run_many(_add(tx.dialect), [{"hash": each, "at": now} for each in sorted(hashes)])


@prepared
def _add(dialect: str) -> sa.Insert:
    return at_once(insert(dialect, t.forgotten).on_conflict_do_nothing())


def _salt(tx: Tx) -> bytes | None:
    value = settings.get(tx, SALT_KEY)
    return bytes.fromhex(value["salt"]) if value else None


def _names(key: str, fingerprint: str) -> Iterable[tuple[str, str]]:
    return ("key", key), ("fingerprint", fingerprint)


def _hash(salt: bytes, *parts: str) -> bytes:
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, key=salt, digest_size=_BYTES).digest()
