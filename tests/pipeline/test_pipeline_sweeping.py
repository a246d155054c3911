"""A message that shows after it was looked for and sent again: in the end each alert stands in one message."""

import sqlite3
from contextlib import closing

import pytest
from test_pipeline_groups import events
from world import OPS, RULES, SLACK, TEXT, article

from bot import pipeline
from bot.deliver.fake_slack import error, limited, reset
from bot.deliver.slack_copies import SAYS
from bot.health import check_up

LATE = {"lands later": reset(late=True), "shows later": reset(stored=True, hidden=True)}
late = pytest.mark.parametrize("fault", LATE.values(), ids=LATE.keys())
GONG = '\n[[rule]]\nid = "gong"\ntitle = "Gong"\nany = ["gong"]\n'


@pytest.fixture
def story(world):
    (world.folder / "rules" / "rules.toml").write_text(RULES + GONG)
    world.folder_source("a", one=article("Ministry lowers duties"))
    return world


def edit(world, *words):
    text = TEXT + "".join(f" They also heard of a {word}." for word in words)
    (world.folder / "a" / "one.txt").write_text(article("Ministry lowers duties", text))


async def doubled(world, desk):
    """Let what was lost be looked for in vain and sent again; then it shows."""
    world.later(minutes=3)
    delivered = await pipeline.deliver_due(desk)
    world.slack.reveal()
    world.slack.land()
    return delivered


async def sweep(world, desk, **span):
    world.later(**(span or {"minutes": 2}))
    return await pipeline.deliver_due(desk)


def stands(world):
    """The channel's messages in order of their ts, as (text, thread)."""
    messages = sorted(world.slack.workspace.messages, key=lambda message: float(message.ts))
    return [(message.data["text"], message.thread) for message in messages]


def stored(world, query):
    with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as database:
        return database.execute(query).fetchall()


def looks(world):
    return sum(call.method == "conversations.history" for call in world.slack.calls)


async def test_where_nothing_was_in_doubt_nothing_is_looked_for(story):
    async with story.desk() as desk:
        await story.round(desk)
        for _ in range(10):
            await sweep(story, desk)
    assert looks(story) == 0


@late
async def test_the_second_copy_of_an_alert_is_removed_and_counted(story, fault):
    story.slack.fail("chat.postMessage", fault)
    async with story.desk() as desk:
        await story.round(desk)
        assert (await doubled(story, desk)).sent == 1
        assert len(stands(story)) == 2
        first = min(message.ts for message in story.slack.workspace.messages)
        swept = await sweep(story, desk)
        assert (swept.duplicates, swept.notes) == (1, ())
        (finding,) = [each for each in await check_up(desk) if each.name == "duplicates in desk"]
        assert (finding.state, finding.detail) == ("ok", "in the last 30 days 1 removed")
        assert (await sweep(story, desk, minutes=15)).duplicates == 0
        before = looks(story)
        await sweep(story, desk, hours=3)
        assert looks(story) == before, "two looks are enough"
    assert [message.ts for message in story.slack.workspace.messages] == [first]
    assert stored(story, "SELECT ts FROM delivery") == [(first,)]


@late
async def test_replies_and_the_counter_go_on_at_the_message_that_stays(story, fault):
    story.slack.fail("chat.postMessage", fault)
    async with story.desk() as desk:
        await story.round(desk)
        await doubled(story, desk)
        story.folder_source("b", two=article("Pots get cheaper"))
    async with story.desk() as desk:
        await story.round(desk)
        assert (await sweep(story, desk, seconds=40)).updated == 1
        await sweep(story, desk)
        await sweep(story, desk, minutes=1)
        (root,) = story.slack.workspace.messages
        assert "Outlet b" in str(root.data["blocks"]), "the counter that the other copy had shown"
        edit(story, "gong")
        await story.round(desk)
    assert [thread for _, thread in stands(story)] == [None, root.ts]


@late
async def test_a_second_copy_of_a_reply_is_removed_in_its_thread(story, fault):
    async with story.desk() as desk:
        await story.round(desk)
        story.slack.fail("chat.postMessage", fault)
        edit(story, "gong")
        await story.round(desk)
        await doubled(story, desk)
        assert len(stands(story)) == 3
        assert (await sweep(story, desk)).duplicates == 1
    assert [thread is None for _, thread in stands(story)] == [True, False]
    assert looks(story) == 0, "its thread was read, and no other"


async def test_a_copy_in_whose_thread_somebody_spoke_is_marked_and_what_follows_goes_to_the_first(story):
    story.slack.fail("chat.postMessage", reset(stored=True, hidden=True))
    async with story.desk() as desk:
        await story.round(desk)
        await doubled(story, desk)
        first, later = story.slack.workspace.messages
        story.slack.workspace.say("C0000001", "Really?")
        story.slack.workspace.messages[-1].thread = later.ts
        assert (await sweep(story, desk)).duplicates == 1
        edit(story, "gong")
        await story.round(desk)
        await sweep(story, desk, minutes=15)
    assert [(text.startswith(SAYS), thread) for text, thread in stands(story)] == [
        (False, None),
        (True, None),
        (False, later.ts),
        (False, first.ts),
    ]


@late
async def test_a_list_that_stands_twice_stands_once_and_its_alerts_with_it(world, fault):
    world.slack.fail("chat.postMessage", fault)
    events(world, 21)
    async with world.desk(SLACK) as desk:
        await world.round(desk)
        await doubled(world, desk)
        assert len(stands(world)) == 2
        assert (await sweep(world, desk)).duplicates == 1
    (message,) = world.slack.workspace.messages
    assert stored(world, "SELECT DISTINCT ts FROM delivery") == [(message.ts,)]


@late
async def test_a_notice_and_a_digest_stand_once_too(world_with_ops, fault):
    world = world_with_ops
    (world.folder / "rules" / "faulty.toml").write_text('[[rule]]\nid = "b"\ntitle = "B"\nany = "no list"\n')
    digest = '[[digest]]\nid = "morning"\nto = ["desk"]\nat = "14:00"\nzone = "UTC"\nempty = "heartbeat"\n'
    async with world.desk(OPS + digest) as desk:
        await pipeline.send_digests(desk)
        world.slack.fail("chat.postMessage", fault, times=2)
        world.later(hours=3)
        await pipeline.send_digests(desk)
        await pipeline.notify_operators(desk)
        await pipeline.deliver_due(desk)
        await doubled(world, desk)
        assert len(stands(world)) == 4
        assert (await sweep(world, desk)).duplicates == 2
    assert {message.channel for message in world.slack.workspace.messages} == {"C0000001", "C0000002"}
    assert len(stands(world)) == 2


async def test_the_plain_message_that_slack_takes_stands_once(story):
    story.slack.fail("chat.postMessage", error("invalid_blocks"))
    story.slack.fail("chat.postMessage", reset(late=True))
    async with story.desk() as desk:
        await story.round(desk)
        await doubled(story, desk)
        assert (await sweep(story, desk)).duplicates == 1
    assert len(stands(story)) == 1


async def test_what_may_repeat_and_says_so_is_left_where_nobody_can_look_and_removed_where_one_can_again(story):
    story.slack.fail("chat.postMessage", reset(stored=True))
    story.slack.fail("conversations.history", error("missing_scope"))
    async with story.desk() as desk:
        await story.round(desk)
        await doubled(story, desk)
        assert "may be a repeat" in stands(story)[1][0]
        assert (await sweep(story, desk)).duplicates == 1
    ((text, _),) = stands(story)
    assert "may be a repeat" not in text


async def test_a_channel_that_cannot_be_read_is_given_up(story):
    story.slack.fail("chat.postMessage", reset(stored=True))
    story.slack.fail("conversations.history", error("missing_scope"), times=9)
    async with story.desk() as desk:
        await story.round(desk)
        await doubled(story, desk)
        for _ in range(5):
            await sweep(story, desk)
    assert looks(story) == 2
    assert len(stands(story)) == 2


async def test_what_cannot_be_taken_back_is_left_and_told(story):
    story.slack.fail("chat.postMessage", reset(late=True))
    story.slack.fail("chat.delete", error("cant_delete_message"))
    story.slack.fail("chat.update", error("edit_window_closed"))
    async with story.desk() as desk:
        await story.round(desk)
        await doubled(story, desk)
        swept = await sweep(story, desk)
        assert swept.duplicates == 0
        (note,) = swept.notes
        assert note.startswith("desk: a message stands there twice, and the second cannot be removed: ")
        (finding,) = [each for each in await check_up(desk) if each.name == "duplicates in desk"]
        assert (finding.state, bool(finding.remedy)) == ("warn", True)
        assert "1 still there – the message to be removed is not the bot's" in finding.detail
        assert (await sweep(story, desk, minutes=15)).notes == ()
    assert sum(call.method == "chat.delete" for call in story.slack.calls) == 1


@pytest.mark.parametrize("fault", [limited(40), reset(), reset(stored=True), error("not_in_channel")])
async def test_what_is_refused_for_now_is_tried_again(story, fault):
    story.slack.fail("chat.postMessage", reset(late=True))
    async with story.desk() as desk:
        await story.round(desk)
        await doubled(story, desk)
        story.slack.fail("chat.delete", fault)
        await sweep(story, desk)
        desk.senders["slack"]._api.pace._paused.clear()  # its clock is the machine's, which stands still here
        await sweep(story, desk, minutes=16)
    assert len(stands(story)) == 1
    assert stored(story, "SELECT fate FROM duplicate") == [("removed",)]


async def test_in_quiet_hours_too(story):
    story.slack.fail("chat.postMessage", reset(late=True))
    async with story.desk(SLACK + 'quiet = "20:05-08:00"\nzone = "Asia/Shanghai"\n') as desk:
        await story.round(desk)
        await doubled(story, desk)
        assert (await sweep(story, desk, minutes=3)).duplicates == 1
    assert len(stands(story)) == 1
