"""What a look at volume costs, and whether that grows with the archive.

python benchmarks/volume.py [--days 60] [--rounds 9]

One theme with a hundred stories a day from twelve sources, which are polled every quarter of an hour. Prints the median
of three things in milliseconds – a look when nothing is new; a quick look at the theme, as after every new mention; a
close one, which asks the polls whether anybody was watching and is made where a spike is likely – and how they compare
with the same beside three more such themes and a past of the theme that is twice as long.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bot import volume as counts
from bot.alerts.spikes import standing_out
from bot.alerts.volume import DAY, HOUR, Past, may_stand_out
from bot.model import Article, Rule, Source, Term
from bot.model.volume import Subject
from bot.store import Store, articles, rules, sources, stories, volume
from bot.store.records import PollRecord
from bot.store.volume import Count

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SOURCES = [f"s{number}" for number in range(12)]
POLLS = timedelta(minutes=15)
A_DAY = 100
THEME = Subject(kind="theme", id="trade", title="Trade", rules=("trade",))


def watched(store: Store, days: int) -> None:
    """Sources that were polled for so many days, and a rule that is as old."""
    begin = NOW - timedelta(days=days)
    with store.write() as tx:
        sources.sync(tx, [Source(id=id_, kind="folder", name=id_, every=900.0) for id_ in SOURCES], begin)
        rules.record(tx, [Rule(id="trade", title="Trade", expr=Term(text="trade"), theme="trade")], begin)
        for number in range(int(timedelta(days=days) / POLLS)):
            at = begin + number * POLLS
            polls = (PollRecord(source=id_, at=at, status="unchanged", next_due=at, interval=900.0) for id_ in SOURCES)
            sources.record_polls(tx, list(polls))


def brought(store: Store, theme: str, begin: int, days: int) -> None:
    """The stories of a theme from ``begin`` days ago, for so many days."""
    dice = random.Random(theme)
    with store.write() as tx:
        for number in range(days * A_DAY):
            at = NOW - timedelta(days=begin) + dice.random() * timedelta(days=days)
            source, key = dice.choice(SOURCES), f"{theme} {begin} {number}"
            article = Article(
                source=source, key=key, key_kind="guid", fingerprint=key, content_hash=key, title=key, body=key
            )
            story = stories.open(tx, at)
            ref = articles.add(tx, article, state="alerted", first_seen=at, order_at=at, story=story)
            count = Count(kind="theme", subject=theme, story=story, article=ref.article, source=source, at=at)
            volume.add(tx, [count])


def measured(store: Store, rounds: int) -> dict[str, float]:
    """The median of each look, in milliseconds."""
    with store.read() as tx:

        def nothing() -> None:
            volume.counted(tx), volume.newest(tx), volume.looked(tx)

        def quick() -> None:
            may_stand_out(Past(counts.series(tx, THEME, NOW, closely=False)))

        def close() -> None:
            counts.settled(tx, THEME, NOW, NOW - DAY * HOUR)
            standing_out(Past(counts.series(tx, THEME, NOW)))

        return {
            "nothing new": timed(nothing, rounds),
            "quick look": timed(quick, rounds),
            "close look": timed(close, rounds),
        }


def timed(work: Callable[[], None], rounds: int) -> float:
    """The median of so many rounds, in milliseconds."""
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        found.append(1000 * (time.perf_counter() - begin))
    return median(found)


def main() -> None:
    """Measure, grow the archive, measure again."""
    parser = argparse.ArgumentParser(description="What a look at volume costs.")
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'presswatch.db'}")
        store.open()
        watched(store, asked.days)
        brought(store, "trade", asked.days, asked.days)
        before = measured(store, asked.rounds)
        for other in ("chips", "steel", "ports"):
            brought(store, other, asked.days, asked.days)
        brought(store, "trade", 2 * asked.days, asked.days)
        after = measured(store, asked.rounds)
        store.close()
    print(f"{'':14}{'ms':>10}{'in an archive of five times as many':>40}")
    for name, took in before.items():
        print(f"{name:14}{took:>10.2f}{f'× {after[name] / took:.2f}':>40}")


if __name__ == "__main__":
    main()
