"""Polling: every due source is fetched, parsed and matched side by side, then written in the serial lane."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from .desk import gather
from .errors import SourceError
from .ingest import feeds, seeds, timing
from .lane import Arrival, commit_poll
from .model import IngestReport, SourceReport
from .store import sources
from .store.records import PollRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from .desk import Desk
    from .ingest.parsed import Polled
    from .model import Article, Source
    from .store.records import SourceState

# Fetches under way at once: enough that slow servers do not matter, few enough for a small machine.
SIDE_BY_SIDE = 32
# From when on a source without an answer counts as failing.
ENOUGH, LONG_ENOUGH = 3, timedelta(hours=1)


async def ingest_due(
    desk: Desk,
    *,
    force: bool = False,
    backfill: int = 0,
    deadline: float | None = None,
    on_report: Callable[[SourceReport, int], None] | None = None,
) -> IngestReport:
    """Poll every source that is due (``force``: every source) and write what they brought.

    ``backfill``: how many of the newest articles of a feed's first poll may alert. ``deadline``: seconds a
    fetch may take, in place of the configured ones. ``on_report`` is called as each source ends, with the
    number polled in all. A source's own trouble is a report; StoreError is raised.
    """
    due = await desk.call(_look, desk, force)
    by_id = {source.id: source for source in desk.config.sources}
    gate = asyncio.Semaphore(SIDE_BY_SIDE)

    async def one(state: SourceState) -> SourceReport:
        async with gate:
            report = await _poll(desk, by_id[state.id], state, backfill, deadline)
        if on_report is not None:
            on_report(report, len(due))
        return report

    reports = await gather(*(one(state) for state in due))
    return IngestReport(sources=tuple(reports))


def _look(desk: Desk, force: bool) -> list[SourceState]:
    now = desk.now()
    with desk.store.write() as tx:
        sources.sync(tx, desk.config.sources, now)
        return sources.due(tx, now, force=force)


async def _poll(desk: Desk, source: Source, state: SourceState, backfill: int, deadline: float | None) -> SourceReport:
    started = desk.now()
    try:
        polled = await _read(desk, source, state, deadline)
    except SourceError as error:
        return await _failed(desk, source, state, error, started)
    desk.checkpoint("ingest.read")
    arrivals = await asyncio.to_thread(_match, desk, polled.articles, _baseline_from(source, state, backfill))
    desk.checkpoint("ingest.matched")
    return await _arrived(desk, source, state, polled, arrivals, started)


async def _read(desk: Desk, source: Source, state: SourceState, deadline: float | None) -> Polled:
    if source.kind == "folder":
        return await asyncio.to_thread(seeds.poll, source, body_hash=state.body_hash)
    return await feeds.poll(
        desk.door,
        desk.pool,
        source,
        etag=state.etag,
        last_modified=state.last_modified,
        body_hash=state.body_hash,
        deadline=deadline,
    )


def _baseline_from(source: Source, state: SourceState, backfill: int) -> int | None:
    """The place in newest-first order from which articles are baseline; None where none is.

    Only a feed's first poll has one: seed articles alert when they are first ingested.
    """
    return backfill if source.kind == "feed" and state.baseline_at is None else None


def _match(desk: Desk, articles: Sequence[Article], baseline_from: int | None) -> list[Arrival]:
    """Every article with its mentions; the order of the feed is kept."""
    matcher, today = desk.rules().matcher, desk.now().date()
    newest = sorted(range(len(articles)), key=lambda place: (-timing.age_key(articles[place]), place))
    rank = {place: number for number, place in enumerate(newest)}
    return [
        Arrival(
            article=article,
            mentions=tuple(matcher.match(article, on=today)),
            baseline=baseline_from is not None and rank[place] >= baseline_from,
        )
        for place, article in enumerate(articles)
    ]


async def _arrived(
    desk: Desk, source: Source, state: SourceState, polled: Polled, arrivals: Sequence[Arrival], started: datetime
) -> SourceReport:
    poll = _record(desk, source, state, polled, started)
    tally = await desk.call(commit_poll, desk, source, poll, arrivals)
    return SourceReport(
        source=source.id,
        name=source.name,
        status=poll.status,
        fetched=poll.fetched,
        new=tally.new,
        changed=tally.changed,
        matched=tally.matched,
        alerts=tally.alerts,
        note=_note(polled, arrivals),
        failing=bool(polled.faults),
        ms=polled.ms,
    )


def _record(desk: Desk, source: Source, state: SourceState, polled: Polled, started: datetime) -> PollRecord:
    seconds = timing.interval(
        every=source.every, max_age=polled.max_age, ttl=polled.ttl, folder=source.kind == "folder"
    )
    first = source.kind == "feed" and state.baseline_at is None
    return PollRecord(
        source=source.id,
        at=started,
        status="unchanged" if polled.status == "unchanged" else "baseline" if first else "ok",
        next_due=timing.after_success(desk.now(), seconds, jitter=desk.jitter()),
        interval=seconds,
        fetched=polled.fetched,
        ms=polled.ms,
        error="; ".join(polled.faults) or None,
        failing=bool(polled.faults),
        etag=polled.etag,
        last_modified=polled.last_modified,
        body_hash=polled.body_hash,
        moved_to=polled.permanent_url,
    )


def _note(polled: Polled, arrivals: Sequence[Arrival]) -> str:
    """What a reader should know of a poll that went well."""
    kept = [arrival for arrival in arrivals if arrival.baseline]
    matching = sum(bool(arrival.mentions) for arrival in kept)
    notes = list(polled.faults)
    if kept:
        more = f", {matching} match: presswatch alerts --baseline" if matching else ", none matches"
        notes.append(f"{len(kept)} stored as baseline{more}")
    if polled.permanent_url:
        notes.append(f"has moved for good: set its url to {polled.permanent_url}")
    return "; ".join(notes)


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
    await desk.call(commit_poll, desk, source, record, ())
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
