"""What a server can do beside the answer itself: around chunks, before the status, behind the packed end, under TLS."""

import asyncio
import gzip
import itertools
import ssl
import tracemalloc
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import servers
from servers import FaultServer, redirect, reply

from bot.errors import Refused, SourceError, TooLarge, Unreachable
from bot.ingest.limits import MAX_BODY
from bot.net import FEED_LIMIT, PAGE_LIMIT, Door
from bot.net.guard import is_public

HOST = "feeds.example.org"
TLS = Path(__file__).parent / "tls"


async def loopback(host, port):
    return ["127.0.0.1"]


def door(**more):
    return Door(user_agent="test", allow=[HOST], resolver=loopback, **{"deadline": 10, **more})


def flood(head, block):
    """Sends ``head`` and then the same block for ever."""

    async def handler(request, out):
        out.write(head)
        await servers.pour(out, None, block * (65_536 // len(block)))

    return handler


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
FLOODS = {
    "the size of a chunk": flood(CHUNKED, b"0"),
    "an extension of a chunk": flood(CHUNKED + b"5;name=", b"x"),
    "trailers": flood(CHUNKED + b"0\r\n", b"X-More: m\r\n"),
    "one trailer": flood(CHUNKED + b"0\r\nX-More: ", b"m"),
    "interim answers": flood(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
    "the status line": flood(b"HTTP/1.1 200 ", b"O"),
    "one header": flood(b"HTTP/1.1 200 OK\r\nX-More: ", b"m"),
    "empty chunks of one byte": flood(CHUNKED, b"1\r\nx\r\n"),
}


@pytest.mark.parametrize("route", FLOODS.values(), ids=FLOODS)
async def test_no_part_of_an_answer_can_go_on_for_ever_or_fill_the_memory(route):
    async with FaultServer() as server, door(deadline=1) as way:
        server["/feed"] = route
        tracemalloc.start()
        try:
            with pytest.raises(SourceError):
                await way.get(f"http://{HOST}:{server.port}/feed", limit=1_000_000)
            most = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        server["/next"] = "<rss/>"
        assert (await way.get(f"http://{HOST}:{server.port}/next")).body == b"<rss/>"
    assert most < 30_000_000


# ── the two caps ─────────────────────────────────────────────────────────────────────────────────


def then_more(first, headers="Content-Encoding: gzip"):
    """A whole packed body, and behind its end rubbish without end."""
    return flood(f"HTTP/1.1 200 OK\r\nConnection: close\r\n{headers}\r\n\r\n".encode() + first, b"\0")


async def test_the_wire_is_capped_even_where_nothing_is_decoded():
    async with FaultServer() as server, door() as way:
        server["/feed"] = then_more(gzip.compress(b"<rss/>"))
        with pytest.raises(TooLarge, match="goes on and on"):
            await way.get(f"http://{HOST}:{server.port}/feed", limit=1_000_000)


async def test_without_a_limit_of_its_own_a_request_has_that_of_feeds():
    assert (FEED_LIMIT, MAX_BODY, PAGE_LIMIT) == (10_000_000, 10_000_000, 3_000_000)
    assert Door(user_agent="test")._deadline == 30
    async with FaultServer() as server, door() as way:
        server["/most"] = reply(b"x" * FEED_LIMIT)
        server["/more"] = reply(b"x" * (FEED_LIMIT + 1))
        server["/packed"] = reply(servers.nested(FEED_LIMIT + 1), headers={"Content-Encoding": "gzip"})
        url = f"http://{HOST}:{server.port}"
        assert len((await way.get(f"{url}/most")).body) == FEED_LIMIT
        for path in ("/more", "/packed"):
            with pytest.raises(TooLarge, match="10 MB"):
                await way.get(url + path)


@pytest.mark.parametrize("claimed", [1, 20, 10**6], ids=["too short", "shorter", "too long"])
async def test_a_length_that_lies_about_a_packed_body(claimed):
    """The length counts the wire's bytes: what is cut off is no answer, and nothing is taken from behind it."""
    packed = gzip.compress(b"<rss>" + b"x" * 5_000 + b"</rss>")
    assert len(packed) > 20
    async with FaultServer() as server, door(deadline=0.5) as way:
        server["/feed"] = reply(packed, headers={"Content-Encoding": "gzip", "Content-Length": claimed})
        with pytest.raises(Unreachable):
            await way.get(f"http://{HOST}:{server.port}/feed")


# ── redirects ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_of_a_redirects_endless_body_no_more_is_sent_than_fits_on_the_way(status):
    sent = 0

    async def handler(request, out):
        nonlocal sent
        out.write(servers.head(status, {"Location": "/b", "Content-Length": 1_000_000_000}))
        while sent < 1_000_000_000:
            out.write(b"x" * 65_536)
            await out.drain()
            sent += 65_536

    async with FaultServer() as server, door() as way:
        server["/a"] = handler
        server["/b"] = "<rss/>"
        assert (await way.get(f"http://{HOST}:{server.port}/a")).body == b"<rss/>"
        async with asyncio.timeout(5):
            await server.until(lambda: server.open_now == 1)
    assert sent < 20_000_000  # what the two sockets' buffers hold


async def test_a_name_that_changes_its_address_between_two_redirects_is_refused():
    """Each hop to another port is another connection, and so another look-up that is judged anew."""
    answers = itertools.chain([["93.184.215.14"], ["127.0.0.1"]], itertools.repeat(["10.0.0.1"]))
    asked = []

    async def rebinding(host, port):
        asked.append((host, port))
        return next(answers) if host == "rebind.example" else ["127.0.0.1"]

    async with FaultServer() as server:
        start = f"http://{HOST}:{server.port}"
        async with Door(user_agent="test", allow=[HOST], resolver=rebinding, deadline=2) as way:
            assert await way._guard.resolve("rebind.example", 80)  # public when it was first looked at …
            for target, leads in (("http://rebind.example/", "127.0.0.1"), ("https://rebind.example/", "10.0.0.1")):
                server["/feed"] = redirect(target)
                with pytest.raises(Refused, match=f"rebind.example leads to the private or reserved address {leads}"):
                    await way.get(f"{start}/feed")
        assert server.paths() == ["/feed", "/feed"]
    assert [host for host, _ in asked].count("rebind.example") == 3  # once for each connection, never twice


async def test_basic_and_bearer_are_dropped_where_only_port_or_name_differ():
    """An origin is scheme, host and port (RFC 6454): another name of the same machine is another one."""
    async with FaultServer() as server, FaultServer() as port:
        other = "www.example.org"
        async with Door(user_agent="test", allow=[HOST, other], resolver=loopback) as way:
            for target in (f"http://{HOST}:{port.port}/b", f"http://{other}:{server.port}/b"):
                for where in (server, port):
                    where.requests.clear()
                    where["/b"] = "<rss/>"
                server["/a"] = redirect(target)
                for scheme in ("Basic ZGVzazpzM2NyZXQ=", "Bearer s3cret"):
                    await way.get(f"http://{HOST}:{server.port}/a", headers={"Authorization": scheme})
                seen = [(each.path, "authorization" in each.headers) for each in server.requests + port.requests]
                assert sorted(seen) == [("/a", True)] * 2 + [("/b", False)] * 2


# ── TLS ──────────────────────────────────────────────────────────────────────────────────────────


async def test_the_certificate_is_asked_for_by_name_though_the_connection_goes_to_a_checked_address():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(TLS / "server.pem")
    names = []
    context.sni_callback = lambda _, name, __: names.append(name)
    async with (
        FaultServer(tls=context) as server,
        Door(user_agent="test", allow=[HOST], resolver=loopback, ca_file=TLS / "authority.pem") as way,
    ):
        server["/feed"] = "<rss/>"
        assert (await way.get(f"https://{HOST}:{server.port}/feed")).status == 200
    assert names == [HOST]


async def test_a_server_that_never_ends_its_handshake_meets_the_deadline():
    waiting = asyncio.Event()

    async def serve(reader, writer):
        await reader.read(1)
        await waiting.wait()
        writer.close()

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    try:
        async with door(deadline=0.3) as way:
            with pytest.raises(Unreachable, match=r"did not answer within 0\.3 s"):
                await way.get(f"https://{HOST}:{port}/feed")
    finally:
        waiting.set()
        listener.close()


# ── the deny list, from its first address to its last ────────────────────────────────────────────

# fmt: off
DENIED = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    "::/3", "4000::/2", "8000::/1",
]
# fmt: on


def edges(net):
    """Both ends of a network, and its neighbours as far as no other denied network holds them."""
    span = ip_network(net)
    kind = type(span.network_address)
    first, last = int(span.network_address), int(span.broadcast_address)
    beside = [kind(number) for number in (first - 1, last + 1) if 0 <= number < 2**span.max_prefixlen]
    others = [ip_network(other) for other in DENIED if other != net]
    return (kind(first), kind(last)), [ip for ip in beside if not any(ip in other for other in others)]


@pytest.mark.parametrize("net", DENIED)
def test_a_denied_network_is_denied_from_end_to_end_and_no_further(net):
    ends, beside = edges(net)
    assert not any(is_public(ip) for ip in ends)
    assert all(is_public(ip) for ip in beside)
    if ends[0].version == 4:  # mapped IPv4 is judged as IPv4
        assert not any(is_public(ip_address(f"::ffff:{ip}")) for ip in ends)
        assert all(is_public(ip_address(f"::ffff:{ip}")) for ip in beside)
