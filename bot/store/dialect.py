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
    from sqlalchemy.engine import URL, Connection, Engine

WRITES = "presswatch_writes"
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
    try:
        engine = sa.create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": max(2, round(timeout))})
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
    for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    # A reader that writes would commit without having waited for its turn: refused, as on PostgreSQL.
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection, wait: str) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    if writes:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{wait}'")
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


def listed(dialect: str, name: str) -> sa.Select[Any]:
    """The texts of the list that is bound to ``name``, for IN: one parameter, so that the statement is always the same.

    A list that is expanded is another statement for each length, written anew each time.
    """
    if dialect == "sqlite":
        values = sa.func.json_each(sa.bindparam(name, type_=sa.JSON)).table_valued("value")
    else:
        values = sa.func.unnest(sa.bindparam(name, type_=postgresql.ARRAY(sa.Text))).table_valued("value")
        values = values.render_derived()
    return sa.select(values.c.value)


def hour_of(dialect: str, column: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """The hour of a moment as text, such as "2026-03-02 09", for grouping."""
    if dialect == "sqlite":
        # Moments are texts there that begin so; strftime takes half as long again.
        return sa.func.substr(sa.type_coerce(column, sa.Text), 1, len("2026-03-02 09"), type_=sa.Text)
    return sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD HH24", type_=sa.Text)


def numbered(dialect: str, name: str) -> sa.FromClause:
    """The same as rows of a table: the numbers of the list bound to ``name``, in its column ``value``."""
    if dialect == "sqlite":
        return sa.func.json_each(sa.bindparam(name, type_=sa.JSON)).table_valued("value")
    values = sa.func.unnest(sa.bindparam(name, type_=postgresql.ARRAY(sa.BigInteger))).table_valued("value")
    return values.render_derived()


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
