"""A process says that it is there, every other second or so, by a row that anybody can look at."""

from __future__ import annotations

import asyncio
import os
import platform
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from bot import __version__
from bot.errors import StoreError
from bot.store import processes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.desk import Desk
    from bot.store.processes import ProcessKind


class Presence:
    """The sign of life of one process. It is given in a thread of its own: the store's may wait for its turn."""

    def __init__(self, desk: Desk, kind: ProcessKind, queues: Sequence[str] = (), *, every: float) -> None:
        self._desk, self._kind, self._queues, self._every = desk, kind, queues, every
        # A sign that is being given when it is taken back goes on in its thread.
        self._turn, self._is_over = threading.Lock(), False

    async def keep(self) -> None:
        """Give it until cancelled; while the database is away nobody could read it."""
        while True:
            with suppress(StoreError):
                await asyncio.to_thread(self._beat)
            await asyncio.sleep(self._every)

    async def end(self) -> None:
        """Take it back."""
        with suppress(StoreError):
            await asyncio.to_thread(self._leave)

    def _beat(self) -> None:
        live = self._desk.live
        with self._turn, self._desk.store.beside() as tx:
            if self._is_over:
                return
            processes.beat(
                tx,
                self._desk.owner,
                kind=self._kind,
                host=platform.node(),
                pid=os.getpid(),
                version=__version__,
                queues=self._queues,
                rules=live.digest if live else "",
            )

    def _leave(self) -> None:
        with self._turn, self._desk.store.beside() as tx:
            self._is_over = True
            processes.leave(tx, self._desk.owner)
