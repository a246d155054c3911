"""Where the door goes and where it does not, each judged by what reached a real server."""

import html
import json
import re
import socket
import threading
import time
from ipaddress import ip_address, ip_network
from queue import SimpleQueue

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers import FaultServer, page, redirect

from bot.adding import look
from bot.errors import ConfigError, NotAFeed, Refused, SourceError, Unreachable
from bot.importing import plan
from bot.ingest import feeds, sitemaps
from bot.ingest.articlepages import Pages
from bot.ingest.opml import FeedList, ListedFeed
from bot.ingest.workers import ParserPool
from bot.model import Source
from bot.net.address import parse
from bot.net.door import Door
from bot.net.guard import Allowed, Forbidden, Guard, is_public
from bot.net.lookup import Threads, look_up

# fmt: off
PRIVATE = [
    "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.100.100.200",
    "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.0.0", "169.254.169.254", "172.16.0.0",
    "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1",
    "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:168.63.129.16", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:2::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "3fff:fff::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "1fff:ffff::1", "4000::1",
]
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.0",
    "169.253.255.255", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0",
    "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.15",
    "168.63.129.17", "2001:200::1", "2001:4860:4860::8888", "2001:db9::1", "2003::1", "2606:4700::1111",
    "3ffe::1", "::ffff:8.8.8.8",
]
# fmt: on


@pytest.mark.parametrize("ip", PRIVATE)
def test_private_and_reserved_addresses(ip):
    assert not is_public(ip_address(ip))


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses(ip):
    assert is_public(ip_address(ip))


@given(st.ip_addresses())
def test_the_standard_librarys_judgement_is_never_exceeded(ip):
    assert ip.is_global or not is_public(ip)


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_inside_ipv6(ip):
    assert is_public(ip_address(f"::ffff:{ip}")) == is_public(ip)


@given(st.sampled_from(["2002::/16", "64:ff9b::/96", "2001::/32"]), st.integers(0, 2**80))
def test_what_carries_ipv4_inside_is_never_public(net, bits):
    network = ip_network(net)
    assert not is_public(network[bits % network.num_addresses])


# ── the operator's exceptions ────────────────────────────────────────────────────────────────────

OPENED = [
    ("intranet.example", "intranet.example", "10.0.0.1", 8080, True),
    ("intranet.example", "intranet.example.", "10.0.0.1", 80, True),
    ("Intranet.Example", "intranet.example", "10.0.0.1", 80, True),
    ("intranet.example", "sub.intranet.example", "10.0.0.1", 80, False),
    ("intranet.example:8080", "intranet.example", "10.0.0.1", 8080, True),
    ("intranet.example:8080", "intranet.example", "10.0.0.1", 8081, False),
    ("10.0.0.1", "intranet.example", "10.0.0.1", 8080, True),
    ("10.0.0.1", "intranet.example", "10.0.0.2", 80, False),
    ("10.0.0.1:8080", "intranet.example", "10.0.0.1", 8080, True),
    ("10.0.0.1:8080", "intranet.example", "10.0.0.1", 80, False),
    ("10.0.0.0/8", "intranet.example", "10.9.9.9", 80, True),
    ("10.0.0.0/8", "intranet.example", "::ffff:10.9.9.9", 80, True),
    ("10.0.0.0/8", "intranet.example", "11.0.0.1", 8080, False),
    ("fd00::/8", "intranet.example", "fd12::1", 80, True),
    ("[fd00::1]:8080", "intranet.example", "fd00::1", 8080, True),
    ("[fd00::1]:8080", "intranet.example", "fd00::1", 443, False),
    ("[fd00::1]", "intranet.example", "fd00::1", 443, True),
    ("bücher.example", "xn--bcher-kva.example", "10.0.0.1", 80, True),
    ("example.org:8443", "example.org", "1.1.1.1", 8443, True),
    ("other.example", "example.org", "1.1.1.1", 8443, False),
    ("other.example", "example.org", "1.1.1.1", 443, True),
]


@pytest.mark.parametrize(("entry", "host", "ip", "port", "opened"), OPENED, ids=str)
async def test_exceptions(entry, host, ip, port, opened):
    guard = Guard([entry], answers({host: [ip]}))
    if opened:
        found = await guard.resolve(host, port)
        assert [result["host"] for result in found] == [str(ip_address(ip))]
        guard.socket(info(ip, port)).close()
    else:
        with pytest.raises(Refused, match=f"{re.escape(host)}"):
            await guard.resolve(host, port)


@pytest.mark.parametrize("entry", ["", "10.0.0.5/8", "host:port", "host:0", "host:99999", "http://x/", "a b", "[::1"])
def test_wrong_exceptions_are_all_named(entry):
    with pytest.raises(ConfigError) as caught:
        Allowed([entry, "fine.example", "*.wild.example"])
    assert [fault.message.split('"')[1] for fault in caught.value.faults] == [entry, "*.wild.example"]


def test_the_remedy_in_the_message_works():
    for url in ("http://10.0.0.1/", "http://[fd00::1]:8080/", "http://8.8.8.8:8080/", "http://127.0.0.1:81/"):
        with pytest.raises(Refused) as caught:
            Guard().check(parse(url))
        advised = re.search(r'add "(.+)" to allow', str(caught.value))
        assert advised is not None
        Guard([advised[1]]).check(parse(url))


# ── checked address = connected address ──────────────────────────────────────────────────────────


def answers(book, asked=None):
    """A resolver with a fixed book; lists of lists are answered in turn, the last one for ever."""

    async def resolve(host, port):
        if asked is not None:
            asked.append(host)
        found = book.get(host, [])
        if found and isinstance(found[0], list):
            return found.pop(0) if len(found) > 1 else found[0]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found

    return resolve


def info(ip, port=80):
    family = socket.AF_INET6 if ":" in ip else socket.AF_INET
    return family, socket.SOCK_STREAM, 0, "", (ip, port)


async def test_a_rebinding_name_gains_nothing():
    asked = []
    book = {"feeds.example.org": [["127.0.0.1"], ["127.0.0.2"]]}
    async with (
        FaultServer() as server,
        Door(user_agent="test", allow=["127.0.0.1"], resolver=answers(book, asked)) as door,
    ):
        server["/feed"] = "<rss/>"
        server["/last"] = [redirect("/feed"), "<rss/>"]
        url = f"http://feeds.example.org:{server.port}"
        await door.get(f"{url}/feed")
        assert asked == ["feeds.example.org"]  # looked up once, by the connection itself
        assert [request.local for request in server.requests] == ["127.0.0.1"]
        assert server.requests[0].headers["host"] == f"feeds.example.org:{server.port}"
        await door.aclose()
        async with door:
            with pytest.raises(
                Refused, match=r"feeds.example.org leads to the private or reserved address 127\.0\.0\.2"
            ):
                await door.get(f"{url}/feed")
        assert len(server.requests) == 1


@pytest.mark.parametrize("book", [["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"], ["1.1.1.1", "127.0.0.2"]])
async def test_every_address_of_a_name_must_do(book):
    async with (
        FaultServer() as server,
        Door(user_agent="test", allow=["127.0.0.1"], resolver=answers({"mixed.example": book})) as door,
    ):
        with pytest.raises(Refused, match=r"mixed\.example leads to"):
            await door.get(f"http://mixed.example:{server.port if book[0] != '1.1.1.1' else 80}/")
        assert server.connections == 0


async def test_a_name_cannot_use_what_another_name_was_allowed():
    book = {"intranet.example": ["127.0.0.1"], "evil.example": ["127.0.0.1"]}
    async with (
        FaultServer() as server,
        Door(user_agent="test", allow=["intranet.example"], resolver=answers(book)) as door,
    ):
        server["/"] = "<rss/>"
        assert (await door.get(f"http://intranet.example:{server.port}/")).status == 200
        for url in (f"http://evil.example:{server.port}/", server.at("/")):
            with pytest.raises(Refused):
                await door.get(url)
        assert len(server.requests) == 1


async def test_the_socket_refuses_what_slipped_past_the_look_up():
    class Naive(aiohttp.abc.AbstractResolver):
        async def resolve(self, host, port=0, family=socket.AF_INET):
            return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": family, "proto": 0, "flags": 0}]

        async def close(self):
            pass

    async with FaultServer() as server:
        connector = aiohttp.TCPConnector(resolver=Naive(), socket_factory=Guard().socket)
        async with aiohttp.ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp.ClientConnectorError) as caught:
                await session.get(f"http://slipped.example:{server.port}/")
        assert isinstance(caught.value.os_error, Forbidden)
        assert server.connections == 0


@pytest.mark.parametrize("ip", ["127.0.0.1", "fe80::1%1", "::ffff:10.0.0.1", "::1"])
def test_no_socket_for_private_addresses(ip):
    with pytest.raises(Forbidden):
        Guard().socket(info(ip))


async def test_the_systems_look_up():
    assert "127.0.0.1" in await look_up("localhost", 80)
    with pytest.raises(socket.gaierror):
        await look_up("no-such-name.invalid", 80)


async def test_a_hanging_look_up_ends_with_the_deadline_and_leaves_no_thread_to_wait_for(monkeypatch):
    hang = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: hang.wait(30) and [])
    try:
        async with Door(user_agent="test", deadline=0.1) as door:
            with pytest.raises(Unreachable, match=r"feeds\.example\.org did not answer within 0\.1 s"):
                await door.get("http://feeds.example.org/")
        waiting = [thread for thread in threading.enumerate() if thread.name == "look-up"]
        assert waiting
        assert all(thread.daemon for thread in waiting)
    finally:
        hang.set()


def test_a_thread_that_is_free_takes_the_next_question_and_one_that_hangs_holds_up_none():
    threads, asked, hang = Threads(idle=30), SimpleQueue(), threading.Event()
    threads.run(lambda: asked.put(threading.current_thread()))
    first = asked.get(timeout=10)
    until(lambda: threads.free == 1)
    threads.run(lambda: (asked.put(threading.current_thread()), hang.wait(30)))
    assert asked.get(timeout=10) is first
    threads.run(lambda: asked.put(threading.current_thread()))
    assert asked.get(timeout=10) is not first
    hang.set()
    until(lambda: threads.free == 2)


def test_a_thread_that_nobody_needs_any_more_ends():
    threads, asked = Threads(idle=0.01), SimpleQueue()
    threads.run(lambda: asked.put(threading.current_thread()))
    asked.get(timeout=10).join(10)
    assert threads.free == 0
    threads.run(lambda: asked.put(threading.current_thread()))
    assert asked.get(timeout=10).daemon


def until(condition):
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end


# ── the table of evil addresses, through every entry ─────────────────────────────────────────────


def evil(corpora):
    rows = [json.loads(line) for line in (corpora / "evil" / "ssrf.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) > 30
    return rows


BOOK = {
    "localhost": ["127.0.0.1"],
    "spoofed.burpcollaborator.net": ["127.0.0.1"],
    "customer1.app.localhost.my.company.127.0.0.1.nip.io": ["127.0.0.1"],
    "bugbounty.dod.network": ["127.0.0.2"],
    "example.com": ["93.184.215.14"],
}


def blocked(row):
    return row["expected"].startswith("block") and row["kind"] != "redirect"


async def test_evil_addresses_as_a_feeds_address(corpora):
    async with Door(user_agent="test", resolver=answers(BOOK), deadline=2) as door:
        for row in filter(blocked, evil(corpora)):
            with pytest.raises(Refused):
                await door.get(row["url"])


async def test_evil_addresses_in_a_list_of_feeds(corpora):
    urls = [row["url"] for row in evil(corpora) if blocked(row)]
    feeds = FeedList(feeds=tuple(ListedFeed(line=n, url=url) for n, url in enumerate(urls)))
    async with Door(user_agent="test", resolver=answers(BOOK), deadline=2) as door:
        entries = plan(feeds, (), (), "outlet", door.judge)
        assert sum(entry.state == "faulty" for entry in entries) > len(urls) // 2, "addresses, which need no look-up"
        for entry in entries:
            if entry.source is not None:
                with pytest.raises(Refused):
                    await door.get(entry.source.url)


async def test_evil_addresses_behind_a_redirect(corpora):
    async with (
        FaultServer() as server,
        Door(user_agent="test", allow=[f"127.0.0.1:{server.port}"], resolver=answers(BOOK), deadline=2) as door,
    ):
        for row in filter(blocked, evil(corpora)):
            server.requests.clear()
            server["/feed"] = redirect(row["url"])
            with pytest.raises(Refused, match=r"(redirects to where we do not go|leads to)"):
                await door.get(server.at("/feed"))
            assert server.paths() == ["/feed"], row


async def test_evil_addresses_as_the_feed_that_a_page_names(corpora):
    async with (
        FaultServer() as server,
        ParserPool() as pool,
        Door(user_agent="test", allow=[f"127.0.0.1:{server.port}"], resolver=answers(BOOK), deadline=2) as door,
    ):
        for row in filter(blocked, evil(corpora)):
            server.requests.clear()
            link = f'<link rel="alternate" type="application/rss+xml" href="{html.escape(row["url"])}">'
            server["/page"] = page(f"<html><head>{link}</head><body>News</body></html>")
            try:
                (named,) = await look(door, pool, server.at("/page"))
            except NotAFeed:
                continue  # not even an address
            with pytest.raises(Refused):
                await look(door, pool, named.url)
            assert server.paths() == ["/page"], row


async def test_evil_addresses_as_the_page_behind_an_item(corpora):
    """As its link, and as where a page redirects; not even their robots.txt is asked for."""
    async with (
        FaultServer() as server,
        ParserPool(pages=True) as pool,
        Door(user_agent="test", allow=[f"127.0.0.1:{server.port}"], resolver=answers(BOOK), deadline=2) as door,
    ):
        rows = list(filter(blocked, evil(corpora)))
        links = await Pages(door, pool).read([row["url"] for row in rows], seconds=60)
        for row in rows:
            assert isinstance(links[row["url"]], Refused), row
        server["/robots.txt"] = "User-agent: *\nAllow: /"
        for row in rows:
            server["/page"] = redirect(row["url"])
            found = await Pages(door, pool).read([server.at("/page")], seconds=60)
            assert isinstance(found[server.at("/page")], Refused), row
        assert set(server.paths()) == {"/robots.txt", "/page"}


async def test_evil_addresses_as_the_sitemap_that_robots_txt_names(corpora):
    async with (
        FaultServer() as server,
        ParserPool() as pool,
        Door(user_agent="test", allow=[f"127.0.0.1:{server.port}"], resolver=answers(BOOK), deadline=2) as door,
    ):
        for row in filter(blocked, evil(corpora)):
            server.requests.clear()
            server["/page"], server["/robots.txt"] = page(), f"Sitemap: {row['url']}"
            with pytest.raises(NotAFeed, match="no news sitemap"):
                await look(door, pool, server.at("/page"))
            assert server.paths() == ["/page", "/robots.txt"], row


async def test_evil_addresses_as_sitemaps_that_a_list_names(corpora):
    async with (
        FaultServer() as server,
        ParserPool() as pool,
        Door(user_agent="test", allow=[f"127.0.0.1:{server.port}"], resolver=answers(BOOK), deadline=2) as door,
    ):
        source = Source(id="s", kind="sitemap", name="S", url=server.at("/s.xml"))
        for row in filter(blocked, evil(corpora)):
            url = html.escape(row["url"])
            server.requests.clear()
            server["/s.xml"] = f"<sitemapindex><sitemap><loc>{url}</loc></sitemap></sitemapindex>"
            with pytest.raises(SourceError):
                await sitemaps.poll(door, pool, source)
            assert server.paths() == ["/s.xml"], row
            # One of the list's own site, which leads there.
            server["/s.xml"] = "<sitemapindex><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>"
            server["/news.xml"] = redirect(row["url"])
            with pytest.raises(Refused, match=r"(redirects to where we do not go|leads to)"):
                await sitemaps.poll(door, pool, source)
            assert server.paths() == ["/s.xml", "/s.xml", "/news.xml"], row


async def test_evil_addresses_as_an_items_link_are_not_visited_for_it(corpora):
    async with (
        FaultServer() as server,
        ParserPool() as pool,
        Door(user_agent="test", allow=[f"127.0.0.1:{server.port}"], resolver=answers(BOOK), deadline=2) as door,
    ):
        links = "".join(f"<item><title>t</title><link>{html.escape(row['url'])}</link></item>" for row in evil(corpora))
        server["/feed"] = f"<rss version='2.0'><channel><title>x</title>{links}</channel></rss>"
        source = Source(id="f", kind="feed", name="F", url=server.at("/feed"))
        polled = await feeds.poll(door, pool, source)
        assert polled.fetched == len(evil(corpora))
        for article in polled.articles:
            assert article.url is None or article.url.startswith(("http://", "https://"))
        assert server.paths() == ["/feed"]


async def test_evil_addresses_as_the_page_of_an_article(corpora):
    """Neither a page nor the robots.txt of its server is asked for."""
    async with (
        FaultServer() as server,
        ParserPool() as pool,
        Door(user_agent="test", allow=[f"127.0.0.1:{server.port}"], resolver=answers(BOOK), deadline=2) as door,
    ):
        pages, urls = Pages(door, pool), list({row["url"] for row in evil(corpora) if blocked(row)})
        for url, found in (await pages.read(urls, seconds=60)).items():
            assert isinstance(found, Refused), url
        for number, url in enumerate(urls):
            server[f"/{number}"] = redirect(url)
            found = await Pages(door, pool).read([server.at(f"/{number}")], seconds=60)
            assert isinstance(found[server.at(f"/{number}")], Refused), url
        assert set(server.paths()) <= {"/robots.txt", *(f"/{number}" for number in range(len(urls)))}
        assert len(server.paths()) == 2 * len(urls)


async def test_evil_addresses_through_a_proxy(corpora):
    async with (
        FaultServer() as proxy,
        Door(user_agent="test", proxy=proxy.url, resolver=answers(BOOK), deadline=2) as door,
    ):
        for row in filter(blocked, evil(corpora)):
            with pytest.raises(Refused):
                await door.get(row["url"])
        assert proxy.requests == []


async def test_the_other_rows(corpora):
    others = [row for row in evil(corpora) if not blocked(row)]
    assert {row["kind"] for row in others} == {"enclosed-alphanumerics", "redirect"}
    async with FaultServer() as proxy, Door(user_agent="test", proxy=proxy.url, resolver=answers(BOOK)) as door:
        for row in others:
            proxy.requests.clear()
            if row["kind"] == "redirect":
                target = row["expected"].rpartition("Location: ")[2]
                proxy["http://example.com/"] = redirect(target)
                with pytest.raises(Refused, match=r"169\.254\.169\.254"):
                    await door.get(row["url"])
            else:
                proxy["http://example.com/"] = "<rss/>"
                assert (await door.get(row["url"])).final_url == "http://example.com/"
            assert [(request.path, request.headers["host"]) for request in proxy.requests] == [
                ("http://example.com/", "example.com")
            ]
