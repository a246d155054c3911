"""One poll of a feed: fetch, and if there is news, parse and normalise."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import NotAFeed, Refused
from bot.model import NORMALISER_VERSION

from .cutoff import breaks_off
from .limits import MAX_BODY
from .parsed import SITEMAPS, Past, Polled

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import Source
    from bot.net import Door
    from bot.net.response import Response

    from .parsed import ReadFeed
    from .workers import ParserPool

__all__ = ["Polled", "poll"]

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, "
    "application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
SITEMAP = 'the answer is a sitemap, not a feed: write kind = "sitemap" under the source to have it read as one'


async def poll(
    door: Door,
    pool: ParserPool,
    source: Source,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    body_hash: str | None = None,
    deadline: float | None = None,
    past: Past | None = None,
    now: datetime | None = None,
) -> Polled:
    """Fetch the feed and return its articles.

    ``etag``, ``last_modified`` and ``body_hash`` are those of the last poll (see :class:`Polled`): an answer
    304 or a body with the same hash is "unchanged" and is not parsed. ``deadline`` bounds the fetch, in
    seconds. Items of the ``past`` are counted, but are not among the articles. ``now`` tells how long a date of
    the server's is away if it does not say what time it has. Raises SourceError.
    """
    started = time.monotonic()
    if not source.url:
        raise Refused(f"source {source.id} has no url: give it one in the configuration")
    response = await door.get(
        source.url,
        etag=etag,
        last_modified=last_modified,
        headers={"Accept": _ACCEPT, **source.headers},
        limit=MAX_BODY,
        deadline=deadline,
        now=now,
    )
    if response.status == 304:
        return unchanged(response, body_hash, etag, last_modified, started)
    digest = hash_of(response.body, response.content_type)
    if digest == body_hash:
        return unchanged(response, digest, None, None, started)
    read = partial(_read, pool, response, source, digest, started)
    found = await read(past)
    # The answer is held on to only where it may be read once more.
    return replace(found, whole=partial(read, Past())) if found.recalled else found


async def _read(
    pool: ParserPool, response: Response, source: Source, digest: str, started: float, past: Past | None
) -> Polled:
    feed = await pool.read(response.body, response.content_type, response.final_url, source, past)
    if feed.kind in SITEMAPS:
        raise NotAFeed(SITEMAP)
    return polled(response, feed, digest, started)


def polled(response: Response, feed: ReadFeed, digest: str, started: float) -> Polled:
    """What a feed brought that was read whole; ``digest`` is :func:`hash_of` its answer, asked for at ``started``."""
    cut = breaks_off(response.body)
    return Polled(
        status="ok",
        articles=feed.articles,
        fetched=feed.fetched,
        title=feed.title,
        etag=None if cut else response.etag,
        last_modified=None if cut else response.last_modified,
        body_hash=digest,
        ttl=feed.ttl,
        max_age=response.max_age,
        permanent_url=response.permanent_url,
        refused=feed.refused,
        ms=_since(started),
        marked=feed.marked,
        cut=cut,
    )


def hash_of(body: bytes, content_type: str | None) -> str:
    """The hash by which a body is known again; a new way to read bodies makes it another."""
    head = f"normaliser {NORMALISER_VERSION}\n{content_type or ''}\n"
    return hashlib.sha256(head.encode("utf-8", "replace") + body).hexdigest()


def unchanged(
    response: Response, digest: str | None, etag: str | None, last_modified: str | None, started: float
) -> Polled:
    """No news. A 304 may leave out validators (RFC 9110 §15.4.5): those of last time stay then."""
    return Polled(
        status="unchanged",
        etag=response.etag or etag,
        last_modified=response.last_modified or last_modified,
        body_hash=digest,
        max_age=response.max_age,
        permanent_url=response.permanent_url,
        ms=_since(started),
    )


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1_000)
