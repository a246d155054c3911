"""A prepared statement does what it does the usual way, and keeps what databases refuse out as the types say."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from store_samples import NOW, put_source

from bot.errors import StoreError
from bot.store import tables as t
from bot.store.dialect import among, insert
from bot.store.prepared import Prepared, prepared, usual


@prepared
def _poll():
    return sa.insert(t.poll).returning(t.poll.c.id)


@prepared
def _polls(dialect):
    chosen = t.poll.c.status.in_(("ok", "error"))  # a list that is always the same
    named = among(dialect, t.poll.c.source, "sources")
    return sa.select(t.poll.c.source, t.poll.c.at, t.poll.c.note).where(chosen, named).order_by(t.poll.c.id)


def poll(**more):
    return {"source": "wire", "at": NOW, "status": "ok", "ms": 5, "note": "a\0note", **more}


def test_it_is_built_once():
    assert _polls("sqlite") is _polls("sqlite")
    assert usual(_poll()) is _poll().statement


def test_what_is_written_comes_back(store):
    put_source(store)
    with store.write() as tx:
        first = tx.value(_poll(), poll())
        tx.run_many(sa.insert(t.poll), [poll(status="baseline", note=None)])
        tx.run_many(_poll(), [poll(status="error", note=None), poll(at=NOW + timedelta(hours=1))])
    with store.read() as tx:
        ids = [row["id"] for row in tx.rows(sa.select(t.poll.c.id).order_by(t.poll.c.id))]
        asked = {"sources": ["wire", "nobody"]}
        assert tx.value(_polls(tx.dialect), asked) == "wire"
        found = [dict(row) for row in tx.rows(_polls(tx.dialect), asked)]
        assert dict(tx.row(_polls(tx.dialect), asked)) == found[0]
        assert found == [dict(row) for row in tx.rows(usual(_polls(tx.dialect)), asked)]
        assert tx.row(_polls(tx.dialect), {"sources": ["nobody"]}) is None
        assert tx.value(_polls(tx.dialect), {"sources": []}) is None
    assert (first, len(ids)) == (ids[0], 4)
    assert [row["note"] for row in found] == ["a\ufffdnote", None, "a\ufffdnote"]
    assert [row["at"] for row in found] == [NOW, NOW, NOW + timedelta(hours=1)]


def test_it_says_how_many_rows_it_touched(store):
    put_source(store, "wire", "other")
    named = Prepared(sa.update(t.source).where(t.source.c.id == sa.bindparam("named")).values(lang="en"))
    with store.write() as tx:
        assert tx.run(named, {"named": "wire"}) == 1
        assert tx.run(named, {"named": "nobody"}) == 0
        tx.run_many(named, [])
        assert [row["lang"] for row in tx.rows(sa.select(t.source.c.lang).order_by(t.source.c.id))] == [None, "en"]


def test_of_many_rows_all_are_written_or_none(store):
    put_source(store)
    with pytest.raises((ValueError, sa.exc.StatementError)), store.write() as tx:
        tx.run_many(_poll(), [poll(), poll(at=NOW.replace(tzinfo=None))])
    with store.read() as tx:
        assert tx.value(sa.select(sa.func.count()).select_from(t.poll)) == 0


def test_a_value_that_lacks_is_a_bug(store):
    with store.read() as tx, pytest.raises((sa.exc.DBAPIError, sa.exc.InvalidRequestError, sa.exc.StatementError)):
        tx.rows(_polls(tx.dialect))


def test_a_time_without_a_zone_is_a_bug(store):
    put_source(store)
    with pytest.raises((ValueError, sa.exc.StatementError), match="without a zone"), store.write() as tx:
        tx.run(_poll(), poll(at=NOW.replace(tzinfo=None)))


@given(
    moments=st.lists(
        st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)).map(  # noqa: DTZ001 - gets its zone here
            lambda at: at.replace(tzinfo=timezone(timedelta(hours=at.second % 24 - 12)))
        ),
        min_size=1,
        max_size=5,
    ),
    words=st.text(max_size=20),
    value=st.sampled_from([None, 1, "one", {"two": None}]),
)
def test_values_are_converted_as_they_usually_are(moments, words, value):
    """The very same rows, in the very same order, whichever way they go in and come out."""
    rows = [{"key": f"{number}{words}", "value": value, "at": at} for number, at in enumerate(moments)]
    table = sa.table(
        "probe", sa.column("key", t.Words), sa.column("value", sa.JSON), sa.column("at", t.Moment), sa.column("id")
    )
    ours, read = Prepared(insert("sqlite", table)), Prepared(sa.select(table.c.key, table.c.value, table.c.at))
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE probe (key TEXT, value TEXT, at TEXT, id INTEGER)")
        ours.run_many(connection, rows)
        short = connection.exec_driver_sql("SELECT * FROM probe").all()
        assert read.read(connection, {}) == [dict(row) for row in connection.execute(read.statement).mappings()]
        connection.exec_driver_sql("DELETE FROM probe")
        connection.execute(ours.statement, rows)
        assert connection.exec_driver_sql("SELECT * FROM probe").all() == short
    engine.dispose()
    assert [row[2][:4] for row in short] == [f"{at.astimezone(UTC):%Y}" for at in moments]


def test_the_drivers_own_error_is_told_in_a_sentence(store):
    put_source(store)
    with pytest.raises((StoreError, sa.exc.DBAPIError), match=r"read-?only"), store.read() as tx:
        tx.run(_poll(), poll())
