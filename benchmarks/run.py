"""What a user waits for and what a machine must hold: the program as a whole, measured in one run.

    python benchmarks/run.py [FOLDER] [--runs 7] [--archive 30000] [--only help again ingest both idle search]

Texts come from FOLDER (``.txt``, ``.md``, ``.jsonl`` and ``.jsonl.gz`` with a "text" field) or are generated.
Each line gives the median, the least and the most of its runs beside what is aimed at. Everything happens in a
temporary folder; feeds come from a server on this machine.

    help     presswatch --help against python -c pass, by turns
    again    a second run --once, when nothing is due
    ingest   1,000 files read, matched, placed and stored, then their alerts: the share of each
    both     as many files on SQLite and on PostgreSQL by turns, and how much longer the one takes (not by default)
    idle     memory of presswatch run with 100 feeds, over all its processes (shared pages counted once)
    search   queries over an archive, in an open database
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psutil
from databases import own_server
from servers import ThreadedFaultServer
from texts import generated, read

from bot import __version__, pipeline
from bot.app import open_desk, open_store
from bot.config import load
from bot.deliver.console import ConsoleSender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.config import Config

FILES = 1_000
FEEDS = 100
PRESSWATCH = (sys.executable, "-m", "bot")
ROOT = Path(__file__).resolve().parent.parent
FOLDER = 5_000
USUAL = ("help", "again", "ingest", "idle", "search")
# One word, a phrase, two words, a beginning, a rare and a very common word.
QUERIES = ("tariff", '"export controls"', "china steel", "semicond*", "gallium", "the")


@dataclass(frozen=True)
class Line:
    """One figure: its runs, in its unit, and what is aimed at."""

    name: str
    runs: list[float]
    unit: str
    aim: str

    def __str__(self) -> str:
        low, high = min(self.runs), max(self.runs)
        middle = statistics.median(self.runs)
        return f"{self.name:<52} {middle:>9.2f} {low:>9.2f} {high:>9.2f} {self.unit:<11} {self.aim}"


def seconds(command: tuple[str, ...], folder: Path) -> float:
    """How long a whole process takes."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment(), check=True, capture_output=True)
    return time.perf_counter() - begin


def environment() -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}


def fill(folder: Path, texts: list[str]) -> None:
    """A desk with these texts in as many folders as they need."""
    config = ""
    for number, text in enumerate(texts):
        if number % FOLDER == 0:
            name = f"seeds{number // FOLDER}"
            (folder / name).mkdir()
            config += f'[[source]]\nid = "{name}"\nkind = "folder"\npath = "{name}"\n'
        (folder / name / f"{number:05}.txt").write_text(
            f"---\ntitle: {number}. {text[:60].strip()}\n---\n{text}\n", "utf-8"
        )
    (folder / "config.toml").write_text(config, "utf-8")


def measure_help(folder: Path, runs: int) -> Iterator[Line]:
    ours, bare = [], []
    for _ in range(runs):
        bare.append(seconds((sys.executable, "-c", "pass"), folder))
        ours.append(seconds((*PRESSWATCH, "--help"), folder))
    yield Line("python -c pass", [1e3 * each for each in bare], "ms", "")
    yield Line("presswatch --help", [1e3 * each for each in ours], "ms", "")
    yield Line("presswatch --help ÷ python -c pass", [a / b for a, b in zip(ours, bare, strict=True)], "times", "≤ 4")


def measure_again(folder: Path, texts: list[str], runs: int) -> Iterator[Line]:
    fill(folder, texts[:100])
    seconds((*PRESSWATCH, "run", "--once"), folder)
    again = [seconds((*PRESSWATCH, "run", "--once"), folder) for _ in range(runs)]
    yield Line("second run --once, nothing due", again, "s", "< 1.5")


async def ingest_once(folder: Path, url: str = "") -> tuple[float, float, float]:
    """Seconds for rules, for the articles, for the alerts."""
    environ = {"PRESSWATCH_DATABASE_URL": url} if url else {}
    config = load(folder / "config.toml", environ, folder)
    async with open_desk(config, console=ConsoleSender(write=lambda _: None)) as desk:
        times = [time.perf_counter()]
        await pipeline.reload_rules(desk)
        times.append(time.perf_counter())
        report = await pipeline.ingest_due(desk)
        times.append(time.perf_counter())
        await pipeline.deliver_all(desk)
        times.append(time.perf_counter())
    assert report.sources[0].new == FILES, report
    rules, articles, alerts = (after - before for before, after in pairwise(times))
    return rules, articles, alerts


def measure_ingest(folder: Path, texts: list[str], runs: int) -> Iterator[Line]:
    fill(folder, texts[:FILES])
    took, whole = [], []
    for _ in range(runs):
        shutil.rmtree(folder / "var", ignore_errors=True)
        took.append(asyncio.run(ingest_once(folder)))
        shutil.rmtree(folder / "var", ignore_errors=True)
        whole.append(seconds((*PRESSWATCH, "run", "--once"), folder))
    yield Line("rules read, tested and compiled", [rules for rules, _, _ in took], "s", "")
    rates = [FILES / articles for _, articles, _ in took]
    yield Line(f"{FILES:,} files ingested, matched and stored", rates, "articles/s", "≥ 500")
    yield Line("their alerts printed", [alerts for *_, alerts in took], "s", "")
    yield Line(f"the whole run --once with {FILES:,} new files", whole, "s", "")


def measure_both(folder: Path, texts: list[str], runs: int) -> Iterator[Line]:
    """The articles' way on both databases; the server is one of its own on this machine."""
    fill(folder, texts[:FILES])
    ours, theirs = [], []
    with own_server() as empty:
        for _ in range(runs):
            shutil.rmtree(folder / "var", ignore_errors=True)
            ours.append(FILES / asyncio.run(ingest_once(folder))[1])
            theirs.append(FILES / asyncio.run(ingest_once(folder, empty()))[1])
    yield Line(f"{FILES:,} files ingested on SQLite", ours, "articles/s", "≥ 500")
    yield Line(f"{FILES:,} files ingested on PostgreSQL", theirs, "articles/s", "")
    yield Line("SQLite ÷ PostgreSQL", [a / b for a, b in zip(ours, theirs, strict=True)], "times", "")


def measure_idle(folder: Path) -> Iterator[Line]:
    """Memory once every feed has been polled; Pss counts a page that processes share once."""
    with ThreadedFaultServer() as server:
        sources = ""
        for number in range(FEEDS):
            items = "".join(
                f"<item><guid>{number}-{item}</guid><title>Item {item} of feed {number}</title>"
                f"<description>{'word ' * 60}{item}</description></item>"
                for item in range(20)
            )
            server[f"/{number}"] = f'<rss version="2.0"><channel><title>{number}</title>{items}</channel></rss>'
            sources += f'[[source]]\nid = "f{number}"\nkind = "feed"\nurl = "{server.at(f"/{number}")}"\n'
        (folder / "config.toml").write_text(f'[network]\nallow = ["127.0.0.1"]\n{sources}', "utf-8")
        # As on every day but the first: making the tables loads what is never needed again.
        seconds((*PRESSWATCH, "db", "upgrade"), folder)
        with started(folder) as process:
            wait(lambda: polled(folder) == FEEDS)
            family = [process, *process.children(recursive=True)]
            sizes = [memory(each) for each in family]
    yield Line(f"run, idle with {FEEDS} feeds: {len(family)} processes", [sum(sizes) / 1e6], "MB", "≤ 150")


@contextmanager
def started(folder: Path) -> Iterator[psutil.Process]:
    with subprocess.Popen(
        (*PRESSWATCH, "run"), cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.terminate()


def polled(folder: Path) -> int:
    """How many sources have answered."""
    from bot.store import sources

    if not (folder / "var" / "presswatch.db").exists():
        return 0
    with open_store(load(folder / "config.toml", {}, folder)) as store, store.read() as tx:
        return sum(state.last_ok_at is not None for state in sources.states(tx))


def wait(ready: Callable[[], bool], most: float = 180.0) -> None:
    until = time.monotonic() + most
    while not ready():
        if time.monotonic() > until:
            sys.exit("the feeds were not polled in time")
        time.sleep(0.5)


def memory(process: psutil.Process) -> int:
    info = process.memory_full_info()
    return int(getattr(info, "pss", info.rss))


def measure_search(folder: Path, texts: list[str], runs: int, count: int) -> Iterator[Line]:
    from bot.search import parse
    from bot.store.search import search

    config = archived(folder, texts, count)
    with open_store(config) as store:
        for query in QUERIES:
            times = []
            for _ in range(max(runs, 20)):
                with store.read() as tx:
                    begin = time.perf_counter()
                    found = search(tx, parse(query), limit=20)
                    times.append(1e3 * (time.perf_counter() - begin))
            yield Line(f"search {query} in {count:,} articles: {len(found)} shown", times, "ms", "≤ 20")


def archived(folder: Path, texts: list[str], count: int) -> Config:
    """A desk whose archive holds so many articles; they came the usual way."""
    fill(folder, (texts * (count // len(texts) + 1))[:count] if len(texts) < count else texts[:count])

    async def ingest() -> None:
        async with open_desk(config, console=ConsoleSender(write=lambda _: None)) as desk:
            await pipeline.reload_rules(desk)
            report = await pipeline.ingest_due(desk)
        assert sum(source.new for source in report.sources) == count, report

    config = load(folder / "config.toml", {}, folder)
    asyncio.run(ingest())
    return config


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--archive", type=int, default=30_000)
    parser.add_argument("--only", nargs="+", choices=(*USUAL, "both"))
    asked = parser.parse_args()
    most = max(FILES, asked.archive)
    texts = list(dict.fromkeys(read(asked.folder, most) if asked.folder else []))
    texts += generated(most - len(texts), random.Random(7))
    measures: dict[str, Callable[[Path], Iterator[Line]]] = {
        "help": lambda folder: measure_help(folder, 3 * asked.runs),
        "again": lambda folder: measure_again(folder, texts, asked.runs),
        "ingest": lambda folder: measure_ingest(folder, texts, asked.runs),
        "both": lambda folder: measure_both(folder, texts, asked.runs),
        "idle": measure_idle,
        "search": lambda folder: measure_search(folder, texts, asked.runs, asked.archive),
    }
    print(f"Presswatch {__version__}, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {machine()}")
    print(f"{'':<52} {'median':>9} {'least':>9} {'most':>9} {'':<11} aim")
    for name in asked.only or USUAL:
        with tempfile.TemporaryDirectory() as folder:
            for line in measures[name](Path(folder)):
                print(line, flush=True)


def machine() -> str:
    """Processor, cores and memory in words."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        named = [line.partition(": ")[2] for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        model = named[0] if named else model
    gigabytes = psutil.virtual_memory().total / 2**30
    return f"{platform.system()}, {model}, {psutil.cpu_count()} cores, {gigabytes:.0f} GiB"


if __name__ == "__main__":
    main()
