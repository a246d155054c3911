"""How near occurrences of two kinds come to each other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Literal

    from .page import Page
    from .tree import Found

    Measure = Callable[[Found, Found], tuple[int, int] | None]
    """From one occurrence to a later one, growing with the distance; None if the two do not belong together."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An occurrence on the left of an operator and one on its right, which do not overlap."""

    left: Found
    right: Found
    distance: tuple[int, int]

    @property
    def swapped(self) -> bool:
        """Whether the right one stands first in the text."""
        return self.right[1] < self.left[1]

    @property
    def both(self) -> tuple[Found, Found]:
        """The two as they stand in the text."""
        return (self.right, self.left) if self.swapped else (self.left, self.right)


def nearest(left: Sequence[Found], right: Sequence[Found], measure: Measure) -> Pair | None:
    """The two that stand nearest to each other in either order; None if no two go together."""
    pairs = (in_order(left, right, measure), in_other_order(left, right, measure))
    return min((pair for pair in pairs if pair), key=_distance, default=None)


def in_order(left: Sequence[Found], right: Sequence[Found], measure: Measure) -> Pair | None:
    """The nearest two of which the left one comes first."""
    found = (
        Pair(first, second, distance)
        for first, second in _candidates(left, right)
        if (distance := measure(first, second)) is not None
    )
    return min(found, key=_distance, default=None)


def in_other_order(left: Sequence[Found], right: Sequence[Found], measure: Measure) -> Pair | None:
    """The nearest two of which the right one comes first."""
    pair = in_order(right, left, measure)
    return pair and Pair(pair.right, pair.left, pair.distance)


def _distance(pair: Pair) -> tuple[int, int]:
    return pair.distance


def _candidates(first: Sequence[Found], second: Sequence[Found]) -> Iterator[tuple[Found, Found]]:
    """For each occurrence of the rarer kind those of the other kind that can be nearest: the next, or the last."""
    if len(first) <= len(second):
        later = sorted(second, key=_start)
        for one in first:
            place = bisect_left(later, one[2], key=_start)
            if place < len(later):
                yield one, later[place]
        return
    earlier = sorted(first, key=_end)
    begun = list(accumulate(earlier, _later))
    for one in second:
        place = bisect_right(earlier, one[1], key=_end)
        if place > 0:
            yield earlier[place - 1], one  # the last one to end, which is nearest in words,
            yield begun[place - 1], one  # and the last one to begin, in sentences


def _later(one: Found, other: Found) -> Found:
    return other if other[1] > one[1] else one


def _start(found: Found) -> int:
    return found[1]


def _end(found: Found) -> int:
    return found[2]


def by_words(page: Page) -> Measure:
    """The words between two of one paragraph."""
    paragraphs = page.paragraph_starts

    def measure(first: Found, second: Found) -> tuple[int, int] | None:
        apart = bisect_right(paragraphs, first[1]) != bisect_right(paragraphs, second[1])
        return None if apart else (page.words_between(first[2], second[1]), 0)

    return measure


def by_units(page: Page, unit: Literal["sentence", "paragraph"]) -> Measure:
    """How many sentences or paragraphs further the second begins, and the words between; both in one field."""
    starts, border = page.units(unit), page.border

    def measure(first: Found, second: Found) -> tuple[int, int] | None:
        if first[1] < border <= second[1]:
            return None
        further = bisect_right(starts, second[1]) - bisect_right(starts, first[1])
        return further, page.words_between(first[2], second[1])

    return measure
