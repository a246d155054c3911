"""Clocks and workers as processes, on a real PostgreSQL: what happens when they die, are stopped or cut off."""

import itertools
import os
import signal
from contextlib import AsyncExitStack

import pytest
from clusters import rss
from servers import FaultServer

long = pytest.mark.skipif(not os.environ.get("PRESSWATCH_LONG"), reason="takes long: PRESSWATCH_LONG=1 tries it")
TITLES = ("Chip tariff rises in spring", "Kettle tariff falls in autumn", "Harbour tariff is put off")


def item(number):
    words = ", ".join(f"{TITLES[number].split()[0].lower()}{letter}{number}" for letter in "abcdefghij")
    return f"g{number}", TITLES[number], f"{TITLES[number]}, the ministry said. A matter of its own: {words}."


def sent(cluster):
    return cluster.one("SELECT count(*) FROM delivery WHERE state = 'sent'")


@pytest.mark.parametrize(
    "point",
    [
        "ingest.matched",
        pytest.param("lane.committed", marks=long),
        pytest.param("deliver.claimed", marks=long),
        "deliver.sent",
    ],
)
async def test_what_a_killed_worker_had_begun_is_done_by_another_once(cluster, slack, feeds, point):
    feeds["/feed"] = rss(*(item(number) for number in range(3)))
    cluster.lay({"news": feeds.at("/feed")})
    cluster.start("clock")
    first = cluster.start("worker", point=point)
    await cluster.until(first.ended, f"the worker's death at {point}")
    assert first.wait() == -signal.SIGKILL
    cluster.start("worker")
    await cluster.until(lambda: sent(cluster) == 3, "three messages that were sent")
    assert [sum(title in text for text in slack.texts()) for title in TITLES] == [1, 1, 1], slack.texts()
    assert len(slack.texts()) == 3
    await cluster.until(lambda: not cluster.one("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'ingest'"))


@pytest.mark.parametrize("number", [pytest.param(signal.SIGKILL, marks=long), signal.SIGSTOP])
async def test_another_clock_takes_over_from_one_that_is_killed_or_stopped(cluster, number):
    cluster.lay({})
    first = cluster.start("clock")
    await cluster.until(lambda: cluster.leader() == (1, first.pid), "the first leader")
    second = cluster.start("clock")
    await cluster.until(lambda: cluster.one("SELECT count(*) FROM process WHERE kind = 'clock'") == 2)
    first.send(number)
    seconds = await cluster.until(lambda: cluster.leader() == (2, second.pid), "the second leader")
    assert seconds < 1.5 + 2  # the lease and some looks
    if number == signal.SIGSTOP:
        first.send(signal.SIGCONT)
        await cluster.until(lambda: first.said("no longer leading"), "the first sees that it leads no more")
        assert cluster.leader() == (2, second.pid)
        second.kill()
        await cluster.until(lambda: cluster.leader() == (3, first.pid), "the first leads again")


async def test_a_restarted_database_ends_nobody(cluster, slack, feeds, server):
    feeds["/feed"] = rss(item(0))
    cluster.lay({"news": feeds.at("/feed")})
    clock, worker = cluster.start("clock"), cluster.start("worker")
    await cluster.until(lambda: len(slack.texts()) == 1, "the first message")
    server.stop()
    feeds["/feed"] = rss(item(1), item(0))
    server.start()
    cluster.ask("UPDATE source SET next_due = now()")
    await cluster.until(lambda: len(slack.texts()) == 2, "the message after the restart")
    server.cut(cluster.database)
    feeds["/feed"] = rss(item(2), item(1), item(0))
    cluster.ask("UPDATE source SET next_due = now()")
    await cluster.until(lambda: len(slack.texts()) == 3, "the message after the cut")
    assert not clock.ended()
    assert not worker.ended()
    for process in (clock, worker):
        process.send(signal.SIGTERM)
    await cluster.until(lambda: clock.ended() and worker.ended(), "their end", patience=10)
    assert [clock.wait(), worker.wait()] == [0, 0]
    assert cluster.ask("SELECT id FROM process") == []


async def test_copies_that_several_workers_bring_at_once_are_one_story_and_one_alert(cluster, slack):
    text = " ".join(f"The ministry of number{n} would lower the tariff on pots." for n in range(8))
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(FaultServer()) for _ in range(8)]
        for server in servers:
            server["/feed"] = rss(("g", "Ministry lowers the tariff on pots", text))
        await _copies_at_once(cluster, slack, servers)


async def _copies_at_once(cluster, slack, servers):
    cluster.lay({f"s{number}": server.at("/feed") for number, server in enumerate(servers)})
    for _ in range(3):
        cluster.start("worker", concurrency=2)
    await cluster.until(lambda: len(cluster.ask("SELECT 1 FROM process")) == 3, "three workers")
    cluster.start("clock")
    await cluster.until(lambda: cluster.one("SELECT count(*) FROM article") == 8, "all copies")
    await cluster.until(
        lambda: sent(cluster) and not cluster.ask("SELECT 1 FROM delivery WHERE state <> 'sent' AND op = 'post'")
    )
    assert len(cluster.ask("SELECT DISTINCT story FROM article")) == 1
    assert cluster.one("SELECT count(*) FROM alert") == 1
    assert len(slack.texts()) == 1
    pollers = {
        line for each in cluster.processes if each.kind == "worker" and each.said("polled") for line in [each.pid]
    }
    assert len(pollers) > 1  # or nothing was tried
    assert [server.paths() for server in servers] == [["/feed"]] * len(servers)


async def test_a_channel_keeps_order_and_pace_when_another_worker_goes_on(cluster, slack, feeds):
    feeds["/feed"] = rss(*((f"g{n}", f"Tariff {n * 'of a kind '}number {n}", f"word{n} " * 30) for n in range(9)))
    cluster.lay({"news": feeds.at("/feed")}, more="group_over = 1000\n")
    cluster.start("clock")
    first = cluster.start("worker", scale=0.4)
    await cluster.until(lambda: len(slack.texts()) >= 3, "some messages")
    cluster.start("worker", scale=0.4)
    first.send(signal.SIGTERM)
    await cluster.until(first.ended, "the first worker's end", patience=10)
    await cluster.until(lambda: sent(cluster) == 9, "all messages")
    posted = [message.data["metadata"]["event_payload"]["uid"] for message in slack.workspace.messages]
    assert posted == [row[0] for row in cluster.ask("SELECT uid FROM delivery ORDER BY id")]
    moments = [row[0] for row in cluster.ask("SELECT sent_at FROM delivery ORDER BY id")]
    gaps = [(after - before).total_seconds() for before, after in itertools.pairwise(moments)]
    assert min(gaps) > 0.4 - 0.15  # when it was marked, not when it was posted
