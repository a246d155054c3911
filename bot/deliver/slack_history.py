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
# Of a message that says itself that it is a duplicate: it is no copy any more.
DUPLICATE = "presswatch_duplicate"
# How far our clock may be ahead of Slack's: the window begins this many seconds before the first attempt.
SKEW = 900.0

# Where messages with a uid stand: uid → (channel, ts) → the message.
Seen = dict[str, dict[tuple[str, str], "Mapping[str, Any]"]]


def metadata(uid: str, event_type: str = EVENT_TYPE) -> dict[str, Any]:
    """The metadata of a message, by which it is found again."""
    return {"event_type": event_type, "event_payload": {"uid": uid}}


def uid_of(message: Mapping[str, Any], event_type: str = EVENT_TYPE) -> str | None:
    """The uid of one of our messages, None for everybody else's."""
    data = message.get("metadata")
    if not isinstance(data, dict) or data.get("event_type") != event_type:
        return None
    payload = data.get("event_payload")
    uid = payload.get("uid") if isinstance(payload, dict) else None
    return uid if isinstance(uid, str) else None


async def look_up(api: SlackApi, channels: Channels, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:
    """Which of ``wanted`` are there, each where it stood first. Updates are left out: they can simply be sent again."""
    seen: Seen = {}
    alone: set[str] = set()
    sought = [delivery for delivery in wanted if delivery.op != "update"]
    try:
        for channel, group in (await by_channel(channels, destination, sought)).items():
            alone |= await read_channel(api, channel, group, seen)
    except SlackFault as fault:
        possible = fault.code not in BLIND
        return LookUp(found=_first(seen), possible=possible, reason=explain(fault), alone=frozenset(alone))
    twice = frozenset(uid for uid, places in seen.items() if len(places) > 1)
    return LookUp(found=_first(seen), complete=True, alone=frozenset(alone), twice=twice)


def _first(seen: Seen) -> dict[str, tuple[str, str]]:
    return {uid: min(places, key=moment) for uid, places in seen.items()}


def moment(place: tuple[str, str]) -> float:
    """When the message of (channel, ts) was posted, by Slack's clock."""
    return float(place[1])


async def by_channel(
    channels: Channels, destination: Destination, sought: Sequence[Delivery]
) -> dict[str, list[Delivery]]:
    """The channel that each is to be sought in. Raises :class:`SlackFault`."""
    groups: dict[str, list[Delivery]] = {}
    for delivery in sought:
        channel = delivery.channel_id or await channels.find(destination.target)
        if channel is None:
            raise SlackFault("channel_not_found")
        groups.setdefault(channel, []).append(delivery)
    return groups


async def read_channel(
    api: SlackApi, channel: str, group: Sequence[Delivery], seen: Seen, *, whole: bool = False
) -> set[str]:
    """Fill ``seen``; the uids of replies that were found outside of their threads. Raises :class:`SlackFault`.

    ``whole``: to the end of the window, even if each has been seen once.
    """
    roots = [delivery for delivery in group if delivery.op == "post"]
    if roots:
        await _read(api, "conversations.history", {"channel": channel}, roots, seen, whole=whole)
    threads: dict[str, list[Delivery]] = {}
    for delivery in group:
        if delivery.op == "reply" and delivery.thread_ts:
            threads.setdefault(delivery.thread_ts, []).append(delivery)
    astray: list[Delivery] = []
    for ts, replies in threads.items():
        try:
            await _read(api, "conversations.replies", {"channel": channel, "ts": ts}, replies, seen, whole=whole)
        except SlackFault as fault:
            if fault.code != "thread_not_found":
                raise
            # The thread was deleted: what came after that stands in the channel, what came before is gone with it.
            astray += replies
    if astray:
        await _read(api, "conversations.history", {"channel": channel}, astray, seen, whole=whole)
    return {reply.uid for reply in astray if reply.uid in seen}


async def _read(
    api: SlackApi, method: str, where: Mapping[str, str], sought: Sequence[Delivery], seen: Seen, *, whole: bool
) -> None:
    """Read pages until every uid was seen, or (``whole``) until the window ends."""
    args = {**where, "include_all_metadata": "true", "inclusive": "true", **_window(sought)}
    wanted = {delivery.uid for delivery in sought}
    async for messages in pages(api, method, "messages", args):
        for message in messages:
            uid, ts = uid_of(message) or (uid_of(message, DUPLICATE) if whole else None), message.get("ts")
            if uid is not None and uid in wanted and isinstance(ts, str):
                seen.setdefault(uid, {})[where["channel"], ts] = message
        if not whole and wanted <= seen.keys():
            return


def _window(sought: Sequence[Delivery]) -> dict[str, str]:
    """From the first attempt on; from the beginning where one does not know when it was."""
    starts = [delivery.first_tried_at or delivery.created_at for delivery in sought]
    known = [start.timestamp() for start in starts if start is not None]
    if len(known) < len(starts) or not known:
        return {}
    return {"oldest": f"{max(0.0, min(known) - SKEW):.6f}"}
