"""What a program of one revision says to the database still works on the next: see CONTRIBUTING, "Migrations".

On PostgreSQL several programs may work on one database. The first that is upgraded brings the schema along; the others
go on until they are restarted. Their statements are made here from the tables as they were.
"""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from bot.store import migrate, tables
from bot.store.dialect import WRITES, database_url, make_engine

# Of earlier ones nobody runs a program beside another.
SINCE = "0013"
# What programs of the revision before must not go on beside, with the reason; all are to be stopped for the upgrade.
CONTRACTS = {"0019": {"story_key"}}  # rewritten in place, before several programs could work on one database


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_statements_of_each_revision_work_on_the_next(request, tmp_path, kind):
    url = f"sqlite:///{tmp_path}/x.db" if kind == "sqlite" else request.getfixturevalue("fresh_postgresql")()
    engine = make_engine(database_url(url), 5.0)
    begin = migrate.REVISIONS.index(SINCE)
    upgraded(engine, SINCE)
    for following in migrate.REVISIONS[begin + 1 :]:
        before = sa.MetaData()
        with engine.connect() as connection:
            before.reflect(
                connection, only=lambda name, _: tables.ours(name, "table", {}) and name != "alembic_version"
            )
        upgraded(engine, following)
        found = broken(engine, before)
        assert found.keys() == CONTRACTS.get(following, set()), f"{following} breaks its predecessor: {found}"
    engine.dispose()


def upgraded(engine, revision):
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        migrate.run_alembic(connection, revision)


def broken(engine, before):
    """The tables for which a statement of an older program fails: with all columns, and with those only that must be."""
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        writing = connection.begin()
        steps = [(written, table) for table in before.sorted_tables]
        steps += [(removed, table) for table in reversed(before.sorted_tables)]
        found = {}
        for step, table in steps:
            if table.name in found:
                continue
            try:
                with connection.begin_nested():
                    step(connection, table)
            except sa.exc.DBAPIError as error:
                found[table.name] = str(error.orig)
        writing.rollback()
    return found


def written(connection, table):
    """Rows of a table, one with all that an older program knows and one with what it must say."""
    whole = {column.name: example(connection, column, 1) for column in table.columns}
    least = {column.name: example(connection, column, 2) for column in table.columns if must(column)}
    connection.execute(sa.insert(table).values(least))
    connection.execute(sa.insert(table).values(whole))
    keys = [column == whole[column.name] for column in table.primary_key]
    rest = {name: value for name, value in whole.items() if not table.c[name].primary_key}
    connection.execute(sa.update(table).where(*keys).values(rest or whole))
    assert len(connection.execute(sa.select(table).where(*keys)).all()) == 1


def must(column):
    """Whether a row is none without it."""
    if column.primary_key:  # SQLite says of such texts that they may be NULL
        return column.name != "id" or not isinstance(column.type, sa.Integer)
    return not column.nullable and column.server_default is None


def removed(connection, table):
    """All rows of a table."""
    connection.execute(sa.delete(table))


def example(connection, column, number):
    """A value for a column; of two rows that it may refer to, one or the other."""
    if column.foreign_keys:
        (key,) = column.foreign_keys
        which = sa.func.min if number == 1 else sa.func.max
        return connection.execute(sa.select(which(key.column))).scalar()
    for kind, value in {
        sa.Boolean: True,
        sa.Integer: 7_000 + number,
        sa.Float: 0.5,
        sa.DateTime: datetime(2026, 3, number, tzinfo=UTC),
        sa.Date: date(2026, 3, number),
        sa.LargeBinary: bytes([0, number]),
        sa.JSON: {"number": number},
        sa.String: f"text {number}",
    }.items():
        if isinstance(column.type, kind):
            return value
    raise AssertionError(f"no example for {column!r}: {column.type!r}")


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("ALTER TABLE poll ADD COLUMN must INTEGER NOT NULL DEFAULT 0", None),
        ("ALTER TABLE poll RENAME COLUMN ms TO milliseconds", "poll"),
        ("DROP TABLE spike", "spike"),
        ("CREATE UNIQUE INDEX one ON mute ((1))", "mute"),
    ],
)
def test_a_change_that_breaks_an_older_program_is_noticed(tmp_path, migrated_sqlite, change, table):
    path = tmp_path / "x.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    engine = make_engine(database_url(f"sqlite:///{path}"), 5.0)
    before = sa.MetaData()
    before.reflect(engine, only=lambda name, _: tables.ours(name, "table", {}) and name != "alembic_version")
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        connection.exec_driver_sql(change)
    assert broken(engine, before).keys() == ({table} if table else set())
    engine.dispose()
