"""How long a step of a purge holds up others, in an archive of made-up articles of 250 words.

python benchmarks/purge.py [--stored 100000] [--most 3000] [--postgresql]

Each article has two mentions and a quotation, and half of them limit what readers may see, which a purge looks after
too. Prints the median, the 99th percentile and the most that a step took, in milliseconds of processor time and on the
clock; the clock has what the disk and other programs take. ``--most`` ends it after so many steps.
"""

import argparse
import json
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

from databases import own_server
from stories import NOW, Newsroom, archive

from bot.config import Config, load
from bot.model import Hit, Mention, Sentence
from bot.purging import purge
from bot.store import Store, copying, search

A_DAY = 900
"""Articles a day with which the archive was filled."""
AIM = 100.0
CONFIG = '[retention]\nbodies = "14d"\n[[source]]\nid = "wire"\nkind = "folder"\npath = "wire"\n'
_MENTION = "INSERT INTO mention (article_version, rule, rule_hash, score, evidence) VALUES (?, ?, 'h', 1.0, ?)"
_QUOTE = (
    "INSERT INTO quote (article_version, speaker, speaker_folded, role, text, field, start, end, spans, speaker_start, "
    "speaker_end, rule) SELECT id, 'Ann', 'ann', '', substr(text, 1, 120), 'body', 0, 120, '[]', 0, 3, 'said' "
    "FROM article_version"
)


def furnish(path: Path) -> None:
    """Mentions and quotations for every article, limits for every second source; the index is to be made anew."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for id_, text in connection.execute("SELECT id, text FROM article_version").fetchall():
            sentence = Sentence(field="body", start=0, end=100, text=text[:100], spans=((4, 12),))
            hit = Hit(term="a", field="body", start=4, end=12, text=text[4:12], entity=None, alias=None)
            found = Mention(
                rule="r", rule_hash="h", hits=(hit,), sentences=(sentence,) * 3, clauses=("any",), score=1.0
            )
            evidence = json.dumps(found.evidence())
            connection.executemany(_MENTION, [(id_, rule, evidence) for rule in ("one", "two")])
        connection.execute(_QUOTE)
        connection.execute("INSERT INTO speaker_word (word, article_version) SELECT 'ann', id FROM article_version")
        connection.execute("UPDATE source SET excerpt = 80 WHERE rowid % 2")
        connection.execute("DELETE FROM setting WHERE key = ?", (search.PROGRESS_KEY,))


def steps(store: Store, config: Config, most: int) -> list[tuple[float, float]]:
    """Milliseconds of processor time and of the clock for each step."""
    ahead = NOW + timedelta(days=400) - datetime.now(UTC)
    found, work = [], purge(store, config, lambda: datetime.now(UTC) + ahead)
    while len(found) < most:
        begun = time.process_time(), time.perf_counter()
        if next(work, None) is None:
            break
        found.append(((time.process_time() - begun[0]) * 1000, (time.perf_counter() - begun[1]) * 1000))
    return found


@contextmanager
def on_postgresql(path: Path) -> Iterator[Store]:
    """The same archive on a server of its own."""
    with own_server() as empty:
        ours, theirs = Store(f"sqlite:///{path}"), Store(empty())
        copying.open_source(ours)
        copying.open_target(theirs)
        copying.copy(ours, theirs, lambda _name, _rows: None)
        copying.finish(theirs)
        for store in (ours, theirs):
            store.close()
        yield theirs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, default=100_000)
    parser.add_argument("--most", type=int, default=3_000)
    parser.add_argument("--postgresql", action="store_true", help="on a server of its own, to which it is copied first")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        archive(path, wishes.stored, A_DAY, Newsroom())[0].close()
        furnish(path)
        store = Store(f"sqlite:///{path}")
        store.open()
        (Path(folder) / "config.toml").write_text(CONFIG)
        size = path.stat().st_size / 1e6
        config = load(Path(folder) / "config.toml", {}, Path(folder))
        store.close()
        with on_postgresql(path) if wishes.postgresql else nullcontext(store) as store:
            store.open()
            found = steps(store, config, wishes.most)
            store.close()
    print(f"{wishes.stored:,} articles, {size:,.0f} MB; {len(found):,} steps; aim: at most {AIM:.0f} ms")
    print("                      median       p99      most")
    for name, values in zip(("processor time", "on the clock"), zip(*found, strict=True), strict=True):
        ordered = sorted(values)
        last = ordered[int(len(ordered) * 0.99)]
        print(f"  {name:16} {statistics.median(ordered):9.1f} {last:9.1f} {ordered[-1]:9.1f} ms")


if __name__ == "__main__":
    main()
