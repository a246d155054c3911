"""``sources add``: what stands at an address, whether it is a source or leads to one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

from .errors import NotAFeed, SourceError
from .ingest import sitemaps
from .ingest.discover import linked_sitemaps
from .ingest.limits import MAX_ROBOTS
from .ingest.links import canonical_url, is_named_news
from .ingest.parsed import SITEMAPS, LinkedFeed
from .ingest.timing import newest_first
from .model import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from .desk import Live
    from .ingest.parsed import Polled, ReadFeed
    from .ingest.workers import ParserPool
    from .model import Article
    from .net import Door
    from .net.response import Response

TRIED = 5  # sitemaps that robots.txt names

__all__ = ["LinkedFeed", "SeenFeed", "known_as", "look", "matching"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFeed:
    """A feed or news sitemap as it stands now; ``url`` is the address to configure, ``articles`` the newest first."""

    kind: Literal["feed", "sitemap"] = "feed"
    url: str
    title: str
    fetched: int
    articles: tuple[Article, ...]
    moved: bool = False


async def look(door: Door, pool: ParserPool, url: str) -> SeenFeed | tuple[LinkedFeed, ...]:
    """Fetch ``url`` through the guard: the feed or news sitemap that stands there, or what the page there leads to.

    That are the feeds it names, else the news sitemaps that the site's robots.txt names. Raises SourceError; NotAFeed
    where there is neither.
    """
    response = await door.get(url)
    try:
        return await _seen(door, pool, response)
    except NotAFeed as error:
        linked = await pool.discover(response.body, response.content_type, response.final_url)
        linked = linked or await _sitemaps(door, pool, response.final_url)
        if not linked:
            raise NotAFeed(f"{error} (it names no feed either, and the site's robots.txt no news sitemap)") from None
        return linked


async def _seen(door: Door, pool: ParserPool, response: Response, *, named_only: bool = False) -> SeenFeed:
    """What stands in the answer. ``named_only``: of a list only sitemaps that call themselves news are visited."""
    url = response.permanent_url or response.url
    source = Source(id="new", kind="feed", name="", url=url)
    read = await pool.read(response.body, response.content_type, response.final_url, source)
    feed: ReadFeed | Polled = read
    if read.kind == "sitemapindex":
        if named_only and not any(map(is_named_news, sitemaps.chosen(read.children, response.final_url))):
            raise NotAFeed(sitemaps.NO_NEWS)
        feed = await sitemaps.poll(door, pool, source)
    return SeenFeed(
        kind="sitemap" if read.kind in SITEMAPS else "feed",
        url=url,
        title=feed.title,
        fetched=feed.fetched,
        articles=newest_first(feed.articles),
        moved=response.permanent_url is not None,
    )


async def _sitemaps(door: Door, pool: ParserPool, url: str) -> tuple[LinkedFeed, ...]:
    """What of the sitemaps in the site's robots.txt holds news now. Nothing that goes wrong on the way is an error."""
    try:
        robots = await door.get(urljoin(url, "/robots.txt"), limit=MAX_ROBOTS, cut=True)
    except SourceError:
        return ()
    found: list[LinkedFeed] = []
    for address in linked_sitemaps(robots.body, robots.final_url)[:TRIED]:
        with suppress(SourceError):
            seen = await _seen(door, pool, await door.get(address), named_only=True)
            if seen.articles:
                found.append(LinkedFeed(url=address, title=seen.title, kind=seen.kind))
    return tuple(found)


def matching(articles: Iterable[Article], live: Live, now: datetime) -> list[tuple[Article, tuple[str, ...]]]:
    """The articles that the rules in force match, with the rules."""
    found = ((article, live.matcher.match(article, on=now.date())) for article in articles)
    return [(article, tuple(sorted(mention.rule for mention in mentions))) for article, mentions in found if mentions]


def known_as(url: str, sources: Sequence[Source]) -> Source | None:
    """The source that watches this address already, however the address is spelled."""
    wanted = canonical_url(url)
    return next((source for source in sources if source.url and canonical_url(source.url) == wanted), None)
