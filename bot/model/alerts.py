"""Stories and alerts: where an article belongs, who is told, what a reader sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from .articles import Sentence
    from .news import News
    from .words import Severity, TextSeen, Tier

AlertKind = Literal["first", "new rule", "new fact"]


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
class Traits:
    """What of an article names its event; every word folded and without its ending.

    ``names`` and ``words`` stand in the headline or at the beginning of the body, ``later`` holds names and words that
    come after that. ``figures`` have a unit or are large, ``numbers`` are bare; ``days`` are "MM-DD", or a weekday
    where the article has no date. ``quotes`` are names of quoted passages, ``references`` of official numbers,
    ``documents`` of the official documents that it *is*. ``publisher`` is the host of its page, else its source;
    ``official``: what it publishes are official documents. ``gathers``: it is a round-up of many events or looks back
    on one. Not ``dated``: nobody says when it was published.
    """

    publisher: str = ""
    official: bool = False
    gathers: bool = False
    dated: bool = True
    title: str = ""
    headline: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    days: frozenset[str] = frozenset()
    quotes: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """As much of an article's traits as says whether they are worth reading; nothing stands twice in one.

    ``head`` is its ``names`` and ``words``, the others are what :class:`Traits` calls so.
    """

    head: Collection[str] = ()
    figures: Collection[str] = ()
    numbers: Collection[str] = ()
    quotes: Collection[str] = ()
    references: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A stored article that shares traits with a new one; ``at`` is when it was published, else first seen."""

    article: int
    story: int
    at: datetime
    traits: Traits


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """A stored article, with its story, that may tell of the same event; score 0…1 and the reason in words."""

    article: int
    story: int
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where an article belongs: a story of its own, or another's, with score 0…1 and the reason.

    ``merges`` are further stories that the article ties to ``story``, the oldest of them; ``related`` are others that
    may tell of the same event and stay apart.
    """

    kind: Literal["new", "copy", "same story"]
    story: int | None
    reason: str
    score: float = 1.0
    copy_of: int | None = None
    merges: tuple[int, ...] = ()
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A member of a story as readers know it.

    ``article`` is the member's, ``text`` the article whose words it carries: its own, or the one that it is a copy of
    (0: not known).
    """

    source: str
    name: str
    url: str | None
    tier: Tier = "outlet"
    article: int = 0
    text: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a destination has already been told of a story: the rules, and the message it stands in.

    ``severity`` is the highest that any alert there had (None: not known), ``rules_at`` when each rule was last told.
    """

    destination: str
    rules: frozenset[str]
    alert: int
    delivery: int
    severity: Severity | None = None
    rules_at: Mapping[str, datetime] = field(default_factory=dict)


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

    ``kind`` "first" opens a story at the destination; "new rule" and "new fact" follow in its thread. ``news`` is what
    the article brought that the story did not hold, the weightiest first. It goes out at ``not_before`` at the earliest
    (None: at once); ``may_group``: it may share a message with others, if many wait.
    """

    story: int
    destination: str
    kind: AlertKind
    article: int
    rules: tuple[str, ...]
    severity: Severity
    news: tuple[News, ...] = ()
    not_before: datetime | None = None
    may_group: bool = False


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
class Joined:
    """Another message at the same destination whose story turned out to be this one: what it tells of.

    ``channel_id`` and ``ts`` say where it stands, as a chat service names it (None: not there yet, or no such service).
    """

    headline: str
    url: str | None
    channel_id: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
    """All that a reader sees of an alert, before it takes the shape of a destination.

    ``aliases`` of each :class:`Why` pairs an entity's id with the text that stood for it; ``copies``
    are the other outlets that carry the same text, ``reports`` those that tell the story in words of their own.
    ``news`` is what was new when it was told, or has been new since. ``resent``: it was told before, and somebody asked
    for it again. ``joined`` are the other messages that tell of this story, which were thought to be of others.
    ``excerpt_note`` says that the source's limit has left out or cut sentences, where it has.
    """

    kind: AlertKind
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
    reports: tuple[Outlet, ...] = ()
    news: tuple[News, ...] = ()
    text_seen: TextSeen = "full"
    text_reason: str = ""
    resent: bool = False
    joined: tuple[Joined, ...] = ()
    excerpt_note: str = ""
