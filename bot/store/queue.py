"""Jobs for the workers of a cluster, in the tables of procrastinate: hints that something is due, never the truth.

They are written by our own statements, so that they are committed with what they tell of, and so that a job which waits
already is not an error. A job that is lost is written again by the next tick of the clock, which asks the database
what is due; one too many finds nothing to do. https://procrastinate.readthedocs.io
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib import metadata, resources, util
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.errors import StoreUnreachable

from . import settings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from .store import Store, Tx

LIBRARY = "procrastinate"
VERSION_KEY = "queue_schema"
DELIVER = "deliver"
# Messages go before polls, and what comes once in a while before both, so that it is not kept waiting by many.
PRIORITIES = {"desk": 20, DELIVER: 10}
# A worker that was not heard of for so many seconds is dead or stopped: others do its jobs.
STALLED = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of work for one worker. Of one ``key`` one job waits at most, and one is done at a time."""

    queue: str
    task: str
    key: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """How many jobs of a queue wait and are being done, and since when the oldest waits."""

    queue: str
    waiting: int
    doing: int
    oldest: datetime | None


def is_installed() -> bool:
    """Whether the extra is there."""
    return util.find_spec(LIBRARY) is not None


def address(store: Store) -> str:
    """The database as the library's own connections name it, password included."""
    return store.url.set(drivername="postgresql").render_as_string(hide_password=False)


# ── the tables ───────────────────────────────────────────────────────────────────────────────────


def prepare(store: Store) -> str:
    """Make or upgrade the queue's tables; their version. Several processes may call it at once.

    Raises StoreUnreachable where they are another program's, or of a later major version than ours.
    """
    ours = metadata.version(LIBRARY)
    with store.write() as tx:
        known = tx.value(sa.text("SELECT value #>> '{}' FROM setting WHERE key = :key"), {"key": VERSION_KEY})
        if known is not None and _parts(known)[0] > _parts(ours)[0]:
            raise StoreUnreachable(
                f"{store.place} has the queue of {LIBRARY} {known}, and here is {ours}: "
                "upgrade with pip install --upgrade 'presswatch[cluster]'"
            )
        if known is not None and _parts(known) >= _parts(ours):
            return str(known)
        if known is None and tx.value(sa.text(f"SELECT to_regclass('{LIBRARY}_jobs')")) is not None:
            raise StoreUnreachable(
                f"{store.place} has tables of {LIBRARY} that Presswatch did not make: give it a database of its own"
            )
        for statements in _statements(known):
            tx.script(statements)
        moment = tx.value(sa.text("SELECT clock_timestamp()"))
        settings.put(tx, [{"key": VERSION_KEY, "value": ours, "at": moment}])
    return ours


def _statements(known: str | None) -> Iterator[str]:
    """The whole schema, or what has come since the version that is known."""
    folder = resources.files(f"{LIBRARY}.sql")
    if known is None:
        yield (folder / "schema.sql").read_text(encoding="utf-8")
    else:
        for file in sorted((folder / "migrations").iterdir(), key=lambda each: each.name):
            if file.name.endswith(".sql") and _parts(file.name.partition("_")[0]) > _parts(known):
                yield file.read_text(encoding="utf-8")
    # A job is taken if no other of its lock is done or came before: without this all that wait are looked through.
    yield (
        f"CREATE INDEX IF NOT EXISTS presswatch_queue_lock ON {LIBRARY}_jobs (lock) WHERE status IN ('todo', 'doing')"
    )


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:3] if part.isdigit())


# ── jobs ─────────────────────────────────────────────────────────────────────────────────────────

_ENQUEUE = sa.text(
    f"INSERT INTO {LIBRARY}_jobs (queue_name, task_name, priority, lock, queueing_lock, args) "  # noqa: S608
    "SELECT queue, task, priority, key, key, args FROM jsonb_to_recordset(CAST(:jobs AS jsonb)) "
    "AS job (queue text, task text, priority integer, key text, args jsonb) WHERE :busy OR NOT EXISTS ("
    f"SELECT 1 FROM {LIBRARY}_jobs AS other WHERE other.lock = job.key AND other.status = 'doing') "
    "ON CONFLICT DO NOTHING"
)

# Whose worker is gone. They are written anew: given back to the queue they would meet those that wait already.
_RESCUE = sa.text(
    f"WITH gone AS (DELETE FROM {LIBRARY}_jobs AS job WHERE job.status = 'doing' AND NOT EXISTS ("  # noqa: S608
    f"SELECT 1 FROM {LIBRARY}_workers AS worker WHERE worker.id = job.worker_id "
    "AND worker.last_heartbeat >= clock_timestamp() - make_interval(secs => :stalled)) "
    "RETURNING queue_name, task_name, priority, lock, queueing_lock, args) "
    f"INSERT INTO {LIBRARY}_jobs (queue_name, task_name, priority, lock, queueing_lock, args) "
    "SELECT queue_name, task_name, priority, lock, queueing_lock, args FROM gone ON CONFLICT DO NOTHING"
)

_HELD = sa.text(
    f"SELECT id FROM {LIBRARY}_jobs WHERE status = 'doing' AND worker_id = ANY(CAST(:workers AS bigint[]))"  # noqa: S608
)
_DROP = sa.text(f"DELETE FROM {LIBRARY}_jobs WHERE id = ANY(CAST(:jobs AS bigint[]))")  # noqa: S608

# What ended otherwise than well is of no use to anybody: what it was for is still due.
_ENDED = sa.text(f"DELETE FROM {LIBRARY}_jobs WHERE status NOT IN ('todo', 'doing')")  # noqa: S608

_LENGTHS = sa.text(
    "SELECT job.queue_name AS queue, count(*) FILTER (WHERE job.status = 'todo') AS waiting, "  # noqa: S608
    "count(*) FILTER (WHERE job.status = 'doing') AS doing, "
    "min(event.at) FILTER (WHERE job.status = 'todo') AS oldest "
    f"FROM {LIBRARY}_jobs AS job LEFT JOIN {LIBRARY}_events AS event ON event.job_id = job.id "
    "AND event.type = 'deferred' WHERE job.status IN ('todo', 'doing') GROUP BY job.queue_name ORDER BY job.queue_name"
)


def enqueue(tx: Tx, jobs: Sequence[Job], *, busy: bool = True) -> int:
    """Write jobs; how many of them did not wait already.

    Not ``busy``: none whose key is being worked on; for whoever looks again soon.
    """
    if not jobs:
        return 0
    # Always in the same order: of two transactions that write the same jobs none waits for the other in a circle.
    rows = [
        {
            "queue": job.queue,
            "task": job.task,
            "priority": PRIORITIES.get(job.queue, 0),
            "key": job.key,
            "args": dict(job.args),
        }
        for job in sorted(jobs, key=lambda each: each.key)
    ]
    return tx.run(_ENQUEUE, {"jobs": json.dumps(rows), "busy": busy})


def delivery(destination: str) -> Job:
    """The job of a round at a destination."""
    return Job(queue=DELIVER, task=DELIVER, key=f"destination:{destination}", args={"destination": destination})


def hint(tx: Tx, destinations: Collection[str]) -> None:
    """Have messages sent that this transaction queues, as soon as it is committed."""
    enqueue(tx, [delivery(destination) for destination in destinations])


def rescue(tx: Tx, stalled: float = STALLED) -> int:
    """Put jobs back whose worker was not heard of for so many seconds; how many now wait again."""
    tx.run(_ENDED)
    return tx.run(_RESCUE, {"stalled": stalled})


def held(tx: Tx, workers: Collection[int]) -> set[int]:
    """The jobs that these workers, by the library's numbers, are said to be doing."""
    return {row["id"] for row in tx.rows(_HELD, {"workers": list(workers)})}


def drop(tx: Tx, jobs: Collection[int]) -> None:
    """Take these jobs off, so that others of their keys can be done."""
    tx.run(_DROP, {"jobs": list(jobs)})


def lengths(tx: Tx) -> list[Length]:
    """The queues in which something waits or is being done."""
    if tx.value(sa.text(f"SELECT to_regclass('{LIBRARY}_jobs')")) is None:
        return []
    return [Length(**row) for row in tx.rows(_LENGTHS)]
