from datetime import timedelta

import pytest
from slack_helpers import ALERTS, TRIED, make_delivery, sending

from bot.deliver.fake_slack import FakeChannel, FakeSlack, error, hang, limited, reset
from bot.model import Delivered, Destination, LookUp, Unknown


def uids(*names, op="post", **changes):
    return [make_delivery(op, id=n, uid=name, **changes) for n, name in enumerate(names)]


async def test_an_ambiguous_post_that_arrived_is_found(slack):
    async with sending(slack) as sender:
        slack.fail("chat.postMessage", reset(stored=True))
        assert isinstance(await sender.send(make_delivery(uid="a")), Unknown)
        seen = await sender.look_up(ALERTS, uids("a", "b"))
    assert seen == LookUp(found={"a": ("C0000001", slack.workspace.messages[0].ts)}, complete=True)


async def test_an_ambiguous_post_that_did_not_arrive_is_not_there(slack):
    async with sending(slack) as sender:
        slack.fail("chat.postMessage", reset())
        assert isinstance(await sender.send(make_delivery(uid="a")), Unknown)
        assert await sender.look_up(ALERTS, uids("a")) == LookUp(complete=True)


async def test_a_message_that_is_not_visible_yet_is_found_once_it_is(slack):
    async with sending(slack) as sender:
        slack.fail("chat.postMessage", error("internal_error", stored=True, hidden=True))
        await sender.send(make_delivery(uid="a"))
        assert (await sender.look_up(ALERTS, uids("a"))).found == {}
        slack.reveal()
        assert "a" in (await sender.look_up(ALERTS, uids("a"))).found


async def test_the_whole_window_is_read_page_by_page():
    async with FakeSlack(page=3) as slack, sending(slack) as sender:
        await sender.send(make_delivery(uid="old"))
        for number in range(20):
            slack.workspace.say("C0000001", f"chatter {number}")
        seen = await sender.look_up(ALERTS, uids("old", "never"))
        assert (set(seen.found), seen.complete) == ({"old"}, True)
        assert sum(call.method == "conversations.history" for call in slack.calls) == 7


async def test_reading_stops_once_all_are_found():
    async with FakeSlack(page=3) as slack, sending(slack) as sender:
        for number in range(20):
            slack.workspace.say("C0000001", f"chatter {number}")
        await sender.send(make_delivery(uid="new"))
        assert "new" in (await sender.look_up(ALERTS, uids("new"))).found
        assert sum(call.method == "conversations.history" for call in slack.calls) == 1


FAULTS = {"429": limited(5), "internal_error": error("internal_error"), "reset": reset(), "hang": hang()}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_half_a_window_is_no_answer(fault):
    async with FakeSlack(page=3) as slack, sending(slack, deadline=0.5) as sender:
        await sender.send(make_delivery(uid="old"))
        for number in range(5):
            slack.workspace.say("C0000001", f"chatter {number}")
        await sender.send(make_delivery(uid="new"))
        slack.fail("conversations.history", fault, after=1)
        seen = await sender.look_up(ALERTS, uids("old", "new"))
    assert (set(seen.found), seen.complete, seen.possible) == ({"new"}, False, True)
    assert seen.reason


@pytest.mark.parametrize("code", ["missing_scope", "not_in_channel", "channel_not_found", "no_permission"])
async def test_a_history_that_may_not_be_read_can_never_answer(slack, code):
    async with sending(slack) as sender:
        slack.fail("conversations.history", error(code))
        seen = await sender.look_up(ALERTS, uids("a"))
    assert (seen.found, seen.complete, seen.possible) == ({}, False, False)
    assert code in seen.reason


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "brand_new_error"])
async def test_a_token_that_can_be_mended_is_asked_again_later(slack, code):
    async with sending(slack) as sender:
        slack.fail("conversations.history", error(code))
        seen = await sender.look_up(ALERTS, uids("a"))
    assert (seen.complete, seen.possible) == (False, True)


async def test_private_channels_need_a_scope_of_their_own():
    channel = FakeChannel(id="G0000001", name="alerts", private=True)
    scopes = frozenset({"chat:write", "channels:read", "groups:read", "channels:history"})
    async with FakeSlack(channels=(channel,), scopes=scopes) as slack, sending(slack) as sender:
        assert isinstance(await sender.send(make_delivery()), Delivered)
        assert (await sender.look_up(ALERTS, uids("uid-1"))).possible is False


async def test_replies_are_sought_in_their_threads_and_roots_in_the_channel(slack):
    async with sending(slack) as sender:
        root = await sender.send(make_delivery(uid="root"))
        place = {"channel_id": root.channel_id, "thread_ts": root.ts}
        await sender.send(make_delivery("reply", uid="reply", **place))
        seen = await sender.look_up(ALERTS, [*uids("root"), *uids("reply", "gone", op="reply", **place)])
    assert seen.complete
    assert seen.found == {"root": ("C0000001", root.ts), "reply": ("C0000001", slack.workspace.messages[1].ts)}


async def test_a_reply_is_not_taken_for_a_root(slack):
    async with sending(slack) as sender:
        root = await sender.send(make_delivery(uid="root"))
        await sender.send(make_delivery("reply", uid="x", channel_id=root.channel_id, thread_ts=root.ts))
        assert (await sender.look_up(ALERTS, uids("x"))).found == {}


async def test_a_thread_that_was_deleted_answers_not_there(slack):
    async with sending(slack) as sender:
        assert await sender.look_up(ALERTS, uids("a", op="reply", thread_ts="5.000001")) == LookUp(complete=True)


async def test_updates_are_never_sought_since_they_share_the_uid_of_their_message(slack):
    async with sending(slack) as sender:
        root = await sender.send(make_delivery(uid="a"))
        slack.calls.clear()
        assert await sender.look_up(ALERTS, uids("a", op="update", ts=root.ts)) == LookUp(complete=True)
    assert slack.calls == []


async def test_the_window_begins_before_the_first_attempt_by_more_than_a_clock_is_wrong():
    clock = [TRIED.timestamp() - 600]
    async with FakeSlack(clock=lambda: clock[0]) as slack, sending(slack) as sender:
        await sender.send(make_delivery(uid="a"))
        assert "a" in (await sender.look_up(ALERTS, uids("a"))).found
        late = uids("a", first_tried_at=TRIED + timedelta(hours=1))
        assert (await sender.look_up(ALERTS, late)).found == {}


async def test_without_a_time_the_history_is_read_from_its_beginning(slack):
    async with sending(slack) as sender:
        await sender.send(make_delivery(uid="a"))
        assert "a" in (await sender.look_up(ALERTS, uids("a", first_tried_at=None))).found
    assert "oldest" not in slack.calls[-1].args


FOREIGN = {
    "none": {},
    "text": {"metadata": "uid-1"},
    "another type": {"metadata": {"event_type": "other", "event_payload": {"uid": "a"}}},
    "no payload": {"metadata": {"event_type": "presswatch_alert"}},
    "a number": {"metadata": {"event_type": "presswatch_alert", "event_payload": {"uid": 7}}},
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN.keys())
async def test_other_peoples_metadata_is_passed_over(slack, data):
    async with sending(slack) as sender:
        slack.workspace.say("C0000001", "hello", **data)
        assert await sender.look_up(ALERTS, uids("a")) == LookUp(complete=True)


async def test_of_two_messages_with_one_uid_the_earlier_one_counts(slack):
    async with sending(slack) as sender:
        first = await sender.send(make_delivery(uid="a"))
        await sender.send(make_delivery(uid="a"))
        assert (await sender.look_up(ALERTS, uids("a", "b"))).found["a"] == ("C0000001", first.ts)


async def test_a_channel_that_cannot_be_named_any_more(slack):
    gone = Destination(id="desk", kind="slack", target="#gone")
    async with sending(slack, destinations=[gone]) as sender:
        seen = await sender.look_up(gone, uids("a"))
    assert seen.possible is False
