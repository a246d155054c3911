"""Deliveries and senders for the tests of the Slack sender."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.deliver.pace import Pace
from bot.deliver.slack import SlackSender
from bot.deliver.slack_api import Wire
from bot.model import Delivery, Destination

ALERTS = Destination(id="desk", kind="slack", target="#alerts")
MESSAGE = {"text": "US adds 27 firms to list", "unfurl_links": False, "unfurl_media": False, "parse": "none"}
BLOCKS = [{"type": "section", "text": {"type": "mrkdwn", "text": "*US adds 27 firms to list*"}}]
TRIED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_delivery(op="post", **changes):
    values = {
        "id": 1,
        "uid": "uid-1",
        "destination": "desk",
        "op": op,
        "payload": {"full": {**MESSAGE, "blocks": BLOCKS}, "minimal": {"text": "minimal"}},
        "first_tried_at": TRIED,
    }
    if op == "reply":
        values |= {"channel_id": "C0000001", "thread_ts": "1.000001"}
    if op == "update":
        values |= {"channel_id": "C0000001", "ts": "1.000001"}
    return Delivery(**{**values, **changes})


@asynccontextmanager
async def sending(slack, *, destinations=(ALERTS,), token="", pace=None, **options):
    """A sender for the fake, unpaced unless a pace is given."""
    still_mine = {"still_mine": options.pop("still_mine")} if "still_mine" in options else {}
    wire = Wire(pace=pace or Pace(scale=0), **{"deadline": 5.0, **options})
    sender = SlackSender(token or slack.token, destinations, base_url=slack.url, wire=wire, **still_mine)
    try:
        yield sender
    finally:
        await sender.aclose()
