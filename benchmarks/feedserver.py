"""A server of many feeds on this machine, in a process of its own, so that its work is nobody's who is measured.

    python benchmarks/feedserver.py [--ports 200]

Prints its ports as JSON and serves until its standard input is closed. Feed n is at ``/n`` of any port; the ports are
so many servers to be polite to. It answers 304 to whoever names the feed's ETag. One feed in twenty has none and
sends its whole body whenever it is asked, one in twelve has one to three new items in every round. A connection is
closed after each answer: none is kept for a quarter of an hour between two polls either.

``/round/r`` begins a round, ``/log`` tells when the last byte of each feed's body was sent, in seconds since 1970.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import sys
import time
from functools import cache

from texts import vocabulary_of

ITEMS = 20
WORDS = 60
NO_ETAG, NEWS = 20, 12  # one feed in so many
HOST = "localhost"
KIND = "application/rss+xml"


def has_etag(feed: int) -> bool:
    """Whether a poll of the feed can be answered with 304."""
    return feed % NO_ETAG != 1


def has_news(feed: int) -> bool:
    """Whether there are new items in every round."""
    return feed % NEWS == 0


def newest(feed: int, turn: int) -> int:
    """How many items the feed has ever had by that round."""
    if not has_news(feed):
        return ITEMS
    return ITEMS + sum(random.Random(f"{feed} {n}").randint(1, 3) for n in range(1, turn + 1))


def etag(feed: int, turn: int) -> str:
    """What the feed's body of that round is known by."""
    return f'"{feed}-{newest(feed, turn)}"'


@cache
def _language() -> tuple[list[str], list[float]]:
    return vocabulary_of(random.Random(7))


def _item(feed: int, number: int) -> str:
    rng = random.Random(f"item {feed} {number}")
    vocabulary, weights = _language()
    words = rng.choices(vocabulary, cum_weights=weights, k=WORDS)
    return (
        f"<item><guid>{feed}-{number}</guid><title>{number}. {' '.join(words[:8])} of {feed}</title>"
        f"<link>https://news.example/{feed}/{number}</link><description>{' '.join(words[8:])}.</description></item>"
    )


def body(feed: int, turn: int) -> bytes:
    """The feed as RSS, the newest item first."""
    last = newest(feed, turn)
    items = "".join(_item(feed, number) for number in range(last, last - ITEMS, -1))
    head = f"<channel><title>Feed {feed}</title><link>https://news.example/{feed}</link>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{head}{items}</channel></rss>'.encode()


class Feeds:
    """What is served: the round, and when each body went out."""

    def __init__(self) -> None:
        self.turn = 0
        self.sent: dict[int, float] = {}
        self._bodies: dict[int, bytes] = {}

    def answer(self, path: str, known: str) -> tuple[bytes, int | None]:
        """The whole answer, and the feed if its body is in it."""
        if path.startswith("/round/"):
            self.turn = int(path.rpartition("/")[2])
            self.sent.clear()
            self._bodies.clear()
            return _reply(200, b"{}", "application/json"), None
        if path == "/log":
            return _reply(200, json.dumps(self.sent).encode(), "application/json"), None
        feed = int(path[1:])
        tag = etag(feed, self.turn) if has_etag(feed) else None
        if tag is not None and tag == known:
            return _reply(304, b"", None, tag), None
        if feed not in self._bodies:
            self._bodies[feed] = body(feed, self.turn)
        return _reply(200, self._bodies[feed], KIND, tag), feed


def _reply(status: int, content: bytes, kind: str | None, tag: str | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'Not Modified'}", "Connection: close"]
    lines += [f"ETag: {tag}"] if tag else []
    lines += [f"Content-Type: {kind}", f"Content-Length: {len(content)}"] if kind else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + content


class Conversation(asyncio.Protocol):
    """One connection: one request, one answer."""

    def __init__(self, feeds: Feeds) -> None:
        self._feeds = feeds
        self._head = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once the request is whole."""
        self._head += data
        if self._transport is None or not self._head.endswith(b"\r\n\r\n"):
            return
        first, *lines = self._head.decode("latin-1").split("\r\n")
        tags = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("if-none-match:")]
        answer, feed = self._feeds.answer(first.split(" ")[1], tags[0] if tags else "")
        self._transport.write(answer)
        if feed is not None:
            self._feeds.sent[feed] = time.time()
        self._transport.close()


async def serve(ports: int) -> None:
    """Listen on so many ports of the loopback until nobody wants to know any more."""
    loop, feeds = asyncio.get_running_loop(), Feeds()
    numbers = []
    for _ in range(ports):
        server = await loop.create_server(lambda: Conversation(feeds), "127.0.0.1", 0, backlog=500)
        numbers.append(server.sockets[0].getsockname()[1])
        with contextlib.suppress(OSError):  # where the name means the other loopback, too
            await loop.create_server(lambda: Conversation(feeds), "::1", numbers[-1], backlog=500)
    print(json.dumps(numbers), flush=True)
    await asyncio.to_thread(sys.stdin.read)


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--ports", type=int, default=200)
    asyncio.run(serve(parser.parse_args().ports))


if __name__ == "__main__":
    main()
