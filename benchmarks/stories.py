"""What it costs to find an article's story: the reading of one article, and its place among many stored ones.

python benchmarks/stories.py [--stored 10000 100000 1000000] [--a-day 900 10000] [--new 200] [--texts FOLDER]

A made-up archive of articles, a newsroom's mixture of names and words, is written to a SQLite file (``storied.py``), as
many a day as ``--a-day`` says; those of the last three days, in which events are looked up, have words of their own.
Then new articles are placed one by one, as the lane does it: traits and index entries, candidates of both kinds, the
decision. Prints medians and 99th percentiles in milliseconds of processor time, and each as a multiple of the smallest
archive's; beside it what merely folding the text takes. "settled" is all of it again and writing what is new: the
article, its words for the search, its story, and what it is looked up by. Half of the new articles tell of a stored
event in other words, a tenth are copies.
"""

import argparse
import gc
import random
import statistics
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path

from storied import Kept, Past, fill

from bot.model import Article
from bot.placing import COPY_WINDOW, forget, settle
from bot.store import Store, events, stories
from bot.stories import LEAST_SHARED, WINDOW_OF_EVENTS, Event, features, keys, place, resembles, traits
from bot.stories.common import COMMON
from bot.stories.place import compare
from bot.stories.reading import Reading
from bot.text import fold

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def article(key: str, title: str, body: str, at: datetime | None = None) -> Article:
    """A small article of an outlet of its own."""
    source = f"outlet-{hash(key) % 40 if at is None else int(key) % 40}"
    url = f"https://{source}.example/{key}"
    names = {"source": source, "key": key, "key_kind": "guid", "fingerprint": key, "content_hash": key}
    return Article(**names, title=title, body=body, canonical_url=url, published_at=at)


class Newsroom:
    """Articles about events; names and words are as unequally common as in real ones (Zipf's law)."""

    def __init__(self, seed: int = 1) -> None:
        self.dice = random.Random(seed)
        syllables = [a + b for a in "bcdfgklmnprstvw" for b in ("a", "e", "i", "o", "u", "an", "er", "il", "on", "us")]
        made = ["".join(self.dice.choices(syllables, k=self.dice.choice((2, 3, 3, 4)))) for _ in range(60_000)]
        rare = list(dict.fromkeys(made))
        # What most of a text is made of are words that every text has, as in real ones.
        self.words = [*sorted(word for word in COMMON if word.isascii()), *rare]
        self.names = [word.capitalize() for word in rare[:20_000]]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.name_weights = list(accumulate(1 / (rank + 40) for rank in range(len(self.names))))

    def event(self) -> tuple[list[str], list[str], str]:
        """What an event is told by: names, words, a figure."""
        names = self.dice.choices(self.names, cum_weights=self.name_weights, k=6)
        return (
            names,
            self.dice.choices(self.words, cum_weights=self.weights, k=12),
            f"{self.dice.randrange(11, 999) / 10} percent",
        )

    def report(self, event: tuple[list[str], list[str], str]) -> tuple[str, str]:
        """A headline and a body of some 250 words that tell of it."""
        names, words, figure = event
        own = iter(self.dice.choices(self.words, cum_weights=self.weights, k=400))
        title = " ".join([*self.dice.sample(names, 2), *self.dice.sample(words, 4), next(own)])
        sentences = []
        for number in range(16):
            said = [next(own) for _ in range(11)] + self.dice.sample(words, 2)
            self.dice.shuffle(said)
            told = f"The {' '.join(said[:7])} of {self.dice.choice(names)} {' '.join(said[7:])}"
            sentences.append(f"{told} by {figure}." if number % 5 == 0 else f"{told}.")
        return title, " ".join(sentences)


def archive(
    path: Path, size: int, a_day: int, room: Newsroom
) -> tuple[Store, list[tuple[list[str], list[str], str]], list[Article]]:
    """A database with ``size`` articles; the events and articles of the last three days."""
    store = Store(f"sqlite:///{path}")
    store.open()  # makes the tables
    store.close()
    every = timedelta(days=1) / a_day
    past = max(0, size - int(WINDOW_OF_EVENTS / every))
    copies = min(past, int((COPY_WINDOW - WINDOW_OF_EVENTS) / every))
    sources = tuple(f"outlet-{number}" for number in range(40))
    title, text = room.report(room.event())
    told: list[tuple[list[str], list[str], str]] = []
    stored: list[Article] = []

    def recent() -> Iterator[Kept]:
        for number in range(past, size):
            at = NOW - every * (size - number)
            event = told[-1] if told and number % 3 else room.event()
            each = article(str(number), *room.report(event), at)
            told.append(event)
            stored.append(each)
            yield Kept(each, at)

    begin = NOW - every * size
    fill(path, Past(past, copies, begin, every.total_seconds(), sources, title, text), recent())
    store.open()
    return store, told, stored


def arrivals(room: Newsroom, told: Sequence[tuple], stored: Sequence[Article], count: int) -> list[Article]:
    """New articles: half tell of a recent event, a tenth are retitled copies, the others tell of new events."""
    new = []
    for number in range(count):
        key = str(90_000_000 + number)
        if number % 10 == 9 and stored:
            new.append(article(key, room.report(room.event())[0], room.dice.choice(stored).body, NOW))
        else:
            event = room.dice.choice(told) if number % 2 and told else room.event()
            new.append(article(key, *room.report(event), NOW))
    return new


def placed(store: Store, new: Sequence[Article]) -> dict[str, list[float]]:
    """Milliseconds of each step for each article; the transaction is one for all, as in a poll."""
    spent: dict[str, list[float]] = {name: [] for name in ("read", "copies", "events", "place", "all")}
    kinds: dict[str, int] = {}
    with store.read() as tx:
        for warm in (True, False):
            for each in new[:20] if warm else new:
                clock = [time.process_time()]
                entries, told = features(each).entries, traits(each)
                asked = keys(told)
                clock.append(time.process_time())
                candidates = stories.candidates(tx, entries, since=NOW - COPY_WINDOW)
                clock.append(time.process_time())
                wanted = resembles(told)
                near = events.neighbours(tx, asked, NOW - WINDOW_OF_EVENTS, least=LEAST_SHARED, near=wanted)
                clock.append(time.process_time())
                placement = place(each, candidates, Event(traits=told, at=NOW, neighbours=near))
                clock.append(time.process_time())
                if not warm:
                    kinds[placement.kind] = kinds.get(placement.kind, 0) + 1
                    steps = [(b - a) * 1000 for a, b in pairwise(clock)]
                    for name, value in zip(spent, [*steps, sum(steps)], strict=True):
                        spent[name].append(value)
    print("    " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))
    return spent


class _Undone(Exception):
    """Ends a transaction that shall leave nothing."""


def settled(store: Store, new: Sequence[Article]) -> list[float]:
    """Milliseconds for each article to be placed and written, and for what is past to be forgotten; all is undone."""
    spent = []
    with suppress(_Undone), store.write() as tx:
        for each in new:
            begin = time.process_time()
            settle(tx, each, state="no rule", now=NOW)
            forget(tx, NOW, most=4)
            spent.append((time.process_time() - begin) * 1000)
        raise _Undone
    return spent


def median(work: Callable[[], object], repeat: int = 30) -> float:
    """Milliseconds of processor time."""
    return statistics.median(timeit.repeat(work, timer=time.process_time, number=1, repeat=repeat)) * 1000


def texts(folder: Path | None) -> None:
    """What one article costs, by itself: a folder of .txt files, or a made-up one of 2 kB."""
    found = [path.read_text("utf-8", "replace") for path in sorted(folder.glob("*.txt"))] if folder else []
    found = found or [Newsroom().report(Newsroom().event())[1]]
    articles = [article(str(n), f"Headline {n}", text) for n, text in enumerate(found)]
    longer = [article(each.key, "Another headline", each.body + " One more sentence.") for each in articles]
    pairs = list(zip(articles, longer, strict=True))
    folding = statistics.median(median(lambda a=a: fold(a.body)) for a in articles)
    rows = {
        "fold": folding,
        "index entries": statistics.median(median(lambda a=a: features(a)) for a in articles),
        "traits and keys": statistics.median(median(lambda a=a: keys(traits(a))) for a in articles),
        "compare with one copy": statistics.median(
            median(lambda p=p: compare(Reading.of(p[0]), Reading.of(p[1]))) for p in pairs
        ),
    }
    print(f"{len(articles)} articles, {statistics.median(len(a.body) for a in articles):.0f} characters (median)")
    for name, value in rows.items():
        print(f"{name:24} {value:8.3f} ms   {value / folding:6.1f} x fold")


def measure(size: int, a_day: int, number: int, first: dict[str, float]) -> None:
    """One archive's figures; ``first`` are the medians of the smallest one."""
    with tempfile.TemporaryDirectory() as folder:
        room = Newsroom()
        store, told, stored = archive(Path(folder) / "archive.db", size, a_day, room)
        print(f"{size:,} stored articles, {a_day:,} a day")
        new = arrivals(room, told, stored, number)
        gc.freeze()  # what the benchmark holds is no part of the program, and not to be gone through with its garbage
        for name, values in (placed(store, new) | {"settled": settled(store, new)}).items():
            middle, last = statistics.median(values), sorted(values)[int(len(values) * 0.99)]
            first.setdefault(name, middle)
            print(f"    {name:8} {middle:8.3f} ms   p99 {last:8.3f} ms   {middle / first[name]:5.2f} x the smallest")
        store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--a-day", type=int, nargs="+", default=[900, 10_000])
    parser.add_argument("--new", type=int, default=200)
    parser.add_argument("--texts", type=Path)
    wishes = parser.parse_args()
    texts(wishes.texts)
    for a_day in wishes.a_day:
        first: dict[str, float] = {}
        for size in wishes.stored:
            measure(size, a_day, wishes.new, first)


if __name__ == "__main__":
    main()
