"""What a stretch of a text says: its facts, its turns, its modal verbs and its other words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.text import has_run_script

from .common import stem
from .moments import DATED, MONTHS, same_day
from .styled import same_amount
from .vocabulary import same_word
from .wording import MINOR, MODALS, TURN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from .reading import Reading

# A government is called by its capital.
_CAPITALS = {
    "brussels": "eu", "beijing": "chin", "peking": "chin", "london": "brit", "paris": "fr", "berlin": "german",
    "tokyo": "japan", "seoul": "korea", "moscow": "russia", "moskau": "russ", "kyiv": "ukrain", "delhi": "india",
    "ottawa": "canad", "canberra": "australia", "hanoi": "vietnam", "taipei": "taiwan", "jakarta": "indonesia",
    "tehran": "iran", "ankara": "turk", "rome": "ital", "madrid": "spa", "bern": "swi", "vienna": "austria",
    "warsaw": "pol", "brasilia": "brazil", "pretoria": "south", "bangkok": "thai", "manila": "philippin",
}  # fmt: skip
_NATIONS = {"us": "us", "usa": "us", "america": "us", "uk": "uk", "britain": "uk", "kingdom": "uk", "prc": "prc"}


@dataclass(frozen=True, slots=True)
class Side:
    """What one text has at a spot."""

    facts: tuple[str, ...]
    turns: tuple[str, ...]
    modals: frozenset[str]
    words: tuple[str, ...]
    nations: frozenset[str] = frozenset()  # those that a house names or leaves out as it likes

    @property
    def names(self) -> list[str]:
        """The facts that are no figures and no days."""
        return [fact for fact in self.facts if not fact[0].isdigit() and fact not in DATED and fact not in MONTHS]

    @property
    def figures(self) -> list[str]:
        """The facts that are figures."""
        return [fact for fact in self.facts if fact[0].isdigit()]


def side(reading: Reading, start: int, end: int) -> Side:
    """What the words [start, end) of a body say."""
    body = reading.body
    facts: list[str] = []
    turns: list[str] = []
    words: list[str] = []
    modals, nations = set(), set()
    for at in range(start, end):
        word = body.folded[at]
        if word in MODALS and (word != "may" or body.text[body.spans[at][0]].islower()):
            modals.add(MODALS[word])
        elif word[0].isdigit() or word in DATED or word in MONTHS:
            facts.append(word)
        elif word in TURN:
            turns.append(TURN[word])
        elif word in _NATIONS:
            nations.add(_NATIONS[word])
        elif word in MINOR:
            continue
        elif _is_name(reading, at) or (not word.isascii() and has_run_script(word)):
            facts.append(word)
        else:
            words.append(word)
    return Side(tuple(facts), tuple(turns), frozenset(modals), tuple(words), frozenset(nations))


def _is_name(reading: Reading, at: int) -> bool:
    """Whether the word is a name: by its capital, or where a sentence begins by what it is elsewhere."""
    body = reading.body
    word = body.folded[at]
    if body.is_name(at) or word in _CAPITALS:
        return True
    if not body.text[body.spans[at][0]].isupper():
        return False
    return any(body.folded[place] == word and body.is_name(place) for place in range(len(body.folded)))


def unmatched(mine: Side, theirs: Side, at: datetime | None) -> tuple[Side, Side]:
    """Both sides without what the other has too."""
    left, right = list(mine.facts), list(theirs.facts)
    for fact in mine.facts:
        same = next((other for other in right if same_fact(fact, other, at)), None)
        if same is not None:
            left.remove(fact)
            right.remove(same)
    turns, other_turns = Counter(mine.turns), Counter(theirs.turns)
    modals = mine.modals & theirs.modals
    if {"able", "possible"} <= mine.modals | theirs.modals:  # "may appeal" and "can appeal"
        modals |= {"able", "possible"}
    words, others = _differing(mine.words, theirs.words), _differing(theirs.words, mine.words)
    return (
        Side(tuple(left), tuple((turns - other_turns).elements()), mine.modals - modals, words, mine.nations),
        Side(tuple(right), tuple((other_turns - turns).elements()), theirs.modals - modals, others, theirs.nations),
    )


def _differing(words: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    known = {stem(other) for other in others}
    return tuple(
        word
        for word in words
        if stem(word) not in known and not any(x[0] == word[0] and same_word(word, x) for x in others)
    )


def same_fact(left: str, right: str, at: datetime | None) -> bool:
    """Whether two figures, days or names may be one."""
    if left[0].isdigit() and right[0].isdigit() and same_amount(left, right):
        return True
    if left == right or same_word(left, right):
        return True
    return same_day(left, right, at) or _derived(left, right) or _governs(left, right) or _governs(right, left)


def _derived(left: str, right: str) -> bool:
    """Peru and Peruvian, but not Niger and Nigeria."""
    short, long = sorted((left, right), key=len)
    return (
        len(short) > 3 and long.startswith(short[:-1]) and long[len(short) - 1 :].endswith(("an", "ish", "ese", "vian"))
    )


def _governs(capital: str, country: str) -> bool:
    return capital in _CAPITALS and country.startswith(_CAPITALS[capital])
