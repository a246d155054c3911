"""Clients that are slow, greedy or no clients at all do no harm: they are cut off, and others are served."""

import asyncio
import contextlib
import time

import aiohttp
import pytest
from world import SLACK, WEB

from bot.pulse import Pulse
from bot.web import showing

# Far more than anything here takes, and far less than a connection that is not cut off would last.
SOON = 15.0
GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"


@pytest.fixture
def knock(tmp_path):
    """Open a connection, say something, and give its two ends."""

    async def opened(said=b""):
        reader, writer = await asyncio.open_unix_connection(tmp_path / "web.sock")
        writer.write(said)
        await writer.drain()
        return reader, writer

    return opened


async def served(ask):
    """An answer, as soon as there is room for one more."""
    while True:
        try:
            return await ask("/healthz")
        except aiohttp.ClientError:
            await asyncio.sleep(0.01)


async def end_of(reader):
    """What came until the other side hung up."""
    try:
        return await asyncio.wait_for(reader.read(), SOON)
    except ConnectionResetError:
        return b""


@pytest.mark.parametrize(
    "said", [b"", b"GET /heal", GET, b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1"]
)
async def test_who_never_comes_to_an_end_is_cut_off_and_others_are_served(world, ask, knock, said):
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse(), life=0.2):
        begun = time.monotonic()
        reader, writer = await knock(said)
        assert (await ask("/healthz")).status == 200
        await end_of(reader)
        assert time.monotonic() - begun < SOON
        writer.close()


async def test_a_drip_of_headers_does_not_prolong_it(world, knock):
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse(), life=0.2):
        reader, writer = await knock(GET)
        begun = time.monotonic()
        while not reader.at_eof() and time.monotonic() - begun < SOON:
            writer.write(b"X-Slow: 1\r\n")
            await asyncio.sleep(0.02)
            if writer.is_closing():
                break
            with contextlib.suppress(TimeoutError, ConnectionResetError):
                await asyncio.wait_for(reader.read(1), 0.01)
        assert time.monotonic() - begun < SOON
        writer.close()


async def test_only_so_many_are_let_in(world, ask, knock):
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse(), most=2, life=60):
        inside = [await knock() for _ in range(2)]
        reader, writer = await knock(GET + b"\r\n")
        assert await end_of(reader) == b"", "turned away"
        writer.close()
        for _, writer in inside:
            writer.close()
            await writer.wait_closed()
        assert (await served(ask)).status == 200, "and when they are gone there is room"


@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,  # TLS
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        GET + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
        GET + b"".join(b"X-%d: 1\r\n" % n for n in range(5_000)) + b"\r\n",
        GET + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\r\n" * 10_000,
    ],
)
async def test_nonsense_is_refused(world, ask, knock, said):
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse(), life=0.5):
        try:
            reader, writer = await knock(said)
        except (ConnectionResetError, BrokenPipeError):
            return
        assert not (await end_of(reader)).startswith(b"HTTP/1.1 200")
        writer.close()
        assert (await ask("/healthz")).status == 200


async def test_a_body_nobody_asked_for_is_not_read(world, knock):
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse(), life=2):
        reader, writer = await knock(b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        answer = await end_of(reader)
        assert answer.startswith(b"HTTP/1.1 405")
        writer.close()


async def test_who_asks_without_reading_is_cut_off(world, knock):
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse(), life=0.3):
        _, writer = await knock()
        begun = time.monotonic()
        try:
            while time.monotonic() - begun < SOON:
                writer.write((b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n") * 50)
                await asyncio.wait_for(writer.drain(), SOON)
                await asyncio.sleep(0)
        except (ConnectionResetError, BrokenPipeError):
            pass
        assert time.monotonic() - begun < SOON
        writer.close()


async def test_guests_are_shown_out_when_the_service_stops(world, ask, knock):
    async with world.desk(SLACK + WEB) as desk:
        async with showing(desk, Pulse()):
            guests = [await knock(GET) for _ in range(5)]
            assert (await ask("/healthz")).status == 200
            begun = time.monotonic()
        assert time.monotonic() - begun < SOON
        for reader, writer in guests:
            await end_of(reader)
            writer.close()
