"""Dead sources, held queues and rejected rules reach the destinations of [ops] – once, then daily, then once more."""

import asyncio

import pytest
from servers import FaultServer
from world import RULES, SLACK, World, article, rss

from bot import pipeline
from bot.deliver.fake_slack import FakeSlack, error
from bot.deliver.fake_workspace import FakeChannel

OPS = (
    SLACK
    + '[[destination]]\nid = "ops"\nkind = "slack"\nchannel = "C0000002"\ndefault = false\n[ops]\nnotify = ["ops"]\n'
)


@pytest.fixture
async def world(tmp_path):
    channels = (FakeChannel(id="C0000001", name="alerts"), FakeChannel(id="C0000002", name="ops"))
    async with FaultServer() as server, FakeSlack(channels=channels) as slack:
        yield World(tmp_path, server, slack)


async def told(world, desk):
    """Look once, deliver, and give what the new messages to the operators say."""
    before = len(world.slack.texts("C0000002"))
    await pipeline.notify_operators(desk)
    await pipeline.deliver_due(desk)
    return world.slack.texts("C0000002")[before:]


async def test_a_source_that_is_dead_for_a_day_is_told_once_then_daily_then_that_it_is_well(world):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = "<html>a web page</html>"
    async with world.desk(OPS) as desk:
        await world.round(desk)
        assert await told(world, desk) == []
        world.later(hours=25)
        await world.round(desk)
        (first,) = await told(world, desk)
        assert "Source 127.0.0.1 (ministry): no good answer since it was configured" in first
        assert await told(world, desk) == []
    async with world.desk(OPS) as desk:  # a restart changes nothing
        world.later(hours=23)
        await world.round(desk)
        assert await told(world, desk) == []
        world.later(hours=1)
        (again,) = await told(world, desk)
        assert "Still: Source" in again
        world.server["/feed"] = rss("A tariff on tea")
        await world.round(desk)
        (over,) = await told(world, desk)
        assert over.startswith("Presswatch is well again")
        world.later(days=3)
        assert await told(world, desk) == []


async def test_a_bot_that_was_off_for_a_day_does_not_call_its_sources_dead(world):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = "<html>a web page</html>"
    async with world.desk(OPS) as desk:
        await world.round(desk)
        world.later(hours=30)
        assert await told(world, desk) == []


async def test_a_held_queue_is_told_elsewhere_and_not_again_while_it_is_only_tried(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(OPS) as desk:
        world.slack.fail("chat.postMessage", error("not_in_channel"))
        await world.round(desk)
        (first,) = await told(world, desk)
        assert "Destination desk: its queue is held with 1 waiting" in first
        for _ in range(3):  # every ten minutes it is let go for a try, and refused
            world.later(minutes=10)
            world.slack.fail("chat.postMessage", error("not_in_channel"))
            await pipeline.resume_held(desk)
            assert await told(world, desk) == []
        await pipeline.resume_held(desk)
        await pipeline.deliver_due(desk)
        (over,) = await told(world, desk)
        assert "Over: Destination desk" in over


async def test_a_rejected_rule_is_told_and_that_it_is_mended(world):
    rules = world.folder / "rules" / "rules.toml"
    async with world.desk(OPS) as desk:
        assert await told(world, desk) == []
        rules.write_text(RULES.replace('any = ["kettle"]', "any = [5]"))
        await pipeline.reload_rules(desk)
        (first,) = await told(world, desk)
        assert "Rule kettles is rejected: rules.toml:" in first
        rules.write_text("# a line more\n" + rules.read_text())
        await pipeline.reload_rules(desk)
        assert await told(world, desk) == [], "the same fault in another line is the same trouble"
        rules.write_text(RULES)
        await pipeline.reload_rules(desk)
        (over,) = await told(world, desk)
        assert "Over: Rule kettles" in over


async def test_a_storm_of_dead_sources_is_one_message(world):
    for number in range(30):
        world.feed_source(f"s{number}", f"/{number}")
        world.server[f"/{number}"] = "no feed"
    async with world.desk(OPS) as desk:
        for _ in range(2):
            await world.round(desk)
            world.later(hours=25)
        messages = await told(world, desk)
    assert len(messages) == 1
    assert "and 24 more sources" in messages[0]


async def test_two_processes_tell_once(world):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = "no feed"
    async with world.desk(OPS) as one, world.desk(OPS) as other:
        for _ in range(2):
            await world.round(one)
            world.later(hours=25)
        found = await asyncio.gather(pipeline.notify_operators(one), pipeline.notify_operators(other))
    assert sorted(map(len, found)) == [0, 1]


async def test_without_ops_nobody_is_told(world):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = "no feed"
    async with world.desk() as desk:
        for _ in range(2):
            await world.round(desk)
            world.later(hours=25)
        assert await told(world, desk) == []


async def test_notices_are_not_counted_as_alerts(world):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = "no feed"
    async with world.desk(OPS) as desk:
        await world.round(desk)
        world.later(hours=25)
        await world.round(desk)
        await pipeline.notify_operators(desk)
        delivered = await pipeline.deliver_due(desk)
    assert (delivered.sent, delivered.waiting) == (0, 0)
    assert len(world.slack.texts("C0000002")) == 1


@pytest.mark.parametrize("hours", [1, 12, 24])
async def test_a_source_that_comes_and_goes_gives_few_messages(world, hours):
    world.feed_source("ministry", "/feed")
    async with world.desk(OPS) as desk:
        messages = 0
        for number in range(10):
            world.server["/feed"] = "no feed" if number % 2 else rss(f"News {number}")
            await world.round(desk)
            messages += len(await told(world, desk))
            world.later(hours=hours)
    assert messages <= 10 * hours / 24 + 1
