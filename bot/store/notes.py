"""Notes to readers of how much was kept back: at most one waits for each destination, and it is kept up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from .store import Tx


def waiting(tx: Tx, destination: str) -> tuple[int, datetime] | None:
    """The note that waits to be sent for the first time: its delivery, and since when it counts."""
    columns = t.delivery.c
    mine = sa.and_(columns.destination == destination, columns.payload_kind == "note", columns.state == "pending")
    query = sa.select(columns.id, columns.created_at).where(mine, columns.first_tried_at.is_(None))
    row = tx.row(query.order_by(columns.id.desc()).limit(1))
    return (row["id"], row["created_at"]) if row is not None else None


def kept_back(tx: Tx, destination: str, reason: str, since: datetime) -> int:
    """How many articles were kept from a destination for this reason, whatever its detail, since then."""
    columns = t.decision.c
    named = sa.or_(columns.reason == reason, columns.reason.startswith(f"{reason}: ", autoescape=True))
    query = sa.select(sa.func.count(columns.article.distinct()))
    return int(tx.value(query.where(columns.at >= since, columns.destination == destination, named)))
