import json
import urllib.request

import aiohttp
import pytest

from bot.deliver import fake_blocks
from bot.deliver.fake_slack import FakeChannel, FakeSlack, in_thread, limited, reset


async def call(slack, method, *, form=None, token=None, **args):
    headers = {"Authorization": f"Bearer {token or slack.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        body = {"data": form} if form is not None else {"json": args}
        async with session.post(slack.url + method, **body) as response:
            return await response.json()


def boundaries(corpora):
    rows = [json.loads(row) for row in (corpora / "slack" / "boundaries.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) > 15
    return rows


def as_message(body):
    """A row of the boundaries is a block, an element of an actions block, or a whole message."""
    if "type" not in body:
        return body
    loose = {"button", "overflow", "static_select"}
    return {"blocks": [{"type": "actions", "elements": [body]} if body["type"] in loose else body]}


async def test_limits_are_slacks(corpora, slack):
    for row in boundaries(corpora):
        for side, ok in (("at", True), ("over", False)):
            answer = await call(slack, "chat.postMessage", channel="alerts", text="x", **as_message(row[side]))
            assert answer["ok"] is ok, (row["name"], side, answer)


BROKEN = {
    "no list": {"type": "section"},
    "no object": ["text"],
    "unknown type": [{"type": "fancy"}],
    "empty section": [{"type": "section"}],
    "empty text": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
    "no text object": [{"type": "section", "text": {"text": "x"}}],
    "bare text": [{"type": "section", "text": "x"}],
    "empty context": [{"type": "context", "elements": []}],
    "51 blocks": [{"type": "divider"}] * 51,
}


@pytest.mark.parametrize("blocks", BROKEN.values(), ids=BROKEN.keys())
async def test_broken_blocks_are_refused_with_their_place(slack, blocks):
    answer = await call(slack, "chat.postMessage", channel="alerts", text="x", blocks=blocks)
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"]


async def test_blocks_have_a_limit_taken_together(slack):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2700}}] * 5
    assert fake_blocks.faults(blocks) == []
    answer = await call(slack, "chat.postMessage", channel="alerts", text="x", blocks=blocks)
    assert answer["error"] == "msg_blocks_too_long"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"channel": "alerts"}, "no_text"),
        ({"channel": "alerts", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "nowhere", "text": "x"}, "channel_not_found"),
        ({"text": "x"}, "channel_not_found"),
        ({"channel": "attic", "text": "x"}, "is_archived"),
        ({"channel": "foreign", "text": "x"}, "not_in_channel"),
        ({"channel": "secret", "text": "x"}, "channel_not_found"),
        ({"channel": "alerts", "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"channel": "alerts", "text": "x", "metadata": "x"}, "invalid_metadata_format"),
    ],
)
async def test_posts_that_slack_refuses(args, code):
    channels = (
        FakeChannel(id="C0000001", name="alerts"),
        FakeChannel(id="C0000002", name="attic", archived=True),
        FakeChannel(id="C0000003", name="foreign", member=False),
        FakeChannel(id="G0000004", name="secret", member=False, private=True),
    )
    async with FakeSlack(channels=channels) as slack:
        assert (await call(slack, "chat.postMessage", **args))["error"] == code
        assert slack.workspace.messages == []


async def test_metadata_shows_only_when_asked_for(slack):
    metadata = {"event_type": "presswatch_alert", "event_payload": {"uid": "a"}}
    await call(slack, "chat.postMessage", channel="alerts", text="x", metadata=metadata)
    plain = await call(slack, "conversations.history", form={"channel": "C0000001"})
    asked = await call(slack, "conversations.history", form={"channel": "C0000001", "include_all_metadata": "true"})
    assert "metadata" not in plain["messages"][0]
    assert asked["messages"][0]["metadata"] == metadata


async def test_history_is_newest_first_without_replies_and_threads_oldest_first(slack):
    first = (await call(slack, "chat.postMessage", channel="alerts", text="1"))["ts"]
    await call(slack, "chat.postMessage", channel="alerts", text="2")
    await call(slack, "chat.postMessage", channel="alerts", text="1.1", thread_ts=first)
    history = await call(slack, "conversations.history", form={"channel": "C0000001"})
    thread = await call(slack, "conversations.replies", form={"channel": "C0000001", "ts": first})
    assert [message["text"] for message in history["messages"]] == ["2", "1"]
    assert [message["text"] for message in thread["messages"]] == ["1", "1.1"]


@pytest.mark.parametrize(
    ("window", "texts"),
    [
        ({}, "321"),
        ({"oldest": 1}, "32"),
        ({"latest": 3}, "21"),
        ({"oldest": 1, "latest": 3, "inclusive": "true"}, "321"),
    ],
)
async def test_history_keeps_to_its_window(window, texts):
    ticks = iter([100, 200, 300])
    async with FakeSlack(clock=lambda: next(ticks)) as slack:
        stamps = [(await call(slack, "chat.postMessage", channel="alerts", text=f"{n}"))["ts"] for n in (1, 2, 3)]
        bounds = {name: stamps[at - 1] if name != "inclusive" else at for name, at in window.items()}
        answer = await call(slack, "conversations.history", form={"channel": "C0000001", **bounds})
    assert "".join(message["text"] for message in answer["messages"]) == texts


async def test_pages_join_to_the_whole_history(slack):
    for number in range(7):
        slack.workspace.say("C0000001", str(number))
    seen, cursor = [], ""
    while True:
        form = {"channel": "C0000001", "limit": 3, **({"cursor": cursor} if cursor else {})}
        answer = await call(slack, "conversations.history", form=form)
        seen += [message["text"] for message in answer["messages"]]
        cursor = answer["response_metadata"]["next_cursor"]
        assert answer["has_more"] is bool(cursor)
        if not cursor:
            break
    assert seen == list("6543210")


@pytest.mark.parametrize("method", ["chat.update", "chat.delete"])
async def test_only_the_bots_own_messages_can_be_changed(slack, method):
    theirs = slack.workspace.say("C0000001", "hands off")
    answer = await call(slack, method, channel="C0000001", ts=theirs, text="mine")
    assert answer["error"] in {"cant_update_message", "cant_delete_message"}
    assert (await call(slack, method, channel="C0000001", ts="9.9", text="x"))["error"] == "message_not_found"


async def test_an_update_is_shorter_than_a_post_may_be(slack):
    ts = (await call(slack, "chat.postMessage", channel="alerts", text="x"))["ts"]
    assert (await call(slack, "chat.update", channel="C0000001", ts=ts, text="x" * 4001))["error"] == "msg_too_long"


@pytest.mark.parametrize(
    ("method", "scope"),
    [
        ("chat.postMessage", "chat:write"),
        ("conversations.info", "channels:read"),
        ("conversations.members", "channels:read"),
        ("conversations.list", "channels:read"),
        ("conversations.history", "channels:history"),
        ("conversations.replies", "channels:history"),
    ],
)
async def test_scopes_are_needed_and_named(method, scope):
    async with FakeSlack(scopes=frozenset({"groups:read"})) as slack:
        answer = await call(slack, method, form={"channel": "C0000001", "text": "x", "ts": "1.0"})
    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)


async def test_tokens_are_checked(slack):
    assert (await call(slack, "auth.test", token="xoxb-other"))["error"] == "invalid_auth"
    assert (await call(slack, "no.such.method"))["error"] == "unknown_method"


async def test_faults_queue_up_and_can_wait(slack):
    slack.fail("auth.test", limited(9), after=1)
    slack.fail("auth.test", reset())
    assert (await call(slack, "auth.test"))["ok"]
    assert (await call(slack, "auth.test"))["error"] == "ratelimited"
    with pytest.raises(aiohttp.ClientError):
        await call(slack, "auth.test")
    assert (await call(slack, "auth.test"))["ok"]


async def test_messages_outlive_a_restart_on_the_same_port(slack):
    port = slack.port
    await call(slack, "chat.postMessage", channel="alerts", text="x")
    await slack.stop()
    await slack.start()
    assert (slack.port, slack.texts()) == (port, ["x"])
    assert (await call(slack, "auth.test"))["ok"]


def test_it_runs_in_a_thread_for_tests_that_block():
    with in_thread(FakeSlack()) as slack:
        request = urllib.request.Request(slack.url + "auth.test", headers={"Authorization": f"Bearer {slack.token}"})
        with urllib.request.urlopen(request, timeout=5) as response:
            assert json.load(response)["ok"]
