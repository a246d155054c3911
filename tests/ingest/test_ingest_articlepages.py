"""Article pages from real servers: text in real workers, pace, limits, and hostile ones that cost only themselves."""

import asyncio
import gzip

import pytest
from servers import FaultServer, bomb, busy, drip, endless, held, missing, raw, redirect, reply, silent, truncated
from wall_pages import NEWS, NOTICE_EN, page, story

from bot.errors import SourceError
from bot.ingest.articlepages import PAUSE, Pages
from bot.ingest.walls import CONSENT
from bot.ingest.workers import ParserPool
from bot.net import Door

WHOLE = page(story(NEWS))


class Time:
    """A clock that only pauses move; every one that was asked for is kept."""

    def __init__(self):
        self.at, self.pauses = 0.0, []

    def __call__(self):
        return self.at

    async def sleep(self, seconds):
        self.pauses.append(round(seconds, 3))
        self.at += seconds


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
async def pages(clock):
    async with ParserPool(pages=True) as pool, Door(user_agent="Presswatch/0.9", allow=["127.0.0.1"]) as door:
        yield Pages(door, pool, clock=clock, sleep=clock.sleep)


def html(body, **more):
    return reply(body, content_type="text/html; charset=utf-8", **more)


async def read(pages, *urls, seconds=30.0, **more):
    """The text of each address, or the sentence that says why there is none."""
    found = await pages.read(urls, seconds=seconds, **more)
    return [str(found[url]) for url in urls]


async def test_the_text_is_the_article_and_nothing_from_around_it(server, pages):
    server["/a"] = html(WHOLE)
    (text,) = await read(pages, server.at("/a"))
    assert text.split("\n\n")[-len(NEWS) :] == list(NEWS)
    assert server.paths() == ["/robots.txt", "/a"]
    assert server.requests[1].headers["accept"].startswith("text/html")


async def test_the_servers_word_on_its_encoding_counts(server, pages):
    body = page(story([text.replace("“", "«").replace("”", "»").replace("’", "'") for text in NEWS]))
    server["/a"] = reply(
        body.replace(' charset="utf-8"', "").encode("cp1252"), content_type="text/html; charset=windows-1252"
    )
    (text,) = await read(pages, server.at("/a"))
    assert "«Nobody has asked us" in text


# ── politeness ───────────────────────────────────────────────────────────────────────────────────


async def test_robots_txt_is_obeyed(server, pages):
    server["/robots.txt"] = "User-agent: *\nDisallow: /private"
    server["/a"] = server["/private"] = html(WHOLE)
    found = await read(pages, server.at("/private"), server.at("/a"))
    assert found[0] == "robots.txt of 127.0.0.1 does not allow it"
    assert NEWS[0] in found[1]
    assert "/private" not in server.paths()


async def test_where_a_redirect_leads_robots_txt_counts_too(server, pages):
    async with FaultServer() as other:
        other["/robots.txt"] = "User-agent: *\nDisallow: /b"
        other["/b"] = html(WHOLE)
        server["/a"] = redirect(other.at("/b"))
        assert await read(pages, server.at("/a")) == ["robots.txt of 127.0.0.1 does not allow it"]
        assert other.paths() == ["/robots.txt"]


async def test_pages_of_one_server_come_one_after_the_other_with_pauses(server, pages, clock):
    for number in range(4):
        server[f"/{number}"] = html(WHOLE)
    found = await read(pages, *(server.at(f"/{number}") for number in range(4)))
    assert all(NEWS[0] in text for text in found)
    assert clock.pauses == [PAUSE] * 3
    assert server.open_most == 1
    assert server.paths() == ["/robots.txt", "/0", "/1", "/2", "/3"]


async def test_a_crawl_delay_is_kept_also_over_polls(server, pages, clock):
    server["/robots.txt"] = "User-agent: *\nCrawl-delay: 7"
    server["/a"] = server["/b"] = server["/c"] = html(WHOLE)
    await read(pages, server.at("/a"), server.at("/b"))
    await read(pages, server.at("/c"))
    assert clock.pauses == [7, 7]


async def test_a_delay_that_takes_too_long_is_not_waited_for_and_not_cut_short(server, pages, clock):
    server["/robots.txt"] = "User-agent: *\nCrawl-delay: 3600"
    server["/a"] = server["/b"] = html(WHOLE)
    found = await read(pages, server.at("/a"), server.at("/b"))
    assert NEWS[0] in found[0]
    assert found[1] == "its turn would not come in time (robots.txt of 127.0.0.1 asks for 3600 s between two pages)"
    assert clock.pauses == []
    assert "/b" not in server.paths()


async def test_servers_do_not_wait_for_each_other(server, pages):
    async with FaultServer() as other:
        go = asyncio.Event()
        server["/a"] = held(go, html(WHOLE))
        other["/a"] = html(WHOLE)
        reading = asyncio.create_task(read(pages, server.at("/a"), other.at("/a")))
        await other.asked(2)
        go.set()
        assert all(NEWS[0] in text for text in await reading)


async def test_a_source_that_has_a_password_tells_it_its_own_server_only(server, pages):
    async with FaultServer() as other:
        server["/a"] = other["/a"] = html(WHOLE)
        server["/moved"] = redirect(other.at("/a"))
        headers = {"Authorization": "Bearer s3cret", "Accept": "application/rss+xml"}
        urls = (server.at("/a"), other.at("/a"), server.at("/moved"))
        await read(pages, *urls, headers=headers, origin=server.at("/feed"))
        assert [request.path for request in server.requests if "authorization" in request.headers] == ["/a", "/moved"]
        assert not any("authorization" in request.headers for request in other.requests)
        assert all("html" in request.headers["accept"] for request in server.requests if request.path == "/a")


# ── the guard ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://user@127.0.0.1/",
        "http://169.254.169.254/latest",
        "http://[::1]/",
        "http://127.1/",
        "nonsense",
    ],
)
async def test_addresses_that_are_not_visited(pages, address):
    (reason,) = await read(pages, address)
    assert reason
    assert not reason.startswith("it was not there")


async def test_neither_a_link_nor_a_redirect_leads_inside(server, pages):
    async with FaultServer(host="127.0.0.2") as inside:
        inside["/a"] = html(WHOLE)
        server["/hop"] = redirect("/hop2")
        server["/hop2"] = redirect(inside.at("/a"), 307)
        found = await read(pages, inside.at("/a"), server.at("/hop"))
        assert inside.connections == 0
    assert "127.0.0.2" in found[0]
    assert "redirects to where we do not go" in found[1]


# ── hostile pages ────────────────────────────────────────────────────────────────────────────────

LARGE = b"<p>" + b"many words. " * 4_500_000
HOSTILE = {
    "a bomb": bomb(200_000_000),
    "layers": bomb(1_000_000, layers=3),
    "50 MB": html(LARGE),
    "50 MB that lie about it": reply(
        gzip.compress(LARGE, 1), content_type="text/html", headers={"Content-Encoding": "gzip"}
    ),
    "no end": endless,
    "broken off": truncated(WHOLE),
    "no HTTP": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "deep nesting": html("<div>" * 100_000 + NEWS[0]),
    "deep tables": html("<table><tr><td>" * 30_000 + NEWS[0]),
    "tags never closed": html("<a href=x " * 200_000),
    "attributes": html("<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">" + NEWS[0]),
    "bytes": html(bytes(range(256)) * 4_000),
    "structured data never closed": html('<script type="application/ld+json">' * 60_000),
    "nested data": html('<script type="application/ld+json">' + "[" * 200_000 + "</script>"),
    "a PDF": reply(b"%PDF-1.7", content_type="application/pdf"),
    "a picture without a type": reply(b"\x89PNG\r\n\x1a\n" + b"\0" * 1_000, content_type=None),
    "nothing": html(""),
    "surrogates": html("<p>" + "\\ud800&#xd800;&#0;" * 1_000),
}


async def test_hostile_pages_cost_their_own_text_only(pages):
    """Each on a server of its own: the page behind it is read all the same, and nobody raises."""
    async with asyncio.timeout(100):
        for name, route in HOSTILE.items():
            async with FaultServer() as server:
                server["/bad"], server["/good"] = route, html(WHOLE)
                found = await pages.read([server.at("/bad"), server.at("/good")], seconds=45)
                bad, good = found[server.at("/bad")], found[server.at("/good")]
                assert isinstance(bad, SourceError), (name, bad)
                assert isinstance(good, str), (name, good)
                assert NEWS[0] in good


@pytest.mark.parametrize("route", [drip(every=0.01, first=b"<html>"), silent])
async def test_a_page_that_never_ends_takes_a_third_of_the_time(server, pages, route):
    server["/bad"], server["/good"] = route, html(WHOLE)
    bad, good = await read(pages, server.at("/bad"), server.at("/good"), seconds=9)
    assert bad in ("127.0.0.1 did not answer within 3 s", bad if "still sending after 3 s" in bad else "")
    assert NEWS[0] in good


async def test_nothing_is_waited_for_beyond_the_time_that_all_have(server, pages):
    server["/a"], server["/b"], server["/c"] = silent, silent, html(WHOLE)
    found = await read(pages, server.at("/a"), server.at("/b"), server.at("/c"), seconds=0.9)
    assert found[0].startswith("127.0.0.1 did not answer")
    assert found[1].startswith(("127.0.0.1 did not answer", "it was not there within"))
    assert found[2].startswith(("127.0.0.1 did not answer", "it was not there within"))
    assert "/c" not in server.paths()


async def test_a_server_in_trouble_is_left_alone_for_this_time(server, pages):
    server["/a"], server["/b"] = busy(429, 30), html(WHOLE)
    assert await read(pages, server.at("/a"), server.at("/b")) == ["127.0.0.1 asks for fewer requests (429)"] * 2
    assert "/b" not in server.paths()


# ── what is said instead ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("route", "reason"),
    [
        (missing, "127.0.0.1 has no such page (404)"),
        (busy(403), "127.0.0.1 does not let us in (403)"),
        (busy(402), "127.0.0.1 does not let us in (402)"),
        (busy(503), "127.0.0.1 is in trouble (503)"),
        (reply("", 204), "127.0.0.1 answered without a page (204)"),
        (reply("x", content_type="application/pdf"), "what stands at its address is no web page (application/pdf)"),
        (html("<p></p>"), "no article was found on its page"),
        (html(page(*NOTICE_EN, chrome=False)), CONSENT),
        (html("<div>" * 400 + "x"), "the page is nested too deeply to be read"),
    ],
)
async def test_reasons_are_for_the_reader_of_an_alert(server, pages, route, reason):
    server["/a"] = route
    assert await read(pages, server.at("/a")) == [reason]


async def test_the_same_address_is_read_once(server, pages):
    server["/a"] = html(WHOLE)
    found = await read(pages, server.at("/a"), server.at("/a"))
    assert found[0] == found[1]
    assert server.paths() == ["/robots.txt", "/a"]


async def test_a_worker_that_dies_costs_its_own_page(server):
    class Dying(ParserPool):
        async def article_text(self, *_):
            return await self._run(eval, b"__import__('os')._exit(3)", what="page")

    server["/a"] = html(WHOLE)
    async with Dying() as pool, Door(user_agent="Presswatch/0.9", allow=["127.0.0.1"]) as door:
        (reason,) = await read(Pages(door, pool), server.at("/a"))
    assert "exit code 3" in reason
    assert "page" in reason
