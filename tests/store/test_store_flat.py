"""What placing an article asks and forgets goes by indexes: its cost does not grow with the archive."""

import pytest
import sqlalchemy as sa
from store_samples import NOW, article, later, put_article, put_source

from bot.model import Traits
from bot.store import events, stories

TABLES = ("article", "article_version", "story", "story_feature", "story_key", "story_traits")


def steps(tx):
    """Everything that is looked up for one article, and taken out beside it."""
    events.neighbours(tx, [1, 2], later(-60), least=1)
    stories.candidates(tx, [("passage", "1"), ("title", "2"), ("url", "3")], since=later(-60))
    events.forget(tx, later(-60), most=4)
    stories.forget(tx, later(-60), most=4)


@pytest.fixture
def filled(store):
    put_source(store)
    with store.write() as tx:
        for name in "abc":
            id_, _, _ = put_article(tx, article(name))
            events.remember(tx, id_, Traits(), [1, 2, 3], at=NOW, seen=NOW)
            stories.index(tx, id_, [("passage", "1"), ("title", "2")], NOW)
    return store


def scans_of_sqlite(store):
    """Each statement with what it goes through from end to end."""
    asked = []
    with store.write() as tx:
        driver = tx._connection.connection.driver_connection
        driver.set_trace_callback(asked.append)
        steps(tx)
        driver.set_trace_callback(None)
        plans = [(text, driver.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()) for text in asked]
    scanned = [(text, [row[3] for row in rows if row[3].startswith("SCAN")]) for text, rows in plans]
    return [(text, [line for line in lines if set(TABLES) & set(line.split())]) for text, lines in scanned]


def scans_of_postgresql(store):
    asked = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *event: asked.append(event[2:4]))
    with store.write() as tx:
        tx.run(sa.text("SET LOCAL enable_seqscan = off"))  # of so few rows it would read all of them
        asked.clear()
        steps(tx)
        run = tx._connection.exec_driver_sql
        plans = [(text, [row[0] for row in run(f"EXPLAIN {text}", values)]) for text, values in tuple(asked)]
    return [(text, [line for line in lines if "Seq Scan" in line]) for text, lines in plans]


def test_nothing_is_gone_through_from_end_to_end(filled):
    scans = scans_of_sqlite if filled.url.get_backend_name() == "sqlite" else scans_of_postgresql
    found = scans(filled)
    assert len(found) >= 6
    assert [(text, lines) for text, lines in found if lines] == []
