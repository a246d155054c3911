"""Regular English plurals of a term's last word, and singulars where they are safe.

The rules are those of any school grammar: -s; -es after s, x, z, ch, sh and after a consonant with o;
-ies for a consonant with y. A wrong guess that is no English word ("batche") costs nothing; one that is
another word ("uses" → "us") costs a false alarm, so the exceptions err on the side of silence.
"""

from __future__ import annotations

import re

_VOWELS = "aeiou"
_ASCII_WORD = re.compile(r"[a-z]{3,}")

# Words that have no other number, or mean something else in it.
UNCHANGED = frozenset(
    """
    aircraft always arms athletics barracks billiards brussels business chaos chassis chinese christmas
    clothes commons congress corps customs cyprus data diabetes dues earnings economics electronics ethics food gas
    goods gross headquarters honduras information japanese kansas logistics maldives mathematics means media
    metropolis mumps news ours outskirts perhaps personnel physics politics premises press proceeds process
    progress reuters savings securities series siemens species spectacles staff statistics surroundings swiss
    tactics texas thanks theirs this treasuries was whereas yours
    airbus alas athens atlas bias bonus campus canvas census christ consensus focus genus lens nexus nucleus
    paris portuguese status surplus virus yes
    """.split()  # noqa: SIM905 - a column of fifty lines would say no more
)
# Plurals in -ies whose singular ends in -ie.
_IE = frozenset({"calories", "cookies", "genies", "lies", "movies", "pies", "rookies", "selfies", "ties", "zombies"})
# Nouns in s that take the ending and have no singular of their own.
_TAKES_ES = frozenset(
    {"airbus", "bonus", "bus", "campus", "census", "christmas", "consensus", "focus", "lens", "status"}
)
_TAKES_ES |= {"surplus", "virus", "process", "business", "congress", "press", "gas", "atlas", "canvas", "nexus"}


def variants(word: str) -> tuple[str, ...]:
    """The other numbers of a folded word: its plural, or its singulars if it is a plural; () for most non-words."""
    if not _ASCII_WORD.fullmatch(word):
        return ()
    if word in _TAKES_ES:
        return (word + "es",)
    if word in UNCHANGED:
        return ()
    return _plurals(word) if not word.endswith("s") or word.endswith(("ss", "us", "is")) else _singulars(word)


def _plurals(word: str) -> tuple[str, ...]:
    if word.endswith("is"):  # crisis, basis: not regular
        return ()
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return (word + "es",)
    before = word[-2]
    if word[-1] == "y" and before not in _VOWELS:
        return (word[:-1] + "ies",)
    if word[-1] == "o" and before not in _VOWELS:
        return (word + "es", word + "s")
    return (word + "s",)


def _singulars(word: str) -> tuple[str, ...]:
    if word.endswith("ics"):
        return ()
    if word[:-2] in _TAKES_ES:
        return (word[:-2],)
    if word.endswith("ies") and word not in _IE:
        found: tuple[str, ...] = (word[:-3] + "y",)
    elif word.endswith("sses"):
        found = (word[:-2],)
    elif word.endswith(("ches", "shes", "xes", "zes", "oes")):
        found = (word[:-2], word[:-1])
    else:
        found = (word[:-1],)
    return tuple(single for single in found if len(single) >= 3 and single not in UNCHANGED)
