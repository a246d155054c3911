"""Where two texts are the same and where they part: shared shingles, and the spots between them.

Shingles (runs of ``K`` words) that occur once in both texts tie a place in one to a place in the other; the
longest chain of ties in common order is kept (as in Bram Cohen's patience diff), and what lies between two
neighbours is compared word by word. A paragraph that was moved counts as shared, and as left out here and
added there.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

K = 4
NEAR = 60  # words: a longer gap holds passages of their own, which cannot be set against each other
PAIR = 2  # same words in a gap that count as shared
MOVED = 6  # words: a shorter run stands elsewhere by chance
ENDING = 6  # words: two endings of that length that share next to nothing are passages of their own, too


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Words [a0, a1) of one text stand where the other has its words [b0, b1); one side may be empty."""

    a0: int
    a1: int
    b0: int
    b1: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """What two texts share.

    ``shared_a`` and ``shared_b`` count the words of each that stand in a shared shingle or beside the same words,
    ``first_a`` and ``first_b`` are the places of the first word in a shared shingle (-1: none), ``spots`` where they
    part.
    """

    shared_a: int
    shared_b: int
    first_a: int
    first_b: int
    spots: tuple[Spot, ...]


def align(a: Sequence[str], b: Sequence[str]) -> Alignment:
    """Set two texts, given as words, against each other."""
    places_a, places_b = _places(a), _places(b)
    shared = places_a.keys() & places_b.keys()
    covered_a, covered_b = _covered(a, shared), _covered(b, shared)
    first_a, first_b = covered_a.find(1), covered_b.find(1)
    ties = sorted((places_a[g], places_b[g]) for g in shared if places_a[g] >= 0 and places_b[g] >= 0)
    spots: set[Spot] = set()
    for gap in _gaps(_chain(ties), len(a), len(b)):
        for spot, same in _refined(gap, a, b):
            if not same:
                spots.add(spot)
            elif spot.a1 - spot.a0 >= PAIR:
                covered_a[spot.a0 : spot.a1] = b"\x01" * (spot.a1 - spot.a0)
                covered_b[spot.b0 : spot.b1] = b"\x01" * (spot.b1 - spot.b0)
    return Alignment(
        shared_a=sum(covered_a),
        shared_b=sum(covered_b),
        first_a=first_a,
        first_b=first_b,
        spots=tuple(sorted(spot for spot in spots if not _moved(spot, covered_a, covered_b))),
    )


def _moved(spot: Spot, covered_a: bytearray, covered_b: bytearray) -> bool:
    """Whether one side of a spot stands elsewhere in the other text: nothing has taken its place."""
    sides = ((covered_a[spot.a0 : spot.a1]), (covered_b[spot.b0 : spot.b1]))
    return any(len(side) >= MOVED and sum(side) >= 0.8 * len(side) for side in sides)


def _shingles(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[offset:] for offset in range(K)), strict=False)


def _places(words: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Place of each shingle, -1 for those that occur more than once."""
    places: dict[tuple[str, ...], int] = {}
    for place, shingle in enumerate(_shingles(words)):
        places[shingle] = -1 if shingle in places else place
    return places


def _covered(words: Sequence[str], shared: set[tuple[str, ...]]) -> bytearray:
    covered = bytearray(len(words))
    for place, shingle in enumerate(_shingles(words)):
        if shingle in shared:
            covered[place : place + K] = b"\x01" * K
    return covered


def _chain(ties: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence that increases on both sides (patience sorting, n log n)."""
    tops: list[int] = []
    piles: list[int] = []
    before: list[int] = []
    for index, (_, b) in enumerate(ties):
        pile = bisect_left(tops, b)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [b]
        piles[pile : pile + 1] = [index]
    chain, index = [], piles[-1] if piles else -1
    while index >= 0:
        chain.append(ties[index])
        index = before[index]
    return chain[::-1]


def _gaps(ties: Sequence[tuple[int, int]], size_a: int, size_b: int) -> Iterator[Spot]:
    """What lies before the first tie, between neighbours and after the last one, as far as comparable."""
    if not ties:
        return
    framed = [(-K, -K), *ties, (size_a, size_b)]
    for (a, b), (next_a, next_b) in pairwise(framed):
        step_a, step_b = next_a - a, next_b - b
        if step_a == step_b == 1 or min(step_a, step_b) > NEAR + K:
            continue
        # Where words repeat, the shingles of both ties overlap: step back so that no side is negative.
        back = max(0, K - min(step_a, step_b))
        yield Spot(a + K - back, next_a, b + K - back, next_b)


def _refined(gap: Spot, a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[Spot, bool]]:
    """The stretches of a gap, with whether both texts have the same words there."""
    left, right = a[gap.a0 : gap.a1], b[gap.b0 : gap.b1]
    if left == right:
        return
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    last = gap.a1 == len(a) and gap.b1 == len(b)
    if last and min(len(left), len(right)) >= ENDING and matcher.ratio() < 0.3:
        return
    for tag, i0, i1, j0, j1 in matcher.get_opcodes():
        yield Spot(gap.a0 + i0, gap.a0 + i1, gap.b0 + j0, gap.b0 + j1), tag == "equal"
