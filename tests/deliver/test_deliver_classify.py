import json

import aiohttp
import pytest

from bot.deliver.classify import BLIND, LIMITED, TABLE, SlackFault, classify, explain, nothing_written
from bot.deliver.transport import Way, failure_of, place
from bot.model import Gone, Held, Later, RefusedPayload, Unknown

# What the published grouping of the codes means for a message that was to be posted.
CLASSES = {
    "permanent-config": Held,
    "auth": Held,
    "payload": RefusedPayload,
    "transient": Later,
    "transient-long": Later,
}
# Where we know better: it may have succeeded; it belongs to one thread, not to the channel.
BETTER = {"fatal_error": Unknown, "restricted_action_non_threadable_channel": RefusedPayload}


def test_every_published_code_of_post_message_is_in_the_table_with_its_class(corpora):
    published = json.loads((corpora / "slack" / "errors_chat_postMessage.json").read_text("utf-8"))
    assert len(published["errors"]) > 25
    for code, row in published["errors"].items():
        assert code in TABLE, code
        assert type(classify(SlackFault(code), "post")) is BETTER.get(code, CLASSES[row["class"]]), code
    for code in published["seen_elsewhere"]:
        assert code in TABLE, code


FATES = {"gone": Gone, "later": Later, "payload": RefusedPayload, "held": Held, "unknown": Unknown}


@pytest.mark.parametrize("op", ["post", "reply", "update"])
@pytest.mark.parametrize("code", TABLE)
def test_every_row_gives_its_outcome_with_a_reason(code, op):
    outcome = classify(SlackFault(code), op)
    expected = FATES[TABLE[code].fate]
    if op == "update" and expected is Unknown:
        expected = Later
    if op == "post" and expected is Gone:  # it belongs to no other
        expected = RefusedPayload
    assert type(outcome) is expected
    assert (code in outcome.reason) == ("." not in code and code not in LIMITED), "our own codes are no words"
    assert len(outcome.reason) > len(code) + 10


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        ("ratelimited", "later"),
        ("msg_too_long", "payload"),
        ("msg_blocks_too_long", "payload"),
        ("invalid_blocks", "payload"),
        ("not_in_channel", "held"),
        ("invalid_auth", "held"),
        ("internal_error", "unknown"),
        ("fatal_error", "unknown"),
        ("service_unavailable", "unknown"),
        ("wait.deadline", "unknown"),
        ("wait.lost", "unknown"),
        ("http.status", "unknown"),
        ("http.not_json", "unknown"),
        ("connect.failed", "later"),
        ("connect.timeout", "later"),
    ],
)
def test_the_fates_that_the_promise_rests_on(code, fate):
    assert TABLE[code].fate == fate


def test_a_code_nobody_knows_is_ambiguous():
    assert isinstance(classify(SlackFault("brand_new_error"), "post"), Unknown)
    assert isinstance(classify(SlackFault("brand_new_error"), "reply"), Unknown)
    assert "brand_new_error" in explain(SlackFault("brand_new_error"))


INTO_THE_VARIABLE = "put the bot token (xoxb-…) into the environment variable MY_TOKEN, or name a file with token_file"
ADD_SCOPES = "add those of deploy/slack/manifest.yaml and install it again"
REASONS = {
    "a pause": (SlackFault("ratelimited", retry_after=599.2), "post", "Slack asks for a pause of 600 s"),
    "a pause of unknown length": (SlackFault("http.429"), "post", "Slack asks for a pause of 30 s"),
    "no connection": (
        SlackFault("connect.failed", "connection refused at 127.0.0.1:4778"),
        "post",
        "Slack cannot be reached (connection refused at 127.0.0.1:4778); the next try comes by itself",
    ),
    "a workspace on the move": (
        SlackFault("org_login_required"),
        "post",
        "the workspace is being moved to an organization (org_login_required); the next try is in 600 s",
    ),
    "no answer": (
        SlackFault("wait.deadline", "30 s"),
        "reply",
        "Slack did not answer in time (30 s); whether the message arrived is looked up before it is sent again",
    ),
    "no answer to a change": (
        SlackFault("wait.deadline", "30 s"),
        "update",
        "Slack did not answer in time (30 s); the next try comes by itself",
    ),
    "no token": (
        SlackFault("token.missing", "MY_TOKEN"),
        "post",
        "no Slack token: " + INTO_THE_VARIABLE,
    ),
    "a scope": (
        SlackFault("missing_scope", "needed: chat:write"),
        "post",
        "the app lacks a scope (missing_scope, needed: chat:write): " + ADD_SCOPES,
    ),
}


@pytest.mark.parametrize(("fault", "op", "reason"), REASONS.values(), ids=REASONS.keys())
def test_reasons_say_what_happened_and_when_it_goes_on(fault, op, reason):
    assert classify(fault, op).reason == reason


def test_a_pause_before_the_channel_is_found_says_how_long():
    assert nothing_written(SlackFault("ratelimited", retry_after=7)) == Later(
        reason="Slack asks for a pause of 7 s", seconds=7
    )


def test_slacks_own_pause_wins_over_the_usual_one():
    assert classify(SlackFault("ratelimited", retry_after=17), "post").seconds == 17
    assert classify(SlackFault("team_added_to_org"), "post").seconds == 600
    assert classify(SlackFault("connect.failed"), "post").seconds is None


@pytest.mark.parametrize("code", ["internal_error", "wait.lost", "invalid_arguments", "brand_new_error"])
def test_a_fault_before_the_message_was_offered_never_means_that_it_may_be_there(code):
    assert isinstance(nothing_written(SlackFault(code)), Later)


def test_a_refused_token_holds_the_queue_even_while_the_channel_is_sought():
    assert isinstance(nothing_written(SlackFault("invalid_auth")), Held)


def test_codes_named_elsewhere_are_codes_of_the_table():
    assert TABLE.keys() >= LIMITED
    assert TABLE.keys() >= BLIND


WAY = Way(base_url="http://127.0.0.1:4778/api/", proxy="http://me:canary@proxy.example:3128", deadline=30.0)


def code_of(error):
    failure = failure_of(error, WAY)
    assert "canary" not in str(failure)
    return failure.code


def test_every_failed_connection_of_aiohttp_is_told_from_a_lost_one():
    never_written = [
        kind
        for name in aiohttp.client_exceptions.__all__
        if issubclass(kind := getattr(aiohttp, name, Exception), aiohttp.ClientConnectorError)
    ]
    assert len(never_written) >= 4
    for kind in never_written:
        assert code_of(kind.__new__(kind)).startswith("connect."), kind
    for kind in (
        aiohttp.ServerDisconnectedError,
        aiohttp.ClientOSError,
        aiohttp.ClientPayloadError,
        ConnectionResetError,
    ):
        assert code_of(kind()) == "wait.lost", kind
    assert code_of(aiohttp.SocketTimeoutError()) == "wait.deadline"
    assert code_of(aiohttp.ConnectionTimeoutError()) == "connect.timeout"
    assert code_of(aiohttp.ClientHttpProxyError(None, (), status=407)) == "connect.proxy"


PLACES = {
    "https://slack.com/api/": "slack.com:443",
    "http://me:secret@proxy.example": "proxy.example:80",
    "http://[::1]:8080/": "[::1]:8080",
    "http://x:99999999/": "an address that cannot be read",
}


@pytest.mark.parametrize(("url", "shown"), PLACES.items())
def test_an_address_is_shown_by_host_and_port_alone(url, shown):
    assert place(url) == shown
