"""Is this many? A window's stories against the same weekday and hour of the past weeks.

The theory is that of outbreak detection (Farrington, Andrews, Beale, Catchpole: *A statistical algorithm for the early
detection of outbreaks of infectious disease*, J. R. Statist. Soc. A 159, 1996; Noufaily et al.: *An improved algorithm
for outbreak detection in multiple surveillance systems*, Statistics in Medicine 32, 2013): counts are compared with
those of comparable windows; they vary more than a Poisson law allows, so that the threshold is a quantile of the
negative binomial law with the dispersion that the past shows, never less than Poisson's; past outbreaks must not raise
the baseline, so that each weekday's counts are cut at three robust deviations (median and MAD) above their median.

A weekday has eight windows in eight weeks, which is little. Its mean is therefore drawn a little, and its dispersion
more, towards those of its kind: windows that begin and end on working days, or at weekends. An hour is
judged against the busiest of the hours around it, too: summer time moves the day of a newsroom by an hour.

Required of an alarm: the chance of so many is tiny (there are 24 hours a day, and themes), it is twice what is expected
and five stories at least. A false alarm is worse than a miss: stories have been alerted one by one anyway.
"""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import accumulate
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from bot.model.volume import Usual

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.model.volume import Series

HOUR = timedelta(hours=1)
DAY, WEEK = 24, 168
WEEKS = 8
HOURS = WEEKS * WEEK + DAY
"""So many hours before the current one are looked at: windows of a day eight weeks ago included."""
# A baseline is filled when so many days were watched, and so many windows on the same weekday at the same hour.
FULL_DAYS, FULL_WEEKS = 28, 4
# Of a window's hours so many must have been watched for it to count.
WATCHED = 0.9
# The chance at which a window stands out, by its hours. A quarter of a year has 2,184 hours, and as many windows of a
# day that share most of their stories.
CHANCE = {1: 5e-5, DAY: 1e-4}
LEAST, TIMES = 5, 2.0
# How much the windows of a kind count beside those of the very weekday: as so many more windows, and for the
# dispersion as so many.
DRAWN, DRAWN_DISPERSION = 2, 8
CUT = 3.0
_SATURDAY = 5 * DAY


class _Base(NamedTuple):
    """What comparable windows had: mean and variance of the next one, and how many weeks tell of it."""

    mean: float
    variance: float
    weeks: int


class Past:
    """A series, prepared for many questions."""

    def __init__(self, series: Series) -> None:
        self.begin = series.begin
        self.length = len(series.stories)
        # The first hour's place in its week.
        self._monday = series.begin.weekday() * DAY + series.begin.hour
        self._stories = [0, *accumulate(series.stories)]
        self._watched = [0, *accumulate(map(int, series.watched))]

    def stories(self, end: int, hours: int) -> int:
        """Stories of the window that ends before hour ``end``."""
        return self._stories[end] - self._stories[max(0, end - hours)]

    def counts(self, end: int, hours: int) -> bool:
        """Whether the window was watched from begin to end, or nearly so."""
        begin = end - hours
        return begin >= 0 and self._watched[end] - self._watched[begin] >= WATCHED * hours

    def at(self, hour: int) -> datetime:
        """When an hour begins."""
        return self.begin + hour * HOUR

    def days(self, end: int) -> int:
        """How many days of the last weeks were watched."""
        return sum(self.counts(end - DAY * day, DAY) for day in range(1, 7 * WEEKS + 1))

    def kind(self, end: int, hours: int) -> tuple[bool, bool]:
        """Whether a window begins and ends at a weekend."""
        return self._is_weekend(end - hours), self._is_weekend(end - 1)

    def _is_weekend(self, hour: int) -> bool:
        return (self._monday + hour) % WEEK >= _SATURDAY


def usual(past: Past, hours: int, *, back: int = 0) -> Usual:
    """How the window of so many hours fares that ends with the current hour, or ``back`` hours before.

    The current hour has not ended; it is compared with whole ones, so that it can only stand out too late. Only windows
    of 1 and 24 hours stand out at all; of others the usual range is told. They need a series of :data:`HOURS` hours
    and as many more as they are longer than a day.
    """
    end = past.length - back
    found, days = past.stories(end, hours), past.days(end)
    around = (0, -1, 1) if hours == 1 else (0,)
    judged = [(_chance(found, base), base) for base in (_base(past, end, hours, shift) for shift in around)]
    chance, base = max(judged, key=lambda each: (each[0], each[1].mean))
    filled = days >= FULL_DAYS and base.weeks >= FULL_WEEKS
    return Usual(
        hours=hours,
        end=past.at(end),
        stories=found,
        expected=base.mean,
        low=quantile(base.mean, base.variance, 0.025),
        high=quantile(base.mean, base.variance, 0.975),
        chance=chance,
        days=days,
        weeks=base.weeks,
        filled=filled,
        unusual=filled and found >= max(LEAST, TIMES * base.mean) and chance < CHANCE.get(hours, 0.0),
    )


def may_stand_out(past: Past, *, now: int = 0) -> bool:
    """Whether it is worth while to ask closely, which is quick to tell.

    Nothing is missed for want of knowing which hours were watched: where others, which hold no stories, pass for
    watched ones, what is expected is too little, not too much. ``now``: so many hours before the end of the series.
    """
    for hours, back in ((1, 0), (1, 1), (DAY, 0)):
        end = past.length - now - back
        found = past.stories(end, hours)
        if found >= LEAST and found >= TIMES * _mean(_groups(past, end, past.kind(end, hours), hours))[0]:
            return True
    return False


# ── what comparable windows had ──────────────────────────────────────────────────────────────────


def _base(past: Past, end: int, hours: int, shift: int) -> _Base:
    groups = _groups(past, end + shift, past.kind(end, hours), hours)
    mean, of_kind = _mean(groups)
    weeks = len(groups.get(0, []))
    wide = _dispersion(groups.values(), of_kind, _overall(past, end, hours))
    return _Base(mean, mean * wide * (1 + 1 / (weeks + DRAWN)), weeks)


def _mean(groups: Mapping[int, Sequence[float]]) -> tuple[float, float]:
    """What is expected on the very weekday, drawn towards its kind; and what the windows of the kind have."""
    own = groups.get(0, [])
    everything = [count for group in groups.values() for count in group]
    of_kind = (sum(everything) + 0.5) / (len(everything) + 0.5)
    return (sum(own) + DRAWN * of_kind) / (len(own) + DRAWN), of_kind


def _groups(past: Past, end: int, kind: tuple[bool, bool], hours: int) -> dict[int, list[float]]:
    """Earlier windows at this hour of the day that are of this kind, by days modulo a week: 0 is the very weekday."""
    found: dict[int, list[float]] = {}
    for day in range(1, 7 * WEEKS + 1):
        then = end - DAY * day
        if past.counts(then, hours) and (day % 7 == 0 or past.kind(then, hours) == kind):
            found.setdefault(day % 7, []).append(past.stories(then, hours))
    return {place: cut(group) for place, group in found.items()}


def cut(counts: Sequence[float]) -> list[float]:
    """The counts, none of them more than CUT robust deviations above their median."""
    middle = median(counts)
    deviation = 1.4826 * median(abs(count - middle) for count in counts)
    most = middle + CUT * max(deviation, math.sqrt(max(middle, 1.0)))
    return [min(count, most) for count in counts]


def _overall(past: Past, end: int, hours: int) -> float:
    """The dispersion over all weekdays and, for windows of an hour, over four times of the day."""
    spread = free = level = 0.0
    for earlier in (0, 6, 12, 18) if hours == 1 else (0,):
        for weekday in range(1, 8):
            ends = (end - earlier - DAY * (weekday + 7 * week) for week in range(WEEKS))
            counts = [past.stories(then, hours) for then in ends if past.counts(then, hours)]
            if len(counts) > 1:
                squares, more, mean = _squares(cut(counts))
                spread, free, level = spread + squares, free + more, level + more * mean
    return max(1.0, spread / level) if level else 1.0


def _dispersion(groups: Iterable[Sequence[float]], mean: float, overall: float) -> float:
    """Variance over mean within the weekdays, at least Poisson's 1, drawn towards what holds for all hours."""
    spread = free = 0.0
    for group in groups:
        squares, more, _ = _squares(group)
        spread, free = spread + squares, free + more
    return max(1.0, (spread / mean + DRAWN_DISPERSION * overall) / (free + DRAWN_DISPERSION))


def _squares(counts: Sequence[float]) -> tuple[float, int, float]:
    """The sum of squares around the mean, its degrees of freedom, the mean."""
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts), len(counts) - 1, mean


# ── the negative binomial law ────────────────────────────────────────────────────────────────────


def _chance(found: int, base: _Base) -> float:
    return upper_tail(found, base.mean, base.variance)


def upper_tail(found: int, mean: float, variance: float) -> float:
    """The probability of ``found`` or more: negative binomial, or Poisson where the variance is the mean's.

    >>> round(upper_tail(3, 1.0, 1.0), 4)
    0.0803
    """
    if found <= 0:
        return 1.0
    if found <= mean:
        return 1.0 - sum(_law(mean, variance, found - 1))
    # From the count upwards: what is left of 1 would drown in its rounding.
    total = term = math.exp(_log_probability(found, mean, variance))
    number = found
    while term > total * 1e-12:
        term *= _ratio(number, mean, variance)
        total += term
        number += 1
    return min(1.0, total)


def quantile(mean: float, variance: float, share: float) -> int:
    """The least count that is not exceeded with probability ``share``."""
    total, term, number = 0.0, math.exp(_log_probability(0, mean, variance)), 0
    limit = int(mean + 40 * math.sqrt(variance)) + 10
    while (total := total + term) < share and number < limit:
        term *= _ratio(number, mean, variance)
        number += 1
    return number


def _law(mean: float, variance: float, last: int) -> Iterable[float]:
    """Probabilities of 0, 1 … ``last``."""
    return (math.exp(_log_probability(number, mean, variance)) for number in range(last + 1))


def _size(mean: float, variance: float) -> float | None:
    """The law's size r, with variance = mean + mean²/r; None where it is Poisson's."""
    return mean * mean / (variance - mean) if variance > mean * (1 + 1e-9) else None


def _log_probability(number: int, mean: float, variance: float) -> float:
    size = _size(mean, variance)
    if size is None:
        return number * math.log(mean) - mean - math.lgamma(number + 1)
    chosen = math.lgamma(number + size) - math.lgamma(size) - math.lgamma(number + 1)
    return chosen + size * math.log(size / (size + mean)) + number * math.log(mean / (size + mean))


def _ratio(number: int, mean: float, variance: float) -> float:
    """How much likelier ``number`` + 1 is than ``number``."""
    size = _size(mean, variance)
    if size is None:
        return mean / (number + 1)
    return (number + size) / (number + 1) * mean / (size + mean)
