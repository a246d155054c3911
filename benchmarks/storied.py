"""A SQLite archive of stored articles for benchmarks: the rows that finding a story reads, as ingest writes them.

What is past the window of events is looked up by made-up entries, what is past that of copies by nothing: SQLite makes
those rows itself, all with one text, a million of them in a minute or so. Newer ones are written with their own index
entries, traits and keys. Whatever else ingest keeps of an article – search words, facts, mentions – is left out. A test
holds the rows against ingested ones.
"""

import json
import sqlite3
import struct
from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bot.model import NORMALISER_VERSION, Article
from bot.store import events
from bot.stories import features, keys, traits

BATCH = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Past(NamedTuple):
    """Articles before the window of events: so many, the last ``copies`` of them within that of copies.

    They begin at a time, one each ``every`` seconds, brought by the sources in turn, all with one text.
    """

    number: int
    copies: int
    begin: datetime
    every: float
    sources: tuple[str, ...]
    title: str
    text: str


class Kept(NamedTuple):
    """An article of the window of events, and when it came."""

    article: Article
    at: datetime


def fill(path: Path, past: Past, recent: Iterable[Kept]) -> None:
    """Write them into a new database that nobody has open; each article has a story of its own."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -200000"):
            connection.execute(f"PRAGMA {pragma}").close()
        rows = [(source, source, moment(past.begin)) for source in past.sources]
        connection.executemany(_SOURCE, rows)
        connection.execute("BEGIN")
        _write_past(connection, past)
        _write_recent(connection, past.number, recent)
        connection.execute("COMMIT")


def moment(at: datetime) -> str:
    """A time as SQLAlchemy writes it into SQLite."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _write_past(connection: sqlite3.Connection, past: Past) -> None:
    values = {
        **past._asdict(),
        "begin": past.begin.timestamp(),
        "sources": json.dumps(past.sources),
        "entries": json.dumps(list(range(32))),
        "normaliser": NORMALISER_VERSION,
    }
    for statement in _PAST if past.number else ():
        connection.execute(_NUMBERS + statement, values).close()


def _write_recent(connection: sqlite3.Connection, before: int, recent: Iterable[Kept]) -> None:
    entries: list[tuple[str, str, int, str]] = []
    held: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, (each, at) in enumerate(recent, start=before + 1):
        seen, published = moment(at), moment(each.published_at or at)
        article = (number, each.source, each.key, each.key_kind, each.fingerprint, each.canonical_url)
        connection.execute(_STORY, (number, seen, seen, number)).close()
        connection.execute(_ARTICLE, (*article, seen, published, published, number)).close()
        version = (number, number, seen, each.title, each.body, each.content_hash, NORMALISER_VERSION)
        connection.execute(_VERSION, version).close()
        connection.execute(_MEMBER, (number, number, seen)).close()
        entries += [(kind, value, number, seen) for kind, value in features(each).entries]
        found = traits(each)
        connection.execute(_TRAITS, (number, seen, published, json.dumps(events.stored(found)))).close()
        for key in keys(found):
            held[key, (at - _EPOCH).days // events.PERIOD].append(number)
    # In the order of the indexes, which is many times as fast as in the order of articles.
    connection.executemany("INSERT INTO story_feature (kind, value, article, at) VALUES (?, ?, ?, ?)", sorted(entries))
    most = events.COMMON + 1
    lists = [(*key, struct.pack(f"<{len(ids[:most])}I", *ids[:most])) for key, ids in sorted(held.items())]
    connection.executemany("INSERT INTO story_key (value, period, articles) VALUES (?, ?, ?)", lists)


_SOURCE = "INSERT INTO source (id, kind, name, tier, state, next_due) VALUES (?, 'feed', ?, 'outlet', 'active', ?)"
_STORY = "INSERT INTO story (id, opened_at, last_at, lead) VALUES (?, ?, ?, ?)"
_ARTICLE = """INSERT INTO article (id, source, key, key_kind, fingerprint, canonical_url, first_seen, published_at,
    date_origin, order_at, state, story, versions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'unknown', ?, 'no rule', ?, 1)"""
_VERSION = """INSERT INTO article_version (id, article, n, at, title, title_derived, author, outlet, text, text_seen,
    content_hash, normaliser_version) VALUES (?, ?, 1, ?, ?, 0, '', '', ?, 'full', ?, ?)"""
_MEMBER = """INSERT INTO story_member (story, article, kind, score, reason, at)
    VALUES (?, ?, 'item', 1, 'no stored article has its words', ?)"""
_TRAITS = "INSERT INTO story_traits (article, seen, at, traits) VALUES (?, ?, ?, ?)"
_NUMBERS = """WITH RECURSIVE counted (n, at) AS (
    SELECT 1, :begin UNION ALL SELECT n + 1, :begin + n * :every FROM counted WHERE n < :number),
    numbered AS (SELECT n, CAST(n - 1 AS TEXT) AS key, strftime('%Y-%m-%d %H:%M:%S.000000', at, 'unixepoch') AS at,
        json_extract(:sources, '$[' || ((n - 1) % json_array_length(:sources)) || ']') AS source FROM counted) """
_PAST = (
    "INSERT INTO story (id, opened_at, last_at, lead) SELECT n, at, at, n FROM numbered",
    """INSERT INTO article (id, source, key, key_kind, fingerprint, canonical_url, first_seen, published_at,
        date_origin, order_at, state, story, versions) SELECT n, source, key, 'guid', key,
        'https://' || source || '.example/' || key, at, at, 'unknown', at, 'no rule', n, 1 FROM numbered""",
    """INSERT INTO article_version (id, article, n, at, title, title_derived, author, outlet, text, text_seen,
        content_hash, normaliser_version)
        SELECT n, n, 1, at, :title, 0, '', '', :text, 'full', key, :normaliser FROM numbered""",
    """INSERT INTO story_member (story, article, kind, score, reason, at)
        SELECT n, n, 'item', 1, 'no stored article has its words', at FROM numbered""",
    # As many entries as a text of 2 kB has, spread over all values as hashes are.
    """INSERT INTO story_feature (kind, value, article, at)
        SELECT 'passage', printf('%08x', (n * 32 + each.value) * 2654435761 % 4294967296), n, at
        FROM numbered, json_each(:entries) AS each
        WHERE n > :number - :copies ORDER BY 2, n""",
)
