"""The service's knocks: what goes wrong is said once, and the next knock goes on."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta

import structlog
from servers import FaultServer, held
from world import CONSOLE, SLACK, article, rss

from bot.deliver.fake_slack import error, hang
from bot.scheduler import Knocks, Steadily
from bot.store import outbox


def told(logs, event):
    return [line for line in logs if line["event"] == event]


async def test_a_held_destination_is_said_once_however_often_it_is_tried(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.slack.fail("chat.postMessage", error("not_in_channel"), times=3)
    async with world.desk() as desk:
        knocks = Knocks(desk)
        with structlog.testing.capture_logs() as logs:
            await knocks.ingest()
            await knocks.settled()
            for _ in range(3):
                await knocks.resume()
                await knocks.deliver()
                await knocks.settled()
    warned = [line for line in told(logs, "delivered") if line["log_level"] == "warning"]
    assert len(warned) == 1
    assert "invite" in warned[0]["note"] or "not in" in warned[0]["note"]
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
                await knocks.settled()
            blocker.close()
            await knocks.guarded("ingest", knocks.ingest)
            await knocks.settled()
    assert len(told(logs, "trouble: will try again")) == 1
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


async def test_a_bug_in_one_piece_of_work_ends_nothing_else(world):
    async def broken():
        raise ZeroDivisionError("a bug")

    async with world.desk() as desk:
        knocks = Knocks(desk)
        with structlog.testing.capture_logs() as logs:
            await knocks.guarded("broken", broken)
            await knocks.guarded("broken", broken)
    assert len(told(logs, "a bug of Presswatch: please report it")) == 1


async def test_a_slow_source_is_not_polled_twice_at_a_time_and_holds_up_no_other(world):
    release = asyncio.Event()
    async with FaultServer() as slow:
        slow["/feed"] = held(release, rss("Rain"))
        world.server["/feed"] = rss("Sun")
        world.feed_source("slow", "/feed", slow)
        world.feed_source("good", "/feed")
        async with world.desk() as desk:
            knocks = Knocks(desk)
            await knocks.ingest()
            await slow.asked(1)
            await world.server.asked(1)
            while len(knocks.running) > 1:
                await asyncio.wait(knocks.running, return_when=asyncio.FIRST_COMPLETED)
            world.later(hours=1)
            await knocks.ingest()
            await world.server.asked(2)
            assert len(slow.requests) == 1
            release.set()
            await knocks.settled()


async def test_a_slow_destination_keeps_no_other_waiting(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.slack.fail("chat.postMessage", hang())
    async with world.desk(SLACK + CONSOLE) as desk:
        knocks = Knocks(desk)
        await knocks.ingest()
        while ("terminal", "sent") not in counts(desk):
            await asyncio.wait(knocks.running, return_when=asyncio.FIRST_COMPLETED)
        assert counts(desk)["desk", "sending"] == 1
        await knocks.drain(0.1)


def counts(desk):
    with desk.store.read() as tx:
        return outbox.counts(tx)


async def test_a_trouble_is_told_to_the_operators_and_logged_once(world):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = "no feed"
    async with world.desk(CONSOLE + '[ops]\nnotify = ["terminal"]\n') as desk:
        await world.round(desk)
        world.later(hours=25)
        await world.round(desk)
        knocks = Knocks(desk)
        with structlog.testing.capture_logs() as logs:
            for _ in range(3):
                await knocks.guarded("notify", knocks.notify)
        assert counts(desk) == {("terminal", "pending"): 1}
    (line,) = told(logs, "operators told")
    assert (line["step"], line["trouble"]) == ("begins", "source ministry")


async def test_a_rules_folder_that_vanishes_keeps_the_rules_and_is_said_once(world):
    async with world.desk() as desk:
        knocks = Knocks(desk)
        (world.folder / "rules").rename(world.folder / "elsewhere")
        with structlog.testing.capture_logs() as logs:
            await knocks.guarded("reload", knocks.reload)
            await knocks.guarded("reload", knocks.reload)
            assert set(desk.rules().ruleset.rules) == {"tariffs", "kettles"}
            (world.folder / "elsewhere").rename(world.folder / "rules")
            await knocks.guarded("reload", knocks.reload)
        assert desk.rules().faults == ()
    assert len(told(logs, "rule rejected")) == 1


def test_a_clock_that_jumped_ahead_by_years_leaves_one_knock_and_not_each_that_was_missed():
    steadily, booted = Steadily(seconds=2), datetime(1970, 1, 1, tzinfo=UTC)
    assert steadily.get_next_fire_time(booted, booted) == booted + timedelta(seconds=2)
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert steadily.get_next_fire_time(booted, now) == now + timedelta(seconds=2)


async def test_at_the_start_the_log_says_how_well_each_channel_is_protected_and_what_is_to_be_mended(world):
    other = '[[destination]]\nid = "other"\nkind = "slack"\nchannel = "#nowhere"\n'
    async with world.desk(SLACK + other) as desk:
        knocks = Knocks(desk)
        with structlog.testing.capture_logs() as logs:
            knocks.check()
            await knocks.settled()
    lines = {line["of"]: line for line in told(logs, "check")}
    protected, mended = lines["protection against duplicates in “desk”"], lines["channel of “other”"]
    assert (protected["log_level"], protected["found"][:6]) == ("info", "full: ")
    assert (mended["log_level"], bool(mended["remedy"])) == ("warning", True)
    assert "channel of “desk”" not in lines, "what is well is not said"
    assert not any(call.method.startswith("chat.") for call in world.slack.calls), "nothing is written"
