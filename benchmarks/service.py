"""``presswatch run`` with many feeds: what a quarter of an hour of it takes."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import statistics
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psutil
import sqlalchemy as sa
from feedserver import has_news
from figures import Aim
from standing import ROOT, far, remember, source_id, write

from bot import pipeline
from bot.app import open_desk, open_store
from bot.config import load
from bot.deliver.console import ConsoleSender
from bot.store import tables

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from standing import Server

QUARTER = 900.0
SHARE, MEMORY, LATENCY = 25, 500, 5
LOOK_EVERY = 0.01  # seconds between two looks into the outbox
WEIGH_EVERY = 0.5
PATIENCE = 900.0


@dataclass
class Round:
    """One poll of every feed: processor seconds, those by the clock, new items, seconds from fetch to outbox."""

    cpu: float = 0.0
    waited: float = 0.0
    seconds: list[float] = field(default_factory=list)
    new: int = 0


@dataclass
class Service:
    """The running program, and what its database shows."""

    process: psutil.Process
    database: sqlite3.Connection
    most: int = 0

    def family(self) -> list[psutil.Process]:
        """All its processes."""
        return [self.process, *self.process.children(recursive=True)]

    def cpu(self) -> float:
        """Processor seconds so far; those of workers that were replaced count with who started them."""
        times = [each.cpu_times() for each in self.family()]
        return sum(each.user + each.system + each.children_user + each.children_system for each in times)

    def weigh(self) -> None:
        """Note the memory of all processes if it is more than ever."""
        infos = [each.memory_full_info() for each in self.family()]
        self.most = max(self.most, sum(int(getattr(info, "pss", info.rss)) for info in infos))

    def number(self, query: str, *values: object) -> int:
        """What a query counts."""
        (value,) = self.database.execute(query, values).fetchone()
        return int(value or 0)


async def _first_polls(folder: Path, feeds: int) -> None:
    """Have every feed polled once: those that will have news truly, the others as far as it matters."""
    async with open_desk(load(folder / "config.toml", {}, folder), console=ConsoleSender(write=lambda _: None)) as desk:
        await pipeline.reload_rules(desk)
        remember(desk.store, (feed for feed in range(feeds) if not has_news(feed)), far())
        report = await pipeline.ingest_due(desk)
    wrong = [source for source in report.sources if source.status != "baseline"]
    if wrong:
        sys.exit(f"{len(wrong)} first polls went wrong: {wrong[0]}")


@contextmanager
def started(folder: Path) -> Iterator[Service]:
    """The program, once its rules are in force."""
    log = folder / "log"
    command = (sys.executable, "-m", "bot", "run")
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}
    with (
        log.open("wb") as lines,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=lines) as process,
        closing(sqlite3.connect(f"file:{folder}/var/presswatch.db?mode=ro", uri=True)) as database,
    ):
        try:
            _wait(lambda: re.search(rb"\brunning\b", log.read_bytes()) is not None)
            yield Service(psutil.Process(process.pid), database)
        finally:
            process.terminate()


def _wait(ready: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > until:
            sys.exit("the service did not do in time what it should")
        time.sleep(0.1)


def _settle(service: Service) -> None:
    """Wait until hardly anything is done."""

    def quiet() -> bool:
        before = service.cpu()
        time.sleep(1)
        return service.cpu() - before < 0.2

    _wait(quiet)


def _idle(service: Service, seconds: float) -> float:
    """Processor seconds a second when nothing falls due."""
    begin, cpu = time.monotonic(), service.cpu()
    time.sleep(seconds)
    return (service.cpu() - cpu) / (time.monotonic() - begin)


def _fall_due(folder: Path, feeds: int, begin: datetime, seconds: float) -> None:
    """Have the feeds fall due one after the other within so many seconds."""
    step = timedelta(seconds=seconds / feeds)
    with open_store(load(folder / "config.toml", {}, folder)) as store, store.write() as tx:
        statement = sa.update(tables.source).where(tables.source.c.id == sa.bindparam("feed"))
        due = [{"feed": source_id(feed), "due": begin + feed * step} for feed in range(feeds)]
        tx.run_many(statement.values(next_due=sa.bindparam("due", type_=tables.Moment)), due)


def _round(folder: Path, server: Server, service: Service, feeds: int, turn: int, seconds: float) -> Round:
    """All feeds fall due once, with their news."""
    server.ask(f"/round/{turn}")
    last = service.number("SELECT max(id) FROM delivery")
    articles = service.number("SELECT count(*) FROM article")
    begin = datetime.now(UTC)
    done, cpu = Round(), service.cpu()
    _fall_due(folder, feeds, begin, seconds)
    seen: dict[str, float] = {}
    weighed = 0.0
    while True:
        time.sleep(LOOK_EVERY)
        rows = service.database.execute(
            "SELECT delivery.id, article.source FROM delivery JOIN alert ON alert.id = delivery.alert"
            " JOIN article ON article.id = alert.article WHERE delivery.id > ?",
            (last,),
        ).fetchall()
        now = time.time()
        for row, source in rows:
            last = max(last, row)
            seen[source] = now  # a poll's alerts are written together
        if now - weighed > WEIGH_EVERY:
            weighed = now
            service.weigh()
            if _over(service, begin, feeds):
                break
    _settle(service)
    done.waited = time.time() - begin.timestamp()
    done.cpu = service.cpu() - cpu
    done.new = service.number("SELECT count(*) FROM article") - articles
    sent = {source_id(int(feed)): at for feed, at in json.loads(server.ask("/log")).items()}
    done.seconds = [at - sent[source] for source, at in seen.items()]
    return done


def _over(service: Service, begin: datetime, feeds: int) -> bool:
    stored = begin.replace(tzinfo=None).isoformat(" ")
    polled = service.number("SELECT count(*) FROM source WHERE last_ok_at >= ?", stored)
    return polled == feeds and not service.number("SELECT count(*) FROM delivery WHERE state != 'sent'")


def measure(folder: Path, server: Server, feeds: int, asked: Namespace) -> Iterator[Aim]:
    """Share of a core, memory, and the time from fetch to outbox."""
    write(folder, server, feeds, asked.rules)
    asyncio.run(_first_polls(folder, feeds))
    with started(folder) as service:
        _settle(service)
        standing = _idle(service, asked.idle)
        turns = range(1, asked.rounds + 1)
        done = [_round(folder, server, service, feeds, turn, QUARTER / asked.squeeze) for turn in turns]
    _check(done, feeds)
    polls = statistics.median(each.cpu - standing * each.waited for each in done)
    seconds = [second for each in done for second in each.seconds]
    yield Aim("new items a round", statistics.median(each.new for each in done))
    yield Aim("processor time of its polls", polls, unit=" s")
    yield Aim("processor time of 900 s idle", standing * QUARTER, unit=" s")
    yield Aim("share of one core", 100 * (polls / QUARTER + standing), SHARE, unit=" %")
    yield Aim("memory of all processes", service.most / 1e6, MEMORY, unit=" MB")
    yield Aim("fetch to outbox, median", statistics.median(seconds), unit=" s")
    yield Aim("fetch to outbox, p99", statistics.quantiles(seconds, n=100, method="inclusive")[98], LATENCY, unit=" s")


def _check(done: list[Round], feeds: int) -> None:
    """Every round must have brought its news, and alerts."""
    busy = len([feed for feed in range(feeds) if has_news(feed)])
    for each in done:
        if each.new < busy or len(each.seconds) < 2:
            sys.exit(f"{busy} feeds had news, but only {each.new} items came, with alerts of {len(each.seconds)} feeds")
