"""One table for everything that can go wrong between us and Slack: what it means for the message.

The question behind every row is "can the message have been written?". *later*: no, and trying again is
sensible. *payload*: no, and this payload never will be. *held*: no, and nothing will be until a person mends
something. *gone*: no, for what it belongs to is there no more. *unknown*: perhaps; only looking it up tells. A code
that is not in the table is *unknown*.

Sources: the error tables of chat.postMessage, chat.update, chat.delete, conversations.history and
conversations.replies at docs.slack.dev. The codes with a dot are ours, for faults of the transport.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.model import Gone, Held, Later, RefusedPayload, Unknown

if TYPE_CHECKING:
    from bot.model import DeliveryOp, Outcome

Fate = Literal["later", "payload", "held", "unknown", "gone"]


class SlackFault(Exception):
    """A call that did not succeed. ``code`` is Slack's or ours; never leaves this room.

    ``detail`` is what readers are told besides the table's sentence. ``retry_after`` is in seconds, set where
    Slack asked for a pause.
    """

    def __init__(self, code: str, detail: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Row:
    """What a code means: the fate of the message, what happened and after a colon the remedy, a pause in seconds."""

    fate: Fate
    says: str
    seconds: float | None = None


def _rows(fate: Fate, rows: dict[str, str], seconds: float | None = None) -> dict[str, Row]:
    return {code: Row(fate, says, seconds) for code, says in rows.items()}


# A workspace that is being moved to an organization answers like this for minutes, not seconds.
MIGRATION_PAUSE = 600.0

TABLE: dict[str, Row] = {
    **_rows(
        "held",
        {
            "not_authed": "Slack saw no token: check that something between here and Slack does not remove it",
            "token.missing": "no Slack token: put the bot token (xoxb-…) into the environment variable {detail},"
            " or name a file with token_file",
            "token.malformed": "the Slack token holds characters that no token has: copy it again, without spaces",
            "invalid_auth": "Slack does not accept the token: check that it is the app's bot token (xoxb-…)",
            "account_inactive": "the token belongs to a removed bot or workspace: install the app again",
            "token_revoked": "the token was revoked: install the app again and use its new token",
            "token_expired": "the token has expired: switch token rotation off for the app, or renew the token",
            "not_allowed_token_type": "this is the wrong kind of token: use the app's bot token (xoxb-…)",
            "two_factor_setup_required": "the workspace asks for two-factor authentication: ask its administrator",
            "no_permission": "the token lacks a permission: install the app again, and invite the bot to the channel",
            "missing_scope": "the app lacks a scope: add those of deploy/slack/manifest.yaml and install it again",
            "access_denied": "Slack denies access: ask the workspace's administrator",
            "accesslimited": "Slack does not take calls from this network: ask the workspace's administrator",
            "team_access_not_granted": "the app has no access to this workspace: ask its administrator",
            "team_not_found": "an organization-wide token needs the channel's id (C…) instead of its name",
            "enterprise_is_restricted": "the organization does not allow this call: ask its administrator",
            "ekm_access_denied": "administrators have suspended messages in this channel",
            "channel_not_found": "Slack knows no such channel, or the bot cannot see it: check the name or use the"
            " channel's id, and invite the bot to it",
            "not_in_channel": "the bot is not in the channel: write /invite @ and its name there",
            "channel_is_limited_access": "the bot has no access to the channel: ask its owner, or choose another one",
            "method_not_supported_for_channel_type": "this kind of channel cannot be read: choose another one",
            "is_archived": "the channel is archived: unarchive it or choose another one",
            "is_inactive": "the channel is frozen or archived: choose another one",
            "restricted_action": "a preference of the workspace keeps the bot from posting: ask its administrator",
            "restricted_action_read_only_channel": "the channel is read-only for the bot: allow it to post there",
            "restricted_action_thread_only_channel": "the channel takes only thread replies: choose another one",
            "messages_tab_disabled": "messages to this app are switched off: switch them on in its App Home settings",
            "posting_to_channel_denied": "the bot may not post in this channel: ask its administrator",
            "deprecated_endpoint": "Slack has retired this call: update Presswatch",
            "method_deprecated": "Slack has retired this call: update Presswatch",
        },
    ),
    **_rows(
        "payload",
        {
            "msg_too_long": "the message is too long",
            "msg_blocks_too_long": "the message's blocks are too long taken together",
            "no_text": "the message has no text",
            "invalid_blocks": "Slack does not accept the message's blocks",
            "invalid_blocks_format": "Slack cannot read the message's blocks",
            "block_mismatch": "the new blocks do not fit the message's old ones",
            "invalid_attachments": "Slack does not accept the message's attachments",
            "too_many_attachments": "the message has too many attachments",
            "attachment_payload_limit_exceeded": "the message's attachments are too large",
            "too_many_contact_cards": "the message has too many contact cards",
            "markdown_text_conflict": "the message mixes two kinds of text",
            "as_user_not_supported": "the message asks for another author than the app",
            "invalid_arguments": "Slack does not accept the message's arguments",
            "invalid_arg_name": "Slack does not know one of the message's arguments",
            "invalid_array_arg": "Slack does not accept a list in the message's arguments",
            "invalid_charset": "Slack does not accept the message's character set",
            "invalid_form_data": "Slack cannot read the message's form",
            "invalid_json": "Slack cannot read the message's JSON",
            "json_not_object": "Slack cannot read the message's JSON",
            "invalid_post_type": "Slack does not accept the message's content type",
            "missing_post_type": "the message has no content type",
            "invalid_metadata_format": "Slack does not accept the message's metadata",
            "invalid_metadata_schema": "Slack does not accept the message's metadata",
            "metadata_too_large": "the message's metadata is too large",
            "metadata_must_be_sent_from_app": "metadata needs the token of an app",
            "slack_connect_canvas_sharing_blocked": "the message links to something that may not be shared outside",
            "slack_connect_file_link_sharing_blocked": "the message links to a file that may not be shared outside",
            "slack_connect_lists_sharing_blocked": "the message links to a list that may not be shared outside",
            # What follows belongs to one thread or one message, so it must not hold the whole channel.
            "cannot_reply_to_message": "the first message of the thread takes no replies",
            "restricted_action_non_threadable_channel": "the channel takes no thread replies",
            "restricted_action_thread_locked": "an administrator has locked the thread",
            "cant_update_message": "the message to be changed is not the bot's",
            "edit_window_closed": "the workspace does not let messages be changed any more after this time",
            "streaming_state_conflict": "the message cannot be changed while it is being written",
            "cant_delete_message": "the message to be removed is not the bot's",
            "compliance_exports_prevent_deletion": "the workspace lets no messages be removed",
            "cant_broadcast_message": "the reply cannot be shown in the channel too",
            "no_dual_broadcast_content_update": "the reply cannot be changed and shown in the channel at once",
            # Of files, which we never send.
            **dict.fromkeys(
                (
                    "blocked_file_type",
                    "file_deleted",
                    "file_is_deleted",
                    "file_not_found",
                    "file_share_limit_reached",
                    "max_file_sharing_exceeded",
                    "slack_connect_blocked_file_type",
                    "slack_connect_clip_sharing_blocked",
                    "slack_connect_file_upload_sharing_blocked",
                    "unable_to_share_files",
                ),
                "Slack does not take a file of the message",
            ),
            "reply.rootless": "the reply or change does not say which message it belongs to",
        },
    ),
    **_rows(
        "gone",
        {
            "thread_not_found": "the thread is gone, somebody has deleted its first message",
            "message_not_found": "the message to be changed is gone, somebody has deleted it",
        },
    ),
    **_rows(
        "later",
        {
            "ratelimited": "Slack asks for a pause",
            "rate_limited": "Slack asks for a pause",
            "http.429": "Slack asks for a pause",
            "request_timeout": "Slack got only a part of the request",
            "external_channel_migrating": "the channel is being moved to another workspace",
            "message_limit_exceeded": "the workspace sends more messages than its plan allows",
            "list_record_comment_fetch_failed": "Slack could not read the thread",
            "invalid_cursor": "Slack has lost the place up to which the messages were read",
            "invalid_ts_latest": "Slack does not know the time up to which messages are to be read",
            "invalid_ts_oldest": "Slack does not know the time from which messages are to be read",
            "invalid_metadata_filter_keys": "Slack does not know the metadata that are asked for",
            "connect.failed": "Slack cannot be reached",
            "connect.name": "Slack cannot be reached",
            "connect.timeout": "Slack cannot be reached",
            "connect.tls": "no safe connection to Slack: check the clock, proxy and certificates of this machine",
            "connect.proxy": "the proxy does not connect to Slack: check proxy in [network]",
            "connect.address": "the configured address of Slack cannot be used: check base_url in [slack]",
        },
    ),
    **_rows(
        "later",
        {
            "team_added_to_org": "the workspace is being moved to an organization",
            "org_login_required": "the workspace is being moved to an organization",
        },
        seconds=MIGRATION_PAUSE,
    ),
    **_rows(
        "unknown",
        {
            "fatal_error": "Slack failed, perhaps after it had taken the message",
            "internal_error": "Slack failed, perhaps after it had taken the message",
            "service_unavailable": "Slack is not available",
            "update_failed": "Slack failed while changing the message",
            "http.status": "Slack answered with an error of its servers",
            "http.redirect": "something between here and Slack redirected the request",
            "http.not_json": "the answer was not Slack's: a proxy or a login page may stand between",
            "http.no_ts": "Slack's answer does not name the message",
            "wait.deadline": "Slack did not answer in time",
            "wait.lost": "the connection to Slack broke before the answer was read",
        },
    ),
}

# Codes after which a channel's history cannot be read until somebody changes something at Slack.
BLIND = frozenset(
    {
        "missing_scope",
        "not_in_channel",
        "channel_not_found",
        "channel_is_limited_access",
        "no_permission",
        "access_denied",
        "team_access_not_granted",
        "not_allowed_token_type",
        "enterprise_is_restricted",
        "method_not_supported_for_channel_type",
        "method_deprecated",
        "deprecated_endpoint",
    }
)
LIMITED = frozenset({"ratelimited", "rate_limited", "http.429"})
# Without a Retry-After header; Slack's own default window is a minute, but it is rarely needed whole.
DEFAULT_PAUSE = 30.0


UNSENT = "the next try comes by itself"
UNSURE = "whether the message arrived is looked up before it is sent again"


def explain(fault: SlackFault) -> str:
    """A sentence for people: what is wrong, Slack's own word for it, the remedy."""
    remedy = remedy_of(fault)
    return f"{what(fault)}: {remedy}" if remedy else what(fault)


def what(fault: SlackFault) -> str:
    """What is wrong, without a remedy. Our own codes mean nothing to readers and are left out."""
    if fault.code in LIMITED:
        return f"Slack asks for a pause of {math.ceil(_pause(fault))} s"
    row = TABLE.get(fault.code)
    says = row.says.partition(": ")[0] if row else "Slack gave an answer that Presswatch does not know"
    used = fault.code == "token.missing"
    told = ("" if "." in fault.code else fault.code, "" if used else fault.detail)
    inside = ", ".join(filter(None, told))
    return f"{says} ({inside})" if inside else says


def remedy_of(fault: SlackFault) -> str:
    """What helps, where the table knows it."""
    row = TABLE.get(fault.code)
    return row.says.partition(": ")[2].replace("{detail}", fault.detail) if row else ""


def _pause(fault: SlackFault) -> float:
    return DEFAULT_PAUSE if fault.retry_after is None else fault.retry_after


def classify(fault: SlackFault, op: DeliveryOp) -> Outcome:
    """The outcome of a delivery that ended in ``fault``.

    Changing a message twice to the same text changes nothing, so an update is never *unknown*: it is
    simply tried again.
    """
    row = TABLE.get(fault.code)
    fate = row.fate if row else "unknown"
    if fate == "unknown" and op != "update":
        return Unknown(reason=f"{what(fault)}; {UNSURE}")
    if fate == "gone" and op != "post":
        return Gone(reason=explain(fault))
    if fate in ("payload", "gone"):
        return RefusedPayload(reason=explain(fault))
    if fate == "held":
        return Held(reason=explain(fault))
    usual = row.seconds if row else None
    return _later(fault, usual if fault.retry_after is None else fault.retry_after)


def _later(fault: SlackFault, seconds: float | None) -> Later:
    if fault.code in LIMITED:
        return Later(reason=what(fault), seconds=_pause(fault))
    goes_on = UNSENT if seconds is None else f"the next try is in {math.ceil(seconds)} s"
    return Later(reason=f"{explain(fault)}; {goes_on}", seconds=seconds)


def nothing_written(fault: SlackFault) -> Outcome:
    """The outcome where the fault came before the message was offered at all (while finding the channel)."""
    outcome = classify(fault, "update")
    return _later(fault, None) if isinstance(outcome, RefusedPayload) else outcome
