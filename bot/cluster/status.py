"""Who is at work, what waits, and what needs attention: read from the database alone, by anybody who may."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model.words import plural
from bot.store import leader, outbox, processes, queue, sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.store import Store
    from bot.store.processes import Process
    from bot.store.queue import Length

# Seconds of silence after which a process counts as gone.
SILENT = 10.0
# How long jobs, polls and messages may wait before somebody should look.
LATE = timedelta(minutes=2)
LAG = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A cluster at one moment.

    ``leader`` is the process that leads, None where none gives a sign of it; ``due`` sources wait to be polled, the
    longest since ``due_since``. ``outbox`` counts messages by state; ``held`` are destinations with the reason.
    """

    at: datetime
    leader: str | None
    leading_since: datetime | None
    processes: Sequence[Process]
    queues: Sequence[Length]
    due: int
    due_since: datetime | None
    outbox: Mapping[str, int]
    held: Mapping[str, str]

    @property
    def lag(self) -> float:
        """Seconds by which the longest overdue source is late."""
        return (self.at - self.due_since).total_seconds() if self.due_since is not None else 0.0

    def alive(self, kind: str) -> list[Process]:
        """The processes of that kind that were heard of just now."""
        return [each for each in self.processes if each.kind == kind and each.silent <= SILENT]

    @property
    def troubles(self) -> tuple[str, ...]:
        """What needs attention, each with its remedy."""
        return tuple(_troubles(self))


def read(store: Store, now: datetime) -> Status:
    """How things stand. Raises StoreError."""
    with store.read() as tx:
        leads = leader.leader(tx)
        states: Counter[str] = Counter()
        for (_, state), number in outbox.counts(tx).items():
            states[state] += number
        due, since = sources.lag(tx, now)
        return Status(
            at=now,
            leader=leads.owner if leads and leads.present else None,
            leading_since=leads.since if leads and leads.present else None,
            processes=processes.listed(tx),
            queues=queue.lengths(tx),
            due=due,
            due_since=since,
            outbox=states,
            held=outbox.held(tx),
        )


def _troubles(status: Status) -> Iterator[str]:
    yield from _of_processes(status)
    for length in status.queues:
        if length.oldest is not None and status.at - length.oldest > LATE:
            late = (status.at - length.oldest).total_seconds()
            yield f"the queue {length.queue} is {late:.0f} s behind: start more workers for it"
    if status.lag > LAG.total_seconds():
        yield f"{plural(status.due, 'source')} wait to be polled, the longest for {status.lag:.0f} s"
    for name, reason in status.held.items():
        yield f"destination {name} is held: {reason}"
    if unknown := status.outbox.get("unknown"):
        yield f"of {plural(unknown, 'message')} it is not known whether they arrived"


def _of_processes(status: Status) -> Iterator[str]:
    if status.leader is None:
        yield "no clock leads, so that nothing falls due: start presswatch clock"
    workers = status.alive("worker")
    if not workers:
        yield "no worker is there: start presswatch worker"
    for process in status.processes:
        if process.silent > SILENT:
            yield (
                f"{process.kind} {process.id} has not been heard of for {process.silent:.0f} s: "
                "if it is gone for good, it is forgotten after five minutes"
            )
    if len({each.rules for each in workers if each.rules}) > 1:
        yield "workers have different rules: give all machines the same folder of rules"
    if len({each.version for each in status.processes}) > 1:
        yield "processes have different versions of Presswatch: bring all to the same one"
