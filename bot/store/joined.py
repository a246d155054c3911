"""The messages that open a story at a destination: several, where stories turned out to be one after they were told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Joined
from bot.rights import Allowance

from . import stories
from . import tables as t
from .prepared import prepared

if TYPE_CHECKING:
    from .store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A "first" alert with its message that was not refused for good, and how others name it.

    A derived headline is words of the text: no more of it is named than its source allows.
    """

    alert: int
    destination: str
    delivery: int
    named: Joined


def roots(tx: Tx, story: int) -> list[Root]:
    """The messages that opened the story, and those that it was merged with, the oldest first."""
    found: dict[int, Root] = {}
    for row in tx.rows(_roots(), {"story": story}):
        allowed = Allowance(row["excerpt"], derived=row["title_derived"])
        named = Joined(
            headline=allowed.headline(row["title"]),
            url=row["url"] or row["canonical_url"],
            channel_id=row["channel_id"],
            ts=row["ts"],
        )
        root = Root(alert=row["alert"], destination=row["destination"], delivery=row["delivery"], named=named)
        found.setdefault(root.alert, root)  # what was sent again on request comes after the message itself
    return list(found.values())


def others(tx: Tx, story: int, destination: str, alert: int) -> tuple[Joined, ...]:
    """How the message of an alert names those that opened the same story at its destination besides it."""
    return tuple(root.named for root in roots(tx, story) if root.destination == destination and root.alert != alert)


@prepared
def _roots() -> sa.Select[Any]:
    alert, delivery, article, version = t.alert.c, t.delivery.c, t.article.c, t.article_version.c
    message = sa.and_(
        delivery.alert == alert.id, delivery.op == "post", delivery.state != "dead", delivery.gone_at.is_(None)
    )
    return (
        sa.select(
            alert.id.label("alert"),
            alert.destination,
            delivery.id.label("delivery"),
            delivery.channel_id,
            delivery.ts,
            version.title,
            version.title_derived,
            t.source.c.excerpt,
            article.url,
            article.canonical_url,
        )
        .join_from(t.alert, t.story, t.story.c.id == alert.story)
        .join(t.delivery, message)
        .join(t.article, article.id == alert.article)
        .join(t.source, t.source.c.id == article.source)
        .join(t.article_version, sa.and_(version.article == article.id, version.n == article.versions))
        .where(stories.family(), alert.kind == "first")
        .order_by(alert.id, delivery.id)
    )
