"""Stories and alerts: where an article belongs, who is told, what a reader sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from .articles import Sentence
    from .words import Severity, TextSeen, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What an article is recognised by: index entries (kind, value) under which copies are looked up."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stored article that shares an index entry with a new one."""

    article: int
    story: int
    source: str
    title: str
    body: str
    canonical_url: str | None
    shared: tuple[tuple[str, str], ...]
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs: a story of its own, or another's, with score 0…1 and the reason."""

    kind: Literal["new", "copy"]
    story: int | None
    reason: str
    score: float = 1.0
    copy_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A member of a story as readers know it."""

    source: str
    name: str
    url: str | None
    tier: Tier = "outlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a destination has already been told of a story: the rules, and the message it stands in."""

    destination: str
    rules: frozenset[str]
    alert: int
    delivery: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether a destination is told of an article because of a rule, with a named reason; "no" included."""

    article: int
    rule: str | None
    destination: str | None
    verdict: Literal["alert", "reply", "no"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message to be written: every rule of one article that a destination must hear of.

    ``kind`` "first" opens a story at the destination; "new rule" follows in its thread.
    """

    story: int
    destination: str
    kind: Literal["first", "new rule"]
    article: int
    rules: tuple[str, ...]
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """One rule's part of the reason: the words found, and the aliases that stand for entities."""

    rule: str
    title: str
    theme: str
    severity: Severity
    terms: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
    """All that a reader sees of an alert, before it takes the shape of a destination.

    ``aliases`` of each :class:`Why` pairs an entity's id with the text that stood for it; ``copies``
    are the other outlets that carry the same text. ``resent``: it was told before, and somebody asked for it again.
    ``excerpt_note`` says that the source's limit has left out or cut sentences, where it has.
    """

    kind: Literal["first", "new rule"]
    article: int
    story: int
    headline: str
    title_derived: bool
    url: str | None
    source: str
    tier: Tier
    published_at: datetime | None
    severity: Severity
    why: tuple[Why, ...]
    sentences: tuple[Sentence, ...]
    copies: tuple[Outlet, ...] = ()
    text_seen: TextSeen = "full"
    text_reason: str = ""
    resent: bool = False
    excerpt_note: str = ""
