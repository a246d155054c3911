"""The figures of the matcher's benchmark: as a table beside what is aimed at, and as JSON."""

from __future__ import annotations

import json
import math
import platform
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from peers import Column, Differences

FOLD, SCAN, WHICH, EVIDENCE = "fold", "fold + scan", "ours: which rules", "ours: with evidence"
TIMES_THE_SCAN = {100: 1.05, 1_000: 1.15, 10_000: 1.6, 100_000: 2.5}
TIMES_AS_FAST = {100: {"naive re": 300}, 10_000: {"PostgreSQL": 8, "tantivy": 2}}
SLOWEST, GROWTH, MEMORY = 4, 0.45, {100_000: 3_000}


@dataclass
class Measured:
    """Everything about one number of rules."""

    rules: int
    terms: float
    columns: list[Column] = field(default_factory=list)
    differences: dict[str, Differences] = field(default_factory=dict)
    mentions: float = 0.0
    memory: float = 0.0

    def add(self, column: Column, differences: Differences) -> None:
        """A peer and how it compares."""
        self.columns.append(column)
        if differences.articles:
            self.differences[column.name] = differences

    def column(self, begins: str) -> Column | None:
        """An engine's column, if it was measured."""
        return next((one for one in self.columns if one.name.startswith(begins) and one.times), None)


def median(column: Column) -> float:
    """Microseconds of an article."""
    return statistics.median(column.times)


def p99(column: Column) -> float:
    """Microseconds that one article in a hundred takes at least."""
    return (
        statistics.quantiles(column.times, n=100, method="inclusive")[98] if len(column.times) > 1 else column.times[0]
    )


def speed(column: Column) -> float:
    """Articles a second."""
    return 1e6 / statistics.mean(column.times)


@dataclass(frozen=True)
class Aim:
    """A ratio or figure, beside what is aimed at if something is."""

    name: str
    value: float
    bound: float | None = None
    least: bool = False
    unit: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether it is, as it is printed; None where nothing is aimed at."""
        if self.bound is None:
            return None
        value = round(self.value, 2)
        return value >= self.bound if self.least else value <= self.bound

    def __str__(self) -> str:
        aim = "" if self.bound is None else f"aim {'≥' if self.least else '≤'} {self.bound:,g}"
        missed = "" if self.reached in (None, True) else "  missed"
        return f"  {self.name:<34}{self.value:>12,.{2 if self.value < 100 else 0}f}{self.unit:<7}{aim}{missed}".rstrip()


def aims(result: Measured) -> Iterator[Aim]:
    """The ratios of one number of rules."""
    whole, scan = result.column(WHICH), result.column(SCAN)
    if whole is None or scan is None:
        return
    yield Aim("whole match ÷ fold and scan", median(whole) / median(scan), TIMES_THE_SCAN.get(result.rules))
    yield Aim("p99 ÷ median", p99(whole) / median(whole), SLOWEST)
    for name in ("naive re", "PostgreSQL", "tantivy", "Lucene Monitor"):
        peer = result.column(name)
        if peer is not None:
            bound = TIMES_AS_FAST.get(result.rules, {}).get(name)
            yield Aim(f"articles/s ÷ {name}", speed(whole) / speed(peer), bound, least=True)
    yield Aim("memory", result.memory / 1000, MEMORY.get(result.rules, 0) / 1000 or None, unit=" kB")


def table(result: Measured) -> Iterator[str]:
    """The lines of one number of rules."""
    yield f"{result.rules:,} rules of {result.terms:.1f} terms, {result.mentions:,.2f} mentions an article"
    yield f"  {'':<24}{'median':>12}{'p99':>12}{'articles/s':>12}{'ready in s':>12}  differing mentions"
    for column in result.columns:
        yield f"  {column.name:<24}{_cells(column, result.differences.get(column.name))}".rstrip()
    yield from map(str, aims(result))


def _cells(column: Column, differences: Differences | None) -> str:
    if not column.times:
        return f"not installed: {column.missing}"
    sign = "~" * (column.scale > 1)
    slow = "–" if column.batched else f"{sign}{p99(column):,.0f}"
    built = "" if column.build is None else f"{sign}{column.build:,.2f}"
    rate = f"{speed(column):,.{0 if speed(column) >= 100 else 1}f}"
    return f"{sign + format(median(column), ',.0f'):>12}{slow:>12}{sign + rate:>12}{built:>12}  {differences or ''}"


def exponent(results: Sequence[Measured]) -> float | None:
    """By what power of the number of rules an article's time grows from 1,000 to 100,000; None if not measured."""
    times = {result.rules: median(column) for result in results if (column := result.column(WHICH))}
    if not times.keys() >= {1_000, 100_000}:
        return None
    return math.log(times[100_000] / times[1_000]) / math.log(100)


def growth(results: Sequence[Measured]) -> Iterator[str]:
    """The line of all numbers of rules together."""
    power = exponent(results)
    if power is not None:
        yield "1,000 → 100,000 rules"
        yield str(Aim("growth exponent", power, GROWTH))


def machine() -> str:
    """What was measured, and on what."""
    return f"Presswatch {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def as_json(results: Sequence[Measured]) -> str:
    """The same figures for other programs: times in microseconds, memory in bytes."""
    return json.dumps(
        {
            "machine": machine(),
            "growth": exponent(results),
            "rules": [
                {
                    "rules": result.rules,
                    "terms": result.terms,
                    "mentions": result.mentions,
                    "bytes_a_rule": result.memory,
                    "engines": {column.name: _figures(column, result) for column in result.columns},
                    "aims": [
                        {"name": aim.name, "value": aim.value, "aim": aim.bound, "reached": aim.reached}
                        for aim in aims(result)
                    ],
                }
                for result in results
            ],
        },
        indent=1,
        ensure_ascii=False,
    )


def _figures(column: Column, result: Measured) -> dict[str, object]:
    if not column.times:
        return {"missing": column.missing}
    differences = result.differences.get(column.name)
    return {
        "median": median(column),
        "p99": None if column.batched else p99(column),
        "articles_a_second": speed(column),
        "ready_seconds": column.build,
        "extrapolated": column.scale > 1,
        "differing_mentions": differences and differences.wrong,
        "compared_mentions": differences and differences.of,
    }
