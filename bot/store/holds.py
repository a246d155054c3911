"""Destinations that take nothing until a person mends them; their queues are kept whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import line, machine, settings
from . import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from .store import Tx

_HOLD = "hold:"


def hold(tx: Tx, destination: str, reason: str, at: datetime) -> None:
    """Stop a destination's queue; held again, the newer reason counts and the time of the first stays."""
    settings.put(tx, [{"key": _HOLD + destination, "value": reason, "at": at}], first_time=True)


def held(tx: Tx) -> dict[str, str]:
    """The destinations that are held, each with the reason."""
    key = t.setting.c.key
    rows = tx.rows(sa.select(t.setting).where(key.startswith(_HOLD, autoescape=True)).order_by(key))
    return {row["key"].removeprefix(_HOLD): row["value"] for row in rows}


def release(tx: Tx, destination: str) -> int:
    """Let a destination's queue run again; how many held messages that frees."""
    tx.run(sa.delete(t.setting).where(t.setting.c.key == _HOLD + destination))
    columns = t.delivery.c
    rows = tx.rows(sa.select(t.delivery).where(columns.destination == destination, columns.state == "held"))
    for row in rows:
        free = machine.released(line.standing(row))
        values: dict[str, Any] = {"state": free.state, "look_ups": free.look_ups}
        tx.run(sa.update(t.delivery).where(columns.id == row["id"]).values(values))
    line.drop_superseded(tx, rows)
    return len(rows)
