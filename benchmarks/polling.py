"""What polling costs: many feeds of which few have news, beside bare requests for the same addresses.

    python benchmarks/polling.py [--feeds 10000 5000] [--rules 1000] [--rounds 3] [--idle 30] [--squeeze 10]
                                 [--only polls service] [--json FILE]

The feeds come from a server on this machine in a process of its own (benchmarks/feedserver.py), of which only its
answers count: processor time is ours alone. Every poll is a look-up, a connection and a request of its own, as
polls a quarter of an hour apart are. Printed are medians of the rounds.

    polls    10,000 feeds, of which 95 % answer 304 and the others send the body that is known: processor time a poll
             of our whole path – guard, conditional request, what is remembered of each – and of aiohttp alone, by turns
    service  presswatch run with 5,000 feeds and 1,000 rules on SQLite (synchronous FULL); one feed in twelve has one
             to three new items. A round is a poll of every feed, a quarter of an hour's work that is done --squeeze
             times as fast; its processor time and what the idle program takes in 900 s, measured over --idle
             seconds, make the share of one core. Fetch to outbox is the time from when the last byte of a body was
             sent until others can read the row of its alert, a hundredth of a second more at most. Memory is the
             most that all processes had together, a page that they share counted once.

The exit status is 1 if a poll did not bring what it should.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import aiohttp
from feedserver import etag, has_etag
from figures import Aim, machine
from service import measure as measure_service
from standing import PORTS, far, remember, serving, source_id, write

from bot import pipeline
from bot.app import open_desk
from bot.config import load
from bot.deliver.console import ConsoleSender

if TYPE_CHECKING:
    from collections.abc import Iterator

    from standing import Server

    from bot.desk import Desk

TIMES_BARE = 2
PARTS = ("polls", "service")


async def bare(server: Server, feeds: int) -> None:
    """The same requests without anything around them, as many side by side as we poll."""
    gate = asyncio.Semaphore(pipeline.SIDE_BY_SIDE)
    connector = aiohttp.TCPConnector(use_dns_cache=False)

    async def one(session: aiohttp.ClientSession, feed: int) -> int:
        known = {"If-None-Match": etag(feed, 0)} if has_etag(feed) else {}
        async with gate, session.get(server.url(feed), headers=known) as answer:
            await answer.read()
            return answer.status

    async with aiohttp.ClientSession(connector=connector) as session:
        statuses = await asyncio.gather(*(one(session, feed) for feed in range(feeds)))
    expect(statuses, [304 if has_etag(feed) else 200 for feed in range(feeds)])


async def ours(desk: Desk, feeds: int) -> None:
    """A poll of every feed."""
    report = await pipeline.ingest_due(desk, force=True)
    found = {source.source: source.status for source in report.sources}
    expect([found[source_id(feed)] for feed in range(feeds)], ["unchanged"] * feeds)
    if desk.pool.started:
        raise SystemExit("a body that was known has been parsed")


def expect(found: list[object], wanted: list[object]) -> None:
    """End the program if a poll brought something else than it should."""
    wrong = [(feed, got, want) for feed, (got, want) in enumerate(zip(found, wanted, strict=True)) if got != want]
    if wrong:
        feed, got, want = wrong[0]
        raise SystemExit(f"{len(wrong)} polls went wrong: feed {feed} gave {got}, not {want}")


async def measure_polls(folder: Path, server: Server, feeds: int, rounds: int) -> list[Aim]:
    """Processor time a poll, in µs: theirs, ours, and how many times."""
    write(folder, server, feeds, 1)
    theirs, taken = [], []
    async with open_desk(load(folder / "config.toml", {}, folder), console=ConsoleSender(write=_nowhere)) as desk:
        await pipeline.reload_rules(desk)
        remember(desk.store, range(feeds), far())
        for _ in range(rounds):
            begin = time.process_time()
            await bare(server, feeds)
            between = time.process_time()
            await ours(desk, feeds)
            theirs.append(1e6 * (between - begin) / feeds)
            taken.append(1e6 * (time.process_time() - between) / feeds)
    ratios = [a / b for a, b in zip(taken, theirs, strict=True)]
    return [
        Aim("aiohttp alone", statistics.median(theirs), unit=" µs"),
        Aim("our poll", statistics.median(taken), unit=" µs"),
        Aim("our poll ÷ aiohttp alone", statistics.median(ratios), TIMES_BARE),
    ]


def _nowhere(_: str) -> None:
    """Print nothing."""


def options() -> argparse.Namespace:
    """What was asked for on the command line."""
    summary, _, more = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=more, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", nargs=2, type=int, default=(10_000, 5_000), metavar="N", help="of polls, of service")
    parser.add_argument("--rules", type=int, default=1_000, metavar="N", help="of the service")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--idle", type=float, default=30, metavar="SECONDS")
    parser.add_argument("--squeeze", type=float, default=10, metavar="TIMES")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file as well")
    return parser.parse_args()


def measured(asked: argparse.Namespace) -> Iterator[tuple[str, list[Aim]]]:
    """Each part with its figures."""
    many, served = asked.feeds
    for part in asked.only:
        with tempfile.TemporaryDirectory() as name, serving(PORTS) as server:
            folder = Path(name)
            if part == "polls":
                head = f"{many:,} feeds, 95 % of them unchanged; processor time a poll"
                yield head, asyncio.run(measure_polls(folder, server, many, asked.rounds))
            else:
                head = f"{served:,} feeds every 15 minutes, {asked.rules:,} rules, SQLite with synchronous FULL"
                yield head, list(measure_service(folder, server, served, asked))


def main() -> int:
    """Measure and print."""
    asked = options()
    print(machine())
    parts = {}
    for head, aims in measured(asked):
        parts[head] = aims
        print("", head, *aims, sep="\n", flush=True)
    if asked.json:
        told = {
            head: [{"name": aim.name, "value": aim.value, "aim": aim.bound, "reached": aim.reached} for aim in aims]
            for head, aims in parts.items()
        }
        asked.json.write_text(json.dumps({"machine": machine(), **told}, indent=1, ensure_ascii=False), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
