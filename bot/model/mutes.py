"""Mutes: what somebody does not want to be alerted of for a while, and said why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

MuteKind = Literal["rule", "theme", "entity", "source", "story"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """No alerts of ``value``, a rule, theme, entity, source or story, from ``created_at`` to ``expires_at``.

    ``destination`` None: nowhere. ``ended_at``: somebody ended it earlier. Every mute has an end, an author and a
    comment, so that nobody has to ask why something was not told.
    """

    id: int
    kind: MuteKind
    value: str
    author: str
    comment: str
    created_at: datetime
    expires_at: datetime
    destination: str | None = None
    ended_at: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Whether it holds at this moment."""
        end = self.expires_at if self.ended_at is None else min(self.ended_at, self.expires_at)
        return self.created_at <= at < end
