"""Politeness: one request at a time per server, and not too many at once over all."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import Unreachable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .address import Address
    from .places import Place


@dataclass(slots=True)
class Lane:
    """The queue before one server. ``down`` has the sentences that say why nobody could connect, by origin.

    Where https fails – a certificate that has run out, a port that is shut – http may answer, and the other way round.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    down: dict[tuple[str, str, int], str] = field(default_factory=dict)


class Lanes:
    """Hands out turns. Lanes exist only while somebody stands in them."""

    def __init__(self) -> None:
        self._lanes: dict[tuple[str, int], Lane] = {}

    @asynccontextmanager
    async def turn(
        self, address: Address, at_once: asyncio.Semaphore, place: Place | None = None
    ) -> AsyncIterator[Lane]:
        """Wait for a turn with the server of ``address``, and then for one of those that may ask ``at_once``.

        ``place`` is that of the poll, which need not be kept while it stands in the queue.
        Whoever finds that no connection can be made notes it in ``down``, and those who stood behind in the
        queue learn it at once by :class:`Unreachable` instead of each waiting for a dead server in turn.
        """
        # A host's two web ports are one server to be polite to; any other port is a server of its own.
        key = (address.host, 0 if address.port in {80, 443} else address.port)
        lane = self._lanes.setdefault(key, Lane())
        lane.users += 1
        try:
            if place is not None and lane.users > 1:
                await place.queue(lane.lock)
            else:
                await lane.lock.acquire()
            try:
                if address.origin in lane.down:
                    raise Unreachable(lane.down[address.origin])
                async with at_once:
                    yield lane
            finally:
                lane.lock.release()
        finally:
            lane.users -= 1
            if not lane.users:
                del self._lanes[key]
