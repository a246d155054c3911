"""A rule that brings fewer or more than its ``expect`` is told to those who run the program, with the cause."""

from datetime import timedelta

import pytest
from press import begin, feed, weeks
from world import OPS, told

from bot import pipeline
from bot.digests import preview
from bot.health import check_up
from bot.model import Window
from bot.sidelines import aside

RULES = """
[[rule]]
id = "tariffs"
title = "Tariffs"
theme = "us-china-trade"
owner = "trade@example.org"
expect = "2..6/day"
any = ["tariff"]
"""


@pytest.fixture
def world(world_with_ops):
    world = world_with_ops
    (world.folder / "rules" / "rules.toml").write_text(RULES)
    world.feed_source("wire", "/wire")
    return world


async def hours(world, desk, number, *items):
    """So many hours in which the feed is polled and shows these items; what is told at their end."""
    world.server["/wire"] = feed(*items)
    for _ in range(number):
        world.later(hours=1)
        await world.round(desk)
    await pipeline.watch_volume(desk)
    return await told(world, desk)


async def test_a_rule_that_is_too_quiet_is_told_once_then_daily_then_that_it_is_over(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        assert await hours(world, desk, 22) == [], "it has not lived for a day"
        (first,) = await hours(world, desk, 3)
        assert "Rule tariffs (owner trade@example.org): too quiet: 0 stories in the last day, expected 2 to 6" in first
        assert "no source has brought it anything yet" in first
        assert "presswatch volume tariffs" in first
        assert await hours(world, desk, 2) == []
        (again,) = await hours(world, desk, 22)
        assert "Still: Rule tariffs" in again
        items = [f"A tariff on {what}" for what in ("tea", "wool", "salt")]
        (over,) = await hours(world, desk, 1, *items)
        assert "Over: Rule tariffs (owner trade@example.org): 3 stories in the last day, expected 2 to 6" in over


async def test_a_digest_names_it_as_long_as_it_is_so(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        await hours(world, desk, 25)
        with desk.store.read() as tx:
            (off,) = preview(tx, desk.config.digests[0], desk.rules().ruleset, desk.now()).off
        assert (off.rule, off.verdict, off.detail) == ("tariffs", "low", "0 stories in the last day, expected 2 to 6")
        assert "no source has brought it anything yet" in off.cause
        await hours(world, desk, 1, *(f"A tariff on {what}" for what in ("tea", "wool", "salt")))
        with desk.store.read() as tx:
            assert preview(tx, desk.config.digests[0], desk.rules().ruleset, desk.now()).off == ()


@pytest.mark.parametrize(("span", "low", "high"), [(24, 1, 9), (72, 5, 20), (200, None, None)])
async def test_a_digest_shows_what_is_usual_for_its_window(world, span, low, high):
    """Four stories a day for eight weeks."""
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 9)
        await hours(world, desk, 1)
        with desk.store.read() as tx:
            window = Window(day=world.at.date(), zone="UTC", begin=world.at - timedelta(hours=span), end=world.at)
            digest = desk.config.digests[0]
            found = aside(tx, digest, window, desk.rules().ruleset, before=None, now=desk.now()).normal
    if low is None:
        assert found == {}
    else:
        assert low <= found["us-china-trade"][0] <= span // 6 <= found["us-china-trade"][1] <= high


async def test_sources_that_are_healthy_cast_doubt_on_the_rule(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 2)
        assert await hours(world, desk, 1) == []
        (said,) = await hours(world, desk, 25)
    assert "the source of its matches is healthy: perhaps the rule no longer fits (last match 2023-09-11" in said


async def test_sources_that_fail_are_named(world):
    world.feed_source("post", "/post")
    async with world.desk(OPS) as desk:
        await begin(world, desk, sources=("wire", "post"))
        weeks(world, desk, 2)
        world.later(weeks=-2)
        weeks(world, desk, 2, source="post")
        world.server["/post"] = "no feed"
        (said,) = await hours(world, desk, 26)
    assert "1 of 2 sources that brought its matches is not well: 127.0.0.1 has been failing since 2023-09-11" in said


async def test_a_source_that_was_taken_out_is_named(world):
    world.feed_source("post", "/post")
    async with world.desk(OPS) as desk:
        await begin(world, desk, sources=("wire", "post"))
        weeks(world, desk, 2, source="post")
    world.sources.pop()
    async with world.desk(OPS) as desk:
        for _ in range(2):
            await hours(world, desk, 25)
        said = "".join(world.slack.texts("C0000002"))
    assert "1 of 1 source that brought its matches is not well: 127.0.0.1 is no longer configured" in said


async def test_a_bot_that_was_off_does_not_blame_the_rule(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 2)
    world.later(hours=20)
    async with world.desk(OPS) as desk:
        assert await hours(world, desk, 10) == []
        (said,) = await hours(world, desk, 20)
        assert "too quiet" in said


async def test_a_rule_that_is_too_loud_is_told_and_an_edit_ends_it(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 2)
        items = [f"A tariff on {what}" for what in ("tea", "wool", "salt", "oil", "coal", "steel", "glass", "wood")]
        (said,) = await hours(world, desk, 1, *items)
        assert "too loud: 11 stories in the last day, expected 2 to 6" in said
        rules = world.folder / "rules" / "rules.toml"
        rules.write_text(RULES.replace("2..6/day", "2..60/day"))
        await pipeline.reload_rules(desk)
        (over,) = await told(world, desk)
    assert "Over: Rule tariffs" in over
    assert "it has been edited" in over


async def test_the_doctor_says_it_too(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 2)
        await pipeline.watch_volume(desk)
        (well,) = [each for each in await check_up(desk) if each.name.startswith("volume")]
        assert (well.state, well.detail) == ("ok", "1 rule as expected")
        await hours(world, desk, 26)
        (quiet,) = [each for each in await check_up(desk) if each.name.startswith("volume")]
    assert (quiet.name, quiet.state) == ("volume of tariffs", "warn")
    assert "perhaps the rule no longer fits" in quiet.detail
