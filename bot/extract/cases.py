"""Proceedings that have a number of their own: trade cases, investigations, disputes.

Forms: the case numbers of the Department of Commerce (A for antidumping, C for countervailing; country, product),
the International Trade Commission's investigations (19 CFR 207 and 210), the disputes of the World Trade Organization.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .found import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

# No country has the number of an Airbus: "A-320-200".
_CASE = re.compile(r"(?<![\w-])(?P<value>(?:A-(?!3[0-8]0-)|C-)\d{3}-\d{3})(?![\w-])")
_INVESTIGATION = re.compile(
    r"(?<![\w-])(?:(?P<series>(?:TA-(?:131|201|204|332|421)|(?:303|337|421|701|731)-TA))-(?P<first>\d{1,4})(?:-\s?(?P<last>\d{1,4}))?"
    r"|(?<=\bInvestigation\sNo\.\s)(?P<plain>332-\d{3})|(?<=\bInv\.\sNo\.\s)(?P<short>332-\d{3}))(?![\w-])"
)
_DISPUTE = re.compile(r"(?<![\w/-])(?:WT/DS(?P<full>\d{1,3})|DS\s?(?P<number>[1-9]\d\d))(?!\w|-\d)")
_SPEAKS_OF_DISPUTES = re.compile(r"\bWTO\b|World Trade Organi[sz]ation|WT/DS")
_MOST = 20  # investigations that one range may name; more is a misprint


def cases(text: str) -> Iterator[Found]:
    """Cases of the Department of Commerce, ``A-570-601``."""
    for match in _CASE.finditer(text):
        yield Found("case", match["value"], *match.span("value"))


def investigations(text: str) -> Iterator[Found]:
    """Investigations, ``337-TA-1300``; "701-TA-672-674" names three, those in the middle at the place of all."""
    for match in _INVESTIGATION.finditer(text):
        plain = "plain" if match["plain"] else "short"
        if match[plain]:
            yield Found("investigation", match[plain], *match.span(plain))
            continue
        series, first = match["series"], int(match["first"])
        yield Found("investigation", f"{series}-{first}", match.start("series"), match.end("first"))
        last = int(match["last"] or first)
        if first < last < first + _MOST:
            for number in range(first + 1, last):
                yield Found("investigation", f"{series}-{number}", match.start("series"), match.end("last"))
            yield Found("investigation", f"{series}-{last}", *match.span("last"))


def disputes(text: str) -> Iterator[Found]:
    """Disputes, ``DS597``, in a text that speaks of the organization; the first 99 only as "WT/DS58"."""
    if _SPEAKS_OF_DISPUTES.search(text):
        for match in _DISPUTE.finditer(text):
            yield Found("wto-dispute", f"DS{match['full'] or match['number']}", *match.span())
