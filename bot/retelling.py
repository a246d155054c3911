"""A stored alert written anew: what its message says with the outlets and the rules of this moment."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from .alerts.content import content
from .model import Alert, Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .model import AlertContent, Rule
    from .store.records import AlertParts

# Names a message for ever: the same alert at the same destination always gets the same uid.
UID_SPACE = uuid.UUID("6f0f5d3e-5a0e-5c5b-9d57-6d0f3a1c2b11")


def message_uid(alert: int, destination: str, at: datetime) -> str:
    """The uid of the message about a stored alert that was queued at ``at``."""
    return str(uuid.uuid5(UID_SPACE, f"{alert} {destination} {at.isoformat()}"))


def alert_of(parts: AlertParts) -> Alert:
    """The alert that these parts were stored for."""
    return Alert(
        story=parts.story,
        destination=parts.destination,
        kind=parts.kind,
        article=parts.article.id,
        rules=tuple(mention.rule for mention in parts.mentions),
        severity=parts.severity,
        news=parts.news,
    )


def content_of(parts: AlertParts, rules: Mapping[str, Rule]) -> AlertContent:
    """What a reader sees of a stored alert now: later outlets are counted, a rule that has gone keeps its id."""
    article = parts.article.article
    # The message that opened the story is the one that lives: it says what its thread has brought since.
    later = parts.since if parts.kind == "first" else ()
    return content(
        replace(alert_of(parts), news=(*later, *parts.news)),
        article,
        source=Source(id=article.source, kind="folder", name=parts.source_name),
        mentions=parts.mentions,
        rules=rules,
        outlets=parts.outlets,
        joined=parts.joined,
    )
