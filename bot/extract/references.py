"""Regulatory references: the numbers by which official documents name themselves and each other.

Precision comes first. A number counts where its own form is unmistakable (a case of the Department of Commerce), where
the words before it say what it is ("FR Doc.", "Executive Order", "15 CFR part"), or where the text speaks of what it
numbers (an ECCN in a text on the EAR). In lists ("Executive Orders 13873 and 14034", "15 CFR parts 734 and 744") every
number has its own place. Each family has a module of its own; ``docs/references.md`` lists the kinds.

Most texts hold none, so a family is only read where its sign occurs: 2 kB without a reference cost about 45 µs.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from bot.model import Reference

from . import cases, codes, federal, foreign, laws
from .found import one_dash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from .found import Found

_DIGITS = re.compile("[0-9]+")
# Which of the numbers with dashes or points there may be: what begins with a character of its own is searched for fast.
_DASHED = re.compile(r"-(?:[A-Z]{2}\d\d|\d{3}-\d{3}|(?:19|20)\d\d-)")
_TWO_POINTS = re.compile(r"\.\d\d\.\d\d")
_LETTERS = frozenset("ABCDE")  # one of them stands alone between the digits of a control number
MOST = 500  # schedules of tariffs list thousands: what they hold is found by their words
_NEAR = 48  # characters before a number in which its sign stands

# What stands before the numbers of a family.
_SIGNS: tuple[tuple[tuple[str, ...], Callable[[str], Iterator[Found]]], ...] = (
    (("FR Doc", "FR doc", "FR DOC", "ocument N", "DOCUMENT N", "egister.gov/", "info.gov/"), federal.documents),
    (("FR", "F.R", "F. R", "Fed."), federal.citations),
    (("ocket",), federal.dockets),
    (("TA-", "Inv"), cases.investigations),
    (("DS",), cases.disputes),
    (("Res.", "H.R.", "H. R.", "HR", "S."), laws.bills),
    (("Public", "Pub.", "P.L", "P. L", "PL"), laws.public_laws),
    (("U.S", "U. S", "USC"), laws.code_sections),
    (("Order", "E.O", "E. O", "EO", "第"), laws.orders),
    (("Proclamation",), laws.proclamations),
    (("CFR", "C.F.R", "Regulations"), codes.parts),
    (("Supp",), codes.parts_of_books),
    (("eading", "HTS", "HS code", "HS Code", "ariff"), codes.tariff_numbers),
    (("Regulation", "Directive", "Decision", "ordnung", "ichtlinie", "eschluss", "glement", "cision"), foreign.acts),
    (("公告", "Announcement"), foreign.announcements),
)
# Their books may be named behind the numbers.
_BOOKS = ("EAR", "ITAR", "Administration Regulations", "Arms Regulations")
_BY_SIGN = tuple((sign, find) for signs, find in _SIGNS for sign in signs)
_BY_DASH = (federal.documents, federal.rins, federal.dockets, cases.cases)


def references(text: str) -> tuple[Reference, ...]:
    """Every reference in ``text`` (an address may be one too), in order of place; of one family at most ``MOST``."""
    pieces = _DIGITS.split(text)
    if len(pieces) == 1:
        return ()
    plain = one_dash(text)
    found = {one for find in _readers(plain, pieces) for one in islice(find(plain), MOST)}
    ordered = sorted(found, key=lambda one: (one.start, one.end, one.kind, one.value))
    return tuple(
        Reference(kind=one.kind, value=one.value, start=one.start, end=one.end, text=text[one.start : one.end])
        for one in ordered
    )


def _readers(text: str, pieces: Sequence[str]) -> Iterable[Callable[[str], Iterator[Found]]]:
    """The families that may have something to find, each once. ``pieces`` stand between the digits of the text."""
    near = "\n".join([piece[-_NEAR:] for piece in pieces[:-1]])
    chosen = dict.fromkeys([find for sign, find in _BY_SIGN if sign in near])
    if "-" in text and _DASHED.search(text):
        chosen |= dict.fromkeys(_BY_DASH)
    if _TWO_POINTS.search(text):
        chosen[codes.tariff_numbers] = None
    if not _LETTERS.isdisjoint(pieces):
        chosen[codes.control_numbers] = None
    if any(book in text for book in _BOOKS):
        chosen[codes.parts_of_books] = None
    return chosen
