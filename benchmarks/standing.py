"""A desk with many feeds that have been polled before, and the server they come from."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from feedserver import HOST, KIND, body, etag, has_etag
from texts import vocabulary_of

from bot.ingest.feeds import hash_of
from bot.store import sources
from bot.store.records import PollRecord

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.store import Store

ROOT = Path(__file__).resolve().parent.parent
PORTS = 200
# Ranks of the words that rules look for: a word of rank n is met in one item of n / 6.
COMMONEST, RAREST = 2_000, 20_000
TERMS = 4


@dataclass(frozen=True)
class Server:
    """The server of the feeds."""

    ports: list[int]

    def url(self, feed: int) -> str:
        """Where a feed is."""
        return f"http://{HOST}:{self.ports[feed % len(self.ports)]}/{feed}"

    def ask(self, path: str) -> bytes:
        """What the server says of itself."""
        with urlopen(f"http://127.0.0.1:{self.ports[0]}{path}", timeout=30) as answer:
            content: bytes = answer.read()
        return content


@contextmanager
def serving(ports: int) -> Iterator[Server]:
    """The server, in a process of its own."""
    command = [sys.executable, str(ROOT / "benchmarks" / "feedserver.py"), "--ports", str(ports)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield Server(json.loads(process.stdout.readline()))
        assert process.stdin is not None
        process.stdin.close()


def write(folder: Path, server: Server, feeds: int, rules: int) -> None:
    """The configuration and the rules."""
    # Groups of alerts wait for each other, five minutes by default, and a round ends when all is sent.
    destination = '[[destination]]\nid = "terminal"\nkind = "console"\ngroup_interval = "0s"\n'
    head = f'[network]\nallow = ["{HOST}"]\n{destination}'
    listed = "".join(
        f'[[source]]\nid = "{source_id(feed)}"\nkind = "feed"\nurl = "{server.url(feed)}"\n' for feed in range(feeds)
    )
    (folder / "config.toml").write_text(head + listed, "utf-8")
    (folder / "rules").mkdir()
    rng = random.Random(11)
    vocabulary = vocabulary_of(random.Random(7))[0][COMMONEST:RAREST]
    words = [word for word in vocabulary if len(word) > 5]
    texts = (_rule(number, rng.sample(words, TERMS)) for number in range(rules))
    (folder / "rules" / "rules.toml").write_text("".join(texts), "utf-8")


def source_id(feed: int) -> str:
    """What the configuration calls the feed."""
    return f"f{feed}"


def _rule(number: int, terms: list[str]) -> str:
    listed = ", ".join(f'"{term}"' for term in terms)
    return f'[[rule]]\nid = "r{number}"\ntitle = "Rule {number}"\nany = [{listed}]\n\n'


def remember(store: Store, feeds: Iterable[int], due: datetime) -> None:
    """Have these feeds polled before, as far as a poll that brings nothing new needs to know."""
    now = datetime.now(UTC)
    with store.write() as tx:
        for feed in feeds:
            known = {"etag": etag(feed, 0)} if has_etag(feed) else {"body_hash": hash_of(body(feed, 0), KIND)}
            poll = PollRecord(source=source_id(feed), at=now, status="baseline", next_due=due, interval=900.0, **known)
            sources.record_poll(tx, poll)


def far() -> datetime:
    """When nothing of what is measured falls due."""
    return datetime.now(UTC) + timedelta(hours=20)
