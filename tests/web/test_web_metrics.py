"""Figures for Prometheus: right, well named, cheap, and without anything that a publisher or reader wrote."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from prometheus_client.parser import text_string_to_metric_families
from servers import busy
from world import SLACK, WEB, article

from bot import pipeline
from bot.deliver.fake_slack import error
from bot.pulse import Pulse
from bot.web import metrics, showing

MORE = """
[[destination]]
id = "night"
kind = "slack"
channel = "C0000001"
quiet = "11:00-13:00"

[[digest]]
id = "morning"
to = ["reader@example.org"]
at = "07:30"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""
LABELS = {"destination", "state", "outcome", "verdict", "digest", "le", "version", "schema", "database"}


async def read(ask):
    """Every sample by name and labels, and the families."""
    answer = await ask("/metrics")
    assert (answer.status, answer.headers["Content-Type"]) == (200, metrics.CONTENT_TYPE)
    families = list(text_string_to_metric_families(await answer.text()))
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value for each in families for sample in each.samples
    }
    return samples, families


def at(samples, name, **labels):
    return samples[f"presswatch_{name}", *sorted(labels.items())]


@pytest.fixture
def busy_world(world):
    world.folder_source("a", one=article("Ministry lowers duties"), two=article("A calm day", "Nothing at all. Quiet."))
    world.feed_source("dead", "/feed")
    world.server["/feed"] = busy(503)
    return world


async def test_figures_tell_what_has_happened(busy_world, ask, monkeypatch):
    monkeypatch.setattr(metrics, "FRESH", 0.0)
    world = busy_world
    async with world.desk(SLACK + MORE + WEB) as desk, showing(desk, Pulse()):
        await pipeline.beat(desk)
        await world.round(desk)
        world.slack.fail("chat.postMessage", error("not_in_channel"))
        samples, families = await read(ask)
        assert at(samples, "polls_total", outcome="ok") == 1
        assert at(samples, "polls_total", outcome="error") == 1
        assert at(samples, "poll_duration_seconds_count") == 2
        assert (at(samples, "articles_total"), at(samples, "mentions_total")) == (2, 1)
        assert at(samples, "decisions_total", verdict="alert") == 2
        assert at(samples, "messages_sent_total", destination="desk") == 1
        assert at(samples, "outbox_messages", destination="night", state="pending") == 1
        assert at(samples, "destination_quiet", destination="night") == 1
        assert (at(samples, "sources"), at(samples, "rules"), at(samples, "rule_faults")) == (2, 2, 0)
        assert at(samples, "database_up") == 1
        assert at(samples, "database_bytes") > 100_000
        assert at(samples, "lane_seconds_total") > 0
        assert at(samples, "build_info", version="0.1.0", schema=schema(samples), database="sqlite") == 1
        world.later(hours=30)
        await pipeline.send_digests(desk)
        samples, _ = await read(ask)
        assert at(samples, "digest_last_timestamp_seconds", digest="morning") == world.at.timestamp()
        assert at(samples, "outbox_messages", destination=metrics.READERS, state="pending") == 1
        assert at(samples, "poll_lag_seconds") > 29 * 3600
        assert at(samples, "outbox_oldest_seconds", destination="night") == 30 * 3600
        assert at(samples, "sources_dead") == 0, "one failed poll is not enough"
        await pipeline.ingest_due(desk, force=True)
        await pipeline.deliver_due(desk)
        samples, _ = await read(ask)
        assert at(samples, "sources_dead") == 1
        assert at(samples, "destination_held", destination="night") == 1
        assert at(samples, "outbox_messages", destination="night", state="held") == 1
    for family in families:
        assert family.documentation.endswith(".")
        assert {label for sample in family.samples for label in sample.labels} <= LABELS
    written = " ".join(value for key in samples for _, value in key[1:])
    assert not {"@", "/"} & set(written)
    assert "Ministry" not in written


def schema(samples):
    (key,) = (key for key in samples if key[0] == "presswatch_build_info")
    return dict(key[1:])["schema"]


async def test_counters_outlast_restarts_and_the_purge(busy_world, ask):
    world = busy_world
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse()):
        await pipeline.beat(desk)
        await world.round(desk)
        await pipeline.beat(desk)
        before, _ = await read(ask)
    with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as database, database:
        database.execute("DELETE FROM poll")
        database.execute("DELETE FROM decision")
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse()):
        after, families = await read(ask)
    counters = {sample.name for each in families if each.type == "counter" for sample in each.samples} - {
        "presswatch_lane_seconds_total",
        "presswatch_lane_calls_total",
        "process_cpu_seconds_total",
    }
    assert len(counters) >= 6
    for key, value in before.items():
        if key[0] in counters:
            assert after[key] == value, key


async def test_however_many_ask_the_database_is_looked_into_once(world, ask, monkeypatch):
    looks = []
    read_once = metrics._read

    def counted(desk):
        looks.append(1)
        return read_once(desk)

    monkeypatch.setattr(metrics, "_read", counted)
    async with world.desk(SLACK + WEB) as desk, showing(desk, Pulse()):
        await asyncio.gather(*(ask("/metrics") for _ in range(8)))
    assert looks == [1]


def test_what_it_takes_is_only_loaded_where_it_is_asked_for():
    said = "import sys, bot.cli, bot.cli.run, bot.scheduler; print('prometheus_client' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
