"""One of several clocks leads; the others stand by, and one of them takes over within seconds."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.logs import logger
from bot.store import queue
from bot.store.leader import Candidate, still_leads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk import Desk
    from bot.store.queue import Job

    from .timing import Timing

log = logger()


class Leadership:
    """Whether this process leads. ``fence`` is set while it believes so; what it writes is checked against the row."""

    def __init__(self, desk: Desk, timing: Timing) -> None:
        self._desk, self._timing = desk, timing
        self._candidate = Candidate(desk.store, desk.owner, lease=timing.lease)
        self._trouble = ""
        # A look that is under way when the process resigns goes on in its thread.
        self._turn, self._is_over = threading.Lock(), False
        self.fence: int | None = None

    async def keep(self) -> None:
        """Stand for it, and keep it, until cancelled."""
        while True:
            began = asyncio.get_running_loop().time()
            await self._look()
            spent = asyncio.get_running_loop().time() - began
            await asyncio.sleep(max(0.0, self._timing.look - spent))

    async def _look(self) -> None:
        before = self.fence
        try:
            self.fence = await asyncio.to_thread(self._stand)
        except StoreError as error:
            self.fence = None
            if str(error) != self._trouble:
                self._trouble = str(error)
                log.error("trouble: will try again", work="leadership", reason=self._trouble)
        else:
            self._trouble = ""
        if self.fence is not None and before is None:
            log.info("leading", fence=self.fence)
        elif self.fence is None and before is not None:
            log.warning("no longer leading", fence=before)

    async def resign(self) -> None:
        """Let another lead at once."""
        self.fence = None
        with suppress(StoreError):
            await asyncio.to_thread(self._resign)

    def _stand(self) -> int | None:
        with self._turn:
            return None if self._is_over else self._candidate.stand()

    def _resign(self) -> None:
        with self._turn:
            self._is_over = True
            self._candidate.resign()

    async def enqueue(self, jobs: Sequence[Job]) -> bool:
        """Write jobs, if this process still leads; whether it does. Raises StoreError."""
        fence = self.fence
        if fence is None:
            return False
        if jobs and not await asyncio.to_thread(self._enqueue, jobs, fence):
            self.fence = None
            return False
        return True

    def _enqueue(self, jobs: Sequence[Job], fence: int) -> bool:
        with self._desk.store.beside() as tx:
            leads = still_leads(tx, self._desk.owner, fence)
            if leads:
                queue.enqueue(tx, jobs, busy=False)
        return leads

    async def rescue(self) -> int:
        """Have jobs done anew whose worker is gone; how many. Raises StoreError."""
        return 0 if self.fence is None else await asyncio.to_thread(self._rescue)

    def _rescue(self) -> int:
        with self._desk.store.beside() as tx:
            return queue.rescue(tx, self._timing.stalled)
