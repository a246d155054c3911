"""Places of polls: few are worked on at once, and one that lasts waits aside, where it holds up nobody.

Whoever polls takes a place and has it for :data:`PATIENCE` seconds; most polls are over by then. What still goes on –
the server drips, its page has to be waited for, a parser struggles – moves aside, and its place is another's. There is
room aside for a limited number, because each may hold a connection and a body; who finds none stays in its place until
there is. A poll that only stands in the queue before a server (:mod:`bot.net.lanes`) holds neither, so after the same
time it counts nowhere, and a server with a thousand feeds fills nothing.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from bot.errors import Unreachable

if TYPE_CHECKING:
    from types import TracebackType

PATIENCE = 1.0  # seconds: more than a usual server, its encryption and the parser take together
# Bytes that the bodies of all polls may have together, 32 of the largest; and those that any of them may have, so that
# whoever fills the room with large bodies keeps no usual feed out.
ROOM, USUAL = 320_000_000, 1_000_000


class Places:
    """Hands out places: ``first`` for what has just begun, ``aside`` more for what lasts.

    ``weight`` is the number of bytes that the bodies of all polls have now.
    """

    def __init__(self, first: int, aside: int) -> None:
        self._first = asyncio.Semaphore(first)
        self._aside = aside
        self._wishing: dict[Place, None] = {}
        self.weight = 0

    def place(self) -> Place:
        """One place, waited for and given back by ``async with``."""
        return Place(self)

    async def take_first(self) -> None:
        """Wait for a first place."""
        await self._first.acquire()

    def leave_first(self) -> None:
        """Give a first place to the next."""
        self._first.release()

    def take_aside(self) -> bool:
        """Take a place aside if there is one."""
        free = self._aside > 0
        self._aside -= free
        return free

    def leave_aside(self) -> None:
        """Give a place aside to whoever has wished for one longest."""
        self._aside += 1
        if self._wishing:
            longest = next(iter(self._wishing))
            longest.step_aside()

    def wish(self, place: Place) -> None:
        """Remember who waits for a place aside."""
        self._wishing[place] = None

    def forget(self, place: Place) -> None:
        """It does not wait any longer."""
        self._wishing.pop(place, None)

    def weigh(self, more: int, size: int) -> None:
        """Count ``more`` bytes of a body that has ``size`` now. Raises Unreachable where there is no room for it."""
        self.weight += more
        if more > 0 and size > USUAL and self.weight > ROOM:
            raise Unreachable("large answers of other servers take up all room at the moment: it is tried again")


class Place:
    """The place of one poll: a first one, one aside, or none while the poll only stands in a queue."""

    __slots__ = ("_is_aside", "_is_first", "_places", "_queues", "_size", "_timer")

    def __init__(self, places: Places) -> None:
        self._places = places
        self._is_first = self._is_aside = self._queues = False
        self._timer: asyncio.TimerHandle | None = None
        self._size = 0

    async def __aenter__(self) -> Self:
        await self._begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._give_back()
        if self._size:
            self.weigh(0)

    async def queue(self, lock: asyncio.Lock) -> None:
        """Take ``lock``, the queue before a server. Who waits long for it has no place until its turn has come."""
        if self._timer is None:  # its patience is over already
            self._give_back()
        self._queues = True
        try:
            await lock.acquire()
        finally:
            self._queues = False
        try:
            await self._regain()
        except BaseException:
            lock.release()
            raise

    def weigh(self, size: int) -> None:
        """Say how many bytes of a body the poll holds now. Raises Unreachable where there is no room for them."""
        more, self._size = size - self._size, size
        self._places.weigh(more, size)

    def step_aside(self) -> None:
        """Move from a first place to one aside, now or as soon as there is one; out of a queue to none at all."""
        self._timer = None
        if self._queues:
            self._give_back()
        elif self._places.take_aside():
            self._give_back()
            self._is_aside = True
        else:
            self._places.wish(self)

    async def _begin(self) -> None:
        await self._places.take_first()
        self._is_first = True
        self._timer = asyncio.get_running_loop().call_later(PATIENCE, self.step_aside)

    async def _regain(self) -> None:
        if self._is_first or self._is_aside:
            return
        if self._places.take_aside():
            self._is_aside = True
        else:
            await self._begin()

    def _give_back(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        else:
            self._places.forget(self)
        was_first, was_aside = self._is_first, self._is_aside
        self._is_first = self._is_aside = False
        if was_first:
            self._places.leave_first()
        elif was_aside:
            self._places.leave_aside()
