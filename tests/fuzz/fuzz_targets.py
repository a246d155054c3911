"""What is fuzzed: functions that take bytes from strangers, and what may come of them.

A crash is any exception that the function does not document, and any broken promise about what it returns. The
documented errors are caught here, one by one; everything else reaches the fuzzer.
"""

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import feedparser

from bot import rules, search
from bot.errors import ConfigError, QueryError, Refused, SourceError, TooLarge, Unreachable, Unreadable
from bot.ingest import cutting, feedxml, jsonfeed, opml, plainfeed, recall, seeds  # noqa: F401 – loaded here, so that atheris watches them too
from bot.ingest.dates import parse_date
from bot.ingest.discover import linked_feeds
from bot.ingest.encoding import decode_text, is_text
from bot.ingest.faults import Faults
from bot.ingest.htmltext import html_to_text, one_line
from bot.ingest.limits import MAX_KEY, MAX_TEXT, MAX_TITLE
from bot.ingest.links import absolute, canonical_url
from bot.ingest.parse import parse_bytes, read_bytes
from bot.ingest.parsed import Past, ReadFeed
from bot.match import Matcher
from bot.model import Article, Source
from bot.net import address
from bot.net.guard import Allowed, Guard
from bot.net.inflate import STEP, Inflater
from bot.remembered import past_of
from bot.rules.query import write
from bot.search import mark, snippet
from bot.tomlfile import decode

AT = "https://feeds.example.org/news/feed.xml"
SOURCE = Source(id="wire", kind="feed", name="Wire", url=AT)
ON = datetime(2026, 3, 2, tzinfo=UTC)
FEEDPARSER = str(Path(feedparser.__file__).parent)
LIMIT = 200_000  # bytes that an inflater may give
CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")

# ── feeds ────────────────────────────────────────────────────────────────────────────────────────

TYPES = (None, "text/xml", "application/rss+xml; charset=utf-8", "text/html; charset=gb2312", "x; charset=utf-16")


def feed(data: bytes) -> None:
    """Bytes of a feed → articles, the short way, feedparser's and from memory. The first byte chooses the header."""
    kind, body = TYPES[data[0] % len(TYPES)] if data else None, data[1:]
    found, other = (answer(body, kind, plain=plain) for plain in (True, False))
    assert found == other, "the short way reads something else than feedparser"
    if isinstance(found, str):
        return
    recalled(body, kind, found)
    assert found.fetched >= len(found.articles) + len(found.refused)
    for refused in found.refused:
        assert "Presswatch itself failed" not in refused.reason, refused.reason
    assert len({article.key for article in found.articles}) == len(found.articles)
    for article in found.articles:
        sound(article)
    items = parse_bytes(body, kind, AT).items
    assert all(item.link is None or item.link.startswith(("http://", "https://")) for item in items)


def recalled(body: bytes, kind: str | None, found: ReadFeed) -> None:
    """The feed as it is read to be remembered, and once more when all of it is."""
    first = read_bytes(body, kind, AT, SOURCE, Past())
    assert replace(first, marked=None) == found, "a feed to be remembered is read as something else"
    if first.marked is not None:
        again = read_bytes(body, kind, AT, SOURCE, past_of(first.marked, Past(), first.articles))
        assert replace(again, marked=None) == replace(found, articles=()), "what is known is read as something else"


def answer(body: bytes, kind: str | None, *, plain: bool) -> ReadFeed | str:
    """What the feed holds, or the documented error."""
    try:
        return read_bytes(body, kind, AT, SOURCE, plain=plain)
    except SourceError as error:
        blame(error)
        return f"{type(error).__name__}: {error}"


def blame(error: SourceError) -> None:
    """Whatever feedparser trips over is the feed's fault; what our own code trips over is ours."""
    cause = error.__cause__
    if not isinstance(error, Unreadable) or cause is None or isinstance(cause, SourceError):
        return
    files, trace = [], cause.__traceback__
    while trace is not None:
        files.append(trace.tb_frame.f_code.co_filename)
        trace = trace.tb_next
    if "the feed cannot be parsed" in str(error) and not any(file.startswith(FEEDPARSER) for file in files):
        raise cause


def sound(article: Article) -> None:
    """What the rest of the house relies on."""
    assert article.key
    assert len(article.key) <= MAX_KEY
    assert len(article.title) <= MAX_TITLE
    assert len(article.body) <= MAX_TEXT
    for text in (article.key, article.title, article.body, article.author, article.url or "", article.lang or ""):
        assert not CONTROL.search(text), text
    for at in (article.published_at,):
        assert at is None or (at.tzinfo is UTC and 1899 <= at.year <= 2201), at
    assert article.canonical_url is None or article.canonical_url.startswith("https://")


def html(data: bytes) -> None:
    """Markup → text, and the feeds that a page names."""
    markup = text_of(data)
    shown = html_to_text(markup)
    assert "\0" not in shown
    assert shown == shown.strip("\n ")
    assert "\n" not in one_line(markup)
    for found in linked_feeds(data, None, AT):
        assert urlsplit(found.url).scheme in ("http", "https")


def folder(data: bytes) -> None:
    """A file that somebody dropped → an article or a refusal."""
    text = decode_text(data)
    if not is_text(data, text):
        return
    for name in ("a.txt", "a.md"):
        faults = Faults()
        article = seeds.read_text(text, name, SOURCE, faults)
        assert (article is None) == bool(faults.refused)
        if article is not None:
            sound(article)


def lists(data: bytes) -> None:
    """OPML → feeds, and back."""
    found = opml.read_opml(data)
    assert len(found.feeds) + found.commented <= found.outlines
    assert all(1 <= feed.line <= data.count(b"\n") + data.count(b"\r") + 1 for feed in found.feeds) or b"\0" in data
    sources = [
        Source(id=f"s{number}", kind="feed", name=feed.title or "?", url=url)
        for number, feed in enumerate(found.feeds)
        if (url := absolute(feed.url, None)) is not None
    ]
    again = opml.read_opml(opml.write_opml(sources, ON).encode("utf-8"))
    assert [feed.url for feed in again.feeds] == [source.url for source in sources]
    assert not again.faults


# ── the wire ─────────────────────────────────────────────────────────────────────────────────────

CODINGS = ("gzip", "deflate", "identity", " X-GZIP ")


def inflate(data: bytes) -> None:
    """Packed bytes in pieces → plain ones. The first byte chooses the coding, the second the size of the pieces."""
    if len(data) < 2:
        return
    size = (data[1] % 64) ** 2 + 1
    given = 0
    try:
        inflater = Inflater(CODINGS[data[0] % len(CODINGS)], LIMIT, "feeds.example.org")
        for start in range(2, len(data), size):
            for step in inflater.feed(data[start : start + size]):
                assert len(step) <= max(STEP, size)
                given += len(step)
        inflater.finish()
    except (TooLarge, Unreachable, Unreadable):
        pass
    assert given <= LIMIT


def urls(data: bytes) -> None:
    """Addresses: made absolute, brought to one spelling, cut into parts, judged."""
    text = text_of(data)
    link = absolute(text, AT)
    one = canonical_url(text)
    assert link is None or urlsplit(link).scheme in ("http", "https")
    assert one is None or canonical_url(one) == one, (one, canonical_url(one))
    with contextlib.suppress(ConfigError):
        Allowed([text])
    for found in (parsed(text), parsed(link or ""), parsed(one or ""), joined(text)):
        if found is not None:
            assert parsed(found.url) == found
            assert re.fullmatch(r"[a-z0-9_.:-]+", found.host)
            assert re.fullmatch(r"[!-~]+", found.target)


def parsed(text: str) -> address.Address | None:
    try:
        found = address.parse(text)
        Guard().check(found)
    except Refused:
        return None
    return found


def joined(text: str) -> address.Address | None:
    try:
        found = address.join(address.parse(AT), text)
        Guard().check(found)
    except Refused:
        return None
    return found


def dates(data: bytes) -> None:
    """A date as feeds write it → a moment or nothing."""
    found = parse_date(text_of(data))
    assert found is None or (found.tzinfo is UTC and 1899 <= found.year <= 2201), found


# ── what people write ────────────────────────────────────────────────────────────────────────────

NAMES = """
[[entity]]
id = "huawei"
name = "Huawei"
kind = "organization"
aliases = ["Huawei", "华为", { text = "HW", with = ["5G"], within = 5 }]

[[terms]]
id = "chips"
any = ["semiconductor", "chip*", "/foundr(y|ies)/"]
"""
READ = Article(
    source="wire",
    key="k",
    key_kind="guid",
    fingerprint="f",
    content_hash="h",
    title="Huawei and the tariff on chips",
    body="华为 wants semiconductors. A foundry in Zürich pays the tariff, and HW says 5G. Tariffs rise.",
)


def rule(data: bytes) -> None:
    """A rules file → rules that are shown, stored and matched."""
    try:
        text = decode(data, "a.toml")
    except ConfigError:
        return
    loaded = rules.load({"names.toml": NAMES, "a.toml": text}, destinations=("desk",))
    for found in loaded.ruleset.rules.values():
        assert rules.rebuild(found.definition).hash == found.hash
        rules.sentence(found)
        rules.show(found)
    for fault in (*loaded.faults, *loaded.warnings):
        assert str(fault)
    if loaded.ruleset.rules:
        Matcher(loaded.ruleset.rules.values()).match(READ, on=ON.date())


def query(data: bytes) -> None:
    """A query → a rule or mistakes; what is written out reads as the same. A search → what to look for."""
    text = text_of(data)
    asked = rules.load_query(text, {"names.toml": NAMES})
    for fault in asked.faults:
        assert fault.message
        assert fault.remedy
    assert (asked.rule is None) == bool(asked.faults)
    if asked.rule is not None:
        spelled = write(asked.rule.expr)
        again = rules.load_query(spelled, {"names.toml": NAMES})
        assert again.rule is not None, (spelled, again.faults)
        assert again.rule.expr == asked.rule.expr, spelled
    try:
        wanted = search.parse(text)
    except QueryError:
        return
    for part in (mark(text, wanted), snippet(READ.body, wanted)):
        assert all(0 <= begin < end <= len(part.text) for begin, end in part.spans)


def text_of(data: bytes) -> str:
    """Text that may hold anything, a lone surrogate for every byte that is no UTF-8."""
    return data.decode("utf-8", "surrogateescape")


# ── what fuzzing begins with ─────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that is fuzzed: ``seeds`` are good inputs, ``tokens`` what they consist of.

    ``corpus`` gives more of both from a folder of real inputs.
    """

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    tokens: tuple[bytes, ...]
    corpus: Callable[[Path], Iterator[bytes]] = lambda _folder: iter(())


RSS = (
    b'\0<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><ttl>60</ttl><item><guid>1</guid>'
    b"<title>A &amp; B</title><link>/a</link><pubDate>Mon, 02 Mar 2026 09:30:00 +0100</pubDate>"
    b"<description><![CDATA[<p>One<br>two</p>]]></description></item><item><title>C</title></item></channel></rss>"
)
ATOM = (
    b'\1<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title type="html">T</title><entry><id>tag:1</id>'
    b'<title>A</title><link href="https://a.example/"/><updated>2026-03-02T09:30:00Z</updated><content type="xhtml">'
    b'<div xmlns="http://www.w3.org/1999/xhtml"><p>x</p></div></content><author><name>N</name></author></entry></feed>'
)
RDF = (
    b'\2<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title></channel><item rdf:about="u"><title>A</title>'
    b"<link>https://a.example/</link><dc:date>2026-03-02</dc:date></item></rdf:RDF>"
)
JSON = (
    b'\0{"version":"https://jsonfeed.org/version/1.1","title":"T","language":"en","items":[{"id":1,"url":"/a","title":'
    b'"A","content_html":"<p>x</p>","date_published":"2026-03-02T09:30:00Z","authors":[{"name":"N"}]},7,null,{"id":"2"}]}'
)
XML = b"<!DOCTYPE x [<!ENTITY a 'b'>]> <![CDATA[ ]]> <!-- --> &#x0; &#1114112; &#55296; &a; &nbsp; <a:b xmlns:a='u'> </item> <item> <link/> \xff\xfe \xef\xbb\xbf \\ud800 encoding='utf-16' encoding='hz' xml:base='//[' <?xml ?>"
TAGS = b"<p> </p> <br> <div> <table><tr><td> <script> </script> <style> <template> <noscript> <form> <nav> <title> <base href='//['> <link rel=alternate type=application/rss+xml href='http://[::1'> <svg> <math> <plaintext> <textarea> <select> <frameset> <iframe> &#0; &#xD800; &amp;lt; <!-- --> <![CDATA[ <p style='display:none'> \x1d \x85"
OPML = (
    b'<opml version="2.0"><head><title>T</title></head><body><outline text="F" category="/a/b">'
    b'<outline type="rss" text="A &amp; B" xmlUrl="https://a.example/f" language="en"/></outline>'
    b'<outline type="rss" isComment="true" url="feed://b.example/f"/></body></opml>'
)
RULE = (
    '[[rule]]\nid = "a"\ntitle = "A"\nseverity = "high"\nany = ["tariff*", "@huawei", "$chips", "/sanction(s|ed)/"]\nnone = ["tax"]\n'
    'where = ["title"]\n[[rule]]\nid = "b"\ntitle = "B"\nquery = \'tariff NEAR/5 (chips OR 华为) AND NOT "x y"\'\nuntil = 2026-09-01\n'
    'notify = ["desk"]\n[[rule.test]]\ntext = "tariff"\nexpect = "match"\n'
).encode()
QUERIES = (
    'tariff AND (chip* OR "export ban" OR 华为) AND NOT title:tax',
    "(@huawei NEAR/5 $chips) AND /foundr(y|ies)/ AND ATLEAST/2 (tariff OR duty)",
    '2 OF (alpha, "b c", delta*) AND source:reuters AND lang:en AND (one IN SENTENCE WITH =Two)',
)
DATES = (
    "Mon, 28 Aug 2023 09:30:00 +0200",
    "2023-08-28T09:30:00.123Z",
    "August 28, 2023 3:07 pm ET",
    "2023年8月28日 09:30",
    "28/08/2023 23:59:60 Europe/Brussels",
    "Mon Aug 28 09:30:00 EDT 2023",
    "1693215000",
    "2004-július-13T9:15-05:00",
)
URLS = (
    "https://www.Example.org:443/a//b/../c?utm_source=x&b=2;a=1#!/r",
    "//user:pw@[::ffff:1.2.3.4]:8080/%41%zz?",
    "http://xn--bcher-kva.example./bücher",
    "http://0x7f.1/",
    "http://bücher.example/ä?q=ü",
    "../x?y#z",
    "intranet.example.org:8080",
    "10.0.0.0/8",
)
PACKED = (
    b"\0\x05\x1f\x8b\x08\0\0\0\0\0\0\x03\xcb\xc8\xe4\x02\0\x7a\x7a\x6f\xed\x03\0\0\0",
    b"\1\x3f\x78\x9c\x4b\x4c\x4a\x06\0\x02\x4d\x01\x27",
    b"\1\x01\x4b\x4c\x4a\x06\0",
    b"\2\x09plain bytes",
)


def words(*texts: str) -> tuple[bytes, ...]:
    """The parts of these texts, punctuation too."""
    return tuple(dict.fromkeys(part.encode() for text in texts for part in re.findall(r"\w+|\s|[^\w\s]", text)))


def files(*parts: str, prefix: bytes = b"") -> Callable[[Path], Iterator[bytes]]:
    """The files of such folders, as far as they are not long."""

    def read(folder: Path) -> Iterator[bytes]:
        for path in sorted(path for part in parts for path in (folder / part).rglob("*")):
            if path.is_file() and path.suffix != ".jsonl" and path.stat().st_size < 20_000:
                yield prefix + path.read_bytes()

    return read


def rows(part: str, key: str) -> Callable[[Path], Iterator[bytes]]:
    """What stands under a key in a file of JSON lines."""

    def read(folder: Path) -> Iterator[bytes]:
        for line in (folder / part).read_text("utf-8").splitlines():
            value = json.loads(line).get(key)
            yield (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")

    return read


TARGETS = {
    "feed": Target(
        feed,
        (RSS, ATOM, RDF, JSON),
        (*XML.split(b" "), *TAGS.split(b" "), *words(RSS.decode()), b'"', b"{", b"}"),
        files("feeds", "evil/xml", prefix=b"\0"),
    ),
    "html": Target(html, (b"<p>One<br>two</p> &amp; <b>three</b>", TAGS), tuple(TAGS.split(b" ")), files("evil/xml")),
    "folder": Target(
        folder,
        (
            b"---\ntitle: T\nurl: https://a.example/1\npublished: 2026-03-02\n---\nText.\n\nMore.\n",
            b"# T\n\n*x* [a](b)",
        ),
        (*words("---\ntitle: 'T' url published [a](b) # * ` \\ “”\r 00:50 Advertisement"), b"\xff", b"\0", b"\xe4"),
    ),
    "opml": Target(
        lists, (OPML,), (*words(OPML.decode()), *XML.split(b" "), b"<outline ", b"/>"), files("opml", "evil/xml")
    ),
    "inflate": Target(inflate, PACKED, (b"\x1f\x8b\x08", b"\x78\x9c", b"\0", b"\xff", *PACKED)),
    "url": Target(
        urls,
        tuple(url.encode() for url in URLS),
        words(*URLS, "\t\r\\@%００。\u3000\xad"),
        rows("evil/ssrf.jsonl", "url"),
    ),
    "date": Target(
        dates,
        tuple(date.encode() for date in DATES),
        words(*DATES, "٣ 0 99 24:00 noon", "+14:00 -99"),
        rows("evil/dates.jsonl", "input"),
    ),
    "rule": Target(
        rule, (RULE, NAMES.encode()), words(RULE.decode(), NAMES, "'''\n\"\"\"\\u0000 inf nan -1 0x [[list]]")
    ),
    "query": Target(
        query, tuple(each.encode() for each in QUERIES), words(*QUERIES), rows("queries/malformed.jsonl", "query")
    ),
}


def seeds_of(target: Target) -> list[bytes]:
    """The target's own seeds, and those of the folder that PRESSWATCH_CORPORA names."""
    named = os.environ.get("PRESSWATCH_CORPORA")
    return [*target.seeds, *(target.corpus(Path(named)) if named else ())]
