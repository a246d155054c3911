"""Second copies: which messages stand in a channel more than once, and how the later ones are taken back.

A request that outlives lease and ``settle``, or that Slack shows later than that, arrives behind the look-up that said
"not there". Of the messages with one uid the earliest counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model import Copies, Copy, Gone, Held, Later, Marked, RefusedPayload, Removed

from .classify import BLIND, SlackFault, classify, explain, what
from .slack_history import DUPLICATE, Seen, by_channel, metadata, moment, read_channel, uid_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Delivery, Destination, Retraction

    from .channels import Channels
    from .slack_api import SlackApi

SAYS = "Duplicate: this message stands here already"
STAYS = "What was written in this thread stays."


async def find_copies(
    api: SlackApi, channels: Channels, destination: Destination, wanted: Sequence[Delivery]
) -> Copies:
    """Every message of ours with one of these uids; the windows are read to their ends.

    What somebody else has posted with a uid of ours is no copy; who we are is asked only where there is more than one.
    """
    seen: Seen = {}
    try:
        for channel, group in (await by_channel(channels, destination, wanted)).items():
            await read_channel(api, channel, group, seen, whole=True)
        several = any(len(places) > 1 for places in seen.values())
        who = await api.call("auth.test", {}) if several else None
    except SlackFault as fault:
        return Copies(possible=fault.code not in BLIND, reason=explain(fault))
    marked = {place for places in seen.values() for place, message in places.items() if uid_of(message, DUPLICATE)}
    found = {uid: _copies(uid, places, who) for uid, places in seen.items()}
    return Copies(found=found, marked=frozenset(marked), complete=True)


def _copies(
    uid: str, places: Mapping[tuple[str, str], Mapping[str, Any]], who: Mapping[str, Any] | None
) -> tuple[Copy, ...]:
    ours = {
        place: message
        for place, message in places.items()
        if uid_of(message) and (who is None or len(places) == 1 or _is_ours(message, who))
    }
    return tuple(
        Copy(uid=uid, channel_id=channel, ts=ts, thread_ts=_thread(ours[channel, ts]))
        for channel, ts in sorted(ours, key=moment)
    )


def _is_ours(message: Mapping[str, Any], who: Mapping[str, Any]) -> bool:
    pairs = ((message.get("user"), who.get("user_id")), (message.get("bot_id"), who.get("bot_id")))
    return any(theirs and theirs == ours for theirs, ours in pairs)


def _thread(message: Mapping[str, Any]) -> str | None:
    """The thread that a reply stands in; the first message of a thread names itself."""
    ts = message.get("thread_ts")
    return ts if isinstance(ts, str) and ts and ts != message.get("ts") else None


async def retract(api: SlackApi, copy: Copy, first: Copy) -> Retraction:
    """Remove a copy, or mark it where somebody has replied to it or it cannot be removed; ``first`` is what stays.

    Doing it again does no harm. Never raises for anything that Slack or the network does.
    """
    if copy.thread_ts is None:
        try:
            replied = await _replied(api, copy)
        except SlackFault as fault:
            return _outcome(fault)
        if replied:
            return await _mark(api, copy, first)
    outcome = await _write(api, "chat.delete", copy, {})
    if isinstance(outcome, RefusedPayload):
        marked = await _mark(api, copy, first)
        return outcome if isinstance(marked, RefusedPayload) else marked
    return outcome or Removed()


async def _replied(api: SlackApi, copy: Copy) -> bool:
    """Whether it has replies, asked at the last moment. Where threads may not be read it may have some."""
    try:
        answer = await api.call("conversations.replies", {"channel": copy.channel_id, "ts": copy.ts, "limit": 2})
    except SlackFault as fault:
        if fault.code in BLIND:
            return True
        raise
    messages = answer.get("messages")
    return isinstance(messages, list) and any(isinstance(m, dict) and m.get("ts") != copy.ts for m in messages)


async def _mark(api: SlackApi, copy: Copy, first: Copy) -> Retraction:
    try:
        link = _permalink(await api.call("auth.test", {}), first)
    except SlackFault as fault:
        return _outcome(fault)
    shown = f"<{link}|{SAYS}>" if link else SAYS
    note = {"type": "context", "elements": [{"type": "mrkdwn", "text": f"_{shown}._ {STAYS}"}]}
    text = f"{SAYS}: {link}" if link else SAYS
    message = {"text": text, "blocks": [note], "metadata": metadata(copy.uid, DUPLICATE)}
    return await _write(api, "chat.update", copy, message) or Marked()


def _permalink(who: Mapping[str, Any], first: Copy) -> str | None:
    """Where people find a message; None where Slack does not tell the workspace's address."""
    base = who.get("url")
    if not isinstance(base, str) or not base.startswith("https://") or any(sign in base for sign in "<>| "):
        return None
    link = f"{base.rstrip('/')}/archives/{first.channel_id}/p{first.ts.replace('.', '')}"
    return f"{link}?thread_ts={first.thread_ts}&amp;cid={first.channel_id}" if first.thread_ts else link


async def _write(
    api: SlackApi, method: str, copy: Copy, more: Mapping[str, Any]
) -> Removed | Later | Held | RefusedPayload | None:
    """Change or remove a copy; None if that is done, Removed if it was gone already."""
    wait = await api.pace.turn(method, copy.channel_id, longest=api.wire.longest_wait)
    if wait:
        return Later(reason=what(SlackFault("ratelimited", retry_after=wait)), seconds=wait)
    try:
        await api.call(method, {"channel": copy.channel_id, "ts": copy.ts, **more})
    except SlackFault as fault:
        return _outcome(fault)
    return None


def _outcome(fault: SlackFault) -> Removed | Later | Held | RefusedPayload:
    """What a fault means for the copy; what is in doubt is done again, for it can be."""
    outcome = classify(fault, "update")
    if isinstance(outcome, Gone):
        return Removed()
    if isinstance(outcome, Later | Held | RefusedPayload):
        return outcome
    return Later(reason=explain(fault))
