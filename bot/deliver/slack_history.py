"""Did it arrive? Reads a channel's history for the uids that our messages carry as metadata.

One reading settles all unknown messages of a channel: the roots from conversations.history, the replies
from conversations.replies of their threads. An answer "not there" counts only if the whole window was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model import LookUp

from .channels import pages
from .classify import BLIND, SlackFault, explain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Delivery, Destination

    from .channels import Channels
    from .slack_api import SlackApi

EVENT_TYPE = "presswatch_alert"
# How far our clock may be ahead of Slack's: the window begins this many seconds before the first attempt.
SKEW = 900.0

Found = dict[str, tuple[str, str]]


def metadata(uid: str) -> dict[str, Any]:
    """The metadata of a message, by which it is found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"uid": uid}}


def uid_of(message: Mapping[str, Any]) -> str | None:
    """The uid of one of our messages, None for everybody else's."""
    data = message.get("metadata")
    if not isinstance(data, dict) or data.get("event_type") != EVENT_TYPE:
        return None
    payload = data.get("event_payload")
    uid = payload.get("uid") if isinstance(payload, dict) else None
    return uid if isinstance(uid, str) else None


async def look_up(api: SlackApi, channels: Channels, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:
    """Which of ``wanted`` are there. Updates are left out: they can simply be sent again."""
    found: Found = {}
    alone: set[str] = set()
    sought = [delivery for delivery in wanted if delivery.op != "update"]
    try:
        for channel, group in (await _by_channel(channels, destination, sought)).items():
            alone |= await _read_channel(api, channel, group, found)
    except SlackFault as fault:
        return LookUp(found=found, possible=fault.code not in BLIND, reason=explain(fault), alone=frozenset(alone))
    return LookUp(found=found, complete=True, alone=frozenset(alone))


async def _by_channel(
    channels: Channels, destination: Destination, sought: Sequence[Delivery]
) -> dict[str, list[Delivery]]:
    groups: dict[str, list[Delivery]] = {}
    for delivery in sought:
        channel = delivery.channel_id or await channels.find(destination.target)
        if channel is None:
            raise SlackFault("channel_not_found")
        groups.setdefault(channel, []).append(delivery)
    return groups


async def _read_channel(api: SlackApi, channel: str, group: Sequence[Delivery], found: Found) -> set[str]:
    """Fill ``found``; the uids of replies that were found outside of their threads."""
    roots = [delivery for delivery in group if delivery.op == "post"]
    if roots:
        await _read(api, "conversations.history", {"channel": channel}, roots, found)
    threads: dict[str, list[Delivery]] = {}
    for delivery in group:
        if delivery.op == "reply" and delivery.thread_ts:
            threads.setdefault(delivery.thread_ts, []).append(delivery)
    astray: list[Delivery] = []
    for ts, replies in threads.items():
        try:
            await _read(api, "conversations.replies", {"channel": channel, "ts": ts}, replies, found)
        except SlackFault as fault:
            if fault.code != "thread_not_found":
                raise
            # The thread was deleted: what came after that stands in the channel, what came before is gone with it.
            astray += replies
    if astray:
        await _read(api, "conversations.history", {"channel": channel}, astray, found)
    return {reply.uid for reply in astray if reply.uid in found}


async def _read(api: SlackApi, method: str, where: Mapping[str, str], sought: Sequence[Delivery], found: Found) -> None:
    """Read pages until every uid is found or the window ends; of two messages with one uid the earlier counts."""
    args = {**where, "include_all_metadata": "true", "inclusive": "true", **_window(sought)}
    wanted = {delivery.uid for delivery in sought}
    async for messages in pages(api, method, "messages", args):
        for message in messages:
            uid, ts = uid_of(message), message.get("ts")
            if uid in wanted and isinstance(ts, str) and (uid not in found or float(ts) < float(found[uid][1])):
                found[uid] = (where["channel"], ts)
        if wanted <= found.keys():
            return


def _window(sought: Sequence[Delivery]) -> dict[str, str]:
    """From the first attempt on; from the beginning where one does not know when it was."""
    starts = [delivery.first_tried_at or delivery.created_at for delivery in sought]
    known = [start.timestamp() for start in starts if start is not None]
    if len(known) < len(starts) or not known:
        return {}
    return {"oldest": f"{max(0.0, min(known) - SKEW):.6f}"}
