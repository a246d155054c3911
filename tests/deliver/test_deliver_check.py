import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from slack_helpers import ALERTS, sending

from bot.app import now
from bot.deliver.fake_slack import FakeChannel, FakeSlack, error, hang, limited
from bot.deliver.slack_check import SCOPES, time_of
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


async def test_slack_says_what_time_it_is(slack):
    async with sending(slack) as sender:
        token = by_name(await sender.check(ALERTS))["Slack token"]
    assert token.told_at is not None
    assert abs(token.told_at - now()) < timedelta(seconds=30)
    assert token == replace(token, told_at=None), "the same finding, whenever it was made"


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Aug 2023 10:00:00 GMT", "Mon, 28 Aug 99999 10:00:00 GMT"])
def test_a_date_that_is_none_tells_no_time(date):
    assert time_of(date) is None


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
    assert set(found) == {"Slack token", "Slack scopes", "channel"}, "one cause is told once"


NOT_IN = FakeChannel(id="C0000001", name="alerts", member=False)


async def test_where_the_check_has_failed_no_message_is_tried():
    async with FakeSlack(channels=(NOT_IN,)) as slack, sending(slack) as sender:
        found = [*await sender.check(ALERTS), await sender.try_out(ALERTS)]
        assert not any(call.method.startswith("chat.") for call in slack.calls)
    assert (found[-1].detail, found[-1].remedy) == ("not tried: see above", "")
    assert sum("/invite" in finding.detail + finding.remedy for finding in found) == 1


async def test_a_channel_that_was_mended_is_tried_again(slack):
    async with sending(slack) as sender:
        slack.fail("conversations.info", error("channel_not_found"))
        assert "fail" in {finding.state for finding in await sender.check(ALERTS)}
        assert "fail" not in {finding.state for finding in await sender.check(ALERTS)}
        assert (await sender.try_out(ALERTS)).state == "ok"


async def test_a_missing_scope_is_told_once_and_alerts_that_arrive_are_tried():
    async with FakeSlack(scopes=frozenset({"chat:write"})) as slack, sending(slack) as sender:
        found = [*await sender.check(ALERTS), await sender.try_out(ALERTS)]
    assert [finding.state for finding in found] == ["ok", "warn", "warn", "ok"]
    assert sum("manifest" in finding.detail + finding.remedy for finding in found) == 1
    assert found[2].remedy == "see Slack scopes above"


async def test_a_history_without_its_scope_points_to_the_scopes():
    scopes = frozenset(SCOPES) - {"channels:history"}
    async with FakeSlack(scopes=scopes) as slack, sending(slack) as sender:
        found = by_name(await sender.check(ALERTS))["protection against duplicates"]
    assert found.detail.startswith("none")
    assert found.remedy == "see Slack scopes above"


@pytest.mark.parametrize("where", ["auth.test", "conversations.list", "chat.postMessage"])
async def test_a_server_that_cannot_be_reached_is_a_finding_of_its_own(slack, where):
    async with sending(slack, deadline=0.5) as sender:
        slack.fail(where, hang())
        found = [*await sender.check(ALERTS), await sender.try_out(ALERTS)]
    (server,) = [finding for finding in found if finding.name == "Slack server"]
    assert (server.state, server.detail) == ("fail", f"Slack did not answer in time (0.5 s); tried {slack.url}")


@pytest.mark.parametrize(
    ("url", "detail"),
    [
        ("http://127.0.0.1:1/api/", "Slack cannot be reached (connection refused at 127.0.0.1:1)"),
        ("http://slack.invalid/api/", "Slack cannot be reached (no address is known for the name slack.invalid)"),
    ],
    ids=["refused", "unknown name"],
)
async def test_a_failed_connection_is_not_blamed_on_the_token(slack, url, detail):
    async with sending(type("Nowhere", (), {"url": url, "token": slack.token})()) as sender:
        (finding,), tried = await sender.check(ALERTS), await sender.try_out(ALERTS)
    assert (finding.name, finding.detail) == ("Slack server", f"{detail}; tried {url}")
    assert finding.remedy == "check the network, proxy in [network] and base_url in [slack]"
    assert tried.detail == "not tried: see above"


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
