"""Once a week the operators hear what the rules nearly matched."""

import asyncio

import pytest
from world import OPS, article

from bot import pipeline

NEAR = """
[[rule]]
id = "steel"
title = "Steel"
query = "steel NEAR/2 tariff"
"""


@pytest.fixture
def near(world_with_ops):
    world = world_with_ops
    (world.folder / "rules" / "rules.toml").write_text(NEAR)
    world.folder_source(
        "wire", one=article("A tariff on tubes and bars of steel"), two=article("Calm seas", "Nothing.")
    )
    return world


async def messages(world, desk):
    before = len(world.slack.texts("C0000002"))
    number = await pipeline.tell_near_misses(desk)
    await pipeline.deliver_due(desk)
    return number, world.slack.texts("C0000002")[before:]


async def test_they_are_told_after_a_week_and_once(near):
    async with near.desk(OPS) as desk:
        assert await messages(near, desk) == (0, [])  # the first week begins
        near.later(days=6)
        await near.round(desk)
        assert await messages(near, desk) == (0, [])
        near.later(days=1)
        number, (text,) = await messages(near, desk)
        assert number == 1
        assert "1 article of the last week missed a rule by one thing" in text
        assert "steel: 1 (1 by “NEAR/5 in place of NEAR/2”)" in text
        assert "presswatch rules near-miss" in text
        near.later(days=6)
        assert await messages(near, desk) == (0, [])


async def test_a_week_without_any_is_told_to_nobody_and_older_articles_are_not_told_again(near):
    async with near.desk(OPS) as desk:
        await messages(near, desk)
        await near.round(desk)
        near.later(days=7, minutes=1)
        assert await messages(near, desk) == (0, [])


async def test_of_two_processes_one_tells(near):
    async with near.desk(OPS) as one, near.desk(OPS) as other:
        await messages(near, one)
        near.later(days=6)
        await near.round(one)
        near.later(days=1)
        told = await asyncio.gather(pipeline.tell_near_misses(one), pipeline.tell_near_misses(other))
        assert sorted(told) == [0, 1]
        await pipeline.deliver_due(one)
        assert len(near.slack.texts("C0000002")) == 1


async def test_without_operators_nothing_is_looked_for(near):
    async with near.desk() as desk:
        near.later(days=8)
        assert await pipeline.tell_near_misses(desk) == 0


async def test_more_articles_than_are_read_at_once(near, monkeypatch):
    monkeypatch.setattr("bot.nearmisses.AT_ONCE", 2)
    titles = [f"Tariff number {n} on tubes and bars of steel" for n in range(5)]
    near.folder_source(
        "more", **{f"n{n}": article(title, f"{title}. It is news of day {n}.") for n, title in enumerate(titles)}
    )
    async with near.desk(OPS) as desk:
        await messages(near, desk)
        near.later(days=6)
        await near.round(desk)
        near.later(days=1)
        assert (await messages(near, desk))[0] == 6
