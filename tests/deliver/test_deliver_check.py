import re
from pathlib import Path

import pytest
from slack_helpers import ALERTS, sending

from bot.deliver.fake_slack import FakeChannel, FakeSlack, error, limited
from bot.deliver.slack_check import SCOPES
from bot.model import Destination

MANIFEST = Path(__file__).resolve().parents[2] / "deploy" / "slack" / "manifest.yaml"


def by_name(findings):
    return {re.sub(r" (of|in|to) “.*", "", finding.name): finding for finding in findings}


async def test_a_workspace_that_is_set_up_well(slack):
    async with sending(slack) as sender:
        findings = await sender.check(ALERTS)
    assert [finding.state for finding in findings] == ["ok"] * 4
    assert by_name(findings)["protection against duplicates"].detail.startswith("full")
    assert "#alerts" in by_name(findings)["channel"].detail
    assert slack.texts() == [], "checking writes nothing"


async def test_checking_only_needs_what_the_manifest_grants():
    async with FakeSlack(scopes=frozenset(SCOPES)) as slack, sending(slack) as sender:
        assert {finding.state for finding in await sender.check(ALERTS)} == {"ok"}


async def test_a_wrong_token_is_one_finding_with_its_remedy(slack):
    async with sending(slack, token="xoxb-wrong") as sender:
        (finding,) = await sender.check(ALERTS)
    assert finding.state == "fail"
    assert "invalid_auth" in finding.detail
    assert "xoxb-" in finding.remedy


@pytest.mark.parametrize("missing", SCOPES)
async def test_every_missing_scope_is_named_with_its_use(missing):
    async with FakeSlack(scopes=frozenset(SCOPES) - {missing}) as slack, sending(slack) as sender:
        finding = by_name(await sender.check(ALERTS))["Slack scopes"]
    assert finding.state == ("fail" if missing == "chat:write" else "warn")
    assert missing in finding.detail
    assert SCOPES[missing] in finding.detail
    assert "manifest" in finding.remedy


async def test_a_bot_that_is_not_in_the_channel_is_to_be_invited():
    channel = FakeChannel(id="C0000001", name="alerts", member=False)
    async with FakeSlack(channels=(channel,)) as slack, sending(slack) as sender:
        found = by_name(await sender.check(ALERTS))
    assert found["channel"].state == "fail"
    assert found["channel"].remedy == "write /invite @presswatch in #alerts"
    assert found["protection against duplicates"].detail.startswith("none")


async def test_an_archived_channel_is_told_by_its_id():
    channel = FakeChannel(id="C0000001", name="alerts", archived=True)
    by_id = Destination(id="desk", kind="slack", target="C0000001")
    async with FakeSlack(channels=(channel,)) as slack, sending(slack) as sender:
        assert "archived" in by_name(await sender.check(by_id))["channel"].detail


async def test_an_unknown_channel_has_a_remedy(slack):
    async with sending(slack) as sender:
        found = by_name(await sender.check(Destination(id="desk", kind="slack", target="#typo")))
    assert found["channel"].state == "fail"
    assert "check the name" in found["channel"].remedy
    assert "protection against duplicates" not in found


LEVELS = {
    "none": ({"conversations.history": "missing_scope"}, "warn"),
    "roots only": ({"conversations.replies": "missing_scope"}, "warn"),
    "full": ({"conversations.replies": "thread_not_found"}, "ok"),
}


@pytest.mark.parametrize(("level", "row"), LEVELS.items(), ids=LEVELS.keys())
async def test_the_level_of_protection_is_tried_out(slack, level, row):
    codes, state = row
    async with sending(slack) as sender:
        for method, code in codes.items():
            slack.fail(method, error(code))
        finding = by_name(await sender.check(ALERTS))["protection against duplicates"]
    assert finding.detail.startswith(level)
    assert finding.state == state
    assert bool(finding.remedy) == (state != "ok")


async def test_trying_out_posts_and_removes(slack):
    async with sending(slack) as sender:
        finding = await sender.try_out(ALERTS)
    assert (finding.state, finding.detail) == ("ok", "posted and removed again")
    assert slack.texts() == []
    assert [c.method for c in slack.calls if c.method.startswith("chat")] == ["chat.postMessage", "chat.delete"]


async def test_a_test_message_that_stays_is_said_so(slack):
    async with sending(slack) as sender:
        slack.fail("chat.delete", error("cant_delete_message"))
        finding = await sender.try_out(ALERTS)
    assert finding.state == "warn"
    assert "by hand" in finding.remedy
    assert len(slack.texts()) == 1


@pytest.mark.parametrize("fault", [error("not_in_channel"), limited(3)], ids=["not_in_channel", "429"])
async def test_a_test_message_that_fails_says_why(slack, fault):
    async with sending(slack) as sender:
        slack.fail("chat.postMessage", fault)
        finding = await sender.try_out(ALERTS)
    assert finding.state == "fail"
    assert finding.remedy


def test_the_manifest_asks_for_exactly_the_scopes_that_are_used():
    listed = re.findall(r"^ {6}- (\S+) +# (.+)$", MANIFEST.read_text("utf-8"), re.MULTILINE)
    assert dict(listed) == SCOPES
