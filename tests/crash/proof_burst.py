"""A burst: thousands of alerts for some channels at once, sent on a clock that moves only when everybody waits.

With ten channels the workspace's own limit is what holds them back, with two it is the channels'.
"""

import asyncio
import heapq
import itertools
import json
import re
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from proof_verdict import Verdict

from bot import pipeline
from bot.app import open_desk
from bot.config import load
from bot.deliver.fake_slack import FakeChannel, FakeSlack
from bot.deliver.pace import Pace
from bot.deliver.slack_api import Wire
from bot.model import Alert, Article
from bot.store import alerts, articles, outbox, stories

# Messages a second and channel; over a minute one more may begin and end it.
MOST, WINDOW = 1.05, 60.0
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
# An alert is known by its headline, wherever in a message that stands.
HEADLINE = re.compile(r"Headline (\d+)\b")
SOURCE = '[[source]]\nid = "wire"\nkind = "folder"\npath = "wire"\n'


@dataclass
class Time:
    """Seconds that pass only when all who are ``busy`` sleep: then it is at once the time at which the first wakes."""

    busy: int
    seconds: float = 0.0
    _sleepers: list = field(default_factory=list)
    _tickets: itertools.count = field(default_factory=itertools.count)

    async def sleep(self, seconds):
        waking = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.seconds + seconds, next(self._tickets), waking))
        self._pass()
        await waking

    def leave(self):
        """One less who is busy."""
        self.busy -= 1
        self._pass()

    def _pass(self):
        if self._sleepers and len(self._sleepers) >= self.busy:
            self.seconds, _, waking = heapq.heappop(self._sleepers)
            waking.set_result(None)


async def burst(count, width, scale=1.0):
    """Queue ``count`` alerts for ``width`` channels and send them all; what became of them, and figures for the report.

    ``scale`` 0 sends without any pace.
    """
    time, seen = Time(busy=width), defaultdict(list)
    channels = tuple(FakeChannel(id=f"C000000{n}", name=f"channel-{n}") for n in range(width))
    with tempfile.TemporaryDirectory() as folder:
        async with FakeSlack(channels=channels) as slack:
            config = _config(Path(folder), slack)
            wire = Wire(pace=Pace(clock=lambda: time.seconds, sleep=time.sleep, scale=scale))
            clock = lambda: START + timedelta(seconds=time.seconds)  # noqa: E731
            slack.workspace.clock = lambda: 2_000_000_000 + time.seconds
            async with open_desk(config, wire=wire, clock=clock) as desk:
                await desk.call(_without_waiting_for_the_disk, desk)
                queued = await desk.call(_queue, desk, count, width)
                await asyncio.gather(*(_send(desk, destination, time) for destination in config.destinations))
                open_rows = await desk.call(_open, desk)
            for message in slack.workspace.messages:
                seen[message.channel].append((float(message.ts), _alerts_in(message.data)))
    return _judge(queued, seen, open_rows), {"seconds_simulated": round(time.seconds, 1), "fastest": _fastest(seen)}


def _without_waiting_for_the_disk(desk):
    """Twenty thousand commits would wait for it longest of all, and no power is cut here."""
    sa.event.listen(desk.store.engine, "connect", lambda c, _: c.execute("PRAGMA synchronous = OFF").close())
    desk.store.engine.dispose()


async def _send(desk, destination, time):
    """Rounds at one destination until its queue is empty, sleeping as the service does between them."""
    while True:
        await pipeline.deliver_to(desk, destination)
        due = await desk.call(_next_due, desk, destination)
        if due is None:
            time.leave()
            return
        await time.sleep(max(0.0, (due - desk.now()).total_seconds()))


def _next_due(desk, destination):
    with desk.store.read() as tx:
        return outbox.next_due(tx, desk.now(), destinations=[destination.id])


def _open(desk):
    with desk.store.read() as tx:
        return outbox.waiting(tx, [each.id for each in desk.config.destinations])


def _alerts_in(message):
    """The alerts that a message tells of, each once, in their order."""
    return list(dict.fromkeys(int(number) for number in HEADLINE.findall(json.dumps(message))))


def _queue(desk, count, width):
    """``count`` alerts in stories of their own, by turns for ``width`` channels; their numbers in order, by channel."""
    queued = defaultdict(list)
    with desk.store.write() as tx:
        for number in range(count):
            name, uid, story = f"channel-{number % width}", f"uid-{number}", stories.open(tx, START)
            title = f"Headline {number}"
            article = Article(
                source="wire",
                key=str(number),
                key_kind="guid",
                fingerprint=str(number),
                content_hash=str(number),
                title=title,
                body=title,
                url=f"https://wire.example/{number}",
                canonical_url=f"https://wire.example/{number}",
            )
            ref = articles.add(tx, article, state="alerted", first_seen=START, order_at=START, story=story)
            alert = alerts.add(
                tx,
                Alert(story=story, destination=name, kind="first", article=ref.article, rules=(), severity="normal"),
                START,
            )
            payload = {"full": {"text": title}, "minimal": {"text": title}}
            outbox.enqueue(tx, uid=uid, alert=alert, destination=name, op="post", payload=payload, at=START)
            queued[f"C000000{number % width}"].append(number)
    return queued


def _config(folder, slack):
    (folder / "wire").mkdir()
    (folder / "token").write_text(slack.token)
    (folder / "token").chmod(0o600)
    slack_table = f'[slack]\ntoken_file = "token"\nbase_url = "{slack.url}"\n'
    destinations = "".join(
        f'[[destination]]\nid = "{each.name}"\nkind = "slack"\nchannel = "{each.id}"\n' for each in slack.channels
    )
    (folder / "config.toml").write_text(slack_table + SOURCE + destinations)
    return load(folder / "config.toml", {}, folder)


def _fastest(seen):
    """The most messages a second that a channel got: over each minute, and over the whole."""
    rates = [0.0]
    for messages in seen.values():
        times = [at for at, _ in messages]
        first = 0
        for last, at in enumerate(times):
            while at - times[first] > WINDOW:
                first += 1
            rates.append((last - first) / WINDOW)
        if len(times) > 1:
            rates.append((len(times) - 1) / max(0.001, times[-1] - times[0]))
    return round(max(rates), 4)


def _judge(queued, seen, open_rows):
    verdict = Verdict(visible=sum(map(len, seen.values())), standing=open_rows)
    for channel, expected in queued.items():
        got = [number for _, numbers in seen[channel] for number in numbers]
        if missing := set(expected) - set(got):
            verdict.lost.append(f"{len(missing)} alerts are not in {channel}")
        if len(got) > len(set(got)) or set(got) - set(expected):
            verdict.doubled.append(f"{len(got) - len(set(got) & set(expected))} times too often in {channel}")
        if sorted(got) == sorted(expected) and got != expected:
            verdict.broken.append(f"{channel} is out of order")
    if _fastest(seen) > MOST:
        verdict.broken.append(f"{_fastest(seen)} messages a second in a channel")
    return verdict
