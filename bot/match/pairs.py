"""Occurrences beside each other: within some words, in one sentence, at places of their own."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from .spans import Spans, apart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from .page import Page, Span
    from .tree import Found


def within(
    page: Page, left: Sequence[Found], right: Sequence[Found], words: int, *, ordered: bool
) -> list[Found] | None:
    """Those of ``left`` and ``right`` that stand at most ``words`` words from one of the other; None if none do.

    The two may not overlap, and stand in one paragraph; with ``ordered`` the left one comes first.
    """
    before, after = _Neighbours(page, left, words), _Neighbours(page, right, words)
    found = [one for one in left if after.follows(one) or (not ordered and after.precedes(one))]
    found += [one for one in right if before.precedes(one) or (not ordered and before.follows(one))]
    return found or None


class _Neighbours:
    """Occurrences that answer whether one of them stands right before or right after another."""

    def __init__(self, page: Page, found: Sequence[Found], words: int) -> None:
        self._page = page
        self._words = words
        self._starts = sorted(start for _, start, _ in found)
        self._ends = sorted(end for _, _, end in found)

    def follows(self, one: Found) -> bool:
        """Whether one of them comes soon after ``one``."""
        first = bisect_left(self._starts, one[2])
        return first < len(self._starts) and self._close(one[2], self._starts[first])

    def precedes(self, one: Found) -> bool:
        """Whether one of them ends shortly before ``one``."""
        last = bisect_right(self._ends, one[1])
        return last > 0 and self._close(self._ends[last - 1], one[1])

    def _close(self, end: int, start: int) -> bool:
        return "\n" not in self._page.text[end:start] and self._page.close(end, start, self._words)


def alone(page: Page, found: Sequence[Found], others: Sequence[Found], words: int) -> list[Found]:
    """Those that have none of ``others`` at most ``words`` words away; one inside an occurrence is no neighbour."""
    beside = Spans((start, end) for _, start, end in others)
    return [one for one in found if not beside.near(page, one[1:], words, one_paragraph=True)]


def together(
    page: Page, left: Sequence[Found], right: Sequence[Found], unit: Literal["sentence", "paragraph"]
) -> list[Found] | None:
    """Those of ``left`` and ``right`` that begin in one unit with one of the other that does not overlap."""
    starts = page.units(unit)
    lefts, rights = _bounds(left, starts), _bounds(right, starts)
    found = [one for one in left if _partner(one, rights, starts)]
    found += [one for one in right if _partner(one, lefts, starts)]
    return found or None


def _bounds(found: Sequence[Found], starts: Sequence[int]) -> dict[int, tuple[int, int]]:
    """For each unit the first end and the last start of the occurrences that begin in it."""
    bounds: dict[int, tuple[int, int]] = {}
    for _, start, end in found:
        unit = bisect_right(starts, start)
        first, last = bounds.get(unit, (end, start))
        bounds[unit] = (min(first, end), max(last, start))
    return bounds


def _partner(one: Found, bounds: dict[int, tuple[int, int]], starts: Sequence[int]) -> bool:
    _, start, end = one
    unit = bounds.get(bisect_right(starts, start))
    return unit is not None and (unit[0] <= start or unit[1] >= end)


def places_of_their_own(parts: Sequence[Sequence[Found]], wanted: int) -> int:
    """How many of the parts can be given a place each, ``wanted`` at most.

    Hits that overlap share a place: the leftmost, of those that begin together the longest, stands for the others.
    """
    places = apart((start, end) for part in parts for _, start, end in part)
    starts, ends = [start for start, _ in places], [end for _, end in places]
    reach = [_reach([(start, end) for _, start, end in part], starts, ends) for part in parts]
    held: dict[int, int] = {}
    holder: dict[int, int] = {}
    for part in range(len(parts)):
        if len(held) < wanted:
            _give(part, reach, held, holder)
    return len(held)


def _reach(spans: Sequence[Span], starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """The numbers of the places that some of the spans overlap."""
    numbers = {number for start, end in spans for number in range(bisect_right(ends, start), bisect_left(starts, end))}
    return sorted(numbers)


def _give(part: int, reach: Sequence[Sequence[int]], held: dict[int, int], holder: dict[int, int]) -> None:
    """Find the part a place, moving others to another of theirs where that helps (an augmenting path)."""
    came_from: dict[int, int] = {}  # place → the part that asks for it
    asking = [part]
    for asker in asking:
        for place in reach[asker]:
            if place in came_from:
                continue
            came_from[place] = asker
            if place in holder:
                asking.append(holder[place])
                continue
            free, taker = place, asker
            while taker != part:  # each takes the free place, and leaves its own to the one that asked for that
                left = held[taker]
                held[taker], holder[free] = free, taker
                free, taker = left, came_from[left]
            held[part], holder[free] = free, part
            return
