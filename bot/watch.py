"""Who watches the clock: a task that tells where knocks stay away, a thread that tells where the loop stands still.

The task also feeds systemd's watchdog, and only while all is well: a service that hangs is then started anew.
"""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from typing import TYPE_CHECKING

from .logs import logger
from .pulse import STUCK

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from .pulse import Pulse
    from .supervisor import Supervisor

# Seconds between two looks, and between two tries to tell while the clock is silent.
LOOK_EVERY = 15.0
TELL_EVERY = 60.0

log = logger()


async def watch(
    pulse: Pulse, supervisor: Supervisor, tell: Callable[[], Awaitable[object]], *, every: float = LOOK_EVERY
) -> None:
    """Look every ``every`` seconds, for ever; ``tell`` is called again and again while the clock is silent."""
    every = min(every, supervisor.watchdog / 3) if supervisor.watchdog else every
    looks, loop = 0, asyncio.get_running_loop()
    while True:
        pulse.turn()
        if not pulse.is_silent:
            looks = 0
            supervisor.alive()
        else:
            if not looks:
                log.error("the clock is silent", seconds=round(pulse.silence), failing=dict(pulse.failing))
            if looks % max(1, round(TELL_EVERY / every)) == 0:
                await _try(tell)
            looks += 1
        asked = loop.time()
        await asyncio.sleep(every)
        if loop.time() - asked > 2 * every:  # everything was late, the knocks as well: give them their time
            await asyncio.sleep(every)


async def _try(tell: Callable[[], Awaitable[object]]) -> None:
    """What hangs the clock may hang this as well."""
    try:
        await asyncio.wait_for(tell(), TELL_EVERY)
    except TimeoutError:
        log.error("nobody could be told that the clock is silent", seconds=round(TELL_EVERY))


class LoopWatch(threading.Thread):
    """Says where the loop hangs, once each time; to be started and stopped in the loop's thread."""

    def __init__(self, pulse: Pulse, *, every: float = LOOK_EVERY, stuck: float = STUCK) -> None:
        super().__init__(name="watch of the loop", daemon=True)
        self._pulse, self._every, self._stuck = pulse, every, stuck
        self._watched = threading.get_ident()
        self._over = threading.Event()

    def stop(self) -> None:
        """End it."""
        self._over.set()
        self.join()

    def run(self) -> None:
        """Look until it is stopped."""
        said = seen = False
        while not self._over.wait(self._every):
            hangs = self._pulse.standstill >= self._stuck
            # Twice in a row: a process that was stopped as a whole finds itself late, and is not stuck.
            if hangs and seen and not said:
                where = sys._current_frames().get(self._watched)  # noqa: SLF001 – documented, for debugging
                stack = "".join(traceback.format_stack(where)) if where else ""
                log.error("the loop stands still", seconds=round(self._pulse.standstill), stack=stack)
            said, seen = hangs and (said or seen), hangs
