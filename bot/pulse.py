"""Whether one service is alive: when its clock knocked last, when its loop turned last.

Measured by a timer that only goes forward and stands still while the machine sleeps, so that neither a clock that is
set nor a lid that is closed looks like a service that hangs.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Seconds without the knocks that everything hangs on, after which a clock counts as silent. They come every few
# seconds, and the work they start is not waited for.
SILENT = 300.0
# Seconds without a turn of the loop, after which somebody has to know where it hangs.
STUCK = 60.0


class Pulse:
    """The signs of life of one service. ``essential`` names the knocks without which it does nothing.

    May be written in one thread and read in another.
    """

    def __init__(
        self, essential: Sequence[str] = ("ingest", "deliver"), *, timer: Callable[[], float] = monotonic
    ) -> None:
        self._timer = timer
        self._turned = timer()
        self._knocked = dict.fromkeys(essential, self._turned)
        self.failing: dict[str, str] = {}
        """Why a knock could not do its work the last time, by its name."""

    def knock(self, name: str, trouble: str = "") -> None:
        """A knock has done its work, or could not because of ``trouble``."""
        if name in self._knocked:
            self._knocked[name] = self._timer()
        if trouble:
            self.failing[name] = trouble
        else:
            self.failing.pop(name, None)

    def turn(self) -> None:
        """The loop has turned."""
        self._turned = self._timer()

    @property
    def silence(self) -> float:
        """Seconds since the essential knock that is missed the longest."""
        return self._timer() - min(self._knocked.values())

    @property
    def standstill(self) -> float:
        """Seconds since the loop is known to have turned."""
        return self._timer() - self._turned

    @property
    def is_silent(self) -> bool:
        """Whether the clock does not knock any more."""
        return self.silence >= SILENT
