"""What is no longer kept is removed, in slices that hold up nobody: texts, decisions and polls that are old enough.

Each slice looks in a reading transaction and removes in a short writing one. A purge that is stopped, or killed, has
removed what it has removed; the next one finds the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .model import PurgeReport
from .store import forgotten, retention

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from .config import Config
    from .desk import Desk
    from .store import Store
    from .store.retention import Aged

# Articles in one writing transaction, at most: the entries under which copies of them are found lie scattered over the
# file, which takes longest. Rows of other tables lie side by side.
SLICE = 5
ROWS = 500
# Others wait as long as a slice takes on the clock, the disk and the load of the machine included: after one that took
# SLOW the next is half as long, after one that took no more than QUICK twice as long.
SLOW, QUICK = timedelta(milliseconds=50), timedelta(milliseconds=20)
# Night on the clocks of those who read the digests; a purge that could not run at night for long runs by day.
NIGHT = range(1, 5)
DAILY = timedelta(hours=20)
OVERDUE = timedelta(hours=48)
# Seconds that polls are kept which brought nothing: nearly all, and of use only as long as somebody looks for a fault.
IDLE_POLLS = 30 * 86400.0


class Slices:
    """How much one slice may remove: ``most`` at the beginning, and as much as is done in good time from there on."""

    def __init__(self, most: int) -> None:
        self.most = self.size = most

    def took(self, span: timedelta) -> None:
        """Take from the last slice's time how long the next one is to be."""
        if span >= SLOW:
            self.size = max(1, self.size // 2)
        elif span <= QUICK:
            self.size = min(self.most, self.size * 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Purge:
    """One purge, of what is too old at ``now``; ``checkpoint`` is called at named points, as the desk's is."""

    store: Store
    config: Config
    now: datetime
    clock: Callable[[], datetime]
    checkpoint: Callable[[str], None]

    @property
    def decisions(self) -> datetime:
        """Decisions and polls before it go."""
        return _before(self.now, self.config.retention.decisions)

    @property
    def idle(self) -> datetime:
        """Polls before it that brought nothing go: of most feeds that is nearly all."""
        return max(self.decisions, _before(self.now, IDLE_POLLS))

    def cutoffs(self) -> retention.Cutoffs:
        """What the configuration says, also of sources that are not in it any more and said so once."""
        with self.store.read() as tx:
            own = retention.own_limits(tx)
        own |= {source.id: source.retention for source in self.config.sources if source.retention is not None}
        bodies = _before(self.now, self.config.retention.bodies)
        return retention.Cutoffs(bodies=bodies, own={id_: _before(self.now, kept) for id_, kept in own.items()})

    def looks(self) -> Iterator[tuple[int, ...]]:
        """The articles whose texts are to go, as they are found; some looks find none."""
        cutoffs, after = self.cutoffs(), 0
        while True:
            with self.store.read() as tx:
                found = retention.look(tx, cutoffs, after)
            yield found.articles
            if found.after is None:
                return
            after = found.after

    def rested(self) -> Iterator[list[int]]:
        """The stories that are to go whole, as they are found; none before their texts and decisions."""
        kept = self.config.retention.articles
        if kept is None:
            return
        texts = self.cutoffs()
        before = min(_before(self.now, kept), self.decisions, texts.bodies, *texts.own.values())
        after: int | None = 0
        while after is not None:
            with self.store.read() as tx:
                found = forgotten.due(tx, before, after)
            yield found
            after = found[-1] if len(found) == forgotten.LOOK else None

    def slices(self) -> Iterator[PurgeReport]:
        """What each slice removed; between two of them nothing is open."""
        slices = Slices(SLICE)
        for articles in self.looks():
            yield PurgeReport()
            start = 0
            while part := articles[start : start + slices.size]:
                start += len(part)
                yield self._timed(slices, partial(self._texts, part))
        for name in ("decision", "look", "poll"):
            slices = Slices(ROWS)
            while ids := self._aged(name, slices.size):
                yield self._timed(slices, partial(self._rows, name, ids))
        slices, after, more = Slices(ROWS), self._idle_until(), True
        while more:
            with self.store.read() as tx:
                found = retention.idle_polls(tx, self.idle, after, slices.size)
            after, more = found.last, found.more
            if found.polls:
                yield self._timed(slices, partial(self._rows, "poll", found.polls))
        slices = Slices(SLICE)
        for stories in self.rested():
            start = 0
            while those := stories[start : start + slices.size]:
                start += len(those)
                yield self._timed(slices, partial(self._stories, those))
        with self.store.write() as tx:
            retention.purged(tx, self.now, self.decisions, after)

    def _idle_until(self) -> int:
        with self.store.read() as tx:
            return retention.idle_until(tx)

    def _timed(self, slices: Slices, work: Callable[[], PurgeReport]) -> PurgeReport:
        begun = self.clock()
        report = work()
        slices.took(self.clock() - begun)
        return report

    def _texts(self, articles: tuple[int, ...]) -> PurgeReport:
        with self.store.write() as tx:
            texts = retention.remove_texts(tx, articles, self.now)
            self.checkpoint("purge.removed")
        self.checkpoint("purge.committed")
        return PurgeReport(articles=len(articles), texts=texts)

    def _stories(self, stories: list[int]) -> PurgeReport:
        with self.store.write() as tx:
            removed = forgotten.remove(tx, stories, self.now)
            self.checkpoint("purge.forgotten")
        return PurgeReport(removed=removed)

    def _aged(self, name: Aged, most: int) -> list[int]:
        with self.store.read() as tx:
            return retention.aged(tx, name, self.decisions, most)

    def _rows(self, name: Aged, ids: list[int]) -> PurgeReport:
        with self.store.write() as tx:
            gone = retention.remove_aged(tx, name, ids)
        counted = {"decision": PurgeReport(decisions=gone), "poll": PurgeReport(polls=gone)}
        return counted.get(name, PurgeReport())  # looks are a part of their decisions


def purge(store: Store, config: Config, clock: Callable[[], datetime]) -> Iterator[PurgeReport]:
    """Remove what is old enough by now; each step does a slice and tells what it removed. Raises StoreError."""
    return _Purge(store=store, config=config, now=clock(), clock=clock, checkpoint=_no_point).slices()


def _no_point(name: str) -> None:
    """Where nobody listens to the names of points."""


def what_would_go(store: Store, config: Config, now: datetime) -> PurgeReport:
    """What a purge would remove; nothing is written."""
    asked = _Purge(store=store, config=config, now=now, clock=lambda: now, checkpoint=_no_point)
    report = PurgeReport()
    for articles in asked.looks():
        with store.read() as tx:
            report += PurgeReport(articles=len(articles), texts=retention.count_texts(tx, articles))
    with store.read() as tx:
        decisions = retention.count_aged(tx, "decision", asked.decisions)
        polls = retention.count_aged(tx, "poll", asked.decisions)
        polls += retention.count_idle(tx, asked.decisions, asked.idle, retention.idle_until(tx))
        report += PurgeReport(decisions=decisions, polls=polls)
    for stories in asked.rested():
        with store.read() as tx:
            report += PurgeReport(removed=forgotten.count(tx, stories))
    return report


async def purge_due(desk: Desk) -> PurgeReport | None:
    """The day's purge, if it is due; None if it is not. Told to stop, it goes on another time. Raises StoreError."""
    if not is_due(await desk.call(_last, desk), desk.now(), _zone(desk.config)):
        return None
    config, points = desk.config, desk.checkpoint
    work = _Purge(store=desk.store, config=config, now=desk.now(), clock=desk.now, checkpoint=points).slices()
    report = PurgeReport()
    while not desk.stopping and (step := await desk.call(next, work, None)) is not None:
        report += step
    return report


def is_due(last: datetime | None, now: datetime, zone: str) -> bool:
    """Whether a purge is to run: once a night, the first one at once, and by day if it has not run for two."""
    if last is None or now - last >= OVERDUE:
        return True
    return now - last >= DAILY and now.astimezone(ZoneInfo(zone)).hour in NIGHT


def _last(desk: Desk) -> datetime | None:
    with desk.store.read() as tx:
        return retention.last_purge(tx)


def _zone(config: Config) -> str:
    return next((digest.zone for digest in config.digests), "UTC")


def _before(now: datetime, seconds: float) -> datetime:
    """So many seconds before ``now``."""
    return now - timedelta(seconds=seconds)
