"""``sources import``: the feeds of a list, each told apart as new, watched already, or faulty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from .config.additions import free_id
from .config.kinds import url_fault
from .errors import Refused
from .ingest.links import absolute, canonical_url
from .model import Source
from .model.words import LANG

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from .ingest.opml import FeedList, ListedFeed
    from .model import Tier


State = Literal["added", "known", "faulty"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One feed of the list. ``source`` is what it becomes, None unless ``state`` is "added".

    ``id`` is the source's, of a "known" one that of the source with its address, "" for a "faulty" one. ``reason`` says
    why it is not added. ``line`` is that of the list, 0 for a fault of all of it.
    """

    line: int
    state: State
    title: str = ""
    url: str = ""
    category: str = ""
    id: str = ""
    reason: str = ""
    source: Source | None = None


def plan(
    feeds: FeedList,
    sources: Iterable[Source],
    taken: Collection[str],
    tier: Tier,
    judge: Callable[[str], None],
) -> tuple[Entry, ...]:
    """What becomes of each feed, in the order of the list; its faults among them.

    ``sources`` are watched already, ``taken`` are ids that cannot be used, ``judge`` raises Refused for an address
    that is not visited. An address that the list names twice is added once.
    """
    listing = _Listing(
        tier=tier,
        judge=judge,
        ids=set(taken),
        watched={canonical_url(each.url): (each.id, 0) for each in sources if each.url},
    )
    entries = [Entry(line=line, state="faulty", reason=sentence) for line, sentence in feeds.faults]
    entries += [listing.entry(feed) for feed in feeds.feeds]
    return tuple(sorted(entries, key=lambda entry: entry.line))


@dataclass(slots=True)
class _Listing:
    """What is taken so far: ids, and addresses with the id and the line (0: configured) that they belong to."""

    tier: Tier
    judge: Callable[[str], None]
    ids: set[str]
    watched: dict[str | None, tuple[str, int]]

    def entry(self, feed: ListedFeed) -> Entry:
        """What becomes of this one, which is taken from now on."""
        url = absolute(feed.url, None) or feed.url
        entry = Entry(line=feed.line, state="faulty", title=feed.title, url=url, category=feed.category)
        reason = url_fault(url) or self._refusal(url)
        if reason:
            return replace(entry, reason=reason)
        name = canonical_url(url)
        if name in self.watched:
            known, line = self.watched[name]
            reason = f"stands in line {line} already" if line else f'is watched already, as "{known}"'
            return replace(entry, state="known", id=known, reason=reason)
        source = self._source(feed, url)
        self.ids.add(source.id)
        self.watched[name] = source.id, feed.line
        return replace(entry, state="added", id=source.id, source=source)

    def _source(self, feed: ListedFeed, url: str) -> Source:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        return Source(
            id=free_id((feed.title, host), self.ids),
            kind="feed",
            name=feed.title or host,
            url=url,
            tier=self.tier,
            lang=feed.lang if LANG.fullmatch(feed.lang) else None,
        )

    def _refusal(self, url: str) -> str:
        try:
            self.judge(url)
        except Refused as error:
            return str(error)
        return ""
