"""What each feed listed when it was last written to the store: those items need not be read again.

It is kept in memory alone, in some 22 bytes for each item, and set only after the commit; so it is never ahead of the
store, and after a restart every feed is read whole once. Nor is it behind: a poll that relies on it says from which
body, and the lane asks inside its transaction whether that is still the one the store knows.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .ingest.overlap import short
from .ingest.parsed import NAME, Past

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .ingest.parsed import Marked
    from .model import Article
    from .store.records import SourceState

LIMIT = 20_000_000  # bytes of all sources: some 900,000 items
_OVERHEAD = 700  # bytes that a source takes beside its items


class Outdated(Exception):
    """What a poll relies on is no longer so, or does not suffice to tell its items apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """All items of a poll in the feed's order: the ``names`` of those that are known, None for each one that was read.

    ``since`` is the hash of the body which they are known from.
    """

    names: tuple[str | None, ...]
    since: str

    @property
    def known(self) -> int:
        """How many items were not read."""
        return sum(name is not None for name in self.names)

    def among(self, read: Iterable[tuple[str, bool]]) -> list[tuple[str, bool]]:
        """All items as those that were ``read`` are told: by name, and whether new."""
        others = iter(read)
        return [next(others) if name is None else (name, False) for name in self.names]

    def check(self, state: SourceState | None) -> None:
        """Raises Outdated if the source's newest body is another one, or its first poll is still to come."""
        if state is None or state.baseline_at is None or state.body_hash != self.since:
            raise Outdated


class Remembered:
    """The :class:`Past` of each source, of as many as there is room for; those polled last stay."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit, self._size = limit, 0
        self._pasts: OrderedDict[str, tuple[str, Past]] = OrderedDict()

    @property
    def size(self) -> int:
        """Bytes that are taken, by estimate."""
        return self._size

    def get(self, state: SourceState) -> Past:
        """What a source listed in the body that the store knows it by; an empty past if that is not remembered."""
        since, past = self._pasts.get(state.id, (None, Past()))
        return past if since == state.body_hash and state.baseline_at is not None else Past()

    def put(self, source: str, since: str, past: Past) -> None:
        """Remember what is now stored of the body with the hash ``since``."""
        self.forget(source)
        self._pasts[source] = (since, past)
        self._size += _size(past)
        while self._size > self._limit:
            self.forget(next(iter(self._pasts)))

    def forget(self, source: str) -> None:
        """Read this source whole next time."""
        if source in self._pasts:
            self._size -= _size(self._pasts.pop(source)[1])


def listed(marked: Marked | None, past: Past, since: str | None) -> Listed | None:
    """How a poll that relies on the ``past``, of the body ``since``, is told to the lane; None if it was read whole."""
    if marked is None or since is None or not any(place >= 0 for place in marked.places):
        return None
    names = (past.names[place * NAME : (place + 1) * NAME].hex() if place >= 0 else None for place in marked.places)
    return Listed(names=tuple(names), since=since)


def past_of(marked: Marked, before: Past, articles: Sequence[Article]) -> Past:
    """What is remembered of a poll: ``articles`` are those that were read, the others come from the past ``before``."""
    return Past(
        marks=marked.marks,
        names=b"".join(_names(marked.places, before, iter(articles))),
        keyed=marked.keyed,
        lang=marked.lang,
    )


def _names(places: Iterable[int], before: Past, articles: Iterator[Article]) -> Iterator[bytes]:
    for place in places:
        if place >= 0:
            yield before.names[place * NAME : (place + 1) * NAME]
        else:
            yield bytes.fromhex(short(next(articles).key))


def _size(past: Past) -> int:
    return len(past.marks) + len(past.names) + _OVERHEAD
