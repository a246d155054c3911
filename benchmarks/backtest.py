"""What it costs to hold an edit of the rules against the archive.

    python benchmarks/backtest.py [FOLDER] [--archive 30000] [--rules 100 1000] [--changed 100] [--rounds 5]

Texts of 2,200 characters come from FOLDER (as for match.py) or are generated; rules are made of the words of other such
texts. Each article is a story.
Times are seconds of processor time: the median, the least and the most of the rounds, which take turns.

    whole articles      every article read as the rest of the program does
    texts               every article read as a backtest does: what rules look at, and nothing else
    a matcher each      whole articles, held against the rules as they are and against those as they were, one by one
    backtest            the whole of it: both versions in one scan, stories gained and lost, who is told
    ÷                   a matcher each by backtest, round by round

Both ways must find the same: if not, the exit status is 1.
"""

from __future__ import annotations

import argparse
import platform
import random
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from rulebook import Pool, rules_of
from run import Line, machine
from texts import generated, joined, read

from bot import __version__
from bot.backtest import Readers, backtest, edit
from bot.match import Matcher
from bot.model import Article, Destination, Source
from bot.store import Store, articles, sources, stories, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.backtest import Edit
    from bot.model import Rule

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
DAYS = 90
BEGIN = NOW - timedelta(days=DAYS)
AT_ONCE = 1_000
POOL = 1_000
"""Texts that rules are made of."""
READERS = Readers(destinations=[Destination(id="desk", kind="console")], routes=())

Found = tuple[int, int]
"""Articles that only the rules after the edit match, and those that only the ones before it do."""


@dataclass(frozen=True)
class Rounds:
    """The processor time of each way, round by round, and what they found."""

    times: dict[str, list[float]]
    found: dict[str, set[Found]]


def fill(store: Store, listed: Sequence[str]) -> None:
    """An archive of these texts, a story each, spread over the days."""
    with store.write() as tx:
        sources.sync(tx, [Source(id="s", kind="folder", name="S", every=900.0)], BEGIN)
    for begin in range(0, len(listed), AT_ONCE):
        with store.write() as tx:
            for number, text in enumerate(listed[begin : begin + AT_ONCE], begin):
                at = NOW - (NOW - BEGIN) * (1 - number / len(listed))
                key = str(number)
                article = Article(
                    source="s", key=key, key_kind="guid", fingerprint=key, content_hash=key, title=text[:60], body=text
                )
                articles.add(tx, article, state="no rule", first_seen=at, order_at=at, story=stories.open(tx, at))


def edited(count: int, changed: int, pool: Pool) -> Edit:
    """So many rules, of which ``changed`` have other words than before."""
    dice = random.Random(count)
    before = [replace(rule, hash=rule.id) for rule in rules_of(count, pool, dice)]
    fresh = [replace(rule, hash=f"{rule.id} edited") for rule in rules_of(changed, pool, dice)]
    after = [*fresh, *before[changed:]]
    return edit(_by_id(before), _by_id(after), Matcher(after, pool.frequency))


def _by_id(rules: Sequence[Rule]) -> Mapping[str, Rule]:
    return {rule.id: rule for rule in rules}


def whole(store: Store, _: Edit) -> None:
    """Read the archive as the rest of the program does."""
    with store.read() as tx:
        for _article in articles.archive(tx, since=BEGIN):
            pass


def lean(store: Store, _: Edit) -> None:
    """Read the archive as a backtest does."""
    with store.read() as tx:
        for _text in texts.since(tx, BEGIN):
            pass


def one_by_one(store: Store, change: Edit) -> Found:
    """The plain way: whole articles, and a matcher for each version."""
    after, before = change.matcher, Matcher(change.before.values())
    gained = lost = 0
    with store.read() as tx:
        for stored in articles.archive(tx, since=BEGIN):
            on = stored.order_at.date()
            now, then = set(after.matching(stored.article, on)), set(before.matching(stored.article, on))
            gained += len(now - then)
            lost += len(then - now)
    return gained, lost


def ours(store: Store, change: Edit) -> Found:
    """The backtest; each article is a story of its own."""
    with store.read() as tx:
        found = backtest(tx, change, READERS, BEGIN, NOW, on_article=lambda: None)
    return sum(len(each.gained) for each in found.rules), sum(len(each.lost) for each in found.rules)


WAYS: dict[str, Callable[[Store, Edit], Found | None]] = {
    "whole articles": whole,
    "texts": lean,
    "a matcher each": one_by_one,
    "backtest": ours,
}


def measured(store: Store, change: Edit, rounds: int) -> Rounds:
    """Every way by turns."""
    made = Rounds({name: [] for name in WAYS}, {name: set() for name in WAYS})
    for _ in range(rounds):
        for name, way in WAYS.items():
            begin = time.process_time()
            found = way(store, change)
            made.times[name].append(time.process_time() - begin)
            made.found[name].update([found] if found else [])
    return made


def lines(made: Rounds, aim: str) -> Iterator[Line]:
    """What is printed."""
    for name, times in made.times.items():
        yield Line(name, times, "s", aim if name == "backtest" else "")
    plain, mine = made.times["a matcher each"], made.times["backtest"]
    yield Line("÷", [one / other for one, other in zip(plain, mine, strict=True)], "times", "")


def main() -> int:
    """Measure and print; 1 if the two ways differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--archive", type=int, default=30_000)
    parser.add_argument("--rules", type=int, nargs="+", default=[100, 1_000])
    parser.add_argument("--changed", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    need = asked.archive + POOL
    listed = list(dict.fromkeys(joined(read(asked.folder, 10 * need)) if asked.folder else []))[:need]
    listed += generated(need - len(listed), random.Random(7))
    pool = Pool.of(listed[:POOL], random.Random(11))
    print(f"Presswatch {__version__}, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {machine()}")
    print(f"{'':<52} {'median':>9} {'least':>9} {'most':>9} {'':<11} aim")
    differ = False
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/archive.db")
        store.open()
        fill(store, listed[POOL:])
        for count in asked.rules:
            made = measured(store, edited(count, min(count, asked.changed), pool), asked.rounds)
            (gained, lost), *_ = made.found["backtest"]
            edits = f"{min(count, asked.changed):,} of them edited"
            print(f"{asked.archive:,} articles, {count:,} rules, {edits}: +{gained:,} −{lost:,}")
            for line in lines(made, "≤ 5" if asked.archive == 30_000 else ""):
                print(f"  {line}", flush=True)
            differ |= made.found["backtest"] != made.found["a matcher each"]
        store.close()
    if differ:
        print("the two ways differ")
    return int(differ)


if __name__ == "__main__":
    sys.exit(main())
