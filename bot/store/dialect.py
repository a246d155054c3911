"""Where the two databases differ: engines, locks, inserts, and what their errors mean.

SQLite runs in WAL mode with ``synchronous=FULL``: NORMAL may lose acknowledged commits in a power cut
(https://sqlite.org/pragma.html#pragma_synchronous). Its writers begin with ``BEGIN IMMEDIATE``, so that a
transaction waits for its turn at the start and never fails half-way for want of the lock. PostgreSQL's
writers take one advisory lock, which gives the same serial lane.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.errors import StoreError, StoreFull, StoreLocked, StoreUnreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import URL, Connection, Engine

WRITES = "presswatch_writes"
# KiB of pages that a SQLite connection keeps, if it has read so many: what new articles are looked up by in the days of
# the windows. SQLite's own 2 MB made it read pages again for each article.
_CACHE = 8_000
# What writes no articles or messages need not wait in the lane of those that do.
BESIDE = "beside"
# Any constant does, as long as every Presswatch uses the same: "presswat" in ASCII.
ADVISORY_LOCK = 0x7072657373776174

# https://www.sqlite.org/rescode.html (primary codes) and https://www.postgresql.org/docs/current/errcodes-appendix.html
_SQLITE_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_SQLITE_UNREACHABLE = {
    sqlite3.SQLITE_PERM: "it may not be opened",
    sqlite3.SQLITE_READONLY: "it cannot be written to",
    sqlite3.SQLITE_IOERR: "the disk does not answer as it should",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_AUTH: "it may not be opened",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
}
_SQLITE_REMEDY = {
    sqlite3.SQLITE_CORRUPT: "restore a backup (copies are kept beside it in the folder of backups)",
    sqlite3.SQLITE_NOTADB: "name another file in [database] url, or move this one away",
}
_POSTGRESQL_LOCKED = ("55P03", "40P01", "40001")
_POSTGRESQL_FULL = ("53100",)
_POSTGRESQL_UNREACHABLE = ("08", "28", "3D", "53", "57P", "58", "42501", "XX001", "XX002")

# A server that does not answer any more, as after its machine is gone, is given up within a minute (libpq's names).
_SILENT_SERVER = {"keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 50_000}
# A writer that was stopped in the midst, or whose machine is gone, must not hold up all others: the server ends it.
_LIMITS = sa.text(
    "SELECT set_config('lock_timeout', :wait, true), set_config('idle_in_transaction_session_timeout', '60s', true)"
)
_SEQUENCE = sa.text("SELECT pg_get_serial_sequence(:name, 'id')")


def database_url(url: str) -> URL:
    """The parsed URL, with psycopg as PostgreSQL's driver. Raises StoreUnreachable for anything else."""
    try:
        parsed = sa.make_url(url)
    except ArgumentError as error:
        raise StoreUnreachable(
            f'"{url}" is not a database URL: write sqlite:///path/presswatch.db or postgresql://user@host/name'
        ) from error
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    backend = parsed.get_backend_name()
    if backend not in {"sqlite", "postgresql"}:
        raise StoreUnreachable(f"{place(parsed)}: {backend} is not supported: use sqlite:/// or postgresql://")
    if backend == "sqlite" and (parsed.database or ":memory:") == ":memory:":
        raise StoreUnreachable("the database must be a file: write sqlite:///path/presswatch.db")
    return parsed


def place(url: URL) -> str:
    """How messages name the database: the file, or the URL without its password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return f"The database {url.database}"
    return f"The database {url.render_as_string(hide_password=True)}"


def make_engine(url: URL, timeout: float) -> Engine:
    """An engine whose transactions wait at most ``timeout`` seconds for their turn. Nothing is opened yet."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": timeout, "check_same_thread": False})
        sa.event.listen(engine, "connect", _configure_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        return engine
    settings = {"connect_timeout": max(2, round(timeout)), "application_name": "presswatch", **_SILENT_SERVER}
    try:
        engine = sa.create_engine(url, pool_pre_ping=True, connect_args=settings)
    except (ImportError, NoSuchModuleError) as error:
        raise StoreUnreachable(
            f"{place(url)} needs the PostgreSQL driver: pip install 'presswatch[postgres]'"
        ) from error
    wait = f"{max(1, round(timeout * 1000))}ms"

    def begin(connection: Connection) -> None:
        _begin_postgresql(connection, wait)

    sa.event.listen(engine, "begin", begin)
    return engine


def _configure_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver must not begin transactions on its own: it would begin deferred ones.
    connection.isolation_level = None
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL", f"cache_size = {-_CACHE}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    # A reader that writes would commit without having waited for its turn: refused, as on PostgreSQL.
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection, wait: str) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    if writes:
        connection.execute(_LIMITS, {"wait": wait})
        if writes == BESIDE:
            # Of hints and signs of life a crash of the server may take the last half second with it.
            connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def prepare_folder(url: URL) -> None:
    """Make the folder of a SQLite file. Raises StoreUnreachable."""
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnreachable(
            f"{place(url)} has no folder and {folder} cannot be made ({error.strerror}): "
            "make it, or set data_dir or [database] url to a place you may write to."
        ) from error


def insert(dialect: str, table: sa.Table) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT; the two databases' versions have the same methods."""
    return sqlite.insert(table) if dialect == "sqlite" else cast("sqlite.Insert", postgresql.insert(table))


def among(dialect: str, column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether the column holds one of the list that is bound to ``name``: one parameter, so that the statement stays.

    A list that is expanded is another statement for each length, written anew each time. PostgreSQL looks up each
    value of an array in an index; rows that a function gives it compares with the whole table.
    """
    if dialect == "sqlite":
        values = sa.func.json_each(sa.bindparam(name, type_=sa.JSON)).table_valued("value")
        return column.in_(sa.select(values.c.value))
    kind = sa.BigInteger if isinstance(column.type, sa.Integer) else sa.Text
    return column == sa.any_(sa.bindparam(name, type_=postgresql.ARRAY(kind)))


def by_code_point(dialect: str, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column as it is to be ordered and compared where both databases must agree, and Python with them.

    PostgreSQL orders texts by the rules of a language, whichever its database was made with.
    """
    kind = column.type.impl_instance if isinstance(column.type, sa.types.TypeDecorator) else column.type
    return column.collate("C") if dialect == "postgresql" and isinstance(kind, sa.String) else column


def hour_of(dialect: str, column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The hour of a moment as text, such as "2026-03-02 09", for grouping."""
    if dialect == "sqlite":
        # Moments are texts there that begin so; strftime takes half as long again.
        return sa.func.substr(sa.type_coerce(column, sa.Text), 1, len("2026-03-02 09"), type_=sa.Text)
    return sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD HH24", type_=sa.Text)


def load(connection: Connection, table: sa.Table, rows: Sequence[Sequence[Any]]) -> None:
    """Write rows that hold the values of all columns in their order; PostgreSQL takes them as a COPY."""
    dialect = connection.dialect
    if dialect.name == "sqlite":
        keys = table.c.keys()
        connection.execute(sa.insert(table), [dict(zip(keys, row, strict=True)) for row in rows])
        return
    converts = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.c]
    quoted = dialect.identifier_preparer
    names = ", ".join(quoted.quote(column.name) for column in table.c)
    statement = f"COPY {quoted.format_table(table)} ({names}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                both = zip(converts, row, strict=True)
                copy.write_row([convert(value) if convert else value for convert, value in both])
    except dialect.loaded_dbapi.Error as error:  # SQLAlchemy knows of no COPY
        raise DBAPIError(statement, None, error, connection_invalidated=driver.closed) from error


def last_id(connection: Connection, table: sa.Table) -> int:
    """The last id that the table has given out, to rows that may be gone by now; 0 if none."""
    if connection.dialect.name == "sqlite":
        query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return int(connection.execute(query, {"name": table.name}).scalar() or 0)
    name = connection.execute(_SEQUENCE, {"name": table.name}).scalar_one()
    last, called = connection.exec_driver_sql(f"SELECT last_value, is_called FROM {name}").one()  # noqa: S608 - quoted by the server
    return int(last) if called else 0


def set_last_id(connection: Connection, table: sa.Table, value: int) -> None:
    """Let the table give out ids above ``value`` only."""
    named = {"name": table.name, "value": value}
    if connection.dialect.name == "sqlite":
        if not connection.execute(
            sa.text("UPDATE sqlite_sequence SET seq = :value WHERE name = :name"), named
        ).rowcount:
            connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :value)"), named)
    else:
        connection.execute(sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :value)"), named)


def size(dialect: str) -> sa.Select[Any]:
    """How many bytes the database takes; of a SQLite file without what its ``-wal`` holds."""
    if dialect == "sqlite":
        pages = sa.func.pragma_page_count().table_valued("page_count")
        each = sa.func.pragma_page_size().table_valued("page_size")
        return sa.select(
            sa.select(pages.c.page_count).scalar_subquery() * sa.select(each.c.page_size).scalar_subquery()
        )
    return sa.select(sa.func.pg_database_size(sa.func.current_database()))


def translate(error: Exception, where: str) -> StoreError | None:
    """The StoreError for a database's own error, None if it is a bug (constraint, syntax …)."""
    original: Any = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        return _translate_sqlite(original, where)
    if isinstance(error, DBAPIError):
        return _translate_postgresql(original, where, lost=error.connection_invalidated)
    return None


def _translate_sqlite(error: sqlite3.Error, where: str) -> StoreError | None:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _SQLITE_LOCKED:
        return StoreLocked(
            f"{where} is held by another process: stop the other Presswatch (or whatever has the file open), "
            "then try again. Nothing was written."
        )
    if "no such module: fts5" in str(error):
        return StoreUnreachable(
            f"{where} cannot be used: this Python's SQLite ({sqlite3.sqlite_version}) was built without FTS5, which "
            "search needs – use a Python from python.org or from your distribution, or PostgreSQL. Nothing was written."
        )
    if code == sqlite3.SQLITE_FULL:
        return _full(where)
    if code in _SQLITE_UNREACHABLE:
        remedy = _SQLITE_REMEDY.get(code, "check that the file and its folder exist and belong to you")
        return StoreUnreachable(f"{where} cannot be used: {_SQLITE_UNREACHABLE[code]} ({error}) – {remedy}.")
    return None


def _translate_postgresql(error: BaseException | None, where: str, *, lost: bool) -> StoreError | None:
    state = getattr(error, "sqlstate", None)
    if state in _POSTGRESQL_LOCKED:
        return StoreLocked(f"{where} is held by another Presswatch: wait for it or stop it, then try again.")
    if state in _POSTGRESQL_FULL:
        return _full(where)
    never_connected = state is None and type(error).__name__ in {"OperationalError", "ConnectionTimeout"}
    if lost or never_connected or (state or "").startswith(_POSTGRESQL_UNREACHABLE):
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return StoreUnreachable(
            f"{where} cannot be reached: {reason} – check that the server runs, and the name, user and password in "
            "[database] url or PRESSWATCH_DATABASE_URL."
        )
    return None


def _full(where: str) -> StoreFull:
    return StoreFull(f"{where} has no space left: free some on its disk, then start again. Nothing was half-written.")
