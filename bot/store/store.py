"""The open database and its two kinds of transaction."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from . import migrate, search, tables
from .dialect import (
    BESIDE,
    WRITES,
    database_url,
    last_id,
    load,
    make_engine,
    place,
    prepare_folder,
    set_last_id,
    translate,
)
from .prepared import Prepared, usual
from .records import Version

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy.engine import Connection, Engine, RowMapping

    from .prepared import Statement, Values

LOCK_TIMEOUT = 10.0


class Tx:
    """One transaction. Callers hand it to the store's functions and use nothing of it themselves."""

    __slots__ = ("_connection", "dialect", "queued")

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect.name
        # The destinations that messages were queued for in this transaction.
        self.queued: set[str] = set()

    def rows(self, statement: Statement, values: Values | None = None) -> Sequence[RowMapping]:
        """All rows of a query (inside the store only)."""
        if short := self._short(statement):
            # They are asked for their columns only, which a dictionary has as well.
            return cast("Sequence[RowMapping]", short.read(self._connection, values or {}))
        return self._connection.execute(usual(statement), values).mappings().all()

    def row(self, statement: Statement, values: Values | None = None) -> RowMapping | None:
        """The first row of a query, or None."""
        if self._short(statement):
            return next(iter(self.rows(statement, values)), None)
        return self._connection.execute(usual(statement), values).mappings().first()

    def value(self, statement: Statement, values: Values | None = None) -> Any:  # noqa: ANN401 - whatever the column holds
        """The first column of the first row, or None."""
        if short := self._short(statement):
            return short.value(self._connection, values or {})
        return self._connection.execute(usual(statement), values).scalar()

    def run(self, statement: Statement, values: Values | None = None) -> int:
        """Write; the number of rows that were touched."""
        if short := self._short(statement):
            return short.run(self._connection, values or {}).rowcount
        return self._connection.execute(usual(statement), values).rowcount

    def run_many(self, statement: Statement, values: Sequence[Values]) -> None:
        """Write one row for each of ``values``."""
        if not values:
            return
        if short := self._short(statement):
            short.run_many(self._connection, values)
        elif (whole := self._together(statement, values)) is not None:
            names = tuple(values[0])
            self._connection.execute(whole, {name: [row[name] for row in values] for name in names})
        else:
            self._connection.execute(usual(statement), values)

    def _together(self, statement: Statement, values: Sequence[Values]) -> sa.Insert | None:
        if not isinstance(statement, Prepared) or self.dialect != "postgresql" or len(values) == 1:
            return None
        return statement.together(tuple(values[0]))

    def stream(self, statement: sa.Select[Any], size: int) -> Iterator[Sequence[sa.Row[Any]]]:
        """The rows of a query, ``size`` at a time: no more are held at once. For use within the transaction."""
        result = self._connection.execute(statement, execution_options={"yield_per": size})
        yield from result.partitions()

    def load(self, table: sa.Table, rows: Sequence[Sequence[Any]]) -> None:
        """Write whole rows, each with the values of all columns in the table's order: the fastest way there is."""
        load(self._connection, table, rows)

    def last_id(self, table: sa.Table) -> int:
        """The last id that the table has given out; 0 if none."""
        return last_id(self._connection, table)

    def set_last_id(self, table: sa.Table, value: int) -> None:
        """Let the table give out ids above this one only."""
        set_last_id(self._connection, table, value)

    def script(self, text: str) -> None:
        """Run several statements as they stand, without values."""
        driver = self._connection.connection.driver_connection
        if driver is not None:
            driver.execute(text)

    def _short(self, statement: Statement) -> Prepared | None:
        return statement if isinstance(statement, Prepared) and self.dialect == "sqlite" else None


class Store:
    """A database of Presswatch. May be opened in one thread and used in another, and by several processes.

    ``url`` is ``sqlite:///path`` or ``postgresql://…``; a transaction waits at most ``timeout`` seconds for its
    turn. Every method raises StoreLocked, StoreFull, StoreNewer or StoreUnreachable, each with a sentence that
    names the database and the remedy; after such an error nothing of the transaction was written.
    """

    def __init__(self, url: str, *, timeout: float = LOCK_TIMEOUT) -> None:
        self.url = database_url(url)
        self.place = place(self.url)
        self._engine: Engine | None = None
        self._timeout = timeout
        # Told, inside the transaction, where messages were queued: it writes the hint that others wait for.
        self.hint: Callable[[Tx, Collection[str]], None] | None = None

    @property
    def engine(self) -> Engine:
        """The engine (inside the store only). Raises RuntimeError after :meth:`close`: a bug of the caller."""
        if self._engine is None:
            raise RuntimeError("this store is not open")
        return self._engine

    def open(self, *, backup_dir: Path | None = None) -> None:
        """Make or upgrade the tables where needed; an existing file is copied to ``backup_dir`` first.

        Without ``backup_dir`` the copy is made in a folder ``backups`` beside the file. Articles that the search
        index does not know yet are indexed.
        """
        prepare_folder(self.url)
        self._engine = make_engine(self.url, self._timeout)
        try:
            with self._translated():
                migrate.to_head(self.engine, self.place, backup_dir)
            search.catch_up(self)
        except BaseException:
            self.close()
            raise

    def attach(self) -> str | None:
        """Open the database as it is: nothing is made, upgraded or indexed. Its revision, None if there are no tables.

        A SQLite file must be there, or nothing is opened and None returned.
        """
        if self.url.get_backend_name() == "sqlite" and not Path(self.url.database or "").exists():
            return None
        self._engine = make_engine(self.url, self._timeout)
        try:
            with self._translated(), self.engine.connect() as connection:
                return migrate.revision_of(connection)
        except BaseException:
            self.close()
            raise

    def make_tables(self) -> None:
        """Make the tables of an empty database, and nothing else."""
        prepare_folder(self.url)
        self._engine = make_engine(self.url, self._timeout)
        try:
            with self._translated():
                migrate.to_head(self.engine, self.place, None)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database. Closing twice is fine."""
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def gather_statistics(self) -> None:
        """Let PostgreSQL look at what it holds now, for after many rows came at once; SQLite plans without."""
        if self.engine.dialect.name == "postgresql":
            with self.write() as tx:
                tx.run(sa.text("ANALYZE"))

    @contextmanager
    def write(self) -> Iterator[Tx]:
        """The one writing transaction at a time, committed at the end of the block, undone by any exception."""
        with self._translated(), self.engine.connect() as connection:
            writer = connection.execution_options(**{WRITES: True})
            with writer.begin():
                tx = Tx(writer)
                yield tx
                if self.hint is not None and tx.queued:
                    self.hint(tx, tx.queued)

    @contextmanager
    def beside(self) -> Iterator[Tx]:
        """A writing transaction beside the others: for what no article and no message depends on.

        On PostgreSQL it waits for nobody's articles; on SQLite, which has one writer, it is like any other.
        """
        with self._translated(), self.engine.connect() as connection:
            writer = connection.execution_options(**{WRITES: BESIDE})
            with writer.begin():
                yield Tx(writer)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A reading transaction that sees one unchanging state of the database and holds up nobody."""
        with self._translated(), self.engine.connect() as connection, connection.begin():
            yield Tx(connection)

    def translated(self) -> AbstractContextManager[None]:
        """For other connections than ours: the database's own errors as StoreError (inside the store only)."""
        return self._translated()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            known = translate(error, self.place)
            if known is None:
                raise
            raise known from error


def version(store: Store) -> Version:
    """Schema revision and product version of an open store."""
    with store.read() as tx:
        revision = tx.value(sa.text("SELECT version_num FROM alembic_version"))
        product = tx.value(sa.select(tables.setting.c.value).where(tables.setting.c.key == migrate.PRODUCT_KEY))
    return Version(revision=revision, product=product)
