"""What stands at a destination that is written as a whole: its newest messages, each as it reads now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.model import Posted

from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection

    from .store import Tx


def posted(tx: Tx, destination: str, limit: int, *, besides: Collection[int] = ()) -> list[Posted]:
    """The newest ``limit`` messages that were sent to a destination, newest first, with their latest change.

    ``besides`` are deliveries that count as sent: those being written just now.
    """
    delivery = t.delivery.c
    there = sa.and_(delivery.destination == destination, sa.or_(delivery.state == "sent", delivery.id.in_(besides)))
    newest = (
        sa.select(delivery.id, delivery.uid, delivery.payload, delivery.created_at)
        .where(there, delivery.op != "update")
        .order_by(delivery.id.desc())
        .limit(limit)
    )
    rows = tx.rows(newest)
    changes = (
        sa.select(delivery.root, delivery.payload, delivery.created_at)
        .where(there, delivery.op == "update", delivery.root.in_([row["id"] for row in rows]))
        .order_by(delivery.id)
    )
    changed = {row["root"]: row for row in tx.rows(changes)}
    return [
        Posted(
            uid=row["uid"],
            payload=changed.get(row["id"], row)["payload"],
            at=row["created_at"],
            changed_at=changed.get(row["id"], row)["created_at"],
        )
        for row in rows
    ]
