"""The processes of a cluster, each with the time at which it was last heard of, by the database's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .store import Tx

ProcessKind = Literal["worker", "clock"]
# Seconds after which a process that says nothing is forgotten.
FORGOTTEN = 300.0
_NOW = sa.func.clock_timestamp(type_=t.Moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process. ``rules`` is the hash of the rules it works with; ``silent`` the seconds since it was heard of."""

    id: str
    kind: ProcessKind
    host: str
    pid: int
    version: str
    rules: str
    queues: Sequence[str]
    started_at: datetime
    silent: float


def beat(
    tx: Tx, id_: str, *, kind: ProcessKind, host: str, pid: int, version: str, queues: Sequence[str], rules: str
) -> None:
    """Say that this process is there; those that have not said so for five minutes are forgotten."""
    statement = insert(tx.dialect, t.process).values(
        id=id_,
        kind=kind,
        host=host,
        pid=pid,
        version=version,
        rules=rules,
        queues=list(queues),
        started_at=_NOW,
        seen_at=_NOW,
    )
    newer = {"seen_at": _NOW, "rules": rules, "queues": list(queues)}
    tx.run(statement.on_conflict_do_update(index_elements=["id"], set_=newer))
    old = _NOW - sa.func.make_interval(0, 0, 0, 0, 0, 0, FORGOTTEN)
    tx.run(sa.delete(t.process).where(t.process.c.seen_at < old))


def leave(tx: Tx, id_: str) -> None:
    """Say that this process ends."""
    tx.run(sa.delete(t.process).where(t.process.c.id == id_))


def listed(tx: Tx) -> list[Process]:
    """The processes, those that have been there longest first."""
    columns = t.process.c
    silent = sa.cast(sa.extract("epoch", _NOW - columns.seen_at), sa.Float).label("silent")
    names = [name for name in Process.__slots__ if name != "silent"]
    query = sa.select(*(columns[name] for name in names), silent).order_by(columns.started_at, columns.id)
    return [Process(**row) for row in tx.rows(query)]
