"""Regulatory references: the numbers by which official documents name themselves and each other.

Precision comes first. A number counts where its own form is unmistakable (a case of the Department of Commerce), where
the words before it say what it is ("FR Doc.", "Executive Order", "15 CFR part"), or where the text speaks of what it
numbers (an ECCN in a text on the EAR). In lists ("Executive Orders 13873 and 14034", "15 CFR parts 734 and 744") every
number has its own place. Each family has a module of its own; ``docs/references.md`` lists the kinds.

Most texts hold none, so a family is only read where its sign occurs: 2 kB without a reference cost about 20 µs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.model import Reference

from . import cases, codes, federal, foreign, laws
from .found import one_dash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from .found import Found

_DIGIT = re.compile(r"\d")
# Which of the numbers with dashes there may be: a pattern that begins with a letter of its own is searched for fast.
_DASHED = re.compile(r"-(?:[A-Z]{2}\d\d|\d{3}-\d{3}|(?:19|20)\d\d-)")
_TWO_POINTS = re.compile(r"\.\d\d\.\d\d")

_FAMILIES: tuple[tuple[tuple[str, ...], Callable[[str], Iterator[Found]]], ...] = (
    (("FR Doc", "ocument N", "DOCUMENT N", "federalregister.gov/", "govinfo.gov/", "FR doc", "FR DOC"), federal.documents),
    ((" FR ", "-FR-", "Fed.", " F.R", " F. R", "\nFR", "FR\n", "\xa0FR"), federal.citations),
    (("ocket ",), federal.dockets),
    (("-TA-", "TA-", "332-"), cases.investigations),
    (("DS",), cases.disputes),
    (("Res.", "H.R.", "H. R.", "HR ", "S. ", "S.\xa0"), laws.bills),
    (("Public Law", "Pub.", "P.L", "P. L", "PL "), laws.public_laws),
    (("U.S.C", "U. S. C", "U.S. Code", "USC"), laws.code_sections),
    (("Order", "E.O", "E. O", "EO", "行政"), laws.orders),
    (("Proclamation",), laws.proclamations),
    (("CFR", "C.F.R", "Federal Regulations"), codes.parts),
    (("EAR", "ITAR", "Administration Regulations", "Arms Regulations", "Supp"), codes.parts_of_books),
    (("ECCN", "EAR", "Commerce Control List", "Export Control Classification"), codes.control_numbers),
    (("eading", "HTS", "HS ", "ariff "), codes.tariff_numbers),
    (("(EU", "/EU", "(EC", "/EC", "/EEC", "(EEC", "(UE", "(CE", "(EG", "CFSP", "(PESC", "(GASP"), foreign.acts),
    (("公告", "Announcement"), foreign.announcements),
)
_BY_DASH = (federal.rins, federal.dockets, cases.cases)


def references(text: str) -> tuple[Reference, ...]:
    """Every reference in ``text`` (an address may be one too), in order of place."""
    if _DIGIT.search(text) is None:
        return ()
    plain = one_dash(text)
    found = {one for find in _readers(plain) for one in find(plain)}
    ordered = sorted(found, key=lambda one: (one.start, one.end, one.kind, one.value))
    return tuple(
        Reference(kind=one.kind, value=one.value, start=one.start, end=one.end, text=text[one.start : one.end])
        for one in ordered
    )


def _readers(text: str) -> Iterable[Callable[[str], Iterator[Found]]]:
    """The families that may have something to find, each once."""
    chosen = {find: None for signs, find in _FAMILIES if any(sign in text for sign in signs)}
    if "-" in text and _DASHED.search(text):
        chosen |= dict.fromkeys(_BY_DASH)
    if "." in text and _TWO_POINTS.search(text):
        chosen[codes.tariff_numbers] = None
    return chosen
