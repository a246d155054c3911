"""How often a feed is worth asking: its rhythm, learned from the polls that brought something. Pure.

*Requirements.* A busy feed is asked more often than a quiet one; nights, weekends and a single burst change little; a
feed that wakes up is asked more often within a few items; however quiet, it is asked once in :data:`SLOWEST` seconds.

*Theory.* Where items come at random with a rate each and so many polls are to be had, the sum of all delays is least
if a feed is polled in proportion to the square root of its rate (Sia, Cho, Cho: *Efficient Monitoring Algorithm for
Fast News Alerts*, IEEE TKDE 19, 2007). So the interval grows with the square root of the gap between news. The gap is
smoothed by its logarithm: one night among gaps of ten minutes counts as one gap in four, not as fifty. Polls that
brought something are counted, not items: thirty notices of one hour are one piece of news to wait for. While nothing
comes, a share of the silence stands for the gap that is not over yet. Many offices publish at a fixed hour: around a
time of day at which three of the last eight silences ended, no feed is asked less often than every :data:`USUAL`
seconds.

*Known exceptions.* An hour is one of UTC: where clocks change, it is learned anew within three days. Gaps in which the
bot was off or the feed did not answer are not learned. Dates that a feed gives its items play no part: many are wrong.

``benchmarks/rhythm.py`` replays it beside fixed intervals; ``tests/ingest/test_ingest_rhythm.py`` holds the score.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from functools import lru_cache
from math import inf, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# Seconds between two polls that a rhythm asks for at least and at most; more is for people to ask, with "every".
QUICKEST, SLOWEST = 300.0, 3_600.0
# A feed with news every four hours is asked every 15 minutes, as is one of which nothing is known yet.
USUAL_GAP, USUAL = 14_400.0, 900.0
# What a new gap, or a silence that lasts, counts beside what was learned before.
SHARE = 0.25
SHORTEST_GAP = 60.0

# The times of day at which so many of the last silences ended are remembered; so many of them within AROUND minutes of
# each other make a habit.
REMEMBERED, HABIT, AROUND = 8, 3, 30
A_DAY = 1_440  # minutes

# Silence: three times as long as it ever was quiet before, or thirty times as long as usual, whichever is less;
# but four days at least, for there are long weekends.
SILENT_LONGEST, SILENT_USUAL, SILENCE = 3, 30, timedelta(days=4)
ENOUGH = 4  # polls that brought something: fewer tell of no habit


def learned(gap: float | None, new: float) -> float:
    """The smoothed gap in seconds, after one of ``new`` seconds has come to ``gap`` (None: the first)."""
    before = USUAL_GAP if gap is None else gap
    return float(before ** (1 - SHARE) * max(new, SHORTEST_GAP) ** SHARE)


def interval(gap: float | None, silence: float, hours: str | None = None, at: datetime | None = None) -> float:
    """Seconds to the next poll of a feed with this smoothed ``gap``, ``silence`` seconds after it brought something.

    ``hours`` are its habits (see :func:`remembered`), ``at`` is the time of this poll.
    """
    expected = max(USUAL_GAP if gap is None else gap, SHARE * silence)
    asked = min(max(USUAL * sqrt(expected / USUAL_GAP), QUICKEST), SLOWEST)
    if not hours or at is None or asked <= USUAL:
        return asked
    return max(USUAL, min(asked, _until_its_hour(_habits(hours), at)))


def remembered(hours: str | None, at: datetime, gap: float) -> str | None:
    """The times of day at which the last silences ended, in minutes of UTC, the newest last: now also ``at``.

    News that comes after a ``gap`` for which nobody is asked less often than usual ends no silence.
    """
    if gap < USUAL_GAP:
        return hours
    return " ".join(map(str, [*_read(hours or ""), _minute(at)][-REMEMBERED:]))


def _read(hours: str) -> list[int]:
    return [int(each) for each in hours.split() if each.isdecimal()]


def _minute(at: datetime) -> int:
    utc = at.astimezone(UTC)
    return utc.hour * 60 + utc.minute


@lru_cache(maxsize=4_096)
def _habits(hours: str) -> tuple[int, ...]:
    """The times of day at which news usually comes; asked at each poll, and changed by news only."""
    times = _read(hours)
    return tuple(time for time in times if sum(_apart(time, other) <= AROUND for other in times) >= HABIT)


def _until_its_hour(habits: Sequence[int], at: datetime) -> float:
    """Seconds until a time of day begins at which news usually comes, 0 within one, infinite without any."""
    found = inf
    for time in habits:
        since = (_minute(at) - time + AROUND) % A_DAY
        found = min(found, 0.0 if since <= 2 * AROUND else 60.0 * (A_DAY - since))
    return found


def _apart(one: int, other: int) -> int:
    """Minutes between two times of day, over midnight where that is nearer."""
    return min((one - other) % A_DAY, (other - one) % A_DAY)


def is_silent(*, news: int, first: datetime, last: datetime, longest: float | None, until: datetime) -> bool:
    """Whether a feed has brought nothing for far longer than usual, from ``last`` up to its last good poll ``until``.

    ``news`` polls brought something, from ``first`` to ``last``; ``longest`` is the longest gap between two of them in
    seconds.
    """
    if news < ENOUGH:
        return False
    usual = (last - first) / (news - 1)
    most = SILENT_USUAL * usual
    if longest is not None:
        most = min(most, SILENT_LONGEST * timedelta(seconds=longest))
    return until - last > max(most, SILENCE)
