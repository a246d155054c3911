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


@dataclass(slots=True)
class Lane:
    """The queue before one server. ``down`` is the sentence that says why nobody could connect to it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    down: str | None = None


class Lanes:
    """Hands out turns. Lanes exist only while somebody stands in them."""

    def __init__(self, at_once: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._lanes: dict[tuple[str, int], Lane] = {}

    @asynccontextmanager
    async def turn(self, address: Address) -> AsyncIterator[Lane]:
        """Wait for a turn with the server of ``address``.

        Whoever finds that no connection can be made notes it in ``down``, and those who stood behind in the
        queue learn it at once by :class:`Unreachable` instead of each waiting for a dead server in turn.
        """
        # A host's two web ports are one server to be polite to; any other port is a server of its own.
        key = (address.host, 0 if address.port in {80, 443} else address.port)
        lane = self._lanes.setdefault(key, Lane())
        lane.users += 1
        try:
            async with lane.lock:
                if lane.down is not None:
                    raise Unreachable(lane.down)
                async with self._places:
                    yield lane
        finally:
            lane.users -= 1
            if not lane.users:
                del self._lanes[key]
