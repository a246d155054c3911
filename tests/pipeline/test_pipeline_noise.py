"""Inhibited rules and stories that rest, from the rules file to the message, the ledger and the digest."""

from datetime import timedelta

import sqlalchemy as sa
from world import article

from bot import pipeline
from bot.alerts.digest_words import ledger
from bot.digests import preview
from bot.store import tables

RULES = """
[[rule]]
id = "pots"
title = "Duties on pots"
any = ["tariff on pots"]

[[rule]]
id = "trade"
title = "Trade at large"
any = ["tariff"]
inhibited_by = ["pots"]

[[rule]]
id = "gongs"
title = "Gongs"
any = ["gong"]
"""
URL = "https://ministry.example/pots"
RESTING = '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "C0000001"\nrepeat = "15m"\n'


def texts(world):
    return world.slack.texts("C0000001")


def said(world, desk):
    """The digest's line of figures."""
    with desk.store.read() as tx:
        return ledger(preview(tx, desk.config.digests[0], desk.rules().ruleset, world.at + timedelta(seconds=1)))


async def test_a_broader_rule_adds_nothing_to_a_story_that_the_narrower_one_tells(world):
    (world.folder / "rules" / "rules.toml").write_text(RULES)
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk() as desk:
        polled, _ = await world.round(desk)
        figures = said(world, desk)
    (text,) = texts(world)
    assert polled.alerts == 1
    assert ("Duties on pots" in text, "Trade at large" in text) == (True, False)
    assert "1 kept out of channels as noise" in figures


async def test_a_story_rests_after_it_was_told_but_not_for_another_rule(world):
    (world.folder / "rules" / "rules.toml").write_text(RULES.replace('"tariff on pots"', '"graphite"'))
    text = "The United States will put a {} tariff on graphite from China, the secretary said on Monday.{}"
    world.folder_source("a", one=article("Graphite from China", text.format("25 percent", ""), URL))

    async def edited(minutes, *words):
        world.later(minutes=minutes)
        (world.folder / "a" / "one.txt").write_text(article("Graphite from China", text.format(*words), URL))
        return (await world.round(desk))[0].alerts

    async with world.desk(RESTING) as desk:
        await world.round(desk)
        assert await edited(5, "20 percent, not 25 percent,", "") == 0
        assert await edited(5, "20 percent, not 25 percent,", " A gong rang.") == 1
        assert await edited(10, "15 percent, not 20 percent,", " A gong rang.") == 1
        with desk.store.read() as tx:
            found = tx.rows(sa.select(tables.decision.c.reason).where(tables.decision.c.reason.startswith("repeat")))
    assert [row["reason"] for row in found] == ["repeat: last told 2023-08-28 12:00 UTC"]
    assert len(texts(world)) == 3


async def test_a_rule_beyond_its_contract_leaves_further_news_to_the_digest_and_says_so(world):
    rules = RULES.replace('"tariff on pots"', '"graphite"') + "\n"
    (world.folder / "rules" / "rules.toml").write_text(
        rules.replace('title = "Duties on pots"', 'title = "Duties on pots"\nexpect = "0..1/day"')
    )
    text = "The United States will put a {} tariff on graphite from China, the secretary said on Monday."
    world.folder_source("a", one=article("Graphite from China", text.format("25 percent"), URL))
    async with world.desk() as desk:
        await world.round(desk)
        other = "A museum of graphite shows forty pencils that poets chewed, on loan from Lisbon until the autumn."
        (world.folder / "a" / "two.txt").write_text(article("Pencils on show", other))
        assert (await world.round(desk))[0].alerts == 1
        world.later(minutes=5)
        changed = article("Graphite from China", text.format("20 percent, not 25 percent,"), URL)
        (world.folder / "a" / "one.txt").write_text(changed)
        assert (await world.round(desk))[0].alerts == 0
        with desk.store.read() as tx:
            found = tx.rows(sa.select(tables.decision.c.reason).where(tables.decision.c.reason.startswith("too many")))
        world.later(hours=1)
        await pipeline.deliver_due(desk)
    assert [row["reason"] for row in found] == ["too many: expect of pots"]
    assert texts(world)[-1].startswith("1 more in the digest")
