"""Alerts that share a message: many of low and normal severity wait, and go out as a list.

The group is a row of the outbox like any other, with a uid of its own by which it is looked up. Its alerts keep their
rows, which wait until the group is there – then they stand where it stands, so that replies to them go into its
thread – or is refused for good: then each goes by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from .machine import Standing
    from .store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An alert's message that was never tried and may share one; ``alert`` is what it tells of."""

    id: int
    alert: int
    not_before: datetime


def waiting(tx: Tx, destination: str, most: int) -> list[Waiting]:
    """The messages of a destination that may share one, oldest first: stories' first ones, and replies to these."""
    rows = tx.rows(_waiting(), {"name": destination, "most": most})
    return [Waiting(id=row["id"], alert=row["alert"], not_before=row["not_before"]) for row in rows]


@cache
def _waiting() -> sa.Select[Any]:
    """Asked before every message: built once."""
    columns, root = t.delivery.c, t.delivery.alias("root").c
    roots = sa.select(root.id).where(_free(root), root.op == "post")
    return (
        sa.select(columns.id, columns.alert, columns.not_before)
        .where(_free(columns), sa.or_(columns.op == "post", columns.root.in_(roots)))
        .order_by(columns.id)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


def _free(columns: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 – a table's columns or an alias's
    """What was never tried, is in no group and may be, at the destination ``name``."""
    untried = sa.and_(columns.state == "pending", columns.attempt == 0, columns.grouped_in.is_(None))
    mine = sa.and_(columns.destination == sa.bindparam("name"), columns.alert.is_not(None))
    return sa.and_(columns.may_group, untried, mine)


def join(
    tx: Tx, members: Sequence[int], *, uid: str, destination: str, payload: Mapping[str, Any], at: datetime
) -> int:
    """Queue one message for all of ``members``; the id of its row."""
    statement = sa.insert(t.delivery).values(
        uid=uid,
        destination=destination,
        op="post",
        revision=0,
        state="pending",
        not_before=at,
        payload_kind="group",
        payload=dict(payload),
        created_at=at,
    )
    group = int(tx.value(statement.returning(t.delivery.c.id)))
    tx.run(sa.update(t.delivery).where(t.delivery.c.id.in_(list(members))).values(grouped_in=group))
    return group


def follow(tx: Tx, group: int, after: Standing, named: Mapping[str, Any]) -> None:
    """What becomes of a group's alerts when it is there, or was refused for good.

    Where it may stand there all the same, since an earlier attempt was never cleared up, each says that it may repeat.
    """
    members = sa.and_(t.delivery.c.grouped_in == group, t.delivery.c.state == "pending")
    statement = sa.update(t.delivery).where(members)
    if after.state == "sent":
        tx.run(statement.values(state="sent", **{**named, "thread_ts": None}))
    elif after.state == "dead":
        tx.run(statement.values(grouped_in=None, may_group=False, may_repeat=after.may_repeat))


def hurry(tx: Tx, delivery: int, now: datetime) -> None:
    """Let a message go at once, and by itself, if it still waits for others: what follows it must not wait."""
    free = sa.and_(t.delivery.c.id == delivery, t.delivery.c.state == "pending", t.delivery.c.grouped_in.is_(None))
    tx.run(sa.update(t.delivery).where(free, t.delivery.c.may_group).values(may_group=False, not_before=now))


def latest(tx: Tx) -> dict[str, datetime]:
    """When alerts last went together, by destination."""
    columns = t.delivery.c
    newest = sa.func.max(columns.created_at, type_=t.Moment).label("at")
    # A refused one has told nobody anything.
    made = sa.and_(columns.payload_kind == "group", columns.state != "dead")
    rows = tx.rows(sa.select(columns.destination, newest).where(made).group_by(columns.destination))
    return {row["destination"]: row["at"] for row in rows}
