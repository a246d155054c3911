"""The store's contract is tested on both databases: a fresh copy of migrated tables for every test."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from bot.store import Store


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory):
    path = tmp_path_factory.mktemp("migrated") / "presswatch.db"
    store = Store(f"sqlite:///{path}")
    store.open()
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    return path


class Reused:
    """A migrated database that is emptied after a test: making and dropping one takes forty times as long."""

    SHAPE = """
        SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
        WHERE table_schema = 'public' UNION ALL
        SELECT indexname, indexdef, '', '' FROM pg_indexes WHERE schemaname = 'public' UNION ALL
        SELECT conname, pg_get_constraintdef(oid), '', '' FROM pg_constraint ORDER BY 1, 2, 3, 4
    """
    ALONE = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'reused' AND pid <> pg_backend_pid()"
    )

    def __init__(self, url, administer):
        self.url, self._administer = url, administer
        self._make()

    def _make(self):
        self._administer("DROP DATABASE IF EXISTS reused WITH (FORCE)")
        self._administer("CREATE DATABASE reused TEMPLATE migrated")
        with self._connection() as connection:
            self._shape = connection.execute(self.SHAPE).fetchall()
            tables = [
                name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            ]
            self._rows = {
                name: connection.execute(f'SELECT to_jsonb(t)::text FROM "{name}" t').fetchall() for name in tables
            }

    def _connection(self):
        import psycopg

        return psycopg.connect(self.url, autocommit=True)

    def empty(self):
        """As it was made; made anew if a test changed its tables."""
        with self._connection() as connection:
            connection.execute(self.ALONE)
            changed = connection.execute(self.SHAPE).fetchall() != self._shape
            if not changed:
                self._put_back(connection)
        if changed:
            self._make()

    def _put_back(self, connection):
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # in any order, whatever refers to whom
            for name, rows in self._rows.items():
                connection.execute(f'DELETE FROM "{name}"')
                for row in rows:
                    insert = f'INSERT INTO "{name}" SELECT * FROM jsonb_populate_record(NULL::"{name}", %s::jsonb)'
                    connection.execute(insert, row)
            for (name,) in connection.execute("SELECT sequencename FROM pg_sequences").fetchall():
                connection.execute(f'ALTER SEQUENCE "{name}" RESTART')


@pytest.fixture(scope="session")
def reused_postgresql(postgresql, administer, migrated_postgresql):
    return Reused(postgresql("reused"), administer)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """The URL of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    return request.getfixturevalue("fresh_postgresql")()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The URL of a database of either kind with all tables."""
    if request.param == "sqlite":
        path = tmp_path / "presswatch.db"
        shutil.copyfile(request.getfixturevalue("migrated_sqlite"), path)
        yield f"sqlite:///{path}"
        return
    reused = request.getfixturevalue("reused_postgresql")
    yield reused.url
    reused.empty()


@pytest.fixture
def store(url):
    """An open store, on either database."""
    opened = Store(url, timeout=5.0)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(migrated_sqlite, tmp_path):
    path = tmp_path / "presswatch.db"
    shutil.copyfile(migrated_sqlite, path)
    opened = Store(f"sqlite:///{path}", timeout=0.2)
    opened.open()
    yield opened
    opened.close()
