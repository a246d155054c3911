"""What an article's text states beyond its words: official numbers, days that count, and who said what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date, datetime

    from .words import TextField, Tier

ReferenceKind = Literal[
    "fr-document",
    "fr-citation",
    "docket",
    "case",
    "investigation",
    "rin",
    "executive-order",
    "proclamation",
    "eccn",
    "cfr",
    "hts",
    "bill",
    "public-law",
    "usc",
    "wto-dispute",
    "eu-act",
    "announcement",
]
ReferenceField = Literal["title", "body", "url"]
DeadlineKind = Literal["effective", "comments", "compliance", "hearing", "expiry"]
FACTS_VERSION = 3  # counts up when the same text would give other facts: then what is stored is read again


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference at [start, end) of the article's field; ``value`` is the same for every way of writing it.

    The field may be its address: the page of an official document has the number there.
    """

    kind: ReferenceKind
    value: str
    start: int
    end: int
    text: str
    field: ReferenceField = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A day that counts, told at [start, end) of the article's field.

    ``day`` stands in the text, unless ``derived`` says in words what it was reckoned from. ``sentence`` is where it
    is told, for readers.
    """

    kind: DeadlineKind
    day: date
    start: int
    end: int
    text: str
    sentence: str
    field: TextField = "body"
    derived: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedArticle:
    """A deadline with the stored article that tells of it; ``story`` is the one its own was merged into.

    ``rules`` were found in any version of the article; ``key`` names it within its source.
    """

    deadline: Deadline
    article: int
    story: int
    source: str
    key: str
    source_name: str
    outlet: str
    title: str
    title_derived: bool
    url: str | None
    canonical_url: str | None
    tier: Tier
    published_at: datetime | None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words that somebody is quoted with: ``text`` joins the ``spans`` of the article's field between [start, end).

    ``speaker`` is the name as readers know it, ``role`` what the text calls them (empty if it does not say);
    [``speaker_start``, ``speaker_end``) is where the field names them. ``rule`` is how the text gives them the words:
    "X said", "said X", "according to X", "saying", "quoted as saying", "goes on".
    """

    speaker: str
    role: str
    text: str
    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    speaker_start: int
    speaker_end: int
    field: TextField = "body"
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found in one version of an article, each part in order of place, the title's first."""

    references: tuple[Reference, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    quotes: tuple[Quote, ...] = ()
