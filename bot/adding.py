"""``sources add``: what stands at an address, before it becomes a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import NotAFeed
from .ingest.links import canonical_url
from .ingest.parsed import LinkedFeed
from .ingest.timing import age_key
from .model import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from .desk import Live
    from .ingest.workers import ParserPool
    from .model import Article
    from .net import Door
    from .net.response import Response

__all__ = ["LinkedFeed", "SeenFeed", "known_as", "look", "matching"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFeed:
    """A feed as it stands now; ``url`` is the address to configure, ``articles`` are the newest first."""

    url: str
    title: str
    fetched: int
    articles: tuple[Article, ...]
    moved: bool = False


async def look(door: Door, pool: ParserPool, url: str) -> SeenFeed | tuple[LinkedFeed, ...]:
    """Fetch ``url`` through the guard: the feed that stands there, or the feeds that the page there names.

    Raises SourceError; NotAFeed for a page that names none.
    """
    response = await door.get(url)
    try:
        return await _seen(pool, response)
    except NotAFeed as error:
        linked = await pool.discover(response.body, response.content_type, response.final_url)
        if not linked:
            raise NotAFeed(f"{error} (it names no feed either)") from None
        return linked


async def _seen(pool: ParserPool, response: Response) -> SeenFeed:
    url = response.permanent_url or response.url
    source = Source(id="new", kind="feed", name="", url=url)
    feed = await pool.read(response.body, response.content_type, response.final_url, source)
    return SeenFeed(
        url=url,
        title=feed.title,
        fetched=feed.fetched,
        articles=tuple(sorted(feed.articles, key=lambda article: -age_key(article))),
        moved=response.permanent_url is not None,
    )


def matching(articles: Iterable[Article], live: Live, now: datetime) -> list[tuple[Article, tuple[str, ...]]]:
    """The articles that the rules in force match, with the rules."""
    found = ((article, live.matcher.match(article, on=now.date())) for article in articles)
    return [(article, tuple(sorted(mention.rule for mention in mentions))) for article, mentions in found if mentions]


def known_as(url: str, sources: Sequence[Source]) -> Source | None:
    """The source that watches this address already, however the address is spelled."""
    wanted = canonical_url(url)
    return next((source for source in sources if source.url and canonical_url(source.url) == wanted), None)
