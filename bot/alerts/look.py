"""What a decision depends on, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.model import (
        Alert,
        Article,
        ArticleState,
        Decision,
        Destination,
        Mention,
        Mute,
        News,
        Placement,
        Route,
        Rule,
        Source,
        Told,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that the decision depends on.

    ``mentions`` are those of the article's newest version. ``edited``: it is a new version of a stored
    article, and ``matched_before`` names the rules that matched the earlier ones. ``told`` says by
    destination what was told of the story. ``original`` is the ledger state of the article that
    ``placement.copy_of`` names. ``news`` is what the article brings that its story did not hold, the weightiest first.
    ``baseline``: the article came with its source's first poll. ``mutes`` are those in force, ``crowded`` the
    destinations that have had their fill of alerts for this hour, ``spent`` the rules that have told more stories than
    their ``expect`` allows; ``last_group`` says when alerts last shared a message
    at a destination.
    """

    now: datetime
    article_id: int
    article: Article
    story: int
    mentions: Sequence[Mention]
    rules: Mapping[str, Rule]
    placement: Placement
    source: Source
    destinations: Sequence[Destination]
    routes: Sequence[Route] = ()
    told: Mapping[str, Told] = field(default_factory=dict)
    baseline: bool = False
    edited: bool = False
    matched_before: frozenset[str] = frozenset()
    original: ArticleState | None = None
    news: Sequence[News] = ()
    mutes: Sequence[Mute] = ()
    crowded: Collection[str] = ()
    spent: Collection[str] = ()
    last_group: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def corrects(self) -> bool:
        """Whether the article takes something back."""
        return any(news.kind == "correction" for news in self.news)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows from a :class:`Look`.

    ``decisions`` hold one line per mention and destination (destination None where the question did not
    arise); ``state`` is the article's place in the ledger (the store keeps the fixed precedence), None where
    a new version changes nothing; ``counter`` names the destinations whose
    message on this story now has one more outlet to count.
    """

    decisions: tuple[Decision, ...]
    alerts: tuple[Alert, ...]
    state: ArticleState | None
    counter: tuple[str, ...] = ()
