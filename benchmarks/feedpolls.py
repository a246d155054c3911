"""Polls of feeds that were polled before, from the answer of the server to the commit; and what is remembered of them.

Every feed is a source of a desk of its own folder, in SQLite with synchronous FULL, whose server is made up and whose
parsers are in this process: what is measured is parsing, articles, matching, the serial lane and the store.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from run import Line

from bot import intake
from bot.app import open_desk
from bot.config import load
from bot.deliver.console import ConsoleSender
from bot.desk import Live
from bot.ingest.parse import read_bytes
from bot.ingest.parsed import MARK, NAME, Past
from bot.model import RuleSet
from bot.net.response import Response
from bot.remembered import Remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from feeds import Kind

    from bot.config import Config
    from bot.desk import Desk
    from bot.ingest.parsed import ReadFeed
    from bot.match import Matcher
    from bot.model import Rule, Source

FEEDS, ITEMS = 5_000, 30  # of which the memory that they take is told
TURNS = 3  # runs to the store are long


class Server:
    """The way out: answers with what stands in ``bodies`` under the address."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes] = {}

    def holding(self, _: object) -> Server:
        return self

    async def get(self, url: str, **_: object) -> Response:
        return Response(url=url, final_url=url, status=200, body=self.bodies[url])


class Parsers:
    """Reads feeds here and now; not ``plain``: by feedparser alone."""

    def __init__(self, *, plain: bool) -> None:
        self._plain = plain

    async def read(self, body: bytes, kind: str | None, url: str, source: Source, past: Past | None) -> ReadFeed:
        return read_bytes(body, kind, url, source, past if self._plain else None, plain=self._plain)

    async def aclose(self) -> None:
        pass


def to_the_store(kinds: Sequence[Kind], rules: Sequence[Rule], matcher: Matcher, runs: int) -> Iterator[Line]:
    """Polls of the kinds' feeds that bring one new item, and polls that bring none though the header is another."""
    for kind in kinds:
        if not kind.before:
            continue
        first, *_ = polls = [kind.before[new] for new in sorted(kind.before, reverse=True)]
        polls = [*polls, kind.feeds, [body.replace(b"<title>News", b"<title>Now", 1) for body in kind.feeds]]
        slow, fast = [], []
        for _ in range(min(runs, TURNS)):
            for plain, taken in ((False, slow), (True, fast)):
                taken.append(asyncio.run(_seconds(polls, rules, matcher, plain=plain)))
        for place, what in ((-2, "1 new"), (-1, "0 new")):
            name, ours = f"{kind.name}: {what}, to the store", [len(first) / one[place] for one in fast]
            theirs = [len(first) / one[place] for one in slow]
            yield Line(f"{name}, feedparser", theirs, "feeds/s", "")
            yield Line(name, ours, "feeds/s", "")
            yield Line(f"{name}, ÷", [a / b for a, b in zip(ours, theirs, strict=True)], "times", "")


async def _seconds(
    polls: Sequence[Sequence[bytes]], rules: Sequence[Rule], matcher: Matcher, *, plain: bool
) -> list[float]:
    """Processor time of each of these polls of all feeds, of which the first is their first."""
    server, taken = Server(), []
    with tempfile.TemporaryDirectory() as name:
        config = _configured(Path(name), len(polls[0]))
        async with open_desk(config, console=ConsoleSender(write=lambda _: None)) as desk:
            await desk.pool.aclose()
            desk.door, desk.pool = server, Parsers(plain=plain)  # type: ignore[assignment]
            desk.live = Live(ruleset=RuleSet(rules={rule.id: rule for rule in rules}), matcher=matcher, digest="")
            for bodies in polls:
                begin = time.process_time()
                await _poll_all(desk, server, bodies)
                taken.append(time.process_time() - begin)
    return taken


def _configured(folder: Path, feeds: int) -> Config:
    listed = "".join(f'[[source]]\nid = "f{feed}"\nkind = "feed"\nurl = "{_url(feed)}"\n' for feed in range(feeds))
    (folder / "config.toml").write_text('[[destination]]\nid = "terminal"\nkind = "console"\n' + listed, "utf-8")
    (folder / "rules").mkdir()
    return load(folder / "config.toml", {}, folder)


def _url(feed: int) -> str:
    return f"https://f{feed}.example/feed"


async def _poll_all(desk: Desk, server: Server, bodies: Sequence[bytes]) -> None:
    server.bodies = {_url(feed): body for feed, body in enumerate(bodies)}
    report = await intake.ingest_due(desk, force=True)
    if failed := [source.note for source in report.sources if source.status == "error"]:
        raise SystemExit(f"{len(failed)} polls went wrong: {failed[0]}")


def remembered() -> Iterator[Line]:
    """What many feeds take in memory."""
    rng = random.Random(7)
    tracemalloc.start()
    memory = Remembered()
    for feed in range(FEEDS):
        past = Past(marks=rng.randbytes(MARK * ITEMS), names=rng.randbytes(NAME * ITEMS))
        memory.put(f"f{feed}", rng.randbytes(32).hex(), past)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    name = f"remembered: {FEEDS:,} feeds of {ITEMS} items"
    yield Line(name, [taken / 1e6], "MB", "≤ 40")
    yield Line(f"{name}, as it is reckoned", [memory.size / 1e6], "MB", "")
