"""What it costs to find an article's story: the reading of one article, and its place among many stored ones.

python benchmarks/stories.py [--stored 10000 100000 1000000] [--new 200] [--texts FOLDER]

A made-up archive of articles, a newsroom's mixture of names and words, is written to a SQLite file with bulk inserts:
2,000 articles a day, of which the last three days are within the window of events. Then new articles are placed one
by one, as the lane does it: traits and index entries, candidates of both kinds, the decision. Prints medians and 99th
percentiles in milliseconds of processor time, and each as a multiple of the smallest archive's; beside it what merely
folding the text takes. Half of the new articles tell of a stored event in other words, a tenth are copies.
"""

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from pathlib import Path

from bot.model import Article
from bot.store import Store, events, stories
from bot.stories import LEAST_SHARED, WINDOW_OF_EVENTS, Event, features, keys, place, resembles, traits
from bot.stories.common import COMMON
from bot.stories.place import compare
from bot.stories.reading import Reading
from bot.text import fold

A_DAY = 2_000
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
COPIES = timedelta(days=14)
BATCH = 2_000


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
    path: Path, size: int, room: Newsroom
) -> tuple[Store, list[tuple[list[str], list[str], str]], list[Article]]:
    """A database with ``size`` articles; the events and articles of the last three days."""
    store = Store(f"sqlite:///{path}")
    store.open()
    recent_events, recent = [], []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF").close()
        connection.execute("PRAGMA foreign_keys = OFF").close()
        for source in range(40):
            values = (f"outlet-{source}", f"Outlet {source}", NOW.replace(tzinfo=None).isoformat(sep=" "))
            connection.execute(_SOURCE, values).close()
        connection.execute("CREATE TEMP TABLE feature (kind, value, article, at)").close()
        for begin in range(0, size, BATCH):
            rows = list(_stored(room, range(begin, min(size, begin + BATCH)), size))
            connection.execute("BEGIN")
            _write(connection, rows)
            connection.execute("COMMIT")
            for event, each, at, _ in rows:
                if NOW - at <= WINDOW_OF_EVENTS:
                    recent_events.append(event)
                    recent.append(each)
        # In the order of the index, which is many times as fast as in the order of articles.
        connection.execute(
            "INSERT OR IGNORE INTO story_feature SELECT * FROM feature ORDER BY kind, value, article"
        ).close()
    return store, recent_events, recent


def _stored(room: Newsroom, numbers: range, size: int) -> Iterator[tuple]:
    event = room.event()
    # What is past the window of copies is never read again: any text will do, its index entries need not be its own.
    filler = room.report(event)
    for number in numbers:
        at = NOW - timedelta(days=(size - number) / A_DAY)
        event = room.event() if number % 3 == 0 else event
        if NOW - at <= COPIES:
            yield event, article(str(number), *room.report(event), at), at, True
        else:
            yield event, article(str(number), *filler, at), at, False


def _any_entries(number: int) -> list[tuple[str, str]]:
    """As many as an article of 2 kB has, spread over all values as hashes are."""
    return [("passage", f"{(number * 31 + n) * 2_654_435_761 % 2**32:08x}") for n in range(30)]


def _write(connection: sqlite3.Connection, rows: Sequence[tuple]) -> None:
    tables: dict[str, list[tuple]] = {name: [] for name in _INSERTS}
    for _, each, at, own in rows:
        number, moment = int(each.key) + 1, at.replace(tzinfo=None).isoformat(sep=" ")
        tables["story"].append((number, moment, moment, number))
        tables["article"].append((number, each.source, each.key, each.canonical_url, moment, moment, moment, number))
        tables["article_version"].append((number, number, moment, each.title, each.body))
        tables["story_member"].append((number, number, moment))
        entries = (
            features(each).entries
            if own
            else [("passage", f"{(number * 31 + n) * 2_654_435_761 % 2**32:08x}") for n in range(32)]
        )
        tables["story_feature"] += [(kind, value, number, moment) for kind, value in entries]
        if NOW - at <= WINDOW_OF_EVENTS:
            told = traits(each)
            tables["story_traits"].append((number, moment, moment, json.dumps(events.stored(told))))
            tables["story_key"] += [(key, number) for key in keys(told)]
    for name, values in tables.items():
        connection.executemany(_INSERTS[name], values)


_SOURCE = "INSERT INTO source (id, kind, name, tier, state, next_due) VALUES (?, 'feed', ?, 'outlet', 'active', ?)"
_INSERTS = {
    "story": "INSERT INTO story (id, opened_at, last_at, lead) VALUES (?, ?, ?, ?)",
    "article": "INSERT INTO article (id, source, key, key_kind, fingerprint, canonical_url, first_seen, published_at, "
    "date_origin, order_at, state, story, versions) "
    "VALUES (?, ?, ?, 'guid', '', ?, ?, ?, 'published', ?, 'no rule', ?, 1)",
    "article_version": "INSERT INTO article_version (id, article, n, at, title, title_derived, author, outlet, text, "
    "text_seen, content_hash, normaliser_version) VALUES (?, ?, 1, ?, ?, 0, '', '', ?, 'full', '', 1)",
    "story_member": "INSERT INTO story_member (story, article, kind, score, reason, at) "
    "VALUES (?, ?, 'item', 1, '', ?)",
    "story_feature": "INSERT INTO temp.feature VALUES (?, ?, ?, ?)",
    "story_traits": "INSERT INTO story_traits (article, seen, at, traits) VALUES (?, ?, ?, ?)",
    "story_key": "INSERT OR IGNORE INTO story_key (value, article) VALUES (?, ?)",
}


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
                candidates = stories.candidates(tx, entries, since=NOW - COPIES)
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--new", type=int, default=200)
    parser.add_argument("--texts", type=Path)
    wishes = parser.parse_args()
    texts(wishes.texts)
    first: dict[str, float] = {}
    for size in wishes.stored:
        with tempfile.TemporaryDirectory() as folder:
            room = Newsroom()
            store, told, stored = archive(Path(folder) / "archive.db", size, room)
            print(f"{size:,} stored articles")
            for name, values in placed(store, arrivals(room, told, stored, wishes.new)).items():
                middle, last = statistics.median(values), sorted(values)[int(len(values) * 0.99)]
                first.setdefault(name, middle)
                print(
                    f"    {name:8} {middle:8.3f} ms   p99 {last:8.3f} ms   {middle / first[name]:5.2f} x the smallest"
                )
            store.close()


if __name__ == "__main__":
    main()
