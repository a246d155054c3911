import logging
import re

import pytest
from slack_helpers import ALERTS, BLOCKS, make_delivery, sending

from bot.deliver.classify import LIMITED, TABLE
from bot.deliver.fake_slack import FakeChannel, FakeSlack, Fault, answer, error, hang, limited, not_json, reset
from bot.deliver.pace import Pace
from bot.deliver.slack import MAY_REPEAT, SlackSender
from bot.model import Delivered, Destination, Gone, Held, Later, RefusedPayload, Unknown

OPS = ["post", "reply", "update"]
METHOD = {"post": "chat.postMessage", "reply": "chat.postMessage", "update": "chat.update"}
FATES = {"gone": Gone, "later": Later, "payload": RefusedPayload, "held": Held, "unknown": Unknown}


def standing(slack, op, **changes):
    """A delivery that fits the fake: for replies and updates the bot's own message is there already."""
    if op == "post":
        return make_delivery(op, **changes)
    root = slack.workspace.say("C0000001", "root", user="U0000BOT", metadata={"event_type": "x", "event_payload": {}})
    return make_delivery(op, **{"thread_ts" if op == "reply" else "ts": root, **changes})


async def test_a_post_arrives_with_its_uid(slack):
    async with sending(slack) as sender:
        outcome = await sender.send(make_delivery())
    (message,) = slack.workspace.messages
    assert outcome == Delivered(channel_id="C0000001", ts=message.ts)
    assert message.data["metadata"] == {"event_type": "presswatch_alert", "event_payload": {"uid": "uid-1"}}
    assert message.data["blocks"] == BLOCKS
    assert (message.data["unfurl_links"], message.data["unfurl_media"], message.data["parse"]) == (False, False, "none")
    assert message.thread is None


async def test_a_reply_stands_in_its_thread(slack):
    async with sending(slack) as sender:
        delivery = standing(slack, "reply")
        outcome = await sender.send(delivery)
    assert isinstance(outcome, Delivered)
    assert slack.workspace.messages[-1].thread == delivery.thread_ts


async def test_an_update_changes_the_message_and_keeps_its_uid(slack):
    async with sending(slack) as sender:
        posted = await sender.send(make_delivery())
        changed = make_delivery("update", ts=posted.ts, payload={"full": {"text": "two", "unfurl_links": False}})
        assert await sender.send(changed) == Delivered(channel_id="C0000001", ts=posted.ts)
    (message,) = slack.workspace.messages
    assert message.data["text"] == "two"
    assert message.data["metadata"]["event_payload"] == {"uid": "uid-1"}
    assert "unfurl_links" not in slack.calls[-1].args


async def test_the_minimal_message_goes_out_where_the_full_one_was_refused(slack):
    async with sending(slack) as sender:
        await sender.send(make_delivery(minimal_only=True))
    assert slack.texts() == ["minimal"]
    assert "blocks" not in slack.workspace.messages[0].data


async def test_a_message_that_may_repeat_says_so_to_every_reader(slack):
    async with sending(slack) as sender:
        await sender.send(make_delivery(may_repeat=True))
    message = slack.workspace.messages[0].data
    assert message["text"].endswith(MAY_REPEAT)
    assert MAY_REPEAT in message["blocks"][-1]["elements"][0]["text"]
    assert message["blocks"][:-1] == BLOCKS


@pytest.mark.parametrize("op", OPS)
@pytest.mark.parametrize("code", [code for code in TABLE if "." not in code])
async def test_every_slack_code_for_every_operation(slack, code, op):
    async with sending(slack) as sender:
        delivery = standing(slack, op)
        slack.fail(METHOD[op], error(code))
        outcome = await sender.send(delivery)
    expected = FATES["payload" if op == "post" and TABLE[code].fate == "gone" else TABLE[code].fate]
    assert type(outcome) is (Later if op == "update" and expected is Unknown else expected)
    assert (code in outcome.reason) == (code not in LIMITED)


AMBIGUOUS = {
    "an unknown code": error("brand_new_error"),
    "500 with JSON": answer(500, '{"ok": false, "error": "internal_error"}', content_type="application/json"),
    "500 with a definite code": answer(500, '{"ok": false, "error": "invalid_auth"}', content_type="application/json"),
    "500 with text": answer(500, "upstream gone", content_type="text/plain"),
    "502 with HTML": answer(502, "<html>"),
    "200 with HTML": answer(200, "<html>log in"),
    "200 with text": answer(200, "ok", content_type="text/plain"),
    "200 that is not JSON": not_json(),
    "200 with a list": answer(200, "[]", content_type="application/json"),
    "200 with null": answer(200, "null", content_type="application/json"),
    "200 with a number": answer(200, "7", content_type="application/json"),
    "200 with nothing": answer(200, "", content_type="application/json"),
    "200 ok without ts": answer(200, '{"ok": true}', content_type="application/json"),
    "200 not ok without code": answer(200, '{"ok": false}', content_type="application/json"),
    "302": answer(302),
    "404": answer(404, "nothing here"),
    "reset": reset(),
    "reset after it was taken": reset(stored=True),
    "error after it was taken": error("fatal_error", stored=True),
}


@pytest.mark.parametrize("fault", AMBIGUOUS.values(), ids=AMBIGUOUS.keys())
@pytest.mark.parametrize("op", OPS)
async def test_what_may_have_been_written_is_unknown_except_for_updates(slack, op, fault):
    async with sending(slack) as sender:
        delivery = standing(slack, op)
        slack.fail(METHOD[op], fault)
        outcome = await sender.send(delivery)
    assert type(outcome) is (Later if op == "update" else Unknown)
    assert sum(call.method == METHOD[op] for call in slack.calls) == 1, "the sender must not try again by itself"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(slack, status):
    async with FakeSlack() as elsewhere, sending(slack) as sender:
        location = (("Location", elsewhere.url + "chat.postMessage"),)
        slack.fail("chat.postMessage", Fault(kind="answer", status=status, headers=location))
        outcome = await sender.send(make_delivery())
    assert isinstance(outcome, Unknown)
    assert "redirected the request" in outcome.reason
    assert elsewhere.calls == []


@pytest.mark.parametrize("stored", [False, True], ids=["not taken", "taken"])
async def test_no_answer_within_the_deadline_is_unknown(slack, stored):
    async with sending(slack, deadline=0.3) as sender:
        slack.fail("chat.postMessage", hang(stored=stored))
        outcome = await sender.send(make_delivery(channel_id="C0000001"))
    assert isinstance(outcome, Unknown)
    assert "did not answer in time (0.3 s)" in outcome.reason


@pytest.mark.parametrize("op", OPS)
async def test_no_connection_is_definitely_not_written(slack, op):
    async with sending(slack) as sender:
        delivery = standing(slack, op, channel_id="C0000001")
        await slack.stop()
        outcome = await sender.send(delivery)
    assert isinstance(outcome, Later)
    place = slack.url.split("/")[2]
    assert outcome.reason.startswith(f"Slack cannot be reached (connection refused at {place})")


async def test_a_broken_tls_handshake_is_definitely_not_written(slack):
    slack_url = slack.url.replace("http:", "https:")
    async with sending(type("Https", (), {"url": slack_url, "token": slack.token})()) as sender:
        outcome = await sender.send(make_delivery(channel_id="C0000001"))
    assert isinstance(outcome, Later)
    assert "certificates" in outcome.reason or "cannot be reached" in outcome.reason


async def test_a_name_that_nobody_knows_is_said(slack):
    async with sending(type("Nowhere", (), {"url": "http://slack.invalid/api/", "token": slack.token})()) as sender:
        outcome = await sender.send(make_delivery(channel_id="C0000001"))
    assert isinstance(outcome, Later)
    assert "no address is known for the name slack.invalid" in outcome.reason


async def test_a_queue_at_its_pace_says_when_it_goes_on(slack):
    async with sending(slack, pace=Pace(scale=100), longest_wait=0) as sender:
        first, second = [await sender.send(make_delivery(channel_id="C0000001")) for _ in range(2)]
    assert isinstance(first, Delivered)
    assert second.reason.startswith("Slack takes about one message a second: the next one goes out in ")


async def test_without_a_token_the_configured_variable_is_named(slack):
    sender = SlackSender(None, [ALERTS], base_url=slack.url, token_env="DESK_TOKEN")
    outcome, (finding,) = await sender.send(make_delivery()), await sender.check(ALERTS)
    await sender.aclose()
    assert isinstance(outcome, Held)
    wanted = "put the bot token (xoxb-…) into the environment variable DESK_TOKEN, or name a file with token_file"
    assert outcome.reason == f"no Slack token: {wanted}"
    assert (finding.name, finding.detail, finding.remedy) == ("Slack token", "no Slack token", wanted)


async def test_429_pauses_the_method_for_as_long_as_slack_asks(slack):
    async with sending(slack) as sender:
        slack.fail("chat.postMessage", limited(120))
        first = await sender.send(make_delivery(channel_id="C0000001"))
        second = await sender.send(make_delivery(channel_id="C0000001"))
    assert (first.seconds, first.reason) == (120, "Slack asks for a pause of 120 s")
    assert second.reason == "Slack asks for a pause of 120 s"
    assert isinstance(second, Later)
    assert 0 < second.seconds <= 120
    assert len(slack.calls) == 1


@pytest.mark.parametrize(("said", "seconds"), [(None, 30), (0.01, 1), (90_000, 3600)])
async def test_a_pause_is_kept_within_reason(slack, said, seconds):
    async with sending(slack) as sender:
        slack.fail("chat.postMessage", limited(said))
        assert (await sender.send(make_delivery(channel_id="C0000001"))).seconds == seconds


def pause(said=None, *, status=429, body="", content_type="application/json"):
    headers = () if said is None else (("Retry-After", said),)
    return Fault(kind="answer", status=status, body=body, content_type=content_type, headers=headers)


PAUSES = {
    "no body": (pause("7"), 7),
    "a web page": (pause("7", body="<html>slow down", content_type="text/html"), 7),
    "another code": (pause("7", body='{"ok": false, "error": "internal_error"}'), 7),
    "ok in the body": (pause("7", body='{"ok": true, "ts": "1.1"}'), 7),
    "a fraction": (pause("2.5"), 2.5),
    "a date": (pause("Mon, 02 Mar 2026 09:30:00 GMT"), 30),
    "no number": (pause("soon"), 30),
    "a negative number": (pause("-5"), 1),
    "no end": (pause("inf"), 3600),
    "nan": (pause("nan"), 1),
    "with status 200": (pause("7", status=200, body='{"ok": false, "error": "ratelimited"}'), 30),
    "by its old name": (pause(status=200, body='{"ok": false, "error": "rate_limited"}'), 30),
}


@pytest.mark.parametrize(("fault", "seconds"), PAUSES.values(), ids=PAUSES.keys())
@pytest.mark.parametrize("op", OPS)
async def test_in_whatever_shape_a_pause_is_asked_for_nothing_was_written(slack, op, fault, seconds):
    async with sending(slack) as sender:
        slack.fail(METHOD[op], fault)
        outcome = await sender.send(standing(slack, op, channel_id="C0000001"))
    assert isinstance(outcome, Later)
    assert outcome.seconds == seconds


async def test_a_lease_lost_while_waiting_stops_the_message(slack):
    async def taken_over(delivery):
        return False

    async with sending(slack, still_mine=taken_over) as sender:
        assert isinstance(await sender.send(make_delivery()), Later)
    assert slack.texts() == []


@pytest.mark.parametrize("op", ["reply", "update"])
async def test_a_reply_or_update_without_its_message_is_refused(slack, op):
    async with sending(slack) as sender:
        outcome = await sender.send(make_delivery(op, ts=None, thread_ts=None))
    assert isinstance(outcome, RefusedPayload)
    assert slack.calls == []


async def test_a_destination_that_is_gone_from_the_configuration_is_held(slack):
    async with sending(slack) as sender:
        outcome = await sender.send(make_delivery(destination="old"))
    assert isinstance(outcome, Held)
    assert "old" in outcome.reason


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", "variable SLACK_BOT_TOKEN,"),
        ("xoxb-wrong", "invalid_auth"),
        ("xoxb-a\nb", "copy it again"),
        ("xoxb-a b", "copy it again"),
        ("xö", "copy it again"),
    ],
)
async def test_a_wrong_token_holds_the_queue(slack, token, code):
    sender = SlackSender(token, [ALERTS], base_url=slack.url)
    outcome = await sender.send(make_delivery())
    await sender.aclose()
    assert isinstance(outcome, Held)
    assert code in outcome.reason
    assert slack.texts() == []


TARGETS = {"with hash": "#alerts", "bare": "alerts", "capitals": "#Alerts", "id": "C0000001", "spaces": " #alerts "}


@pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS.keys())
async def test_channels_by_name_and_by_id(slack, target):
    async with sending(slack, destinations=[Destination(id="desk", kind="slack", target=target)]) as sender:
        assert (await sender.send(make_delivery())).channel_id == "C0000001"
        await sender.send(make_delivery())
    looked = sum(call.method == "conversations.list" for call in slack.calls)
    assert looked == (0 if target == "C0000001" else 1)


async def test_a_name_on_a_later_page_is_found():
    channels = tuple(FakeChannel(id=f"C{number:07d}", name=f"team-{number}") for number in range(30))
    last = [Destination(id="desk", kind="slack", target="team-29")]
    async with FakeSlack(channels=channels, page=7) as slack, sending(slack, destinations=last) as sender:
        assert (await sender.send(make_delivery())).channel_id == "C0000029"


async def test_without_the_scope_to_list_channels_the_name_itself_is_sent():
    async with FakeSlack(scopes=frozenset({"chat:write"})) as slack, sending(slack) as sender:
        assert isinstance(await sender.send(make_delivery()), Delivered)
        assert slack.calls[-1].args["channel"] == "#alerts"


async def test_a_channel_nobody_knows_holds_the_queue_with_a_remedy(slack):
    async with sending(slack, destinations=[Destination(id="desk", kind="slack", target="#typo")]) as sender:
        outcome = await sender.send(make_delivery())
    assert isinstance(outcome, Held)
    assert "invite the bot" in outcome.reason


async def test_the_proxy_and_the_environment_do_not_meddle(slack, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with sending(slack) as sender:
        assert isinstance(await sender.send(make_delivery()), Delivered)


async def test_the_token_is_in_no_log_and_no_reason(slack, caplog):
    caplog.set_level(logging.DEBUG)
    async with sending(slack, token="xoxb-canary-4711") as sender:
        outcome = await sender.send(make_delivery())
    assert not re.search("canary", caplog.text + outcome.reason)
