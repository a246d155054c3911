"""Dead sources, held queues and rejected rules reach the destinations of [ops] – once, then daily, then once more."""

import asyncio

import pytest
from servers import busy, page
from world import OPS, RULES, article, rss, told

from bot import pipeline
from bot.deliver.fake_slack import error
from bot.store import notices


@pytest.fixture
def world(world_with_ops):
    return world_with_ops


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
        assert await told(world, desk) == [], "it is due: its poll will tell more"
        await world.round(desk)
        (again,) = await told(world, desk)
        assert "Still: Source" in again
        world.server["/feed"] = rss("A tariff on tea")
        world.later(hours=1)
        await world.round(desk)
        (over,) = await told(world, desk)
        assert over.startswith("Presswatch is well again")
        assert "Over: Source 127.0.0.1 (ministry): it answers again" in over
        world.later(days=3)
        assert await told(world, desk) == []


@pytest.mark.parametrize("polls", [1, 2, 5])
async def test_a_bot_that_was_off_for_days_asks_its_sources_before_it_calls_them_dead(world, polls):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = "<html>a web page</html>"
    async with world.desk(OPS) as desk:
        for _ in range(polls):
            await world.round(desk)
            world.later(minutes=20)
    world.later(days=3)
    world.server["/feed"] = rss("A tariff on tea")
    async with world.desk(OPS) as desk:
        assert await told(world, desk) == []
        await world.round(desk)
        assert await told(world, desk) == []


async def test_a_dead_source_that_gets_another_address_or_is_removed_is_told_no_more(world):
    for name in ("ministry", "office"):
        world.feed_source(name, f"/{name}")
        world.server[f"/{name}"] = "no feed"
    await dead(world)
    world.sources.clear()
    world.feed_source("ministry", "/new")
    world.server["/new"] = "no feed either"
    async with world.desk(OPS) as desk:
        world.later(hours=2)
        await world.round(desk)
        assert await told(world, desk) == [], "it has not answered, and has not failed for a day"
        world.later(hours=25)
        await world.round(desk)
        (begun,) = await told(world, desk)
    assert "ministry" in begun
    assert "Still" not in begun
    assert "office" not in begun


async def dead(world, messages=1):
    """Two rounds a day apart, and what is told of them."""
    async with world.desk(OPS) as desk:
        await world.round(desk)
        world.later(hours=25)
        await world.round(desk)
        assert len(await told(world, desk)) == messages


async def test_another_kind_of_error_is_told_at_once_another_figure_is_not(world):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = busy(503)
    await dead(world)
    async with world.desk(OPS) as desk:
        world.server["/feed"] = busy(502)
        world.later(hours=2)
        await world.round(desk)
        assert await told(world, desk) == []
        world.server["/feed"] = page("gone", 410)
        world.later(hours=2)
        await world.round(desk)
        (changed,) = await told(world, desk)
    assert "Changed: Source" in changed
    assert "gone for good" in changed


async def test_a_source_that_dies_hours_after_another_is_told_with_it(world):
    for name in ("first", "second"):
        world.feed_source(name, f"/{name}")
    world.server["/first"], world.server["/second"] = "no feed", rss("News")
    async with world.desk(OPS) as desk:
        await world.round(desk)
        world.later(hours=3)
        world.server["/second"] = "no feed"
        await world.round(desk)
        world.later(hours=21)
        await world.round(desk)
        (both,) = await told(world, desk)
    assert "(first)" in both
    assert "(second)" in both


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
        assert "Over: Destination desk: messages go out again, 1 so far" in over


async def test_the_next_reason_of_a_held_queue_is_told_the_next_number_is_not(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(OPS) as desk:
        world.slack.fail("chat.postMessage", error("not_in_channel"))
        await world.round(desk)
        assert len(await told(world, desk)) == 1
        world.folder_source("a", two=article("A tariff on tea", "Tea gets a tariff of its own, says the port."))
        await world.round(desk)
        assert await told(world, desk) == []
        world.slack.fail("chat.postMessage", error("is_archived"))
        await pipeline.resume_held(desk)
        await pipeline.deliver_to(desk, desk.config.destinations[0])
        (changed,) = await told(world, desk)
    assert "Changed: Destination desk: its queue is held with 2 waiting" in changed
    assert "archived" in changed


async def test_notices_for_the_held_destination_itself_wait_with_everything_else(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    both = OPS.replace('["ops"]', '["ops", "desk"]')
    async with world.desk(both) as desk:
        world.slack.fail("chat.postMessage", error("not_in_channel"))
        await world.round(desk)
        assert len(await told(world, desk)) == 1
        assert world.slack.texts() == []
        await pipeline.resume_held(desk)
        await pipeline.deliver_due(desk)
        assert ["its queue is held" in text for text in world.slack.texts()] == [False, True]


async def test_messages_that_are_lost_are_told_when_there_are_more_and_of_notices_nobody_is_told(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(OPS) as desk:
        world.slack.fail("chat.postMessage", error("invalid_blocks"), times=2)
        await world.round(desk)
        (first,) = await told(world, desk)
        assert "Destination desk: 1 message could not be delivered, the latest because: " in first
        world.later(days=3)
        await world.round(desk)
        assert await told(world, desk) == [], "nobody is reminded of what cannot be mended"
        world.folder_source("a", two=article("A tariff on tea", "Tea gets a tariff of its own, says the port."))
        world.slack.fail("chat.postMessage", error("invalid_blocks"), times=4)
        await world.round(desk)
        assert await told(world, desk) == [], "the notice was refused like the alert"
        assert await told(world, desk) == [], "and no notice tells of a notice"
        world.folder_source(
            "a", three=article("Cocoa growers march", "In the capital growers marched against any tariff on beans.")
        )
        world.slack.fail("chat.postMessage", error("invalid_blocks"), times=2)
        await world.round(desk)
        (more,) = await told(world, desk)
        assert "Changed: Destination desk: 3 messages could not be delivered" in more


async def test_a_rejected_rule_is_told_and_that_it_is_mended(world):
    rules = world.folder / "rules" / "rules.toml"
    async with world.desk(OPS) as desk:
        assert await told(world, desk) == []
        rules.write_text(RULES.replace('any = ["kettle"]', "any = [5]"))
        await pipeline.reload_rules(desk)
        (first,) = await told(world, desk)
        assert "Rule kettles: rejected, its last good version stays in force – rules.toml:" in first
        rules.write_text("# a line more\n" + rules.read_text())
        await pipeline.reload_rules(desk)
        assert await told(world, desk) == [], "the same fault in another line is the same trouble"
        rules.write_text(RULES)
        await pipeline.reload_rules(desk)
        (over,) = await told(world, desk)
        assert "Over: Rule kettles: it is in force as it stands now" in over


async def test_a_rule_that_never_was_good_is_told_to_be_off_and_that_it_was_taken_out(world):
    rules = world.folder / "rules" / "rules.toml"
    rules.write_text(RULES + '[[rule]]\nid = "pans"\nany = [5]\n')
    async with world.desk(OPS) as desk:
        (first,) = await told(world, desk)
        assert "Rule pans: rejected and not in force" in first
        rules.write_text(RULES)
        await pipeline.reload_rules(desk)
        (over,) = await told(world, desk)
        assert "Over: Rule pans: it is no longer in the rules folder" in over


async def test_a_folder_that_cannot_be_read_says_nothing_about_its_rules(world):
    rules = world.folder / "rules"
    (rules / "rules.toml").write_text(RULES.replace('any = ["kettle"]', "any = [5]"))
    async with world.desk(OPS) as desk:
        assert len(await told(world, desk)) == 1
        rules.rename(world.folder / "elsewhere")
        await pipeline.reload_rules(desk)
        (folder,) = await told(world, desk)
        assert "Rules folder" in folder
        assert "the rules in force stay as they were" in folder
        assert "Over" not in folder
        (world.folder / "elsewhere").rename(rules)
        await pipeline.reload_rules(desk)
        (over,) = await told(world, desk)
        assert "Over: Rules folder" in over
        assert "kettles" not in over, "nothing has changed about it"


async def test_a_storm_of_dead_sources_is_one_message(world):
    for number in range(30):
        world.feed_source(f"s{number}", f"/{number}")
        world.server[f"/{number}"] = "no feed"
    async with world.desk(OPS) as desk:
        await world.round(desk)
        world.later(hours=25)
        await world.round(desk)
        messages = await told(world, desk)
    assert len(messages) == 1
    assert "and 24 more sources" in messages[0]


async def test_two_processes_tell_once(world):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = "no feed"
    async with world.desk(OPS) as one, world.desk(OPS) as other:
        await world.round(one)
        world.later(hours=25)
        await world.round(one)
        found = await asyncio.gather(pipeline.notify_operators(one), pipeline.notify_operators(other))
    assert sorted(map(len, found)) == [0, 1]


async def test_without_ops_nobody_is_told(world):
    world.feed_source("ministry", "/feed")
    world.server["/feed"] = "no feed"
    async with world.desk() as desk:
        await world.round(desk)
        world.later(hours=25)
        await world.round(desk)
        assert await told(world, desk) == []
        with desk.store.read() as tx:
            assert notices.told(tx) == {}


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
