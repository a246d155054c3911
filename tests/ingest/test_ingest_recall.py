"""Items that are known are not read again: with the past and without it a feed's articles are the same, byte for byte."""

import random
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import SourceError
from bot.ingest.cutting import cut, stand
from bot.ingest.parse import read_bytes
from bot.ingest.parsed import Past
from bot.ingest.plainfeed import Walk, walk_through
from bot.model import Source
from bot.remembered import past_of

HERE = "https://news.example/feed.xml"
SOURCE = Source(id="s", kind="feed", name="S")
MEDIA = ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'


class Reader:
    """Reads the bodies of one feed one after the other, each once with what is remembered and once whole."""

    def __init__(self):
        self.past, self.stored = Past(), []
        self.recalled = self.read = 0

    def poll(self, body, url=HERE, source=SOURCE):
        """What a poll brings; asserts that it is what a poll without memory brings."""
        try:
            whole = read_bytes(body, None, url, source)
        except SourceError as error:
            with pytest.raises(type(error), match=re.escape(str(error))):
                read_bytes(body, None, url, source, self.past)
            return ()
        found = read_bytes(body, None, url, source, self.past)
        marked = found.marked
        assert replace(found, articles=(), marked=None) == replace(whole, articles=())
        if marked is None:
            assert found.articles == whole.articles
            self.past, self.stored = Past(), []
            return found.articles
        came = iter(found.articles)
        shown = [self.stored[place] if place >= 0 else next(came) for place in marked.places]
        assert tuple(shown) == whole.articles
        assert not list(came)
        self.recalled += len(shown) - len(found.articles)
        self.read += len(found.articles)
        self.past, self.stored = past_of(marked, self.past, found.articles), shown
        return found.articles


def rss(*items, head="<title>News</title>", tail="</channel></rss>", root=""):
    return f'<?xml version="1.0"?><rss version="2.0"{root}><channel>{head}{"".join(items)}{tail}'.encode()


def atom(*entries, head="<title>News</title>"):
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">{head}{"".join(entries)}</feed>'.encode()


def item(number, more="", text="Rain at length."):
    guid, title = f"<guid>g{number}</guid>", f"<title>Rain {number}</title>"
    return f"<item>{guid}{title}<description>{text}</description><link>/{number}</link>{more}</item>"


def entry(number, more=""):
    return f'<entry><id>tag:{number}</id><title>Rain {number}</title><link href="/{number}"/>{more}</entry>'


def titles(articles):
    return [article.title for article in articles]


def test_of_a_feed_that_grows_only_the_new_items_are_read():
    reader = Reader()
    assert titles(reader.poll(rss(item(2), item(1)))) == ["Rain 2", "Rain 1"]
    assert titles(reader.poll(rss(item(4), item(3), item(2)))) == ["Rain 4", "Rain 3"]
    assert titles(reader.poll(rss("\n", item(2), "\n  ", item(4), "\n"))) == []
    assert titles(reader.poll(rss(item(4), item(2, text="Sun at last.")))) == ["Rain 2"]
    assert titles(reader.poll(rss(item(1), item(4)))) == ["Rain 1"]


def test_entries_of_atom_and_items_of_other_feeds_are_recalled_too():
    feeds = {
        "atom": lambda *numbers: atom(*map(entry, numbers)),
        "not plain": lambda *numbers: rss(*map(item, numbers), root=' xml:base="https://other.example/"'),
        "cannot be cut": lambda *numbers: rss(*map(item, numbers), tail="<ttl>9</ttl></channel></rss>"),
        "json": lambda *numbers: (
            '{"version": "https://jsonfeed.org/version/1.1", "items": ['
            + ",".join(f'{{"id": "{number}", "title": "Rain {number}"}}' for number in numbers)
            + "]}"
        ).encode(),
    }
    for name, feed in feeds.items():
        reader = Reader()
        reader.poll(feed(1, 2))
        assert titles(reader.poll(feed(3, 1, 2))) == ["Rain 3"], name


@pytest.mark.parametrize(
    "after",
    [
        rss(item(1), item(2), head="<title>News</title><language>de</language>"),
        rss(item(1), item(2), root=' xml:lang="fr"'),
        rss(item(1), item(2), root=f" {CONTENT}"),
        rss(item(1), item(2), head=f"<title>News</title><x:y {CONTENT} xmlns:x='https://x.example/'/>"),
        rss(item(1), item(2), head="<title>News</title><itunes:summary xmlns:itunes='https://x.example/'/>"),
    ],
)
def test_what_the_feed_says_of_all_items_makes_them_others(after):
    reader = Reader()
    reader.poll(rss(item(1), item(2)))
    assert titles(reader.poll(after)) == ["Rain 1", "Rain 2"]


def test_another_address_or_another_source_makes_them_others():
    reader = Reader()
    reader.poll(rss(item(1)))
    assert len(reader.poll(rss(item(1)), url="https://other.example/feed.xml")) == 1
    assert len(reader.poll(rss(item(1)), source=replace(SOURCE, lang="de"))) == 1
    assert len(reader.poll(rss(item(1)), source=replace(SOURCE, lang="de", tier="wire"))) == 1
    assert len(reader.poll(rss(item(1)), source=replace(SOURCE, lang="de", tier="wire"))) == 0


def test_what_a_feed_says_of_itself_makes_no_item_another():
    reader = Reader()
    reader.poll(rss(item(1), head="<title>News</title><lastBuildDate>Mon, 28 Aug 2023</lastBuildDate><ttl>9</ttl>"))
    assert not reader.poll(rss(item(1), head="<title>More news</title><lastBuildDate>Tue</lastBuildDate><ttl>8</ttl>"))
    assert not reader.poll(rss(item(1), tail="</channel></rss>\n<!-- made at 12:00 -->"))


@pytest.mark.parametrize(
    "odd",
    [
        "<item><title>A <![CDATA[ </item> ]]></title></item>",
        "<item><title>B</title><!-- </item> --></item>",
        "<item><title>C</title></item ><item><title>D</title></item>",
        "<item/>",
        "<items/>",
        "<!-- <item> -->",
        "<title><![CDATA[<item>]]></title>",
        "<item xmlns='https://x.example/'><title>E</title></item>",
        "<x:item xmlns:x='http://purl.org/rss/1.0/'><title>F</title></x:item>",
        "<entry><title>G</title></entry>",
        "<ITEM><title>H</title></ITEM>",
        "<item><title>I</title><item><title>J</title></item></item>",
        "words",
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_items_that_only_look_like_items(odd, place):
    def feed(*numbers):
        parts = [*map(item, numbers)]
        return rss(*parts[:place], odd, *parts[place:])

    reader = Reader()
    for numbers in ((1, 2), (3, 1, 2), (3, 2), (4, 3, 2)):
        reader.poll(feed(*numbers))
        reader.poll(rss(*map(item, numbers)))


@pytest.mark.parametrize(
    ("items", "head"),
    [
        (["<item><title>A</title></item>"], ""),
        (["<item><title>A</title><b xmlns='https://x.example/'/></item>"], "declares a namespace"),
        (["<item><title>A <![CDATA[</item>", "<item>]]></title></item>"], "halves"),
        (["<item><title>A <![CDATA[</item>", "<item>]]></title></item>"], "halves, and <entry/> beside"),
        (["<item><title>A <![CDATA[</item>", "<item>]]></title></item>"], "halves, and <ITEM/> beside"),
        (["<item><title>A <![CDATA[</item>", "<item>]]></title></item>"], "halves, and <r:item/> beside"),
        (["<itemid><title>A</title></item>"], "another name"),
        (["<item><title>A</title></item>"], "<entry/> beside"),
        (["<item><title>A</title></item>"], "<itunes:summary/><description/> to be remembered"),
    ],
)
def test_texts_that_stand_for_items(items, head):
    root = f'{MEDIA} xmlns:r="http://purl.org/rss/1.0/"'
    whole, walk = cut(rss(*items, head=f"<d/>{head}", root=root).decode()), Walk()
    assert whole.items == items
    walk_through(walk, whole.with_items(items), HERE)
    assert stand(whole, items, walk) is (not head)


@pytest.mark.parametrize(
    "body",
    [
        rss("<item><title>A <![CDATA[</item>", tail="]]></title></item ></channel></rss>"),
        rss(item(1), tail="<media:group><media:title>B</media:title></media:group></channel></rss>", root=MEDIA),
        rss(item(1), "<!-- -->", item(2)),
        rss(item(1), tail="</channel></rss><?pi?>"),
        rss(),
        rss("<item/>"),
        rss(item(1)).replace(b"<channel>", b"<!-- --><channel>"),
        b"<rdf:RDF><channel/><item></item></rdf:RDF>",
    ],
)
def test_feeds_that_are_not_cut(body):
    assert cut(body.decode()) is None


def test_halves_at_the_end_of_a_feed_are_no_items():
    half = "<item><guid>{}</guid><title>A <![CDATA[</item>"
    reader, tail = Reader(), "]]></title></item ></channel></rss>"
    for numbers in ((1,), (1, 2), (2,), (3, 2)):
        reader.poll(rss(*map(half.format, numbers), tail=tail))


def test_an_item_that_is_read_as_the_header_has_it_is_read_again():
    """feedparser takes what it saw in the header for the first item's: which one is the first matters then."""
    head = "<title>News</title><itunes:summary>s</itunes:summary><description>d</description>"
    items = [item(number, "<itunes:summary>short</itunes:summary>") for number in range(3)]
    reader = Reader()
    for listed in (items, items[::-1], items[1:]):
        reader.poll(rss(*listed, head=head, root=MEDIA))
    assert reader.stored[0].body == "short"


def test_halves_of_an_item_are_no_items():
    """Cut at "</item>" each of these is a text that was met before; read whole they are other items."""
    a, b = "<item><title>A</title><d><![CDATA[ </item>", "<item> ]]></d><guid>1</guid></item>"
    reader = Reader()
    reader.poll(rss(a, b, item(3)))
    reader.poll(rss(a, b, item(4)))
    reader.poll(rss(a, item(5), b))
    reader.poll(rss(b, a))
    reader.poll(rss(a, b, item(4), head="<title>News</title><entry/>"))


def test_an_item_whose_key_depends_on_the_others_is_read_again():
    reader = Reader()
    reader.poll(rss(item(1), item(2)))
    twin = "<item><guid>g1</guid><title>Another one</title><link>/9</link></item>"
    (one, two, other) = reader.poll(rss(item(1), item(2), twin))  # guids are not unique: all go by their links
    assert {one.key_kind, two.key_kind, other.key_kind} == {"link"}
    assert len(reader.poll(rss(item(3), item(1), item(2)))) == 3
    assert len(reader.poll(rss(item(4), item(3), item(1)))) == 1
    bare = "<item><title>Without an id</title></item>"
    assert len(reader.poll(rss(bare, item(4), item(3)))) == 3
    assert len(reader.poll(rss(bare, item(4), item(3), "\n"))) == 3


def test_an_item_that_is_listed_twice_is_counted_twice():
    reader = Reader()
    reader.poll(rss(item(1), item(2)))
    assert read_bytes(rss(item(1), item(2), item(1)), None, HERE, SOURCE, reader.past).fetched == 3
    reader.poll(rss(item(1), item(2), item(1)))


# ── feeds that Hypothesis makes up ───────────────────────────────────────────────────────────────

PARTS = st.sampled_from(
    (
        *map(item, range(5)),
        item(1, text="Another text."),
        item(2, "<pubDate>Mon, 28 Aug 2023 10:00:00 GMT</pubDate>"),
        item(2, "<pubDate>Tue, 29 Aug 2023 10:00:00 GMT</pubDate>"),
        "<item><guid>g3</guid><title>Sun</title><link>/33</link></item>",
        "<item><title>No id</title><link>/1</link></item>",
        "<item><title>No id</title><link>/2</link><description>&lt;b&gt;x&lt;/b&gt; &nbsp; y</description></item>",
        "<item><description>" + 20 * " " + "spaces</description></item>",
        '<item xml:lang="de"><guid>l</guid><title>Regen</title></item>',
        f"<item><guid>c</guid><content:encoded {CONTENT}>long text</content:encoded></item>",
        "<item><guid>n</guid><c:encoded>long text</c:encoded><title>N</title></item>",
        "<item><guid>m</guid><media:title>M</media:title><description>a</description></item>",
        "<item><guid>i</guid><itunes:summary>s</itunes:summary><description>d</description></item>",
        "<item><guid>u</guid><title>A <![CDATA[ </item>",
        "<item> ]]></title></item>",
        "<item/>",
        "</item>",
        "<item>",
        "<!-- ",
        " -->",
        "<![CDATA[",
        "]]>",
        "<entry><title>E</title></entry>",
        "<description>Of the feed</description>",
        "<itunes:summary>Of the feed</itunes:summary>",
        "<language>fr</language>",
        "<title>Twice</title>",
        "<media:group><media:title>Grouped</media:title></media:group>",
        "\n",
        "words",
    )
)
ROOTS = st.sampled_from(("", MEDIA, f"{MEDIA} {CONTENT.replace('content=', 'c=')}", f'{MEDIA} xml:lang="en"'))
HEADS = st.lists(PARTS, max_size=2).map("<title>News</title>".join)


@settings(max_examples=400)
@given(st.lists(st.tuples(ROOTS, HEADS, st.lists(PARTS, max_size=6)), min_size=2, max_size=6))
def test_whatever_the_feed_becomes_its_articles_are_the_same(polls):
    reader = Reader()
    for root, head, parts in polls:
        reader.poll(rss(*parts, head=head, root=root))


@settings(max_examples=200)
@given(st.lists(st.lists(st.integers(0, 40), unique=True, max_size=30), min_size=2, max_size=5), st.randoms())
def test_sound_feeds_are_recalled_item_by_item(polls, rng):
    """What a poll brings is what the one before did not show, and nothing else."""
    reader, before = Reader(), set()
    for numbers in polls:
        rng.shuffle(numbers)
        came = reader.poll(rss(*map(item, numbers)))
        assert sorted(titles(came)) == sorted(f"Rain {number}" for number in set(numbers) - before)
        before = set(numbers)


# ── feeds of others ──────────────────────────────────────────────────────────────────────────────


def changes(text, rng):
    """The feed without its first item, with an edited one, with two in another order, and with another header."""
    whole = cut(text)
    if whole is None:
        return [text.replace("a", "b", 1), re.sub(r"(?i)(<title[^<>]*>)", r"\1Now: ", text, count=2)]
    items = whole.items
    edited = [re.sub(r"(?i)(<title[^<>]*>)", r"\1Now: ", items[0], count=1), *items[1:]]
    shuffled = rng.sample(items, len(items))
    mixed = [*items, re.sub(r"(?i)<(guid|id|link)[^<>]*>[^<>]*</\1>", "", items[-1])]
    another = replace(whole, head=re.sub(r"(?i)<title[^<>]*>[^<>]*</title>", "<title>Now</title>", whole.head))
    return [
        *(whole.with_items(each) for each in (items[1:], edited, shuffled, mixed, items)),
        another.with_items(items),
    ]


def test_feeds_of_others_that_change_bring_the_same_articles(corpora, capsys):
    rng, reader = random.Random(3), None
    recalled = read = 0
    for path in sorted(each for folder in ("feeds", "evil/xml") for each in (corpora / folder).rglob("*.*")):
        body = path.read_bytes() if path.is_file() else b""
        if not body or len(body) > 300_000:
            continue
        reader = Reader()
        reader.poll(body)
        for text in changes(body.decode("utf-8", "replace"), rng):
            reader.poll(text.encode("utf-8", "replace"))
            reader.poll(body)
        recalled, read = recalled + reader.recalled, read + reader.read
    with capsys.disabled():
        print(f"\nfeeds of others: {recalled:,} items recalled, {read:,} read")
    assert recalled > 0.5 * read
