"""Parts of rules and lists that say what is regulated: CFR parts, control numbers (ECCN), tariff numbers (HTS).

Forms: the Code of Federal Regulations; 15 CFR 730–774 (the EAR, by which its parts are meant where no title is named)
and 22 CFR 120–130 (the ITAR); 15 CFR 774 for ECCN; the Harmonized Tariff Schedule of the United States.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .found import AND, Found, is_year, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTION = r"\d{1,4}(?!\d|,\d{3})(?:\.\d+[a-z]?)?(?:\([a-z0-9]+\))*"
# Only a plural announces a list: in "15 CFR 744 and 27 firms" the second number is not a part.
_PARTS = re.compile(
    rf"\b(?P<title>[1-9]\d?)(?:\sC\.?F\.?R\.?|(?:,|\sof\sthe)?\sCode\sof\sFederal\sRegulations),?\s"
    rf"(?:(?:[Pp]arts|[Ss]ections|§§)\s?(?P<list>{_SECTION}(?:{AND}{_SECTION}(?!\sC\.?F\.?R))*)"
    rf"|(?:[Pp]art\s|[Ss]ection\s|§\s?)?(?P<one>{_SECTION}))"
)
_PART = re.compile(r"(?<![\w.(])\d{1,4}(?:\.\d+[a-z]?)?")
_BOOKS = {"EAR": ("15", 730, 774), "Export Administration Regulations": ("15", 730, 774)} | dict.fromkeys(
    ("ITAR", "International Traffic in Arms Regulations"), ("22", 120, 130)
)
_BOOK = r"(?:EAR|ITAR|Export\sAdministration\sRegulations|International\sTraffic\sin\sArms\sRegulations)"
_OF_BOOK = re.compile(
    rf"\b(?P<before>{_BOOK})(?:\s\(\w+\))?,?\s(?:(?:[Ss]ection|[Pp]art)s?\s|§§?\s?)(?P<list>{_SECTION}(?:{AND}{_SECTION})*)"
    rf"|(?:\b(?:[Ss]ection|[Pp]art)s?\s|§§?\s?)(?P<list2>{_SECTION}(?:{AND}{_SECTION})*)\sof\sthe\s(?P<after>{_BOOK})"
)
_SUPPLEMENT = re.compile(
    r"\bSupp(?:lement|\.)\s(?:No\.?|Number)\s?(?P<number>\d)\sto\s(?:15\sCFR\s)?[Pp]art\s(?P<part>7[3-7]\d)\b"
)
_ECCN = re.compile(r"(?<![\w-])(?P<value>\d[A-E]\d{3}(?:\.[a-z0-9]{1,2})*)(?![\w-])")
_CONTROL_LIST = re.compile(r"\bECCNs?\b|\bCommerce Control List\b|\bEAR\b|\bExport Control Classification\b")
_TARIFF = r"(?:0[1-9]|[1-689]\d|7[0-689])\d\d"  # chapter 77 is none
_LONG = rf"{_TARIFF}\.\d\d\.\d\d(?:\.?\d\d)?"
_HTS = re.compile(rf"(?<![\w.,$€£¥-])(?P<value>{_LONG})(?![\w-]|[.,]\d)")
_SHORT = rf"(?:{_LONG}|{_TARIFF}(?:\.\d\d)?)(?![\w-]|[.,]\d)"
_NAMED_HTS = re.compile(
    rf"\b(?:(?:[Ss]ub)?[Hh]eadings?|HTS(?:US)?(?:\s(?:[Cc]odes?|[Nn]umbers?|(?:[Ss]ub)?[Hh]eadings?))?|HS\s[Cc]odes?"
    rf"|[Tt]ariff\s(?:codes?|items?|lines?))\s(?:Nos?\.\s)?(?P<list>{_SHORT}(?:{AND}{_SHORT})*)(?P<of>\sof\sthe\s(?:HTS|Harmonized))?"
)
_ONE_HTS = re.compile(_SHORT)
_SPEAKS_OF_TARIFFS = re.compile(
    r"\b(?:HTS|HTSUS|HS|[Tt]ariffs?|[Hh]armoni[sz]ed|[Dd]ut(?:y|ies)|(?:[Ss]ub)?[Hh]eadings?)\b"
)
_DAY = re.compile(r"(?:19|20)\d\d\.(?:0[1-9]|1[0-2])\.(?:0[1-9]|[12]\d|3[01])")


def parts(text: str) -> Iterator[Found]:
    """Parts and sections of the CFR, ``15 CFR 744.23``; paragraphs in brackets are left out of the value."""
    for listed in _PARTS.finditer(text):
        for match in numbers(listed, "list" if listed["list"] else "one", _PART):
            yield Found("cfr", f"{listed['title']} CFR {match[0]}", *match.span())


def parts_of_books(text: str) -> Iterator[Found]:
    """Parts that are named by their book, "section 744.11 of the EAR", and supplements to parts."""
    for listed in _OF_BOOK.finditer(text):
        title, first, last = _BOOKS[" ".join((listed["before"] or listed["after"]).split())]
        for match in numbers(listed, "list" if listed["list"] else "list2", _PART):
            if first <= int(match[0].partition(".")[0]) <= last:
                yield Found("cfr", f"{title} CFR {match[0]}", *match.span())
    for match in _SUPPLEMENT.finditer(text):
        yield Found("cfr", f"15 CFR {match['part']} Supp. {match['number']}", *match.span())


def control_numbers(text: str) -> Iterator[Found]:
    """Control numbers, ``3A090.a``; they are such only where the text speaks of the list that has them."""
    if _CONTROL_LIST.search(text):
        for match in _ECCN.finditer(text):
            yield Found("eccn", match["value"], *match.span("value"))


def tariff_numbers(text: str) -> Iterator[Found]:
    """Tariff numbers, ``9903.88.15`` or ``8542.31.0001``.

    Eight and ten digits count in a text that speaks of tariffs, unless they are a day ("2023.10.17"); four and six
    only behind the word ("heading 8542"), for elsewhere they are amounts and years.
    """
    named = set()
    for listed in _NAMED_HTS.finditer(text):
        for match in numbers(listed, "list", _ONE_HTS):
            if listed["of"] or not is_year(match[0]):
                named.add(match.start())
                yield Found("hts", _tariff(match[0]), *match.span())
    for match in _HTS.finditer(text):
        if match.start() in named or _DAY.fullmatch(match[0]):
            continue
        if not _SPEAKS_OF_TARIFFS.search(text):
            return
        yield Found("hts", _tariff(match[0]), *match.span())


def _tariff(written: str) -> str:
    """With points after four and six digits, as the schedule prints it."""
    digits = written.replace(".", "")
    return ".".join(filter(None, (digits[:4], digits[4:6], digits[6:])))
