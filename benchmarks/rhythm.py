"""How late news is, and what that costs in polls: the rhythm beside fixed intervals, replayed on times of items.

python benchmarks/rhythm.py [NEWS]     (NEWS: Federal Register notices, packed lines of JSON with "date" and "terms")

Made-up newsrooms, with days, nights and weekends, and, with NEWS, the notices on one subject as a feed that publishes
in the morning. Prints polls a day, the mean delay and its 95th percentile in minutes for each, and how often a feed
that is well was called silent. "Same polls" is the fixed interval that takes as many polls as the rhythm did.
"""

import gzip
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from bot.ingest import rhythm, timing
from bot.model import Source

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
START = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday
ISSUE = 12.75 * HOUR  # when the Federal Register's documents are filed for the public, 8:45 in Washington
HOLE, WEEK = 10 * DAY, 7 * DAY  # a silence of the whole archive is a hole in it, not in the feeds
FEED = Source(id="feed", kind="feed", name="Feed")

Rate = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Score:
    """What came of polling one feed: polls a day, delays in minutes, false alarms of silence."""

    polls: float
    mean: float
    late: float
    worst: float
    alarms: int


# ── times of items ───────────────────────────────────────────────────────────────────────────────


def office(per_day: float) -> Rate:
    """Items an hour of somebody who publishes from eight to six on weekdays."""
    return lambda at: per_day / 10 if at // DAY % 7 < 5 and 8 <= at % DAY / HOUR < 18 else 0.0


def newsroom(by_day: float, by_night: float) -> Rate:
    """Items an hour of a newsroom that is half as busy at weekends."""
    return lambda at: (by_day if 7 <= at % DAY / HOUR < 22 else by_night) * (1 if at // DAY % 7 < 5 else 0.5)


def times(rate: Rate, most: float, days: float, seed: int, begin: float = 0.0) -> list[float]:
    """Seconds at which items come that are as frequent as ``rate`` says, ``most`` an hour at most (thinning)."""
    dice, at, found = random.Random(seed), begin, []
    while (at := at + dice.expovariate(most / HOUR)) < begin + days * DAY:
        if dice.random() < rate(at) / most:
            found.append(at)
    return found


def made_up() -> dict[str, list[float]]:
    """Feeds of many kinds, the same at each call."""
    wakes = [number * 5 * DAY for number in range(24)] + times(lambda _: 8, 8, 3, 7, begin=120 * DAY)
    return {
        "wire": times(newsroom(20, 6), 20, 60, 1),
        "newsroom": times(newsroom(6, 0.5), 6, 60, 2),
        "outlet, 5 a day": times(office(5), 0.5, 180, 3),
        "ministry, 3 a week": times(office(0.6), 0.06, 365, 4),
        "office, 1 a month": times(office(0.05), 0.005, 730, 5),
        "quiet, then a story": wakes,
        "busy, then nothing": [*times(newsroom(6, 0.5), 6, 60, 6), 365 * DAY],
    }


def federal_register(file: Path, least: int = 30) -> dict[str, list[float]]:
    """The notices on each subject, if there are ``least`` of them, in seconds from the first day of the file."""
    found: dict[str, list[float]] = {}
    first = None
    for row in map(json.loads, gzip.decompress(file.read_bytes()).splitlines()):
        day = date.fromisoformat(row["date"])
        first = first or day
        for term in row["terms"]:
            found.setdefault(f"FR, {term}", []).append((day - first).days * DAY + ISSUE)
    moved = without_holes(sorted({at for each in found.values() for at in each}))
    return {name: sorted(moved[at] for at in each) for name, each in found.items() if len(each) >= least}


def without_holes(days: Sequence[float]) -> dict[float, float]:
    """Where each time lies once the holes are closed, by whole weeks."""
    moved, closed = {days[0]: days[0]}, 0.0
    for before, at in pairwise(days):
        if at - before > HOLE:
            closed += (at - before - 4 * DAY) // WEEK * WEEK
        moved[at] = at - closed
    return moved


# ── the replay ───────────────────────────────────────────────────────────────────────────────────


class Feed:
    """What the store remembers of a feed, and the next interval in seconds; ``every`` is a fixed one."""

    def __init__(self, every: float | None = None) -> None:
        self.source = Source(id="feed", kind="feed", name="Feed", every=every)
        self.gap: float | None = None
        self.hours: str | None = None
        self.news: list[float] = []
        self.longest: float | None = None
        self.since = 0.0
        self.alarms, self.silent = 0, False

    def begin(self, at: float) -> None:
        """The first poll."""
        self.since = at

    def polled(self, at: float, *, new: bool) -> float:
        """One poll more."""
        if new:
            self.gap = rhythm.learned(self.gap, at - self.since)
            self.hours = rhythm.remembered(self.hours, moment(at), at - self.since)
            if self.news:
                self.longest = max(self.longest or 0.0, at - self.since)
            self.alarms += self.silent
            self.news.append(at)
            self.since = at
        self.silent = bool(self.news) and rhythm.is_silent(
            news=len(self.news),
            first=moment(self.news[0]),
            last=moment(self.news[-1]),
            longest=self.longest,
            until=moment(at),
        )
        habit = timing.Habit(gap=self.gap, silence=at - self.since, hours=self.hours)
        return timing.plan(self.source, moment(at), habit).seconds


def moment(at: float) -> datetime:
    """A time of the replay."""
    return START + timedelta(seconds=at)


def replay(items: Sequence[float], every: float | None = None, seed: int = 0) -> Score:
    """Poll a feed that brings ``items``, from a day before the first to an hour after the last."""
    dice, feed, at = random.Random(seed), Feed(every), items[0] - DAY
    left, polls, delays = list(reversed(items)), 0, []
    feed.begin(at)
    while at < items[-1] + HOUR:
        polls += 1
        before = len(left)
        while left and left[-1] <= at:
            delays.append(at - left.pop())
        seconds = feed.polled(at, new=len(left) < before)
        at += (timing.after_success(START, seconds, jitter=dice.random()) - START).total_seconds()
    delays.sort()
    minutes = [delay / MINUTE for delay in delays]
    late = minutes[int(0.95 * (len(minutes) - 1))]
    return Score(polls / ((at - items[0] + DAY) / DAY), sum(minutes) / len(minutes), late, minutes[-1], feed.alarms)


def compared(items: Sequence[float]) -> Iterator[tuple[str, Score]]:
    """The rhythm, the usual interval, and the fixed one that takes as many polls as the rhythm."""
    ours = replay(items)
    yield "rhythm", ours
    yield "15 min", replay(items, timing.EVERY)
    yield "same polls", replay(items, DAY / ours.polls)


def together(feeds: Iterable[Sequence[float]]) -> tuple[Score, Score]:
    """Many feeds at once, each polled by its rhythm, and all of them at the one interval that takes as many polls."""
    feeds = list(feeds)
    ours = [replay(items) for items in feeds]
    every = DAY / (sum(score.polls for score in ours) / len(ours))
    return merged(feeds, ours), merged(feeds, [replay(items, every) for items in feeds])


def merged(feeds: Sequence[Sequence[float]], scores: Sequence[Score]) -> Score:
    """Polls a day of one feed on average; delays as many readers meet them, who get each item of a day."""
    days = [(items[-1] - items[0]) / DAY for items in feeds]
    a_day = [len(items) / span for items, span in zip(feeds, days, strict=True)]

    def average(values: Iterable[float]) -> float:
        return sum(value * weight for value, weight in zip(values, a_day, strict=True)) / sum(a_day)

    return Score(
        sum(score.polls for score in scores) / len(scores),
        average(score.mean for score in scores),
        average(score.late for score in scores),
        max(score.worst for score in scores),
        sum(score.alarms for score in scores),
    )


def main() -> None:
    feeds = made_up() | (federal_register(Path(sys.argv[1])) if len(sys.argv) > 1 else {})
    print(f"{'feed':28} {'interval':12} {'polls/day':>9} {'mean':>7} {'95 %':>7} {'worst':>7} {'alarms':>7}")
    for name, items in feeds.items():
        for interval, score in compared(items):
            figures = f"{score.polls:9.1f} {score.mean:7.1f} {score.late:7.1f} {score.worst:7.1f} {score.alarms:7}"
            print(f"{name:28} {interval:12} {figures}")
            name = ""  # noqa: PLW2901 – said once
    for interval, score in zip(("rhythm", "same polls"), together(feeds.values()), strict=True):
        print(f"{'all, by items':28} {interval:12} {score.polls:9.1f} {score.mean:7.1f} {score.late:7.1f}")


if __name__ == "__main__":
    main()
