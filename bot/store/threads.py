"""What becomes of a thread whose first message somebody has deleted: the next reply opens a new one, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from .store import Tx


def lose(tx: Tx, row: RowMapping, now: datetime) -> None:
    """The message that ``row``, a reply or a change, belongs to is there no more.

    A reply becomes a message of its own, in whose thread the others that wait will go. Changes of what is gone are
    dropped, for nobody can see them.
    """
    root = row["root"]
    if root is None:
        return
    delivery = t.delivery.c
    tx.run(sa.update(t.delivery).where(delivery.id == root).values(gone_at=sa.func.coalesce(delivery.gone_at, now)))
    tx.run(sa.delete(t.delivery).where(delivery.root == root, delivery.op == "update", delivery.state == "pending"))
    if row["op"] != "reply":
        return
    tx.run(sa.update(t.delivery).where(delivery.id == row["id"]).values(op="post", root=None, thread_ts=None))
    others = sa.and_(delivery.root == root, delivery.op == "reply", delivery.state == "pending")
    tx.run(sa.update(t.delivery).where(others).values(root=row["id"]))
