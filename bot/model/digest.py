"""Digests: when one is due, and what a reader finds in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime, time

    from .alerts import AlertContent, Decision, Outlet
    from .articles import Article, Mention
    from .facts import DatedArticle, DeadlineKind, Quote
    from .news import News
    from .volume import Spike
    from .words import ArticleState, MemberKind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A summary that is wished for once per local date and recipient.

    ``to`` holds ids of destinations. ``themes`` and ``rules`` choose what it tells of; both empty: everything.
    ``at`` is the wall-clock time in ``zone`` (an IANA name); ``days`` are weekdays, Monday 0. ``empty`` says what
    goes out when there is nothing to tell: one line, or nothing.
    """

    id: str
    to: tuple[str, ...]
    at: time
    zone: str = "UTC"
    days: frozenset[int] = frozenset(range(5))
    themes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    empty: Literal["heartbeat", "skip"] = "heartbeat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What one issue covers: ``begin`` to ``end`` in UTC, told for the local date ``day`` in ``zone``.

    ``late``: it goes out well after its time, because nobody was there to send it.
    """

    day: date
    zone: str
    begin: datetime
    end: datetime
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestStory:
    """One story with what a reader sees of it.

    ``alert`` is the lead article's content, its mentions' sentences and reasons included. ``since`` is when the
    story began, if that was before this issue's window. ``alerted``: some destination was told of it; where not,
    ``note`` says why in a sentence. ``said`` are a few quotations from its texts, ``news`` is what later articles
    brought since the last issue, the weightiest first. ``told_before``: an earlier issue told of the story.
    ``lang`` is the language of the lead article, where it is known.
    """

    alert: AlertContent
    alerted: bool
    note: str = ""
    since: datetime | None = None
    said: tuple[Quote, ...] = ()
    news: tuple[News, ...] = ()
    told_before: bool = False
    lang: str | None = None

    @property
    def severity(self) -> Severity:
        """The highest of its rules."""
        return self.alert.severity


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestTheme:
    """Stories of one theme, the most severe and then the newest first. ``title`` is the theme as people read it."""

    id: str
    title: str
    stories: tuple[DigestStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDeadline:
    """A day that counts, as readers see it: told by the best of the articles of one story that tell of it.

    ``sentence`` is where it is told, ``derived`` what it was reckoned from where it is not written there. ``severity``
    is the highest of its ``rules``. ``uid`` is the same whenever and wherever this day of this article is told of.
    """

    kind: DeadlineKind
    day: date
    headline: str
    url: str | None
    source: str
    sentence: str
    derived: str
    severity: Severity
    rules: tuple[str, ...]
    themes: tuple[str, ...]
    article: int
    story: int
    uid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTrouble:
    """A source that needs a look: why, and since when (None: it never answered)."""

    name: str
    reason: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceGap:
    """A source of which items may have been missed between two polls."""

    name: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """A rule that is not what it was when the last issue went out.

    ``parts`` are the keys that differ in a changed one, entities and lists that it refers to as ``@id`` and ``$id``.
    """

    rule: str
    title: str
    theme: str
    change: Literal["new", "changed", "removed"]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOff:
    """A rule that brings less or more than its ``expect`` says: how much, and what may be the cause, in words."""

    rule: str
    title: str
    verdict: Literal["low", "high"]
    detail: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeVolume:
    """How many stories an issue tells of a theme for the first time; a story counts under each of its themes.

    ``normal`` is from how many to how many are usual for such a window (None: not known yet).
    """

    theme: str
    title: str
    stories: int
    normal: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """What an issue says beside its stories, read before they are.

    ``before`` is the local date of the issue before, ``normal`` the usual range of each theme's stories by its id.
    """

    before: date | None = None
    normal: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    off: tuple[RuleOff, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What came in during the window and what became of it.

    Counted are ``articles`` and, of these, those that ``matched`` a rule, repeated a known text (``copies``), were
    ``alerted`` or came with a first poll (``baseline``); ``waiting`` messages are not sent yet, ``sources`` were asked.
    ``kept_back`` are articles that a destination was spared: an inhibited rule, a story that rests, too many an hour.
    """

    articles: int = 0
    matched: int = 0
    copies: int = 0
    alerted: int = 0
    baseline: int = 0
    waiting: int = 0
    sources: int = 0
    kept_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestContent:
    """All that one issue says, before it becomes a mail, a Slack message or lines on a terminal.

    ``baseline`` are matching articles of first polls, listed once; ``baseline_more`` counts those left out.
    ``quiet_themes`` are themes it watches that had nothing to tell, by title. ``deadlines`` are the days to come of
    all stories that it ever told of, the soonest first. ``spikes`` were told in the window. ``before`` is the local
    date of the issue before, None for a first one. ``volume`` has a row for each theme with stories, the fullest first.
    """

    digest: str
    window: Window
    before: date | None = None
    themes: tuple[DigestTheme, ...] = ()
    baseline: tuple[DigestStory, ...] = ()
    baseline_more: int = 0
    quiet_themes: tuple[str, ...] = ()
    deadlines: tuple[DigestDeadline, ...] = ()
    troubles: tuple[SourceTrouble, ...] = ()
    gaps: tuple[SourceGap, ...] = ()
    spikes: tuple[Spike, ...] = ()
    volume: tuple[ThemeVolume, ...] = ()
    rule_changes: tuple[RuleChange, ...] = ()
    off: tuple[RuleOff, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)

    @property
    def stories(self) -> tuple[DigestStory, ...]:
        """All stories, theme by theme."""
        return tuple(story for theme in self.themes for story in theme.stories)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """An article that matched a rule since the last issue, as the store knows it.

    ``mentions`` are those written since then, of its newest version that has any; ``outlets`` carry its story, the
    lead first; ``decisions`` are all that was decided of it, ``quotes`` who said what in its newest version. ``kind``
    is its place in the story.
    """

    article_id: int
    article: Article
    story: int
    story_opened_at: datetime
    kind: MemberKind
    state: ArticleState
    first_seen: datetime
    source_name: str
    mentions: tuple[Mention, ...]
    outlets: tuple[Outlet, ...] = ()
    decisions: tuple[Decision, ...] = ()
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What the store knows of one window, before it is put in order: ``matched`` newest first, ``deadlines`` to come.

    ``news`` is what was new to each story, with the article that brought it. ``upto`` is the newest mention there is,
    ``news_upto`` the newest news: where the next issue begins. ``told`` are the rules by which an issue before could
    know of a story; ``going_on`` are the articles of such stories that have news, though no rule matched them anew.
    """

    upto: int
    matched: tuple[Matched, ...] = ()
    going_on: tuple[Matched, ...] = ()
    told: Mapping[int, frozenset[str]] = field(default_factory=dict)
    news: Mapping[int, tuple[tuple[int, News], ...]] = field(default_factory=dict)
    news_upto: int = 0
    deadlines: tuple[DatedArticle, ...] = ()
    troubles: tuple[SourceTrouble, ...] = ()
    gaps: tuple[SourceGap, ...] = ()
    spikes: tuple[Spike, ...] = ()
    rule_changes: tuple[RuleChange, ...] = ()
    ledger: Ledger = field(default_factory=Ledger)
