"""Is Slack set up as it should be? Asks without writing; ``try_out`` writes one message and removes it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal

from .classify import LIMITED, TABLE, SlackFault, explain, remedy_of, what
from .report import Finding

if TYPE_CHECKING:
    from bot.model import Destination

    from .channels import Channels
    from .slack_api import SlackApi

# Every scope that is used, with what it is for; deploy/slack/manifest.yaml lists the same ones.
SCOPES = {
    "chat:write": "post alerts",
    "channels:read": "find public channels by name",
    "groups:read": "find private channels by name",
    "channels:history": "look up, in public channels, whether an alert arrived",
    "groups:history": "look up, in private channels, whether an alert arrived",
}
# The scopes of a bot's token that each method we call takes, one for each kind of channel. Under every scope
# docs.slack.dev/reference/scopes names the methods that it opens; auth.test needs none.
METHODS = {
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.replies": ("channels:history", "groups:history"),
}
ADD_SCOPES = "add the scopes of deploy/slack/manifest.yaml to the app and install it again"
SEE_SCOPES = "see Slack scopes above"
SEE_SERVER = "check the network, proxy in [network] and base_url in [slack]"
TEST_TEXT = "Presswatch test message: alerts can be posted here. It removes itself."
# No message has this ts: asking for its thread tells whether threads may be read at all.
NO_THREAD = "0000000001.000000"


async def check(api: SlackApi, channels: Channels, destination: Destination) -> tuple[Finding, ...]:
    """The token, its scopes, the channel, and how well duplicates are prevented there."""
    try:
        who, headers = await api.call_with_headers("auth.test", {})
    except SlackFault as fault:
        return (_fail(api, "Slack token", fault),)
    bot = str(who.get("user") or "the bot")
    detail = f"accepted: {bot} in {who.get('team') or 'the workspace'}"
    token = Finding(name="Slack token", state="ok", detail=detail, told_at=time_of(headers.get("date", "")))
    scopes = _scopes(headers.get("x-oauth-scopes"))
    lacking = any(finding.state != "ok" for finding in scopes)
    return (token, *scopes, *await _channel(api, channels, destination, bot, lacking=lacking))


def time_of(date: str) -> datetime | None:
    """The moment of a Date header, None for what is none."""
    try:
        return parsedate_to_datetime(date).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None


async def try_out(api: SlackApi, channels: Channels, destination: Destination) -> Finding:
    """Post a test message to the destination's channel and remove it again."""
    name = _test_name(destination)
    try:
        channel = await channels.address(destination.target)
        posted = await api.call("chat.postMessage", {"channel": channel, "text": TEST_TEXT})
    except SlackFault as fault:
        return _fail(api, name, fault)
    try:
        await api.call("chat.delete", {"channel": posted.get("channel", channel), "ts": posted.get("ts", "")})
    except SlackFault as fault:
        detail = f"posted, but it could not be removed again: {explain(fault)}"
        return Finding(name=name, state="warn", detail=detail, remedy="remove it by hand; alerts will arrive")
    return Finding(name=name, state="ok", detail="posted and removed again")


def not_tried(destination: Destination) -> Finding:
    """What stands in place of a test message whose fate is known."""
    return Finding(name=_test_name(destination), state="warn", detail="not tried: see above")


def _test_name(destination: Destination) -> str:
    return f"test message to “{destination.id}”"


def _fail(api: SlackApi, name: str, fault: SlackFault) -> Finding:
    """A fault as a finding. Where it is not about ``name``, but about the way to Slack, it is called so."""
    row = TABLE.get(fault.code)
    detail, remedy = what(fault), remedy_of(fault)
    if fault.code not in LIMITED and fault.code.startswith(("connect.", "wait.", "http.")):
        detail, remedy = f"{detail}; tried {api.base_url}", remedy or SEE_SERVER
    if row is None or row.fate in ("later", "unknown"):
        name = "Slack server"
    return Finding(name=name, state="fail", detail=detail, remedy=remedy or "try again later")


def _scopes(header: str | None) -> list[Finding]:
    """One finding for all scopes; none where the server does not tell them."""
    if header is None:
        return []
    granted = {scope.strip() for scope in header.split(",")}
    missing = [scope for scope in SCOPES if scope not in granted]
    if not missing:
        return [Finding(name="Slack scopes", state="ok", detail=", ".join(SCOPES))]
    uses = "; ".join(f"{scope} ({SCOPES[scope]})" for scope in missing)
    state: Literal["fail", "warn"] = "fail" if "chat:write" in missing else "warn"
    return [Finding(name="Slack scopes", state=state, detail=f"missing: {uses}", remedy=ADD_SCOPES)]


async def _channel(
    api: SlackApi, channels: Channels, destination: Destination, bot: str, *, lacking: bool
) -> list[Finding]:
    """Whether the bot is in the channel, and if so how well duplicates are prevented there.

    ``lacking`` scopes have been told already, so what follows from them only points there.
    """
    name = f"channel of “{destination.id}”"
    try:
        channel_id = await channels.find(destination.target)
        if channel_id is None:
            return [_fail(api, name, SlackFault("channel_not_found"))]
        info = (await api.call("conversations.info", {"channel": channel_id})).get("channel")
    except SlackFault as fault:
        if lacking and fault.code == "missing_scope":
            return [Finding(name=name, state="warn", detail="cannot be looked up", remedy=SEE_SCOPES)]
        return [_fail(api, name, fault)]
    seen = _membership(name, info if isinstance(info, dict) else {}, bot)
    if seen.state == "fail":
        return [seen]
    add_scopes = SEE_SCOPES if lacking else ADD_SCOPES
    return [
        seen,
        await _protection(api, channel_id, f"protection against duplicates in “{destination.id}”", add_scopes),
    ]


def _membership(name: str, info: dict[str, Any], bot: str) -> Finding:
    channel = f"#{info['name']}" if info.get("name") else "the channel"
    if info.get("is_archived"):
        remedy = "unarchive it or choose another one"
        return Finding(name=name, state="fail", detail=f"{channel} is archived", remedy=remedy)
    if info.get("is_member") is False and not info.get("is_im"):
        remedy = f"write /invite @{bot} in {channel}"
        return Finding(name=name, state="fail", detail=f"the bot is not in {channel}", remedy=remedy)
    return Finding(name=name, state="ok", detail=f"the bot is in {channel} ({info.get('id', 'id not told')})")


async def _protection(api: SlackApi, channel: str, name: str, add_scopes: str) -> Finding:
    """How well duplicates are prevented, tried out on the channel itself.

    "full": an alert is never posted twice; "roots only": a reply in a thread may be; "none": after a
    broken connection an alert may come twice, and says so.
    """
    args = {"channel": channel, "include_all_metadata": "true", "limit": 1}
    try:
        await api.call("conversations.history", args)
    except SlackFault as fault:
        detail = f"none: after a broken connection an alert may come twice, and says so – {what(fault)}"
        remedy = add_scopes if fault.code == "missing_scope" else remedy_of(fault) or "try again later"
        return Finding(name=name, state="warn", detail=detail, remedy=remedy)
    try:
        await api.call("conversations.replies", {**args, "ts": NO_THREAD})
    except SlackFault as fault:
        if fault.code != "thread_not_found":
            detail = f"roots only: a reply in a thread may come twice – {what(fault)}"
            return Finding(name=name, state="warn", detail=detail, remedy=add_scopes)
    return Finding(name=name, state="ok", detail="full: an unconfirmed alert is looked up before it is sent again")
