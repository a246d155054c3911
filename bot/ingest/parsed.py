"""What parsing and polling return."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.model import Article, Item, KeyKind, Refusal

SITEMAPS = ("sitemap", "sitemapindex")
"""The kinds that are no feed in the strict sense: only a source of kind "sitemap" reads them."""
MARK, NAME = 16, 6
"""Bytes of an item's mark, by which it is known to be as it was, and of the name of its key (``overlap.short``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The items that a feed listed last: ``marks`` and ``names`` one after the other, in the feed's order.

    All their keys are of one kind, ``keyed``; ``lang`` was the feed's language. Without items: nothing is remembered.
    """

    marks: bytes = b""
    names: bytes = b""
    keyed: KeyKind = "guid"
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """All items of a feed of which each can be known again: their ``marks``, one after the other.

    ``places`` says for each which item of the :class:`Past` it is, -1 for one that was read; ``keyed`` and ``lang`` as
    there.
    """

    marks: bytes
    places: tuple[int, ...]
    keyed: KeyKind
    lang: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed as published. Titles and texts of the items are HTML; ``ttl`` is the feed's own interval in seconds.

    ``kind``: "rss" (RDF is one), "atom", "cdf", "json", "sitemap", or "sitemapindex" for a list of sitemaps, which has
    ``children`` instead of items. ``refused`` are entries that are no items.
    """

    kind: str = ""
    title: str = ""
    items: tuple[Item, ...] = ()
    ttl: float | None = None
    lang: str | None = None
    refused: tuple[Refusal, ...] = ()
    children: tuple[ListedSitemap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSitemap:
    """A sitemap that a list of sitemaps names: its absolute address, and when it was changed last."""

    url: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFeed:
    """A feed whose items have become articles. ``fetched`` counts the items, repeated and ``refused`` ones included.

    ``kind`` and ``children`` as in :class:`ParsedFeed`. ``marked``: by what its items can be known again, if that was
    asked and they can; those known from the past are counted, but not among the ``articles``.
    """

    kind: str = ""
    title: str = ""
    articles: tuple[Article, ...] = ()
    fetched: int = 0
    ttl: float | None = None
    refused: tuple[Refusal, ...] = ()
    children: tuple[ListedSitemap, ...] = ()
    marked: Marked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFeed:
    """A feed for somebody to look at: its items with title and summary as plain text, and the articles they become.

    ``kind`` and ``children`` as in :class:`ParsedFeed`.
    """

    kind: str
    title: str
    items: tuple[Item, ...]
    articles: tuple[Article, ...]
    children: tuple[ListedSitemap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedFeed:
    """A feed that a web page names: its absolute address, and the title the page gives it ("" for none).

    ``kind`` "sitemap": a news sitemap, named by the site's robots.txt.
    """

    url: str
    title: str = ""
    kind: Literal["feed", "sitemap"] = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The article on a web page, its paragraphs apart by a blank line; ``wall`` says what stands in its place."""

    text: str
    wall: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll of a source brought.

    "unchanged": the server said so, or the body is the one of last time; there are no articles then.
    ``body_hash``, ``etag`` and ``last_modified`` are what the next poll should pass in. ``ttl`` and
    ``max_age`` are the seconds the feed and the server ask us to wait. ``permanent_url``: the server says
    that the feed has moved there for good. ``faults`` name parts of the source that could not be read, ``refused``
    the items among them. ``fetched`` counts all items: those of ``articles``, the refused, the repeated.
    ``ms``: how long it took. ``joined``: a part of the source that was read last time is unchanged, so what is new
    in the others follows on from what is known, even if they share no item with the last poll. ``unfinished``: names of
    files that are still being written. ``marked`` as in :class:`ReadFeed`; where items were known, ``whole`` reads the
    same answer once more as if none were. ``cut``: the feed breaks off.
    """

    status: Literal["ok", "unchanged"]
    articles: tuple[Article, ...] = ()
    fetched: int = 0
    title: str = ""
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    ttl: float | None = None
    max_age: float | None = None
    permanent_url: str | None = None
    faults: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    ms: int = 0
    joined: bool = False
    unfinished: tuple[str, ...] = ()
    marked: Marked | None = None
    cut: bool = False
    whole: Callable[[], Awaitable[Polled]] | None = field(default=None, compare=False, repr=False)

    @property
    def recalled(self) -> int:
        """How many of the items were known from the past and are not among the articles."""
        return sum(place >= 0 for place in self.marked.places) if self.marked is not None else 0
