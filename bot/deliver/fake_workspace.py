"""What the fake Slack remembers and how it answers; ``fake_slack`` puts a server and faults around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import fake_blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# The scopes that an app can be granted here.
SCOPES = ("chat:write", "channels:read", "groups:read", "channels:history", "groups:history")
BOT = "U0000BOT"
WHO = {"user": "presswatch", "user_id": BOT, "team": "Fake", "bot_id": "B0000001"}
LONGEST_TEXT = 40_000
LONGEST_UPDATE = 4000
EPOCH = 2_000_000_000


class Refusal(Exception):
    """Slack says no: ``code`` and what stands beside it in the answer."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


@dataclass(slots=True, kw_only=True)
class FakeChannel:
    """A channel of the workspace, and whether the bot is in it."""

    id: str
    name: str
    member: bool = True
    private: bool = False
    archived: bool = False

    def describe(self) -> dict[str, Any]:
        """The channel as Slack shows it to the bot."""
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": not self.private,
            "is_private": self.private,
            "is_archived": self.archived,
            "is_member": self.member,
        }


@dataclass(slots=True, kw_only=True)
class FakeMessage:
    """A message: ``data`` is what was posted."""

    channel: str
    ts: str
    data: dict[str, Any]
    user: str = BOT
    thread: str | None = None
    hidden: bool = False

    def describe(self, *, with_metadata: bool) -> dict[str, Any]:
        """The message as the history shows it."""
        shown: dict[str, Any] = {key: self.data[key] for key in ("text", "blocks") if key in self.data}
        if with_metadata and self.data.get("metadata"):
            shown["metadata"] = self.data["metadata"]
        if self.thread:
            shown["thread_ts"] = self.thread
        return {"type": "message", "user": self.user, "ts": self.ts, **shown}


@dataclass(slots=True, kw_only=True)
class FakeWorkspace:
    """Channels and messages, and the methods of the Web API as functions of their arguments."""

    channels: dict[str, FakeChannel]
    scopes: frozenset[str] = frozenset(SCOPES)
    clock: Callable[[], float] | None = None
    page: int = 1000
    messages: list[FakeMessage] = field(default_factory=list)
    _count: int = 0

    def call(self, method: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to ``method``. Raises :class:`Refusal`."""
        methods: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
            "auth.test": lambda _: {**WHO, "url": "https://fake.slack.com/"},
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "chat.delete": self._delete,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "conversations.info": lambda a: {"channel": self._readable(a, "read").describe()},
            "conversations.list": self._list,
            "conversations.members": self._members,
        }
        if method not in methods:
            raise Refusal("unknown_method", req_method=method)
        return methods[method](args)

    def say(self, channel: str, text: str, user: str = "U0000ANN", **data: object) -> str:
        """Somebody else's message; its ts."""
        message = FakeMessage(channel=channel, ts=self._ts(), user=user, data={"text": text, **data})
        self.messages.append(message)
        return message.ts

    def _ts(self) -> str:
        self._count += 1
        start = EPOCH + self._count if self.clock is None else int(self.clock())
        return f"{start}.{self._count:06d}"

    def _need(self, scope: str) -> None:
        if scope not in self.scopes:
            raise Refusal("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))

    def _find(self, wanted: object) -> FakeChannel:
        name = str(wanted or "").removeprefix("#")
        for channel in self.channels.values():
            visible = channel.member or not channel.private
            if visible and (channel.id == wanted or channel.name == name):
                return channel
        raise Refusal("channel_not_found")

    def _readable(self, args: Mapping[str, Any], what: str) -> FakeChannel:
        """The channel, by id only, if the scope for ``what`` ("read", "history") is granted."""
        channel = self._find(args.get("channel"))
        if channel.id != args.get("channel"):
            raise Refusal("channel_not_found")
        self._need(f"{'groups' if channel.private else 'channels'}:{what}")
        if what == "history" and not channel.member:
            raise Refusal("not_in_channel")
        return channel

    def _post(self, args: Mapping[str, Any]) -> dict[str, Any]:
        self._need("chat:write")
        channel = self._find(args.get("channel"))
        if channel.archived:
            raise Refusal("is_archived")
        if not channel.member:
            raise Refusal("not_in_channel")
        _check_message(args, LONGEST_TEXT)
        thread = str(args["thread_ts"]) if args.get("thread_ts") else None
        if not any(m.channel == channel.id and thread in {m.ts, m.thread} for m in self.messages):
            thread = None  # Slack says nothing of it
        message = FakeMessage(channel=channel.id, ts=self._ts(), data=dict(args), thread=thread)
        self.messages.append(message)
        return {"channel": channel.id, "ts": message.ts, "message": message.describe(with_metadata=True)}

    def _own(self, args: Mapping[str, Any], not_ours: str) -> FakeMessage:
        self._need("chat:write")
        channel = self._find(args.get("channel"))
        for message in self.messages:
            if (message.channel, message.ts) == (channel.id, args.get("ts")):
                if message.user != BOT:
                    raise Refusal(not_ours)
                return message
        raise Refusal("message_not_found")

    def _update(self, args: Mapping[str, Any]) -> dict[str, Any]:
        message = self._own(args, "cant_update_message")
        _check_message(args, LONGEST_UPDATE)
        kept: dict[str, Any] = {key: message.data[key] for key in ("metadata", "thread_ts") if key in message.data}
        message.data = {**kept, **args}
        return {"channel": message.channel, "ts": message.ts, "text": args.get("text", "")}

    def _delete(self, args: Mapping[str, Any]) -> dict[str, Any]:
        message = self._own(args, "cant_delete_message")
        self.messages.remove(message)
        return {"channel": message.channel, "ts": message.ts}

    def _history(self, args: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._readable(args, "history")
        roots = [m for m in self.messages if m.channel == channel.id and m.thread in {None, m.ts} and not m.hidden]
        return self._messages(sorted(roots, key=lambda m: m.ts, reverse=True), args)

    def _replies(self, args: Mapping[str, Any]) -> dict[str, Any]:
        channel, ts = self._readable(args, "history"), args.get("ts")
        thread = [m for m in self.messages if m.channel == channel.id and ts in {m.ts, m.thread} and not m.hidden]
        if not thread:
            raise Refusal("thread_not_found")
        return self._messages(sorted(thread, key=lambda m: m.ts), args)

    def _messages(self, messages: Sequence[FakeMessage], args: Mapping[str, Any]) -> dict[str, Any]:
        oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
        inclusive, with_metadata = _true(args.get("inclusive")), _true(args.get("include_all_metadata"))
        inside = [
            m for m in messages if oldest < float(m.ts) < latest or (inclusive and float(m.ts) in {oldest, latest})
        ]
        shown = [m.describe(with_metadata=with_metadata) for m in inside]
        page, cursor = self._page(shown, args)
        return {"messages": page, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}

    def _list(self, args: Mapping[str, Any]) -> dict[str, Any]:
        types = str(args.get("types") or "public_channel").split(",")
        shown = []
        for kind, scope, private in (("public_channel", "channels", False), ("private_channel", "groups", True)):
            if kind not in types:
                continue
            self._need(f"{scope}:read")
            shown += [c for c in self.channels.values() if c.private == private and (c.member or not private)]
        if _true(args.get("exclude_archived")):
            shown = [channel for channel in shown if not channel.archived]
        page, cursor = self._page([channel.describe() for channel in shown], args)
        return {"channels": page, "response_metadata": {"next_cursor": cursor}}

    def _members(self, args: Mapping[str, Any]) -> dict[str, Any]:
        channel = self._readable(args, "read")
        page, cursor = self._page(["U0000ANN", *([BOT] if channel.member else [])], args)
        return {"members": page, "response_metadata": {"next_cursor": cursor}}

    def _page(self, items: Sequence[Any], args: Mapping[str, Any]) -> tuple[list[Any], str]:
        """A page of ``items`` and the cursor of the next one."""
        start = int(str(args.get("cursor") or "at:0").removeprefix("at:"))
        end = start + min(int(args.get("limit") or 100), self.page)
        return list(items[start:end]), f"at:{end}" if end < len(items) else ""


def _true(value: object) -> bool:
    return value in (True, 1, "1", "true", "True")


def _check_message(args: Mapping[str, Any], longest: int) -> None:
    """Slack's rules for a message. Raises :class:`Refusal`."""
    text, blocks = args.get("text") or "", args.get("blocks")
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > longest:
        raise Refusal("msg_too_long")
    if len(args.get("attachments") or ()) > fake_blocks.MAX_ATTACHMENTS:
        raise Refusal("too_many_attachments")
    if blocks is not None:
        found = fake_blocks.faults(blocks)
        if found:
            raise Refusal("invalid_blocks", response_metadata={"messages": [f"[ERROR] {fault}" for fault in found]})
        if fake_blocks.size(blocks) > fake_blocks.MAX_TOTAL:
            raise Refusal("msg_blocks_too_long")
    metadata = args.get("metadata")
    if metadata is not None and not _well_formed(metadata):
        raise Refusal("invalid_metadata_format")


def _well_formed(metadata: object) -> bool:
    if not isinstance(metadata, dict):
        return False
    return metadata == {} or (
        isinstance(metadata.get("event_type"), str) and isinstance(metadata.get("event_payload"), dict)
    )
