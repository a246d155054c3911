"""``check_up`` over a desk that has worked: what only a history brings to light."""

from world import rss

from bot.health import check_up


async def findings(desk):
    return {finding.name: finding for finding in await check_up(desk)}


async def test_a_clock_far_from_slacks_fails_with_the_remedy(world):
    async with world.desk() as desk:  # its clock stands in 2023, Slack's does not
        found = (await findings(desk))["clock against Slack's"]
    assert found.state == "fail"
    assert "behind" in found.detail
    assert "ntp" in found.remedy


async def test_a_clock_that_is_set_back_is_seen(world):
    world.feed_source("wire", "/feed")
    world.server["/feed"] = rss("Ministry lowers a tariff")
    async with world.desk() as desk:
        await world.round(desk)
        assert (await findings(desk))["clock"].state == "ok"
        world.later(days=-1)
        assert (await findings(desk))["clock"].state == "warn"


async def test_a_variable_that_nobody_set_is_named(world, monkeypatch):
    world.feed_source("wire", "/feed")
    world.sources[-1] += 'auth_env = "WIRE_FEED"\n'
    async with world.desk() as desk:
        found = (await findings(desk))["secrets"]
    assert (found.state, found.detail) == ("fail", 'source "wire": the environment variable WIRE_FEED is not set')
    assert "unit" in found.remedy


async def test_a_gap_is_told_for_a_week(world):
    world.feed_source("wire", "/feed")
    world.server["/feed"] = [rss("One", "Two"), rss("Three", "Four")]
    async with world.desk() as desk:
        await world.round(desk)
        world.later(hours=5)
        await world.round(desk)
        found = (await findings(desk))["source wire"]
        assert (found.state, "items may be missing" in found.detail) == ("warn", True)
        world.later(days=8)
        assert (await findings(desk))["source wire"].state == "ok"


async def test_a_feed_that_falls_silent_is_named(world):
    world.feed_source("wire", "/feed")
    titles = []
    async with world.desk() as desk:
        for number in range(6):
            titles.append(f"Headline {number}")
            world.server["/feed"] = rss(*titles)
            await world.round(desk)
            world.later(hours=1)
        world.later(days=2)
        await world.round(desk)
        assert (await findings(desk))["source wire"].state == "ok"
        world.later(days=3)
        await world.round(desk)
        found = (await findings(desk))["source wire"]
    assert found.state == "warn"
    assert "nothing new since 2023-08-28 17:00 UTC" in found.detail


async def test_a_source_that_fails_says_since_when(world):
    world.feed_source("wire", "/missing")
    async with world.desk() as desk:
        await world.round(desk)
        world.later(hours=3)
        await world.round(desk)
        found = (await findings(desk))["source wire"]
    assert found.state == "fail"
    assert "failing since 2023-08-28 12:00 UTC" in found.detail
    assert "never answered" in found.detail
