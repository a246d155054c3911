"""Autodiscovery: which feeds a web page names, whoever wrote it."""

import time

import pytest

from bot.ingest.discover import MOST, linked_feeds
from bot.ingest.workers import ParserPool

URL = "https://gazette.example/news/index.html"


def link(href, kind="application/rss+xml", rel="alternate", title=""):
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def found(html, url=URL, content_type="text/html"):
    body = html if isinstance(html, bytes) else html.encode()
    return [feed.url for feed in linked_feeds(body, content_type, url)]


@pytest.mark.parametrize(
    ("html", "feeds"),
    [
        pytest.param(link("/feed"), ["https://gazette.example/feed"], id="rooted"),
        pytest.param(link("feed.xml"), ["https://gazette.example/news/feed.xml"], id="relative"),
        pytest.param(link("//cdn.example/f"), ["https://cdn.example/f"], id="another-host"),
        pytest.param(f'<base href="/b/">{link("f")}', ["https://gazette.example/b/f"], id="base-relative"),
        pytest.param(
            f'<base href="https://x.example/y/">{link("../f")}', ["https://x.example/f"], id="base-absolute"
        ),
        pytest.param(f'<base href="javascript:1">{link("f")}', ["https://gazette.example/news/f"], id="base-absurd"),
        pytest.param(
            link("/a", "application/atom+xml") + link("/j", "application/feed+json; charset=utf-8"),
            ["https://gazette.example/a", "https://gazette.example/j"],
            id="atom-and-json",
        ),
        pytest.param(link("/f", "Application/RSS+XML", "home ALTERNATE"), ["https://gazette.example/f"], id="case"),
        pytest.param(link("/f") + link("https://www.gazette.example/f/"), ["https://gazette.example/f"], id="twice"),
        pytest.param(f"<body>{link('/f')}</body>", ["https://gazette.example/f"], id="in-the-body"),
        pytest.param(link("/f", "text/html") + link("/s", rel="stylesheet"), [], id="other-links"),
        pytest.param(link("javascript:alert(1)") + link("data:,x") + link("file:///etc/passwd") + link(""), [], id="no-web"),
        pytest.param(f"<!-- {link('/f')} -->", [], id="commented-out"),
        pytest.param('<a href="/feed/">RSS</a> <a href="/x">x</a>', ["https://gazette.example/feed/"], id="usual-place"),
        pytest.param(link("/f") + '<a href="/feed">RSS</a>', ["https://gazette.example/f"], id="head-before-text"),
        pytest.param('<a href="/feedback">write to us</a><a href="/rss-explained">?</a>', [], id="not-quite-usual"),
        pytest.param("", [], id="empty"),
        pytest.param("plain text", [], id="no-page"),
        pytest.param(link("http://[broken"), [], id="broken"),
    ],
)  # fmt: skip
def test_the_feeds_of_a_page(html, feeds):
    assert found(html) == feeds


def test_titles_are_shown_on_one_line_without_control_characters():
    (feed,) = linked_feeds(link("/f", title="A &amp; B\n\u202e\x07 C" + "x" * 200).encode(), None, URL)
    assert feed.title.startswith("A & B C")
    assert len(feed.title) <= 100


def test_another_encoding_is_read_as_it_says():
    html = f'<meta charset="gb18030">{link("/f", title="新闻")}'.encode("gb18030")
    (feed,) = linked_feeds(html, "text/html; charset=gb18030", URL)
    assert feed.title == "新闻"


def test_a_page_with_thousands_of_feeds_names_the_first():
    assert found("".join(link(f"/{number}") for number in range(5_000)))[-1].endswith(f"/{MOST - 1}")


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(link("/f") + "<body>" + "<div>" * 200_000, id="deep"),
        pytest.param("<div>" * 200_000 + link("/f"), id="deep-without-a-head"),
        pytest.param("<link " + "a=b " * 200_000 + ">" + link("/f"), id="attributes"),
        pytest.param("<base href='" + "x" * 1_000_000 + "'>" + link("/f"), id="base"),
        pytest.param("<a href='/x'>" * 100_000, id="links"),
        pytest.param("<" * 1_000_000, id="brackets"),
        pytest.param(b"\0\xff" * 1_000_000, id="bytes"),
    ],
)
def test_a_hostile_page_is_read_in_bounded_time(html):
    started = time.perf_counter()
    assert len(found(html)) <= 1
    assert time.perf_counter() - started < 5


async def test_pages_are_read_in_a_worker():
    async with ParserPool() as pool:
        feeds = await pool.discover(link("/f").encode(), "text/html", URL)
    assert [feed.url for feed in feeds] == ["https://gazette.example/f"]
