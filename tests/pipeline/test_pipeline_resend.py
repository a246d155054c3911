"""``alerts resend``: what a new destination is told on request, and what stays as it was."""

import sqlalchemy as sa
from world import CONSOLE, SLACK, article

from bot.alerts.decide import explain
from bot.deliver.console import ConsoleSender
from bot.deliver.fake_slack import error, limited
from bot.resend import resend
from bot.store import alerts, tables

NEW = '[[destination]]\nid = "new"\nkind = "slack"\nchannel = "C0000002"\ndefault = false\n'
OTHER = (
    "Rain fell on the hills for nine days, and the growers of hops lost a third of what they had hoped to bring in. "
    "The brewers' guild asks for a tariff pause on imports until the next harvest; the minister has not answered yet. "
    "Prices at the autumn auction rose by a fifth within the hour, said the auctioneer, who has seen nothing like it."
)
THIRD = (
    "Lighthouse keepers found four crates on the beach, none of them declared, and rang the harbour office at dawn. "
    "Officers counted two hundred clocks inside. The owner, a shop in the old town, now owes the tariff twice over. "
    "A fisherman who had watched the crates drift ashore said the sea gives and the customs office takes away again."
)


def told(world):
    """Three stories, one after the other, for the destination "desk"."""
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.folder_source("b", two=article("Hops are dear", OTHER))
    world.folder_source("c", three=article("Clocks on the beach", THIRD))


def named(desk, id_):
    return next(each for each in desk.config.destinations if each.id == id_)


def texts(world):
    return world.slack.texts("C0000002")


def put_channel(world):
    channel = world.slack.workspace.channels["C0000001"]
    world.slack.workspace.channels["C0000002"] = type(channel)(id="C0000002", name="new")


async def test_a_new_destination_is_told_the_newest_stories_oldest_first(world):
    put_channel(world)
    told(world)
    async with world.desk(SLACK + NEW) as desk:
        await world.round(desk)
        world.later(hours=1)
        done = await resend(desk, named(desk, "new"), 2)
        with desk.store.read() as tx:
            listed = alerts.recent(tx, 20)
    assert [(each.first, each.state) for each in done] == [(True, "sent")] * 2
    stories = [each.story for each in done]
    assert stories == sorted(stories)
    assert stories == sorted(each.story for each in listed if each.destination == "desk")[-2:]
    assert len(texts(world)) == 2
    assert all("sent again on request" in text for text in texts(world))
    assert all("sent again on request" not in text for text in world.slack.texts())
    assert [each.kind for each in listed if each.destination == "new"] == ["first", "first"]


async def test_a_story_that_was_resent_lives_on_there_and_is_not_told_again(world):
    put_channel(world)
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(SLACK + NEW) as desk:
        await world.round(desk)
        await resend(desk, named(desk, "new"), 3)
    world.folder_source("b", one=article("Pots to become cheaper"))
    async with world.desk(SLACK + NEW) as desk:
        world.later(minutes=1)
        polled, delivered = await world.round(desk)
    assert (polled.alerts, delivered.updated) == (0, 2)
    assert len(texts(world)) == 1
    assert "Also carried by 1 outlet: Outlet b" in texts(world)[0]


async def test_what_was_told_there_is_posted_again_and_the_first_message_keeps_its_counter(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk() as desk:
        await world.round(desk)
        world.later(minutes=1)
        done = await resend(desk, named(desk, "desk"), 1)
    assert [(each.first, each.state) for each in done] == [(False, "sent")]
    old, again = world.slack.workspace.messages
    assert "thread_ts" not in again.data
    world.folder_source("b", one=article("Pots to become cheaper"))
    async with world.desk() as desk:
        world.later(minutes=1)
        await world.round(desk)
        with desk.store.read() as tx:
            listed = alerts.recent(tx, 20)
    assert "1 outlet" in old.data["text"]
    assert "1 outlet" not in again.data["text"]
    assert [(each.destination, each.ts) for each in listed] == [("desk", old.ts)], "one alert, one line"


async def test_it_is_composed_with_the_outlets_of_this_moment(world):
    put_channel(world)
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.folder_source("b", one=article("Pots to become cheaper"))
    async with world.desk(SLACK + NEW) as desk:
        await world.round(desk)
        await resend(desk, named(desk, "new"), 1)
    assert "Also carried by 1 outlet: Outlet " in texts(world)[0]


async def test_a_message_that_still_waits_is_not_queued_twice(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.slack.fail("chat.postMessage", limited(2))
    async with world.desk() as desk:
        await world.round(desk)
        done = await resend(desk, named(desk, "desk"), 1)
        assert [(each.first, each.state) for each in done] == [(False, "pending")]
        assert done[0].error == "Slack asks for a pause of 2 s"
        world.later(seconds=30)
        done = await resend(desk, named(desk, "desk"), 1)
    assert [each.state for each in done] == ["sent"]
    assert len(world.slack.texts()) == 1


async def test_a_channel_that_refuses_keeps_all_of_them_with_the_reason_and_is_tried_again(world):
    put_channel(world)
    told(world)
    world.slack.fail("chat.postMessage", error("not_in_channel"), after=3)
    async with world.desk(SLACK + NEW) as desk:
        await world.round(desk)
        done = await resend(desk, named(desk, "new"), 3)
        assert [each.state for each in done] == ["held"] * 3
        assert all("/invite" in (each.error or "") for each in done)
        assert texts(world) == []
        world.later(minutes=1)
        done = await resend(desk, named(desk, "new"), 3)
    assert [each.state for each in done] == ["sent"] * 3
    assert len(texts(world)) == 3


async def test_a_terminal_is_told_with_the_same_note(world):
    lines = []
    world.folder_source("a", one=article("Ministry lowers duties"))
    destinations = SLACK + CONSOLE.replace('kind = "console"', 'kind = "console"\ndefault = false')
    async with world.desk(destinations, console=ConsoleSender(write=lines.append)) as desk:
        await world.round(desk)
        assert lines == []
        done = await resend(desk, named(desk, "terminal"), 1)
    assert [each.state for each in done] == ["sent"]
    assert "Ministry lowers duties" in "".join(lines)
    assert "sent again on request" in "".join(lines)


async def test_the_ledger_says_that_somebody_asked(world):
    put_channel(world)
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(SLACK + NEW) as desk:
        await world.round(desk)
        await resend(desk, named(desk, "new"), 1)
        with desk.store.read() as tx:
            rows = tx.rows(sa.select(tables.decision).where(tables.decision.c.destination == "new"))
    assert [(row["rule"], row["verdict"], row["reason"]) for row in rows] == [("tariffs", "alert", "on request")]
    assert "asked" in explain("on request")


async def test_without_alerts_nothing_is_sent(world):
    async with world.desk() as desk:
        assert await resend(desk, named(desk, "desk"), 3) == ()
    assert world.slack.texts() == []
