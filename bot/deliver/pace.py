"""How fast we may speak to Slack: token buckets, and methods that Slack has asked to pause.

Limits from docs.slack.dev/apis/web-api/rate-limits: one message per second and channel, several hundred a
minute in a workspace, 50 calls a minute for methods of tier 3 (chat.update, history, replies), 20 for tier 2.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

# (seconds for a new token, how many may be saved up)
CHANNEL = (1.0, 1)
WORKSPACE = (0.25, 8)
TIER_2 = (3.0, 5)
TIER_3 = (1.2, 10)
METHODS = {
    "chat.update": TIER_3,
    "chat.delete": TIER_3,
    "conversations.history": TIER_3,
    "conversations.replies": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
}
WRITES = frozenset({"chat.postMessage", "chat.update"})


@dataclass(slots=True)
class Bucket:
    """A token bucket that may be overdrawn: who overdraws it waits until the debt is paid."""

    every: float
    saved: int
    tokens: float = field(init=False)
    at: float = 0.0

    def __post_init__(self) -> None:
        self.tokens = float(self.saved)

    def _refill(self, now: float) -> None:
        self.tokens = min(float(self.saved), self.tokens + max(0.0, now - self.at) / self.every)
        self.at = now

    def wait(self, now: float) -> float:
        """Seconds until a token taken now would be valid."""
        self._refill(now)
        return max(0.0, (1 - self.tokens) * self.every)

    def take(self, now: float) -> None:
        """Take a token, on credit if there is none."""
        self._refill(now)
        self.tokens -= 1


class Shared(Protocol):
    """Buckets that several processes use. It raises nothing: where it cannot be asked, it makes wait."""

    async def take(self, limits: Sequence[tuple[str, float, int]], rests: Sequence[str], longest: float) -> float:
        """Take a token of each limit: its name, seconds for a new token, how many may be saved up.

        The seconds to wait until the tokens are valid and the ``rests`` over; above ``longest`` nothing was taken.
        """

    async def rest(self, name: str, seconds: float) -> None:
        """Let everybody wait for so long."""


@dataclass(slots=True, kw_only=True)
class Pace:
    """The buckets of one token. ``scale`` stretches or (tests) shrinks every interval; 0 switches them off.

    Where other processes use the same token the buckets are ``shared`` with them.
    """

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    scale: float = 1.0
    shared: Shared | None = None
    _buckets: dict[str, Bucket] = field(default_factory=dict)
    _paused: dict[str, float] = field(default_factory=dict)

    def pause(self, method: str, seconds: float) -> None:
        """Keep off ``method`` for so long, as a 429 asks."""
        self._paused[method] = max(self._paused.get(method, 0.0), self.clock() + seconds)

    async def rest(self, method: str, seconds: float) -> None:
        """The same, and have the other processes keep off it, too."""
        self.pause(method, seconds)
        if self.shared is not None:
            await self.shared.rest(f"pause {method}", seconds)

    def paused(self, method: str) -> float:
        """Seconds that ``method`` still has to rest."""
        return max(0.0, self._paused.get(method, 0.0) - self.clock())

    async def turn(self, method: str, channel: str | None, *, longest: float) -> float:
        """Wait for our turn; 0.0 when it has come, else the wait in seconds that would pass ``longest``."""
        if self.shared is not None:
            return await self._turn_of_many(self.shared, method, channel, longest)
        buckets = [self._bucket(*limit) for limit in self._limits(method, channel)]
        now = self.clock()
        wait = max([self.paused(method), *(bucket.wait(now) for bucket in buckets)])
        if wait > longest:
            return wait
        for bucket in buckets:
            bucket.take(now)
        if wait > 0:
            await self.sleep(wait)
        return 0.0

    async def _turn_of_many(self, shared: Shared, method: str, channel: str | None, longest: float) -> float:
        wait = self.paused(method)
        if wait <= longest:
            wait = max(wait, await shared.take(self._limits(method, channel), [f"pause {method}"], longest))
        if wait > longest:
            return wait
        if wait > 0:
            await self.sleep(wait)
        return 0.0

    def _limits(self, method: str, channel: str | None) -> Sequence[tuple[str, float, int]]:
        if self.scale <= 0:
            return ()
        keys: list[tuple[str, tuple[float, int]]] = []
        if method in METHODS:
            keys.append((method, METHODS[method]))
        if method in WRITES:
            keys.append(("workspace", WORKSPACE))
            if channel:
                keys.append((f"channel {channel}", CHANNEL))
        return [(key, every * self.scale, saved) for key, (every, saved) in keys]

    def _bucket(self, key: str, every: float, saved: int) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(every, saved, at=self.clock())
        return self._buckets[key]
