"""What one poll brings on its way into the store, and what became of it there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from .desk import Live
    from .model import Article, Mention, Refusal, Source
    from .remembered import Listed
    from .store.records import PollRecord


class Superseded(Exception):
    """The source was configured otherwise while it was polled: what came may be of another address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article and what the rules found in it, on its way into the store; ``rank`` 0 is its poll's newest."""

    article: Article
    mentions: tuple[Mention, ...]
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one poll brought, with the rules it was matched against; ``refused`` items can be no articles.

    ``joined``: the source itself says that nothing is missing between this poll and the last one. ``listed``: there
    were others, which are known as they are and were not read. Of a poll that is written in parts, ``begun`` arrivals
    are written; ``first``: as those of a first poll; ``news``: some of them were new.
    """

    source: Source
    live: Live
    poll: PollRecord
    arrivals: tuple[Arrival, ...]
    refused: tuple[Refusal, ...] = ()
    backfill: int = 0
    joined: bool = False
    listed: Listed | None = None
    begun: int = 0
    first: bool = False
    news: bool = False

    @property
    def is_folder(self) -> bool:
        """Whether it is of a folder: what that held before does not matter for what it holds now."""
        return self.source.kind == "folder"

    def after(self, end: int, tally: Tally) -> Batch:
        """The poll when the arrivals before ``end`` are written, ``tally`` those of this part."""
        poll = replace(self.poll, fetched=self.poll.fetched - (end - self.begun))
        return replace(self, poll=poll, begun=end, first=tally.first, news=self.news or tally.new > 0)


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of one poll's articles.

    ``first``: it was a feed's first poll; ``kept`` articles were stored as its baseline, ``kept_matching`` of
    them match a rule. ``gap_from``: the last good poll, if nothing joins this one with it. ``known`` items were
    as they were before, ``refused`` ones were seen for the first time and can be no articles. ``tight``: the seconds
    between polls from now on, if the gap makes them fewer. ``settled``: every item is stored under the key with which
    it came.
    """

    new: int = 0
    changed: int = 0
    known: int = 0
    refused: int = 0
    matched: int = 0
    alerts: int = 0
    first: bool = False
    kept: int = 0
    kept_matching: int = 0
    gap_from: datetime | None = None
    tight: float | None = None
    settled: bool = True

    def add(self, other: Tally) -> None:
        """Count another part of the same poll."""
        for name in ("new", "changed", "known", "refused", "matched", "alerts", "kept", "kept_matching"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.first, self.gap_from = self.first or other.first, self.gap_from or other.gap_from
        self.tight = self.tight or other.tight
        self.settled = self.settled and other.settled
