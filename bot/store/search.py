"""The search index: kept up to date beside the articles, asked newest first.

One row for each article with the words of its newest version, as ``bot.search`` makes them. SQLite has them in an
FTS5 table (SQLite 3.9, 2015, and built with it, as Python's installers and Linux distributions do); PostgreSQL in a
table with a GIN index of the single words, and phrases are then looked for in the text of those rows: a tsvector's
own positions end at 16,383, which a Chinese text passes easily.

A row's id is the article's ``order_at`` in seconds, then its id. So the index itself yields the newest first, and
stops when enough are found: what most articles have in common is found as fast as what few have.
Written by the store, not by triggers, which Alembic loses when it rebuilds a table.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from bot.search import INDEX_VERSION, indexed

from . import archive, settings
from . import tables as t
from .facts import articles_with
from .prepared import prepared
from .quotes import articles_quoting
from .records import Found

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Reference
    from bot.search import Query, Term

    from .store import Store, Tx

PROGRESS_KEY = "search_index"
BATCH = 500
# Of a reference or a speaker that is everywhere only the newest are looked through: SQLite takes 32,766 parameters.
MOST_WITH = 20_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Of a row id's 63 bits 29 are the article's id (536 million) and 34 the seconds (until the year 2514).
_ID_BITS = 29
_ID_MASK = (1 << _ID_BITS) - 1
_LAST_SECOND = (1 << 63 - _ID_BITS) - 1

fts = sa.table(
    "article_fts",
    sa.column("rowid", sa.BigInteger),
    sa.column("words", sa.Text),
    sa.column("lexemes", postgresql.TSVECTOR),  # on PostgreSQL only
)


def _row_id(order_at: datetime, article_id: int) -> int:
    seconds = (order_at - _EPOCH) // timedelta(seconds=1)
    return max(0, min(seconds, _LAST_SECOND)) << _ID_BITS | article_id


# ── writing ──────────────────────────────────────────────────────────────────────────────────────


def put(tx: Tx, article_id: int, order_at: datetime, texts: Iterable[str]) -> None:
    """Index an article's newest version in place of what was indexed of it before."""
    _put_rows(tx, [(article_id, order_at, texts)])


def refresh(tx: Tx, article_ids: Sequence[int]) -> None:
    """Index these articles as they are stored now; to be called when their texts were changed or removed."""
    article, version = t.article.c, t.article_version.c
    query = (
        sa.select(article.id, article.order_at, version.title, version.text, version.author, version.outlet)
        .join_from(t.article, t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .where(article.id.in_(sa.bindparam("ids", expanding=True)))
    )
    for start in range(0, len(article_ids), BATCH):
        rows = tx.rows(query, {"ids": article_ids[start : start + BATCH]})
        fields = [
            (row["id"], row["order_at"], (row["title"], row["text"] or "", row["author"], row["outlet"]))
            for row in rows
        ]
        _put_rows(tx, fields)


def remove(tx: Tx, article_ids: Sequence[int]) -> None:
    """Take these articles out; to be called while they are still stored."""
    rows = tx.rows(sa.select(t.article.c.id, t.article.c.order_at).where(t.article.c.id.in_(article_ids)))
    tx.run(sa.delete(fts).where(fts.c.rowid.in_([_row_id(row["order_at"], row["id"]) for row in rows])))


def _put_rows(tx: Tx, rows: Sequence[tuple[int, datetime, Iterable[str]]]) -> None:
    values: list[dict[str, Any]] = []
    for article_id, order_at, texts in rows:
        words = indexed(texts)
        row: dict[str, Any] = {"rowid": _row_id(order_at, article_id), "words": words}
        values.append(row if tx.dialect == "sqlite" else {**row, "single": sorted(set(words.split()))})
    tx.run_many(_put(tx.dialect), values)


@prepared
def _put(dialect: str) -> sa.Insert:
    if dialect == "sqlite":
        return sa.insert(fts).prefix_with("OR REPLACE")
    single = sa.bindparam("single", type_=postgresql.ARRAY(sa.Text))
    statement = postgresql.insert(fts).values(
        rowid=sa.bindparam("rowid"), words=sa.bindparam("words"), lexemes=sa.func.array_to_tsvector(single)
    )
    new = statement.excluded
    return statement.on_conflict_do_update(index_elements=["rowid"], set_={"words": new.words, "lexemes": new.lexemes})


def catch_up(store: Store) -> None:
    """Index what an older version of this program has stored, in batches; where it is stopped it goes on next time.

    Costs one look at a setting if nothing is left to do. Raises StoreError.
    """
    with store.read() as tx:
        done = _progress(tx).get("done")
    while not done:
        with store.write() as tx:
            done = _index_batch(tx)


def _progress(tx: Tx) -> dict[str, Any]:
    """How far the index has come; nothing if its words were made in another way than today's."""
    value = settings.get(tx, PROGRESS_KEY) or {}
    return value if value.get("version") == INDEX_VERSION else {}


def _index_batch(tx: Tx) -> bool:
    """Index the next articles; True if there were none left. Another process may do the same between two batches."""
    progress = _progress(tx)
    if progress.get("done"):
        return True
    if not progress:
        tx.run(sa.delete(fts))
    article = t.article.c
    following = sa.select(article.id).where(article.id > progress.get("upto", 0)).order_by(article.id).limit(BATCH)
    ids = [row["id"] for row in tx.rows(following)]
    refresh(tx, ids)
    value = {"version": INDEX_VERSION, "done": not ids, "upto": ids[-1] if ids else None}
    settings.put(tx, [{"key": PROGRESS_KEY, "value": value}])
    return not ids


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


def search(
    tx: Tx,
    query: Query | None,
    *,
    limit: int,
    since: datetime | None = None,
    source: str | None = None,
    rule: str | None = None,
    reference: Reference | None = None,
    speaker: str | None = None,
) -> list[Found]:
    """The newest ``limit`` articles, by ``order_at`` to the second, whose newest version answers the query.

    ``since`` leaves out what is ordered before it, ``source`` other sources, ``rule`` articles of which this rule
    was found in no version, ``reference`` and ``speaker`` those whose newest version does not hold the one or quote
    the other. Without a query all answer.
    """
    statement = sa.select(fts.c.rowid)
    if query is not None:
        statement = statement.where(_matches(tx.dialect, query))
    if reference is not None:
        statement = statement.where(fts.c.rowid.in_(_rows_of(tx, articles_with(reference))))
    if speaker is not None:
        statement = statement.where(fts.c.rowid.in_(_rows_of(tx, articles_quoting(speaker))))
    if since is not None:
        statement = statement.where(fts.c.rowid >= _row_id(since, 0))
    # Subqueries, so that SQLite walks through the index in its order whatever it thinks of the filters.
    article = t.article.c
    same = article.id == fts.c.rowid.bitwise_and(_ID_MASK)
    if source is not None:
        statement = statement.where(sa.exists().where(same, article.source == source))
    if rule is not None:
        version, mention = t.article_version.c, t.mention.c
        of_article = version.article == fts.c.rowid.bitwise_and(_ID_MASK)
        statement = statement.where(
            sa.exists().where(of_article, mention.article_version == version.id, mention.rule == rule)
        )
    rows = tx.rows(statement.order_by(fts.c.rowid.desc()).limit(limit))
    return _found(tx, [row["rowid"] & _ID_MASK for row in rows])


def _rows_of(tx: Tx, ids: sa.Select[Any]) -> list[int]:
    """The rows of the newest of these articles: their numbers lead to them, however large the index is."""
    article = t.article.c
    query = sa.select(article.id, article.order_at).where(article.id.in_(ids))
    rows = tx.rows(query.order_by(article.order_at.desc(), article.id.desc()).limit(MOST_WITH))
    return [_row_id(row["order_at"], row["id"]) for row in rows]


def mentioned_rules(tx: Tx) -> set[str]:
    """Every rule that was ever found in an article."""
    return {row["rule"] for row in tx.rows(sa.select(t.mention.c.rule).distinct())}


def _found(tx: Tx, ids: Sequence[int]) -> list[Found]:
    if not ids:
        return []
    stored = archive.by_id(tx, ids)
    rules = archive.rules_found(tx, ids)
    wanted = {each.article.source for each in stored.values()}
    query = sa.select(t.source.c.id, t.source.c.name).where(t.source.c.id.in_(wanted))
    names = {row["id"]: row["name"] for row in tx.rows(query)}
    return [
        Found(
            stored=stored[id_],
            source_name=names[stored[id_].article.source],
            rules=tuple(sorted(rules.get(id_, ()))),
        )
        for id_ in ids
        if id_ in stored
    ]


# ── the query in each database's words ───────────────────────────────────────────────────────────
# Words hold letters, digits and marks only: nothing in them means anything to either database.


def _matches(dialect: str, query: Query) -> sa.ColumnElement[bool]:
    if dialect == "sqlite":
        return sa.literal_column("article_fts").bool_op("MATCH")(_fts5(query))
    groups = [sa.or_(*map(_has, group)) for group in query.groups]
    return sa.and_(*groups, *(sa.not_(_has(term)) for term in query.without))


def _fts5(query: Query) -> str:
    """In the language of https://sqlite.org/fts5.html#full_text_query_syntax ."""
    groups = ["(" + " OR ".join(map(_fts5_term, group)) + ")" for group in query.groups]
    wanted = " AND ".join(groups)
    if not query.without:
        return wanted
    return f"({wanted}) NOT (" + " OR ".join(map(_fts5_term, query.without)) + ")"


def _fts5_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.prefix else "")


def _has(term: Term) -> sa.ColumnElement[bool]:
    """By the index every word, and if there are several, by the text that they stand side by side."""
    *first, last = term.words
    every = [*(f"'{word}'" for word in first), f"'{last}'" + (":*" if term.prefix else "")]
    by_index = fts.c.lexemes.bool_op("@@")(sa.cast(" & ".join(every), postgresql.TSQUERY))
    if not first:
        return by_index
    side_by_side = f"% {' '.join(term.words)}" + ("%" if term.prefix else " %")
    return sa.and_(by_index, fts.c.words.like(side_by_side))
