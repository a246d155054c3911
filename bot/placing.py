"""Bringing a new article home: it is set beside the stored ones that resemble it, and stored in its story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from .ingest.timing import order_at
from .model import Member
from .store import articles, stories
from .stories import features, leading, place

if TYPE_CHECKING:
    from datetime import datetime

    from .model import Article, ArticleState, MemberKind, Placement
    from .store import Tx
    from .store.records import Ref

COPY_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a new article is now: its rows, its story, and why it is there."""

    ref: Ref
    story: int
    placement: Placement


def settle(tx: Tx, article: Article, *, state: ArticleState, now: datetime) -> Home:
    """Store a new article, first seen ``now``, in the story it belongs to. Raises StoreError."""
    entries = features(article).entries
    placement = place(article, stories.candidates(tx, entries, since=now - COPY_WINDOW))
    story = placement.story if placement.story is not None else stories.open(tx, now)
    order = order_at(article.published_at, now)
    ref = articles.add(tx, article, state=state, first_seen=now, order_at=order, story=story)
    kind: MemberKind = "item" if placement.kind == "new" else placement.kind
    stories.join(
        tx, story, ref.article, kind, placement.score, placement.reason, now, copy_of=placement.copy_of, fresh=True
    )
    _lead(tx, story, Member(article=ref.article, tier=article.tier, at=order, length=len(article.body)))
    stories.index(tx, ref.article, entries, now)
    return Home(ref=ref, story=story, placement=placement)


def _lead(tx: Tx, story: int, joined: Member) -> None:
    """Let the member that has just joined lead the story, where it weighs more than the one that leads it now."""
    present = stories.lead(tx, story)
    if present is not None and leading([present, joined])[0] is joined and present.article != joined.article:
        stories.set_lead(tx, story, joined.article)
