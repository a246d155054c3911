"""A story as it goes on: other reports, a confirmation, a correction – who is told what, and what the digest says."""

import pytest
import sqlalchemy as sa
from world import article

from bot import digests, pipeline
from bot.alerts import digest_sections
from bot.store import news, stories, tables

WIRE = """\
WASHINGTON, Aug 28 (Meridian) – The United States will put a 25 percent tariff on graphite from China, Commerce Secretary
Gina Raimondo said on Monday, in a step that makers of batteries had feared since the spring.

Importers of graphite bought goods worth $4.5 billion from China last year, and most of them have no other supplier for
the anodes that go into batteries of electric cars. The tariff on graphite will hit mines in Heilongjiang first.

China's commerce ministry said it firmly opposes the tariff and will take the necessary measures."""
REPORT = """\
A 25 per cent tariff on graphite from China is coming, the US commerce secretary, Gina Raimondo, announced on Monday.
The levy on graphite is what makers of batteries for electric cars have been afraid of since the spring, and importers
who bought $4.5bn of graphite from China last year have nobody else to turn to. Mines in Heilongjiang stand to lose most."""
OFFICIAL = """\
The Department of Commerce imposes a tariff of 25 percent on graphite from China. Secretary Gina Raimondo announced the
tariff on graphite on Monday. Importers of graphite for batteries of electric cars from mines in Heilongjiang must enter
it under the tariff schedule."""
HEADLINES = {
    "wire": "US to put 25 percent tariff on graphite from China",
    "paper": "25 per cent tariff on Chinese graphite, Raimondo says",
    "register": "Tariff of 25 percent on graphite from China",
}


def published(name, text, minute, title=None):
    head = (
        f"---\ntitle: {title or HEADLINES[name]}\nurl: https://{name}.example/1\ndate: 2023-08-28T11:{minute:02}:00Z\n"
    )
    return f"{head}---\n{text}\n"


def put(world, name, text, minute, *, tier="outlet", title=None, label=None):
    (world.folder / name).mkdir(exist_ok=True)
    (world.folder / name / "one.txt").write_text(published(name, text, minute, title))
    line = f'[[source]]\nid = "{name}"\nkind = "folder"\npath = "{name}"\nname = "{label or name.title()}"\ntier = "{tier}"\n'
    if line not in world.sources:
        world.sources.append(line)


async def look(world, minutes=5):
    world.later(minutes=minutes)
    async with world.desk() as desk:
        return await world.round(desk)


async def rows(world, query):
    async with world.desk() as desk:
        with desk.store.read() as tx:
            return [dict(row) for row in tx.rows(query)]


async def test_a_second_report_is_counted_and_a_confirmation_is_told(world):
    put(world, "wire", WIRE, 0, tier="wire")
    await look(world)
    put(world, "paper", REPORT, 10)
    polled, _ = await look(world)
    assert polled.alerts == 0
    (root,) = world.slack.workspace.messages
    assert "Also reported by 1 outlet: Paper" in root.data["text"]
    put(world, "register", OFFICIAL, 20, tier="official", label="Federal Register")
    polled, _ = await look(world)
    assert polled.alerts == 1
    root, reply = world.slack.workspace.messages
    assert reply.data["thread_ts"] == root.ts
    assert reply.data["text"].startswith("High: New: Confirmed by the Federal Register – Tariff of 25 percent")
    assert "New: Confirmed by the Federal Register" in root.data["text"]
    assert "Also reported by 2 outlets" in root.data["text"]
    decisions = await rows(world, sa.select(tables.decision).order_by(tables.decision.c.id))
    assert [(each["verdict"], each["reason"].partition(":")[0]) for each in decisions] == [
        ("alert", "first"),
        ("no", "same story"),
        ("reply", "new fact"),
    ]
    assert "Confirmed by the Federal Register – no official source told of it before" in decisions[-1]["reason"]
    (story,) = await rows(world, sa.select(tables.story))
    (official,) = await rows(world, sa.select(tables.article.c.id).where(tables.article.c.source == "register"))
    assert story["lead"] == official["id"]


async def test_the_same_fact_is_told_once(world):
    put(world, "wire", WIRE, 0, tier="wire")
    await look(world)
    for minute, name in ((20, "register"), (30, "paper")):
        put(world, name, OFFICIAL.replace("must enter", "will enter"), minute, tier="official", label=name.title())
        await look(world)
    assert len(world.slack.workspace.messages) == 2


async def test_a_changed_figure_in_an_edited_article_is_told_with_both(world):
    put(world, "wire", WIRE, 0, tier="wire")
    await look(world)
    put(world, "wire", WIRE.replace("a 25 percent tariff", "a 10 percent tariff, not 25 percent,"), 0, tier="wire")
    polled, _ = await look(world)
    assert polled.alerts == 1
    root, reply = world.slack.workspace.messages
    assert "25 % → 10 %" in reply.data["text"]
    assert "25 % → 10 %" in root.data["text"]
    polled, _ = await look(world)
    assert polled.alerts == 0


async def test_a_correction_is_told_even_by_an_edit_that_changes_nothing_else(world):
    put(world, "wire", WIRE, 0, tier="wire")
    await look(world)
    put(world, "wire", WIRE + "\n\nCorrection: An earlier version misstated the name of a mine.", 0, tier="wire")
    await look(world)
    _, reply = world.slack.workspace.messages
    assert "Correction: An earlier version misstated the name of a mine." in reply.data["text"]


async def test_an_edit_with_another_name_waits_for_the_digest(world):
    put(world, "wire", WIRE, 0, tier="wire")
    await look(world)
    put(world, "wire", WIRE + "\n\nTrade Representative Katherine Tai agreed with her.", 0, tier="wire")
    polled, _ = await look(world)
    assert polled.alerts == 0
    (decision,) = await rows(world, sa.select(tables.decision).where(tables.decision.c.verdict == "no"))
    assert decision["reason"] == "lesser news: Katherine Tai – no earlier article names this person"
    async with world.desk() as desk:
        with desk.store.read() as tx:
            (kept,) = news.news_of(tx, [1], after=0, since=world.at).values()
    assert [one.text for _, one in kept] == ["Katherine Tai"]


async def test_a_story_that_was_told_by_an_older_version_is_read_again(world):
    put(world, "wire", WIRE, 0, tier="wire")
    await look(world)
    async with world.desk() as desk:
        with desk.store.write() as tx:
            tx.run(sa.delete(tables.story_fact))
    put(world, "wire", WIRE.replace("a 25 percent tariff", "a 10 percent tariff, not 25 percent,"), 0, tier="wire")
    polled, _ = await look(world)
    assert polled.alerts == 1
    assert "25 % → 10 %" in world.slack.workspace.messages[-1].data["text"]


DIGEST = '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "C0000001"\n'
DAILY = (
    '[[digest]]\nid = "daily"\nto = ["desk"]\nat = "13:00"\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
)


async def digest(world):
    async with world.desk(DIGEST + DAILY) as desk:
        await world.round(desk)
        before = len(world.slack.texts())
        await pipeline.send_digests(desk)
        await pipeline.deliver_due(desk)
        return "\n".join(
            block["text"]["text"]
            for message in world.slack.workspace.messages[before:]
            for block in message.data["blocks"]
            if block["type"] == "section"
        )


async def test_a_digest_says_what_is_new_since_the_last_one(world):
    put(world, "wire", WIRE, 0, tier="wire")
    await digest(world)
    world.later(hours=1, minutes=5)
    assert "*New:*" not in await digest(world)
    put(world, "register", OFFICIAL, 20, tier="official", label="Federal Register")
    world.later(days=1)
    said = await digest(world)
    assert "*New:* Confirmed by the Federal Register" in said
    world.later(days=1)
    assert "Confirmed" not in await digest(world)


async def test_a_story_of_an_earlier_issue_with_news_stands_apart_from_new_ones(world):
    put(world, "wire", WIRE, 0, tier="wire")
    seen = []
    for text in (None, OFFICIAL, None):
        if text:
            put(world, "register", text, 20, tier="official", label="Federal Register")
        async with world.desk(DIGEST + DAILY) as desk:
            await world.round(desk)
            world.later(days=1, hours=2)
            with desk.store.read() as tx:
                seen.append(preview(tx, desk))
            assert len((await pipeline.send_digests(desk)).issues) == 1
    first, second, third = seen
    assert [(story.told_before, len(story.news)) for story in first.stories] == [(False, 0)]
    (story,) = digest_sections.updates(second)
    assert "Confirmed by the Federal Register" in [one.text for one in story.news]
    assert (first.before, second.before, third.before) == (None, first.window.day, second.window.day)
    assert third.stories == ()


async def test_what_an_article_that_no_rule_matches_brings_is_told_with_its_story(world):
    put(world, "wire", WIRE, 0, tier="wire")
    async with world.desk(DIGEST + DAILY) as desk:
        await world.round(desk)
        world.later(days=1, hours=2)
        await pipeline.send_digests(desk)
    put(world, "register", OFFICIAL.replace("tariff", "levy"), 20, tier="official", label="Federal Register", title="Levy of 25 percent on graphite from China")  # fmt: skip
    async with world.desk(DIGEST + DAILY) as desk:
        await world.round(desk)
        world.later(days=1)
        with desk.store.read() as tx:
            told = preview(tx, desk)
    (story,) = digest_sections.updates(told)
    assert story.alert.headline == HEADLINES["wire"]
    assert "Confirmed by the Federal Register" in [one.text for one in story.news]


def preview(tx, desk):
    return digests.preview(tx, desk.config.digests[0], desk.rules().ruleset, desk.now())


@pytest.mark.parametrize("merged", [False, True])
async def test_no_fact_is_forgotten_when_stories_are_merged(world, merged):
    put(world, "wire", WIRE, 0, tier="wire")
    await look(world)
    (world.folder / "other").mkdir()
    world.folder_source("other", one=article("A tariff on tea", "Tea gets a tariff of 7 percent, says the board."))
    await look(world)
    async with world.desk() as desk:
        with desk.store.write() as tx:
            if merged:
                tx.run(sa.update(tables.story).where(tables.story.c.id == 2).values(merged_into=1))
            assert bool(news.held(tx, 1, ["7 %"], [])) is merged
            assert len(stories.told(tx, 1)["desk"].rules) == 1
