"""Freezes an alert into the message of one kind of destination: JSON that the outbox keeps and never changes.

{"full": …, "minimal": …}: the second one is sent where the service refuses the first. Composing the same
content with more copies gives the same message with a longer counter, which is how a story's message lives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import (
    compose_console,
    compose_feed,
    compose_slack,
    compose_webhook,
    digest_console,
    digest_slack,
    digest_webhook,
)

if TYPE_CHECKING:
    from bot.model import AlertContent, DestinationKind, DigestContent

Payload = dict[str, Any]


def compose(content: AlertContent, kind: DestinationKind) -> Payload:
    """The message of an alert, {"full", "minimal"}, as JSON-able values.

    For Slack each is the arguments of chat.postMessage besides channel, thread and metadata; for the
    console a list of lines, see :mod:`bot.alerts.compose_console`, for webhooks a document.
    """
    if kind == "webhook":
        return compose_webhook.alert(content)
    if kind in ("feed", "apprise"):
        return compose_feed.alert(content)
    if kind == "slack":
        return {"full": compose_slack.full(content), "minimal": compose_slack.minimal(content)}
    return {"full": compose_console.full(content), "minimal": compose_console.minimal(content)}


def compose_digest(content: DigestContent, kind: DestinationKind) -> Payload:
    """A digest's message for Slack or a terminal, in the same shape; see :mod:`bot.alerts.digest_mail` for mails."""
    if kind == "webhook":
        return digest_webhook.digest(content)
    if kind in ("feed", "apprise"):
        return compose_feed.digest(content)
    if kind == "slack":
        return {"full": digest_slack.full(content), "minimal": digest_slack.minimal(content)}
    return {"full": digest_console.full(content), "minimal": digest_console.minimal(content)}
