"""Somebody deletes the message that opened a story: the next reply opens a new thread, once."""

import sqlite3
from contextlib import closing

import pytest
from world import RULES, SLACK, TEXT, article

from bot import pipeline
from bot.deliver.fake_slack import error, reset

MORE = "".join(f'\n[[rule]]\nid = "{word}"\ntitle = "{word.title()}"\nany = ["{word}"]\n' for word in ("gong", "spoon"))


@pytest.fixture
async def told(world):
    """A story that was told, and its root deleted since."""
    (world.folder / "rules" / "rules.toml").write_text(RULES + MORE)
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk() as desk:
        await world.round(desk)
    world.slack.workspace.messages.clear()
    world.later(minutes=1)
    return world


def edit(world, *words):
    text = TEXT + "".join(f" They also heard of a {word}." for word in words)
    (world.folder / "a" / "one.txt").write_text(article("Ministry lowers duties", text))


def messages(world):
    """Each message's place: the number of the one whose thread it is in, None for those of the channel."""
    found = world.slack.workspace.messages
    places = {message.ts: number for number, message in enumerate(found)}
    return [None if message.thread is None else places[message.thread] for message in found]


def states(world):
    with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as database:
        return database.execute("SELECT op, state, gone_at NOT NULL FROM delivery ORDER BY id").fetchall()


async def test_a_counter_of_what_is_deleted_is_dropped_without_a_word(told):
    told.folder_source("b", two=article("Pots get cheaper"))
    async with told.desk() as desk:
        await told.round(desk)
        told.later(minutes=1)
        delivered = await pipeline.deliver_due(desk)
    assert messages(told) == []
    assert states(told) == [("post", "sent", 1)]
    assert (delivered.dead, delivered.notes) == (0, ())


@pytest.mark.parametrize("refuses", [True, False], ids=["Slack refuses", "Slack lets it stand alone"])
async def test_the_next_reply_opens_a_new_thread_and_those_after_it_are_in_there(told, refuses):
    if refuses:
        told.slack.fail("chat.postMessage", error("thread_not_found"))
    async with told.desk() as desk:
        edit(told, "gong")
        await told.round(desk)
        assert messages(told) == [None]
        edit(told, "gong", "spoon")
        await told.round(desk)
    assert messages(told) == [None, 0]
    assert [row for row in states(told) if row[0] != "update"] == [
        ("post", "sent", 1),
        ("post", "sent", 0),
        ("reply", "sent", 0),
    ]


async def test_of_several_replies_that_wait_the_first_opens_it(told):
    told.slack.fail("chat.postMessage", error("thread_not_found"))
    async with told.desk(SLACK + 'quiet = "20:00-08:00"\nzone = "Asia/Shanghai"\n') as desk:
        edit(told, "gong")
        await told.round(desk)
        edit(told, "gong", "spoon")
        await told.round(desk)
        told.later(hours=12)
        await pipeline.deliver_due(desk)
    assert messages(told) == [None, 0]


async def test_after_the_deletion_is_known_the_next_reply_is_a_message_of_its_own(told):
    told.folder_source("b", two=article("Pots get cheaper"))
    async with told.desk() as desk:
        await told.round(desk)
        told.later(minutes=1)
        await pipeline.deliver_due(desk)
        edit(told, "gong")
        await told.round(desk)
    assert messages(told) == [None]
    assert [op for op, _, _ in states(told)] == ["post", "post"]


@pytest.mark.parametrize("stored", [True, False])
async def test_a_reply_of_which_nobody_knows_where_it_went_is_looked_for_in_the_channel_too(told, stored):
    told.slack.fail("chat.postMessage", reset(stored=stored))
    async with told.desk() as desk:
        edit(told, "gong")
        _, delivered = await told.round(desk)
        assert delivered.unknown == 1
        for _ in range(4):
            told.later(minutes=3)
            await pipeline.deliver_due(desk)
        edit(told, "gong", "spoon")
        await told.round(desk)
    assert messages(told) == [None, 0]


async def test_a_thread_whose_first_message_is_deleted_goes_on_while_it_has_replies(world):
    (world.folder / "rules" / "rules.toml").write_text(RULES + MORE)
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk() as desk:
        await world.round(desk)
        edit(world, "gong")
        await world.round(desk)
        root = world.slack.workspace.messages.pop(0)
        edit(world, "gong", "spoon")
        await world.round(desk)
    assert [message.thread for message in world.slack.workspace.messages] == [root.ts, root.ts]
