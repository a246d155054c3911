"""A note to readers of how much was kept back, in the shape of each kind of destination."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import compose_feed
from . import compose_slack as slack
from .compose_console import line

if TYPE_CHECKING:
    from bot.model import Destination


def compose_note(number: int, destination: Destination) -> dict[str, Any]:
    """How many replies were too many, {"full", "minimal"}."""
    text = f"{number} more in the digest: further news of stories told here, beyond what max_per_hour or expect allows."
    message: dict[str, Any]
    if destination.kind == "slack":
        message = {**slack.message(slack.escape(text)), "blocks": [slack.context(slack.escape(text))]}
    elif destination.kind == "webhook":
        message = {"type": "note", "text": text, "kept_back": number}
    elif destination.kind == "console":
        message = {"lines": [line([[text, "meta", None]], 0)], "counter": []}
    else:
        message = compose_feed.listed(text, [], "note")["full"]
    return {"full": message, "minimal": message}
