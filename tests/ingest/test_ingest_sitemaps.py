"""News sitemaps: what is read of them, and a poll of one against a real server on loopback."""

import contextlib
import gzip
import html
import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import FaultServer, feed, page, redirect, reply

from bot.errors import Gone, NotAFeed, Refused, SourceError, TooLarge, Unreachable, Unreadable
from bot.ingest import feeds, sitemaps
from bot.ingest.discover import MOST, linked_sitemaps
from bot.ingest.limits import MAX_ITEMS
from bot.ingest.parse import parse_bytes, read_bytes
from bot.ingest.trail import Marks, dumps, loads
from bot.model import Source
from bot.net import Door

HERE = "https://gazette.example/sitemap-news.xml"
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def entry(number, title=None, *, date="2023-08-28T09:30:00-04:00", lang="en", name="The Gazette", more="", at=""):
    news = (
        f"<news:news><news:publication><news:name>{name}</news:name><news:language>{lang}</news:language>"
        f"</news:publication><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{f'Story {number}' if title is None else title}</news:title></news:news>"
    )
    return f"<url><loc>{at}/story/{number}</loc>{news}{more}</url>"


def sitemap(*entries, spaces=SPACES):
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {spaces}>{"".join(entries)}</urlset>'


def index(*children):
    rows = (child if isinstance(child, tuple) else (child, "") for child in children)
    listed = "".join(
        f"<sitemap><loc>{html.escape(url)}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>"
        for url, at in rows
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'


def parsed(text):
    return parse_bytes(text if isinstance(text, bytes) else text.encode(), None, HERE)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────


def test_an_entry_becomes_an_article_with_title_link_date_and_language():
    (article,) = read_bytes(sitemap(entry(1, "Talks &amp; tariffs")).encode(), None, HERE, SOURCE).articles
    assert (article.title, article.body, article.text_seen) == ("Talks & tariffs", "", "title")
    assert article.url == "https://gazette.example/story/1"
    assert (article.key, article.key_kind) == (article.url, "link")
    assert article.published_at == datetime(2023, 8, 28, 13, 30, tzinfo=UTC)
    assert (article.published_raw, article.date_origin) == ("2023-08-28T09:30:00-04:00", "published")
    assert article.lang == "en"


def test_the_sitemap_is_called_as_its_publication_and_others_in_it_are_outlets():
    feed = parsed(sitemap(entry(1), entry(2), entry(3, name="The Sunday Gazette")))
    assert (feed.kind, feed.title) == ("sitemap", "The Gazette")
    assert [item.outlet for item in feed.items] == ["", "", "The Sunday Gazette"]
    articles = read_bytes(sitemap(entry(1), entry(2), entry(3, name="A &amp; B")).encode(), None, HERE, SOURCE).articles
    assert [article.outlet for article in articles] == ["", "", "A & B"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(sitemap(entry(1)).replace("news:", "n:").replace("xmlns:n=", "xmlns:n="), id="another-prefix"),
        pytest.param(sitemap(entry(1), spaces=""), id="no-namespace"),
        pytest.param(sitemap(entry(1)).replace("urlset", "sm:urlset").replace("url>", "sm:url>"), id="prefixed-root"),
        pytest.param(sitemap(entry(1, "<![CDATA[Story 1]]>")), id="cdata"),
        pytest.param(sitemap(entry(1, "\n  Story 1\n  ")), id="white-space"),
        pytest.param(
            sitemap(entry(1, more="<image:image><image:title>Photo</image:title></image:image>")), id="image-title"
        ),
        pytest.param(sitemap("<url><loc>/about</loc></url>", entry(1)), id="beside-a-plain-entry"),
        pytest.param(sitemap(entry(1)).replace("/story/1", "/story/1"), id="relative"),
        pytest.param(sitemap(entry(1)) + "<!-- end -->", id="comment-behind"),
        pytest.param("\ufeff\n<!DOCTYPE x [<!ENTITY a 'b'>]>" + sitemap(entry(1))[39:], id="doctype"),
        pytest.param(sitemap(entry(1)) + "<urlset>", id="rubbish-behind"),
        pytest.param(sitemap(entry(1), "<url><loc>/x</loc><news:news><news:title>cut"), id="breaks-off"),
    ],
)
def test_sitemaps_as_they_are_written(text):
    feed = parsed(text)
    assert [(item.title, item.link) for item in feed.items] == [("Story 1", "https://gazette.example/story/1")]
    assert feed.refused == ()


def test_an_address_with_a_bare_ampersand_is_read():
    text = sitemap(entry(1)).replace("/story/1<", "/story?a=1&b=2&amp;c=3&copy=4<")
    assert parsed(text).items[0].link == "https://gazette.example/story?a=1&b=2&c=3&copy=4"
    assert parsed(sitemap(entry(1, "<![CDATA[A & B]]>"))).items[0].title == "A &amp; B"


def test_titles_with_markup_are_text():
    (article,) = read_bytes(
        sitemap(entry(1, "&lt;script&gt;alert(1)&lt;/script&gt; Mead &amp;amp; ale\u202e")).encode(),
        None,
        HERE,
        SOURCE,
    ).articles
    assert article.title == "<script>alert(1)</script> Mead & ale"


@pytest.mark.parametrize("date", ["2023-08-28", "2023-08-28T09:30Z", "2023-08-28T09:30:00.5+08:00"])
def test_dates_as_the_protocol_allows_them(date):
    assert parsed(sitemap(entry(1, date=date))).items[0].published_at is not None


def test_a_date_that_is_none_is_not_invented():
    (item,) = parsed(sitemap(entry(1, date="soon", more="<lastmod>2023-08-29</lastmod>"))).items
    assert (item.published_raw, item.published_at) == ("soon", None)
    assert item.updated_at == datetime(2023, 8, 29, tzinfo=UTC)


def test_an_article_without_title_is_refused_and_counted():
    found = read_bytes(sitemap(entry(1), entry(2, "")).encode(), None, HERE, SOURCE)
    assert ([article.title for article in found.articles], found.fetched) == (["Story 1"], 2)
    assert [(refusal.name, "news:title" in refusal.reason) for refusal in found.refused] == [("/story/2", True)]


def test_a_news_sitemap_without_news_is_empty_and_no_fault():
    assert parsed(sitemap()).items == ()
    assert parsed(sitemap(spaces="")).items == ()
    assert parsed(sitemap("<url><loc>/about</loc></url>")).items == (), "it declares news, which have grown old"


@pytest.mark.parametrize(
    "text",
    [
        sitemap("<url><loc>/about</loc><lastmod>2023-08-28</lastmod></url>", spaces=""),
        sitemap(entry(1, ""), entry(2, "")),
        sitemap("<url><loc>/a</loc><image:image><image:title>x</image:title></image:image></url>", spaces=""),
    ],
)
def test_a_sitemap_of_pages_is_no_news_sitemap_and_says_what_to_look_for(text):
    with pytest.raises(NotAFeed, match=r"not a news sitemap.*Look for the site's feed"):
        parsed(text)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"<urlset", Unreadable),
        (b"<urlset>", Unreadable),
        (b"<urlset><url", Unreadable),
        (b"<sitemapindex><sitemap><", Unreadable),
        (sitemap("<a>" * 300).encode(), TooLarge),
        (sitemap(*[entry(n) for n in range(MAX_ITEMS + 1)]).encode(), TooLarge),
        (gzip.compress(sitemap(entry(1)).encode(), mtime=0)[:20] + b"\0" * 40, SourceError),
        (gzip.compress(b" " * 11_000_000, mtime=0), TooLarge),
        (gzip.compress(b" " * 6_000_000, mtime=0) * 2, TooLarge),
        (gzip.compress(sitemap(*map(entry, range(50))).encode(), mtime=0)[:-60], Unreadable),
        (gzip.compress(b" ", mtime=0) * 200, Unreadable),
        (b"\x1f\x8b\x08" + b"\xff" * 100, Unreadable),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_what_cannot_be_read_is_a_source_error(body, error):
    with pytest.raises(error):
        parsed(body)


def test_a_gzip_file_is_unpacked():
    whole = sitemap(entry(1)).encode()
    for packed in (gzip.compress(whole), gzip.compress(whole[:90]) + gzip.compress(whole[90:]) + b"rubbish"):
        assert [item.title for item in parsed(packed).items] == ["Story 1"]


def test_an_index_lists_its_sitemaps():
    feed = parsed(index(("https://gazette.example/news.xml?a=1&b=2", "2023-08-28"), "/b.xml", "javascript:x"))
    assert (feed.kind, feed.items) == ("sitemapindex", ())
    assert [(child.url, child.at and child.at.day) for child in feed.children] == [
        ("https://gazette.example/news.xml?a=1&b=2", 28),
        ("https://gazette.example/b.xml", None),
    ]


@given(st.text(alphabet='<>/urlsetnwi:mapxod="& ;#0123456789[]!-CDAT\n'), st.booleans())
def test_any_text_behind_the_first_element_is_a_feed_or_a_source_error(text, listing):
    with contextlib.suppress(SourceError):
        parsed(f"<{'sitemapindex' if listing else 'urlset'}>{text}")


@pytest.mark.parametrize(
    "text",
    [
        "<urlset>" + "<url>" * 200_000,
        "<urlset>" + "<![CDATA[" * 200_000,
        "<urlset>" + "&" * 1_000_000,
        "<urlset>" + "&a" * 500_000 + ";",
        "<urlset " + "a='b' " * 200_000 + "/>",
        sitemap(entry(1, "x" * 5_000_000)),
        "<sitemapindex>" + "<sitemap><loc>/a</loc></sitemap>" * 50_000,
    ],
    ids=lambda value: value[:16] + str(len(value)),
)
def test_hostile_sitemaps_cost_bounded_time(text):
    started = time.process_time()
    with contextlib.suppress(SourceError):
        read_bytes(text.encode(), None, HERE, SOURCE)
    assert time.process_time() - started < 5


# ── which sitemaps of a list ─────────────────────────────────────────────────────────────────────

SOURCE = Source(id="gazette", kind="sitemap", name="Gazette", url=HERE)


def chosen(*children, base="https://www.gazette.example/index.xml"):
    return sitemaps.chosen(parse_bytes(index(*children).encode(), None, base).children, base)


def test_those_that_call_themselves_news_come_before_all_others():
    assert chosen("/posts.xml", "/sitemap-News-1.xml", "/s.xml?type=news") == [
        "https://www.gazette.example/sitemap-News-1.xml",
        "https://www.gazette.example/s.xml?type=news",
    ]
    assert chosen("https://news.gazette.example/a.xml", "/b.xml", base="https://gazette.example/i") == [
        "https://news.gazette.example/a.xml",
        "https://gazette.example/b.xml",
    ], "a host's name says nothing of its sitemaps"


def test_the_newest_are_read_and_not_more_than_a_few():
    many = [(f"/news-{n}.xml", f"2023-08-{n:02}") for n in range(1, 29)]
    found = chosen(*many, "/news-undated.xml")
    assert found[0] == "https://www.gazette.example/news-28.xml"
    assert len(found) == sitemaps.MOST


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/news.xml",
        "https://www.gazette.example.evil.example/news.xml",
        "https://notgazette.example/news.xml",
        "https://example/news.xml",
        "http://169.254.169.254/news.xml",
        "http://[::1]/news.xml",
        "https://gazette.example@evil.example/news.xml",
    ],
)
def test_sitemaps_of_another_site_are_not_visited(url):
    with pytest.raises(NotAFeed, match="none of them is of its own site"):
        chosen(url)
    assert chosen(url, "http://gazette.example/news.xml") == ["http://gazette.example/news.xml"]


# ── what is remembered ───────────────────────────────────────────────────────────────────────────


def test_a_trail_is_read_back_and_nothing_else_is_one():
    marks = {"https://a.example/x": Marks('"1"', None, "d", news=True), "https://b.example/": Marks()}
    assert loads(dumps(marks)) == marks
    for text in (None, "", '"abc"', 'W/"1"', "{", "[]", "1", '{"sitemaps": 1}', '{"sitemaps": {"a": [1, 2, 3, 4]}}'):
        assert loads(text) == {}
    assert loads('{"sitemaps": {"a": [null, null, null]}}') == {}
    assert loads("[" * 100_000) == {}


# ── polling ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def poll(server, door, pool):
    """A poll that passes in what the last one said."""
    last = []

    async def once(path="/s.xml", **more):
        before = last[-1] if last else None
        kept = {name: getattr(before, name) for name in ("etag", "last_modified", "body_hash")} if before else {}
        server.requests.clear()
        source = Source(id="g", kind="sitemap", name="G", url=server.at(path), headers=more.pop("headers", {}))
        last.append(await sitemaps.poll(door, pool, source, **kept, **more))
        return last[-1]

    return once


def titles(polled):
    return [article.title for article in polled.articles]


async def test_a_news_sitemap_is_polled_like_a_feed(server, poll):
    server["/s.xml"] = feed(sitemap(entry(1), entry(2)), etag='"1"', headers={"Cache-Control": "max-age=300"})
    first = await poll()
    assert (first.status, first.title, first.fetched, titles(first)) == ("ok", "The Gazette", 2, ["Story 1", "Story 2"])
    assert (first.etag, first.max_age) == ('"1"', 300)
    assert first.articles[0].url == server.at("/story/1")
    server["/s.xml"] = reply(b"", 304, None)
    second = await poll()
    assert (second.status, second.etag, server.requests[0].headers["if-none-match"]) == ("unchanged", '"1"', '"1"')
    server["/s.xml"] = sitemap(entry(1), entry(2))
    assert (await poll()).status == "unchanged", "another ETag, the same bytes"
    server["/s.xml"] = sitemap(entry(2), entry(3))
    assert titles(await poll()) == ["Story 2", "Story 3"]


async def test_a_list_leads_to_its_news_sitemaps(server, poll):
    server["/s.xml"] = index(
        server.at("/news-a.xml"), server.at("/pages.xml"), "https://evil.example/news.xml", "/news-b.xml"
    )
    server["/news-a.xml"], server["/news-b.xml"] = sitemap(entry(1), entry(2)), sitemap(entry(2), entry(3))
    polled = await poll()
    assert server.paths() == ["/s.xml", "/news-a.xml", "/news-b.xml"]
    assert (titles(polled), polled.fetched, polled.title) == (["Story 1", "Story 2", "Story 3"], 4, "The Gazette")
    assert (polled.faults, polled.joined) == ((), False)


async def test_each_sitemap_of_a_list_is_asked_for_conditionally(server, poll):
    server["/s.xml"] = [feed(index("/news-a.xml", "/news-b.xml"), etag='"i"'), reply(b"", 304, None)]
    server["/news-a.xml"] = [feed(sitemap(entry(1)), etag='"a"'), reply(b"", 304, None)]
    server["/news-b.xml"] = [sitemap(entry(2)), sitemap(entry(2)), sitemap(entry(9))]
    assert titles(await poll()) == ["Story 1", "Story 2"]
    second = await poll()
    assert (second.status, second.articles) == ("unchanged", ())
    assert [request.headers.get("if-none-match") for request in server.requests] == ['"i"', '"a"', None]
    third = await poll()
    assert (third.status, titles(third), third.joined) == ("ok", ["Story 9"], True)


async def test_a_new_sitemap_in_the_list_is_read(server, poll):
    server["/s.xml"] = [index("/news-1.xml"), index("/news-2.xml", "/news-1.xml")]
    server["/news-1.xml"], server["/news-2.xml"] = sitemap(entry(1)), sitemap(entry(2))
    assert titles(await poll()) == ["Story 1"]
    second = await poll()
    assert (second.status, titles(second), second.joined) == ("ok", ["Story 2"], True)
    assert (await poll()).status == "unchanged"


async def test_sitemaps_of_pages_are_passed_over_and_not_asked_again(server, poll):
    server["/s.xml"] = index("/posts.xml", "/latest.xml")
    server["/posts.xml"] = sitemap("<url><loc>/a</loc></url>", spaces="")
    server["/latest.xml"] = sitemap(entry(1))
    assert (titles(first := await poll()), first.faults) == (["Story 1"], ())
    assert (await poll()).status == "unchanged"
    assert server.paths() == ["/s.xml", "/latest.xml"]


async def test_a_news_sitemap_that_holds_none_for_a_while_is_asked_again(server, poll):
    plain = sitemap("<url><loc>/a</loc></url>", spaces="")
    server["/s.xml"] = index("/news-a.xml", "/news-b.xml", "/news-c.xml")
    server["/news-a.xml"] = sitemap(entry(1))
    server["/news-b.xml"] = [sitemap(entry(2)), plain, plain, sitemap(entry(4))]
    server["/news-c.xml"] = [plain, plain, sitemap(entry(3))]
    assert [titles(await poll()) for _ in range(4)] == [["Story 1", "Story 2"], [], ["Story 3"], ["Story 4"]]


async def test_a_list_without_news_is_told(server, poll):
    server["/s.xml"] = index("/posts.xml", "/list.xml")
    server["/posts.xml"] = sitemap("<url><loc>/a</loc></url>", spaces="")
    server["/list.xml"] = index("/more.xml")
    with pytest.raises(NotAFeed, match="none of the sitemaps that the list names is a news sitemap"):
        await poll()
    assert "/more.xml" not in server.paths(), "a list within a list"


async def test_a_first_poll_is_whole_or_none(server, poll):
    server["/s.xml"] = index("/news-a.xml", "/news-b.xml")
    server["/news-a.xml"], server["/news-b.xml"] = sitemap(entry(1)), reply(b"", 503)
    with pytest.raises(Unreachable):
        await poll()


async def test_a_sitemap_that_fails_later_is_a_fault_and_the_others_go_on(server, poll):
    server["/s.xml"] = feed(index("/news-a.xml", "/news-b.xml"), etag='"i"')
    server["/news-a.xml"] = [sitemap(entry(1)), sitemap(entry(1), entry(3)), sitemap(entry(1), entry(3))]
    server["/news-b.xml"] = [sitemap(entry(2)), reply(b"", 503), sitemap(entry(2), entry(4))]
    await poll()
    second = await poll()
    assert (second.status, titles(second)) == ("ok", ["Story 1", "Story 3"])
    assert len(second.faults) == 1
    assert second.faults[0].startswith(server.at("/news-b.xml"))
    third = await poll()
    assert server.requests[0].headers.get("if-none-match") is None, "the list is read again, or it would stay away"
    assert (titles(third), third.faults) == (["Story 2", "Story 4"], ())


async def test_credentials_stay_with_the_sources_own_origin(server, door, pool):
    async with FaultServer() as other:
        server["/s.xml"] = index(server.at("/news-a.xml"), other.at("/news-b.xml"))
        server["/news-a.xml"], other["/news-b.xml"] = sitemap(entry(1)), sitemap(entry(2))
        async with Door(user_agent="test", allow=["127.0.0.1"]) as wide:
            source = Source(
                id="g", kind="sitemap", name="G", url=server.at("/s.xml"), headers={"Authorization": "Bearer canary"}
            )
            assert len((await sitemaps.poll(wide, pool, source)).articles) == 2
        assert [request.headers.get("authorization") for request in server.requests] == ["Bearer canary"] * 2
        assert [request.headers.get("authorization") for request in other.requests] == [None]


@pytest.mark.parametrize(
    ("route", "error"),
    [
        pytest.param(page(), NotAFeed, id="a page"),
        pytest.param("<rss version='2.0'><channel><title>x</title></channel></rss>", NotAFeed, id="a feed"),
        pytest.param(reply(b""), NotAFeed, id="nothing"),
        pytest.param(reply(b"", 404), Gone, id="gone"),
        pytest.param(index("https://evil.example/news.xml"), NotAFeed, id="a list of another site's"),
        pytest.param(index(), NotAFeed, id="an empty list"),
        pytest.param(sitemap("<url><loc>/a</loc></url>", spaces=""), NotAFeed, id="a sitemap of pages"),
    ],
)
async def test_every_trouble_is_a_source_error(server, poll, route, error):
    server["/s.xml"] = route
    with pytest.raises(error):
        await poll()


async def test_a_feed_and_a_sitemap_are_not_taken_for_one_another(server, door, pool, poll):
    server["/s.xml"] = sitemap(entry(1))
    with pytest.raises(NotAFeed, match='write kind = "sitemap"'):
        await feeds.poll(door, pool, Source(id="g", kind="feed", name="G", url=server.at("/s.xml")))
    server["/f"] = "<rss version='2.0'><channel><title>x</title><item><title>y</title></item></channel></rss>"
    with pytest.raises(NotAFeed, match='remove kind = "sitemap"'):
        await poll("/f")


async def test_a_source_without_address_is_refused(door, pool):
    with pytest.raises(Refused, match="has no url"):
        await sitemaps.poll(door, pool, Source(id="g", kind="sitemap", name="G"))


async def test_a_list_that_redirects_is_read_where_it_leads(server, poll):
    server["/s.xml"] = redirect("/new/s.xml", 301)
    server["/new/s.xml"] = index("news.xml")
    server["/new/news.xml"] = sitemap(entry(1))
    polled = await poll()
    assert (titles(polled), polled.permanent_url) == (["Story 1"], server.at("/new/s.xml"))


# ── robots.txt ───────────────────────────────────────────────────────────────────────────────────


def test_the_sitemaps_that_robots_txt_names_news_first():
    robots = "User-agent: *\nDisallow: /\nSitemap: /pages.xml\n  SITEMAP :https://x.example/news.xml # new\nsitemap:\nSitemap: javascript:x\n"
    assert linked_sitemaps(robots.encode(), "https://g.example/robots.txt") == (
        "https://x.example/news.xml",
        "https://g.example/pages.xml",
    )
    assert linked_sitemaps(b"\xff\xfe\0" * 100_000, "https://g.example/robots.txt") == ()
    many = "\n".join(f"Sitemap: /{n}" for n in range(1_000))
    assert len(linked_sitemaps(many.encode(), "https://g.example/robots.txt")) == MOST
    assert json.dumps(linked_sitemaps(b"<html>Sitemap: /x</html>", "https://g.example/")) == "[]"
