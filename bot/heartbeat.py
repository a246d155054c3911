"""The clock's signs of life for others: a row in the database, and the figures that are kept with it.

Whoever knocks beats once a minute. That it does not any more is told by whoever looks: its own watch, another process,
``doctor``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .pulse import SILENT
from .store import heartbeats, totals

if TYPE_CHECKING:
    from datetime import datetime

    from .desk import Desk
    from .store.heartbeats import Heartbeat

# After so long nobody waits for it any more: it was ended by force, and something else does its work.
FORGOTTEN = timedelta(days=7)


async def beat(desk: Desk) -> None:
    """Say that this process is the clock, and keep what has been counted. Raises StoreError."""
    await desk.call(_beat, desk)


async def end(desk: Desk) -> None:
    """Say that this clock stops as it should, so that nobody misses it. Raises StoreError."""
    await desk.call(_beat, desk, ended=True)


def _beat(desk: Desk, *, ended: bool = False) -> None:
    with desk.store.write() as tx:
        now = desk.now()
        if desk.stopping and not ended:
            return
        last = heartbeats.last(tx)
        if ended and (last is None or last.owner != desk.owner):  # another has taken over
            return
        heartbeats.beat(tx, desk.owner, now, ended=ended)
        totals.advance(tx, now)


def is_silent(last: Heartbeat | None, now: datetime) -> bool:
    """Whether a clock that should knock does not, as far as its heartbeat tells."""
    if last is None or last.ended:
        return False
    return timedelta(seconds=SILENT) <= now - last.at < FORGOTTEN


def host(last: Heartbeat) -> str:
    """The machine that the clock ran on."""
    return last.owner.partition(":")[0] or "another machine"
