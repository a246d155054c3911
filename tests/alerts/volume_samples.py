"""Newsrooms that never were: stories by the hour, with the rhythm of days and weeks, for the tests of what is usual."""

import math
import random
from datetime import UTC, datetime

from bot.alerts.volume import HOUR, HOURS, Past
from bot.model.volume import Series

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday
# Shares of a day's stories; midnight first.
RHYTHM = (2, 2, 2, 2, 3, 5, 8, 12, 16, 18, 18, 17, 17, 20, 22, 20, 18, 14, 10, 7, 5, 4, 3, 2)
WORKING, WEEKEND = 1.28, 0.3


def rate(place, daily):
    """What is expected in an hour of a newsroom with so many stories a day."""
    at = BEGIN + place * HOUR
    return daily * (WEEKEND if at.weekday() >= 5 else WORKING) * RHYTHM[at.hour] / sum(RHYTHM)


def poisson(random_, mean):
    """A count with this mean (Knuth, The Art of Computer Programming 2, 3.4.1)."""
    limit, product, number = math.exp(-mean), random_.random(), 0
    while product > limit:
        product *= random_.random()
        number += 1
    return number


def newsroom(daily, weeks, seed, dispersion=1.0):
    """Stories of so many weeks, hour by hour; with ``dispersion`` above 1 news comes in clumps."""
    random_ = random.Random(seed)
    counts = []
    for place in range(weeks * 168):
        mean = rate(place, daily)
        if dispersion > 1:
            mean = random_.gammavariate(mean / (dispersion - 1), dispersion - 1)
        counts.append(poisson(random_, mean))
    return counts


def past(counts, end=None, watched=None):
    """The hours before ``end`` (all) that a comparison looks at; the last one is the current hour."""
    end = len(counts) if end is None else end
    first = max(0, end - HOURS - 1)
    seen = watched or [True] * len(counts)
    return Past(Series(begin=BEGIN + first * HOUR, stories=tuple(counts[first:end]), watched=tuple(seen[first:end])))


def all_of(counts):
    """All hours at once: comparisons look no further back than they need."""
    return Past(Series(begin=BEGIN, stories=tuple(counts), watched=(True,) * len(counts)))
