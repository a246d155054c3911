"""Where a connection may break, for what is posted to Slack and to webhooks: what is definite, and what is in doubt.

The server reads nothing, the head or all of the request, writes a part of an answer, and then hangs up, resets the
connection or says nothing more. Whatever it does, an outcome that says "not written" must be true.
"""

import asyncio
import socket
import ssl
import struct
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

import aiohttp
import pytest
from relay import server_context
from slack_helpers import make_delivery, sending

from bot.deliver.slack_api import new_session
from bot.deliver.webhook import Hook, WebhookSender
from bot.model import Delivered, Delivery, Held, Later, Unknown

GOOD = b'{"ok": true, "channel": "C0000001", "ts": "1.000001"}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n" % len(GOOD)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
# How much of a request is read, and how much is answered.
PARTS = {
    "nothing read": ("nothing", b""),
    "a head read": ("head", b""),
    "all read": ("all", b""),
    "no HTTP": ("all", b"SSH-2.0-OpenSSH_9.2\r\n"),
    "half a status line": ("all", b"HTTP/1.1 20"),
    "half a head": ("all", HEAD[:-9]),
    "a head": ("all", HEAD + LENGTH),
    "half a body": ("all", HEAD + LENGTH + GOOD[:20]),
    "half a chunk": ("all", HEAD + CHUNKED + b"35\r\n" + GOOD[:20]),
    "no last chunk": ("all", HEAD + CHUNKED + b"%x\r\n%s\r\n" % (len(GOOD), GOOD)),
    "a wrong coding": ("all", HEAD + b"Content-Encoding: gzip\r\n" + LENGTH + GOOD),
    "go on": ("all", b"HTTP/1.1 100 Continue\r\n\r\n"),
}
ENDS = ("hang up", "reset", "silence")
# A webhook's answer is its status: what comes behind the head is not waited for.
ANSWERED = {"a head", "half a body", "half a chunk", "no last chunk", "a wrong coding"}
BREAKS = [(part, end) for part in PARTS for end in ENDS]


@dataclass
class Server:
    """Plays one of PARTS and one of ENDS; ``taken`` counts the requests that came whole."""

    part: str
    end: str
    tls: ssl.SSLContext | None = None
    taken: int = 0
    url: str = ""
    token: str = "xoxb-fake"
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @asynccontextmanager
    async def running(self):
        server = await asyncio.start_server(self.meet, "127.0.0.1", 0, ssl=self.tls)
        port = server.sockets[0].getsockname()[1]
        self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{port}/api/"
        try:
            yield self
        finally:
            self.over.set()
            server.close()
            await server.wait_closed()

    async def meet(self, reader, writer):
        read, answer = PARTS[self.part]
        try:
            if read != "nothing":
                head = await reader.readuntil(b"\r\n\r\n")
            if read == "all":
                length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
                await reader.readexactly(int(length.partition(b":")[2]))
                self.taken += 1
            writer.write(answer)
            await writer.drain()
            if self.end == "silence":
                await self.over.wait()
            if self.end == "reset":
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        finally:
            writer.transport.abort() if self.end == "reset" else writer.close()


def deadline(end):
    return 0.4 if end == "silence" else 20.0


@pytest.mark.parametrize(("part", "end"), BREAKS)
async def test_once_a_connection_stands_a_post_is_in_doubt_whatever_breaks(part, end):
    async with Server(part, end).running() as server, sending(server, deadline=deadline(end)) as sender:
        outcome = await sender.send(make_delivery(channel_id="C0000001"))
    assert isinstance(outcome, Unknown), outcome
    assert outcome.reason.endswith("whether the message arrived is looked up before it is sent again")


@pytest.mark.parametrize("part", ["nothing read", "half a body"])
async def test_a_change_that_broke_is_simply_made_again(part):
    async with Server(part, "reset").running() as server, sending(server) as sender:
        assert isinstance(await sender.send(make_delivery("update")), Later)


async def always(_delivery):
    return True


@asynccontextmanager
async def hooked(url, **more):
    """A sender to a webhook, and its delivery."""
    hooks = {"hook": Hook(url=url)}
    sender = WebhookSender(hooks, now=partial(datetime.now, UTC), still_mine=always, **{"deadline": 20.0, **more})
    payload = {"full": {"type": "alert"}, "minimal": {"type": "alert"}}
    try:
        yield sender, Delivery(id=1, uid="u", destination="hook", op="post", payload=payload)
    finally:
        await sender.aclose()


@pytest.mark.parametrize(("part", "end"), BREAKS)
async def test_a_webhook_counts_as_told_by_its_status_and_by_nothing_less(part, end):
    async with (
        Server(part, end).running() as server,
        hooked(server.url, deadline=deadline(end)) as (sender, delivery),
    ):
        outcome = await sender.send(delivery)
        # A status that is overtaken by a reset may be lost on the way to us.
        expected = {Delivered} if part in ANSWERED else {Unknown}
        assert type(outcome) in expected | ({Unknown} if end == "reset" else set()), outcome
        assert server.taken or not isinstance(outcome, Delivered)


# ── before a byte of the request can have left ───────────────────────────────────────────────────


async def test_a_host_that_does_not_answer_at_all_has_got_nothing():
    """A full queue of connections is what a host behind a firewall looks like: nobody answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listening.getsockname())

        def hasty(total):
            session = new_session(total)
            session._timeout = aiohttp.ClientTimeout(total=total, connect=0.3)
            return session

        host, port = listening.getsockname()
        server = Server("nothing read", "silence", url=f"http://{host}:{port}/api/")
        async with sending(server, session_factory=hasty, deadline=20.0) as sender:
            outcome = await sender.send(make_delivery(channel_id="C0000001"))
        for each in waiting:
            each.close()
    assert isinstance(outcome, Later)
    assert f"no answer from {host}:{port}" in outcome.reason


UNSAFE = {"a certificate nobody vouches for": server_context, "no TLS at all": lambda: None}


@pytest.mark.parametrize("context", UNSAFE.values(), ids=UNSAFE.keys())
async def test_without_a_safe_connection_nothing_is_written(context):
    server = Server("nothing read", "hang up", tls=context())
    async with server.running():
        url = server.url = server.url.replace("http:", "https:")
        async with sending(server) as sender, hooked(url) as (hook, delivery):
            posted, told = await sender.send(make_delivery(channel_id="C0000001")), await hook.send(delivery)
    assert isinstance(posted, Later)
    assert isinstance(told, Held if server.tls else Later)  # a certificate is for a person, a reset connection is not
    assert server.taken == 0
