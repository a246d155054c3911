"""The figures of a sentence with what they are of, so that another figure of the same thing is known as a change.

A figure counts if it has a unit: per cent, money, or one of a few nouns that are counted in news ("27 firms"). What it
is of stands next to it in its clause: "a 25 % tariff on graphite" is of a tariff, and the graphite is about it. Where
a sentence names the old figure too ("to 10 % from 25 %"), that one is kept with the new one and is none of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.extract import figures
from bot.text import cut, fold, has_run_script, words

from .vocabulary import EMPTY_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.extract import Figure


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


def _nouns(listed: str) -> dict[str, str]:
    """Every noun, singular and plural, with the one that stands for its like."""
    return {form: line.split("/")[0] for line in listed.split() for noun in line.split("/") for form in _forms(noun)}


def _forms(noun: str) -> tuple[str, str]:
    return noun, "people" if noun == "person" else noun[:-1] + "ies" if noun.endswith("y") else noun + "s"


# What outlets call one thing by several names counts as one.
COUNTED = _nouns(
    "firm/company/entity person worker/employee job ton/tonne barrel vehicle/car chip country product item day"
    " ship/vessel plane vote"
)
_NOUNS = "|".join(sorted(COUNTED, key=len, reverse=True))
_COUNT = re.compile(rf"[\s-](?:[A-Za-z-]+\s)?(?P<noun>{_NOUNS})\b", re.IGNORECASE)
_BREAK = re.compile(r"[,;:()\[\]—–，；：（）。]\s?|\s-\s|\s(?:and|or|but|while|whereas)\s|\.\s")
# What stands beside a figure and says nothing of what it is of.
_WEEKDAYS = _set("monday tuesday wednesday thursday friday saturday sunday")
_LOOSE = (
    EMPTY_WORDS
    | _WEEKDAYS
    | _set("""
    instead rather
    around nearly almost roughly approximately least most up down only just now currently current new additional
    extra further initial final rate rates level levels value total worth figure number amount per each every
    under between can could may might shall should must do does did let made make makes go goes went going raise
    raises raised raising cut cuts cutting lower lowers lowered lowering lift lifts lifted lifting reduce
    reduces reduced increase increases increased increasing decrease decreased set sets setting impose imposes
    imposed imposing rise rises rose risen fall falls fell fallen drop drops dropped double doubled doubling
    halve halved halving slash slashed hike hiked levy levied charge charged face faces faced apply applies
    applied remain remains remained stay stays stayed become becomes became reach reaches reached hit hits
    hitting agree agreed plan plans planned announce announced there here today yesterday tomorrow
""")
)
_CUE = re.compile(
    r"\b(?:now|instead|revised?|corrected|amended|updated|no\slonger|lower(?:s|ed|ing)?|rais(?:e|es|ed|ing)|cut(?:s|ting)?"
    r"|reduc(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|lift(?:s|ed|ing)?|halv(?:e|es|ed|ing)|doubl(?:e|es|ed|ing)"
    r"|slash(?:es|ed|ing)?|rather\sthan|final(?:ly)?|extend(?:s|ed|ing)?)\b",
    re.IGNORECASE,
)
_OLD_AFTER = re.compile(
    r"\A(?:\s\w+){0,3}(?:(?:,?\s(?:up|down|lowered|raised|cut))?,?\s(?:from|instead\sof|rather\sthan)|,?\s(?:and\s)?not)"
    r"\s(?:\w+\s){0,2}\Z"
)
_TO = re.compile(r"\A(?:(?:\s\w+){0,3}\sto\s(?:\w+\s){0,1}|[^\d\s，。；]{0,8}[到至为為])\Z")
_FROM_BEFORE = re.compile(r"(?:\bfrom\s(?:\w+\s){0,2}|[从從由])\Z")
_NOT_BEFORE = re.compile(r"\bnot\s\Z")
_NOT_BETWEEN = re.compile(r"\A,?\s(?:but|as)\s(?:\w+\s){0,2}\Z")
_OBJECT = _set("on for of against")  # "the tariff on graphite" is a tariff
_PARTITIVE = _set("of the all its their a an")
# A figure with a unit has a digit or one of these; "seven firms" alone is a handful that nobody has to hear of.
_LIKELY = re.compile(r"\d|ty[- ]|teen|hundred|thousand|illion|per\s?cent|[百千万萬亿億]")
SIGNS = {"%": " %", "points": " points", "basis points": " basis points"}
BESIDE = 6  # words of a clause that may say what a figure is of
SHOWN = 40
LEFT, RIGHT = 45, 35  # characters of a clause around its figure that readers see


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A figure with a unit at [start, end) of the sentence.

    ``head`` is the noun it is of (empty: not clear), ``about`` the other words beside it, ``clause`` what stands around
    it, for readers. ``old`` is the figure that the sentence says it replaces, ``moved``: it tells of a change.
    """

    value: Decimal
    unit: str
    text: str
    start: int
    end: int
    head: str = ""
    about: frozenset[str] = frozenset()
    clause: str = ""
    old: Amount | None = None
    moved: bool = False

    @property
    def key(self) -> str:
        """Equal for every way of writing the same amount: "10 %"."""
        return f"{self.value.normalize():f} {self.unit}"

    @property
    def topic(self) -> str:
        """What it is of, with its unit; empty where that is not clear."""
        return f"{self.unit} {self.head}" if self.head else ""

    @property
    def is_count(self) -> bool:
        """Whether it counts things rather than measures them."""
        return self.unit in COUNTED.values()

    @property
    def rounded(self) -> tuple[str, ...]:
        """The keys of the same amount written with fewer digits, two at least."""
        digits = len(self.value.normalize().as_tuple().digits)
        keys = (f"{_round(self.value, many).normalize():f} {self.unit}" for many in range(2, min(digits, 8)))
        return tuple(dict.fromkeys(key for key in keys if key != self.key))


def _round(value: Decimal, digits: int) -> Decimal:
    place = Decimal(1).scaleb(value.adjusted() - digits + 1)
    return (value / place).quantize(Decimal(1), ROUND_HALF_UP) * place


def amounts(sentence: str) -> tuple[Amount, ...]:
    """The figures with a unit, in order of place, without those that the sentence calls the old ones."""
    if not _LIKELY.search(sentence):
        return ()
    found = [_measured(figure, sentence) for figure in figures(sentence)]
    known = [amount for amount in found if amount is not None]
    olds = dict(_pairs(known, sentence))
    gone = {id(old) for old in olds.values()}
    return tuple(_placed(amount, olds.get(id(amount)), known, sentence) for amount in known if id(amount) not in gone)


def _measured(figure: Figure, sentence: str) -> Amount | None:
    unit, end = figure.unit, figure.end
    if not unit:
        counted = _COUNT.match(sentence, figure.end)
        if counted is None:
            return None
        unit, end = COUNTED[counted["noun"].lower()], counted.end()
    shown = (
        f"{figure.value.normalize():,f}{SIGNS[unit]}"
        if unit in SIGNS
        else " ".join(sentence[figure.start : end].split())
    )
    return Amount(value=figure.value, unit=unit, text=cut(shown, SHOWN), start=figure.start, end=end)


def _pairs(known: Sequence[Amount], sentence: str) -> Iterable[tuple[int, Amount]]:
    """Which of two neighbours of one unit replaces which: (id of the new one, the old one)."""
    for left, right in pairwise(known):
        if left.unit != right.unit or left.value == right.value:
            continue
        before, between = sentence[: left.start], sentence[left.end : right.start]
        if _OLD_AFTER.match(between):
            yield id(left), right
        elif (_FROM_BEFORE.search(before) and _TO.match(between)) or (
            _NOT_BEFORE.search(before) and _NOT_BETWEEN.match(between)
        ):
            yield id(right), left


def _placed(amount: Amount, old: Amount | None, known: Sequence[Amount], sentence: str) -> Amount:
    """The amount with what it is of."""
    others = [(one.start, one.end) for one in known if one is not amount and one is not old]
    first, last = (min(amount.start, old.start), max(amount.end, old.end)) if old else (amount.start, amount.end)
    before = _clause_before(sentence, first, others)
    behind = _clause_behind(sentence, last, others)
    if old is not None and old.start > amount.end:  # "a 10 % tariff on graphite, down from 25 %"
        between = _clause_behind(sentence, amount.end, [(old.start, old.end)])
        behind = between if _telling(_words(between)) else behind
    head, about = _subject(before, behind, amount)
    return Amount(
        value=amount.value,
        unit=amount.unit,
        text=amount.text,
        start=amount.start,
        end=amount.end,
        head=head,
        about=about,
        clause=_excerpt(sentence, amount, len(before), len(behind)),
        old=old,
        moved=old is not None or _CUE.search(sentence) is not None,
    )


def _clause_before(sentence: str, place: int, others: Iterable[tuple[int, int]]) -> str:
    begin = max((end for _, end in others if end <= place), default=0)
    begin = max([begin, *(mark.end() for mark in _BREAK.finditer(sentence, begin, place))])
    return sentence[begin:place]


def _clause_behind(sentence: str, place: int, others: Iterable[tuple[int, int]]) -> str:
    end = min((start for start, _ in others if start >= place), default=len(sentence))
    mark = _BREAK.search(sentence, place, end)
    return sentence[place : mark.start() if mark else end]


def _excerpt(sentence: str, amount: Amount, before: int, behind: int) -> str:
    """The figure with some words of its clause on either side."""
    left = sentence[amount.start - min(before, amount.start) : amount.start]
    right = sentence[amount.end : amount.end + behind]
    if len(left) > LEFT:
        left = left[-LEFT:].partition(" ")[2]
    if len(right) > RIGHT:
        right = right[:RIGHT].rpartition(" ")[0]
    return " ".join(f"{left}{sentence[amount.start : amount.end]}{right}".split()).rstrip(" .,;:")


def _subject(before: str, behind: str, amount: Amount) -> tuple[str, frozenset[str]]:
    """The noun that is measured, and what is said of it.

    The noun is what is counted; else what follows at once or behind "of" ("10 % of exports"), else the last word before
    the figure, or before what that is on ("the tariff on graphite will be 10 %").
    """
    following, leading = _words(behind), _words(before)
    if amount.is_count:
        return amount.unit, frozenset(_telling(following)[:BESIDE])
    if following[:1] == ["of"]:
        following = following[next((at for at, word in enumerate(following) if word not in _PARTITIVE), 0) :]
    if following and following[0] not in _LOOSE:
        return _single(following[0]), frozenset(_telling(following[1:])[:BESIDE])
    at = next((at for at in range(_parted(leading) - 1, -1, -1) if leading[at] not in _LOOSE), None)
    if at is None:
        return "", frozenset()
    first = at
    while first and leading[first - 1] not in _LOOSE:
        first -= 1
    beside = [*_telling(leading[first:at]), *_telling(leading[at + 1 :]), *_telling(following)[:BESIDE]]
    return _single(leading[at]), frozenset(beside[:BESIDE])


def _parted(leading: Sequence[str]) -> int:
    """Where the noun that is measured is parted from what it is on; the end where it is not."""
    places = [at for at, word in enumerate(leading) if word in _OBJECT and _telling(leading[:at])]
    places = [at for at in places if at + 1 < len(leading) and leading[at + 1] not in _WEEKDAYS]
    on = [at for at in places if leading[at] != "of"]
    return on[-1] if on else places[0] if places else len(leading)


def _words(text: str) -> list[str]:
    if has_run_script(text):  # without spaces nothing tells where a noun begins
        return []
    return [word.removesuffix("'s").removesuffix("'") for word in words(fold(text))]


def _telling(listed: Iterable[str]) -> list[str]:
    return [_single(word) for word in listed if word not in _LOOSE]


def _single(word: str) -> str:
    """Without the plural's ending."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word
