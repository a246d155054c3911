"""Who is named: people with their title or as speakers, organisations by the noun that says what they are.

Precision comes first, for a name that is told as new and was there before is noise. So a person counts only with a
title, a role or a verb of speaking beside the full name, an organisation only with a noun such as "Ministry" or an
ending such as "Inc"; and whatever was written with a capital before is known ("Raimondo" after "Gina Raimondo",
and the other way round).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.text import fold


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NAME = r"[A-ZÀ-ÖØ-Þ][\w’'-]*"
_RUN = re.compile(rf"{_NAME}(?:\s{_NAME}|\s[A-Z]\.)*")
_TITLES = (
    r"President|Prime\sMinister|Premier|Chancellor|Secretary|Minister|Senator|Sen\.|Rep\.|Representative|Congress(?:wo)?man"
    r"|Governor|Gov\.|Ambassador|Commissioner|Chair(?:man|woman|person)?|Chief\sExecutive(?:\sOfficer)?|CEO|Director|General"
    r"|Judge|Justice|Professor|Prof\.|Dr\.|Mr\.|Ms\.|Mrs\.|Mr|Ms|Mrs|Dr|[Ss]pokes(?:man|woman|person)|[Aa]nalyst|[Ll]awyer"
    r"|[Ee]conomist|[Ff]ounder|[Mm]inister|[Ss]ecretary|[Pp]resident|[Dd]irector|[Aa]ttorney|[Pp]rofessor"
)
_TITLED = re.compile(rf"(?<!\w)(?:{_TITLES})\s(?P<name>{_NAME}(?:\s[A-Z]\.)?(?:\s{_NAME}){{0,2}})")
_SPEECH = r"(?:said|says|told|added|warned|wrote|argued|noted|announced|testified)"
_SPOKE = re.compile(rf"(?<![\w.])(?P<name>{_NAME}(?:\s[A-Z]\.)?(?:\s{_NAME}){{1,2}})\s{_SPEECH}\b")
_SPOKEN = re.compile(
    rf"\b(?:said|says|added|wrote)\s(?P<name>{_NAME}(?:\s[A-Z]\.)?(?:\s{_NAME}){{1,2}})(?=[,.;]|\s(?:in|at|on|of)\b)"
)
_ROLE = re.compile(
    rf"(?<![\w.])(?P<name>{_NAME}(?:\s[A-Z]\.)?(?:\s{_NAME}){{1,2}}),\s(?:an?|the)?\s?(?:[\w’'-]+\s){{0,5}}"
    r"(?:expert|analyst|economist|lawyer|professor|director|researcher|fellow|scholar|president|chairman|chairwoman|founder"
    r"|partner|adviser|advisor|executive|minister|secretary|spokes(?:man|woman|person)|head|chief)\b"
)
_INSTITUTION = _set("""
    Ministry Department Bureau Agency Commission Committee Council Court Bank Institute University Association
    Chamber Federation Administration Authority Office Organization Organisation Foundation Academy Board
    Parliament Union Laboratory Center Centre
""")
_FIRM = _set("""
    Inc Corp Corporation Ltd Limited LLC plc PLC Co Company Group Holdings Technologies Technology Semiconductor
    Semiconductors Motors Airlines Industries Systems Electronics Energy Pharmaceuticals Capital Partners
    Ventures
""")
_ORGANISED = re.compile(rf"{_NAME}(?:\s(?:of|and|for|&|the)\s{_NAME}|\s(?:of\s)?the\s{_NAME}|\s{_NAME}){{1,7}}")
_KINDS = frozenset(word.lower() for word in (*_INSTITUTION, *_FIRM))
_PLACES = _set("""
    us usa america american uk britain british eu european europe china chinese beijing washington japan
    japanese tokyo korea korean seoul taiwan taiwanese taipei russia russian moscow germany german france french
    india indian dutch netherlands united states kingdom republic people national federal international north
    south east west new york london hong kong brussels
""")
_NOBODY = (
    _KINDS
    | _PLACES
    | _set("""
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december the a an in on at it he she they we but and as for this that these those
    there when while after before according under both however meanwhile also reuters associated press house
    senate congress ministry white state commerce treasury trade foreign defense defence justice deputy vice
    former prime chief act rule list register street times post journal daily news
""")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person or an organisation at [start, end) of the text; ``words`` are its telling words, folded."""

    kind: Literal["person", "organisation"]
    text: str
    words: tuple[str, ...]
    start: int
    end: int


def capitalised(text: str) -> dict[str, str]:
    """Every folded word that is written with a capital, and the longest name that it stands in at first."""
    found: dict[str, str] = {}
    for run in _RUN.finditer(text):
        for word in _words(run[0]):
            found.setdefault(word, run[0])
    return found


def people(text: str) -> tuple[Named, ...]:
    """Those who are named with a title, a role or as speaking, each once."""
    found: dict[str, Named] = {}
    for pattern in (_TITLED, _SPOKE, _SPOKEN, _ROLE):
        for match in pattern.finditer(text):
            one = person(match["name"], match.start("name"))
            if one is not None:
                found.setdefault(one.words[-1], one)
    return tuple(sorted(found.values(), key=lambda one: one.start))


def person(name: str, start: int) -> Named | None:
    """The person of this name, written at ``start``; None for what is no full name of one."""
    name = name.rstrip(".’'").removesuffix("’s").removesuffix("'s")
    telling = _words(name)
    if len(telling) < 2 or any(word in _NOBODY for word in telling) or name.isupper():
        return None
    return Named(kind="person", text=name, words=telling, start=start, end=start + len(name))


def organisations(text: str) -> tuple[Named, ...]:
    """Those that say what they are, each once."""
    found: dict[tuple[str, ...], Named] = {}
    for run in _ORGANISED.finditer(text):
        names = run[0].split()
        kinds = [name for name in names if name.strip(".,").lower() in _KINDS and name[0].isupper()]
        telling = tuple(
            word for word in _words(run[0]) if word not in _NOBODY and word not in {"of", "and", "for", "the"}
        )
        if not kinds or not telling or names[0] in {"The", "In", "On", "At", "But", "And", "For"}:
            continue
        one = Named(kind="organisation", text=run[0], words=telling, start=run.start(), end=run.end())
        found.setdefault(telling, one)
    return tuple(found.values())


def initials(name: str) -> str:
    """The initialism of a name: "Bureau of Industry and Security" → "bis"; empty for fewer than three letters."""
    letters = "".join(word[0] for word in name.split() if word[0].isupper()).lower()
    return letters if len(letters) > 2 else ""


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in map(_folded, name.split()) if len(word) > 1)


@lru_cache(maxsize=1 << 14)
def _folded(word: str) -> str:
    return fold(word).strip(".'").removesuffix("'s")
