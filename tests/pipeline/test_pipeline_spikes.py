"""A theme or an entity with far more stories than usual is told once, where its alerts go; nothing else is."""

import asyncio
from datetime import timedelta

import pytest
from press import RULES, begin, feed, look, weeks
from world import OPS, SLACK, article

from bot import pipeline
from bot.store import outbox, spikes, volume

EVENTS = [
    f"{place} answers the tariff" for place in ("Ottawa", "Lima", "Oslo", "Rome", "Quito", "Delhi", "Cairo", "Hanoi")
]


@pytest.fixture
def world(world_with_ops):
    world = world_with_ops
    (world.folder / "rules" / "rules.toml").write_text(RULES)
    world.feed_source("wire", "/wire")
    return world


async def poll(world, desk, *items, name="wire"):
    """A poll of the feed with these items, and what is told of spikes then."""
    world.server[f"/{name}"] = feed(*items)
    await world.round(desk)
    return await look(world, desk)


async def test_a_spike_is_told_once_with_its_range_stories_and_terms(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
        (told,) = await poll(world, desk, *EVENTS)
        head, *tops = told.splitlines()
        assert head.startswith("More than usual: US–China trade: 8 stories in the hour since ")
        assert "are normal on a Monday at this hour (8 weeks compared)" in head
        assert len([line for line in tops if line.startswith("• ")]) == 5
        assert "“tariff” (8 stories)" in tops[-1]
        world.later(minutes=10)
        assert await poll(world, desk, *EVENTS, "Bern answers the tariff") == [], "it lasts"
        assert await look(world, desk) == []
    async with world.desk(OPS) as desk:
        assert await look(world, desk) == [], "a restart changes nothing"


async def test_when_it_has_fallen_and_rises_again_it_is_told_again_but_not_on_the_same_day(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
        assert len(await poll(world, desk, *EVENTS)) == 1
        passed = 0
        while await _lasts(world, desk):
            world.later(hours=1)
            passed += 1
            assert await poll(world, desk) == []
        assert 1 < passed <= 25, "the last 24 hours are as usual again"
        for _ in range(26 - passed):
            world.later(hours=1)
            await poll(world, desk)
        again = [f"Once more {title}" for title in EVENTS]
        assert len(await poll(world, desk, *again)) == 1


async def _lasts(world, desk):
    with desk.store.read() as tx:
        (last,) = spikes.latest(tx, world.at - timedelta(days=9)).values()
    return last.ended_at is None


async def test_it_goes_where_the_alerts_of_its_rules_go(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8, rule="makers", word="Huawei")
        events = [title.replace("the tariff", "Huawei") for title in EVENTS]
        assert await poll(world, desk, *events) == []
        told = [text for text in world.slack.texts("C0000002") if text.startswith("More than usual")]
    assert sorted(text.split(":")[1].strip() for text in told) == ["Companies", "Huawei Technologies"]
    assert all("“Huawei” (8 stories)" in text for text in told)


async def test_before_the_baseline_is_filled_nothing_is_told(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 3)
        assert await poll(world, desk, *EVENTS) == []


async def test_a_story_that_many_outlets_carry_is_one(world):
    for number in range(8):
        world.folder_source(f"o{number}", first=article(f"Nothing {number}", f"Calm prevails in harbour {number}."))
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
        await world.round(desk)
        world.later(hours=1)
        for number in range(8):
            (world.folder / f"o{number}" / "copy.txt").write_text(article("A tariff on pots"))
        await world.round(desk)
        assert await look(world, desk) == []
        with desk.store.read() as tx:
            (hour,) = volume.hours(tx, "theme", "us-china-trade", world.at - timedelta(hours=1)).values()
        assert (hour.stories, hour.articles) == (1, 8)


async def test_the_first_poll_of_a_source_and_what_a_new_source_brings_are_no_spike(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
    world.feed_source("new", "/new")
    async with world.desk(OPS) as desk:
        world.server["/new"] = feed(*EVENTS)
        await world.round(desk)
        assert await look(world, desk) == []
        with desk.store.read() as tx:
            assert volume.totals(tx, "rule", world.at - timedelta(hours=1), world.at + timedelta(hours=1)) == {}
        world.later(hours=1)
        assert await poll(world, desk, *[f"Now {title}" for title in EVENTS], name="new") == []


async def test_what_a_new_rule_finds_is_no_spike(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
        rule = '[[rule]]\nid = "answers"\ntitle = "Answers"\ntheme = "us-china-trade"\nany = ["retorts"]\n'
        (world.folder / "rules" / "more.toml").write_text(rule)
        await pipeline.reload_rules(desk)
        assert await poll(world, desk, *[title.replace("answers the tariff", "retorts") for title in EVENTS]) == []


@pytest.mark.parametrize("dated", [False, True])
async def test_what_piled_up_while_the_bot_was_off_is_no_spike(world, dated):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
        await world.round(desk)
    world.later(days=4)
    async with world.desk(OPS) as desk:
        dates = [world.at - timedelta(hours=10 * number + 3) for number in range(len(EVENTS))]
        items = list(zip(EVENTS, dates, strict=True)) if dated else EVENTS
        assert await poll(world, desk, *items) == []
        with desk.store.read() as tx:
            hours = volume.hours(tx, "theme", "us-china-trade", world.at - timedelta(days=4))
        assert len(hours) == (len(EVENTS) if dated else 0), "at the hours of their dates, or nowhere"


async def test_old_articles_that_a_feed_lists_anew_are_no_spike(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
        old = [(title, world.at - timedelta(days=30, hours=number)) for number, title in enumerate(EVENTS)]
        assert await poll(world, desk, *old) == []


async def test_hours_of_down_time_are_not_counted_as_zero(world):
    """A fortnight of the eight weeks was down time; what is usual is taken from the others."""
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8, every=2, down=range(21, 35))
        assert len(await poll(world, desk, *EVENTS, *[f"Also {title}" for title in EVENTS])) == 1
        with desk.store.read() as tx:
            (spike,) = spikes.told(tx, world.at, world.at + timedelta(hours=1))
    assert spike.weeks == 6


async def test_a_crash_before_the_commit_tells_nothing_and_after_it_once(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
        world.server["/wire"] = feed(*EVENTS)
        await world.round(desk)

    for point in ("spikes.counted", "spikes.queued", "spikes.committed"):

        def stop(name, point=point):
            if name == point:
                raise ZeroDivisionError

        async with world.desk(OPS, checkpoint=stop) as desk:
            with pytest.raises(ZeroDivisionError):
                await pipeline.watch_volume(desk)
            await pipeline.deliver_due(desk)
        told = sum(text.startswith("More than usual") for text in world.slack.texts())
        assert told == (point == "spikes.committed")
    async with world.desk(OPS) as desk:
        assert await look(world, desk) == []


async def test_two_processes_tell_once(world):
    async with world.desk(OPS) as one, world.desk(OPS) as other:
        await begin(world, one)
        weeks(world, one, 8)
        world.server["/wire"] = feed(*EVENTS)
        await world.round(one)
        found = await asyncio.gather(pipeline.watch_volume(one), pipeline.watch_volume(other))
    assert sorted(map(len, found)) == [0, 1]


async def test_a_held_destination_keeps_it(world):
    async with world.desk(OPS) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
        with desk.store.write() as tx:
            outbox.hold(tx, "desk", "not_in_channel", world.at)
        assert await poll(world, desk, *EVENTS) == []
        await pipeline.resume_held(desk)
        await pipeline.deliver_due(desk)
    assert sum(text.startswith("More than usual") for text in world.slack.texts()) == 1


async def test_the_next_digest_names_it(world):
    digest = '[[digest]]\nid = "morning"\nto = ["desk"]\nat = "13:30"\nzone = "UTC"\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
    async with world.desk(OPS + digest) as desk:
        await begin(world, desk)
        weeks(world, desk, 8)
        await pipeline.send_digests(desk)
        await poll(world, desk, *EVENTS)
        world.later(hours=3)
        await pipeline.send_digests(desk)
        await pipeline.deliver_due(desk)
        (issue,) = [text for text in world.slack.texts() if "Presswatch morning: 8 stories" in text]
    assert "US–China trade: 8 stories in the hour since" in issue
    assert "Driven by “tariff” (8 stories)" in issue


async def test_a_look_that_finds_nothing_new_writes_nothing(world, monkeypatch):
    async with world.desk(SLACK) as desk:
        await begin(world, desk)
        weeks(world, desk, 1)
        await pipeline.watch_volume(desk)
        monkeypatch.setattr(desk.store, "write", None)
        assert await pipeline.watch_volume(desk) == ()
