"""Every way an answer can be wrong, and the sentence the analyst reads for it."""

import asyncio
import contextlib
import re
import socket
import time
import tracemalloc

import pytest
import servers
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from servers import FaultServer, raw

from bot.errors import Gone, Refused, SourceError, TooLarge, Unreachable, Unreadable
from bot.net import Door, sentences

HOST = "feeds.example.org"
FEED = b"<rss>" + b"x" * 2_000


async def loopback(host, port):
    return ["127.0.0.1"]


def door(**more):
    return Door(user_agent="test", allow=[HOST], resolver=loopback, **{"deadline": 10, **more})


FAULTS = {
    "drip": (servers.drip(), Unreachable, "HOST was still sending after 0.5 s"),
    "slow headers": (servers.slow_headers(), Unreachable, "HOST did not answer within 0.5 s"),
    "silence": (servers.silent, Unreachable, "HOST did not answer within 0.5 s"),
    "endless body": (servers.endless, TooLarge, "the answer of HOST goes on and on, more than the 1 MB that are taken"),
    "endless headers": (servers.endless_headers, Unreachable, "HOST sent something that is not proper HTTP"),
    "bomb": (servers.bomb(20_000_000), TooLarge, "the answer of HOST is more than 1 MB once unpacked"),
    "bomb in layers": (servers.bomb(20_000_000, layers=3), Unreadable, "HOST packed its answer as “gzip, gzip, gzip”"),
    "other coding": (
        servers.bomb(1_000, coding="br"),
        Unreadable,
        "HOST packed its answer as “br”, which was not asked for",
    ),
    "coding twice": (
        raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\n\r\n" + servers.nested(100, 2)),
        Unreadable,
        "HOST packed its answer as “gzip, gzip”",
    ),
    "not packed": (servers.reply(FEED, headers={"Content-Encoding": "gzip"}), Unreadable, "damaged"),
    "half packed": (
        servers.reply(servers.nested(9_000)[:-20], headers={"Content-Encoding": "gzip"}),
        Unreachable,
        "the answer of HOST broke off",
    ),
    "truncated": (servers.truncated(FEED), Unreachable, "the answer of HOST broke off after 2 kB"),
    "truncated chunks": (servers.truncated(FEED, chunked=True), Unreachable, "the answer of HOST broke off"),
    "length too long": (servers.lying(FEED, 5_000), Unreachable, "HOST was still sending after 0.5 s (2 kB so far)"),
    "length beyond all": (servers.lying(FEED, 10**12), TooLarge, "the answer of HOST is 1e+06 MB, more than the 1 MB"),
    "length no number": (servers.lying(FEED, "many"), Unreachable, "HOST sent something that is not proper HTTP"),
    "length negative": (servers.lying(FEED, -5), Unreachable, "HOST sent something that is not proper HTTP (Invalid"),
    "hang up": (servers.hang_up, Unreachable, "HOST closed the connection without an answer"),
    "reset": (servers.reset(), Unreachable, "the connection with HOST was lost"),
    "reset in the body": (
        servers.reset(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>"),
        Unreachable,
        "the answer of HOST broke off",
    ),
    "not HTTP": (raw(b"220 mail.example.org ESMTP\r\n"), Unreachable, "HOST sent something that is not proper HTTP"),
    "nothing at all": (raw(b""), Unreachable, "HOST closed the connection without an answer"),
    "no length, cut in headers": (raw(b"HTTP/1.1 200 OK\r\nX: "), Unreachable, "HOST closed the connection"),
    "redirect to a file": (servers.redirect("file:///etc/passwd"), Refused, "HOST redirects to where we do not go"),
}


@pytest.mark.parametrize(("fault", "kind", "sentence"), FAULTS.values(), ids=FAULTS)
async def test_each_fault_has_its_sentence(fault, kind, sentence):
    deadline = 0.5 if "0.5 s" in sentence else 10
    async with FaultServer() as server, door(deadline=deadline) as way:
        server["/feed"] = fault
        start = time.monotonic()
        with pytest.raises(SourceError) as caught:
            await way.get(f"http://{HOST}:{server.port}/feed?key=s3cret", limit=1_000_000)
        assert time.monotonic() - start < 5
    assert type(caught.value) is kind
    assert sentence.replace("HOST", HOST) in str(caught.value)
    assert readable(str(caught.value))


def readable(sentence):
    """One line for an analyst: no class names, no numbers of errors, no secrets."""
    assert not re.search(r"Error|Exception|Errno|errno|0x|<class|object at|Traceback|\n|s3cret|None", sentence), (
        sentence
    )
    return 10 < len(sentence) < 250


async def test_what_follows_a_length_that_is_too_short_is_never_taken_for_the_next_answer():
    forged = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
    async with FaultServer() as server, door() as way:
        server["/short"] = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<rss>" + forged, close=False)
        server["/feed"] = "<rss/>"
        with contextlib.suppress(Unreachable):
            assert (await way.get(f"http://{HOST}:{server.port}/short")).body == b"<rss>"
        assert (await way.get(f"http://{HOST}:{server.port}/feed")).body == b"<rss/>"


async def test_a_bomb_takes_no_more_memory_than_its_limit_allows():
    packed = servers.bomb(300_000_000)
    async with FaultServer() as server, door(deadline=10) as way:
        server["/feed"] = packed
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge):
                await way.get(f"http://{HOST}:{server.port}/feed")
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert most < 40_000_000


STATUSES = {
    400: (Refused, "does not accept the request"),
    401: (Refused, "asks for a name and password"),
    402: (Refused, "asks for payment"),
    403: (Refused, "does not let us in"),
    404: (Gone, "has nothing at this address"),
    406: (Refused, "does not accept the request"),
    407: (Refused, "the proxy asks for a name and password"),
    408: (Unreachable, "is in trouble"),
    410: (Gone, "gone for good"),
    418: (Refused, "does not accept the request"),
    425: (Unreachable, "is in trouble"),
    429: (Unreachable, "asks for fewer requests"),
    451: (Refused, "legal reasons"),
    500: (Unreachable, "is in trouble"),
    502: (Unreachable, "is in trouble"),
    503: (Unreachable, "is in trouble"),
    504: (Unreachable, "is in trouble"),
    520: (Unreachable, "is in trouble"),
    599: (Unreachable, "is in trouble"),
    202: (Unreachable, "answered without a feed"),
    204: (Unreachable, "answered without a feed"),
    206: (Unreachable, "answered without a feed"),
    300: (Unreachable, "answered without a feed"),
    305: (Unreachable, "answered without a feed"),
}


@pytest.mark.parametrize(("status", "kind", "sentence"), [(k, *v) for k, v in STATUSES.items()], ids=map(str, STATUSES))
async def test_each_status_has_its_error(status, kind, sentence):
    async with FaultServer() as server, door() as way:
        server["/feed"] = servers.reply("" if status == 204 else "sorry", status, headers={"Retry-After": "90"})
        with pytest.raises(SourceError, match=sentence) as caught:
            await way.get(f"http://{HOST}:{server.port}/feed")
    error = caught.value
    assert type(error) is kind
    assert error.status == status
    assert error.transient == (kind is Unreachable)
    assert error.retry_after == (None if kind is Gone else 90)
    assert f"({status})" in str(error)
    assert readable(str(error))


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"Server": "cloudflare", "CF-Mitigated": "challenge"}, "Cloudflare"),
        ({"Server": "AkamaiGHost"}, "Akamai"),
        ({"X-DataDome": "protected"}, "DataDome"),
        ({"Server": "nginx"}, None),
    ],
)
async def test_bot_walls_are_named(headers, named):
    async with FaultServer() as server, door() as way:
        server["/feed"] = servers.reply(servers.HTML, 403, "text/html", headers)
        with pytest.raises(Refused) as caught:
            await way.get(f"http://{HOST}:{server.port}/feed")
    assert (f"a bot wall of {named}" in str(caught.value)) == (named is not None)


@pytest.mark.parametrize(
    ("status", "sent", "headers", "advice"),
    [
        (401, {}, {}, "name that in auth_env"),
        (
            401,
            {"Authorization": "Bearer s3cret"},
            {},
            "does not accept the source's credentials (401): check what auth_env",
        ),
        (403, {"Authorization": "Bearer s3cret"}, {}, "does not accept the source's credentials (403)"),
        (403, {}, {}, "set contact under [network]"),
        (403, {"Authorization": "Bearer s3cret"}, {"X-DataDome": "x"}, "bot wall of DataDome (403): ask the publisher"),
        (405, {}, {"X-Amzn-Waf-Action": "captcha"}, "bot wall of AWS WAF (405): ask the publisher"),
        (503, {}, {"CF-Mitigated": "challenge"}, "bot wall of Cloudflare (503): ask the publisher"),
        (503, {}, {"Server": "cloudflare"}, "is in trouble at the moment (503)"),
        (429, {}, {"Retry-After": "9" * 30}, "asks for fewer requests (429), and to wait more than a day"),
    ],
)
async def test_whoever_is_not_let_in_is_told_what_helps(status, sent, headers, advice):
    async with FaultServer() as server, door() as way:
        server["/feed"] = servers.reply("", status, headers=headers)
        with pytest.raises(SourceError) as caught:
            await way.get(f"http://{HOST}:{server.port}/feed", headers=sent)
    assert advice in str(caught.value)
    assert "s3cret" not in str(caught.value)


async def test_a_web_page_is_handed_in_as_it_is():
    async with FaultServer() as server, door() as way:
        server["/feed"] = servers.page()
        answer = await way.get(f"http://{HOST}:{server.port}/feed")
    assert (answer.body, answer.content_type) == (servers.HTML.encode(), "text/html; charset=utf-8")


async def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    async with door() as way:
        with pytest.raises(Unreachable, match=f"{HOST} refused the connection on port {port}"):
            await way.get(f"http://{HOST}:{port}/")


async def test_an_unknown_name():
    async def unknown(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async with Door(user_agent="test", resolver=unknown) as way:
        with pytest.raises(Unreachable, match=r"the name no-such\.example was not found: check its spelling"):
            await way.get("https://no-such.example/feed")


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (2_005, "2 kB"), (10_000_000, "10 MB"), (12_345_678, "12.3 MB")],
)
def test_sizes_as_people_read_them(count, words):
    assert sentences.size(count) == words


PIECES = st.sampled_from(
    [b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\n", b"HTTP/1.0 ", b"Location: ", b"http://[",
     b"Content-Length: 5\r\n",
     b"Content-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\n", b"Retry-After: ", b"ETag: ", b"Content-Type: ",
     b"\r\n",
     b"\r\n\r\n", b"5\r\n", b"\xff\xfe", b"\x00", b": ", b"304", b"<rss/>", b"\x1f\x8b\x08"]
)  # fmt: skip
ANSWERS = st.lists(st.one_of(PIECES, st.binary(max_size=30)), max_size=15).map(b"".join)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANSWERS, st.booleans())
@example(b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\n\r\n", True)
@example(b"HTTP/1.1 200 OK\r\nContent-Type: \xff; charset=\xff\r\nETag: \xff\r\nContent-Length: 5\r\n\r\n<rss>", True)
@example(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", False)
def test_whatever_a_server_writes_there_is_an_answer_or_a_sentence(answer, close):
    async def ask():
        async with FaultServer() as server, door(deadline=0.2) as way:
            server["/feed"] = raw(answer, close)
            try:
                response = await way.get(f"http://{HOST}:{server.port}/feed", etag='"1"', limit=100_000)
            except SourceError as error:
                return error
            assert response.status in {200, 304}
            return None

    error = asyncio.run(ask())
    assert error is None or readable(str(error))
