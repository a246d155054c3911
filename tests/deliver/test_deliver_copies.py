"""Second copies in a channel: found by their uid, and the later ones removed, or marked where somebody replied."""

import pytest
from slack_errors import CHANGES, rows
from slack_helpers import ALERTS, make_delivery, sending

from bot.deliver.classify import TABLE
from bot.deliver.fake_blocks import faults
from bot.deliver.fake_slack import FakeChannel, FakeSlack, error, hang, limited, reset
from bot.deliver.fake_workspace import SCOPES
from bot.deliver.slack_history import DUPLICATE, metadata
from bot.model import Copies, Copy, Held, Later, Marked, RefusedPayload, Removed


async def twice(sender, op="post", **more):
    """The same message posted two times."""
    delivery = make_delivery(op, uid="a", **more)
    return [await sender.send(delivery) for _ in range(2)]


async def found(sender, op="post", **more):
    copies = await sender.find_copies(ALERTS, [make_delivery(op, uid="a", **more)])
    assert copies.complete
    return copies.found.get("a", ())


def stands(slack):
    return [message.ts for message in slack.workspace.messages]


async def test_one_message_costs_one_reading_and_is_no_copy(slack):
    async with sending(slack) as sender:
        sent = await sender.send(make_delivery(uid="a"))
        slack.calls.clear()
        assert await found(sender) == (Copy(uid="a", channel_id="C0000001", ts=sent.ts),)
    assert [call.method for call in slack.calls] == ["conversations.history"]


async def test_copies_are_found_in_the_order_in_which_they_stand_on_whichever_page():
    async with FakeSlack(page=2) as slack, sending(slack) as sender:
        sent = await twice(sender)
        for number in range(5):
            slack.workspace.say("C0000001", f"chatter {number}")
        sent += await twice(sender)
        assert [copy.ts for copy in await found(sender)] == [each.ts for each in sent]


async def test_a_message_that_shows_after_it_was_looked_up_is_a_copy(slack):
    async with sending(slack) as sender:
        slack.fail("chat.postMessage", reset(late=True))
        slack.fail("chat.postMessage", reset(stored=True, hidden=True))
        for _ in range(3):
            await sender.send(make_delivery(uid="a"))
        assert len(await found(sender)) == 1
        slack.reveal()
        slack.land()
        copies = await found(sender)
    assert [copy.ts for copy in copies] == stands(slack)
    assert len(copies) == 3


async def test_the_later_copy_is_removed_and_the_first_one_stays(slack):
    async with sending(slack) as sender:
        first, later = await twice(sender)
        here, second = await found(sender)
        assert await sender.retract(second, here) == Removed()
        assert await sender.retract(second, here) == Removed(), "doing it again does no harm"
    assert later.ts == second.ts
    assert stands(slack) == [first.ts]


async def test_a_copy_in_a_thread_is_found_and_removed_there(slack):
    async with sending(slack) as sender:
        root = await sender.send(make_delivery(uid="root"))
        place = {"channel_id": root.channel_id, "thread_ts": root.ts}
        first, _ = await twice(sender, "reply", **place)
        here, second = await found(sender, "reply", **place)
        assert (here.thread_ts, second.thread_ts) == (root.ts, root.ts)
        slack.calls.clear()
        assert await sender.retract(second, here) == Removed()
    assert [call.method for call in slack.calls] == ["chat.delete"], "nobody can reply to a reply"
    assert stands(slack) == [root.ts, first.ts]


async def test_copies_of_a_reply_whose_thread_was_deleted_stand_in_the_channel(slack):
    async with sending(slack) as sender:
        root = await sender.send(make_delivery(uid="root"))
        slack.workspace.messages.clear()
        place = {"channel_id": root.channel_id, "thread_ts": root.ts}
        sent = await twice(sender, "reply", **place)
        assert [(copy.ts, copy.thread_ts) for copy in await found(sender, "reply", **place)] == [
            (each.ts, None) for each in sent
        ]


async def test_a_copy_to_which_somebody_replied_says_that_it_is_one_and_is_none_any_more(slack):
    async with sending(slack) as sender:
        first, later = await twice(sender)
        slack.workspace.say("C0000001", "Really?")
        slack.workspace.messages[-1].thread = later.ts
        here, second = await found(sender)
        assert await sender.retract(second, here) == Marked()
        marked = slack.workspace.messages[1].data
        assert first.ts.replace(".", "") in marked["text"]
        assert f"<https://fake.slack.com/archives/C0000001/p{first.ts.replace('.', '')}|" in str(marked["blocks"])
        assert faults(marked["blocks"]) == []
        assert "US adds 27 firms" not in str(marked), "what it told stands in the first one alone"
        copies = await sender.find_copies(ALERTS, [make_delivery(uid="a")])
        assert [copy.ts for copy in copies.found["a"]] == [first.ts]
        assert copies.marked == {("C0000001", later.ts)}
        assert (await sender.look_up(ALERTS, [make_delivery(uid="a")])).found == {"a": ("C0000001", first.ts)}
    assert len(stands(slack)) == 3


async def test_a_marked_reply_links_to_the_one_in_the_thread_that_stays(slack):
    slack.fail("chat.delete", error("compliance_exports_prevent_deletion"))
    async with sending(slack) as sender:
        root = await sender.send(make_delivery(uid="root"))
        place = {"channel_id": root.channel_id, "thread_ts": root.ts}
        await twice(sender, "reply", **place)
        here, second = await found(sender, "reply", **place)
        assert await sender.retract(second, here) == Marked()
    link = f"p{here.ts.replace('.', '')}?thread_ts={root.ts}&amp;cid=C0000001|"
    assert link in str(slack.workspace.messages[2].data["blocks"])


async def test_where_threads_may_not_be_read_a_copy_is_marked_for_it_may_have_replies(slack):
    async with sending(slack) as sender:
        await twice(sender)
        here, second = await found(sender)
        slack.fail("conversations.replies", error("method_not_supported_for_channel_type"))
        assert await sender.retract(second, here) == Marked()


async def test_what_somebody_else_posts_with_a_uid_of_ours_is_no_copy(slack):
    async with sending(slack) as sender:
        sent = await twice(sender)
        slack.workspace.say("C0000001", "hello", metadata=metadata("a"))
        slack.workspace.say("C0000001", "hello", metadata=metadata("a", DUPLICATE))
        assert [copy.ts for copy in await found(sender)] == [each.ts for each in sent]


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("conversations.history", limited(5)),
        ("conversations.history", reset()),
        ("conversations.history", hang()),
        ("auth.test", error("internal_error")),
    ],
)
async def test_half_a_look_tells_of_no_copy(slack, method, fault):
    async with sending(slack, deadline=0.3) as sender:
        await twice(sender)
        slack.fail(method, fault)
        copies = await sender.find_copies(ALERTS, [make_delivery(uid="a")])
    assert (copies.found, copies.complete, copies.possible) == ({}, False, True)
    assert copies.reason


async def test_a_history_that_may_not_be_read_can_never_tell():
    async with FakeSlack(scopes=frozenset(SCOPES) - {"channels:history"}) as slack, sending(slack) as sender:
        await twice(sender)
        copies = await sender.find_copies(ALERTS, [make_delivery(uid="a")])
    assert copies == Copies(possible=False, reason=copies.reason)
    assert "missing_scope" in copies.reason


DELETES = [row[1:] for row in rows(CHANGES) if row[0] == "chat.delete"]
AFTER_DELETE = {"held": Held, "later": Later, "unknown": Later, "gone": Removed, "payload": Marked}


@pytest.mark.parametrize(("code", "means"), [*DELETES, ("nobody_knows_this", "unknown")])
async def test_every_error_of_a_removal_says_what_becomes_of_the_copy(slack, code, means):
    async with sending(slack) as sender:
        await twice(sender)
        here, second = await found(sender)
        slack.fail("chat.delete", error(code))
        outcome = await sender.retract(second, here)
    assert type(outcome) is AFTER_DELETE[means]
    assert len(stands(slack)) == 2
    assert code not in TABLE or TABLE[code].fate == means


FAULTS = {
    "429": (limited(7), Later),
    "reset": (reset(), Later),
    "removed, but the answer is lost": (reset(stored=True), Later),
}


@pytest.mark.parametrize("method", ["conversations.replies", "chat.delete"])
@pytest.mark.parametrize(("fault", "expected"), FAULTS.values(), ids=FAULTS.keys())
async def test_every_fault_on_the_way_is_tried_again(slack, method, fault, expected):
    async with sending(slack) as sender:
        await twice(sender)
        here, second = await found(sender)
        slack.fail(method, fault)
        outcome = await sender.retract(second, here)
    assert type(outcome) is expected
    assert outcome.reason


CHANGED = [row[1:] for row in rows(CHANGES) if row[0] == "chat.update"]
AFTER_CHANGE = {**AFTER_DELETE, "payload": RefusedPayload}


@pytest.mark.parametrize("means", AFTER_CHANGE)
async def test_a_copy_that_can_neither_be_removed_nor_marked_stays_for_good(slack, means):
    code = next(code for code, fate in CHANGED if fate == means)
    slack.fail("chat.delete", error("cant_delete_message"))
    async with sending(slack) as sender:
        await twice(sender)
        here, second = await found(sender)
        slack.fail("chat.update", error(code))
        outcome = await sender.retract(second, here)
    assert type(outcome) is AFTER_CHANGE[means]
    if means == "payload":
        assert "cant_delete_message" in outcome.reason


async def test_each_channel_is_looked_through_for_its_own():
    channels = (FakeChannel(id="C0000001", name="alerts"), FakeChannel(id="C0000002", name="second"))
    async with FakeSlack(channels=channels) as two, sending(two) as sender:
        for channel in ("C0000001", "C0000002"):
            for _ in range(2):
                await sender.send(make_delivery(uid=channel, channel_id=channel))
        wanted = [make_delivery(uid=channel, channel_id=channel) for channel in ("C0000001", "C0000002")]
        copies = await sender.find_copies(ALERTS, wanted)
    assert {uid: {copy.channel_id for copy in each} for uid, each in copies.found.items()} == {
        "C0000001": {"C0000001"},
        "C0000002": {"C0000002"},
    }
