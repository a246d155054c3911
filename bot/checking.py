"""``sources check``: what stands at an address, in a file or in a folder, as a poll would read it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import NotAFeed, SourceError, Unreadable
from .ingest import feeds, seeds, sitemaps
from .ingest.cutoff import BREAKS_OFF, breaks_off
from .ingest.folder import TEXTS
from .ingest.limits import MAX_BODY
from .ingest.parsed import ShownFeed
from .ingest.timing import newest_first
from .model import Item
from .model.words import plural

if TYPE_CHECKING:
    from .ingest.workers import ParserPool
    from .model import Article, Source
    from .net import Door

__all__ = ["Checked", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What would be read from a source now.

    ``kind``: "rss", "atom", "cdf", "json", "sitemap", "seed", or "none" for nothing.

    ``error`` says what could not be read of it. ``items`` are as published, but as plain text, in the source's order;
    ``articles`` are what they become, the newest first.
    """

    kind: str
    title: str
    error: str | None
    items: tuple[Item, ...] = ()
    articles: tuple[Article, ...] = ()


async def check(door: Door, pool: ParserPool, source: Source, *, any_kind: bool = False) -> Checked:
    """Read the source as a poll would, through the guard and in a worker; nothing is stored. Never raises SourceError.

    Of a page that is no feed the error names those that it announces. ``any_kind``: whether a feed or a sitemap stands
    at the address is not known, and does not matter.
    """
    try:
        if source.kind == "folder":
            return await _check_path(pool, source)
        found = await _check_url(door, pool, source)
    except SourceError as error:
        return _nothing(str(error))
    if any_kind or found.kind == "none" or (found.kind == "sitemap") == (source.kind == "sitemap"):
        return found
    return _nothing(feeds.SITEMAP if found.kind == "sitemap" else sitemaps.NO_SITEMAP)


async def _check_url(door: Door, pool: ParserPool, source: Source) -> Checked:
    response = await door.get(source.url or "", headers=source.headers)
    shown = await _shown(pool, source, response.body, response.content_type, response.final_url)
    if not isinstance(shown, ShownFeed):
        return shown
    found = await _check_list(door, pool, source, response.final_url, shown)
    return _told_if_cut(found, response.body)


def _told_if_cut(found: Checked, body: bytes) -> Checked:
    return replace(found, error=BREAKS_OFF) if found.error is None and breaks_off(body) else found


async def _check_list(door: Door, pool: ParserPool, source: Source, url: str, feed: ShownFeed) -> Checked:
    """The feed, or of a list of sitemaps those that a poll would read."""
    if feed.kind != "sitemapindex":
        return _checked(feed)
    parts: list[ShownFeed] = []
    faults: list[str] = []
    for address in sitemaps.chosen(feed.children, url):
        try:
            response = await door.get(address, headers=sitemaps.headers_for(source, address))
            part = await pool.show(response.body, response.content_type, response.final_url, source)
            parts += [part] if part.kind == "sitemap" else []
        except NotAFeed:
            continue
        except SourceError as error:
            faults.append(f"{address}: {error}")
    if not parts:
        raise NotAFeed(" | ".join(faults) or sitemaps.NO_NEWS)
    return Checked(
        kind="sitemap",
        title=next((part.title for part in parts if part.title), ""),
        error=" | ".join(faults) or None,
        items=tuple(item for part in parts for item in part.items),
        articles=newest_first({article.key: article for part in parts for article in part.articles}.values()),
    )


async def _check_path(pool: ParserPool, source: Source) -> Checked:
    body = await asyncio.to_thread(_feed_file, Path(source.path or ""))
    if body is None:
        return await _seeds(pool, source)
    shown = await _shown(pool, source, body, None, None)
    if isinstance(shown, Checked):
        return shown
    if shown.kind == "sitemapindex":
        raise NotAFeed("the file is a list of sitemaps: check its address instead, from which they can be fetched")
    return _told_if_cut(_checked(shown), body)


def _feed_file(path: Path) -> bytes | None:
    """The file's content; None for a folder, and for what is an article in a folder. Raises Unreadable."""
    if path.is_dir() or path.suffix.lower() in TEXTS:
        return None
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BODY + 1)
    except OSError as error:
        raise Unreadable(f"the file cannot be read: {error.strerror}") from error


async def _shown(
    pool: ParserPool, source: Source, body: bytes, content_type: str | None, url: str | None
) -> ShownFeed | Checked:
    """The feed in ``body``; for a page that announces feeds, which."""
    try:
        return await pool.show(body, content_type, url, source)
    except NotAFeed:
        linked = await pool.discover(body, content_type, url or "")
        if not linked:
            raise
        named = ", ".join(each.url for each in linked)
        return _nothing(f"this is a web page, not a feed; it announces {plural(len(linked), 'feed')}: {named}")


def _checked(feed: ShownFeed) -> Checked:
    return Checked(kind=feed.kind, title=feed.title, error=None, items=feed.items, articles=newest_first(feed.articles))


async def _seeds(pool: ParserPool, source: Source) -> Checked:
    polled = await seeds.watch(pool, source)
    return Checked(
        kind="seed" if polled.articles or not polled.faults else "none",
        title=source.name,
        error=" | ".join(polled.faults) or None,
        items=tuple(_item(article) for article in polled.articles),
        articles=newest_first(polled.articles),
    )


def _item(article: Article) -> Item:
    return Item(
        guid=article.key,
        link=article.url,
        title=article.title,
        summary=article.body,
        published_at=article.published_at,
    )


def _nothing(error: str) -> Checked:
    return Checked(kind="none", title="", error=error)
