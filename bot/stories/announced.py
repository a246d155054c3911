"""What an article says of itself: that it corrects, updates, extends, withdraws something said before.

Newsrooms and agencies say so in fixed places: at the beginning of a headline ("CORRECTED –", "UPDATE 2-"), in its last
part ("…; Correction", "…: Extension of Comment Period"), in the ACTION line of an official notice, in a note of the
desk ("An earlier version of this article said …"). Only these are announcements; a headline that speaks of a delay
tells of somebody else's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .vocabulary import UPDATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import TextField

_BEGINS = re.compile(
    r"\A\s*[\[(]?(?P<word>CORRECTED|CORRECTION|Corrected|Correction|Clarification|CLARIFICATION|REFILE)\b", re.ASCII
)
_UPDATE = re.compile(r"\A\s*[\[(]?(?:UPDATED?\b(?:\s?\d+)?|Updated?\s?\d*\s?[:\]\)–—-])")
_ENDS = re.compile(r"(?P<mark>[;:–—(]|\s-)\s*(?P<part>[^;:–—(]{3,120})\)?\s*\Z")
# Newspapers have colons, too ("Chips: delay hits makers"); there the announcement stands first, as a noun.
_NOUN = re.compile(
    r"\A(?:(?:Notice\sof|Technical|Partial|Further|Second|Temporary)\s)?(?:Correct(?:ion|ions|ing|ed)|Extension|Re-?opening"
    r"|Withdrawal|Rescission|Delay\sof|Postponement|Amend(?:ment|ed)|Update)\b",
    re.IGNORECASE,
)
# "…, Correction", "… Title 14, CFR Correction": no headline of the markets ends so.
_LAST = re.compile(r"(?:,|\b[A-Z\d]{2,}\b)\s(?:Technical\s)?Corrections?\s*\Z")
_ACTION = re.compile(r"\bACTION:\s*(?P<part>[^\n]{3,160}?)(?:\.(?=\s|$)|\n|\Z)")
_NOTE = re.compile(
    r"\W{0,3}(?:\(?Corrects?\b|Corrections?\s?(?:and\sclarifications?)?\s?[:.(–—-]|CORRECTIONS?\b|Corrected\b|Clarifications?\s?[:.–—-]"
    r"|(?:An|The)\searlier\sversion\sof\sthis\b|(?:A|The)\sprevious\sversion\sof\sthis\b"
    r"|(?:This|The)\s(?:story|article|report|version|item|post|headline|piece|page|notice|document)\s(?:has\sbeen|was|is)\s(?:being\s)?corrected\b"
    r"|Editor[’']?s[’']?\snote\b.*\b(?:correct|earlier\sversion)|In\s(?:notice|rule|proposed\srule)\sdocument\b|更正|勘误)",
    re.DOTALL,
)
_REFRESHED = re.compile(
    r"\W{0,3}(?:\(?(?:Updates?|Adds|Recasts)\b|UPDATED?\b\s?[:.(–—-]"
    r"|(?:This|The)\s(?:story|article|report|version|item|post|piece|page)\s(?:has\sbeen|was)\supdated\b)"
)
# What every word of a kind has in small letters: looking for that first is much faster.
_SIGNS = {
    "correction": ("corr", "errat", "refile", "更正", "勘误"),
    "extension": ("exten", "prolong", "延长", "延期"),
    "reopening": ("open", "重新开放"),
    "withdrawal": ("withdr", "resci", "retract", "撤回", "撤销"),
    "delay": ("delay", "postpone", "推迟"),
    "update": ("updat", "更新"),
    "amendment": ("amend", "revis", "修订", "修正"),
}
_SHORT = 12  # words of a headline's last part that is an announcement
WORDS = {
    "correction": "Correction",
    "extension": "Extension announced",
    "reopening": "Reopening announced",
    "withdrawal": "Withdrawal announced",
    "delay": "Delay announced",
    "update": "Update announced",
    "amendment": "Amendment announced",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """An announcement of ``kind`` at [start, end) of the field; ``formal``: by its place it can be nothing else."""

    kind: str
    field: TextField
    start: int
    end: int


def announcements(title: str, body: str, spans: Iterable[tuple[int, int]]) -> tuple[Announcement, ...]:
    """What the article announces of itself, each kind once; ``spans`` are the sentences of the body."""
    found: dict[str, Announcement] = {}
    for one in (*_of_body(body, spans), *_of_title(title)):  # a note says more than the word in a headline
        found.setdefault(one.kind, one)
    return tuple(found.values())


def _of_title(title: str) -> Iterable[Announcement]:
    if _BEGINS.match(title) or _LAST.search(title):
        yield Announcement(kind="correction", field="title", start=0, end=len(title))
    elif _UPDATE.match(title):
        yield Announcement(kind="update", field="title", start=0, end=len(title))
    part = _ENDS.search(title)
    if part is not None and len(part["part"].split()) <= _SHORT and (part["mark"] == ";" or _NOUN.match(part["part"])):
        for kind in kinds(part["part"]):
            yield Announcement(kind=kind, field="title", start=0, end=len(title))


def _of_body(body: str, spans: Iterable[tuple[int, int]]) -> Iterable[Announcement]:
    action = _ACTION.search(body) if "ACTION:" in body else None
    if action is not None:
        for kind in kinds(action["part"]):
            yield Announcement(kind=kind, field="body", start=action.start("part"), end=action.end("part"))
    for start, end in spans:
        for kind, pattern in (("correction", _NOTE), ("update", _REFRESHED)):
            if pattern.match(body, start, end):
                yield Announcement(kind=kind, field="body", start=start, end=end)


def kinds(text: str) -> tuple[str, ...]:
    """The kinds of change that words of ``text`` stand for."""
    small = text.lower()
    return tuple(
        kind
        for kind, pattern in UPDATES.items()
        if any(sign in small for sign in _SIGNS[kind]) and pattern.search(text)
    )
