"""Every error that Slack documents for the methods we call, and what each means for the call.

From the error tables at docs.slack.dev/reference/methods/NAME, autumn 2026; those of chat.postMessage lie in the corpora.
Words: "later" (not done, do it again), "payload" (not done, and never will be), "held" (not done until somebody mends
something), "unknown" (perhaps done), "gone" (the message is there no more); of a look-up: "later", "blind" (it can
never answer), "gone" (an answer: not there).
"""

# Tables of all methods begin with these.
_TOKEN = (
    "account_inactive",
    "accesslimited",
    "invalid_auth",
    "not_authed",
    "token_expired",
    "token_revoked",
    "two_factor_setup_required",
    "ekm_access_denied",
)
_RIGHTS = (
    "access_denied",
    "enterprise_is_restricted",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "team_access_not_granted",
    "deprecated_endpoint",
    "method_deprecated",
    "channel_not_found",
)
_REQUEST = (
    "invalid_arg_name",
    "invalid_arguments",
    "invalid_array_arg",
    "invalid_charset",
    "invalid_form_data",
    "invalid_post_type",
    "missing_post_type",
)
_PAUSE = ("ratelimited", "request_timeout", "org_login_required", "team_added_to_org")
_TROUBLE = ("fatal_error", "internal_error", "service_unavailable")

CHANGES: dict[str, dict[str, tuple[str, ...]]] = {
    "chat.update": {
        "held": (*_TOKEN, *_RIGHTS, "is_inactive", "posting_to_channel_denied", "team_not_found"),
        "later": (*_PAUSE, "external_channel_migrating", "message_limit_exceeded"),
        "unknown": (*_TROUBLE, "update_failed"),
        "gone": ("message_not_found",),
        "payload": (
            *_REQUEST,
            "as_user_not_supported",
            "block_mismatch",
            "blocked_file_type",
            "cant_broadcast_message",
            "cant_update_message",
            "edit_window_closed",
            "file_deleted",
            "file_is_deleted",
            "file_not_found",
            "file_share_limit_reached",
            "invalid_attachments",
            "invalid_blocks",
            "invalid_blocks_format",
            "invalid_metadata_format",
            "invalid_metadata_schema",
            "markdown_text_conflict",
            "max_file_sharing_exceeded",
            "metadata_must_be_sent_from_app",
            "metadata_too_large",
            "msg_too_long",
            "no_dual_broadcast_content_update",
            "no_text",
            "slack_connect_blocked_file_type",
            "slack_connect_canvas_sharing_blocked",
            "slack_connect_clip_sharing_blocked",
            "slack_connect_file_link_sharing_blocked",
            "slack_connect_file_upload_sharing_blocked",
            "streaming_state_conflict",
            "too_many_attachments",
            "unable_to_share_files",
        ),
    },
    "chat.delete": {
        "held": (*_TOKEN, *_RIGHTS),
        "later": _PAUSE,
        "unknown": _TROUBLE,
        "gone": ("message_not_found",),
        "payload": (*_REQUEST, "cant_delete_message", "compliance_exports_prevent_deletion"),
    },
}
_READING = (
    *_TOKEN,
    *_REQUEST,
    *_PAUSE,
    *_TROUBLE,
    "invalid_cursor",
    "invalid_metadata_filter_keys",
    "invalid_ts_latest",
    "invalid_ts_oldest",
)
LOOK_UPS: dict[str, dict[str, tuple[str, ...]]] = {
    "conversations.history": {
        "later": _READING,
        "blind": (*_RIGHTS, "not_in_channel", "channel_is_limited_access"),
    },
    "conversations.replies": {
        "later": (*_READING, "list_record_comment_fetch_failed"),
        "blind": (*_RIGHTS, "method_not_supported_for_channel_type"),
        "gone": ("thread_not_found",),
    },
}


def rows(table: dict[str, dict[str, tuple[str, ...]]]) -> list[tuple[str, str, str]]:
    """(method, code, meaning) for each."""
    return [
        (method, code, means)
        for method, all_codes in table.items()
        for means, codes in all_codes.items()
        for code in codes
    ]
