"""The fault server does what other tests rely on."""

import asyncio
import urllib.error
import urllib.request

import aiohttp
import pytest
from servers import FaultServer, ThreadedFaultServer, feed, nested, redirect, reply


async def test_routes_log_and_turns():
    async with FaultServer() as server, aiohttp.ClientSession() as client:
        server["/a"] = ["first", b"second", reply("gone", 410)]
        server["/unchanged"] = feed("<rss/>", etag='"1"')
        answers = [await client.get(server.at("/a?q=1")) for _ in range(4)]
        assert [answer.status for answer in answers] == [200, 200, 410, 410]
        assert [await answer.text() for answer in answers[:2]] == ["first", "second"]
        assert (await client.get(server.at("/unchanged"), headers={"If-None-Match": '"0", "1"'})).status == 304
        assert (await client.post(server.at("/nowhere"), data=b"hello")).status == 404
    assert [request.target for request in server.requests[:2]] == ["/a?q=1", "/a?q=1"]
    assert (server.requests[-1].method, server.requests[-1].body) == ("POST", b"hello")


async def test_a_chain_ends():
    async with FaultServer() as server, aiohttp.ClientSession() as client:
        server.chain("/a", 3, "end", status=301)
        server["/b"] = redirect("/a")
        answer = await client.get(server.at("/b"))
        assert (await answer.text(), len(answer.history)) == ("end", 4)


async def test_leaving_ends_whatever_hangs():
    async with FaultServer() as server:

        async def hang(request, out):
            await asyncio.Event().wait()

        server["/a"] = hang
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
        await server.asked()
    assert (server.open_now, server.open_most) == (0, 1)
    writer.close()


def test_in_a_thread_of_its_own():
    with ThreadedFaultServer() as server:
        server["/a"] = "<rss/>"
        assert urllib.request.urlopen(server.at("/a"), timeout=5).read() == b"<rss/>"
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(server.at("/b"), timeout=5)
        caught.value.close()
    assert server.paths() == ["/a", "/b"]


def test_nested_bodies_are_small():
    assert len(nested(10_000_000, 3)) < 500
