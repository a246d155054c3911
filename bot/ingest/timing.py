"""When a source is polled next, and where an article stands in order. Pure: the time is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from . import rhythm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Article, IntervalBy, Source

SHORTEST, LONGEST = 60.0, 86_400.0  # seconds between two polls, whatever anybody asks for
EVERY = rhythm.USUAL  # seconds between polls of a feed of which nothing is known
EVERY_FOLDER = 60.0  # reading a folder costs nobody else anything
SPREAD = 0.1  # share of the interval over which polls are spread, so that sources do not fall due together
# A failing source is asked again after 1, 2, 4 … minutes, at most every 6 hours: it never is given up.
FIRST_RETRY, LAST_RETRY = 60.0, 21_600.0
OLDEST = timedelta(days=7)
# A feed that overflowed between two polls is polled more often for so long after its last possible gap.
TIGHT_FOR = timedelta(days=7)
# A poll that comes later than so many intervals was held up: what it missed says nothing of the interval.
HELD_UP = 2


def order_at(published_at: datetime | None, first_seen: datetime) -> datetime:
    """Where an article stands in order: its date, but no earlier than seven days before it was seen, and not later.

    Dates in feeds may be wrong by decades; the date as given is kept elsewhere.
    """
    if published_at is None:
        return first_seen
    return min(max(published_at, first_seen - OLDEST), first_seen)


def age_key(article: Article) -> float:
    """Larger for newer articles; those without date come last."""
    return article.published_at.timestamp() if article.published_at else float("-inf")


def newest_first(articles: Iterable[Article]) -> tuple[Article, ...]:
    """The articles by their dates."""
    return tuple(sorted(articles, key=lambda article: -age_key(article)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Seconds from one poll to the next, and what they come from."""

    seconds: float
    by: IntervalBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """A feed's rhythm: the smoothed ``gap`` between news and the ``silence`` since the last, in seconds; its hours."""

    gap: float | None = None
    silence: float = 0.0
    hours: str | None = None


def plan(source: Source, at: datetime, habit: Habit, *, tight: float | None = None, floor: float = 0.0) -> Plan:
    """How often to poll ``source`` after a poll ``at`` this time.

    Its ``every`` is obeyed as it stands; without it a feed is polled by its rhythm (:mod:`bot.ingest.rhythm`). A
    possible gap asks for the shorter interval ``tight``. Never more often than feed and server ask for: ``floor``.
    """
    if source.every is not None:
        found = Plan(seconds=source.every, by="config")
    elif source.kind == "folder":
        found = Plan(seconds=EVERY_FOLDER, by="folder")
    else:
        found = Plan(seconds=rhythm.interval(habit.gap, habit.silence, habit.hours, at), by="rhythm")
    if tight is not None and tight < found.seconds:
        found = Plan(seconds=tight, by="gap")
    if floor > found.seconds:
        found = Plan(seconds=floor, by="server")
    return Plan(seconds=clamp(found.seconds), by=found.by)


def recent(tight: float | None, gap_to: datetime | None, now: datetime) -> float | None:
    """The interval that a gap asks for, as long as the gap is recent."""
    return None if gap_to is None or now - gap_to > TIGHT_FOR else tight


def tightened(used: float | None, gap: timedelta) -> float | None:
    """The interval in seconds that a gap asks for: half of the one ``used``; None if the poll was held up.

    ``gap`` is the time between the two polls that have nothing in common.
    """
    return None if used is None or was_held_up(used, gap) else clamp(used / 2)


def was_held_up(used: float | None, since: timedelta) -> bool:
    """Whether a poll came too late to tell anything of the interval ``used``: the bot was off, or nobody answered."""
    return used is not None and since.total_seconds() > HELD_UP * used


def after_success(now: datetime, seconds: float, *, jitter: float = 0.5) -> datetime:
    """When a source is due again that is polled every so many ``seconds``.

    ``jitter`` in [0, 1) places the poll within ±5 % of the interval.
    """
    return now + timedelta(seconds=clamp(seconds * (1 + SPREAD * (jitter - 0.5))))


def after_failure(
    now: datetime, failures: int, *, seconds: float = EVERY, retry_after: float | None = None, jitter: float = 0.5
) -> datetime:
    """When to try again after the ``failures``-th failure in a row (1 is the first).

    Doubles from a minute to six hours or the source's own interval of ``seconds``, whichever is longer, with full
    jitter over the upper half so that sources behind one dead server do not come back together. A server's
    Retry-After is the least.
    """
    pause = min(FIRST_RETRY * 2.0 ** min(max(failures, 1) - 1, 32), max(LAST_RETRY, seconds))
    spread = pause * (0.75 + 0.5 * jitter)
    return now + timedelta(seconds=clamp(max(spread, retry_after or 0.0)))


def clamp(seconds: float) -> float:
    """The seconds within one minute and 24 hours."""
    return min(max(seconds, SHORTEST), LONGEST)
