"""Plain feeds: the walk over expat's tree against feedparser, the reference. Where the walk answers, nothing differs."""

import re
import time
from collections import Counter

import pytest
from feedparser.mixin import _FeedParserMixin
from feedparser.util import FeedParserDict
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import NotAFeed, SourceError
from bot.ingest.encoding import decode
from bot.ingest.feedxml import parse_xml
from bot.ingest.limits import MAX_ITEMS
from bot.ingest.parse import parse_bytes
from bot.ingest.parsed import ParsedFeed
from bot.ingest.plainfeed import MAX_LENGTH, parse_plain
from bot.ingest.plainroles import IN_ENTRY, IN_FEED
from bot.ingest.plaintags import BARE, PREFIXES, REFUSED_NAMESPACES, RESERVED, is_refused

HERE = "https://news.example/feed.xml"
SPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "atom": "http://www.w3.org/2005/Atom",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "creativeCommons": "http://backend.userland.com/creativeCommonsRssModule",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "own": "https://own.example/ns",
    "ownToo": "https://own.example/too",
}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DECLARED = "".join(f' xmlns:{prefix}="{address}"' for prefix, address in SPACES.items())


def rss(items: str, channel: str = "<title>News</title>") -> str:
    return f'<rss version="2.0"{DECLARED}><channel>{channel}{items}</channel></rss>'


def atom(entries: str, feed: str = "<title>News</title>") -> str:
    return f'<feed xmlns="{SPACES["atom"]}"{DECLARED} xml:lang="en_GB">{feed}{entries}</feed>'


def rdf(items: str, channel: str = "<title>News</title>") -> str:
    return f'<rdf:RDF xmlns:rdf="{RDF}" xmlns="http://purl.org/rss/1.0/"{DECLARED}><channel>{channel}</channel>{items}</rdf:RDF>'


def reference(text: str):
    try:
        return parse_xml(text, HERE)
    except Exception as error:  # noqa: BLE001 – feedparser raises at many sites
        return error


def same(text: str) -> bool:
    """Whether the walk answered; that its answer is feedparser's is asserted."""
    answer = parse_plain(text, HERE)
    if answer is None:
        return False
    assert answer == reference(text)
    return True


# ── real feeds ───────────────────────────────────────────────────────────────────────────────────


def test_the_walk_reads_real_feeds_as_feedparser_does(corpora, capsys):
    """Most files are made to try a parser; those of feed-rs are feeds that somebody published, shortened."""
    plain, read = Counter(), Counter()
    for path in sorted(each for folder in ("feeds", "evil/xml") for each in (corpora / folder).rglob("*.*")):
        text = decode(path.read_bytes()).lstrip(" \t\r\n\v\f\0\ufeff\u200b\xa0") if path.is_file() else ""
        if not text.startswith("<"):
            continue
        answered, found = same(text), reference(text)
        assert not answered or isinstance(found, ParsedFeed), path.name
        if isinstance(found, ParsedFeed) and found.items:
            groups = ["all", *(["published"] if "feed-rs" in path.parts else [])]
            read.update(groups)
            plain.update(groups if answered else [])
    shares = {group: plain[group] / count for group, count in read.items()}
    with capsys.disabled():
        print("", *(f"{group}: {plain[group]} of {read[group]} feeds are plain" for group in read), sep="\n")
    assert (read["all"] > 800, read["published"] > 50) == (True, True)
    assert shares["all"] >= 0.75
    assert shares["published"] >= 0.75


# ── what elements do ─────────────────────────────────────────────────────────────────────────────

TITLE = "<title>A title</title>"
READ = {
    "two descriptions": "<description>one</description><description>two</description>",
    "a description of media after one": "<description>one</description><media:description>two</media:description>",
    "content before a description": "<content:encoded>whole</content:encoded><description>short</description>",
    "content, and two summaries": "<description>a</description><content:encoded>b</content:encoded><itunes:summary>c</itunes:summary>",
    "content alone": "<content:encoded>&lt;p&gt;whole&lt;/p&gt;</content:encoded>",
    "a title of media first": f"<media:title>of media</media:title>{TITLE}",
    "a title of media last": f"{TITLE}<media:title>of media</media:title>",
    "a title of media within": f"{TITLE}<media:group><media:content url='x'><media:title>of media</media:title></media:content></media:group>",
    "only a title of media": "<media:group><media:title>of media</media:title><media:description>d</media:description></media:group>",
    "an empty title before media": "<title/><media:title>of media</media:title>",
    "a title, an image, a title of media": f"{TITLE}<image/><media:title>of media</media:title>",
    "a title, a source, a title of media": f"{TITLE}<source url='http://x.example/'>S</source><media:title>of media</media:title>",
    "two titles": f"{TITLE}<dc:title>another</dc:title>",
    "guid as link": "<guid>http:////news.example/1</guid>",
    "guid before an empty link": "<guid>http://news.example/1</guid><link/>",
    "guid after an empty link": "<link/><guid>http://news.example/1</guid>",
    "guid that is no link": "<guid isPermaLink='false'>1</guid><link> http://news.example/?a=1&amp;amp;b=2&amp;c; </link>",
    "links of Atom": "<link>/1</link><atom:link rel='SELF' href='/2'/><atom:link type='text/HTML' href='/3'/>",
    "links of another type": "<atom:link type='application/pdf' href='/2'/><atom:link rel='alternate' href='/3'/>",
    "the original link": "<link>/1</link><feedburner:origLink>http://news.example/2</feedburner:origLink>",
    "a link with a colon and slashes within": "<link>http://a.example/?u=http:///b</link>",
    "authors": "<author>a@x.example (A)</author><dc:creator>B</dc:creator><itunes:author/>",
    "an author in parts": "<author><name>A</name><email>a@x.example</email><uri>/a</uri></author>",
    "authors in parts": "<author><name>A</name></author><author>\n <name>B</name> <uri>/b</uri></author><contributor><name>C</name></contributor>",
    "an author without a name": "<author><email>a@x.example</email><own:image x='1'/></author>",
    "dates": "<pubDate>Mon, 28 Aug 2023 12:00:00 GMT</pubDate><atom:updated>2023-08-29T12:00:00Z</atom:updated><dc:date>2023-08-30</dc:date>",
    "a language": "<dc:language>de</dc:language><title xml:lang='fr_CA'>T</title>",
    "no language": "<title xml:lang=''>T</title>",
    "markup in a title": "<title>&lt;b&gt;A&lt;/b&gt; &amp;amp; B<!-- c --> D</title>",
    "UTF-8 taken for Latin-1": "<title>CafÃ© ä</title><description>Ã©Ã©</description>",
    "marked sections": "<title><![CDATA[A <b>]]>B</title><description><![CDATA[ <p>x &amp; &nbsp;y</p> ]]></description>",
    "named entities": "<title>A&nbsp;B &eacute; &bogus; &#128; &#0; &#x1F600;</title>",
    "what is of no interest": "<category>a</category><own:a b='1'>x<own:c>y</own:c></own:a><ownToo:d/><comments>/c</comments><slash:comments>3</slash:comments><enclosure url='x' length='1' type='audio/mpeg'/><e f='1'/>",
    "a default namespace of its own": "<title>T</title><site xmlns='http://x.example/'>1</site><own:x xmlns='http://y.example/'>2</own:x>",
    "a license": "<creativeCommons:license>http://x.example/</creativeCommons:license>",
    "another feed's entry": f"{TITLE}<source><title>S</title><id>s</id><link href='/s'/><updated>2023-08-29</updated><author><name>x</name></author></source>",
    "long white space": f"<title>A{' ' * 40}B</title><description>{chr(10) * 20}x{chr(10)}{' ' * 30}y</description>",
    "attributes": "<title own:other='x'>T</title>",
}


@pytest.mark.parametrize("dialect", [rss, atom, rdf])
@pytest.mark.parametrize("inside", READ.values(), ids=READ)
def test_an_element_does_what_it_does_to_feedparser(inside, dialect):
    name = "entry" if dialect is atom else "item"
    assert same(
        dialect(f"<{name}>{inside}</{name}><{name}><title>Second</title><description>two</description></{name}>")
    )


@pytest.mark.parametrize("kind", ["text", "html", "text/plain", "TEXT/HTML"])
def test_texts_of_atom_say_whether_they_are_markup(kind):
    construct = f'type="{kind}">a &lt;b> &amp;amp; c'
    assert same(
        atom(f"<entry><title {construct}</title><summary {construct}</summary><content {construct}</content></entry>")
    )


CHANNELS = {
    "language, ttl and period": "<language>en-GB</language><ttl>30</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
    "a summary before the description": "<itunes:summary>s</itunes:summary><description>d</description>",
    "a description before the summary": "<description>d</description><itunes:summary>s</itunes:summary>",
    "an image": "<image><url>/i.png</url><title>Image</title><link>/</link><width>1</width></image><title>Late</title>",
    "an image with a language": "<image xml:lang='de'/><title>News</title>",
    "a search box": "<textInput><title>Search</title><description>d</description><name>q</name><link>/s</link></textInput><title>Late</title>",
    "an owner": "<itunes:owner><itunes:name>N</itunes:name><itunes:email>n@x.example</itunes:email></itunes:owner><itunes:image href='/i'/>",
    "several titles": "<title>One</title><dc:title>Two</dc:title><title>Three</title>",
    "people": "<managingEditor>e@x.example</managingEditor><webMaster>w@x.example</webMaster><author><name>A</name></author>",
    "other elements": "<itunes:category text='a'><itunes:category text='b'/></itunes:category><skipHours><hour>1</hour></skipHours><cloud domain='x'/><lastBuildDate>Mon, 28 Aug 2023</lastBuildDate>",
    "nothing": "",
}


@pytest.mark.parametrize("dialect", [rss, atom, rdf])
@pytest.mark.parametrize("channel", CHANNELS.values(), ids=CHANNELS)
def test_a_feed_says_what_it_says_to_feedparser(channel, dialect):
    name = "entry" if dialect is atom else "item"
    item = f"<{name}><title>T</title><description>one</description><media:description>two</media:description></{name}>"
    assert same(dialect(item, channel))
    if dialect is not rdf:
        assert same(dialect("", f"{item}{channel}{item}"))


def test_the_items_of_rdf_stand_beside_the_channel():
    image = "<image rdf:about='/i'><title>Image</title><url>/i</url><link>/</link></image>"
    search = "<textinput><title>Search</title><name>q</name></textinput>"
    assert same(rdf(f"{image}<item rdf:about=' /1 '><title>T</title></item>{search}<item><title>U</title></item>"))
    items = "<items><rdf:Seq><rdf:li rdf:resource='/1'/></rdf:Seq></items><title>News</title>"
    assert same(rdf("<item rdf:about='/1'><link>/1</link></item>", items))


REFUSED = {
    "xml:base": rss("<item xml:base='http://x.example/'><link>1</link></item>"),
    "base": rss("<item><title base='http://x.example/'>T</title></item>"),
    "base of an image": rss("<item/>", "<image base='http://x.example/'><title>T</title></image>"),
    "base far inside": rss("<item><own:a><own:b base='http://x.example/'/></own:a><link>1</link></item>"),
    "markup that is not escaped": rss("<item><description>a <b>b</b></description></item>"),
    "XHTML": atom("<entry><content type='xhtml'><div>a</div></content></entry>"),
    "base64": atom("<entry><content type='application/octet-stream'>YQ==</content></entry>"),
    "a mode": atom("<entry><content mode='base64'>YQ==</content></entry>"),
    "Atom 0.3": "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title>T</title></entry></feed>",
    "CDF": "<CHANNEL HREF='/'><ITEM HREF='/1'><TITLE>T</TITLE></ITEM></CHANNEL>",
    "CDF's attributes": rss("<item href='/1'><title>T</title></item>"),
    "no envelope": "<channel><item><title>T</title></item></channel>",
    "an item in an item": rss("<item><title>T</title><item><title>U</title></item></item>"),
    "items outside the channel": "<rss version='2.0'><channel><title>T</title></channel><item><title>T</title></item></rss>",
    "two channels": "<rss><channel><item/></channel><channel><item/></channel></rss>",
    "a prefix of somebody else": rss("<item><x:title>T</x:title></item>").replace("xmlns:own=", "xmlns:x='http://purl.org/dc/elements/1.1/' xmlns:georss='http://x.example/' xmlns:own="),
    "a prefix used twice": rss("<item><own:a xmlns:own='http://x.example/'/></item>"),
    "a title of an unknown default namespace": rss("<item><title xmlns='http://x.example/'>T</title></item>"),
    "an unknown default namespace": "<rss xmlns='http://x.example/'><channel><item><title>T</title></item></channel></rss>",
    "Atom before RSS 1.0": rdf("<item><title>T</title></item>").replace("<rdf:RDF", f"<rdf:RDF xmlns:a='{SPACES['atom']}'"),
    "RSS 1.0 before Atom": atom("<entry><title>T</title></entry>").replace("<feed", "<feed xmlns:r='http://purl.org/rss/1.0/'"),
    "fields of feedparser's own": rss("<item><title_detail>T</title_detail></item>"),
    "a date by another name": rss("<item><date>2023-08-28</date></item>"),
    "a date on which feedparser fails": rss("<item><pubDate>Fri, 2006/99/15 08:19:53 EDT</pubDate></item>"),
    "Windows-1252": rss("<item><title>A \x93b\x94</title></item>"),
    "Pheedo's address": rss("<item><pheedo:origLink xmlns:pheedo='http://www.pheedo.com/namespace/pheedo'>/1</pheedo:origLink></item>"),
    "an interval with attributes": rss("<item/>", "<ttl a='1'>3</ttl>"),
    "an author after an address": rss("<item><author>a@x.example</author><author><name>B</name></author></item>"),
    "a contributor within an author": rss("<item><author><name>B</name><dc:contributor>C</dc:contributor></author></item>"),
    "loose text within an author": rss("<item><author><name>B</name><enclosure>C</enclosure></author></item>"),
    "loose text of an author": rss("<item><author>x<name>B</name></author></item>"),
    "a broken tag": rss("<item><title>T</titel></item>"),
    "cut off": rss("<item><title>T</title></item>")[:-10],
    "more behind it": rss("<item><title>T</title></item>") + "<p>",
    "no item": rss(""),
    "a document type": "<!DOCTYPE rss>" + rss("<item/><item><title><!DOCTYPE x></title></item>"),
    "an instruction": rss("<item><?x <a ?><title>T</title></item>"),
    "a forbidden character": rss("<item><title>A\x08B\uffff</title></item>"),
    "a surrogate": rss("<item><title>A\ud800B</title></item>"),
    "a bracket in an attribute": rss("<item><enclosure url='a>b'/><title>T</title></item>"),
    "deep elements": rss(f"<item>{'<own:a>' * 60}{'</own:a>' * 60}</item>"),
    "too many tags": rss("<item/>" * (MAX_ITEMS + 1)),
    "too long": rss(f"<item><title>{'x' * MAX_LENGTH}</title></item>"),
    "a web page": "<html><body><item>x</item></body></html>",
    "RDF that is no feed": f"<rdf:RDF xmlns:rdf='{RDF}'/>",
    "words": "rss",
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_not_plain_is_left_to_feedparser(text):
    assert parse_plain(text, HERE) is None


def test_the_program_takes_the_fast_path_and_can_do_without():
    text = rss("<item><title>T</title><guid>http://news.example/1</guid></item>")
    body = text.encode()
    assert parse_bytes(body, None, HERE) == parse_bytes(body, None, HERE, plain=False) == parse_plain(text, HERE)


@pytest.mark.parametrize("body", [b"<html/>", b"<rdf:RDF xmlns:rdf='%s'/>" % RDF.encode(), b"<opml/>", b"hello"])
def test_what_is_no_feed_stays_none(body):
    for plain in (True, False):
        with pytest.raises(NotAFeed):
            parse_bytes(body, plain=plain)


# ── input that is meant to do harm ───────────────────────────────────────────────────────────────

HOSTILE = {
    "deep": "<rss><channel>" + "<a>" * 140_000 + "</a>" * 140_000 + "</channel></rss>",
    "deep in an item": "<rss><channel><item>" + "<a>" * 7_000 + "</a>" * 7_000 + "</item></channel></rss>",
    "attributes": "<rss><channel><item " + " ".join(f"a{n}='x'" for n in range(100_000)) + "/></channel></rss>",
    "declarations": "<rss " + " ".join(f"xmlns:a{n}='x{n}'" for n in range(50_000)) + "><channel><item/></channel></rss>",
    "names": "<rss><channel><item>" + "".join(f"<a{n}/>" for n in range(14_000)) + "</item></channel></rss>",
    "white space": f"<rss><channel><item><title>{' ' * 900_000}{chr(10) * 900_000}</title></item></channel></rss>",
    "references": f"<rss><channel><item><title>{'&x;' * 300_000}</title></item></channel></rss>",
    "quotes": f"<rss><channel><item><title>{'=' + chr(34) + '=' + chr(39)} {chr(34) * 900_000}{'=' * 400_000}</title></item></channel></rss>",
    "laughs": '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>',
    "a file": '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&a;</title></item></channel></rss>',
    "colons": f"<rss><channel><item><link>{'a:///' * 300_000}</link></item></channel></rss>",
}  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_feeds_cost_little_processor_time(text):
    started = time.process_time()
    answer = parse_plain(text, HERE)
    assert time.process_time() - started < 3  # tenths of a second on an idle machine
    assert answer is None or len(answer.items) == 1
    assert "passwd" not in str(answer)
    assert "haha" not in str(answer)


def test_more_items_than_are_read_are_too_many_by_both_ways():
    body = rss("<item/>" * (MAX_ITEMS + 1)).encode()
    for plain in (True, False):
        with pytest.raises(SourceError, match="20,001 items"):
            parse_bytes(body, plain=plain)


# ── the tables against feedparser's own ──────────────────────────────────────────────────────────

HANDLED = sorted(
    {found[1].lower() for name in dir(_FeedParserMixin) if (found := re.fullmatch(r"_(?:start|end)_(\w+)", name))}
)
# What has a role in feedparser, and none that could touch a field that is kept.
WITHOUT_EFFECT = {
    "admin_errorreportsto", "admin_generatoragent", "cc_license", "enclosure", "itunes_block", "itunes_category",
    "itunes_explicit", "itunes_image", "itunes_keywords", "media_content", "media_credit", "media_group",
    "media_keywords", "media_license", "media_player", "media_rating", "media_restriction", "media_thumbnail", "rss",
}  # fmt: skip


@pytest.mark.parametrize("name", HANDLED)
def test_every_name_that_means_something_to_feedparser_is_known(name):
    prefix, _, local = name.partition("_")
    name = f"{prefix}:{local}" if local else name
    known = name in IN_ENTRY or name in IN_FEED or is_refused(name) or name.replace(":", "_") in WITHOUT_EFFECT
    assert known
    assert not local or prefix in RESERVED, "another namespace with this prefix would be taken for it"


@pytest.mark.parametrize("name", sorted(FeedParserDict.keymap))
def test_no_name_becomes_a_field_by_a_way_of_its_own(name):
    harmless = {"items"}  # feedparser's name for the list of entries, which is not taken from there
    prefix, _, local = name.partition("_")
    assert name in harmless or name in IN_ENTRY or is_refused(name)
    assert not local or prefix in RESERVED | {"updated"}


@pytest.mark.parametrize(("address", "prefix"), _FeedParserMixin.namespaces.items())
def test_every_namespace_that_matters_is_known_by_the_same_prefix(address, prefix):
    if not address or address.endswith("/namespace"):
        return
    known = address.lower()
    if known in REFUSED_NAMESPACES:
        return
    matters = (
        not prefix or any(name.startswith(f"{prefix.lower()}_") for name in HANDLED) or prefix in ("sy", "feedburner")
    )
    assert not matters or PREFIXES[known] == prefix.lower()
    assert known not in BARE or not prefix


# ── feeds nobody thought of ──────────────────────────────────────────────────────────────────────

WORDS = st.sampled_from(["", " ", "A", "a &amp; b", "&lt;p&gt;x&lt;/p&gt;", "<![CDATA[<i>y</i>&amp;]]>", "é ü", "Ã©", "日本", "a@x.example", "http://a.example/1", "http:////b", "/c?d=1&amp;e;", "2023-08-28", "Mon, 28 Aug 2023 12:00:00 GMT", "30", "daily", "true", "<!-- c -->", "\n  ", "&#x80;", "&nbsp;", "x\r\ny", "en_GB", "<b>raw</b>"])  # fmt: skip
NAMES = st.sampled_from(
    [*(name for name in sorted({*IN_ENTRY, *IN_FEED}) if name.partition(":")[0] in (*SPACES, name)), "pubDate", "webMaster", "lastBuildDate", "textInput",
     "media:group", "media:content", "media:thumbnail", "media:credit", "media:keywords", "media:rating", "itunes:image", "itunes:explicit", "itunes:keywords", "itunes:category", "enclosure", "comments", "docs", "own:x", "ownToo:title", "own:language", "slash:comments", "atom:link", "atom:title", "atom:author", "atom:updated", "unknown", "skipHours", "geo:lat", "date", "tags", "feed", "items", "rating", "icon", "url", "width"]
)  # fmt: skip
ATTRIBUTES = st.sampled_from(["", "", "", "", "", " type='html'", " type='text'", " type='xhtml'", " xml:lang='de'", " xml:lang=''", " lang='fr'", " isPermaLink='false'", " isPermaLink='true'", " href='/h'", " href='http:///x'", " rel='self' href='/s'", " url='/u'", " rel='alternate'", " own:a='1'", " text='t'", " term='t'", " src='/s'", " domain='d'"])  # fmt: skip


def element(inside):
    return st.builds(
        lambda name, attributes, parts: f"<{name}{attributes}>{''.join(parts)}</{name}>", NAMES, ATTRIBUTES, inside
    )


LEAVES = element(st.lists(WORDS, max_size=2))
ELEMENTS = st.one_of(LEAVES, LEAVES, LEAVES, LEAVES, element(st.lists(LEAVES, max_size=3)))
INSIDE = st.lists(ELEMENTS, max_size=7).map("".join)


@settings(max_examples=400)
@given(
    dialect=st.sampled_from([rss, atom, rdf]),
    channel=INSIDE,
    items=st.lists(INSIDE, min_size=1, max_size=3),
    last=INSIDE,
    about=ATTRIBUTES,
)
@example(dialect=rss, channel="", items=["<title>T</title>"], last="", about="")
def test_whatever_a_feed_holds_nothing_differs(dialect, channel, items, last, about):
    name = "entry" if dialect is atom else "item"
    written = "".join(f"<{name}{about}>{inside}</{name}>" for inside in items)
    same(dialect(written + (last if dialect is not rdf else ""), channel))


PLAIN_NAMES = st.sampled_from(["title", "dc:title", "media:title", "description", "dc:description", "media:description", "itunes:summary", "summary", "content", "content:encoded", "link", "guid", "author", "dc:creator", "language", "source", "image", "category", "own:x"])  # fmt: skip
PLAIN_WORDS = st.sampled_from(["", " ", "A", "a &amp; b", "<![CDATA[<i>y</i>]]>", "é", "Ã©", "http://a.example/1", "http:////b"])  # fmt: skip
PLAIN_ATTRIBUTES = st.sampled_from(["", "", "", " type='html'", " xml:lang='de'", " isPermaLink='false'"])
PLAIN = st.builds(lambda name, more, text: f"<{name}{more}>{text}</{name.split()[0]}>", PLAIN_NAMES, PLAIN_ATTRIBUTES, PLAIN_WORDS)  # fmt: skip
OF_MEDIA = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["media:title", "media:description", "media:credit"]), PLAIN_WORDS)  # fmt: skip
DATES = st.sampled_from(["", "2023-08-28", "Mon, 28 Aug 2023 12:00:00 GMT", "now"])
DATED = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["pubDate", "updated", "dc:date"]), DATES)
GROUP = st.builds("<media:group>{}</media:group>".format, st.lists(OF_MEDIA, max_size=3).map("".join))
PLAIN_INSIDE = st.lists(st.one_of(PLAIN, PLAIN, PLAIN, DATED, GROUP), min_size=1, max_size=9).map("".join)


@settings(max_examples=400)
@given(dialect=st.sampled_from([rss, atom, rdf]), items=st.lists(PLAIN_INSIDE, min_size=1, max_size=3))
def test_whatever_order_elements_have_nothing_differs(dialect, items):
    name = "entry" if dialect is atom else "item"
    assert same(dialect("".join(f"<{name}>{inside}</{name}>" for inside in items)))


@settings(max_examples=300)
@given(text=st.text(st.characters(codec="utf-8"), max_size=40))
def test_whatever_a_text_holds_nothing_differs(text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    marked = text.replace("]]>", "")
    same(rss(f"<item><title>{escaped}</title><description><![CDATA[{marked}]]></description><link>{escaped}</link><guid>{escaped}</guid><author>{escaped}</author></item>"))  # fmt: skip
