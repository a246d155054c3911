"""The Slack sender: posts, thread replies and changes of messages, one attempt each.

Every message carries its uid as metadata; :meth:`SlackSender.look_up` finds it again by that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.model import Delivered, Held, Later

from . import slack_check, slack_copies, slack_history
from .channels import Channels
from .classify import SlackFault, classify, nothing_written, what
from .slack_api import TOKEN_ENV, SlackApi, Wire

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from bot.model import Copies, Copy, Delivery, Destination, LookUp, Outcome, Retraction

    from .report import Finding

MAY_REPEAT = "This alert may be a repeat: Slack did not confirm an earlier attempt."
_POST_ONLY = ("unfurl_links", "unfurl_media")


async def _always(delivery: Delivery) -> bool:  # noqa: ARG001 – the default for a hook
    return True


class SlackSender:
    """Sends to every Slack destination of one workspace.

    ``destinations`` are the configured ones, by id or as a list; those of other kinds are passed over.
    ``token_env`` is the variable that messages name where there is no token.
    ``still_mine`` is asked just before a message is written, after any waiting: False means another worker
    has taken the row over.
    """

    def __init__(
        self,
        token: str | None,
        destinations: Mapping[str, Destination] | Iterable[Destination],
        *,
        base_url: str | None = None,
        token_env: str = TOKEN_ENV,
        wire: Wire | None = None,
        still_mine: Callable[[Delivery], Awaitable[bool]] = _always,
    ) -> None:
        listed = destinations.values() if isinstance(destinations, Mapping) else destinations
        self._destinations: dict[str, Destination] = {d.id: d for d in listed if d.kind == "slack"}
        self._api = SlackApi(token, base_url=base_url, wire=wire or Wire(), token_env=token_env)
        self._channels = Channels(self._api)
        self._still_mine = still_mine
        self._faulty: set[str] = set()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._api.aclose()

    async def send(self, delivery: Delivery) -> Outcome:
        """Try once. Never raises for anything Slack or the network does."""
        destination = self._destinations.get(delivery.destination)
        if destination is None:
            return Held(
                reason=f"there is no Slack destination “{delivery.destination}” in the configuration:"
                " configure it again under this id"
            )
        try:
            channel = delivery.channel_id or await self._channels.address(destination.target)
        except SlackFault as fault:
            return nothing_written(fault)
        try:
            return await self._write(delivery, channel)
        except SlackFault as fault:
            if fault.code == "channel_not_found":
                self._channels.forget(destination.target)
            return classify(fault, delivery.op)

    async def look_up(self, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:
        """Which of ``wanted`` stand in the channel, read from its history by their uids."""
        return await slack_history.look_up(self._api, self._channels, destination, wanted)

    async def find_copies(self, destination: Destination, wanted: Sequence[Delivery]) -> Copies:
        """Where each of ``wanted`` stands, more than once if so."""
        return await slack_copies.find_copies(self._api, self._channels, destination, wanted)

    async def retract(self, copy: Copy, first: Copy) -> Retraction:
        """Remove a second copy, or say in it that it is one; ``first`` is the message that stays."""
        return await slack_copies.retract(self._api, copy, first)

    async def check(self, destination: Destination) -> tuple[Finding, ...]:
        """Token, scopes, channel and protection against duplicates, each with its remedy; writes nothing."""
        found = await slack_check.check(self._api, self._channels, destination)
        failed = any(finding.state == "fail" for finding in found)
        (self._faulty.add if failed else self._faulty.discard)(destination.id)
        return found

    async def try_out(self, destination: Destination) -> Finding:
        """Post a test message and remove it again; not where :meth:`check` has just told why it would fail."""
        if destination.id in self._faulty:
            return slack_check.not_tried(destination)
        return await slack_check.try_out(self._api, self._channels, destination)

    async def _write(self, delivery: Delivery, channel: str) -> Outcome:
        method, args = _request(delivery, channel)
        wait = await self._api.pace.turn(method, channel, longest=self._api.wire.longest_wait)
        if wait:
            return Later(reason=self._why_wait(method, wait), seconds=wait)
        if not await self._still_mine(delivery):
            return Later(reason="another worker has taken this message over")
        answer = await self._api.call(method, args)
        ts, channel_id = answer.get("ts"), answer.get("channel")
        if not isinstance(ts, str) or not ts:
            return classify(SlackFault("http.no_ts"), delivery.op)
        channel_id = channel_id if isinstance(channel_id, str) else channel
        return Delivered(channel_id=channel_id, ts=ts, alone=delivery.op == "reply" and _stands_alone(answer))

    def _why_wait(self, method: str, wait: float) -> str:
        if self._api.pace.paused(method):
            return what(SlackFault("ratelimited", retry_after=wait))
        return f"Slack takes about one message a second: the next one goes out in {math.ceil(wait)} s"


def _stands_alone(answer: Mapping[str, Any]) -> bool:
    """Whether a reply has become a message of the channel.

    Slack puts it there, without a word, where the thread's first message was deleted
    (https://github.com/slack-go/slack/issues/1571): its answer then names no thread.
    """
    message = answer.get("message")
    return isinstance(message, dict) and not message.get("thread_ts")


def _request(delivery: Delivery, channel: str) -> tuple[str, dict[str, Any]]:
    """The method and its arguments. Raises :class:`SlackFault` for a reply or update without its message."""
    shape = "minimal" if delivery.minimal_only else "full"
    message = dict(delivery.payload[shape])
    if delivery.may_repeat:
        message = _marked(message)
    if delivery.op == "update":
        if not delivery.ts:
            raise SlackFault("reply.rootless")
        # Slack keeps a message's metadata, and so its uid, when an update does not mention it.
        kept = {key: value for key, value in message.items() if key not in _POST_ONLY}
        return "chat.update", {"channel": channel, "ts": delivery.ts, **kept}
    args = {"channel": channel, **message, "metadata": slack_history.metadata(delivery.uid)}
    if delivery.op == "reply":
        if not delivery.thread_ts:
            raise SlackFault("reply.rootless")
        args["thread_ts"] = delivery.thread_ts
    return "chat.postMessage", args


def _marked(message: dict[str, Any]) -> dict[str, Any]:
    """The message with a note that the reader may have seen it."""
    marked = {**message, "text": f"{message.get('text', '')}\n{MAY_REPEAT}"}
    if "blocks" in message:
        note = {"type": "context", "elements": [{"type": "mrkdwn", "text": f"_{MAY_REPEAT}_"}]}
        marked["blocks"] = [*message["blocks"], note]
    return marked
