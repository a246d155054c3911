"""A reference as people type it, understood by the same readers that find it in texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.errors import QueryError
from bot.model import Reference
from bot.text import cut

from .references import references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import ReferenceKind

EXAMPLES = "RIN 0694-AI94, 88 FR 73458, 2023-23055, 15 CFR 744, ECCN 3A090, HTS 9903.88.15, EO 14105, H.R. 4346, DS597"
# What a number that stands alone is called in a text, tried in turn.
_FRAMES = (
    "{}",
    "RIN {}",
    "FR Doc. {}",
    "Investigation No. {}",
    "Docket No. {}",
    "ECCN {}",
    "HTS {}",
    "the WTO dispute {}",
    "in the Senate, {}",
    "the EAR: {} of the EAR",
)
# Values that texts write otherwise: as they are shown they can be typed, too.
_VALUES: tuple[tuple[ReferenceKind, re.Pattern[str]], ...] = (
    ("announcement", re.compile(r"(?:MOFCOM|GACC|MOF|MIIT|Customs Tariff Commission) 20\d\d-\d{1,3}")),
    ("executive-order", re.compile(r"EO of \d{4}-\d\d-\d\d")),
    ("cfr", re.compile(r"15 CFR 7[3-7]\d Supp\. \d")),
)
_INITIALS = re.compile(
    r"\b(?:(?:rin|eccn)s?|fr|cfr|hts|htsus|eo|ear|itar|wto|pl|usc|hr|eu|ec|mofcom|gacc|mof|miit)\b|\bds(?=\s?\d)"
    r"|\b[shrplucefo](?=\.)|(?<=\.)[rlcfo]\b(?=\.|\s)|\b\d[a-e](?=\d{3}\b)"
)
_SMALL = re.compile(r"\b(?:Of|The|And|To|No|Nr)\b")
_DIGITS_ONLY = re.compile(r"(\d{4})(\d\d)(\d\d(?:\d\d)?)")
_PARAGRAPHS = re.compile(r"\([^)]*\)")
_TITLE = re.compile(r"\b\d{1,2}(?=[^\d]*$)")


def named(text: str) -> Reference:
    """The reference that ``text`` writes, in any way and case. Raises QueryError with examples if it writes none."""
    for written in dict.fromkeys(_ways(" ".join(text.split()))):
        for kind, pattern in _VALUES:
            if pattern.fullmatch(written):
                return Reference(kind=kind, value=written, start=0, end=len(written), text=written)
        for frame in _FRAMES:
            for found in references(frame.format(written)) if _fits(frame, written) else ():
                if _is_whole(found, frame, written):
                    return found
    raise QueryError(f'"{cut(text.strip(), 60)}" is no reference that Presswatch knows: write one like {EXAMPLES}')


def _ways(wanted: str) -> Iterator[str]:
    """As it was typed, then with the capitals that such numbers have in texts."""
    yield wanted
    if (plain := _DIGITS_ONLY.fullmatch(wanted)) is not None:
        yield ".".join(plain.groups())
    initials = _INITIALS.sub(lambda word: word[0].upper(), wanted.lower())
    yield initials
    yield _SMALL.sub(lambda word: word[0].lower(), " ".join(word[:1].upper() + word[1:] for word in initials.split()))
    yield wanted.upper()


def _fits(frame: str, written: str) -> bool:
    """A section is only one of the EAR's where it is called a section."""
    return "EAR" not in frame or any(char.isalpha() or char == "§" for char in written)


def _is_whole(found: Reference, frame: str, written: str) -> bool:
    """Whether nothing that counts is left of what was typed: "88 FR 73458 and 5" names more than that."""
    begin = frame.index("{}")
    before, after = (min(len(written), max(0, place - begin)) for place in (found.start, found.end))
    left, right = written[:before], _PARAGRAPHS.sub("", written[after:])
    if found.kind in {"cfr", "usc"}:  # the title's number stands before the section's
        left = _TITLE.sub("", left, count=1)
    return not any(char.isdigit() for char in left + right) and not right[:1].isalnum() and right[:1] != "."
