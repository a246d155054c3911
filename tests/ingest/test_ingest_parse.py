"""Feed bytes to items: every dialect, and what is no feed."""

import contextlib
import itertools
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import NotAFeed, SourceError, TooLarge, Unreadable
from bot.ingest.dates import parse_date
from bot.ingest.htmltext import one_line
from bot.ingest.limits import MAX_BODY, MAX_ITEMS
from bot.ingest.parse import parse_bytes, read_bytes
from bot.model import Source

HERE = "https://news.example/feed.xml"
NOON = datetime(2023, 8, 28, 12, tzinfo=UTC)
SOURCE = Source(id="s", kind="feed", name="S")

RSS = """<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title><language>en-GB</language><ttl>30</ttl>
<item><guid isPermaLink="false">id-1</guid><link>https://news.example/1</link><title>Curbs on chips</title>
<description>Short &amp;amp; sweet</description><content:encoded><![CDATA[<p>The whole <b>story</b></p>]]></content:encoded>
<dc:creator>A. Writer</dc:creator><pubDate>Mon, 28 Aug 2023 12:00:00 GMT</pubDate></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-GB"><title>News</title><entry><id>id-1</id>
<link rel="self" href="/self"/><link href="https://news.example/1"/><title>Curbs on chips</title>
<summary>Short &amp;amp; sweet</summary><content type="html">&lt;p&gt;The whole &lt;b&gt;story&lt;/b&gt;&lt;/p&gt;</content>
<author><name>A. Writer</name></author><published>2023-08-28T12:00:00Z</published><updated>2023-08-29T12:00:00Z</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title></channel><item rdf:about="id-1">
<link>https://news.example/1</link><title>Curbs on chips</title><description>Short &amp;amp; sweet</description>
<dc:creator>A. Writer</dc:creator><dc:date>2023-08-28T12:00:00Z</dc:date></item></rdf:RDF>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "items": [
            {
                "id": "id-1",
                "url": "/1",
                "title": "Curbs on chips",
                "summary": "Short & sweet",
                "content_html": "<p>The whole <b>story</b></p>",
                "authors": [{"name": "A. Writer"}],
                "date_published": "2023-08-28T12:00:00Z",
            }
        ],
    }
)


@pytest.mark.parametrize("text", [RSS, ATOM, RDF, JSON], ids=["rss", "atom", "rdf", "json"])
def test_every_dialect_gives_the_same_item(text):
    feed = parse_bytes(text.encode(), None, HERE)
    assert feed.title == "News"
    (item,) = feed.items
    assert (item.guid, item.link, item.title) == ("id-1", "https://news.example/1", "Curbs on chips")
    assert one_line(item.summary) == ("Short &amp; sweet" if text is ATOM else "Short & sweet")
    assert item.author == "A. Writer"
    assert item.published_at == NOON
    assert item.published_raw
    assert one_line(item.content) in ("The whole story", "")


def test_a_feeds_own_language_and_interval():
    feed = parse_bytes(RSS.encode())
    assert (feed.lang, feed.ttl) == ("en-GB", 1_800)
    syndication = RSS.replace(
        "<ttl>30</ttl>", "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    )
    syndication = syndication.replace("<rss ", '<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" ')
    assert parse_bytes(syndication.encode()).ttl == 21_600
    assert parse_bytes(RSS.replace(">30<", ">soon<").encode()).ttl is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "iso-8859-1", "cp1252"])
def test_encodings(encoding):
    text = RSS.replace("Curbs on chips", "Café “curbs”" if encoding != "iso-8859-1" else "Café curbs")
    (item,) = parse_bytes(text.encode(encoding)).items
    assert item.title.startswith("Café")


@pytest.mark.parametrize(
    "mangle",
    [
        pytest.param(lambda text: "\ufeff \n\n" + text, id="space before it"),
        pytest.param(
            lambda text: "<br />\n<b>Notice</b>: undefined index<br />" + text, id="a program's warning before it"
        ),
        pytest.param(
            lambda text: text.replace('<?xml version="1.0"?>', '<?xml version="1.0"?>' + "\n" * 1_000), id="gap"
        ),
        pytest.param(lambda text: text.replace("<rss", '<!DOCTYPE rss [<!ENTITY a "b">]><rss', 1), id="document type"),
        pytest.param(
            lambda text: text.replace("Short", "Short &nbsp;&hellip;&bogus; \x00\x08 & "), id="bad characters"
        ),
        pytest.param(lambda text: text.replace("</channel></rss>", ""), id="cut off after the item"),
        pytest.param(lambda text: text.replace("</description>", "</descripton></p>", 1), id="mismatched tag"),
    ],
)
def test_feeds_that_are_not_well_formed_are_still_read(mangle):
    items = parse_bytes(mangle(RSS).encode()).items
    assert [item.guid for item in items] == ["id-1"]
    assert items[0].published_at == NOON


def test_a_document_type_opens_no_file_and_expands_nothing():
    text = '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY l "lol">]>'
    text += "<rss version='2.0'><channel><item><title>&f;&l;</title></item></channel></rss>"
    (item,) = parse_bytes(text.encode()).items
    assert one_line(item.title) == "&f;&l;"


def test_bytes_that_name_a_file_are_not_opened(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(RSS)
    with pytest.raises(NotAFeed):
        parse_bytes(str(path).encode())


def test_plain_titles_of_atom_are_not_markup():
    text = ATOM.replace("<title>Curbs on chips</title>", "<title>x &lt;b&gt; y</title>")
    assert one_line(parse_bytes(text.encode()).items[0].title) == "x <b> y"


def test_relative_ids_stay_as_they_are_and_links_become_absolute():
    text = ATOM.replace("<id>id-1</id>", "<id>t3_x</id>").replace("https://news.example/1", "/1?a=1&amp;b=2")
    (item,) = parse_bytes(text.encode(), None, HERE).items
    assert (item.guid, item.link) == ("t3_x", "https://news.example/1?a=1&b=2")


def test_no_date_is_invented():
    text = RSS.replace("Mon, 28 Aug 2023 12:00:00 GMT", "2004년 05월 28일  01:31:15")
    (item,) = parse_bytes(text.encode()).items
    assert (item.published_at, item.published_raw) == (None, "2004년 05월 28일  01:31:15")


EMPTY = {
    "rss": "<rss version='2.0'><channel><title>t</title></channel></rss>",
    "atom": "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title></feed>",
    "undeclared prefix": "<rss version='2.0'><channel><atom:link href='x'/></channel></rss>",
    "json": '{"version":"https://jsonfeed.org/version/1","title":"t","items":[]}',
}


@pytest.mark.parametrize("text", EMPTY.values(), ids=EMPTY)
def test_an_empty_feed_is_a_feed(text):
    assert parse_bytes(text.encode()).items == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (EMPTY["rss"], "rss"),
        (RDF, "rss"),
        ("<channel><title>t</title><item><title>x</title></item></channel>", "rss"),
        (EMPTY["atom"], "atom"),
        (
            '<CHANNEL HREF="https://x.example/"><ITEM HREF="https://x.example/1"><TITLE>x</TITLE></ITEM></CHANNEL>',
            "cdf",
        ),
        (EMPTY["json"], "json"),
    ],
)
def test_a_feed_says_what_kind_it_is(text, kind):
    assert parse_bytes(text.encode()).kind == kind


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b" \n\t\0 ", "empty"),
        (
            b"<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>",
            "web page (“Just a moment...”), not a feed: it looks like a bot wall: ask the publisher",
        ),
        (b"<html><script src='https://ct.captcha-delivery.com/c.js'></script>", "a bot wall of DataDome: ask"),
        (
            b"<html><script src='/cdn-cgi/challenge-platform/x.js'></script><p>" + b"All the news of today. " * 40,
            "look for the site's feed address",
        ),
        (b"<html><form>Password <input name=p type='password'></form>", "asks for a login: look for a public address"),
        (b"<div>sign in</div>", "web page"),
        (b'{"error":"unauthorized"}', "JSON, but not a JSON Feed"),
        (b"[1, 2]", "JSON, but not a JSON Feed"),
        (b"<opml version='2.0'><head><title>x</title></head></opml>", "<opml> does not begin a feed"),
        (b"<urlset><url/></urlset>", "is a sitemap, but not a news sitemap"),
        (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", "RDF, but not a feed"),
        (b"hello", "neither XML nor JSON"),
    ],
)
def test_not_a_feed_says_what_it_is(body, says):
    with pytest.raises(NotAFeed) as caught:
        parse_bytes(body)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"{not json",
        b"[" * 100_000,
        b"<rss version='2.0'><channel><title>t</tit",
        b"<rss><channel><item",
        b'{"a":' + b"9" * 5_000 + b"}",
    ],
)
def test_damaged_feeds_are_unreadable(body):
    with pytest.raises(Unreadable):
        parse_bytes(body)


def test_caps():
    many = b"<rss version='2.0'><channel>" + b"<item/>" * (MAX_ITEMS + 1)
    deep = b"<rss version='2.0'><channel><item><description>" + b"<div>" * 2_000
    listed = json.dumps({"title": "t", "items": [{"id": n} for n in range(MAX_ITEMS + 1)]}).encode()
    for body in (many, deep, listed, b" " * (MAX_BODY + 1)):
        with pytest.raises(TooLarge):
            parse_bytes(body)


@pytest.mark.parametrize("wrong", [5, None, "x", [], {}, True])
@pytest.mark.parametrize(
    "key", ["id", "url", "title", "summary", "content_html", "authors", "date_published", "language"]
)
def test_json_feeds_with_values_of_the_wrong_kind(key, wrong):
    data = json.loads(JSON)
    data["items"][0][key] = wrong
    (item,) = parse_bytes(json.dumps(data).encode()).items
    assert item.guid is None if key == "id" and wrong in (None, [], {}, True) else item.guid


@given(
    st.lists(
        st.sampled_from(
            [
                *"<>&;/!'\" \n=",
                "item",
                "rss",
                "title",
                "<item>",
                "<title>",
                "</",
                "<![CDATA[",
                "]]>",
                "&#",
                "9",
                "pubDate",
                "\x00",
                "é",
            ]
        )
    )
)
def test_nothing_but_a_source_error_is_raised(parts):
    for body in ("".join(parts).encode(), ("<rss version='2.0'><channel><item>" + "".join(parts)).encode()):
        with contextlib.suppress(SourceError):
            read_bytes(body, "text/xml", HERE, SOURCE)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.sampled_from(["items", "title", "version", "id", "url", "authors", "name"]), inner)
        ),
        max_leaves=20,
    )
)
def test_any_json_is_a_feed_or_a_source_error(data):
    with contextlib.suppress(SourceError):
        read_bytes(json.dumps(data).encode(), "application/json", HERE, SOURCE)


# ── real inputs ──────────────────────────────────────────────────────────────────────────────────

NO_ID = (
    "feed-rs makes up an id (a hash or a UUID) where the feed gives none; we do not: the key comes from link or words"
)
ABOUT = "rdf:about is the item's id (RSS 1.0 §5.5); feed-rs makes up a hash instead"
ORIGINAL = "FeedBurner's origLink is the article's own address; the other counts clicks"
DECISIONS = {
    ("feed-rs/atom/atom_example_3.xml", "link"): ORIGINAL,
    ("feed-rs/rss2/rss_2.0_rps.xml", "link"): ORIGINAL,
    (
        "feed-rs/rss0/rss_0.91_encoding_1.xml",
        "link",
    ): "the host is kept as written; canonical_url brings it to small letters",
    ("feed-rs/atom/atom_relative.xml", "link"): "relative links are resolved against the feed's address",
    ("feed-rs/rss1/rss_1.0_example_1.xml", "link"): "relative links are resolved against the feed's address",
    **dict.fromkeys(
        (
            ("feed-rs/jsonfeed/jsonfeed_elastic_1.1.json", "id"),
            ("feed-rs/rss0/rss_0.91_encoding_1.xml", "id"),
            ("feed-rs/rss0/rss_0.91_encoding_2.xml", "id"),
            ("feed-rs/rss0/rss_0.91_missing_id.xml", "id"),
            ("feed-rs/rss0/rss_0.91_spec_1.xml", "id"),
            ("feed-rs/rss0/rss_0.92_spec_1.xml", "id"),
            ("feed-rs/rss2/rss_2.0_example_6.xml", "id"),
            ("feed-rs/rss2/rss_2.0_ghost_1.xml", "id"),
        ),
        NO_ID,
    ),
    **dict.fromkeys(
        (
            ("feed-rs/rss1/rss_1.0_biorxiv.xml", "id"),
            ("feed-rs/rss1/rss_1.0_example_1.xml", "id"),
            ("feed-rs/rss1/rss_1.0_example_2.xml", "id"),
            ("feed-rs/rss1/rss_1.0_iso8859.xml", "id"),
            ("feed-rs/rss1/rss_1.0_spec_1.xml", "id"),
            ("feed-rs/rss1/rss_1.0_spec_2.xml", "id"),
        ),
        ABOUT,
    ),
}


def rows(corpora):
    return [json.loads(line) for line in (corpora / "feeds" / "manifest.jsonl").read_text("utf-8").splitlines()]


def differences(expected, feed):
    """The fields in which the feed is not as another parser's own tests expect it."""
    if "title" in expected and one_line(expected["title"] or "") != feed.title:
        yield "title", expected["title"], feed.title
    if expected.get("n_entries", len(feed.items)) != len(feed.items):
        yield "items", expected["n_entries"], len(feed.items)
    kind = expected.get("feed_type")
    if kind and kind != feed.kind:
        yield "kind", kind, feed.kind
    first = expected.get("first_entry")
    entries = expected.get("entries") or ([first] if first else [])
    if len(entries) > len(feed.items):
        yield "items", len(entries), len(feed.items)
    for wanted, item in zip(entries, feed.items, strict=False):
        yield from differences_of_items(wanted, item)


def differences_of_items(wanted, item):
    if wanted.get("id") and wanted["id"] != item.guid:
        yield "id", wanted["id"], item.guid
    if wanted.get("link") and wanted["link"].rstrip("/") != (item.link or "").rstrip("/"):
        yield "link", wanted["link"], item.link
    if one_line(wanted.get("title") or "") != one_line(item.title) and "title" in wanted:
        yield "item title", wanted["title"], item.title
    said = wanted.get("published_utc") or wanted.get("published")
    expected_at, found_at = parse_date(said), item.published_at or item.updated_at
    if expected_at and (found_at is None or abs((expected_at - found_at).total_seconds()) >= 1):
        yield "published", said, found_at


def test_feeds_read_as_other_parsers_read_them(corpora):
    wrong, compared, used = [], 0, set()
    for row in rows(corpora):
        if row["level"] not in ("normalised", "universal"):
            continue
        compared += 1
        try:
            feed = parse_bytes((corpora / "feeds" / row["file"]).read_bytes(), None, "http://base.example/feed")
        except SourceError as error:
            wrong += [] if row["expected"].get("error") else [(row["file"], error)]
            continue
        if row["expected"].get("error"):
            wrong.append((row["file"], "should be refused"))
        for field, expected, found in differences(row["expected"], feed):
            decision = (row["file"], "title" if field == "item title" else field)
            used.add(decision)
            wrong += [] if decision in DECISIONS else [(row["file"], field, expected, found)]
    assert wrong == []
    assert compared > 150
    assert set(DECISIONS) - used == set(), "a decision that no longer decides anything"


def test_no_feed_of_the_corpora_raises_anything_but_a_source_error(corpora):
    read = 0
    for row in rows(corpora):
        body = (corpora / "feeds" / row["file"]).read_bytes()
        try:
            articles = read_bytes(body, None, "http://base.example/feed", SOURCE).articles
        except SourceError:
            continue
        read += 1
        keys = [article.key for article in articles]
        assert len(keys) == len(set(keys)), row["file"]
    assert read > 1_400


def test_hostile_files_end_within_a_second(corpora):
    files = sorted((corpora / "evil" / "xml").iterdir())
    assert files
    for path in files:
        started = time.process_time()
        with contextlib.suppress(SourceError):
            read_bytes(path.read_bytes(), None, HERE, SOURCE)
        assert time.process_time() - started < 1, path.name


def test_naughty_strings_as_titles_and_texts(corpora):
    strings = json.loads((corpora / "evil" / "naughty_strings.json").read_text("utf-8"))
    flat = strings if isinstance(strings, list) else list(itertools.chain.from_iterable(strings.values()))
    data = {
        "title": "t",
        "items": [{"id": str(n), "title": str(text), "content_html": str(text)} for n, text in enumerate(flat)],
    }
    articles = read_bytes(json.dumps(data).encode(), None, HERE, SOURCE).articles
    assert len(articles) == len(flat)
    for article in articles:
        assert not any(char in article.title + article.body for char in "\0\x1b\x07\u202e\u2066\r")
        assert "\n" not in article.title


def test_entries_that_are_no_items_are_refused_and_counted():
    body = json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [{"id": "1", "title": "A"}, 7]}
    )
    found = read_bytes(body.encode(), None, HERE, SOURCE)
    assert ([article.title for article in found.articles], found.fetched) == (["A"], 2)
    assert [(refusal.name, "is an object" in refusal.reason) for refusal in found.refused] == [("7", True)]
