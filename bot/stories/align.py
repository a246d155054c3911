"""Where two texts are the same and where they part: shared shingles, and the spots between them.

Shingles (runs of ``K`` words) that occur once in both texts tie a place in one to a place in the other; the
longest chain of ties in common order is kept (as in Bram Cohen's patience diff), and what lies between two
neighbours is compared word by word. A passage that was moved is shared, too; the sentences that hold it are compared
where they stand. Between two ties sentences are set against their like; a sentence that has none was left out
here and added there.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .tokens import Tokens

K = 4
NEAR = 60  # words: a longer gap holds passages of their own, which cannot be set against each other
PAIR = 2  # same words in a gap that count as shared
MOVED = 6  # words: a shorter run stands elsewhere by chance
ENDING = 6  # words: two endings of that length that share next to nothing are passages of their own, too
LIKE = 0.5  # of their words that two sentences share when one stands for the other
JOINED = 12  # words between two ties of one moved passage
_ENDS = re.compile(r"[.!?\n。！？]")
_SHORTENED = frozenset(["mr", "mrs", "ms", "dr", "gen", "gov", "sen", "rep", "st", "no", "vs", "inc", "co", "corp"])


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
    part. ``own`` are whole sentences of both that stand in one place and are no versions of each other. ``marks_a`` and
    ``marks_b`` have a 1 for each shared word.
    """

    shared_a: int
    shared_b: int
    first_a: int
    first_b: int
    spots: tuple[Spot, ...]
    own: tuple[Spot, ...] = ()
    marks_a: bytes = b""
    marks_b: bytes = b""


def sentences(body: Tokens) -> tuple[int, ...]:
    """The places of the words that begin a sentence, the first word's among them."""
    text, spans, folded = body.text, body.spans, body.folded
    begins = [start for start, _ in spans]
    found = [0]
    for match in _ENDS.finditer(text):
        place = bisect_right(begins, match.start())
        if not 0 < place < len(spans) or place == found[-1] or spans[place - 1][1] > match.start():
            continue
        sign = match[0]
        if sign == "." and (text[begins[place]].islower() or folded[place - 1] in _SHORTENED):
            continue
        found.append(place)
    return tuple(found)


def align(
    a: Sequence[str], b: Sequence[str], begin_a: Sequence[int] = (0,), begin_b: Sequence[int] = (0,)
) -> Alignment:
    """Set two texts, given as words and the places where sentences begin, against each other."""
    places_a, places_b = _places(a), _places(b)
    shared = places_a.keys() & places_b.keys()
    covered_a, covered_b = _covered(a, shared), _covered(b, shared)
    first_a, first_b = covered_a.find(1), covered_b.find(1)
    ties = sorted((places_a[g], places_b[g]) for g in shared if places_a[g] >= 0 and places_b[g] >= 0)
    chain = _chain(ties)
    text_a, text_b = _Text(a, begin_a, covered_a), _Text(b, begin_b, covered_b)
    spots: set[Spot] = set()
    own: list[Spot] = []
    gaps = [*_gaps(chain, len(a), len(b)), *_moved_gaps(ties, chain, (*begin_a, len(a)), (*begin_b, len(b)))]
    for gap in gaps:
        for part, whole in _divided(gap, text_a, text_b):
            if whole:
                own.append(part)
                continue
            for spot, same in _refined(part, a, b):
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
        spots=tuple(sorted(spot for spot in spots if not _stands_elsewhere(spot, covered_a, covered_b))),
        own=tuple(own),
        marks_a=bytes(covered_a),
        marks_b=bytes(covered_b),
    )


def _stands_elsewhere(spot: Spot, covered_a: bytearray, covered_b: bytearray) -> bool:
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
    """What lies before the first tie, between neighbours and after the last one."""
    if not ties:
        return
    framed = [(-K, -K), *ties, (size_a, size_b)]
    for (a, b), (next_a, next_b) in pairwise(framed):
        step_a, step_b = next_a - a, next_b - b
        if step_a == step_b == 1:
            continue
        # Where words repeat, the shingles of both ties overlap: step back so that no side is negative.
        back = max(0, K - min(step_a, step_b))
        yield Spot(a + K - back, next_a, b + K - back, next_b)


def _moved_gaps(
    ties: Sequence[tuple[int, int]], chain: Sequence[tuple[int, int]], begin_a: Sequence[int], begin_b: Sequence[int]
) -> Iterator[Spot]:
    """What surrounds the ties of a moved passage in its sentences, and lies between them."""
    rest = sorted(set(ties) - set(chain)) if len(ties) > len(chain) else []
    passage: list[tuple[int, int]] = []
    for tie in [*rest, (-1, -1)]:
        if passage and not (0 < tie[0] - passage[-1][0] <= JOINED + K and 0 < tie[1] - passage[-1][1] <= JOINED + K):
            (a, b), (last_a, last_b) = passage[0], passage[-1]
            start_a, start_b = (begin[bisect_right(begin, at) - 1] for begin, at in ((begin_a, a), (begin_b, b)))
            end_a, end_b = (
                begin[bisect_right(begin, at + K - 1)] for begin, at in ((begin_a, last_a), (begin_b, last_b))
            )
            for gap in _gaps(passage, end_a, end_b):
                yield Spot(start_a, a, start_b, b) if gap.a0 == gap.b0 == 0 else gap
            passage = []
        passage.append(tie)


class _Text(NamedTuple):
    words: Sequence[str]
    begins: Sequence[int]  # places where sentences begin
    covered: bytearray  # a 1 for each word that stands in the other text


def _divided(gap: Spot, a: _Text, b: _Text) -> Iterator[tuple[Spot, bool]]:
    """A gap in parts that can be set against each other; True for sentences that are no versions of one."""
    starts_a = a.begins[bisect_left(a.begins, gap.a0) : bisect_right(a.begins, gap.a1)]
    starts_b = b.begins[bisect_left(b.begins, gap.b0) : bisect_right(b.begins, gap.b1)]
    # Where a text ends, its last sentence does, if it was not cut off where both have the same words.
    if gap.a0 < gap.a1 == len(a.words) and gap.b0 < gap.b1 == len(b.words):
        starts_a, starts_b = starts_a or (gap.a1,), starts_b or (gap.b1,)
    if not starts_a or not starts_b:
        if min(gap.a1 - gap.a0, gap.b1 - gap.b0) <= NEAR:
            yield gap, False
        return
    end_a = gap.a1 if gap.a1 == len(a.words) else starts_a[-1]
    end_b = gap.b1 if gap.b1 == len(b.words) else starts_b[-1]
    yield Spot(gap.a0, starts_a[0], gap.b0, starts_b[0]), False
    yield Spot(end_a, gap.a1, end_b, gap.b1), False
    if min(end_a - starts_a[0], end_b - starts_b[0]) > NEAR:
        return
    left = _alone(list(pairwise([*(at for at in starts_a if at < end_a), end_a])), a.covered)
    right = _alone(list(pairwise([*(at for at in starts_b if at < end_b), end_b])), b.covered)
    yield from _paired(left, right, a.words, b.words)


def _alone(found: Sequence[tuple[int, int]], covered: bytearray) -> list[tuple[int, int]]:
    """Sentences without those that stand elsewhere in the other text."""
    return [
        (start, end) for start, end in found if end - start < MOVED or sum(covered[start:end]) < 0.5 * (end - start)
    ]


def _paired(
    left: list[tuple[int, int]], right: list[tuple[int, int]], a: Sequence[str], b: Sequence[str]
) -> Iterator[tuple[Spot, bool]]:
    """Sentences set against their like, and those that have none against what stands in their place."""
    free = list(right)
    single: list[tuple[int, int]] = []
    for start, end in left:
        like = max(free, key=lambda other: _likeness(a[start:end], b[other[0] : other[1]]), default=None)
        if like is not None and _likeness(a[start:end], b[like[0] : like[1]]) >= LIKE:
            free.remove(like)
            yield Spot(start, end, *like), False
        else:
            single.append((start, end))
    if single and free:
        yield Spot(single[0][0], single[-1][1], free[0][0], free[-1][1]), True
        return
    place_a, place_b = (found[0][0] if found else 0 for found in (left, right))
    yield from ((Spot(start, end, place_b, place_b), False) for start, end in single)
    yield from ((Spot(place_a, place_a, start, end), False) for start, end in free)


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    mine, theirs = set(one), set(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs))


def _refined(gap: Spot, a: Sequence[str], b: Sequence[str]) -> Iterator[tuple[Spot, bool]]:
    """The stretches of a gap, with whether both texts have the same words there."""
    left, right = a[gap.a0 : gap.a1], b[gap.b0 : gap.b1]
    if left == right:
        return
    if not left or not right:
        yield gap, False
        return
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    last = gap.a1 == len(a) and gap.b1 == len(b)
    if last and min(len(left), len(right)) >= ENDING and matcher.ratio() < 0.3:
        return
    for tag, i0, i1, j0, j1 in matcher.get_opcodes():
        yield Spot(gap.a0 + i0, gap.a0 + i1, gap.b0 + j0, gap.b0 + j1), tag == "equal"
