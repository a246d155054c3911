"""Which stored articles tell of an article's event: those of one story with it, and those that are only related."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import Related

from .event import RELATED, SAME, WINDOW_OF_EVENTS, compare, telling
from .evidence import Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.model import Neighbour, Traits

LISTED = 5  # related stories of one article that are worth naming


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a new article tells of, when it was published (else seen), and the stored ones that share traits with it."""

    traits: Traits
    at: datetime
    neighbours: Sequence[Neighbour]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """Links to stored articles, the best first; of related ones the best of each story."""

    same: tuple[Related, ...] = ()
    related: tuple[Related, ...] = ()


def tell_together(event: Event, filled: frozenset[int] = frozenset()) -> Ties:
    """Judge the neighbours that were published within 72 hours.

    ``filled`` are articles that were made from one template with this one: they tell of other events.

    An article that would tie two official documents together tells of neither alone: both are related to it.
    """
    near = [each for each in event.neighbours if abs(each.at - event.at) <= WINDOW_OF_EVENTS]
    mine = Side.of(event.traits) if near else None
    told = telling(event.traits)
    judged = [(each, compare(event.traits, each.traits, each.at - event.at, mine=mine, told=told)) for each in near]
    same = [(each, verdict) for each, verdict in judged if verdict.score >= SAME and each.article not in filled]
    documents = {each.traits.documents for each, _ in same if each.traits.documents}
    if len(documents) > 1:
        same = [(each, verdict) for each, verdict in same if not each.traits.documents]
    links = _links((each, verdict.score, verdict.reason) for each, verdict in same)
    tied = {link.story for link in links}
    others = _links(
        (each, verdict.score, verdict.reason)
        for each, verdict in judged
        if verdict.score >= RELATED and each.story not in tied
    )
    best = {link.story: link for link in reversed(others)}
    return Ties(same=links, related=tuple(sorted(best.values(), key=_rank))[:LISTED])


def _links(found: Iterable[tuple[Neighbour, float, str]]) -> tuple[Related, ...]:
    links = (Related(article=each.article, story=each.story, score=score, reason=why) for each, score, why in found)
    return tuple(sorted(links, key=_rank))


def _rank(link: Related) -> tuple[float, int]:
    return -link.score, link.article
