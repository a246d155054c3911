"""What a worker is really doing, beside what the queue says that it does.

A job whose end could not be written, because the connection was cut at that moment, would be done for ever: its worker
is alive, and so nobody else takes it over, nor any other job of its key. It is taken off as soon as that is seen.
"""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.store import queue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from procrastinate import JobContext

    from bot.store import Store


class Doing:
    """The jobs that are under way in this process, and the numbers under which the queue knows it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._jobs: set[int] = set()
        self._workers: set[int] = set()
        self._left: set[int] = set()

    @contextmanager
    def job(self, context: JobContext) -> Iterator[None]:
        """Note a job while it is done."""
        number, worker = context.job.id or 0, context.job.worker_id
        self._jobs.add(number)
        if worker is not None:
            self._workers.add(worker)
        try:
            yield
        finally:
            self._jobs.discard(number)

    async def keep(self, every: float) -> None:
        """Look every so many seconds, until cancelled."""
        while True:
            await asyncio.sleep(every)
            if self._workers:
                with suppress(StoreError):
                    await asyncio.to_thread(self._tidy)

    def _tidy(self) -> None:
        """Take off what two looks in a row find left: a job that has just been taken, or is just ending, is not."""
        with self._store.beside() as tx:
            left = queue.held(tx, self._workers) - self._jobs
            if both := left & self._left:
                queue.drop(tx, both)
        self._left = left
