"""The clock's heartbeat: written by whoever knocks, read by everybody else, so that its silence is noticed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import settings
from . import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from .store import Tx

CLOCK = "heartbeat:clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """When the clock last said that it knocks, and who it was. ``ended``: it said that it stops."""

    at: datetime
    owner: str
    ended: bool = False


def beat(tx: Tx, owner: str, at: datetime, *, ended: bool = False) -> None:
    """Say that ``owner`` is the clock and knocks; with ``ended`` that it stops, as it should."""
    settings.put(tx, [{"key": CLOCK, "value": {"owner": owner, "ended": ended}, "at": at}])


def last(tx: Tx) -> Heartbeat | None:
    """The newest heartbeat; None where no service has ever run."""
    row = tx.row(sa.select(t.setting).where(t.setting.c.key == CLOCK))
    if row is None:
        return None
    return Heartbeat(at=row["at"], owner=row["value"]["owner"], ended=row["value"]["ended"])
