"""Writing together what comes one by one: a commit costs the same for one row and for a hundred."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

from .errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

T = TypeVar("T")

# Seconds that the first of a batch waits for others. Nobody notices; polls of many feeds come by the hundred a second.
WAIT = 0.1


class Batches(Generic[T]):
    """Hands what is added within a moment to ``write``, which writes all of it or nothing.

    What ``write`` raises is raised wherever one of the batch was added. After an error that is no StoreError, a bug,
    each is written alone, so that one of them keeps no other from being written.
    """

    def __init__(self, write: Callable[[Sequence[T]], Awaitable[None]], wait: float = WAIT) -> None:
        self._write = write
        self._wait = wait
        self._batch: list[tuple[T, asyncio.Future[None]]] = []
        # The loop itself knows its tasks only weakly.
        self._tasks: set[asyncio.Task[None]] = set()

    async def add(self, one: T) -> None:
        """Return once it is written; raises what kept it from that."""
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        self._batch.append((one, written))
        if len(self._batch) == 1:
            task = loop.create_task(self._write_soon())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await written

    async def _write_soon(self) -> None:
        await asyncio.sleep(self._wait)
        batch, self._batch = self._batch, []
        try:
            await self._write([one for one, _ in batch])
        except StoreError as error:
            _settle(batch, error)
        except Exception as error:  # noqa: BLE001 – a bug that one brings to light must not stop the others
            await self._one_by_one(batch, error)
        else:
            _settle(batch, None)

    async def _one_by_one(self, batch: Sequence[tuple[T, asyncio.Future[None]]], error: Exception) -> None:
        if len(batch) == 1:
            _settle(batch, error)
            return
        for pair in batch:
            try:
                await self._write([pair[0]])
            except Exception as its_own:  # noqa: BLE001 – it is raised where this one was added
                _settle([pair], its_own)
            else:
                _settle([pair], None)


def _settle(batch: Sequence[tuple[T, asyncio.Future[None]]], error: Exception | None) -> None:
    for _, written in batch:
        if written.done():  # whoever added it was stopped meanwhile
            continue
        if error is None:
            written.set_result(None)
        else:
            written.set_exception(error)
