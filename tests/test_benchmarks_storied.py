"""The archive that stories are measured in has the rows that ingest would have written."""

import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import connect

from bot.model import Article
from bot.placing import COPY_WINDOW, forget, settle
from bot.store import Store
from bot.stories import WINDOW_OF_EVENTS

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
from storied import Kept, Past, fill

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVERY = timedelta(days=2)
TABLES = ("story", "article", "article_version", "story_member", "story_traits", "story_key", "story_feature")
TEXT = "Lock keepers on the Osvik canal found 14 barges adrift on Tuesday, the harbour master said."
NEW = [
    ("Ferry to Lindholm runs aground", "A ferry with 212 people struck a sandbank off Lindholm; nobody was hurt."),
    (
        "Quarry reopens in Bredal",
        "The quarry at Bredal hires 40 masons again after “a long and empty winter for us all”.",
    ),
]


def written(number, title, text, at):
    source = f"outlet-{number % 3}"
    names = {"key": str(number), "fingerprint": str(number), "content_hash": str(number), "source": source}
    url = f"https://{source}.example/{number}"
    return Article(**names, key_kind="guid", title=title, body=text, canonical_url=url, published_at=at)


def rows(path):
    """The rows of each table; of index entries those of articles with traits, and which articles have any."""
    with closing(connect(path)) as connection:
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall()) for name in TABLES}
        first = connection.execute("SELECT min(article) FROM story_traits").fetchone()
    features = found.pop("story_feature")
    return found, [row for row in features if row[2] >= first[0]], {row[2] for row in features}


def test_the_filled_rows_are_those_of_ingest(tmp_path):
    sources = ("outlet-0", "outlet-1", "outlet-2")
    size = 12
    times = [NOW - EVERY * (size - number) for number in range(size - 2)] + [NOW - timedelta(hours=2), NOW]
    past = sum(NOW - at > WINDOW_OF_EVENTS for at in times)
    copies = sum(WINDOW_OF_EVENTS < NOW - at <= COPY_WINDOW for at in times)
    told = [written(past + n, title, text, times[past + n]) for n, (title, text) in enumerate(NEW)]
    for name in ("filled", "ingested"):
        made = Store(f"sqlite:///{tmp_path}/{name}.db")
        made.open()
        made.close()
    filled = tmp_path / "filled.db"
    begin = Past(past, copies, times[0], EVERY.total_seconds(), sources, "Barges adrift", TEXT)
    fill(filled, begin, [Kept(each, each.published_at) for each in told])
    store = Store(f"sqlite:///{tmp_path}/ingested.db")
    store.open()
    with closing(connect(tmp_path / "ingested.db")) as connection, connection:
        with closing(connect(filled)) as other:
            kept = other.execute("SELECT * FROM source").fetchall()
        connection.executemany(f"INSERT INTO source VALUES ({', '.join('?' * len(kept[0]))})", kept)
    for number, at in enumerate(times):
        # Each past one in words of its own, so that each has a story; the rows are compared without them.
        each = told[number - past] if number >= past else written(number, f"{number} barges", f"{number}", at)
        with store.write() as tx:
            settle(tx, each, state="no rule", now=at)
            forget(tx, at, most=100)
    store.close()
    mine, own, indexed = rows(filled)
    theirs, others, looked_up = rows(tmp_path / "ingested.db")
    assert own == others
    assert indexed == looked_up
    for table in TABLES[:-1]:
        assert bared(table, mine[table], past) == bared(table, theirs[table], past)


def bared(table, found, past):
    """Without the words of past articles, of which the filled archive has but one text."""
    text = {4, 9} if table == "article_version" else set()
    return [[None if at in text and row[1] <= past else value for at, value in enumerate(row)] for row in found]
