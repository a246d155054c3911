"""What so many feeds need: a day of them, second by second, reckoned from measured costs.

    python benchmarks/scaling.py [--feeds 10000 100000 1000000] [--costs FILE] [--set poll.unchanged=900 ...]
                                 [--seed 7] [--json FILE]

Costs and assumptions stand in benchmarks/scaling.toml, each with where it is from; --set replaces one of them for this
run. The day has a busiest hour and, in it, an event that many feeds carry within minutes. What arrives in a second is
drawn; what is not worked off waits for the next second, first come, first served. Found is the least number of workers
(of one core each) and of serial lanes that are busy for no more than 70 % of the day and let 99 of 100 seconds' work
wait less than five seconds.

    workers    poll, parse and match; each job of the queue costs them, too
    lanes      what places articles: one of them is what Presswatch has, more is what a desk of that size would take
    queue      jobs a second beside what one PostgreSQL hands out: beyond, a broker has to carry the jobs
    channel    how long an alert waits for its turn in its channel, as if alerts were never sent in groups
    database   gigabytes after the time that texts and polls are kept, and rows of the largest table
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from figures import machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COSTS = Path(__file__).resolve().with_suffix(".toml")
DAY, HOUR = 86_400, 3_600
BURST_AT = 14 * HOUR
PATIENCE = 5.0
BUSY = 0.7
MICRO = 1e-6
Costs = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Needs:
    """What a number of feeds takes. Waits in seconds, 99 of 100 and the longest; shares of what there is."""

    feeds: int
    polls_a_second: float
    articles_a_day: int
    workers: int
    workers_busy: float
    worker_wait: float
    lanes: int
    lane_busy: float
    lane_wait: float
    lane_longest: float
    jobs_a_second: float
    queue_busy: float
    alerts_a_day: int
    channel_wait: float
    channel_longest: float
    gigabytes: float
    poll_rows: int


@dataclass(frozen=True)
class Second:
    """What arrives in one second."""

    polls: int
    articles: int
    jobs: int
    alerts: int


def read(path: Path, replaced: Sequence[str]) -> Costs:
    """The costs of a file, some of them replaced (``table.key=number``). Ends the program where one is not known."""
    costs: Costs = tomllib.loads(path.read_text("utf-8"))
    for each in replaced:
        name, _, value = each.partition("=")
        table, _, key = name.partition(".")
        if key not in costs.get(table, {}):
            known = ", ".join(f"{table}.{key}" for table in costs for key in costs[table])
            sys.exit(f"--set {each}: there is no such figure; there are {known}")
        try:
            costs[table][key] = float(value)
        except ValueError:
            sys.exit(f"--set {each}: {value!r} is not a number")
    return costs


def drawn(rng: random.Random, mean: float) -> int:
    """A number of independent arrivals (Poisson; above 50 by its normal approximation)."""
    if mean > 50:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    number, left = 0, rng.expovariate(1.0) if mean else math.inf
    while left < mean:
        number += 1
        left += rng.expovariate(1.0)
    return number


def curve(second: int, busiest: float) -> float:
    """How much comes at this time of the day beside the average: a wave whose top is ``busiest``."""
    return 1 + (busiest - 1) * math.cos(2 * math.pi * (second - BURST_AT) / DAY)


def day(feeds: int, costs: Costs, rng: random.Random) -> Iterator[Second]:
    """A day's arrivals, second by second."""
    feed, burst, queue = costs["feed"], costs["burst"], costs["queue"]
    polls, articles = feeds * feed["polls"] / DAY, feeds * feed["articles"] / DAY
    over = burst["minutes"] * 60
    hosts = max(1.0, feeds * feed["hosts"])
    for second in range(DAY):
        extra = feeds * burst["share"] / over if BURST_AT <= second < BURST_AT + over else 0
        asked = drawn(rng, polls)
        new = drawn(rng, articles * curve(second, feed["busiest"]) + extra)
        told = drawn(rng, new * costs["alert"]["share"])
        # Polls of one host within a tick are one job; so are the messages of one channel.
        tick = queue["tick"]
        jobs = hosts * (1 - math.exp(-asked * tick / hosts)) / tick + min(told, costs["alert"]["channels"])
        yield Second(asked, new, round(jobs), told)


def backlog(work: Sequence[float], hands: float) -> list[float]:
    """Seconds that who comes last in each second has to wait, where ``hands`` work side by side."""
    left, waits = 0.0, []
    for each in work:
        left = max(0.0, left + each - hands)
        waits.append(left / hands)
    return waits


def least(work: Sequence[float]) -> int:
    """How many have to work so that they are BUSY at most, and 99 of 100 wait less than PATIENCE."""
    hands = max(1, math.ceil(sum(work) / len(work) / BUSY))
    while percentile(backlog(work, hands), 0.99) > PATIENCE:
        hands += max(1, hands // 20)
    return hands


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def needs(feeds: int, costs: Costs, seed: int) -> Needs:
    """What so many feeds take."""
    poll, article, feed, alert, queue = (costs[name] for name in ("poll", "article", "feed", "alert", "queue"))
    seconds = list(day(feeds, costs, random.Random(seed)))
    a_poll = MICRO * (poll["unchanged"] + feed["https"] * poll["tls"])
    work = [s.polls * a_poll + MICRO * (s.articles * poll["changed"] + s.jobs * queue["job"]) for s in seconds]
    placing = [MICRO * article["lane"] * s.articles for s in seconds]
    rate = min(alert["a_second"], alert["workspace"] / alert["channels"])
    told = backlog([s.alerts / (rate * alert["channels"]) for s in seconds], 1)
    workers, lanes = least(work), least(placing)
    waits, lane = backlog(work, workers), backlog(placing, lanes)
    articles = sum(s.articles for s in seconds)
    rows = round(sum(s.polls for s in seconds) * feed["poll_days"])
    kept = articles * article["days"] * article["bytes"] + rows * feed["poll_bytes"]
    jobs = percentile([float(s.jobs) for s in seconds], 0.99)
    return Needs(
        feeds=feeds,
        polls_a_second=feeds * feed["polls"] / DAY,
        articles_a_day=articles,
        workers=workers,
        workers_busy=sum(work) / DAY / workers,
        worker_wait=percentile(waits, 0.99),
        lanes=lanes,
        lane_busy=sum(placing) / DAY / lanes,
        lane_wait=percentile(lane, 0.99),
        lane_longest=max(lane),
        jobs_a_second=jobs,
        queue_busy=jobs / queue["a_second"],
        alerts_a_day=sum(s.alerts for s in seconds),
        channel_wait=percentile(told, 0.99),
        channel_longest=max(told),
        gigabytes=kept / 1e9,
        poll_rows=rows,
    )


def lines(all_needs: Sequence[Needs]) -> Iterator[str]:
    """A table: one column for each number of feeds."""
    rows: tuple[tuple[str, str], ...] = (
        ("feeds", "{0.feeds:,}"),
        ("polls a second", "{0.polls_a_second:,.1f}"),
        ("new articles a day", "{0.articles_a_day:,}"),
        ("workers", "{0.workers:,}"),
        ("  of which busy", "{0.workers_busy:.0%}"),
        ("  wait, 99 %", "{0.worker_wait:,.1f} s"),
        ("lanes", "{0.lanes:,}"),
        ("  of which busy", "{0.lane_busy:.0%}"),
        ("  wait, 99 %", "{0.lane_wait:,.1f} s"),
        ("  wait, longest", "{0.lane_longest:,.1f} s"),
        ("jobs a second, 99 %", "{0.jobs_a_second:,.0f}"),
        ("  of what one PostgreSQL does", "{0.queue_busy:.0%}"),
        ("alerts a day", "{0.alerts_a_day:,}"),
        ("  wait in the channel, 99 %", "{0.channel_wait:,.0f} s"),
        ("  wait in the channel, longest", "{0.channel_longest:,.0f} s"),
        ("database", "{0.gigabytes:,.0f} GB"),
        ("  rows of polls", "{0.poll_rows:,}"),
    )
    for name, form in rows:
        yield f"{name:<32}" + "".join(f"{form.format(each):>18}" for each in all_needs)


def main() -> None:
    """Reckon and print."""
    summary, _, more = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=summary, epilog=more, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", nargs="+", type=int, default=(10_000, 100_000, 1_000_000), metavar="N")
    parser.add_argument("--costs", type=Path, default=COSTS, metavar="FILE", help="in place of benchmarks/scaling.toml")
    parser.add_argument("--set", nargs="+", default=(), dest="replaced", metavar="TABLE.KEY=NUMBER")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file as well")
    asked = parser.parse_args()
    costs = read(asked.costs, asked.replaced)
    found = [needs(feeds, costs, asked.seed) for feeds in asked.feeds]
    print(machine())
    print("\n".join(lines(found)))
    if asked.json is not None:
        asked.json.write_text(json.dumps([asdict(each) for each in found], indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
