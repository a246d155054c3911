"""Every error that Slack documents for changing, removing and looking up messages, as an answer of a real server."""

import pytest
from slack_errors import CHANGES, LOOK_UPS, rows
from slack_helpers import ALERTS, make_delivery, sending

from bot.deliver.classify import TABLE
from bot.deliver.fake_slack import error
from bot.model import Gone, Held, Later, LookUp, RefusedPayload

# An update may be sent twice, so what is unknown of another message is simply done again.
OUTCOMES = {"held": Held, "later": Later, "payload": RefusedPayload, "unknown": Later, "gone": Gone}


@pytest.mark.parametrize(("method", "code", "means"), rows(CHANGES))
def test_every_documented_code_has_its_row(method, code, means):
    assert TABLE[code].fate == means


@pytest.mark.parametrize(("code", "means"), [row[1:] for row in rows(CHANGES) if row[0] == "chat.update"])
async def test_every_error_of_a_change_says_whether_to_try_again(slack, code, means):
    slack.fail("chat.update", error(code))
    async with sending(slack) as sender:
        outcome = await sender.send(make_delivery("update"))
    assert type(outcome) is OUTCOMES[means]


@pytest.mark.parametrize("code", [row[1] for row in rows(CHANGES) if row[0] == "chat.delete"])
async def test_a_test_message_that_cannot_be_removed_is_left_to_a_person(slack, code):
    slack.fail("chat.delete", error(code))
    async with sending(slack) as sender:
        found = await sender.try_out(ALERTS)
    assert (found.state, found.remedy) == ("warn", "remove it by hand; alerts will arrive")
    assert found.detail.startswith("posted, but it could not be removed again: ")


@pytest.mark.parametrize(("method", "code", "means"), rows(LOOK_UPS))
async def test_every_error_of_a_look_up_says_whether_an_answer_is_to_be_hoped_for(slack, method, code, means):
    slack.fail(method, error(code))
    kind = {"op": "reply"} if method == "conversations.replies" else {}
    async with sending(slack) as sender:
        seen = await sender.look_up(ALERTS, [make_delivery(**kind, channel_id="C0000001")])
    if means == "gone":
        assert seen == LookUp(complete=True)
        return
    assert (seen.found, seen.complete, seen.possible) == ({}, False, means == "later")
    assert seen.reason
    assert code in TABLE, "it has a sentence of its own"
