"""When a digest is due, told by data alone: the schedule, what was issued, and the time.

An issue belongs to a local date. It is due once the wall clock of its zone has shown the time on that date, and
never again once the date was issued – whatever the clock does in between: an hour that is skipped ends in its
first moment, an hour that comes twice counts at its first showing. (Schedulers that fire by wall-clock triggers
were measured to skip or double runs around such changes.)
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Digest

LATE = timedelta(hours=1)
DAY = timedelta(days=1)
# No week is without one of the schedule's days; two more for zones that are a date ahead or behind.
WEEK = 9


@cache
def _occurrence(day: date, hour: int, minute: int, zone: str) -> datetime:
    wall = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 – what a clock on the wall shows
    place = ZoneInfo(zone)
    early, late = sorted(wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early.astimezone(place).replace(tzinfo=None) == wall:
        return early
    # The clock jumps over this time: between the two readings it passes from before to after it.
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(place).replace(tzinfo=None) < wall:
            early = middle
        else:
            late = middle
    return late


def occurrence(digest: Digest, day: date) -> datetime:
    """The instant, in UTC, at which the wall clock first shows the digest's time, or a later one, on ``day``."""
    return _occurrence(day, digest.at.hour, digest.at.minute, digest.zone)


def due(digest: Digest, *, since: datetime, last: date | None, now: datetime) -> date | None:
    """The date whose issue is due: the newest scheduled one that has come and was not issued; None if there is none.

    ``since`` is when the digest was configured for this recipient: what came before it is not asked for. ``last``
    is the newest date issued. Of several that were missed only the newest is due.
    """
    today = _today(digest, now)
    for back in range(-1, WEEK):
        day = today - back * DAY
        if day.weekday() in digest.days and occurrence(digest, day) <= now:
            fresh = occurrence(digest, day) > since and (last is None or day > last)
            return day if fresh else None
    return None


def next_occurrence(digest: Digest, *, since: datetime, last: date | None, now: datetime) -> datetime | None:
    """When the next issue falls due, in UTC: already past if it waits to be sent; None for a digest without days."""
    waiting = due(digest, since=since, last=last, now=now)
    if waiting is not None:
        return occurrence(digest, waiting)
    first = _today(digest, now) - DAY if last is None else max(_today(digest, now) - DAY, last + DAY)
    coming = (occurrence(digest, day) for day in _scheduled(digest, first))
    return next((moment for moment in coming if moment > max(now, since)), None)


def is_late(digest: Digest, day: date, now: datetime) -> bool:
    """Whether the issue of ``day`` goes out more than an hour after its time."""
    return now - occurrence(digest, day) > LATE


def _today(digest: Digest, now: datetime) -> date:
    return now.astimezone(ZoneInfo(digest.zone)).date()


def _scheduled(digest: Digest, first: date) -> Iterator[date]:
    days = (first + number * DAY for number in range(2 * WEEK))
    return (day for day in days if day.weekday() in digest.days)
