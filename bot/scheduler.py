"""When to knock. APScheduler only calls; what is due is for the database to say.

Each knock is a function of the pipeline: sources, outbox, digests, volume, the rules folder, held destinations. Missed
knocks are made up by the next one, and none overlaps itself.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from . import pipeline
from .errors import PresswatchError
from .health import check_destinations
from .logs import logger
from .pulse import Pulse
from .supervisor import NOBODY
from .watch import LoopWatch, watch

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from datetime import datetime

    from .deliver.report import Finding
    from .desk import Desk
    from .model import DeliverReport, Destination, Issue, PurgeReport, SourceReport
    from .pipeline import Wishes
    from .reconfigure import Reconfigured
    from .reload import Reloaded
    from .store.records import SourceState
    from .supervisor import Supervisor

    Work = Callable[[], Coroutine[Any, Any, None]]

# Seconds between knocks. A knock that finds nothing due reads and writes nothing, except the heartbeat of ``notify``.
INGEST_EVERY = 10.0
DELIVER_EVERY = 2.0
RELOAD_EVERY = 5.0
RESUME_EVERY = 600.0
DIGEST_EVERY = 30.0
NOTIFY_EVERY = 60.0
VOLUME_EVERY = 60.0
PURGE_EVERY = 600.0
NEAR_EVERY = 3600.0
# SIGTERM ends the process within ten seconds: what is under way may take DRAIN of them, a call to a database
# that somebody else holds PATIENCE more.
DRAIN, PATIENCE = 4.0, 4.0

log = logger()


class Knocks:
    """The scheduled calls of one service.

    A knock starts work and does not wait for it: one slow source or channel holds up nobody else, and none is
    worked on twice at a time. Trouble is said once per cause, and the next knock tries again.
    """

    def __init__(self, desk: Desk, *, wishes: Wishes | None = None, pulse: Pulse | None = None) -> None:
        self.desk = desk
        self.pulse = pulse or Pulse()
        self.wishes = wishes
        self.running: set[asyncio.Task[None]] = set()
        self._polling: set[str] = set()
        self._purging = False
        self._looking = False
        self._places = pipeline.new_places()
        self._troubles: dict[str, set[str]] = {}
        self._wrong: dict[str, str] = {}
        self._notes: dict[str, str] = {}

    async def ingest(self) -> None:
        """Start a poll of every source that is due and not being polled yet."""
        for state in await pipeline.due_sources(self.desk):
            if state.id not in self._polling:
                self._polling.add(state.id)
                self.start("poll", partial(self._poll, state))

    async def _poll(self, state: SourceState) -> None:
        try:
            report = await pipeline.poll_source(self.desk, state, self.wishes, self._places)
        finally:
            self._polling.discard(state.id)
        log_poll(report, noted=self._is_new(f"source {report.source}", report.note))
        if report.alerts:
            await self.deliver()

    async def deliver(self) -> None:
        """Start a round at every destination that has none under way."""
        for destination in self.desk.config.destinations:
            if not self.desk.delivering[destination.id].locked():
                self.start("deliver", partial(self._deliver, destination))

    async def _deliver(self, destination: Destination) -> None:
        report = await pipeline.deliver_to(self.desk, destination)
        if report.sent or report.digests or report.duplicates or report.notes:
            note = "; ".join(report.notes)
            log_delivery(destination.id, report, noted=self._is_new(f"destination {destination.id}", note))
        elif any((report.updated, report.later, report.unknown, report.dead, report.digests_dead)):
            log_delivery(destination.id, report, noted=False)

    def _is_new(self, subject: str, note: str) -> bool:
        """Whether this has not been said of the subject since it last changed."""
        before, self._notes[subject] = self._notes.get(subject, ""), note
        return note not in ("", before)

    async def digests(self) -> None:
        """Write the digests that are due, and begin to deliver them."""
        report = await pipeline.send_digests(self.desk)
        for issue in report.issues:
            log_issue(issue)
        if report.issues:
            await self.deliver()

    async def reload(self, *, anyway: bool = False) -> None:
        """Take an edited configuration and edited rules into use; ``anyway`` reads the configuration in any case."""
        found = await pipeline.reload_config(self.desk, anyway=anyway)
        log_config(found)
        if anyway or (found and found.changed):
            await pipeline.resume_held(self.desk)
        await pipeline.close_retired(self.desk)
        log_reload(await pipeline.reload_rules(self.desk))

    async def notify(self) -> None:
        """Say that the clock knocks, and tell those who run the program of troubles that began, last or are over."""
        await self.beat()  # a machine that slept must not find its own clock silent
        await self.tell()

    async def beat(self) -> None:
        """Give the sign of life that others wait for."""
        await pipeline.beat(self.desk)

    async def tell(self) -> None:
        """Tell them without saying that the clock knocks."""
        for notice in await pipeline.notify_operators(self.desk):
            log.info("operators told", step=notice.step, trouble=notice.trouble.key)

    async def volume(self) -> None:
        """Count what is new, and tell where there is far more than usual."""
        found = await pipeline.watch_volume(self.desk)
        for spike in found:
            log.info("spike", kind=spike.kind, subject=spike.subject, stories=spike.stories, usual=spike.high)
        if found:
            await self.deliver()

    async def purge(self) -> None:
        """Start the day's purge of what is no longer kept, where it is due and none is under way."""
        if not self._purging:
            self._purging = True
            self.start("purge", self._purge)

    async def _purge(self) -> None:
        try:
            report = await pipeline.purge_due(self.desk)
        finally:
            self._purging = False
        if report is not None:
            log_purge(report)

    async def near_misses(self) -> None:
        """Start to look for what the rules nearly matched, where a week is over and nobody is looking."""
        if not self._looking:
            self._looking = True
            self.start("near misses", self._near_misses)

    async def _near_misses(self) -> None:
        try:
            number = await pipeline.tell_near_misses(self.desk)
        finally:
            self._looking = False
        if number:
            log.info("near misses told", articles=number)

    async def resume(self) -> None:
        """Let held destinations try again: a channel may have been mended at Slack, where we cannot see it."""
        await pipeline.resume_held(self.desk)

    def check(self) -> None:
        """Start to ask whether destinations are set up, and how well each is protected against duplicates."""
        self.start("check", self._check)

    async def _check(self) -> None:
        for finding in await check_destinations(self.desk):
            log_finding(finding)

    def start(self, name: str, work: Work) -> None:
        """Begin work that :meth:`drain` waits for."""
        task = asyncio.get_running_loop().create_task(self.guarded(name, work))
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def silent(self) -> None:
        """The clock does not knock: tell of it without its help."""
        await self.guarded("tell", self.tell)
        await self.guarded("deliver by the watch", self.deliver)

    async def knock(self, name: str, work: Work) -> None:
        """Do what the clock calls for, and note that it does."""
        await self.guarded(name, work)
        self.pulse.knock(name, self._wrong.get(name, ""))

    async def guarded(self, name: str, work: Work) -> None:
        """Do ``work``; what goes wrong is logged once per cause, until work of that name succeeds again."""
        try:
            await work()
        except PresswatchError as error:
            self._trouble(name, str(error))
        except Exception as error:  # a bug in one piece of work must not end the service
            if self._trouble(name, f"{type(error).__name__}: {error}"):
                log.exception("a bug of Presswatch: please report it")
        else:
            self._troubles.pop(name, None)
            self._wrong.pop(name, None)

    def _trouble(self, name: str, reason: str) -> bool:
        self._wrong[name] = reason
        said = self._troubles.setdefault(name, set())
        new = reason not in said
        said.add(reason)
        if new:
            log.error("trouble: will try again", work=name, reason=reason)
        return new

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self.running:
            await asyncio.wait(self.running)

    async def drain(self, seconds: float) -> None:
        """Let what is under way finish; what takes longer is stopped, and found again at the next start."""
        self.desk.stopping = True
        if self.running:
            _, late = await asyncio.wait(self.running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def serve(
    desk: Desk, *, wishes: Wishes | None = None, pulse: Pulse | None = None, supervisor: Supervisor = NOBODY
) -> None:
    """Run until SIGTERM or SIGINT; SIGHUP reads configuration and rules again. Raises StoreError if it cannot start.

    ``pulse`` is where its signs of life can be read, ``supervisor`` who started it.
    """
    stop, hurry = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, hurry.set)
    log_reload(await pipeline.reload_rules(desk))
    await pipeline.resume_held(desk)
    knocks = Knocks(desk, wishes=wishes, pulse=pulse)
    # Before the first beat: that an earlier service ended without a word is told as well.
    await knocks.guarded("notify", knocks.tell)
    await knocks.guarded("notify", knocks.beat)
    knocks.check()
    scheduler = _schedule(knocks)
    scheduler.start()
    log.info("running", sources=len(desk.config.sources), rules=len(desk.rules().ruleset.rules))
    supervisor.ready(_status(desk))
    try:
        async with _watched(knocks, supervisor):
            await _wait(stop, hurry, knocks, supervisor)
    finally:
        supervisor.stopping()
        scheduler.pause()
        desk.stopping = True
        knocks.start("end", partial(pipeline.end, desk))
        await knocks.drain(DRAIN)
        scheduler.shutdown(wait=False)
        log.info("stopped")


def _status(desk: Desk) -> str:
    return f"{len(desk.config.sources)} sources, {len(desk.rules().ruleset.rules)} rules"


@asynccontextmanager
async def _watched(knocks: Knocks, supervisor: Supervisor) -> AsyncIterator[None]:
    """With somebody who sees whether the clock knocks and the loop turns."""
    looking = asyncio.get_running_loop().create_task(watch(knocks.pulse, supervisor, knocks.silent))
    thread = LoopWatch(knocks.pulse)
    thread.start()
    try:
        yield
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        thread.stop()


def _schedule(knocks: Knocks) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    )
    now = knocks.desk.now()
    for name, work, seconds, first in (
        ("ingest", knocks.ingest, INGEST_EVERY, now),
        ("deliver", knocks.deliver, DELIVER_EVERY, now),
        ("digests", knocks.digests, DIGEST_EVERY, now),
        ("reload", knocks.reload, RELOAD_EVERY, now),
        ("notify", knocks.notify, NOTIFY_EVERY, now + timedelta(seconds=NOTIFY_EVERY)),
        ("volume", knocks.volume, VOLUME_EVERY, now + timedelta(seconds=VOLUME_EVERY / 2)),
        ("purge", knocks.purge, PURGE_EVERY, now + timedelta(seconds=NOTIFY_EVERY)),
        ("near misses", knocks.near_misses, NEAR_EVERY, now + timedelta(seconds=NOTIFY_EVERY)),
        ("resume", knocks.resume, RESUME_EVERY, now + timedelta(seconds=RESUME_EVERY)),
    ):
        scheduler.add_job(knocks.knock, Steadily(seconds=seconds), (name, work), id=name, next_run_time=first)
    return scheduler


class Steadily(IntervalTrigger):  # type: ignore[misc]  # the library has no types
    """Every so many seconds, counted from now where the clock has jumped ahead.

    The library goes through the knocks that were missed one by one, even if all of them are to be one: a machine
    that slept for months, or set its clock after its start, would be busy with that for minutes.
    """

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """The next knock after ``previous_fire_time``; never one that is over at ``now``."""
        due: datetime | None = super().get_next_fire_time(previous_fire_time, now)
        return due if due is None or due > now else now + self.interval


async def _wait(stop: asyncio.Event, hurry: asyncio.Event, knocks: Knocks, supervisor: Supervisor) -> None:
    """Until ``stop``; every ``hurry`` on the way is a look at the rules."""
    while not stop.is_set():
        waiting = [asyncio.ensure_future(event.wait()) for event in (stop, hurry)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if hurry.is_set():
            hurry.clear()
            supervisor.reloading()
            await knocks.guarded("reload", partial(knocks.reload, anyway=True))
            supervisor.ready(_status(knocks.desk))


def log_poll(report: SourceReport, *, noted: bool) -> None:
    """One line per poll, louder if it brought something or if its note is ``noted`` for the first time."""
    names = ("status", "fetched", "new", "changed", "matched", "alerts", "ms")
    figures = {name: getattr(report, name) for name in names}
    if report.status == "error":
        level = logging.WARNING if noted else logging.DEBUG
        log.log(level, "poll failed", source=report.source, reason=report.note, failing=report.failing, ms=report.ms)
    else:
        level = logging.INFO if noted or report.new or report.changed else logging.DEBUG
        log.log(level, "polled", source=report.source, note=report.note, **figures)


def log_delivery(destination: str, report: DeliverReport, *, noted: bool) -> None:
    """One line per round that moved anything, louder if its note is ``noted`` for the first time."""
    names = ("sent", "updated", "digests", "later", "held", "unknown", "dead", "digests_dead", "duplicates")
    figures = {name: getattr(report, name) for name in names}
    level = logging.WARNING if noted else logging.DEBUG if report.notes else logging.INFO
    log.log(level, "delivered", destination=destination, note="; ".join(report.notes), **figures)


def log_finding(finding: Finding) -> None:
    """One line for what is to be mended at a destination, and for how well it is protected against duplicates."""
    if finding.state != "ok":
        log.warning("check", of=finding.name, found=finding.detail, remedy=finding.remedy)
    elif finding.name.startswith("protection"):
        log.info("check", of=finding.name, found=finding.detail)


def log_issue(issue: Issue) -> None:
    """One line per digest that was written."""
    names = ("recipient", "stories", "late", "empty", "skipped")
    figures = {name: getattr(issue, name) for name in names}
    log.info("digest written", digest=issue.digest, day=issue.day.isoformat(), **figures)


def log_purge(report: PurgeReport) -> None:
    """One line per purge."""
    figures = {name: getattr(report, name) for name in ("articles", "texts", "decisions", "polls", "removed")}
    log.log(logging.INFO if any(figures.values()) else logging.DEBUG, "purged", **figures)


def log_config(found: Reconfigured | None) -> None:
    """One line per change of the configuration, and one per fault in it."""
    if found is None:
        return
    for fault in found.faults:
        log.error("configuration rejected", fault=str(fault))
    if found.changed:
        log.info("configuration loaded", changed=list(found.changed))
    if found.waiting:
        log.warning("configuration waits for the next start", changed=list(found.waiting))


def log_reload(reloaded: Reloaded | None) -> None:
    """One line per change of the rules, and one per fault in them."""
    if reloaded is None:
        return
    for fault in reloaded.faults:
        log.error("rule rejected", fault=str(fault))
    log.info("rules loaded", total=reloaded.total, changed=list(reloaded.changed), kept=list(reloaded.kept))
