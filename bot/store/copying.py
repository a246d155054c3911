"""A desk carried to another database: every table in the order of its primary key, some rows at a time.

What is in the target already is told by its keys, so that a copy may be killed at any time and goes on where it was.
Until it is whole the target says so in place of its revision, and no Presswatch opens it; see ``migrate.UNFINISHED``.
The search index is not copied but made anew: each database has one of its own kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.errors import StoreError

from . import migrate, search
from . import tables as t
from .checksum import Checksum
from .dialect import by_code_point

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .store import Store, Tx

    Row = Sequence[Any]

# Rows of one writing transaction, and those that are held at once: one may be a text of a million characters.
BATCH, HELD = 2_000, 250
# Differing rows of a table that are named.
NAMED = 5
# Rows that opening a desk writes by itself, from its files: they are no desk yet.
_BY_ITSELF = ("setting", "source", "rule_version")
INDEX = "search index"
_END: Any = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A table on both sides. ``keys`` names the first rows that differ, by their primary keys, as text."""

    table: str
    rows: int
    there: int
    checksum: str
    same: bool
    keys: tuple[str, ...] = ()


def open_source(source: Store) -> None:
    """Open the database that is copied. Raises StoreError if it is none of this version."""
    revision = source.attach()
    if revision == migrate.HEAD:
        return
    source.close()
    if revision is None:
        raise StoreError(
            f"{source.place} is no database of Presswatch: name the one that [database] url or doctor names."
        )
    raise StoreError(
        f"{source.place} is at schema {revision}, this program's is {migrate.HEAD}: bring it there first, with "
        "presswatch db upgrade of this version. Nothing was copied."
    )


def open_target(target: Store) -> None:
    """Open the database that is copied to, and make its tables. Raises StoreError if it holds anything else."""
    revision = target.attach()
    if revision is None:
        target.close()
        target.make_tables()
        revision = migrate.HEAD
    if revision == migrate.UNFINISHED:
        return
    try:
        _take(target, revision)
    except BaseException:
        target.close()
        raise


def _take(target: Store, revision: str) -> None:
    """Empty the tables, where there is nothing that opening a desk does not write by itself, and mark them."""
    if revision != migrate.HEAD:
        raise StoreError(
            f"{target.place} is at schema {revision}, this program's is {migrate.HEAD}. "
            "Name an empty database; nothing was written."
        )
    with target.write() as tx:
        for table in _tables():
            if table.name not in _BY_ITSELF and _count(tx, table):
                raise StoreError(
                    f'{target.place} holds a desk already: there are rows in its table "{table.name}". '
                    "Name an empty database; nothing was written."
                )
        for table in reversed(_tables()):
            tx.run(sa.delete(table))
        _set_revision(tx, migrate.UNFINISHED)


def open_copied(target: Store) -> None:
    """Open the target of a copy, whole or not, to compare it. Raises StoreError if there is none."""
    if target.attach() not in {migrate.HEAD, migrate.UNFINISHED}:
        target.close()
        raise StoreError(f"{target.place} holds no copy of this version's schema: copy without --verify first.")


def total(source: Store) -> int:
    """How many rows there are to copy."""
    with source.read() as tx:
        return sum(_count(tx, table) for table in _tables())


def copy(source: Store, target: Store, on_rows: Callable[[str, int], None]) -> dict[str, int]:
    """Bring over what is missing: how many rows of each table. ``on_rows`` hears of each batch, also of what was there.

    Raises StoreError, also where rows of the target are not the source's.
    """
    copied = {}
    with source.read() as look:
        for table in _tables():
            copied[table.name] = _copy_table(look, target, table, on_rows)
        for table in _tables():
            _point_forward(look, target, table)
        with target.write() as tx:
            for table in _tables():
                if table.dialect_options["sqlite"]["autoincrement"] and (last := look.last_id(table)):
                    tx.set_last_id(table, last)
    search.catch_up(target)
    return copied


def _copy_table(look: Tx, target: Store, table: sa.Table, on_rows: Callable[[str, int], None]) -> int:
    last, there = _known(look, target, table)
    if there:
        on_rows(table.name, there)
    copied = 0
    for rows in _batches(look, _ordered(look, table, last)):
        with target.write() as tx:
            tx.load(table, [_without_forward(table, row) for row in rows])
        copied += len(rows)
        on_rows(table.name, len(rows))
    return copied


def _known(look: Tx, target: Store, table: sa.Table) -> tuple[Row | None, int]:
    """The last key that the target has, and how many rows; the source must have as many up to it."""
    with target.read() as tx:
        keys = _keys(tx, table)
        query = sa.select(*table.primary_key).where(_copied(table)).order_by(*(key.desc() for key in keys)).limit(1)
        found = tx.row(query)
        there = _count(tx, table)
    if found is None:
        return None, 0
    last = tuple(found.values())
    here = _count(look, table, sa.not_(_behind(look, table, last)))
    if here != there:
        raise StoreError(
            f'{target.place} holds rows in its table "{table.name}" that are not of this SOURCE ({there:,} up to its '
            f"last key, where SOURCE has {here:,}): copy into an empty database."
        )
    return last, there


def _batches(look: Tx, query: sa.Select[Any]) -> Iterator[list[Row]]:
    """Rows as they are written together: so many, or fewer where a few of them are large."""
    rows: list[Row] = []
    for some in look.stream(query, HELD):
        rows += some
        if len(rows) >= BATCH or max(map(_size, some)) * HELD > 8_000_000:
            yield rows
            rows = []
    if rows:
        yield rows


def _size(row: Row) -> int:
    return sum(len(value) for value in row if isinstance(value, (str, bytes)))


def _point_forward(look: Tx, target: Store, table: sa.Table) -> None:
    """Write what rows refer to that came after them in their own table: PostgreSQL asks for it to be there."""
    for column in _own(table):
        later = sa.select(table.c.id, column).where(column > table.c.id).order_by(table.c.id)
        statement = sa.update(table).where(table.c.id == sa.bindparam("which", type_=t.ID))
        statement = statement.values({column.name: sa.bindparam("to", type_=t.ID)})
        for rows in _batches(look, later):
            with target.write() as tx:
                tx.run_many(statement, [{"which": id_, "to": to} for id_, to in rows])


def _without_forward(table: sa.Table, row: Row) -> Row:
    own = [place for place, column in enumerate(table.c) if column in _own(table)]
    if not any(row[place] is not None and row[place] > row[0] for place in own):
        return row
    return [None if place in own and value is not None and value > row[0] else value for place, value in enumerate(row)]


def _own(table: sa.Table) -> list[sa.Column[Any]]:
    """The columns that refer to the same table; the first column of such a one is its id."""
    return [column for column in table.c if any(key.column.table is table for key in column.foreign_keys)]


# ── comparing ────────────────────────────────────────────────────────────────────────────────────


def compare(source: Store, target: Store, on_table: Callable[[str], None]) -> Iterator[Compared]:
    """Each table's rows, counted and summed on both sides, and at last the search index. Raises StoreError."""
    with source.read() as here, target.read() as there:
        for table in _tables():
            on_table(table.name)
            sums = [_sum(tx, table) for tx in (here, there)]
            same = sums[0].digest == sums[1].digest and sums[0].rows == sums[1].rows
            yield Compared(
                table=table.name,
                rows=sums[0].rows,
                there=sums[1].rows,
                checksum=sums[0].digest,
                same=same,
                keys=() if same else tuple(_differing(here, there, table)),
            )
        articles = _count(here, t.article)
        indexed = int(there.value(sa.select(sa.func.count()).select_from(search.fts)))
        yield Compared(table=INDEX, rows=articles, there=indexed, checksum="", same=articles == indexed)


def finish(target: Store) -> None:
    """The copy is whole: from now on it is a desk's database."""
    with target.write() as tx:
        _set_revision(tx, migrate.HEAD)
    target.gather_statistics()


def _sum(tx: Tx, table: sa.Table) -> Checksum:
    found = Checksum(table)
    for rows in tx.stream(sa.select(table).where(_copied(table)), HELD):
        found.add(rows)
    return found


def _differing(here: Tx, there: Tx, table: sa.Table) -> Iterator[str]:
    """The keys of the first rows that only one side has, or that are not the same."""
    ours, theirs = _hashed(here, table), _hashed(there, table)
    one, other = next(ours, _END), next(theirs, _END)
    left = NAMED
    while left and (one is not _END or other is not _END):
        if one == other:
            one, other = next(ours, _END), next(theirs, _END)
            continue
        left -= 1
        first = other if one is _END else one if other is _END else min(one, other, key=lambda row: row[0])
        yield "|".join(map(str, first[0]))
        if one is not _END and one[0] == first[0]:
            one = next(ours, _END)
        if other is not _END and other[0] == first[0]:
            other = next(theirs, _END)


def _hashed(tx: Tx, table: sa.Table) -> Iterator[tuple[Row, str]]:
    places = [place for place, column in enumerate(table.c) if column.primary_key]
    for row in chain.from_iterable(tx.stream(_ordered(tx, table), HELD)):
        found = Checksum(table)
        found.add([row])
        yield tuple(row[place] for place in places), found.digest


# ── tables and keys ──────────────────────────────────────────────────────────────────────────────


def _tables() -> list[sa.Table]:
    """Every table behind those that it refers to."""
    return t.metadata.sorted_tables


def _copied(table: sa.Table) -> sa.ColumnElement[bool]:
    """All rows but the one that says how far the search index has come: that is each database's own."""
    return table.c.key != search.PROGRESS_KEY if table is t.setting else sa.true()


def _keys(tx: Tx, table: sa.Table) -> list[sa.ColumnElement[Any]]:
    return [by_code_point(tx.dialect, column) for column in table.primary_key]


def _ordered(tx: Tx, table: sa.Table, last: Row | None = None) -> sa.Select[Any]:
    """All rows by their keys, those behind the key ``last`` only."""
    query = sa.select(table).where(_copied(table)).order_by(*_keys(tx, table))
    return query if last is None else query.where(_behind(tx, table, last))


def _behind(tx: Tx, table: sa.Table, last: Row) -> sa.ColumnElement[bool]:
    columns = list(table.primary_key)
    values = [sa.bindparam(None, value, type_=column.type) for column, value in zip(columns, last, strict=True)]
    return sa.tuple_(*_keys(tx, table)) > sa.tuple_(*values)


def _count(tx: Tx, table: sa.Table, where: sa.ColumnElement[bool] | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(table).where(_copied(table))
    return int(tx.value(query if where is None else query.where(where)))


def _set_revision(tx: Tx, revision: str) -> None:
    tx.run(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
