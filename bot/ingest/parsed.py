"""What parsing and polling return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Article, Item, Refusal

SITEMAPS = ("sitemap", "sitemapindex")
"""The kinds that are no feed in the strict sense: only a source of kind "sitemap" reads them."""


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

    ``kind`` and ``children`` as in :class:`ParsedFeed`.
    """

    kind: str = ""
    title: str = ""
    articles: tuple[Article, ...] = ()
    fetched: int = 0
    ttl: float | None = None
    refused: tuple[Refusal, ...] = ()
    children: tuple[ListedSitemap, ...] = ()


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
    files that are still being written.
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
