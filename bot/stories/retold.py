"""A sentence that was written anew, and sentences that stand in one place: whether one contradicts the other.

An editor who writes the first sentence himself says the same in other words, more of it or less. What he must not say
is something else: another figure of the same unit, another name where his sentence has no place for the first, the
other direction, a denial. A fact that stands anywhere in the other text was taken from it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from .common import COMMON, EMPTY, stem
from .sides import same_fact, side, unmatched
from .wording import GENERIC, MINOR

if TYPE_CHECKING:
    from datetime import datetime

    from .align import Spot
    from .reading import Reading
    from .sides import Side

RETOLD = 2  # sentences that may be written anew
ANEW = 0.6  # likeness of the words in their order; below, a sentence was written anew
BORNE_OUT = 0.4  # of the telling words of a sentence written anew that the other text has
COMMON_WORDS = 3  # telling words that two sentences share when they may speak of one thing


def sentence(reading: Reading, start: int, end: int) -> tuple[int, int]:
    """The sentences that hold the words [start, end)."""
    begins = reading.sentences
    after = bisect_left(begins, end) if end > start else bisect_right(begins, end)
    return begins[bisect_right(begins, start) - 1], begins[after] if after < len(begins) else len(reading.body.folded)


def is_retold(a: Reading, b: Reading, spot: Spot) -> bool:
    """Whether the sentences around a spot are one in other words, and neither says what the other denies."""
    (a0, a1), (b0, b1) = sentence(a, spot.a0, spot.a1), sentence(b, spot.b0, spot.b1)
    left, right = a.body.folded[a0:a1], b.body.folded[b0:b1]
    if SequenceMatcher(None, left, right, autojunk=False).ratio() >= ANEW:
        return False
    if not bears_out(a, b, (a0, a1), (b0, b1)):
        return False
    mine, theirs = _unsupported(a, b, (a0, a1), (b0, b1))
    if "not" in mine.turns + theirs.turns or "possible" in mine.modals ^ theirs.modals:
        return False
    if (mine.turns and theirs.turns) or (mine.modals and theirs.modals):
        return False
    return not (_other_figures(mine, theirs) or (mine.names and theirs.names) or _other_days(mine, theirs))


def contradicts(a: Reading, b: Reading, spot: Spot) -> bool:
    """Whether of sentences that stand in one place, and are no versions of one, one denies what the other says."""
    first = spot.a0 == spot.b0 == 0
    mine, theirs = _unsupported(a, b, (spot.a0, spot.a1), (spot.b0, spot.b1))
    if first and not bears_out(a, b, (spot.a0, spot.a1), (spot.b0, spot.b1)):
        return True
    if first and (mine.names or _opens_with(a, b)) and (theirs.names or _opens_with(b, a)):
        return True
    if not first and len(_telling(a, spot.a0, spot.a1) & _telling(b, spot.b0, spot.b1)) < COMMON_WORDS:
        return False
    return _other_figures(mine, theirs) or {*mine.turns} ^ {*theirs.turns} >= {"up", "down"}


def bears_out(a: Reading, b: Reading, here: tuple[int, int], there: tuple[int, int], least: float = BORNE_OUT) -> bool:
    """Whether a good part of what either stretch says stands somewhere in the other text: it is no new matter."""
    for reading, other, place in ((a, b, here), (b, a, there)):
        telling = _telling(reading, *place)
        if telling and len(telling & {stem(word) for word in other.vocabulary}) >= least * len(telling):
            return True
    return False


def _unsupported(a: Reading, b: Reading, here: tuple[int, int], there: tuple[int, int]) -> tuple[Side, Side]:
    """Both stretches without the facts that the other text has, there or elsewhere."""
    mine, theirs = unmatched(side(a, *here), side(b, *there), a.at or b.at)
    return _without(mine, b, a), _without(theirs, a, b)


def _without(found: Side, other: Reading, own: Reading) -> Side:
    at = own.at or other.at
    kept = [fact for fact in found.facts if fact not in other.vocabulary and not _has(other, fact, at)]
    return replace(found, facts=tuple(kept))


def _has(reading: Reading, fact: str, at: datetime | None) -> bool:
    """Whether a text has a fact in another form."""
    head = fact[:2] if fact.isalpha() else fact[:1]
    near = [word for word in reading.vocabulary if word.startswith(head)]
    return any(same_fact(fact, word, at) for word in near)


def _other_figures(mine: Side, theirs: Side) -> bool:
    return bool({_unit(figure) for figure in mine.figures} & {_unit(figure) for figure in theirs.figures})


def _unit(figure: str) -> str:
    return figure.lstrip("0123456789.:")


def _other_days(mine: Side, theirs: Side) -> bool:
    days, others = (set(part.facts) - set(part.names) - set(part.figures) for part in (mine, theirs))
    return bool(days and others)


def _telling(reading: Reading, start: int, end: int) -> set[str]:
    return {stem(word) for word in reading.body.folded[start:end] if word not in MINOR and word not in EMPTY}


def _opens_with(reading: Reading, other: Reading) -> bool:
    """Whether a text's first word may be a name that the other text does not have."""
    first = reading.body.folded[0]
    if first in MINOR or first in GENERIC or first in EMPTY or stem(first) in COMMON:
        return False
    return stem(first) not in {stem(word) for word in other.vocabulary}
