"""When to knock. APScheduler only calls; what is due is for the database to say.

Each knock is a function of the pipeline: the sources, the outbox, the rules folder, held destinations. Missed
knocks are made up by the next one, and none overlaps itself.
"""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from . import pipeline
from .errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from .desk import Desk
    from .model import DeliverReport, IngestReport
    from .reload import Reloaded

# Seconds between knocks. A knock that finds nothing due costs one small query.
INGEST_EVERY = 10.0
DELIVER_EVERY = 2.0
RELOAD_EVERY = 5.0
RESUME_EVERY = 600.0
# SIGTERM: what is under way may finish for so long; the process ends within ten seconds.
DRAIN = 7.0

log = structlog.stdlib.get_logger("presswatch")


class Knocks:
    """The scheduled calls of one service, each guarded so that one failure never ends the others."""

    def __init__(self, desk: Desk, *, backfill: int = 0) -> None:
        self.desk = desk
        self.backfill = backfill
        self.running: set[asyncio.Task[None]] = set()
        self._said: dict[str, str] = {}
        self._noted: set[str] = set()

    async def ingest(self) -> None:
        """Poll what is due and, if that queued alerts, send them without waiting for the next knock."""
        report = await pipeline.ingest_due(self.desk, backfill=self.backfill)
        log_ingest(report)
        if report.alerts:
            await self.deliver()

    async def deliver(self) -> None:
        """Send what the outbox holds."""
        report = await pipeline.deliver_due(self.desk)
        log_delivery(report, new=[note for note in report.notes if note not in self._noted])
        # A destination that is still held is tried again now and then; that is said once, until something was sent.
        self._noted = set() if report.sent else self._noted | set(report.notes)

    async def reload(self) -> None:
        """Take edited rules into use."""
        log_reload(await pipeline.reload_rules(self.desk))

    async def resume(self) -> None:
        """Let held destinations try again: a channel may have been mended at Slack, where we cannot see it."""
        await pipeline.resume_held(self.desk)

    async def guarded(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run ``work``; trouble with the database is said once per cause, and the next knock tries again."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 – jobs are tasks
        self.running.add(task)
        try:
            await work()
        except StoreError as error:
            if self._said.get(name) != str(error):
                log.error("database trouble: will try again", work=name, reason=str(error))
            self._said[name] = str(error)
        else:
            if self._said.pop(name, None):
                log.warning("database answers again", work=name)
        finally:
            self.running.discard(task)

    async def drain(self, seconds: float) -> None:
        """Let what is under way finish; what takes longer is stopped, and found again at the next start."""
        if self.running:
            _, late = await asyncio.wait(self.running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def serve(desk: Desk, *, backfill: int = 0) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP looks at the rules at once. Raises StoreError if it cannot even start."""
    stop, hurry = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, hurry.set)
    log_reload(await pipeline.reload_rules(desk))
    await pipeline.resume_held(desk)
    knocks = Knocks(desk, backfill=backfill)
    scheduler = _schedule(knocks)
    scheduler.start()
    log.info("running", sources=len(desk.config.sources), rules=len(desk.rules().ruleset.rules))
    try:
        await _wait(stop, hurry, knocks)
    finally:
        scheduler.pause()
        await knocks.drain(DRAIN)
        scheduler.shutdown(wait=False)
        log.info("stopped")


def _schedule(knocks: Knocks) -> AsyncIOScheduler:
    from datetime import UTC

    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    for name, work, seconds in (
        ("ingest", knocks.ingest, INGEST_EVERY),
        ("deliver", knocks.deliver, DELIVER_EVERY),
        ("reload", knocks.reload, RELOAD_EVERY),
        ("resume", knocks.resume, RESUME_EVERY),
    ):
        first = knocks.desk.now()
        scheduler.add_job(knocks.guarded, "interval", (name, work), id=name, seconds=seconds, next_run_time=first)
    return scheduler


async def _wait(stop: asyncio.Event, hurry: asyncio.Event, knocks: Knocks) -> None:
    """Until ``stop``; every ``hurry`` on the way is a look at the rules."""
    while not stop.is_set():
        waiting = [asyncio.ensure_future(event.wait()) for event in (stop, hurry)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if hurry.is_set():
            hurry.clear()
            await knocks.guarded("reload", knocks.reload)


def log_ingest(report: IngestReport) -> None:
    """One line per source that did something worth a line."""
    for source in report.sources:
        figures = {key: getattr(source, key) for key in ("fetched", "new", "changed", "matched", "alerts", "ms")}
        if source.status == "error":
            log.warning("poll failed", source=source.source, reason=source.note, failing=source.failing)
        elif source.new or source.changed or source.note:
            log.info("polled", source=source.source, status=source.status, note=source.note, **figures)
        else:
            log.debug("polled", source=source.source, status=source.status, **figures)


def log_delivery(report: DeliverReport, new: Sequence[str]) -> None:
    """One line per round that moved anything, and one for each ``new`` note."""
    figures = {key: getattr(report, key) for key in ("sent", "later", "unknown", "dead")}
    for note in new:
        log.warning("delivery", note=note)
    if any(figures.values()):
        log.info("delivered", **figures)


def log_reload(reloaded: Reloaded | None) -> None:
    """One line per change of the rules, and one per fault in them."""
    if reloaded is None:
        return
    for fault in reloaded.faults:
        log.error("rule rejected", fault=str(fault))
    log.info("rules loaded", total=reloaded.total, changed=list(reloaded.changed), kept=list(reloaded.kept))
