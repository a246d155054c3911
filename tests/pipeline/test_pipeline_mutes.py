"""Mutes in the pipeline: what is muted waits for nobody, is explained, and is told again when the mute is over."""

from datetime import timedelta

import sqlalchemy as sa
from world import article

from bot.alerts.decide import explain
from bot.store import articles, mutes, tables

OTHER = (
    "Lighthouse keepers found four crates on the beach, none of them declared, and rang the harbour office at dawn. "
    "Officers counted two hundred clocks inside. The owner, a shop in the old town, now owes the tariff twice over. "
    "A fisherman who had watched the crates drift ashore said the sea gives and the customs office takes away again."
)


def muted(world, desk, **span):
    with desk.store.write() as tx:
        end = world.at + timedelta(**span)
        return mutes.add(tx, kind="rule", value="tariffs", author="desk", comment="enough", at=world.at, expires_at=end)


async def test_a_muted_rule_is_silent_until_the_mute_is_over(world):
    world.folder_source("a")
    async with world.desk() as desk:
        mute = muted(world, desk, hours=2)
        (world.folder / "a" / "one.txt").write_text(article("Ministry lowers duties"))
        polled, _ = await world.round(desk)
        assert (polled.alerts, world.slack.texts("C0000001")) == (0, [])
        with desk.store.read() as tx:
            (stored,) = articles.archive(tx)
            reason = tx.value(sa.select(tables.decision.c.reason).where(tables.decision.c.article == stored.id))
        assert stored.state == "muted"
        assert f"mute {mute.id}" in explain(reason)
        world.later(hours=3)
        (world.folder / "a" / "two.txt").write_text(article("Clocks on the beach", OTHER))
        polled, _ = await world.round(desk)
        assert polled.alerts == 1


async def test_a_copy_of_what_was_muted_is_the_first_that_is_told(world):
    world.folder_source("a")
    async with world.desk() as desk:
        muted(world, desk, hours=2)
        (world.folder / "a" / "one.txt").write_text(article("Ministry lowers duties"))
        await world.round(desk)
        world.later(hours=3)
        (world.folder / "a" / "two.txt").write_text(article("Pots get cheaper"))
        polled, _ = await world.round(desk)
        (text,) = world.slack.texts("C0000001")
    assert polled.alerts == 1
    assert "Pots get cheaper" in text
