"""Feeds read by feedparser alone against feeds read as the program does it, in one run.

    python benchmarks/feeds.py [FOLDER] [--feeds 20] [--runs 7] [--rules 100]

FOLDER holds feeds as they came (any files; those that are no feeds with items are left out). Without it only feeds
that are made up are measured: RSS with summaries, RSS with whole texts, Atom, 30 to 50 items each, as news sites
publish them. For each kind:

    parse         bytes to items
    whole way     bytes to items, to articles, to the mentions of the rules (benchmarks/rulebook.py)
    1 new, 3 new  the whole way of a poll that brings as many new items, the others being as they were at the last one
    to the store  the same poll from the answer of the server to the commit (benchmarks/feedpolls.py)

Polls that bring new items are set against feedparser twice: everything it has read is matched, or the new items only
(a program that uses feedparser learns which they are after it has made the articles). The last lines tell what the
whole way is spent on, and what is remembered takes in memory.

Times are processor time, so that other work on the machine counts less; the ways take turns, and a ratio is that of
one turn. All ways must give the very same articles, or the exit status is 1.
"""

from __future__ import annotations

import argparse
import gc
import html
import platform
import random
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from feedpolls import remembered, to_the_store
from rulebook import Pool, rules_of
from run import Line, machine
from texts import generated

from bot import __version__
from bot.errors import SourceError
from bot.ingest import identity
from bot.ingest.encoding import decode
from bot.ingest.parse import parse_bytes, read_bytes
from bot.ingest.parsed import Past
from bot.ingest.plainfeed import parse_plain
from bot.match import Matcher
from bot.model import Source
from bot.remembered import past_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.model import Article

HERE = "https://www.news.example/feed"
SOURCE = Source(id="s", kind="feed", name="S")
NEW = (1, 3)  # items that a poll brings
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
SUMMARY = 280
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
  <title>News</title>
  <link>https://www.news.example/</link>
  <atom:link href="https://www.news.example/feed" rel="self" type="application/rss+xml"/>
  <language>en-GB</language>
  <ttl>15</ttl>
{}
</channel>
</rss>
"""
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
  <title>News</title>
  <id>https://www.news.example/</id>
  <updated>2026-11-27T12:00:00Z</updated>
{}
</feed>
"""


@dataclass(frozen=True)
class Kind:
    """Feeds of one kind, and by number of new items what each listed ``before`` it brought them."""

    name: str
    feeds: list[bytes]
    before: dict[int, list[bytes]] = field(default_factory=dict)


# ── feeds as news sites publish them ─────────────────────────────────────────────────────────────


def paragraphs(text: str) -> str:
    """The text as HTML, a paragraph for every few sentences."""
    sentences = html.escape(text, quote=False).split(". ")
    groups = [". ".join(sentences[place : place + 4]) for place in range(0, len(sentences), 4)]
    return "".join(f"<p>{group}.</p>\n" for group in groups)


def rss_item(number: int, text: str, *, whole: bool) -> str:
    title, when = text[:70].strip(), format_datetime(NOON - timedelta(minutes=17 * number), usegmt=True)
    address = f"https://www.news.example/world/2026/nov/27/{'-'.join(title.replace('.', '').split()[:6])}-{number}"
    content = f"<content:encoded><![CDATA[{paragraphs(text)}]]></content:encoded>\n    " if whole else ""
    return f"""  <item>
    <title>{title}</title>
    <link>{address}?utm_source=rss</link>
    <description><![CDATA[<p>{text[:SUMMARY]}</p>]]></description>
    {content}<guid isPermaLink="false">{address}</guid>
    <pubDate>{when}</pubDate>
    <dc:creator>Correspondent {number}</dc:creator>
    <category>World</category>
    <category>Trade &amp; industry</category>
    <media:content url="https://img.news.example/{number}.jpg" type="image/jpeg" width="700" height="420"/>
  </item>"""


def atom_entry(number: int, text: str) -> str:
    title, when = text[:70].strip(), f"{NOON - timedelta(minutes=17 * number):%Y-%m-%dT%H:%M:%SZ}"
    return f"""  <entry>
    <id>tag:news.example,2026:{number}</id>
    <title>{title}</title>
    <link rel="alternate" type="text/html" href="https://www.news.example/2026/11/{number}"/>
    <summary type="html">&lt;p&gt;{text[:SUMMARY]}&lt;/p&gt;</summary>
    <author><name>Correspondent {number}</name></author>
    <published>{when}</published>
    <updated>{when}</updated>
    <category term="World"/>
  </entry>"""


def made_up(count: int, texts: Sequence[str], rng: random.Random) -> Iterator[Kind]:
    def kind(name: str, envelope: str, item: Callable[[int, str], str]) -> Kind:
        drawn = [rng.sample(texts, rng.randint(30, 50)) for _ in range(count)]
        items = [[item(*one) for one in enumerate(inside)] for inside in drawn]
        listed = {new: [envelope.format("\n".join(each[new:])).encode() for each in items] for new in (0, *NEW)}
        return Kind(name, listed.pop(0), listed)

    yield kind("RSS, summaries", RSS, lambda number, text: rss_item(number, text, whole=False))
    yield kind("RSS, whole texts", RSS, lambda number, text: rss_item(number, text, whole=True))
    yield kind("Atom, summaries", ATOM, atom_entry)


def of_folder(folder: Path) -> Kind:
    """The feeds with items of a folder."""
    feeds = []
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        try:
            feeds += [path.read_bytes()] if parse_bytes(path.read_bytes(), plain=False).items else []
        except SourceError:
            continue
    if not feeds:
        sys.exit(f"{folder} holds no feed with items")
    return Kind(folder.name, feeds)


# ── the measuring ────────────────────────────────────────────────────────────────────────────────


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    begin = time.process_time()
    work()
    return time.process_time() - begin


def articles_of(body: bytes, *, plain: bool, past: Past | None = None) -> tuple[Article, ...]:
    """What a poll brings: by feedparser everything, else but for what is known from the past."""
    return read_bytes(body, None, HERE, SOURCE, (past or Past()) if plain else None, plain=plain).articles


def whole_way(feeds: list[bytes], matcher: Matcher, *, plain: bool) -> None:
    for body in feeds:
        for article in articles_of(body, plain=plain):
            matcher.match(article)


def past_after(body: bytes) -> Past:
    """What is remembered of a feed that was read whole."""
    feed = read_bytes(body, None, HERE, SOURCE, Past())
    return past_of(feed.marked, Past(), feed.articles) if feed.marked is not None else Past()


def parse(feeds: list[bytes], *, plain: bool) -> None:
    for body in feeds:
        parse_bytes(body, None, HERE, plain=plain)


def measure(kind: Kind, runs: int, matcher: Matcher) -> Iterator[Line]:
    feeds = kind.feeds
    plain = sum(parse_plain(decode(body).lstrip("\ufeff \t\r\n"), HERE) is not None for body in feeds)
    yield Line(f"{kind.name}: plain feeds of {len(feeds):,}", [100 * plain / len(feeds)], "%", "")
    for stage, work, aim in (
        ("parse", lambda plain: parse(feeds, plain=plain), ""),
        ("whole way", lambda plain: whole_way(feeds, matcher, plain=plain), "≥ 10"),
    ):
        slow, fast = [], []
        for _ in range(runs):
            slow.append(seconds(lambda: work(plain=False)))  # noqa: B023 – called at once
            fast.append(seconds(lambda: work(plain=True)))  # noqa: B023
        yield Line(f"{kind.name}: {stage}, feedparser alone", [len(feeds) / one for one in slow], "feeds/s", "")
        yield Line(f"{kind.name}: {stage}", [len(feeds) / one for one in fast], "feeds/s", "")
        yield Line(f"{kind.name}: {stage}, ÷", [a / b for a, b in zip(slow, fast, strict=True)], "times", aim)


def polls(kind: Kind, runs: int, matcher: Matcher) -> Iterator[Line]:
    """Polls that bring a few new items."""
    for new, before in kind.before.items():
        pasts = [past_after(body) for body in before]
        ways: dict[str, list[float]] = {"all matched": [], "new ones matched": [], "": []}
        for _ in range(runs):
            ways["all matched"].append(seconds(lambda: whole_way(kind.feeds, matcher, plain=False)))
            ways["new ones matched"].append(seconds(lambda: match_first(kind.feeds, new, matcher)))  # noqa: B023
            ways[""].append(seconds(lambda: match_new(kind.feeds, pasts, matcher)))  # noqa: B023
        name = f"{kind.name}: {new} new"
        for way, taken in ways.items():
            by = f", feedparser, {way}" if way else ""
            yield Line(f"{name}{by}", [len(kind.feeds) / one for one in taken], "feeds/s", "")
        ours = ways.pop("")
        for way, taken in ways.items():
            yield Line(f"{name}, ÷, {way}", [a / b for a, b in zip(taken, ours, strict=True)], "times", "≥ 10")


def match_first(feeds: list[bytes], new: int, matcher: Matcher) -> None:
    for body in feeds:
        for article in articles_of(body, plain=False)[:new]:
            matcher.match(article)


def match_new(feeds: list[bytes], pasts: list[Past], matcher: Matcher) -> None:
    for body, past in zip(feeds, pasts, strict=True):
        for article in articles_of(body, plain=True, past=past):
            matcher.match(article)


def shares(kind: Kind, runs: int, matcher: Matcher) -> Iterator[Line]:
    """What the whole way is spent on, an item."""
    parsed = [parse_bytes(body, None, HERE) for body in kind.feeds]
    articles = [identity.articles(feed.items, SOURCE, lang=feed.lang) for feed in parsed]
    count = sum(map(len, articles)) / 1e6
    stages = {
        "parsing": lambda: parse(kind.feeds, plain=True),
        "making articles": lambda: [identity.articles(feed.items, SOURCE, lang=feed.lang) for feed in parsed],
        "matching": lambda: [matcher.match(one) for made in articles for one in made],
    }
    for name, work in stages.items():
        yield Line(f"{kind.name}: {name}, an item", [seconds(work) / count for _ in range(runs)], "µs", "")


def same(kind: Kind) -> bool:
    """Whether feedparser's articles are ours, and the first of them what a poll with new items brings."""
    theirs = [articles_of(body, plain=False) for body in kind.feeds]
    wrong = [articles_of(body, plain=True) for body in kind.feeds] != theirs
    for new, before in kind.before.items():
        pasts = [past_after(body) for body in before]
        ours = [articles_of(body, plain=True, past=past) for body, past in zip(kind.feeds, pasts, strict=True)]
        wrong = wrong or ours != [articles[:new] for articles in theirs]
    return not wrong


def main() -> int:
    """Measure and print; 1 if the two ways differ."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--feeds", type=int, default=20)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--rules", type=int, default=100)
    asked = parser.parse_args()
    rng = random.Random(7)
    texts = generated(1_000, rng)
    pool = Pool.of(texts[500:], rng)
    rules = rules_of(asked.rules, pool, rng)
    matcher = Matcher(rules, pool.frequency)
    kinds = [*([of_folder(asked.folder)] if asked.folder else []), *made_up(asked.feeds, texts[:500], rng)]
    print(f"Presswatch {__version__}, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {machine()}")
    print(f"{'':<52} {'median':>9} {'least':>9} {'most':>9} {'':<11} aim")
    for kind in kinds:
        for lines in (measure, polls, shares):
            for line in lines(kind, asked.runs, matcher):
                print(line, flush=True)
    for line in (*to_the_store(kinds, rules, matcher, asked.runs), *remembered()):
        print(line, flush=True)
    wrong = [kind.name for kind in kinds if not same(kind)]
    print(*(f"{name}: the two ways differ" for name in wrong), sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
