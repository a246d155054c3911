"""``sources add`` and ``sources check``: what stands at an address or in a file, whether it is a source or not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import NotAFeed, SourceError, Unreadable
from .ingest.folder import SUFFIXES
from .ingest.limits import MAX_BODY
from .ingest.links import canonical_url
from .ingest.parsed import LinkedFeed
from .ingest.seeds import poll
from .ingest.timing import age_key
from .model import Item, Source
from .model.words import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from .desk import Live
    from .ingest.workers import ParserPool
    from .model import Article
    from .net import Door
    from .net.response import Response

__all__ = ["Checked", "LinkedFeed", "SeenFeed", "check", "known_as", "look", "matching"]


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
        articles=_newest(feed.articles),
        moved=response.permanent_url is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What would be read from a source now. ``kind``: "rss", "atom", "cdf", "json", "seed", or "none" for nothing.

    ``error`` says what could not be read of it. ``items`` are as published, but as plain text, in the source's order;
    ``articles`` are what they become, the newest first.
    """

    kind: str
    title: str
    error: str | None
    items: tuple[Item, ...] = ()
    articles: tuple[Article, ...] = ()


async def check(door: Door, pool: ParserPool, source: Source) -> Checked:
    """Read the source as a poll would, through the guard and in a worker; nothing is stored. Never raises SourceError.

    Of a page that is no feed the error names those that it announces.
    """
    try:
        return await (_check_feed(door, pool, source) if source.kind == "feed" else _check_path(pool, source))
    except SourceError as error:
        return _nothing(str(error))


async def _check_feed(door: Door, pool: ParserPool, source: Source) -> Checked:
    response = await door.get(source.url or "", headers=source.headers)
    return await _shown(pool, source, response.body, response.content_type, response.final_url)


async def _check_path(pool: ParserPool, source: Source) -> Checked:
    body = await asyncio.to_thread(_feed_file, Path(source.path or ""))
    return _seeds(source) if body is None else await _shown(pool, source, body, None, None)


def _feed_file(path: Path) -> bytes | None:
    """The file's content; None for a folder, and for what is an article in a folder. Raises Unreadable."""
    if path.is_dir() or path.suffix.lower() in SUFFIXES:
        return None
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BODY + 1)
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}") from error


async def _shown(pool: ParserPool, source: Source, body: bytes, content_type: str | None, url: str | None) -> Checked:
    try:
        feed = await pool.show(body, content_type, url, source)
    except NotAFeed as error:
        linked = await pool.discover(body, content_type, url or "")
        if not linked:
            raise
        named = ", ".join(each.url for each in linked)
        return _nothing(f"{error}; it announces {plural(len(linked), 'feed')}: {named}")
    return Checked(kind=feed.kind, title=feed.title, error=None, items=feed.items, articles=_newest(feed.articles))


def _seeds(source: Source) -> Checked:
    polled = poll(source)
    return Checked(
        kind="seed" if polled.articles or not polled.faults else "none",
        title=source.name,
        error="; ".join(polled.faults) or None,
        items=tuple(_item(article) for article in polled.articles),
        articles=_newest(polled.articles),
    )


def _item(article: Article) -> Item:
    return Item(
        guid=article.key,
        link=article.url,
        title=article.title,
        summary=article.body,
        published_at=article.published_at,
    )


def _newest(articles: Iterable[Article]) -> tuple[Article, ...]:
    return tuple(sorted(articles, key=lambda article: -age_key(article)))


def _nothing(error: str) -> Checked:
    return Checked(kind="none", title="", error=error)


def matching(articles: Iterable[Article], live: Live, now: datetime) -> list[tuple[Article, tuple[str, ...]]]:
    """The articles that the rules in force match, with the rules."""
    found = ((article, live.matcher.match(article, on=now.date())) for article in articles)
    return [(article, tuple(sorted(mention.rule for mention in mentions))) for article, mentions in found if mentions]


def known_as(url: str, sources: Sequence[Source]) -> Source | None:
    """The source that watches this address already, however the address is spelled."""
    wanted = canonical_url(url)
    return next((source for source in sources if source.url and canonical_url(source.url) == wanted), None)
