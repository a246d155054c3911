"""Small frozen values that the store takes and gives, beside the nouns of ``model``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from bot.model import (
        AlertKind,
        Article,
        ArticleState,
        DeliveryState,
        IntervalBy,
        Joined,
        MemberKind,
        Mention,
        News,
        Outlet,
        Severity,
        TextSeen,
        Tier,
    )

PollStatus = Literal["ok", "unchanged", "baseline", "error", "part"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A source as the store knows it. ``interval`` is in seconds; ``articles`` counts what it brought.

    ``state`` is "active" or "removed" (no longer configured, never due). ``failing``: a person should look.
    ``baseline_at`` is the first successful poll; ``moved_to`` the address that permanent redirects named in the last
    ``moved_polls`` good polls. The last possible gap lies between ``gap_from`` and ``gap_to``; ``tight`` is the
    interval in seconds that it asks for.

    ``news`` polls after the first brought something new, from ``first_new`` to ``last_new``; ``longest`` is the longest
    gap between two of them and ``rhythm`` the smoothed one, in seconds; ``hours`` when in the day it ended.
    """

    id: str
    kind: str
    name: str
    url: str | None
    path: str | None
    tier: Tier
    state: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    moved_to: str | None
    next_due: datetime
    interval: float | None
    failures: int
    first_failed_at: datetime | None
    last_error: str | None
    failing: bool
    last_ok_at: datetime | None
    baseline_at: datetime | None
    gap_from: datetime | None = None
    gap_to: datetime | None = None
    tight: float | None = None
    interval_by: IntervalBy | None = None
    moved_polls: int = 0
    news: int = 0
    first_new: datetime | None = None
    last_new: datetime | None = None
    longest: float | None = None
    rhythm: float | None = None
    hours: str | None = None
    articles: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRecord:
    """One poll's outcome. ``error`` says why it failed, or which parts did; ``note`` what else a reader should know.

    ``failing``: a person should look. "part" is a part of a large poll that is written before the poll itself.

    Of the ``fetched`` items ``new`` became articles and ``refused`` can be none, both seen for the first time;
    ``changed`` were known with other words, ``known`` as they are; ``repeated`` ones were listed twice.
    ``overlap`` counts items that join it with the last poll, None where there was nothing to join. Without any there
    is a possible gap between ``gap_from`` and ``gap_to``; ``tight`` is the interval that it asks for. ``floor`` is
    what feed and server ask for, in seconds. ``rhythm``, ``longest`` and ``hours`` are what the source's become, if
    this poll has taught something. The validators replace the stored ones after "ok" and "baseline";
    after "unchanged" only those that are given do; after "error" none does.
    """

    source: str
    at: datetime
    status: PollStatus
    next_due: datetime
    interval: float | None = None
    interval_by: IntervalBy | None = None
    fetched: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    repeated: int = 0
    refused: int = 0
    news: bool = False
    overlap: int | None = None
    gap_from: datetime | None = None
    gap_to: datetime | None = None
    tight: float | None = None
    floor: float = 0.0
    rhythm: float | None = None
    longest: float | None = None
    hours: str | None = None
    ms: int = 0
    error: str | None = None
    failing: bool = False
    note: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a feed showed in the last poll that brought anything new.

    ``items`` are the names of its items in its order, each with the number of the poll since which it has been there;
    ``number`` is this poll's own, ``most`` the most items that the feed ever showed. ``last_at``: where it has been
    empty since then, when it was last seen with these items.
    """

    items: Mapping[str, int]
    number: int = 1
    most: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref:
    """A stored article and one version of it; ``new`` False: it was there already, nothing was written."""

    article: int
    version: int
    new: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is stored of an article: its newest version (row id ``version``, number ``n``) and its rules.

    ``rules`` are those mentioned in any version. ``title``, ``canonical_url`` and ``published_at`` tell whether an item
    that comes under its key is this one; ``first_seen`` is when the poll began that brought it.
    """

    id: int
    key: str
    version: int
    n: int
    content_hash: str
    story: int
    state: ArticleState
    rules: frozenset[str] = frozenset()
    title: str = ""
    canonical_url: str | None = None
    published_at: datetime | None = None
    first_seen: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A stored article in its newest version. ``rules`` maps rule id → rule hash of that version's mentions."""

    id: int
    article: Article
    first_seen: datetime
    order_at: datetime
    state: ArticleState
    story: int
    rules: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An article that a search has found. ``rules`` were found in any of its versions, in alphabetical order."""

    stored: Archived
    source_name: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryMember:
    """An article as a member of a story: of which kind, with score 0…1 and the reason; ``story`` is its own story.

    ``key`` is its name within ``source``, ``source_name`` the outlet that carries it.
    """

    article: int
    story: int
    kind: MemberKind
    score: float
    reason: str
    copy_of: int | None
    title: str
    url: str | None
    key: str
    source: str
    source_name: str
    tier: Tier
    published_at: datetime | None
    first_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryRecord:
    """A story with those that were merged into it: its lead, its other members, and the articles it is related to."""

    id: int
    opened_at: datetime
    last_at: datetime
    lead: StoryMember
    members: tuple[StoryMember, ...] = ()
    related: tuple[StoryMember, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRecord:
    """An alert as people look it up: what it was about, and what became of its message.

    ``text_seen`` says what of the article was read, ``text_reason`` why where its page was to be read.
    ``delivery_state`` is None if nothing was queued. ``outlets`` counts who carries the text, each once;
    ``error`` is the last trouble of the message, ``may_repeat`` that readers may have seen it twice.
    """

    id: int
    story: int
    article: int
    destination: str
    kind: str
    severity: Severity
    at: datetime
    headline: str
    title_derived: bool
    url: str | None
    source: str
    source_name: str
    tier: Tier
    published_at: datetime | None
    text_seen: TextSeen
    text_reason: str
    rules: tuple[str, ...]
    outlets: int
    delivery: int | None
    delivery_state: DeliveryState | None
    attempt: int
    sent_at: datetime | None
    channel_id: str | None
    ts: str | None
    error: str | None
    may_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What has become of a message; ``error`` is its last trouble."""

    state: DeliveryState
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertParts:
    """All that is needed to write an alert's message anew: the article, why, and who carries it now.

    ``mentions`` holds the alert's own rules only, as found in the article's newest version that has them;
    ``source_name`` is the article's source as it was last configured. ``news`` is what it told as new, ``since`` what
    later alerts told as new in its thread, the newest first. ``joined`` are the messages of stories that are one with
    its own now.
    """

    id: int
    kind: AlertKind
    destination: str
    severity: Severity
    story: int
    article: Archived
    source_name: str
    mentions: tuple[Mention, ...]
    outlets: tuple[Outlet, ...]
    news: tuple[News, ...] = ()
    since: tuple[News, ...] = ()
    joined: tuple[Joined, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a digest stands with one recipient.

    ``since``: when it was first configured with the schedule it has. Of its last issue (None: there was none) the
    local date ``last``, the end of its window, and the newest mention (``upto``) and news (``news_upto``) that it could
    know of.
    """

    since: datetime
    last: date | None = None
    window_to: datetime | None = None
    upto: int | None = None
    news_upto: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRecord:
    """An issue as people look it up. ``state`` is None where there was nothing to tell and so nothing to send."""

    digest: str
    recipient: str
    day: date
    window_from: datetime
    window_to: datetime
    at: datetime
    message_id: str
    state: DeliveryState | None
    sent_at: datetime | None
    error: str | None
    may_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The schema revision of a database and the Presswatch version that last wrote it; None if unknown."""

    revision: str | None
    product: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """The program behind the database; ``full_text``: it can search words. ``path`` is the file of SQLite."""

    kind: Literal["sqlite", "postgresql"]
    version: str
    full_text: bool
    path: Path | None
