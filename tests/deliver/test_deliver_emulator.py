"""The sender against a Slack that we did not write."""

from dataclasses import replace
from datetime import UTC, datetime

import emulator
import pytest
from slack_helpers import make_delivery

from bot.alerts.compose import compose
from bot.alerts.compose_group import MOST, compose_group
from bot.deliver.pace import Pace
from bot.deliver.slack import SlackSender
from bot.deliver.slack_api import Wire
from bot.model import AlertContent, Delivered, Destination, Held, Marked, Outlet, Removed, Sentence, Why

pytestmark = pytest.mark.server

GENERAL = Destination(id="desk", kind="slack", target="#general")
CONTENT = AlertContent(
    kind="first",
    article=1,
    story=1,
    headline="Agency widens <export> controls & more",
    title_derived=False,
    url="https://example.org/news?a=1&b=2",
    source="Example Gazette",
    tier="outlet",
    published_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    severity="high",
    why=(
        Why(
            rule="export-controls", title="Export controls", theme="trade", severity="high", terms=("export controls",)
        ),
    ),
    sentences=(Sentence(field="body", start=0, end=25, text="New export controls apply", spans=((4, 19),)),),
    copies=(Outlet(source="b", name="Second Paper", url="https://example.com/x"),),
)


@pytest.fixture(scope="module")
def base_url():
    with emulator.emulator() as url:
        yield url


@pytest.fixture
async def sender(base_url):
    made = SlackSender("xoxb-emulated", [GENERAL], base_url=base_url, wire=Wire(pace=Pace(scale=0)))
    yield made
    await made.aclose()


async def test_post_reply_update_and_look_up(sender):
    now = datetime.now(UTC)
    payload = compose(CONTENT, "slack")
    root = await sender.send(make_delivery(uid="root", payload=payload, first_tried_at=now))
    assert isinstance(root, Delivered)
    place = {"channel_id": root.channel_id}
    replied = make_delivery("reply", uid="reply", payload=payload, thread_ts=root.ts, first_tried_at=now, **place)
    reply = await sender.send(replied)
    assert isinstance(reply, Delivered)
    assert not reply.alone
    assert await sender.send(make_delivery("update", uid="root", payload=payload, ts=root.ts, **place)) == root
    wanted = [make_delivery(uid="root", first_tried_at=now), make_delivery(uid="gone", first_tried_at=now), replied]
    seen = await sender.look_up(GENERAL, wanted)
    assert seen.complete
    assert seen.found == {"root": (root.channel_id, root.ts), "reply": (reply.channel_id, reply.ts)}


async def test_a_group_is_taken_and_found_again(sender):
    contents = [replace(CONTENT, headline=f"{number}: {CONTENT.headline}") for number in range(60)]
    payload, shown = compose_group(contents, "slack")
    assert shown == MOST
    group = make_delivery(uid="group", payload=payload, first_tried_at=datetime.now(UTC))
    sent = await sender.send(group)
    assert isinstance(sent, Delivered)
    assert (await sender.look_up(GENERAL, [group])).found == {"group": (sent.channel_id, sent.ts)}


async def test_check_and_try_out(sender):
    findings = await sender.check(GENERAL)
    assert {finding.state for finding in findings} == {"ok"}
    assert (await sender.try_out(GENERAL)).state == "ok"


async def test_a_channel_that_is_not_there(base_url):
    nowhere = Destination(id="desk", kind="slack", target="#nowhere")
    made = SlackSender("xoxb-emulated", [nowhere], base_url=base_url)
    outcome = await made.send(make_delivery())
    await made.aclose()
    assert isinstance(outcome, Held)


async def test_a_second_copy_is_found_and_removed_or_marked_where_somebody_replied(sender):
    now = datetime.now(UTC)
    payload = compose(CONTENT, "slack")
    for uid in ("twice", "answered"):
        delivery = make_delivery(uid=uid, payload=payload, first_tried_at=now)
        sent = [await sender.send(delivery) for _ in range(2)]
        if uid == "answered":
            place = {"channel_id": sent[1].channel_id, "thread_ts": sent[1].ts}
            await sender.send(make_delivery("reply", uid="reply", payload=payload, first_tried_at=now, **place))
        found = await sender.find_copies(GENERAL, [delivery])
        assert found.complete
        first, second = found.found[uid]
        assert (first.ts, second.ts) == (sent[0].ts, sent[1].ts)
        assert await sender.retract(second, first) == (Removed() if uid == "twice" else Marked())
        again = await sender.find_copies(GENERAL, [delivery])
        assert again.found[uid] == (first,)
        assert len(again.marked) == (uid == "answered")
