"""Laws and what presidents sign: bills, public laws, the United States Code, executive orders, proclamations.

Forms: congress.gov for bills and laws, the Office of the Law Revision Counsel for the Code, the Federal Register for
orders. Bills count anew in every Congress, which a text hardly ever names: the value is the number alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .calendar import DATE, read_date
from .found import AND, Found, is_year, numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

_BILL = re.compile(
    r"(?<![\w.])(?:H\.\s?(?:(?P<joint>J\.\s?)|(?P<concurrent>Con\.\s?))?Res\.\s?(?P<hres>\d{1,4})"
    r"|S\.\s?(?:(?P<sjoint>J\.\s?)|(?P<sconcurrent>Con\.\s?))?Res\.\s?(?P<sres>\d{1,4})"
    r"|H\.\s?R\.\s?(?P<house>\d{1,5})|HR\s(?P<plain>\d{3,5})|(?<!\d\s)S\.\s?(?P<senate>\d{1,4}))(?![\w.,]*\d|\w|\s?(?:St|Ave)\b)"
)
_SPEAKS_OF_BILLS = re.compile(r"\b(?:Senate|Senators?|Sens?\.|Congress|House|[Bb]ills?|[Ll]egislation|Act)\b")
_LAW = re.compile(
    r"(?<!\w)(?:Public\sLaws?|Pub\.\s?L\.|P\.\s?L\.|PL)\s?(?:Nos?\.?\s?)?(?P<value>(?:[5-9]\d|1[0-4]\d)-\d{1,3})(?![\w-])"
)
_CODE_SECTION = r"\d{1,5}(?!\d|,\d{3})[a-z]{0,3}(?:-\d{1,2}[a-z]?(?!\d))?(?:\([a-zA-Z0-9]+\))*"
_CODE = re.compile(
    rf"(?<![\w.])(?P<title>[1-9]|[1-4]\d|5[0-4])\s(?P<name>U\.\s?S\.\s?C\.(?:\s?A\.)?|U\.S\.\sCode|USC)\s"
    rf"(?P<sign>(?:§§?|[Ss]ections?|[Ss]ecs?\.)\s?)?(?P<list>{_CODE_SECTION}(?:{AND}{_CODE_SECTION}(?!\s?(?:U\.|C\.?F|USC|%|per|[a-z]{{3}})))*)"
)
_ONE_SECTION = re.compile(r"(?<![\w(])\d{1,5}[a-z]{0,3}(?:-\d{1,2}[a-z]?(?!\d))?(?![\w)])")
_ORDER = re.compile(
    rf"\b(?:(?:(?:Executive|Exec\.)\s+Orders?|E\.\s?O\.s?)\s(?:\((?:E\.\s?O\.|EO)s?\)\s)?(?:Nos?\.?\s?)?(?P<list>\d{{1,2}},?\d{{3}}\b(?:{AND}\d{{1,2}},?\d{{3}}\b)*)"
    rf"|EOs?\s(?P<short>\d{{5}}\b(?:{AND}\d{{5}}\b)*)|Executive\s+Order\sof\s(?P<day>{DATE}))"
    r"|第?(?P<han>\d{5})\s?[号號]行政命?令"
)
_PROCLAMATION = re.compile(rf"\bProclamations?\s(?P<no>Nos?\.?\s?)?(?P<list>\d{{4,5}}\b(?:{AND}\d{{4,5}}\b)*)")
_NUMBER = re.compile(r"\d{4,5}(?!\d)")
_ORDER_NUMBER = re.compile(r"\d{1,2},\d{3}|\d{4,5}")


def bills(text: str) -> Iterator[Found]:
    """Bills and resolutions: ``H.R. 4346``, ``S. 1260``, ``H.J.Res. 45``.

    "S. 12" and "HR 4346" may be a page and a person's number: they count where the text speaks of a law.
    """
    speaks: bool | None = None
    for match in _BILL.finditer(text):
        if match["senate"] or match["plain"]:
            speaks = _SPEAKS_OF_BILLS.search(text) is not None if speaks is None else speaks
            if not speaks:
                continue
        yield Found("bill", _bill(match), *match.span())


def _bill(match: re.Match[str]) -> str:
    if match["hres"]:
        return f"H.{'J.' if match['joint'] else 'Con.' if match['concurrent'] else ''}Res. {match['hres']}"
    if match["sres"]:
        return f"S.{'J.' if match['sjoint'] else 'Con.' if match['sconcurrent'] else ''}Res. {match['sres']}"
    return f"S. {match['senate']}" if match["senate"] else f"H.R. {match['house'] or match['plain']}"


def public_laws(text: str) -> Iterator[Found]:
    """Public laws, ``Pub. L. 117-167``: the Congress and the law's number in it."""
    for match in _LAW.finditer(text):
        yield Found("public-law", f"Pub. L. {match['value']}", *match.span())


def code_sections(text: str) -> Iterator[Found]:
    """Sections of the United States Code, ``19 U.S.C. 1862``; each of a list where a plural announces one."""
    for listed in _CODE.finditer(text):
        found = list(numbers(listed, "list", _ONE_SECTION))
        # "No. 19 USC 31" is sport.
        if listed["name"] == "USC" and not listed["sign"] and (len(found[0][0]) < 4 or is_year(found[0][0])):
            continue
        for match in (
            found if listed["sign"] and listed["sign"].strip() in {"§§", "Sections", "sections"} else found[:1]
        ):
            yield Found("usc", f"{listed['title']} U.S.C. {match[0]}", *match.span())


def orders(text: str) -> Iterator[Found]:
    """Executive orders by number, ``EO 14105``, or by the day they were signed, ``EO of 2023-08-09``."""
    for listed in _ORDER.finditer(text):
        if listed["day"]:
            day = read_date(listed.string, listed.start("day"))
            if day is not None:
                yield Found("executive-order", f"EO of {day.day.isoformat()}", *listed.span())
        elif listed["han"]:
            yield Found("executive-order", f"EO {listed['han']}", *listed.span("han"))
        else:
            for match in numbers(listed, "list" if listed["list"] else "short", _ORDER_NUMBER):
                yield Found("executive-order", f"EO {match[0].replace(',', '')}", *match.span())


def proclamations(text: str) -> Iterator[Found]:
    """Proclamations of presidents, ``Proclamation 9704``; "the Proclamation 1863" is one of a year."""
    for listed in _PROCLAMATION.finditer(text):
        for match in numbers(listed, "list", _NUMBER):
            if listed["no"] or not (is_year(match[0]) or match[0][:2] in {"17", "18"}):
                yield Found("proclamation", f"Proclamation {match[0]}", *match.span())
