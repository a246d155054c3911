"""The clock: knocks as the service does, but writes down as jobs what is due, for whichever worker is free.

APScheduler ticks in every clock; only that of the leader looks at anything.
"""

from __future__ import annotations

import logging
from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import pipeline
from bot.logs import logger
from bot.scheduler import (
    DIGEST_EVERY,
    NEAR_EVERY,
    NOTIFY_EVERY,
    PURGE_EVERY,
    RELOAD_EVERY,
    RESUME_EVERY,
    VOLUME_EVERY,
    Knocks,
    Steadily,
    log_config,
)
from bot.store import queue

from . import rounds
from .leadership import Leadership
from .presence import Presence
from .stopping import beside, on_signals
from .timing import Timing

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Sequence

    from bot.desk import Desk
    from bot.store.queue import Job

log = logger()


class Clock:
    """One clock process."""

    def __init__(self, desk: Desk, *, timing: Timing | None = None) -> None:
        self.desk, self.timing = desk, timing or Timing()
        self.leadership = Leadership(desk, self.timing)
        self._knocks = Knocks(desk)  # what goes wrong is said as the service says it

    async def serve(self) -> None:
        """Keep time until SIGTERM or SIGINT; SIGHUP reads the configuration again. Raises StoreError at the start."""
        stop, hurry = on_signals()
        await self.desk.call(queue.prepare, self.desk.store)
        # A look that takes longer than a tick is no trouble: the next one finds what this one would have.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        presence, scheduler = Presence(self.desk, "clock", every=self.timing.heartbeat), self._schedule()
        scheduler.start()
        log.info("keeping time", sources=len(self.desk.config.sources))
        try:
            async with beside(presence.keep(), self.leadership.keep(), self._hurry(hurry)):
                await stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            await self.leadership.resign()
            await presence.end()
            log.info("stopped")

    async def _hurry(self, hurry: asyncio.Event) -> None:
        while True:
            await hurry.wait()
            hurry.clear()
            await self._knocks.guarded("reload", partial(self._reload, anyway=True))

    def _schedule(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        now = self.desk.now()
        for name, work, seconds in (
            ("polls", partial(self._tick, rounds.polls), self.timing.tick),
            ("deliveries", partial(self._tick, rounds.deliveries), self.timing.tick),
            ("rescue", self._rescue, self.timing.stalled / 4),
            ("reload", self._reload, RELOAD_EVERY),
            ("digests", self._chore("digests"), DIGEST_EVERY),
            ("notify", self._chore("notify"), NOTIFY_EVERY),
            ("volume", self._chore("volume"), VOLUME_EVERY),
            ("purge", self._chore("purge"), PURGE_EVERY),
            ("near misses", self._chore("near_misses"), NEAR_EVERY),
            ("resume", self._chore("resume"), RESUME_EVERY),
        ):
            first = now + timedelta(seconds=min(seconds, NOTIFY_EVERY) / 2)
            trigger = Steadily(seconds=seconds)
            scheduler.add_job(self._knocks.guarded, trigger, (name, work), id=name, next_run_time=first)
        return scheduler

    async def _tick(self, look: Callable[[Desk], Awaitable[Sequence[Job]]]) -> None:
        if self.leadership.fence is not None:
            await self.leadership.enqueue(await look(self.desk))

    def _chore(self, name: str) -> Callable[[], Awaitable[None]]:
        async def tick() -> None:
            await self.leadership.enqueue([rounds.chore(name)])

        return tick

    async def _rescue(self) -> None:
        number = await self.leadership.rescue()
        if number:
            log.warning("a worker is gone: its jobs are done by others", jobs=number)

    async def _reload(self, *, anyway: bool = False) -> None:
        log_config(await pipeline.reload_config(self.desk, anyway=anyway))
        await pipeline.close_retired(self.desk)
