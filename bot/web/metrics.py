"""Figures for Prometheus, by its conventions: base units, ``_total`` for what only grows, few labels of few values.

No address, title or name of a source is ever a label. Destinations go by their ids; the mail addresses of readers, and
what is not configured any more, are summed up under one name each.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from bot.alerts.quiet import quiet_until
from bot.errors import StoreError
from bot.store import figures, version
from bot.store.totals import BUCKETS
from bot.troubles import DEAD, POLLS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from prometheus_client import Metric

    from bot.config import Config
    from bot.desk import Desk
    from bot.pulse import Pulse
    from bot.store.figures import Figures
    from bot.store.records import Version

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds for which a look at the database is good: however many ask, it is asked so often.
FRESH = 5.0
# States of messages that are not over and done with.
OPEN = ("pending", "sending", "unknown", "held", "dead")
READERS, GONE = "(readers)", "(not configured)"


class Metrics:
    """The figures of one service as text; the database is looked into once in FRESH seconds at most."""

    def __init__(self, desk: Desk, pulse: Pulse) -> None:
        self._desk, self._pulse = desk, pulse
        self._looking = asyncio.Lock()
        self._found: tuple[Figures, Version] | None = None
        self._until = 0.0

    async def text(self) -> bytes:
        """Everything, in the text format of Prometheus."""
        async with self._looking:
            loop = asyncio.get_running_loop()
            if loop.time() >= self._until:
                self._found = await self._look()
                self._until = loop.time() + FRESH
            registry = CollectorRegistry()
            ProcessCollector(registry=registry)
            registry.register(Now(self._families()))
            return generate_latest(registry)

    async def _look(self) -> tuple[Figures, Version] | None:
        try:
            return await asyncio.to_thread(_read, self._desk)
        except StoreError:  # /readyz says why
            return None

    def _families(self) -> list[Metric]:
        found = [
            *_of_process(self._desk, self._pulse),
            _gauge("database_up", "Whether it answers.", self._found is not None),
        ]
        if self._found is not None:
            seen, schema = self._found
            found += _of_database(seen, self._desk.config, self._desk.now())
            found.append(_build(schema, self._desk.config))
        return found


class Now(Collector):
    """Families that are there already."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[Metric]:
        """These."""
        return self._families


def _read(desk: Desk) -> tuple[Figures, Version]:
    now, config = desk.now(), desk.config
    with desk.store.read() as tx:
        seen = figures.look(
            tx, digests=[digest.id for digest in config.digests], dead_since=now - DEAD, dead_polls=POLLS, now=now
        )
    return seen, version(desk.store)


def _of_process(desk: Desk, pulse: Pulse) -> Iterator[Metric]:
    """What this process knows by itself; counters begin with it."""
    live = desk.live
    yield _counter(
        "lane_seconds", "Time that the one writing thread has worked; 1 per second is all it can.", desk.worked
    )
    yield _counter("lane_calls", "Calls that it has done.", desk.calls)
    yield _gauge("clock_silence_seconds", "Time since the clock last asked for polls and deliveries.", pulse.silence)
    yield _gauge("rules", "Rules in force.", len(live.ruleset.rules) if live else 0)
    yield _gauge("rule_faults", "Mistakes in the rules folder.", len(live.faults) if live else 0)
    yield _gauge(
        "config_faults", "Mistakes in an edit of the configuration that is not in force.", len(desk.config_faults)
    )


def _of_database(seen: Figures, config: Config, now: datetime) -> Iterator[Metric]:
    yield from _counted(seen)
    yield _gauge("sources", "Sources that are polled.", seen.sources)
    yield _gauge("sources_failing", "Sources whose trouble is more than a passing one.", seen.failing)
    yield _gauge("sources_dead", "Sources of which nothing good has come for a day.", seen.dead)
    lag = 0.0 if seen.first_due is None else max(0.0, (now - seen.first_due).total_seconds())
    yield _gauge("poll_lag_seconds", "How long the most overdue source has been waiting.", lag)
    yield from _outbox(seen, config, now)
    when = {name: at.timestamp() for name, at in seen.digests.items()}
    yield _labelled(
        "digest_last_timestamp_seconds", "When the newest issue of each digest was written.", "digest", when
    )
    yield _gauge("database_bytes", "Size of the database.", seen.size)


def _counted(seen: Figures) -> Iterator[Metric]:
    """Figures that outlast the process; they begin where a service first counted."""
    totals = seen.totals
    outcomes = {"ok": 0, "unchanged": 0, "baseline": 0, "error": 0} | totals.polls
    yield _counters("polls", "Polls, by what came of them.", "outcome", outcomes)
    count = totals.polls.total()
    took = HistogramMetricFamily("presswatch_poll_duration_seconds", "Time from a poll's beginning to its end.")
    below = [(str(bound), float(number)) for bound, number in zip(BUCKETS, totals.within, strict=True)]
    took.add_metric([], [*below, ("+Inf", float(count))], sum_value=totals.poll_ms / 1000)
    yield took
    yield _counter("articles", "Articles stored.", totals.articles)
    yield _counter("mentions", "Articles that a rule matched, counted for each rule.", totals.mentions)
    yield _counters("decisions", "What was decided for articles, rules and destinations.", "verdict", totals.decisions)
    yield _counter("gaps", "Polls before which items may have been missed.", totals.gaps)


def _outbox(seen: Figures, config: Config, now: datetime) -> Iterator[Metric]:
    known = {destination.id: destination for destination in config.alerting}
    readers = {destination.id for destination in config.destinations} - known.keys()

    def name(destination: str) -> str:
        return destination if destination in known else READERS if destination in readers else GONE

    there = GaugeMetricFamily(
        "presswatch_outbox_messages",
        "Messages not sent yet, in doubt, held or given up.",
        labels=["destination", "state"],
    )
    open_: defaultdict[tuple[str, str], int] = defaultdict(int, {(id_, state): 0 for id_ in known for state in OPEN})
    sent: defaultdict[str, int] = defaultdict(int, dict.fromkeys(known, 0))
    for (destination, state), number in seen.messages.items():
        if state in OPEN:
            open_[name(destination), state] += number
        else:
            sent[name(destination)] += number
    for (destination, state), number in sorted(open_.items()):
        there.add_metric([destination, state], number)
    yield there
    yield _counters("messages_sent", "Messages sent, changes of messages included.", "destination", sent)
    waits = _ages({**dict.fromkeys(known, now), **seen.due_since}, now, name)
    yield _labelled(
        "outbox_oldest_seconds", "How long the oldest message that might go out has waited.", "destination", waits
    )
    doubts = _ages({**dict.fromkeys(known, now), **seen.unknown_since}, now, name)
    yield _labelled(
        "outbox_unknown_seconds", "How long it has been unknown whether a message arrived.", "destination", doubts
    )
    held = {id_: float(id_ in seen.held) for id_ in known}
    yield _labelled(
        "destination_held", "Whether a queue is held until somebody mends the destination.", "destination", held
    )
    quiet = {
        id_: float(each.quiet is not None and quiet_until(each.quiet, now) is not None) for id_, each in known.items()
    }
    yield _labelled("destination_quiet", "Whether these are a destination's quiet hours.", "destination", quiet)


def _ages(since: Mapping[str, datetime], now: datetime, name: Callable[[str], str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for destination, at in since.items():
        age = max(0.0, (now - at).total_seconds())
        found[name(destination)] = max(age, found.get(name(destination), 0.0))
    return found


def _build(schema: Version, config: Config) -> Metric:
    database = "sqlite" if config.database_url.startswith("sqlite") else "postgresql"
    info = {"version": str(schema.product), "schema": str(schema.revision), "database": database}
    return InfoMetricFamily("presswatch_build", "What runs here.", value=info)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"presswatch_{name}", says, value=float(value))


def _counter(name: str, says: str, value: float) -> Metric:
    return CounterMetricFamily(f"presswatch_{name}", says, value=float(value))


def _labelled(name: str, says: str, label: str, values: Mapping[str, float]) -> Metric:
    made = GaugeMetricFamily(f"presswatch_{name}", says, labels=[label])
    for value, number in sorted(values.items()):
        made.add_metric([value], number)
    return made


def _counters(name: str, says: str, label: str, values: Mapping[str, float]) -> Metric:
    made = CounterMetricFamily(f"presswatch_{name}", says, labels=[label])
    for value, number in sorted(values.items()):
        made.add_metric([value], number)
    return made
