"""Polling: due sources are fetched, parsed and matched side by side, then written in the serial lane."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from .arrivals import Arrival, Batch, Superseded, Tally
from .desk import gather
from .errors import SourceError, StoreError, Unreadable
from .fulltext import read_pages
from .ingest import feeds, seeds, sitemaps, timing
from .ingest.cutoff import BREAKS_OFF
from .ingest.parsed import Past
from .lane import commit_part
from .model import IngestReport, SourceReport
from .model.words import plural
from .moves import agreed
from .net import Places
from .remembered import Outdated, listed, past_of
from .store import sources
from .store.records import PollRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from .desk import Desk, Live
    from .ingest.parsed import Polled
    from .model import Article, Source
    from .net import Place
    from .store.records import SourceState

# Polls worked on at once: few enough for a small machine. Those that last wait aside (bot/net/places.py): as many slow
# servers matter to nobody, and their connections are not more than a process may open (256 on macOS).
SIDE_BY_SIDE, ASIDE = 32, 128
# Articles of a poll that are written in one transaction, for others want to write, too: at first, and at most. In
# between so many as the last part tells will take so many seconds.
BEGIN, PART, SHARE = 64, 500, 0.2
# From when on a source without an answer counts as failing.
ENOUGH, LONG_ENOUGH = 3, timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How to poll. ``backfill``: how many of the newest articles of a feed's first poll may alert.

    ``deadline``: seconds a fetch may take, in place of the configured ones.
    """

    backfill: int = 0
    deadline: float | None = None


async def ingest_due(
    desk: Desk,
    *,
    force: bool = False,
    wishes: Wishes | None = None,
    on_report: Callable[[SourceReport, int], None] | None = None,
) -> IngestReport:
    """Poll every source that is due (``force``: every source) and write what they brought.

    ``on_report`` is called as each source ends, with the number polled in all. A source's own trouble is a
    report; StoreError is raised.
    """
    due = await due_sources(desk, force=force)
    places = new_places()

    async def one(state: SourceState) -> SourceReport:
        report = await poll_source(desk, state, wishes, places)
        if on_report is not None:
            on_report(report, len(due))
        return report

    return IngestReport(sources=tuple(await gather(*(one(state) for state in due))))


def new_places() -> Places:
    """The places of polls that go on side by side."""
    return Places(SIDE_BY_SIDE, ASIDE)


async def due_sources(desk: Desk, *, force: bool = False) -> list[SourceState]:
    """The sources whose time has come, the longest overdue first; with ``force`` all of them."""
    return await desk.call(_due, desk, force)


async def due_at(desk: Desk, ids: Sequence[str]) -> list[SourceState]:
    """Those of these sources whose time has come, the longest overdue first."""
    return await desk.call(_due_at, desk, ids)


def _due_at(desk: Desk, ids: Sequence[str]) -> list[SourceState]:
    with desk.store.read() as tx:
        return sources.due_among(tx, ids, desk.now())


async def seconds_to_next_poll(desk: Desk) -> float | None:
    """How long until a source falls due; None if there is none."""
    states = await desk.call(_due, desk, True)
    return min(((state.next_due - desk.now()).total_seconds() for state in states), default=None)


def _due(desk: Desk, force: bool) -> list[SourceState]:
    with desk.store.read() as tx:
        return sources.due(tx, desk.now(), force=force)


async def poll_source(
    desk: Desk, state: SourceState, wishes: Wishes | None = None, places: Places | None = None
) -> SourceReport:
    """Poll one source. Its own trouble, even a bug of ours that its items bring to light, is a report.

    ``places`` bounds how many are worked on at once; those that only wait to be written do not count.
    """
    source = desk.source(state.id)
    try:
        async with (places or new_places()).place() as place:
            started = desk.now()
            report, record = await _poll(desk, source, state, wishes or Wishes(), place, started)
        if record is not None:
            await _keep(desk, source, record)
    except StoreError:
        raise
    except Superseded:  # it is due again, as it is configured now
        return SourceReport(
            source=source.id, name=source.name, status="unchanged", note="configured otherwise while it was polled"
        )
    except SourceError as error:
        return await _failed(desk, source, state, error, started)
    except Exception as error:  # one poisonous item must not stop all other sources
        logging.getLogger("presswatch").exception("a bug of Presswatch stopped a poll")
        reason = f"Presswatch itself failed on it ({type(error).__name__}: {error}): please report this"
        return await _failed(desk, source, state, Unreadable(reason), started)
    return report


async def _keep(desk: Desk, source: Source, record: PollRecord) -> None:
    """Write a poll that brought nothing. Raises Superseded."""
    if desk.source(source.id) != source:
        raise Superseded
    await desk.record(record)


async def _poll(
    desk: Desk, source: Source, state: SourceState, wishes: Wishes, place: Place, started: datetime
) -> tuple[SourceReport, PollRecord | None]:
    """What became of the poll, and what is still to be written of it if it brought nothing."""
    past = desk.remembered.get(state)
    polled = await _read(desk, source, state, place, wishes.deadline, past)
    if polled.status == "unchanged" and not (polled.articles or polled.refused):
        return _report(source, polled, Tally(), state), _record(desk, source, state, polled, started)
    try:
        return await _bring(desk, source, state, polled, wishes, started, past=past), None
    except Outdated:
        if polled.whole is None:
            raise
        return await _bring(desk, source, state, await polled.whole(), wishes, started, past=Past()), None


async def _bring(
    desk: Desk, source: Source, state: SourceState, polled: Polled, wishes: Wishes, started: datetime, *, past: Past
) -> SourceReport:
    """Match what came and write it. Raises Outdated where items that were not read matter for it."""
    rest = listed(polled.marked, past, state.body_hash)
    read = await read_pages(
        desk, source, state, polled.articles, backfill=wishes.backfill, seconds=wishes.deadline, listed=rest
    )
    desk.checkpoint("ingest.read")
    live = desk.rules()
    arrivals = await asyncio.to_thread(_match, live, read.articles, started)
    desk.checkpoint("ingest.matched")
    batch = Batch(
        source=source,
        live=live,
        poll=_record(desk, source, state, polled, started),
        arrivals=tuple(arrivals),
        refused=polled.refused,
        backfill=wishes.backfill,
        joined=polled.joined,
        listed=rest,
    )
    tally = await _commit(desk, batch)
    _remember(desk, source, polled, past, tally)
    return _report(source, polled, tally, state, read.note)


async def _read(
    desk: Desk, source: Source, state: SourceState, place: Place, deadline: float | None, past: Past
) -> Polled:
    if source.kind == "folder":
        return await seeds.watch(desk.pool, source, body_hash=state.body_hash, now=desk.now())
    poll = sitemaps.poll if source.kind == "sitemap" else partial(feeds.poll, past=past)
    return await poll(
        desk.door.holding(place),
        desk.pool,
        source,
        etag=state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        deadline=deadline,
        now=desk.now(),
    )


def _remember(desk: Desk, source: Source, polled: Polled, past: Past, tally: Tally) -> None:
    """Keep in mind what is written now, if every item will be found again by what it is known by."""
    if polled.marked is None or polled.body_hash is None or not tally.settled:
        desk.remembered.forget(source.id)
    else:
        desk.remembered.put(source.id, polled.body_hash, past_of(polled.marked, past, polled.articles))


def _match(live: Live, articles: Sequence[Article], now: datetime) -> list[Arrival]:
    """Every article with its mentions and its rank, the newest being 0; the order of the feed is kept."""
    newest = sorted(range(len(articles)), key=lambda place: (-timing.age_key(articles[place]), place))
    rank = {place: number for number, place in enumerate(newest)}
    return [
        Arrival(article=article, mentions=tuple(live.matcher.match(article, on=now.date())), rank=rank[place])
        for place, article in enumerate(articles)
    ]


async def _commit(desk: Desk, batch: Batch) -> Tally:
    """Write a poll in one transaction, or, if it brought much, in parts between which others are written."""
    tally, size = Tally(), min(BEGIN, PART)
    rest: Batch | None = batch
    while rest is not None:
        part, rest, seconds = await desk.call(_commit_part, desk, rest, size)
        tally.add(part)
        size = next_size(size, seconds)
    return tally


def _commit_part(desk: Desk, batch: Batch, size: int) -> tuple[Tally, Batch | None, float]:
    begun = perf_counter()
    tally, rest = commit_part(desk, batch, size, PART)
    return tally, rest, perf_counter() - begun


def next_size(size: int, seconds: float) -> int:
    """How many articles the next part may have, when ``size`` took so many ``seconds``."""
    return max(1, min(PART, 2 * size, int(size * SHARE / max(seconds, 0.001))))


def _record(desk: Desk, source: Source, state: SourceState, polled: Polled, started: datetime) -> PollRecord:
    floor = max(polled.max_age or 0.0, polled.ttl or 0.0)
    plan = timing.plan(
        source,
        started,
        timing.Habit(gap=state.rhythm, silence=_since_news(state, started), hours=state.hours),
        tight=timing.recent(state.tight, state.gap_to, started),
        floor=floor,
    )
    return PollRecord(
        source=source.id,
        at=started,
        status=polled.status,
        next_due=timing.after_success(desk.now(), plan.seconds, jitter=desk.jitter()),
        interval=plan.seconds,
        interval_by=plan.by,
        floor=floor,
        fetched=polled.fetched,
        repeated=polled.fetched - len(polled.articles) - len(polled.refused) - polled.recalled,
        ms=polled.ms,
        error=" | ".join(polled.faults) or None,
        failing=bool(polled.faults),
        etag=polled.etag,
        last_modified=polled.last_modified,
        body_hash=polled.body_hash,
        moved_to=polled.permanent_url,
    )


def _since_news(state: SourceState, now: datetime) -> float:
    """Seconds for which a source has brought nothing new."""
    return max(0.0, (now - (state.last_new or state.baseline_at or now)).total_seconds())


def _report(source: Source, polled: Polled, tally: Tally, state: SourceState, pages: str = "") -> SourceReport:
    return SourceReport(
        source=source.id,
        name=source.name,
        status="baseline" if tally.first else polled.status,
        fetched=polled.fetched,
        new=tally.new,
        changed=tally.changed,
        matched=tally.matched,
        alerts=tally.alerts,
        note=" | ".join([*_notes(polled, tally, state), *([pages] if pages else [])]),
        failing=bool(polled.faults),
        ms=polled.ms,
    )


def _notes(polled: Polled, tally: Tally, state: SourceState) -> list[str]:
    """What a reader should know of a poll that went well."""
    notes = list(polled.faults)
    if polled.unfinished:
        count = len(polled.unfinished) - 1
        others = f" and {plural(count, 'more file')}" if count else ""
        notes.append(f"still being written, and read at a later poll: {polled.unfinished[0]}{others}")
    if polled.cut:
        notes.append(BREAKS_OFF)
    if tally.refused and not polled.faults:
        notes.append(f"{plural(tally.refused, 'item')} could not be read: presswatch ledger says why")
    if tally.kept:
        matching = (
            f"{tally.kept_matching} match: presswatch alerts --baseline" if tally.kept_matching else "none matches"
        )
        notes.append(f"{tally.kept} stored as baseline, {matching}")
    if tally.gap_from is not None:
        more = f"; from now on it is polled every {tally.tight / 60:.0f} min" if tally.tight else ""
        notes.append(
            f"nothing joins it with the poll of {tally.gap_from:%Y-%m-%d %H:%M} UTC: items may be missing{more}"
        )
    if polled.permanent_url and polled.permanent_url == state.moved_to and agreed(state.moved_polls + 1):
        notes.append("has moved for good: presswatch sources list shows the line to change")
    return notes


async def _failed(
    desk: Desk, source: Source, state: SourceState, error: SourceError, started: datetime
) -> SourceReport:
    now, failures = desk.now(), state.failures + 1
    failing = is_failing(error, failures, state.first_failed_at, now)
    record = PollRecord(
        source=source.id,
        at=started,
        status="error",
        error=str(error),
        failing=failing,
        next_due=timing.after_failure(
            now,
            failures,
            seconds=source.every or timing.EVERY,
            retry_after=error.retry_after,
            jitter=desk.jitter(),
        ),
        ms=round((now - started).total_seconds() * 1000),
    )
    await desk.record(record)
    return SourceReport(
        source=source.id, name=source.name, status="error", note=str(error), failing=failing, ms=record.ms
    )


def is_failing(error: SourceError, failures: int, first_failed_at: datetime | None, now: datetime) -> bool:
    """Whether a person should look: the answer was definite, or there has been none three times over an hour.

    One poll without an answer is normal life; it is tried again, less and less often.
    """
    if not error.transient:
        return True
    return failures >= ENOUGH and first_failed_at is not None and now - first_failed_at >= LONG_ENOUGH
