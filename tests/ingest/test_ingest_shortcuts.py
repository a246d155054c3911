"""Shortcuts taken for what nearly all feeds hold: each gives what the long way gives."""

import re
import sys
import time
import unicodedata
from urllib.parse import urljoin, urlsplit, urlunsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import text
from bot.ingest import dates, fingerprints, htmltext, links
from bot.ingest.parse import parse_bytes
from bot.ingest.plainhtml import simple_text

# ── HTML without a tree ──────────────────────────────────────────────────────────────────────────

TAGS = ["p", "div", "li", "ul", "ol", "h2", "h3", "blockquote", "section", "article", "figure", "header", "main", "a", "b", "i", "em", "span", "strong", "br", "img", "td", "table", "script", "style", "form", "nav", "pre", "option"]  # fmt: skip
PIECES = st.one_of(
    st.sampled_from(TAGS).flatmap(lambda name: st.sampled_from([f"<{name}>", f"</{name}>", f"<{name}/>", f'<{name} class="x">', f"<{name} data-a='b' href=\"c\">"])),
    st.sampled_from(["words", " ", "\n", "\n\n", "a  b", "&amp;", "&nbsp;", "&#8217;", "&#160;", "&#128;", "&notit;", "&bogus;", "&copy", "AT&T", "a & b", "<", ">", "a < b", "<!-- c -->", "é", "日本", "\t", "\r\n", "\x1d", "\x85", "\u2028", '"', "<P>", "<a href=x>", '<a b="c>d">', "<p style='display:none'>", "<p style='color:red'>", "<p style='display&#58;none'>", "<!---->", "<!--->", "<!-- a--->", "<!-- - -->", "<", "<p hidden>", '<a x=b" y="c>', "</br>", "<hr>", "&#x41;", "&AMP;"]),
)  # fmt: skip
NESTED = st.recursive(
    st.lists(PIECES, max_size=3).map("".join),
    lambda inner: st.builds(lambda name, parts: f"<{name}>{''.join(parts)}</{name}>", st.sampled_from(TAGS), st.lists(inner, max_size=4)),
    max_leaves=12,
)  # fmt: skip


def prepared(markup: str) -> str:
    """The markup as html_to_text hands it on."""
    markup = re.sub("[\x1d-\x1f]", " ", markup.replace("\0", ""))
    blocks = any(tag[2].lower() in htmltext._BLOCK_NAMES for tag in htmltext._TAG.finditer(markup))
    return markup if blocks else htmltext._BLANK_LINES.sub(htmltext._PARAGRAPH, markup)


@settings(max_examples=500)
@given(markup=NESTED)
@example(markup="<p>one<p>two</p>three")
@example(markup="<div><p>one</div>two")
@example(markup="<b>1<p>2</b>3</p>4")
@example(markup="<a>1<p>2<a>3</a></p></a>")
@example(markup="<h2>1<h3>2</h3>3</h2>4")
@example(markup="<li>1<li>2</li></li>3")
@example(markup="<ul><li>1</li><li>2</li></ul>")
@example(markup="1</div>2</p>3")
def test_simple_html_reads_as_its_tree_does(markup):
    if "<" in markup:
        assert htmltext.html_to_text(markup) == htmltext._any_text(prepared(markup))


@settings(max_examples=300)
@given(markup=st.one_of(NESTED, st.lists(PIECES).map("".join), st.text()))
@example(markup="<hr>" * 9)
@example(markup="a<hr>b<p>c</p>d<br>e")
@example(markup="<table><td>a<td>b<tr><td>c")
@example(markup="&gt&fjlig;&ngE;&nbsp")
def test_no_markup_shows_more_characters_than_it_has(markup):
    assert len(text.clean(htmltext.html_to_text(markup))) <= len(markup)


SIMPLE = {
    "<p>One &amp; <b>two</b>.</p>\n<p>Three<br/>four &#8217;</p>": "One & two.\n\nThree\nfour ’",
    "<div><h2>A</h2><ul><li>b</li><li>c</li></ul></div>": "A\n\nb\n\nc",
    "<!-- a --><p style='color: red'>b<!-- c -->d</p>": "bd",
    '<a href="https://x.example/?a=1&amp;b">x</a> AT & T <img src="i" alt="no">': "x AT & T",
}
NOT_SIMPLE = ["<p hidden>x</p>", "<p style='display: NONE'>x", "<p style='display&#58; block'>x", "<div>x", "x</div>", "<table></table>", "<!-- x -- y --><p>z</p>", "a < b", "AT&T <b>x</b>", "&#1; <b>x</b>", "<P>x</P>", "<b x=y>z</b>", "<script>x</script>", "<li><li></li></li>", "<h1><h2></h2></h1>", "<b x=a\" y=\"b>c</b>"]  # fmt: skip


@pytest.mark.parametrize(("markup", "shown"), SIMPLE.items())
def test_simple_html_needs_no_tree(markup, shown):
    assert simple_text(markup, "\x1d", "\x1e") is not None
    assert htmltext.html_to_text(markup) == shown


@pytest.mark.parametrize("markup", NOT_SIMPLE)
def test_other_html_gets_a_tree(markup):
    assert simple_text(markup, "\x1d", "\x1e") is None


HOSTILE = ["<b style" + " style" * 200_000, "<a" + " " * 1_000_000, "<a x" * 200_000, "<a" + " x" * 400_000, "<!--" * 200_000, "<!-- -" * 200_000, "<b>&" + "a" * 500_000, "&#1" * 300_000 + "<b>", "<div>" * 100_000, "</p>" * 100_000, "<b a='" + "\"'" * 300_000]  # fmt: skip


@pytest.mark.parametrize("markup", HOSTILE, ids=[markup[:12] for markup in HOSTILE])
def test_hostile_html_is_judged_in_little_time(markup):
    started = time.process_time()
    simple_text(markup, "\x1d", "\x1e")
    assert time.process_time() - started < 3  # tenths of a second on an idle machine


def test_the_texts_of_real_feeds_read_as_their_trees_do(corpora):
    simple = all_of_them = 0
    for path in sorted((corpora / "feeds").rglob("*.xml")):
        try:
            items = parse_bytes(path.read_bytes()).items
        except Exception:  # noqa: BLE001 – what is no feed is tested elsewhere
            continue
        for markup in (part for item in items for part in (item.title, item.summary, item.content) if "<" in part):
            ready = prepared(markup[: htmltext.MAX_HTML])
            assert htmltext.html_to_text(markup) == htmltext._any_text(ready), path.name
            all_of_them += 1
            simple += simple_text(ready, "\x1d", "\x1e") is not None
    assert all_of_them > 100
    assert simple / all_of_them >= 0.5, f"{simple} of {all_of_them} texts are simple"


@given(st.text(st.one_of(st.characters(), st.sampled_from(" \n\t\r\x0b\x1c\x1d\x1e\x1f\x85\xa0\u2028\u3000x"))))
def test_plain_text_is_put_in_order_as_ever(written):
    marked = htmltext._BLANK_LINES.sub("\x1d", re.sub("[\x1d-\x1f]", " ", written))
    paragraphs = (" ".join(part.split()) for part in re.sub(r"[^\S\x1d-\x1f]+", " ", marked).split("\x1d"))
    assert htmltext.plain_to_text(written) == "\n\n".join(part for part in paragraphs if part)
    if "&" not in written and "<" not in written:
        assert htmltext.one_line(written) == " ".join(written.replace("\0", "").split())


# ── characters, words ────────────────────────────────────────────────────────────────────────────


def test_nothing_that_is_taken_out_of_a_text_is_printable():
    every = [chr(point) for point in range(sys.maxunicode + 1)]
    taken = [char for char in every if text._CONTROLS.match(char) or text._LINE_ENDS.match(char) or text._SURROGATES.match(char)]  # fmt: skip
    assert [char for char in taken if char.isprintable()] == []
    assert [char for char in every if char.isprintable() and char.isspace()] == [" "]


def test_what_is_clean_is_the_same_in_ascii():
    for char in map(chr, range(128)):
        assert text.is_clean(char) == text.is_clean(f"é{char}") == (char == "\n" or char.isprintable())


@given(st.text(st.one_of(st.characters(max_codepoint=127), st.characters())))
def test_the_words_of_a_fingerprint_are_the_same_in_ascii(written):
    assert fingerprints._words(written).split() == re.findall(r"\w+", unicodedata.normalize("NFKC", written).casefold())


# ── dates ────────────────────────────────────────────────────────────────────────────────────────

NUMBERS = st.integers(0, 99).map("{:02}".format)
MOMENTS = st.builds(
    lambda y, m, d, h, mi, s, zone, form: form.format(y=y, m=m, d=d, h=h, mi=mi, s=s, zone=zone),
    st.integers(1850, 2250).map("{:04}".format),
    st.sampled_from([f"{number:02}" for number in range(14)]),
    st.integers(0, 32).map("{:02}".format),
    st.integers(0, 25).map("{:02}".format),
    NUMBERS,
    NUMBERS,
    st.one_of(st.sampled_from(["GMT", "UTC", "Z", "EST", "", "+0100", "-05:00", "+14:00", "-1330", "+1260"]), st.builds("{}{}{}".format, st.sampled_from("+-"), NUMBERS, NUMBERS)),
    st.sampled_from(["{y}-{m}-{d}T{h}:{mi}:{s}{zone}", "{y}-{m}-{d}T{h}:{mi}:{s}.123{zone}", "Mon, {d} Aug {y} {h}:{mi}:{s} {zone}", "{d} Feb {y} {h}:{mi}:{s} {zone}", "Sun, {d} Sep {y} {h}:{mi}:{s}{zone}"]),
)  # fmt: skip


@settings(max_examples=400)
@given(MOMENTS)
@example("Mon, 28 Aug 2023 09:30:00 GMT")
@example("2023-08-28T09:30:00+02:00")
@example("Sat, 01 Jan 1900 00:00:00 +0100")
@example("Fri, 31 Dec 2200 23:00:00 -0930")
def test_usual_dates_are_read_as_by_the_other_patterns(written):
    found = dates._usual(" ".join(written.split()))
    assert found is None or found == dates._any(written)
    assert dates.parse_date(written) == dates._any(" ".join(written.split()))


@pytest.mark.parametrize("written", ["Mon, 28 Aug 2023 09:30:00 GMT", "28 Aug 2023 09:30:00 -0730", "2023-08-28T09:30:00Z", "2023-08-28T09:30:00.5+05:30"])  # fmt: skip
def test_these_are_usual(written):
    assert dates._usual(written) == dates._any(written) is not None


# ── addresses ────────────────────────────────────────────────────────────────────────────────────

ADDRESSES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["http://", "https://", "HTTP://", "//", ""]),
    st.sampled_from(["a.example", "www.a.example", "www.com", "www.www.com", "A.example", "1.2.3.4", "a.example:80", "a", "u@a.example", "a..example", ".a.example"]),
    st.text("ab/.%;~@:-_é ", max_size=12).map(lambda path: f"/{path}" if path else ""),
    st.text("?&=;#%/ab_utm", max_size=14).map(lambda query: f"?{query}" if query else ""),
)  # fmt: skip


@settings(max_examples=400)
@given(address=ADDRESSES, base=st.sampled_from(["https://news.example/feed", "http://a.example", "", None]))
@example(address="https://www.a.example/b//c/?utm_source=x&b=1&a=2", base=None)
@example(address="http://a.example?b", base=None)
def test_plain_addresses_are_what_the_long_way_makes_of_them(address, base):
    if links._PLAIN.fullmatch(address):
        assert links.absolute(address, base) == urlunsplit(urlsplit(urljoin(base or "", address))) == address
        assert links.canonical_url(address) == links._canonical(address)


def test_usual_addresses_are_plain():
    assert links._PLAIN.fullmatch("https://www.news.example/2026/11/27/a-title_b.html?utm_source=rss&a=1%20b")
