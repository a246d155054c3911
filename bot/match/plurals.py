"""Regular English plurals of a term's last word, and singulars where they are safe.

The rules are those of any school grammar: -s; -es after s, x, z, ch, sh and after a consonant with o;
-ies for a consonant with y. A wrong guess that is no English word ("batche") costs nothing; one that is
another word ("uses" → "us") costs a false alarm, so the exceptions err on the side of silence.
"""

from __future__ import annotations

import re

_VOWELS = "aeiou"
_ASCII_WORD = re.compile(r"[a-z]{3,}")


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words that have no other number, or mean something else in it, and so are nobody's plural either:
# "DoE" is not to find "does", nor "security" "securities".
UNCHANGED = _set(
    """
    aircraft always arms athletics barracks besides billiards brussels business calves carlos chaos chassis
    chinese christmas clothes commons congress corps customs cyprus data diabetes does dues earnings economics
    electronics ethics gas goods gross halves hamas has headquarters hers honduras information japanese jeans
    kansas laos leaves lives logistics maldives marcos mars mathematics means media metropolis mumps news ours
    outskirts perhaps personnel physics politics premises press proceeds process progress reuters riches savings
    securities series shelves siemens species spectacles staff surroundings swiss texas thanks theirs these this
    thus treasuries wales was whereas yours
    airbus alas alias athens atlas bias bonus campus canvas census christ consensus focus genus lens nexus nucleus
    paris portuguese status surplus virus yes
    """
)
# Words in s whose singular would be another word: "futures" is not about the future, nor "Adams" about Adam.
_NO_SINGULAR = _set(
    """
    affairs amends analyses contents damages diagnoses equities futures holdings minutes odds outs remains reserves
    rights theses times
    adams andreas andrews charles daniels edwards james johns jones lagos matthews nicholas peters philips phillips
    richards roberts rogers sanders santos stevens thomas walters williams
    """
)
# Plurals in -ies whose singular ends in -ie.
_IE = _set("calories cookies genies hippies lies movies pies prairies rookies selfies sorties ties zombies")
# Plurals in -ics, which are rare among the names of sciences and crafts.
_ICS = _set(
    """
    academics antibiotics clinics critics epidemics fabrics fanatics medics metrics narcotics pandemics relics
    republics sceptics skeptics statistics tactics topics
    """
)
# Plurals of words in i or u, which look like "crisis" and "virus".
_IS_OR_US = _set(
    """
    azeris bahrainis bureaus emiratis gurus hindus houthis iraqis israelis kuwaitis menus nazis nepalis omanis
    pakistanis qataris saudis somalis taxis tsunamis yemenis zulus
    """
)
# Here ch is said like k.
_CHS = re.compile(r".*(?:[ign]arch|tech|czech|epoch|stomach)|loch")
# Nouns in s that take the ending and have no singular of their own.
_TAKES_ES = _set(
    """
    airbus alias atlas bias bonus bus business campus canvas census christmas congress consensus focus gas lens nexus
    press process status surplus virus
    """
)


def variants(word: str) -> tuple[str, ...]:
    """The other numbers of a folded word: its plural, or its singulars if it is a plural; () for most non-words."""
    if not _ASCII_WORD.fullmatch(word):
        return ()
    if word in _TAKES_ES:
        return (word + "es",)
    if word[:-2] in _TAKES_ES and word.endswith("es"):
        return (word[:-2],)
    if word in UNCHANGED:
        return ()
    one = word.endswith(("ss", "us", "is")) and word not in _IS_OR_US
    others = _plurals(word) if one or not word.endswith("s") else _singulars(word)
    return tuple(other for other in others if len(other) >= 3 and other not in UNCHANGED)


def _plurals(word: str) -> tuple[str, ...]:
    if word.endswith("is"):  # crisis, basis: not regular
        return ()
    if word.endswith(("s", "x", "z", "ch", "sh")) and not _CHS.fullmatch(word):
        return (word + "es",)
    before = word[-2]
    if word[-1] == "y" and before not in _VOWELS:
        return (word[:-1] + "ies",)
    if word[-1] == "o" and before not in _VOWELS:
        return (word + "es", word + "s")
    return (word + "s",)


def _singulars(word: str) -> tuple[str, ...]:
    if word in _NO_SINGULAR or (word.endswith("ics") and word not in _ICS):
        return ()
    if word.endswith("ies") and word not in _IE:
        return (word[:-3] + "y",)
    if word.endswith("sses"):
        return (word[:-2],)
    if word.endswith(("ches", "shes", "uses", "xes", "zes", "oes")):
        return (word[:-2], word[:-1])
    return (word[:-1],)
