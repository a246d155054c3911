"""Bringing a new article home: it is set beside the stored ones that resemble it, and stored in its story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from .ingest.timing import order_at
from .model import Member
from .store import articles, events, stories
from .stories import LEAST_SHARED, WINDOW_OF_EVENTS, Event, features, keys, leading, place, resembles, traits

if TYPE_CHECKING:
    from datetime import datetime

    from .model import Article, ArticleState, MemberKind, Placement
    from .store import Tx
    from .store.records import Ref
    from .stories import Habits

COPY_WINDOW = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a new article is now: its rows, its story, and why it is there."""

    ref: Ref
    story: int
    placement: Placement


def settle(tx: Tx, article: Article, *, state: ArticleState, now: datetime, habits: Habits | None = None) -> Home:
    """Store a new article, first seen ``now``, in the story it belongs to. Raises StoreError.

    ``habits`` are those of its source's headlines. Stories that it ties together are merged into the oldest.
    """
    entries, told = features(article).entries, traits(article, habits)
    asked, at = keys(told), min(article.published_at or now, now)
    near = events.neighbours(tx, asked, now - WINDOW_OF_EVENTS, least=LEAST_SHARED, near=resembles(told))
    candidates = stories.candidates(tx, entries, since=now - COPY_WINDOW)
    placement = place(article, candidates, Event(traits=told, at=at, neighbours=near))
    story = placement.story if placement.story is not None else stories.open(tx, now)
    order = order_at(article.published_at, now)
    ref = articles.add(tx, article, state=state, first_seen=now, order_at=order, story=story)
    joined = Member(article=ref.article, tier=article.tier, at=order, length=len(article.body))
    led_by = [lead for each in (story, *placement.merges) if (lead := stories.lead(tx, each)) is not None]
    for merged in placement.merges:
        events.merge(tx, merged, into=story, reason=placement.reason, at=now)
    _join(tx, ref.article, story, placement, now)
    if led_by:
        stories.set_lead(tx, story, leading([*led_by, joined])[0].article)
    stories.index(tx, ref.article, entries, now)
    events.remember(tx, ref.article, told, asked, at=at, seen=now)
    return Home(ref=ref, story=story, placement=placement)


def _join(tx: Tx, article: int, story: int, placement: Placement, now: datetime) -> None:
    kind: MemberKind = "item" if placement.kind == "new" else placement.kind
    score, reason = placement.score, placement.reason
    stories.join(tx, story, article, kind, score, reason, now, copy_of=placement.copy_of, fresh=True)
    stories.relate(tx, article, placement.related, now)


def forget(tx: Tx, now: datetime, most: int) -> None:
    """Take out what articles are looked up by and are past being found: of at most ``most`` of each kind at once."""
    events.forget(tx, now - WINDOW_OF_EVENTS, most)
    stories.forget(tx, now - COPY_WINDOW, most)
