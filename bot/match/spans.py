"""Spans in order, and what stands next to them."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .page import Page, Span


class Spans:
    """A set of spans that answers in logarithmic time; an article may hold a word a hundred thousand times."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]
        self._reach = list(accumulate(self._ends, max))

    def overlap(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with [start, end)."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._reach[before - 1] > start

    def near(self, page: Page, span: Span, within: int, *, one_paragraph: bool) -> bool:
        """Whether one of them has at most ``within`` words between itself and ``span``, on either side.

        One inside ``span`` itself is no neighbour; one that overlaps it is the nearest there can be.
        """
        start, end = span
        first, after = bisect_left(self._starts, start), bisect_left(self._starts, end)
        if any(self._ends[other] > end for other in range(first, after)):
            return True
        gaps = [(end, self._starts[after])] if after < len(self._starts) else []
        if first > 0:
            gaps.append((min(self._reach[first - 1], start), start))
        return any(page.close(*gap, within) and not (one_paragraph and "\n" in page.text[slice(*gap)]) for gap in gaps)


def apart(spans: Iterable[Span]) -> list[Span]:
    """Of spans that overlap only one: from the left, of those that begin together the longest."""
    kept: list[Span] = []
    reached = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= reached:
            kept.append((start, end))
            reached = end
    return kept


def distinct(spans: Iterable[Span]) -> int:
    """How many there are if those that overlap count once."""
    return len(apart(spans))
