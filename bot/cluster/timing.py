"""How soon the processes of a cluster notice things, in seconds; tests use smaller ones."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store.leader import LEASE
from bot.store.queue import STALLED


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds.

    ``tick``: between two looks of the clock at what is due. ``look``: between two looks at who leads, and ``lease``
    for how long a leader is believed in without a sign. ``heartbeat``: between two signs of a worker, and ``stalled``
    after how long without one its jobs are others'. ``poll``: between two looks at the queue, where no call comes
    through; ``again``: before a database that went away is tried again.
    """

    tick: float = 2.0
    look: float = 1.0
    lease: float = LEASE
    heartbeat: float = 2.0
    stalled: float = STALLED
    poll: float = 2.0
    again: float = 0.5
