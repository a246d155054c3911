"""The door against real servers on loopback: what it brings in, what it asks, whom it waits for."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from datetime import UTC, datetime

import pytest
from servers import FaultServer, busy, drip, endless, feed, held, raw, redirect, reply, silent

from bot.errors import Refused, TooLarge, Unreachable
from bot.net import Door, fetch

BODY = "<rss><channel><title>Zoll &amp; Handel – 关税</title></channel></rss>"
MODIFIED = "Wed, 01 May 2024 12:00:00 GMT"


@pytest.fixture
async def server():
    async with FaultServer() as server:
        yield server


@pytest.fixture
async def door():
    async with Door(user_agent="presswatch/1.0", contact="desk@example.org", allow=["127.0.0.1"], deadline=5) as door:
        yield door


async def test_a_feed_with_all_that_is_kept(server, door):
    server["/feed"] = feed(BODY, '"1"', MODIFIED, {"Cache-Control": "max-age=300", "Age": "60"})
    answer = await door.get(server.at("/feed?x=[1]#top"))
    assert answer.status == 200
    assert answer.body == BODY.encode()
    assert (answer.etag, answer.last_modified, answer.max_age) == ('"1"', MODIFIED, 240)
    assert (answer.content_type, answer.charset) == ("application/rss+xml; charset=utf-8", "utf-8")
    assert (answer.url, answer.final_url) == (server.at("/feed?x=[1]#top"), server.at("/feed?x=[1]"))
    assert (answer.redirects, answer.permanent_url, answer.retry_after) == ((), None, None)


async def test_how_it_introduces_itself(server, door):
    server["/feed"] = BODY
    await door.get(server.at("/feed?x=%2B[]"))
    (request,) = server.requests
    assert request.target == "/feed?x=%2B[]"
    assert request.headers["user-agent"] == "presswatch/1.0 (+desk@example.org)"
    assert request.headers["accept-encoding"] == "gzip, deflate"
    assert request.headers["accept"].startswith("application/rss+xml")
    assert not {"if-none-match", "if-modified-since", "cookie", "authorization", "referer"} & set(request.headers)


async def test_nothing_is_taken_from_the_environment(server, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login desk password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server["/feed"] = BODY
    async with Door(user_agent="presswatch", allow=["127.0.0.1"]) as door:
        assert (await door.get(server.at("/feed"))).status == 200
    assert "authorization" not in server.requests[0].headers


async def test_cookies_are_not_kept(server):
    async def loopback(host, port):
        return ["127.0.0.1"]

    server["/feed"] = reply(BODY, headers={"Set-Cookie": "id=1; Path=/"})
    async with Door(user_agent="test", allow=["feeds.example.org"], resolver=loopback) as door:
        for _ in range(2):
            await door.get(f"http://feeds.example.org:{server.port}/feed")
    assert "cookie" not in server.requests[1].headers


@pytest.mark.parametrize(
    ("validators", "unchanged"),
    [
        ({"etag": '"1"'}, True),
        ({"etag": '"0"'}, False),
        ({"last_modified": MODIFIED}, True),
        ({"last_modified": "Tue, 30 Apr 2024 12:00:00 GMT"}, False),
        ({"etag": '"0"', "last_modified": MODIFIED}, False),
        ({"etag": "two\nlines"}, False),
        ({"etag": ""}, False),
        ({}, False),
    ],
)
async def test_conditional_get(server, door, validators, unchanged):
    server["/feed"] = feed(BODY, '"1"', MODIFIED)
    answer = await door.get(server.at("/feed"), **validators)
    assert (answer.status, answer.body) == ((304, b"") if unchanged else (200, BODY.encode()))
    assert (answer.etag, answer.last_modified) == ('"1"', MODIFIED)


async def test_304_keeps_the_validators_it_does_not_repeat_and_takes_changed_ones(server, door):
    server["/bare"] = raw(b"HTTP/1.1 304 Not Modified\r\n\r\n", close=False)
    server["/changed"] = raw(b'HTTP/1.1 304 Not Modified\r\nETag: "2"\r\n\r\n', close=False)
    bare = await door.get(server.at("/bare"), etag='"1"', last_modified=MODIFIED)
    changed = await door.get(server.at("/changed"), etag='"1"')
    assert (bare.status, bare.etag, bare.last_modified) == (304, '"1"', MODIFIED)
    assert (changed.status, changed.etag, changed.last_modified) == (304, '"2"', None)


async def test_304_that_nobody_asked_for_is_not_taken_as_no_news(server, door):
    server["/feed"] = raw(b"HTTP/1.1 304 Not Modified\r\n\r\n", close=False)
    with pytest.raises(Unreachable, match="304"):
        await door.get(server.at("/feed"))


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)])
async def test_packed_answers(server, door, coding, pack):
    body = BODY.encode() * 5_000
    server["/feed"] = reply(pack(body), headers={"Content-Encoding": coding})
    assert (await door.get(server.at("/feed"))).body == body


async def test_chunked_answers_and_answers_without_a_length(server, door):
    server["/chunked"] = raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<rs\r\n3\r\ns/>\r\n0\r\n\r\n")
    server["/open"] = raw(b"HTTP/1.0 200 OK\r\n\r\n<rss/>")
    assert [(await door.get(server.at(path))).body for path in ("/chunked", "/open")] == [b"<rss/>", b"<rss/>"]


async def test_long_headers_are_no_obstacle(server, door):
    server["/feed"] = reply(BODY, headers={"Content-Security-Policy": "x" * 40_000})
    assert (await door.get(server.at("/feed"))).status == 200


async def test_the_servers_date_is_the_clock_for_retry_after(server, door):
    later = "Wed, 01 May 2024 12:01:30 GMT"
    server["/dated"] = busy(503, later, date=MODIFIED)
    server["/undated"] = busy(503, later)
    for path, now in (("/dated", None), ("/undated", datetime(2024, 5, 1, 12, 0, tzinfo=UTC))):
        with pytest.raises(Unreachable) as caught:
            await door.get(server.at(path), now=now)
        assert (caught.value.retry_after, caught.value.status) == (90, 503)


async def test_a_closed_door_is_a_mistake_of_ours():
    with pytest.raises(RuntimeError, match="async with"):
        await Door(user_agent="test").get("http://example.org/")


# ── redirects ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_followed_and_told(server, door, status):
    server["/old"] = redirect("new?x=1", status)
    server["/new"] = feed(BODY, '"1"')
    answer = await door.get(server.at("/old"), etag='"1"')
    assert (answer.status, answer.final_url) == (304, server.at("/new?x=1"))
    assert answer.redirects == ((status, server.at("/new?x=1")),)
    assert answer.permanent_url == (server.at("/new?x=1") if status in {301, 308} else None)
    assert [request.method for request in server.requests] == ["GET", "GET"]


async def test_only_the_permanent_head_of_a_chain_is_permanent(server, door):
    server["/1"] = redirect("/2", 301)
    server["/2"] = redirect("/3", 308)
    server["/3"] = redirect("/4", 302)
    server["/4"] = redirect("/5", 301)
    server["/5"] = BODY
    answer = await door.get(server.at("/1"))
    assert answer.permanent_url == server.at("/3")
    assert [status for status, _ in answer.redirects] == [301, 308, 302, 301]


async def test_five_redirects_and_no_more(server, door):
    server.chain("/five", 5, BODY)
    server.chain("/six", 6, BODY)
    assert (await door.get(server.at("/five"))).final_url == server.at("/five-5")
    server.requests.clear()
    with pytest.raises(Unreachable, match="redirects more than 5 times"):
        await door.get(server.at("/six"))
    assert len(server.requests) == fetch.MAX_REDIRECTS + 1


async def test_a_circle_is_left_at_once(server, door):
    server["/a"] = redirect("/b")
    server["/b"] = redirect("/a")
    with pytest.raises(Unreachable, match="in a circle"):
        await door.get(server.at("/a"))
    assert server.paths() == ["/a", "/b"]


@pytest.mark.parametrize("location", [None, "", "  "])
async def test_a_redirect_to_nowhere(server, door, location):
    server["/a"] = redirect(location)
    with pytest.raises(Unreachable, match=r"answered without a feed \(302\)"):
        await door.get(server.at("/a"))


async def test_the_body_of_a_redirect_is_not_read(server, door):
    server["/a"] = redirect("/b", body_bytes=1_000_000_000)
    server["/b"] = BODY
    start = time.monotonic()
    tracemalloc.start()
    try:
        assert (await door.get(server.at("/a"))).body == BODY.encode()
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 20_000_000
    assert time.monotonic() - start < 2
    async with asyncio.timeout(5):
        await server.until(lambda: server.open_now == 1)  # the one that poured is closed


SECRETS = {"Authorization": "Bearer s3cret", "X-Api-Key": "s3cret", "Cookie": "id=s3cret"}


async def test_headers_of_a_source_stay_with_its_origin(server, door):
    async with FaultServer() as other:
        server["/a"] = redirect("/b")
        server["/b"] = redirect(other.at("/c"))
        other["/c"] = redirect(server.at("/d"))
        server["/d"] = BODY
        await door.get(
            server.at("/a"), headers={**SECRETS, "User-Agent": "reader", "Accept-Language": "zh"}, etag='"1"'
        )
    first, second, back = server.requests
    for request in (first, second):
        assert {name.lower(): request.headers[name.lower()] for name in SECRETS} == {
            name.lower(): value for name, value in SECRETS.items()
        }
    for request in (*other.requests, back):
        assert not {"authorization", "x-api-key", "cookie"} & set(request.headers)
        assert "s3cret" not in str(request.headers)
        assert (request.headers["user-agent"], request.headers["accept-language"]) == ("reader", "zh")


async def test_a_refusal_after_a_redirect_tells_that_headers_stayed_behind(server, door):
    async with FaultServer() as other:
        server["/a"] = redirect(other.at("/b"))
        other["/b"] = reply("", 401)
        with pytest.raises(Refused, match="headers were not sent there"):
            await door.get(server.at("/a"), headers=SECRETS)
        with pytest.raises(Refused, match="asks for a name and password"):
            await door.get(server.at("/a"))


@pytest.mark.parametrize(
    "headers",
    [{"Host": "x"}, {"content-length": "5"}, {"Accept-Encoding": "br"}, {"X": "a\r\nB: c"}, {"X:": "a"}, {"": "a"}],
    ids=str,
)
async def test_headers_that_would_change_the_request_are_refused(server, door, headers):
    with pytest.raises(Refused, match=r"header “.*” "):
        await door.get(server.at("/feed"), headers=headers)
    assert server.requests == []


# ── politeness and time ──────────────────────────────────────────────────────────────────────────


async def test_one_request_at_a_time_per_server(server, door):
    server["/feed"] = BODY
    answers = await asyncio.gather(*(door.get(server.at(f"/feed?{n}")) for n in range(8)))
    assert {answer.status for answer in answers} == {200}
    assert (server.open_most, server.connections) == (1, 1)
    told = [request.headers.get("connection") for request in server.requests]
    assert told[1:] == [*[None] * 6, "close"], "nobody waits behind the last: the connection is of no more use"


async def test_servers_are_asked_side_by_side(door):
    together = asyncio.Event()
    async with FaultServer() as one, FaultServer() as two:
        one["/feed"] = held(together, BODY)

        async def last(request, out):
            together.set()
            await reply(BODY)(request, out)

        two["/feed"] = last
        await asyncio.gather(door.get(one.at("/feed")), door.get(two.at("/feed")))


async def test_a_dripping_server_delays_no_other(server, door):
    server["/drip"] = drip()
    slow = asyncio.create_task(door.get(server.at("/drip")))
    await server.asked()
    async with FaultServer() as other:
        other["/feed"] = BODY
        assert (await door.get(other.at("/feed"))).status == 200
    assert not slow.done()
    slow.cancel()


async def test_the_wait_for_a_turn_does_not_use_up_the_deadline(server, door):
    server["/drip"] = drip()
    server["/feed"] = BODY
    slow = asyncio.create_task(door.get(server.at("/drip"), deadline=0.5))
    await server.asked()
    answer = await door.get(server.at("/feed"), deadline=0.3)
    assert answer.status == 200
    with pytest.raises(Unreachable):
        await slow


async def test_the_deadline_counts_over_all_redirects(server, door):
    async def slow(request, out):
        await asyncio.sleep(0.15)
        await redirect(f"/hop?{len(server.requests)}")(request, out)

    server["/hop"] = slow
    start = time.monotonic()
    with pytest.raises(Unreachable, match=r"did not answer within 0\.4 s"):
        await door.get(server.at("/hop"), deadline=0.4)
    assert 0.35 < time.monotonic() - start < 3
    assert len(server.requests) in {2, 3}  # never the six that each in its own time would allow


async def test_those_who_queue_for_an_unreachable_server_learn_it_at_once():
    lookups = []

    async def nowhere(host, port):
        lookups.append(host)
        await asyncio.Event().wait()

    async with Door(user_agent="test", resolver=nowhere, deadline=0.3) as door:
        start = time.monotonic()
        results = await asyncio.gather(
            *(door.get(f"http://dead.example/{n}") for n in range(20)), return_exceptions=True
        )
        assert time.monotonic() - start < 3
        assert {str(result) for result in results} == {"dead.example did not answer within 0.3 s"}
        assert {type(result) for result in results} == {Unreachable}
        assert len(lookups) == 1
        with pytest.raises(Unreachable):
            await door.get("http://dead.example/later")
        assert len(lookups) == 2  # the next round tries anew


async def test_a_server_without_https_is_not_down_for_those_who_queue_for_its_http(server, door):
    server["/feed"] = BODY
    url = server.at("/feed")
    refused, answer = await asyncio.gather(
        door.get(url.replace("http://", "https://"), deadline=0.5), door.get(url), return_exceptions=True
    )
    assert type(refused) is Unreachable
    assert answer.status == 200


async def test_a_silent_page_does_not_condemn_its_server(server, door):
    server["/silent"] = silent
    server["/feed"] = BODY
    slow = asyncio.create_task(door.get(server.at("/silent"), deadline=0.3))
    await server.asked()
    assert (await door.get(server.at("/feed"))).status == 200
    with pytest.raises(Unreachable, match=r"did not answer within 0\.3 s"):
        await slow


async def test_giving_up_from_outside_closes_the_connection(server, door):
    server["/drip"] = drip()
    task = asyncio.create_task(door.get(server.at("/drip")))
    await server.asked()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5):
        await server.until(lambda: server.open_now == 0)
    server["/feed"] = BODY
    assert (await door.get(server.at("/feed"))).status == 200


# ── for pages and their robots.txt ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("packed", [False, True])
async def test_what_is_too_long_can_be_cut(server, door, packed):
    body = bytes(range(256)) * 1_000
    headers = {"Content-Encoding": "gzip"} if packed else {}
    server["/long"] = reply(gzip.compress(body) if packed else body, headers=headers)
    assert (await door.get(server.at("/long"), limit=1_000, cut=True)).body == body[:1_000]
    assert (await door.get(server.at("/long"), limit=len(body) + 1, cut=True)).body == body
    with pytest.raises(TooLarge):
        await door.get(server.at("/long"), limit=1_000)


async def test_a_body_without_end_can_be_cut(server, door):
    server["/endless"] = endless
    assert len((await door.get(server.at("/endless"), limit=100_000, cut=True)).body) == 100_000


async def test_somebody_may_be_asked_before_a_redirect_is_followed(server, door):
    """It may use the door itself, even for the very server that is being visited."""
    asked = []

    async def permit(url):
        asked.append(url)
        await door.get(server.at("/rules"))
        if url.endswith("/no"):
            raise Refused("not there")

    server["/rules"] = server["/end"] = server["/no"] = BODY
    server.chain("/a", 2, BODY)
    server["/b"] = redirect("/no")
    assert (await door.get(server.at("/a"), permit=permit)).final_url == server.at("/a-2")
    assert asked == [server.at("/a-1"), server.at("/a-2")]
    with pytest.raises(Refused, match="not there"):
        await door.get(server.at("/b"), permit=permit)
    assert "/no" not in server.paths()
    await door.get(server.at("/end"), permit=permit)
    assert len(asked) == 3


async def test_it_tells_how_it_introduces_itself(door):
    assert door.agent == "presswatch/1.0 (+desk@example.org)"
