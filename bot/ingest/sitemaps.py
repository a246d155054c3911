"""One poll of a news sitemap, or of the news sitemaps that a list of sitemaps (``sitemapindex``) names.

Of a list only sitemaps of the same site are visited: those with "news" in their address, or else the newest, at most
:data:`MOST`. Each is asked for conditionally like a feed; what each answered last time is kept in the place of the
source's ETag (see :mod:`bot.ingest.trail`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.errors import NotAFeed, Refused, SourceError

from . import feeds
from .cutoff import breaks_off
from .feeds import hash_of
from .limits import MAX_BODY
from .links import is_named_news
from .parsed import Polled
from .trail import Marks, dumps, loads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.model import Article, Refusal, Source
    from bot.net import Door
    from bot.net.response import Response

    from .parsed import ListedSitemap, ReadFeed
    from .workers import ParserPool

MOST = 10  # sitemaps of one list that are read
_ACCEPT = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, */*;q=0.5"
NO_NEWS = (
    "none of the sitemaps that the list names is a news sitemap: look for the site's feed, or for its news sitemap, "
    "which robots.txt may name"
)
NO_SITEMAP = 'the answer is a feed, not a sitemap: remove kind = "sitemap" from the source'


async def poll(
    door: Door,
    pool: ParserPool,
    source: Source,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    body_hash: str | None = None,
    deadline: float | None = None,
    now: datetime | None = None,
) -> Polled:
    """Fetch the sitemap and return its articles; arguments and errors are those of :func:`bot.ingest.feeds.poll`.

    Of a list a sitemap that cannot be read is a fault, and the others are read; but a first poll must be whole, or all
    that the missing one holds would be news later.
    """
    if not source.url:
        raise Refused(f"source {source.id} has no url: give it one in the configuration")
    visit = _Visit(door, pool, source, loads(etag), deadline, now)
    marks = visit.before.get(source.url, Marks()) if visit.before else Marks(etag, last_modified, body_hash)
    response = await visit.get(source.url, marks)
    same = response.status == 304 or marks.digest == hash_of(response.body, response.content_type)
    if same and not visit.before:
        return visit.unchanged(response, marks)
    if same:
        visit.keep(source.url, marks, response)
        await visit.read_all(url for url, known in visit.before.items() if _may_bring_news(url, known, source))
        return visit.polled(response)
    feed = await visit.read(response)
    if feed.kind == "sitemap":
        return visit.single(response, feed)
    if feed.kind != "sitemapindex":
        raise NotAFeed(NO_SITEMAP)
    visit.remember(source.url, response, news=False)
    await visit.read_all(chosen(feed.children, response.final_url))
    return visit.polled(response)


def chosen(children: Sequence[ListedSitemap], base: str) -> list[str]:
    """The addresses of the sitemaps to read, of those that the list at ``base`` names. Raises NotAFeed for none."""
    own = {child.url: child for child in children if _is_same_site(child.url, base)}
    if not own:
        raise NotAFeed("the answer is a list of sitemaps, and none of them is of its own site: check its address")
    named = [child for child in own.values() if is_named_news(child.url)] or list(own.values())
    newest = sorted(named, key=lambda child: -child.at.timestamp() if child.at else 0.0)
    return [child.url for child in newest[:MOST]]


def headers_for(source: Source, url: str) -> Mapping[str, str]:
    """The source's own headers, for its own origin only: they may hold credentials."""
    return source.headers if _origin(url) == _origin(source.url or "") else {}


def _may_bring_news(url: str, known: Marks, source: Source) -> bool:
    """Whether a sitemap is asked again although the list is unchanged: lists often do not tell of changes in them."""
    return known.news or (is_named_news(url) and url != source.url)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _is_same_site(url: str, base: str) -> bool:
    """Whether the host is that of ``base``, ``www.`` left out, or below it."""
    host, own = ((urlsplit(each).hostname or "").rstrip(".").removeprefix("www.") for each in (url, base))
    return host == own or host.endswith("." + own)


@dataclass(slots=True)
class _Visit:
    """One poll: what is known of each sitemap from ``before``, and what has been found ``now``; ``at`` is the time."""

    door: Door
    pool: ParserPool
    source: Source
    before: Mapping[str, Marks]
    deadline: float | None
    at: datetime | None = None
    started: float = field(default_factory=time.monotonic)
    now: dict[str, Marks] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    ages: list[float] = field(default_factory=list)
    title: str = ""
    fetched: int = 0
    joined: bool = False

    async def get(self, url: str, marks: Marks) -> Response:
        """Ask for a sitemap within what is left of the deadline."""
        response = await self.door.get(
            url,
            etag=marks.etag,
            last_modified=marks.last_modified,
            headers={"Accept": _ACCEPT, **headers_for(self.source, url)},
            limit=MAX_BODY,
            deadline=None if self.deadline is None else max(self.deadline - (time.monotonic() - self.started), 0.01),
            now=self.at,
        )
        self.ages += [] if response.max_age is None else [response.max_age]
        return response

    async def read(self, response: Response) -> ReadFeed:
        """The answer, read in a worker."""
        return await self.pool.read(response.body, response.content_type, response.final_url, self.source)

    async def read_all(self, urls: Iterable[str]) -> None:
        """Read these sitemaps one after the other, as a polite guest does.

        Raises the error of one if none can be read, NotAFeed if none is one of news.
        """
        last: SourceError | None = None
        for url in urls:
            try:
                await self._read_one(url)
            except NotAFeed:
                continue  # another sitemap of the site; remembered as such
            except SourceError as error:
                if not self.before and error.transient:
                    raise
                self.faults.append(f"{url}: {error}")
                last = error
        if not any(marks.news for marks in self.now.values()):
            raise last or NotAFeed(NO_NEWS)

    async def _read_one(self, url: str) -> None:
        known = self.before.get(url)
        marks = known or Marks()
        response = await self.get(url, marks)
        if response.status == 304 or marks.digest == hash_of(response.body, response.content_type):
            self.keep(url, marks, response)
            self.joined = self.joined or marks.news
            return
        self.remember(url, response, news=marks.news)  # one of news may hold none for a while
        feed = await self.read(response)
        if feed.kind == "sitemapindex":
            return  # a list within a list, which the protocol does not allow
        self.remember(url, response, news=True)
        self.title = self.title or feed.title
        self.fetched += feed.fetched
        self.refused += feed.refused
        for article in feed.articles:
            self.articles.setdefault(article.key, article)

    def remember(self, url: str, response: Response, *, news: bool) -> None:
        """Note what to ask with next time."""
        digest = hash_of(response.body, response.content_type)
        etag, changed = (None, None) if breaks_off(response.body) else (response.etag, response.last_modified)
        self.now[url] = Marks(etag, changed, digest, news=news)

    def keep(self, url: str, marks: Marks, response: Response) -> None:
        """The same for one that is unchanged: a 304 may leave out validators (RFC 9110 §15.4.5)."""
        etag, changed = response.etag or marks.etag, response.last_modified or marks.last_modified
        self.now[url] = Marks(etag, changed, marks.digest, news=marks.news)

    def polled(self, response: Response) -> Polled:
        """What the poll of a list brought; "unchanged" if each of its news sitemaps is."""
        same = not self.faults and _bodies(self.before) == _bodies(self.now)
        if self.faults:  # the list is read again, and with it the one that could not be
            self.now[self.source.url or ""] = Marks()
        return Polled(
            status="unchanged" if same else "ok",
            articles=tuple(self.articles.values()),
            fetched=self.fetched,
            title=self.title,
            etag=dumps(self.now),
            max_age=min(self.ages, default=None),
            permanent_url=response.permanent_url,
            faults=tuple(self.faults),
            refused=tuple({refusal.key: refusal for refusal in self.refused}.values()),
            ms=self._ms(),
            joined=self.joined,
        )

    def single(self, response: Response, feed: ReadFeed) -> Polled:
        """What a sitemap by itself brought."""
        return feeds.polled(response, feed, hash_of(response.body, response.content_type), self.started)

    def unchanged(self, response: Response, marks: Marks) -> Polled:
        """A sitemap by itself that is as it was."""
        return feeds.unchanged(response, marks.digest, marks.etag, marks.last_modified, self.started)

    def _ms(self) -> int:
        return round((time.monotonic() - self.started) * 1_000)


def _bodies(marks: Mapping[str, Marks]) -> dict[str, str | None]:
    """The hashes of the news sitemaps by their addresses."""
    return {url: each.digest for url, each in marks.items() if each.news}
