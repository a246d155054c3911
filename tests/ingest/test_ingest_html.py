"""HTML to the text a reader sees, and feed XML made safe."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.htmltext import MAX_DEPTH, html_to_text, one_line
from bot.ingest.markup import mend, rescue, root, too_deep
from bot.ingest.workers import CPU


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>export</b> control", "export control"),
        ("ex<i>port</i> con<wbr>trol", "export control"),
        ("<a href='x'>unverified</a>\n<em>list</em>", "unverified list"),
        ("<p>one</p><p>two <i>three</i></p>four", "one\n\ntwo three\n\nfour"),
        ("<div><div>a</div></div>b", "a\n\nb"),
        ("a<br>b<br/><br>c", "a\nb\n\nc"),
        ("<ul><li>a<li>b</ul>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
        ("AT&amp;T &lt;b&gt; 5 < 6 &nbsp; x", "AT&T <b> 5 < 6 x"),
        ("<script>alert(1)</script><style>p{}</style>seen<noscript>no</noscript>", "seen"),
        ("<!-- hidden --><!channel>seen", "seen"),
        ("<html><head><title>no</title></head><body><h1>yes</h1></body></html>", "yes"),
        ("plain\ntext\n\nwith &amp; a gap", "plain text\n\nwith & a gap"),
        ("<i>marked</i> text\n\nwith a gap", "marked text\n\nwith a gap"),
        ("<p>a\n\nb</p>", "a b"),
        ("<p>un\0seen \x1d\x1e</p>", "unseen"),
        ("", ""),
        ("<", "<"),
    ],
)
def test_visible_text(markup, text):
    assert html_to_text(markup) == text


@pytest.mark.parametrize(
    "unseen",
    [
        "<nav>Tariffs China</nav>",
        "<header><nav><ul><li>Tariffs</ul></nav></header>",
        "<nav>Tariffs<nav hidden>China<form>x</form></nav></nav>",
        "<footer><p>Tariffs</p></footer>",
        "<aside>Tariffs</aside>",
        "<form><label>Tariffs</label><input><p>China</p></form>",
        "<noscript>Tariffs</noscript>",
        "<template><p>Tariffs</p></template>",
        "<p hidden>Tariffs</p>",
        "<div style='color: red; display : NONE'><p>Tariffs</p></div>",
        "<span style='visibility:hidden'>Tariffs</span>",
        "<dialog><p>Tariffs</p></dialog>",
    ],
)
def test_what_is_not_the_article_is_left_out(unseen):
    page = f"<html><body><header><h1>Head</h1></header>{unseen}<main><p>Text</p></main></body></html>"
    assert html_to_text(page) == "Head\n\nText"
    assert html_to_text(f"{unseen}<p>Text</p>") == "Text"


@pytest.mark.parametrize(
    "seen",
    [
        "<header>Words</header>",
        "<p style='display:block'>Words</p>",
        "<dialog open>Words</dialog>",
        "<details><summary>Words</summary></details>",
        "<p aria-hidden='false'>Words</p>",
        "<form id='aspnetForm'><main>Words</main></form>",
        "<form><div><h1>Words</h1></div></form>",
    ],
)
def test_what_belongs_to_it_stays(seen):
    assert html_to_text(f"{seen}<p>Text</p>") == "Words\n\nText"


def test_a_form_around_the_whole_page_is_the_page():
    text = html_to_text("<a>Skip</a><form><nav>Tariffs</nav><p>One</p><p>Two</p><p>Three</p></form>")
    assert text.split() == ["Skip", "One", "Two", "Three"]


@pytest.mark.parametrize(
    "page",
    [
        "<nav>Only this</nav>",
        "<body style='display:none'><p>Only this</p><script>no</script></body>",
        "<form><div>Only this</div></form><noscript>no</noscript>",
        "<html hidden><div hidden><aside>Only this</aside></div></html>",
    ],
)
def test_a_page_of_nothing_else_is_read_whole(page):
    assert html_to_text(page) == "Only this"


def test_a_title_is_one_line():
    assert one_line("<p>Export\n controls</p><p>&amp; tariffs</p>") == "Export controls & tariffs"


HOSTILE = {
    "nested": "<div>" * 80_000,
    "nested and closed with slash": "<div/>" * 50_000,
    "unclosed marks": "<b>" * 100_000,
    "closing what is not open": "<b></i>" * 50_000,
    "one tag of attributes": "<div " + " ".join(f"a{n}=b" for n in range(40_000)) + ">x",
    "one closing tag that never ends": "</item " * 60_000,
    "comments": "<!--" * 80_000,
    "angles": "<" * 400_000,
    "boilerplate in boilerplate": ("<nav>" * 90 + "x" + "</nav>" * 90) * 2_000,
    "hidden side by side": "<p hidden style='display:none'>x</p>" * 50_000,
    "forms full of paragraphs": ("<form>" + "<p>x<p>y" * 20 + "</form>") * 3_000,
    "one form full of headings that never come": "<form>" + "<b>x</b>" * 100_000,
    "marks around paragraphs": "<b>" * 150 + "<p>x</p>" * 30_000,
    "line feeds": "<p>" + "\n" * 400_000,
    "spaces and line feeds": "x" + " \n" * 200_000 + "x",
}


@pytest.mark.parametrize("shape", HOSTILE.values(), ids=HOSTILE)
def test_hostile_markup_is_read_within_a_workers_limits(shape):
    started = time.process_time()
    html_to_text(shape)
    assert time.process_time() - started < CPU  # 0.05–0.3 s when this was written, 17 s without the caps


def test_too_deep_markup_still_gives_its_text():
    text = html_to_text("<div>" * (MAX_DEPTH + 1) + "<script>x</script>Huawei &amp; <b>ZTE</b>")
    assert "Huawei & ZTE" in " ".join(text.split())


@pytest.mark.parametrize(
    "markup", ["<b><frameset><body>", "<html><p/><frameset>words", "<html><frameset></frameset></html>", "<a><head>"]
)
def test_a_frameset_takes_the_place_of_the_body_and_has_no_text(markup):
    assert html_to_text(markup) == ""


@given(st.text(alphabet="<>/!-&;ab \n\"'=ptdiv\x1d\x1e\x1f\0"))
def test_any_markup_gives_tidy_text(markup):
    text = html_to_text(markup)
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "  " not in text
    assert not set("\x1d\x1e\x1f\0") & set(text)


@given(st.lists(st.text(alphabet="abc é华", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_paragraphs_come_back(paragraphs):
    paragraphs = [" ".join(paragraph.split()) for paragraph in paragraphs]
    assert html_to_text("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)).split("\n\n") == paragraphs


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<rss>", "rss"),
        ('<?xml version="1.0"?>\n<!-- <rss> --><rdf:RDF x="y">', "rdf:RDF"),
        ('<!DOCTYPE rss [<!ENTITY a "<feed>">]><rss>', "rss"),
        ("<!DOCTYPE rss PUBLIC 'x'><?pi <feed> ?><rss/>", "rss"),
        ("<!DOCTYPE " * 9, ""),
        ("<!-- never closed <rss>", ""),
        ("no markup", ""),
        ("", ""),
    ],
)
def test_the_first_element(text, name):
    found, start = root(text)
    assert found == name
    assert not name or text[start:].startswith("<" + name)


def test_a_feed_behind_a_programs_warning_is_found_but_not_one_within_a_page():
    noisy = "<br />\n<b>Warning</b>: x in y<br />\n<rss version='2.0'>"
    assert noisy[rescue(noisy) :] == "<rss version='2.0'>"
    assert rescue("<!doctype html><html><pre><rss version='2.0'>") == -1


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("&eacute;&nbsp;&lt;&amp;eacute;", "é\xa0&lt;&amp;eacute;"),
        ("&unheardof; &#x41; &#65;", "&amp;unheardof; &#x41; &#65;"),
        ("&#0; &#xD800; &#x1F; &#1114112;", "\ufffd \ufffd \ufffd \ufffd"),
        ("&#" + "9" * 5_000 + ";", "\ufffd"),
        ("it&#146;s", "it’s"),
        ("a\x00\x0b\ud800\uffffb\tc", "ab\tc"),
        ("a" + "\n" * 100_000 + "b" + " " * 50 + "c", "a\n\nb c"),
    ],
)
def test_mending(text, mended):
    assert mend(text) == mended


def test_depth_counts_what_is_open_at_once():
    assert not too_deep("<a><b/></a>" * 50, 2, xml=True)
    assert too_deep("<a>" * 11, 10, xml=True)
    assert not too_deep("<a>" * 10, 10, xml=True)
    assert not too_deep("<![CDATA[" + "<a>" * 50 + "]]>", 10, xml=True)
    assert too_deep("<![CDATA[" + "<a>" * 50 + "]]>", 10, xml=False)
    assert not too_deep("<!--" + "<a>" * 50 + "-->", 10, xml=True)
    assert not too_deep("<br><p><li>" * 50, 10, xml=True)
    assert too_deep("<a/>" * 50, 10, xml=False)
