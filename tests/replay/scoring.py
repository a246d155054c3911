"""Scores of a partition against its labels. Pure: names in, figures out.

B-cubed is Bagga and Baldwin's ("Entity-based cross-document coreferencing using the vector space model",
COLING-ACL 1998), each item with the same weight; Amigó, Gonzalo, Artiles and Verdejo ("A comparison of extrinsic
clustering evaluation metrics based on formal constraints", Information Retrieval 12, 2009) show that of the usual
measures it alone meets all their constraints. Pairwise figures stand beside it because they count every false
merge, and large stories most of all.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from labelled import Quotation

ENOUGH = 0.8  # of the longer one's letters, for two quotations to be the same words
# Words of a speaker's name that alone name nobody.
EMPTY = frozenset(["a", "an", "the", "of", "for", "at", "in", "from", "who", "and", "his", "her", "its", "their", "said", "mr", "mrs", "ms", "dr"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, 0…1. Nothing found is not wrong, and where nothing is to be found nothing is missed."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def counted(right: int, found: int, wanted: int) -> Score:
    """The score of ``right`` among ``found``, where ``wanted`` are to be found."""
    return Score(right / found if found else 1.0, right / wanted if wanted else 1.0)


def pairwise(wanted: Mapping[str, str], found: Mapping[str, str]) -> Score:
    """Over all pairs of items that stand in one group: ``wanted`` and ``found`` give each item's group."""
    right = Counter((wanted[item], found[item]) for item in wanted)
    return counted(
        sum(map(_pairs, right.values())),
        sum(map(_pairs, Counter(found[item] for item in wanted).values())),
        sum(map(_pairs, Counter(wanted.values()).values())),
    )


def _pairs(size: int) -> int:
    return size * (size - 1) // 2


def pairs(group: Mapping[str, str]) -> set[tuple[str, str]]:
    """Every pair of items in one group, in the order of ``group``."""
    members: dict[str, list[str]] = {}
    for item, name in group.items():
        members.setdefault(name, []).append(item)
    return {pair for items in members.values() for pair in combinations(items, 2)}


def bcubed(wanted: Mapping[str, str], found: Mapping[str, str]) -> Score:
    """For each item the share of its found group that belongs to it, and of its wanted group that was found."""
    if not wanted:
        return Score(1.0, 1.0)
    both = Counter((wanted[item], found[item]) for item in wanted)
    of_wanted, of_found = Counter(wanted.values()), Counter(found[item] for item in wanted)
    shared = [(both[wanted[item], found[item]], wanted[item], found[item]) for item in wanted]
    return Score(
        sum(count / of_found[there] for count, _, there in shared) / len(shared),
        sum(count / of_wanted[here] for count, here, _ in shared) / len(shared),
    )


def matched(wanted: Iterable[Quotation], found: Iterable[Quotation]) -> list[tuple[Quotation, Quotation]]:
    """(wanted, found) for each quotation that was found with its speaker, none of them twice."""
    left, right = list(wanted), []
    for quote in found:
        match = next((other for other in left if is_same_quotation(other, quote)), None)
        if match is not None:
            left.remove(match)
            right.append((match, quote))
    return right


def is_same_quotation(one: Quotation, two: Quotation) -> bool:
    """The same words but for their edges, from the same speaker, who may be named shorter or longer."""
    return _same_words(_letters(one.text), _letters(two.text)) and _same_speaker(one.speaker, two.speaker)


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", unicodedata.normalize("NFKC", text).casefold()))


def _same_words(one: str, two: str) -> bool:
    short, long = sorted((one, two), key=len)
    return bool(short) and short in long and len(short) >= ENOUGH * len(long)


def _same_speaker(one: str, two: str) -> bool:
    """Every weighty word of the shorter name stands in the longer; Chinese names are compared by their letters."""
    if not (one + two).isascii() and (_letters(one) in _letters(two) or _letters(two) in _letters(one)):
        return bool(_letters(one)) and bool(_letters(two))
    mine, theirs = _name(one), _name(two)
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


def _name(speaker: str) -> set[str]:
    words = re.findall(r"\w+", re.sub(r"['’]s\b", "", speaker.casefold()))
    return set(words) - EMPTY
