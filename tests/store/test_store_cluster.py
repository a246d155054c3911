"""What the processes of a cluster share: the queue's tables, the leadership, the buckets. On PostgreSQL alone."""

import threading
import time
from contextlib import suppress
from importlib import resources

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from store_samples import NOW

from bot.errors import StoreUnreachable
from bot.store import Store, buckets, leader, outbox, processes, queue, tables

ROUTINES = """
SELECT proname AS name FROM pg_proc WHERE proname LIKE 'procrastinate%'
UNION ALL SELECT indexname FROM pg_indexes WHERE tablename LIKE 'procrastinate%'
UNION ALL SELECT tgname FROM pg_trigger WHERE tgname LIKE 'procrastinate%'
"""


@pytest.fixture
def shared(fresh_postgresql, migrated_postgresql):
    """An open store on a PostgreSQL database of its own, with the queue's tables."""
    opened = Store(fresh_postgresql(migrated_postgresql), timeout=5.0)
    opened.open()
    queue.prepare(opened)
    yield opened
    opened.close()


def jobs(store):
    with store.read() as tx:
        return {length.queue: (length.waiting, length.doing) for length in queue.lengths(tx)}


def driver(store, statement):
    with store.beside() as tx:
        tx.script(statement)


def test_of_one_key_one_job_waits(shared):
    with shared.beside() as tx:
        assert queue.enqueue(tx, [queue.delivery("desk"), queue.delivery("ops")]) == 2
        assert queue.enqueue(tx, [queue.delivery("desk"), queue.delivery("news")]) == 1
    assert jobs(shared) == {"deliver": (3, 0)}


def test_a_hint_is_committed_with_its_message_or_not_at_all(shared):
    shared.hint = queue.hint
    message = {"alert": None, "op": "post", "payload": {"full": {}}, "kind": "alert", "at": NOW}
    with suppress(KeyError), shared.write() as tx:
        outbox.enqueue(tx, uid="lost", destination="desk", **message)
        raise KeyError
    assert jobs(shared) == {}
    with shared.write() as tx:
        outbox.enqueue(tx, uid="kept", destination="desk", **message)
    assert jobs(shared) == {"deliver": (1, 0)}


def test_a_dead_workers_job_waits_again_even_beside_one_of_the_same_key(shared):
    driver(
        shared,
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute'), (now());"
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, status, worker_id) VALUES"
        " ('ingest', 'ingest', 'a', 'a', 'doing', 1), ('ingest', 'ingest', 'b', 'b', 'doing', 1),"
        " ('ingest', 'ingest', 'b', 'b', 'todo', NULL), ('ingest', 'ingest', 'c', 'c', 'doing', 2)",
    )
    with shared.beside() as tx:
        assert queue.rescue(tx) == 1
    assert jobs(shared) == {"ingest": (2, 1)}
    with shared.beside() as tx:
        busy = queue.Job(queue="ingest", task="ingest", key="c")
        assert queue.enqueue(tx, [busy], busy=False) == 0
        assert queue.enqueue(tx, [busy]) == 1
    with shared.beside() as tx:
        (held,) = queue.held(tx, [1, 2])
        queue.drop(tx, [held])
    assert jobs(shared) == {"ingest": (3, 0)}


def test_the_queues_tables_are_made_once_and_upgraded_from_any_version(
    shared, fresh_postgresql, migrated_postgresql, request
):
    assert queue.prepare(shared) == queue.prepare(shared)
    made = _routines(shared)
    old = Store(fresh_postgresql(migrated_postgresql), timeout=5.0)
    request.addfinalizer(old.close)
    old.open()
    for file in sorted((resources.files("procrastinate.sql") / "migrations").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".sql") and file.name < "03.01":
            driver(old, file.read_text())
    driver(old, "INSERT INTO setting (key, value) VALUES ('queue_schema', '\"3.0.2\"')")
    queue.prepare(old)
    assert _routines(old) == made
    driver(shared, "UPDATE setting SET value = '\"99.0.0\"' WHERE key = 'queue_schema'")
    with pytest.raises(StoreUnreachable, match="upgrade with pip"):
        queue.prepare(shared)
    other = Store(fresh_postgresql(migrated_postgresql), timeout=5.0)
    other.open()
    try:
        driver(other, "CREATE TABLE procrastinate_jobs (id integer)")
        with pytest.raises(StoreUnreachable, match="a database of its own"):
            queue.prepare(other)
    finally:
        other.close()


def test_the_queues_tables_are_none_of_ours(shared):
    options = {"compare_type": True, "compare_server_default": True, "include_name": tables.ours}
    with shared.engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata)
    assert found == []


def _routines(store):
    with store.read() as tx:
        return {row["name"] for row in tx.rows(sa.text(ROUTINES))}


def test_two_that_prepare_at_once_both_succeed(fresh_postgresql, migrated_postgresql):
    store = Store(fresh_postgresql(migrated_postgresql), timeout=10.0)
    store.open()
    done = []
    threads = [threading.Thread(target=lambda: done.append(queue.prepare(store))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    assert len(done) == 3


def test_of_two_candidates_one_leads_until_it_goes(shared):
    first, second = (leader.Candidate(shared, name, lease=60) for name in ("first", "second"))
    assert first.stand() == 1
    assert second.stand() is None
    assert first.stand() == 1
    first.resign()
    assert second.stand() == 2
    with shared.beside() as tx:
        assert leader.still_leads(tx, "second", 2)
        assert not leader.still_leads(tx, "first", 1)
        assert leader.leader(tx).owner == "second"
    second.let_go()


def test_who_gives_no_sign_loses_the_lock_and_finds_that_out(shared):
    first, second = (leader.Candidate(shared, name, lease=0.05) for name in ("first", "second"))
    assert first.stand() == 1
    until = time.monotonic() + 5
    while second.stand() is None and time.monotonic() < until:
        time.sleep(0.01)
    assert second.fence == 2
    with pytest.raises(StoreUnreachable):  # its connection was ended
        first.stand()
    assert first.fence is None
    second.let_go()


def test_tokens_that_many_take_at_once_are_no_more_than_there_are(shared):
    every, taken, limits = 0.05, [], [("workspace", 0.05, 3), ("channel", 0.01, 1)]

    def sender():
        for _ in range(5):
            with shared.beside() as tx:
                taken.append(time.monotonic() + buckets.take(tx, limits, [], longest=60))

    began = time.monotonic()
    threads = [threading.Thread(target=sender) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 20
    # Three were saved up; each of the others has to wait for its own.
    assert max(taken) - began >= (20 - 3) * every * 0.9  # two clocks that do not run quite alike


def test_a_pause_counts_for_everybody_and_who_would_wait_too_long_takes_nothing(shared):
    with shared.beside() as tx:
        buckets.rest(tx, "pause chat.postMessage", 30)
        buckets.rest(tx, "pause chat.postMessage", 5)
        assert buckets.take(tx, [("channel", 1.0, 1)], ["pause chat.postMessage"], longest=20) == pytest.approx(
            30, abs=1
        )
        assert buckets.take(tx, [("channel", 1.0, 1)], [], longest=20) == 0
        assert buckets.take(tx, [("channel", 1.0, 1)], [], longest=20) == pytest.approx(1, abs=0.2)


def test_processes_are_listed_with_the_time_since_they_were_heard_of(shared):
    facts = {"kind": "worker", "host": "box", "pid": 7, "version": "1", "queues": ["ingest"], "rules": "x"}
    with shared.beside() as tx:
        for id_ in ("a", "b", "old"):
            processes.beat(tx, id_, **facts)
    driver(shared, "UPDATE process SET seen_at = now() - interval '1 hour' WHERE id = 'old'")
    with shared.beside() as tx:
        processes.beat(tx, "a", **facts)
        processes.leave(tx, "b")
        (left,) = processes.listed(tx)
    assert (left.id, left.queues, left.silent < 5) == ("a", ["ingest"], True)
