"""OPML: what other programs write is read whatever shape it is in, and what is written reads back the same."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importing import plan
from bot.ingest.limits import MAX_BODY, MAX_XML_DEPTH
from bot.ingest.opml import MOST, read_opml, write_opml
from bot.model import Source

AT = datetime(2026, 1, 5, 7, 30, tzinfo=UTC)
LIST = """<?xml version="1.0" encoding="UTF-8"?>
<!-- <outline xmlUrl="https://commented.example/"/> -->
<opml version="2.0">
<head><title>Ours</title></head>
<body>
  <outline text="News &amp; views">
    <outline text="Trade" title="">
      <outline type="rss" text="The G" title="The Gazette" language="en"
        xmlUrl="https://g.example/feed?a=1&amp;b=2"/>
    </outline>
    <outline type="rss" text="Wire" xmlUrl='https://w.example/"x"'></outline>
  </outline>
  <outline text="Alone" category="/Law/Courts" xmlUrl="https://a.example/"/>
</body>
</opml>
"""


def read(*outlines):
    return read_opml(f"<opml><body>{''.join(outlines)}</body></opml>".encode())


def test_feeds_come_with_line_title_folders_and_language():
    found = read_opml(LIST.encode())
    assert [(feed.line, feed.title, feed.category, feed.lang, feed.url) for feed in found.feeds] == [
        (8, "The Gazette", "News & views / Trade", "en", "https://g.example/feed?a=1&b=2"),
        (11, "Wire", "News & views", "", 'https://w.example/"x"'),
        (13, "Alone", "Law/Courts", "", "https://a.example/"),
    ]
    assert (found.outlines, found.faults) == (5, ())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_encoding_is_found_out(encoding):
    text = LIST.replace("UTF-8", encoding).replace("The Gazette", "Café")
    assert read_opml(text.encode(encoding)).feeds[0].title == "Café"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(end):
    assert [feed.line for feed in read_opml(LIST.replace("\n", end).encode()).feeds] == [8, 11, 13]


@pytest.mark.parametrize(
    ("outline", "title", "url"),
    [
        ('<outline text="A & B" xmlUrl="https://x.example/?a=1&copy=2"/>', "A & B", "https://x.example/?a=1&copy=2"),
        ('<outline text="x < 12" xmlUrl="https://x.example/"/>', "x < 12", "https://x.example/"),
        ('<outline text="The "Best" News" xmlUrl="https://x.example/"/>', "The", "https://x.example/"),
        ("<outline text=Bare xmlUrl=https://x.example/f />", "Bare", "https://x.example/f"),
        ('<OUTLINE TEXT="T" XMLURL="https://x.example/"/>', "T", "https://x.example/"),
        ('<o:outline text="T" xmlUrl=" https://x.example/ "/>', "T", "https://x.example/"),
        ('<outline type="rss" text="T" url="https://x.example/"/>', "T", "https://x.example/"),
        ('<outline text="T" xmlUrl="feed://x.example/f"/>', "T", "http://x.example/f"),
        ('<outline text="T" xmlUrl="feed:https://x.example/f"/>', "T", "https://x.example/f"),
        (
            '<outline text="&lt;b&gt;&#8217;&nosuch;" xmlUrl="https://x.example/"/>',
            "<b>’&nosuch;",
            "https://x.example/",
        ),
        ('<outline text="a&#10;b\u202e\x1b[31m" xmlUrl="https://x.example/"/>', "a b[31m", "https://x.example/"),
    ],
)
def test_what_programs_and_people_get_wrong_is_read_all_the_same(outline, title, url):
    (feed,) = read(outline).feeds
    assert (feed.title, feed.url) == (title, url)


def test_a_broken_outline_is_a_fault_of_its_own_line_and_the_others_are_read():
    found = read_opml(
        b"<opml>\n"
        b'<outline text="One" xmlUrl="https://1.example/"/>\n'
        b'<outline text="Two" xmlUrl="https://2.example/>\n'
        b'<outline text="Three" type="rss"/>\n'
        b'<outline text="Four" xmlUrl="https://4.example/"/>\n'
    )
    assert [feed.url for feed in found.feeds] == ["https://1.example/", "https://4.example/"]
    assert [line for line, _ in found.faults] == [3, 4]
    assert "quotation mark" in found.faults[0][1]
    assert "“Three” has no address" in found.faults[1][1]


def test_what_is_switched_off_is_counted_and_not_read():
    found = read(
        '<outline isComment="true" text="Old"><outline text="A" xmlUrl="https://a.example/"/></outline>',
        '<outline text="B" isComment="true" xmlUrl="https://b.example/"/>',
        '<outline text="C" isComment="false" xmlUrl="https://c.example/"/>',
    )
    assert ([feed.title for feed in found.feeds], found.commented, found.faults) == (["C"], 2, ())


def test_a_comment_without_an_end_is_told():
    found = read('<outline xmlUrl="https://a.example/"/><!-- <outline xmlUrl="https://b.example/"/>')
    assert len(found.feeds) == 1
    assert "never closed" in found.faults[0][1]


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        (b"", "not OPML"),
        (b"\x00\x01\x02\xff\xfe binary \x00" * 50, "not text"),
        (b"<rss version='2.0'><channel><title>t</title></channel></rss>", "a feed itself"),
        (b"<html><body>x</body></html>", "it begins with <html>"),
        (b"<opml>" + b" " * MAX_BODY, "is the most that is read"),
    ],
)
def test_what_is_no_list_is_one_fault(body, hint):
    ((line, sentence),) = read_opml(body).faults
    assert line == 0
    assert hint in sentence


def test_no_entity_is_expanded():
    bomb = '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    found = read_opml(f'{bomb}<opml><outline text="&b;&f;" xmlUrl="https://x.example/"/></opml>'.encode())
    assert found.feeds[0].title == "&b;&f;"


def test_lists_are_bounded_in_number_and_depth():
    many = read('<outline xmlUrl="https://x.example/"/>' * (MOST + 1))
    assert (len(many.feeds), len(many.faults)) == (MOST, 1)
    deep = read('<outline text="x">' * (MAX_XML_DEPTH + 1), '<outline xmlUrl="https://x.example/"/>')
    assert (len(deep.feeds), len(deep.faults)) == (0, 1)


PIECES = st.sampled_from(
    [
        "<opml>",
        "<outline",
        "</outline>",
        'xmlUrl="',
        "text='",
        '"',
        "'",
        "/>",
        ">",
        "<",
        "&amp;",
        "&#0;",
        "&#xD800;",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "<!DOCTYPE",
        "[",
        "feed:",
        "https://x.example/",
        "=",
        "é",
        "\x00",
    ]
)


@given(st.lists(PIECES).map(" ".join) | st.lists(PIECES).map("".join) | st.text())
def test_nothing_makes_it_raise(text):
    for body in (text.encode("utf-8", "replace"), b"<opml>" + text.encode("utf-16", "replace")):
        found = read_opml(body)
        plan(found, (), (), "outlet", lambda _: None)


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Co", "Cn")), min_size=1)


@given(
    st.lists(st.tuples(WORDS.filter(lambda name: len(name) <= 80), WORDS.map("https://x.example/".__add__)), max_size=3)
)
def test_what_is_written_reads_back_the_same(feeds):
    sources = [Source(id=f"s{n}", kind="feed", name=name, url=url) for n, (name, url) in enumerate(feeds)]
    found = read_opml(write_opml(sources, AT).encode())
    assert [(feed.title, feed.url) for feed in found.feeds] == feeds
    assert found.faults == ()


def test_only_feeds_are_written():
    sources = [
        Source(id="a", kind="folder", name="A", path="a"),
        Source(id="b", kind="feed", name="B", url="https://b.example/", lang="en"),
    ]
    assert '<outline type="rss" text="B" title="B" xmlUrl="https://b.example/" language="en"/>' in write_opml(
        sources, AT
    )
    assert write_opml(sources, AT).count("<outline") == 1
    assert "<dateCreated>Mon, 05 Jan 2026 07:30:00 GMT</dateCreated>" in write_opml(sources, AT)


# Files that no XML parser reads, so that the corpus computes nothing: outlines and feeds as we read them, and why.
DECISIONS = {
    "feedvalidator_errors_invalidCharacters.opml": (1, 0),  # bytes that are no UTF-8: read as Windows-1252
    "feedvalidator_errors_notEncoded.opml": (5, 0),  # & and < in attributes, an entity that nobody declared
    "feedvalidator_errors_notwellformed.opml": (2, 1),  # & in a title: the feed is read
}


def test_lists_are_read_as_other_parsers_read_them(corpora):
    rows = [json.loads(line) for line in (corpora / "opml" / "manifest.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == 39
    for row in rows:
        found, computed = read_opml((corpora / "opml" / row["file"]).read_bytes()), row["computed"]
        expected = (computed["outlines"], computed["xmlurls"]) if computed["wellformed"] else DECISIONS[row["file"]]
        assert (found.outlines, len(found.feeds)) == expected, row["file"]
