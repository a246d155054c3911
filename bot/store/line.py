"""The outbox's table, for ``outbox``: its statements, and its rows as values."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Delivery

from . import machine
from . import tables as t
from .machine import Standing, Waiting
from .records import Fate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from .store import Tx

OPEN = ("pending", "sending", "unknown", "held")
# How much of a long queue is looked at for the next few messages.
_HEAD = 100
# A negative limit would mean "all" on SQLite only.
_ALL = 2**31 - 1


def ready(tx: Tx, destination: str, now: datetime, limit: int) -> list[int]:
    """Up to ``limit`` messages of a destination that may go now; a long queue is read whole only if it must be."""
    found: list[int] = []
    for most in (_HEAD + limit, _ALL):
        rows = waiting(tx, destination, most)
        if any(row.root_state == "dead" for row in rows):
            settle_orphans(tx)
            rows = waiting(tx, destination, most)
        found = machine.queue(rows, now)[0]
        if len(found) >= limit or len(rows) < most:
            break
    return found[:limit]


def wake(tx: Tx, destination: str, now: datetime, *, updates: bool) -> datetime | None:
    """When a destination's queue is to be looked at again; a long one is read whole only if it must be.

    Without ``updates`` for the sake of other messages than changes.
    """
    due: datetime | None = None
    for most in (_HEAD, _ALL):
        rows = waiting(tx, destination, most)
        due = machine.queue(rows if updates else machine.without_updates(rows, now), now)[1]
        if due == now or len(rows) < most:
            break
    return due


def waiting(tx: Tx, destination: str, most: int = _ALL) -> list[Waiting]:
    """A destination's unfinished messages, oldest first; of alerts that share one, that one alone."""
    rows = tx.rows(_unfinished(), {"name": destination, "most": most})
    return [Waiting(**{name: row[name] for name in Waiting.__slots__}) for row in rows]


# Statements of every message's way are built once: building them costs more than running them.


@cache
def _unfinished() -> sa.Select[Any]:
    columns, root = t.delivery.c, t.delivery.alias("root")
    most = sa.bindparam("most", type_=sa.Integer)
    mine = columns.destination == sa.bindparam("name")
    # Each state's first ones are the first of its part of the index, however many are behind them.
    heads = [
        sa.select(columns.id)
        .where(columns.state == state, mine, columns.grouped_in.is_(None))
        .order_by(columns.id)
        .limit(most)
        .subquery()
        for state in OPEN
    ]
    return (
        sa.select(
            columns.id,
            columns.state,
            columns.story,
            columns.attempt,
            columns.not_before,
            columns.lease_until,
            columns.op,
            root.c.state.label("root_state"),
        )
        .outerjoin_from(t.delivery, root, columns.root == root.c.id)
        .where(columns.id.in_(sa.union_all(*(sa.select(head.c.id) for head in heads))))
        .order_by(columns.id)
        .limit(most)
    )


@cache
def lease() -> sa.Update:
    """Claims the deliveries ``chosen`` for ``who``, from ``moment`` until ``until``."""
    columns = t.delivery.c
    named = columns.id.in_(sa.bindparam("chosen", expanding=True))
    return (
        sa.update(t.delivery)
        .where(named, columns.state == "pending")
        .values(
            state="sending",
            owner=sa.bindparam("who"),
            lease_until=sa.bindparam("until"),
            attempt=columns.attempt + 1,
            fence=columns.fence + 1,
            first_tried_at=sa.func.coalesce(columns.first_tried_at, sa.bindparam("moment", type_=t.Moment)),
        )
    )


@cache
def chosen() -> sa.Select[Any]:
    """The deliveries ``chosen`` with their roots."""
    return with_root().where(t.delivery.c.id.in_(sa.bindparam("chosen", expanding=True)))


@cache
def by_id() -> sa.Select[Any]:
    """The row ``delivery``."""
    return sa.select(t.delivery).where(t.delivery.c.id == sa.bindparam("delivery"))


def with_root() -> sa.Select[Any]:
    """Deliveries with the channel and ts of the message they belong to, and the bytes of a digest."""
    root, run = t.delivery.alias("root"), t.digest_run
    columns = (t.delivery, root.c.channel_id.label("root_channel_id"), root.c.ts.label("root_ts"), run.c.frozen)
    return (
        sa.select(*columns)
        .outerjoin_from(t.delivery, root, t.delivery.c.root == root.c.id)
        .outerjoin(run, run.c.id == t.delivery.c.digest_run)
    )


def fates(tx: Tx, deliveries: Collection[int]) -> dict[int, Fate]:
    """What has become of these messages, by id."""
    columns = t.delivery.c
    rows = tx.rows(sa.select(columns.id, columns.state, columns.error).where(columns.id.in_(list(deliveries))))
    return {row["id"]: Fate(state=row["state"], error=row["error"]) for row in rows}


def delivery(row: RowMapping) -> Delivery:
    """A row of :func:`with_root` as what a sender gets."""
    op = row["op"]
    return Delivery(
        id=row["id"],
        uid=row["uid"],
        destination=row["destination"],
        op=op,
        payload=row["payload"],
        attempt=row["attempt"],
        fence=row["fence"],
        lease_until=row["lease_until"],
        channel_id=row["root_channel_id"] or row["channel_id"],
        ts=row["root_ts"] if op == "update" else row["ts"],
        thread_ts=row["root_ts"] if op == "reply" else row["thread_ts"],
        minimal_only=row["minimal_only"],
        may_repeat=row["may_repeat"],
        created_at=row["created_at"],
        first_tried_at=row["first_tried_at"],
        frozen=row["frozen"],
        kind=row["payload_kind"],
    )


def standing(row: RowMapping) -> Standing:
    """A row as what the machine works with."""
    return Standing(**{name: row[name] for name in Standing.__slots__})


def settle_orphans(tx: Tx) -> None:
    """Rows whose root was refused for good: a reply becomes a message of its own, an update has nothing to change."""
    for statement in _orphans():
        tx.run(statement)


@cache
def _orphans() -> tuple[sa.Update, sa.Update]:
    columns, root = t.delivery.c, t.delivery.alias("root")
    refused = columns.root.in_(sa.select(root.c.id).where(root.c.state == "dead"))
    waiting = sa.update(t.delivery).where(columns.state == "pending", refused)
    return (
        waiting.where(columns.op == "reply").values(op="post", root=None),
        waiting.where(columns.op == "update").values(state="dead", error="the message it would change was refused"),
    )


def drop_superseded(tx: Tx, rows: Iterable[RowMapping]) -> None:
    """Where a row is a change: forget changes of its message that wait while a newer one, which says all, is queued."""
    tx.run_many(_superseded(), [{"message": root} for root in {row["root"] for row in rows if row["op"] == "update"}])


@cache
def _superseded() -> sa.Delete:
    columns, newer = t.delivery.c, t.delivery.alias("newer")
    changes = sa.and_(columns.root == sa.bindparam("message"), columns.op == "update", columns.state == "pending")
    later = sa.exists().where(newer.c.root == columns.root, newer.c.op == "update", newer.c.revision > columns.revision)
    return sa.delete(t.delivery).where(changes, later)
