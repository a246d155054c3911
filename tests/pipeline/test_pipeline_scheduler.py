"""The service's knocks: what goes wrong is said once, and the next knock goes on."""

import sqlite3

import structlog
from world import article

from bot import pipeline
from bot.deliver.fake_slack import error
from bot.scheduler import Knocks


def told(logs, event):
    return [line for line in logs if line["event"] == event]


async def test_a_held_destination_is_said_once_however_often_it_is_tried(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.slack.fail("chat.postMessage", error("not_in_channel"), times=3)
    async with world.desk() as desk:
        knocks = Knocks(desk)
        with structlog.testing.capture_logs() as logs:
            await knocks.ingest()
            for _ in range(3):
                await knocks.resume()
                await knocks.deliver()
    assert len(told(logs, "delivery")) == 1
    assert told(logs, "delivered")[-1]["sent"] == 1
    assert len(world.slack.texts()) == 1


async def test_trouble_with_the_database_is_said_once_and_the_next_knock_goes_on(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(patience=0.1) as desk:
        knocks = Knocks(desk)
        with structlog.testing.capture_logs() as logs:
            blocker = _hold(world)
            for _ in range(2):
                await knocks.guarded("ingest", knocks.ingest)
            blocker.close()
            await knocks.guarded("ingest", knocks.ingest)
    assert len(told(logs, "database trouble: will try again")) == 1
    assert len(told(logs, "database answers again")) == 1
    assert len(world.slack.texts()) == 1


def _hold(world):
    connection = sqlite3.connect(world.folder / "var" / "presswatch.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


async def test_edited_rules_are_logged_with_their_faults(world):
    async with world.desk() as desk:
        knocks = Knocks(desk)
        rules = world.folder / "rules" / "rules.toml"
        rules.write_text(rules.read_text() + '[[rule]]\nid = "x"\ntitle = "X"\nanny = ["y"]\n')
        with structlog.testing.capture_logs() as logs:
            await knocks.reload()
            await knocks.reload()
    assert len(told(logs, "rule rejected")) >= 1
    assert len(told(logs, "rules loaded")) == 1
    await pipeline.reload_rules(desk)
