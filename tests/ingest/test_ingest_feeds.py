"""One poll of a feed against a real server on loopback."""

import pytest
from servers import drip, feed, hang_up, page, redirect, reply

from bot.errors import NotAFeed, Refused, SourceError, Unreachable
from bot.ingest import feeds
from bot.ingest.workers import ParserPool
from bot.model import Source

ITEM = "<item><guid>{0}</guid><link>/story/{0}</link><title>Story {0}</title><description>Text</description></item>"


def rss(*numbers):
    items = "".join(ITEM.format(number) for number in numbers)
    return f"<rss version='2.0'><channel><title>News</title><ttl>60</ttl>{items}</channel></rss>"


def source(server, path="/feed", **changes):
    return Source(id="news", kind="feed", name="News", url=server.at(path), **changes)


async def test_a_feed_becomes_articles(server, door, pool):
    server["/feed"] = feed(
        rss(1, 2), etag='"1"', last_modified="Mon, 28 Aug 2023 12:00:00 GMT", headers={"Cache-Control": "max-age=300"}
    )
    polled = await feeds.poll(door, pool, source(server))
    assert (polled.status, polled.title, polled.fetched) == ("ok", "News", 2)
    assert [article.title for article in polled.articles] == ["Story 1", "Story 2"]
    assert polled.articles[0].url == server.at("/story/1")
    assert (polled.etag, polled.last_modified) == ('"1"', "Mon, 28 Aug 2023 12:00:00 GMT")
    assert (polled.ttl, polled.max_age) == (3_600, 300)
    assert polled.body_hash
    assert "application/rss+xml" in server.requests[0].headers["accept"]


async def test_304_is_unchanged_and_keeps_what_was_known(server, door, pool):
    server["/feed"] = feed(rss(1), etag='"1"')
    first = await feeds.poll(door, pool, source(server))
    server["/feed"] = reply(b"", 304, None)
    polled = await feeds.poll(door, pool, source(server), etag=first.etag, last_modified="x", body_hash=first.body_hash)
    assert (polled.status, polled.articles) == ("unchanged", ())
    assert (polled.etag, polled.last_modified, polled.body_hash) == ('"1"', "x", first.body_hash)


async def test_a_body_seen_before_is_not_parsed(server, door):
    server["/feed"] = [feed(rss(1)), feed(rss(1)), feed(rss(1, 2))]
    async with ParserPool() as pool:
        first = await feeds.poll(door, pool, source(server))
    async with ParserPool() as untouched:
        second = await feeds.poll(door, untouched, source(server), body_hash=first.body_hash)
        assert (second.status, second.body_hash, untouched.started) == ("unchanged", first.body_hash, False)
        third = await feeds.poll(door, untouched, source(server), body_hash=first.body_hash)
        assert (third.status, len(third.articles)) == ("ok", 2)


async def test_links_are_resolved_against_the_address_that_answered(server, door, pool):
    server["/feed"] = redirect("/new/feed", 301)
    server["/new/feed"] = feed(rss(1).replace("/story/", "story/"))
    polled = await feeds.poll(door, pool, source(server))
    assert polled.articles[0].url == server.at("/new/story/1")
    assert polled.permanent_url == server.at("/new/feed")


async def test_a_sources_own_headers_are_sent(server, door, pool):
    server["/feed"] = feed(rss(1))
    await feeds.poll(door, pool, source(server, headers={"X-Key": "k", "Accept": "text/xml"}))
    headers = server.requests[0].headers
    assert (headers["x-key"], headers["accept"]) == ("k", "text/xml")


@pytest.mark.parametrize(
    ("route", "error"),
    [
        pytest.param(page(), NotAFeed, id="a page"),
        pytest.param(reply(b""), NotAFeed, id="nothing"),
        pytest.param(reply('{"error": 1}', content_type="application/json"), NotAFeed, id="an error in JSON"),
        pytest.param(hang_up, Unreachable, id="hangs up"),
        pytest.param(drip(), Unreachable, id="drips"),
    ],
)
async def test_every_trouble_is_a_source_error(server, door, pool, route, error):
    server["/feed"] = route
    with pytest.raises(error) as caught:
        await feeds.poll(door, pool, source(server), deadline=0.5)
    assert isinstance(caught.value, SourceError)


async def test_a_source_without_address_is_refused(door, pool):
    with pytest.raises(Refused, match="has no url"):
        await feeds.poll(door, pool, Source(id="news", kind="feed", name="News"))
