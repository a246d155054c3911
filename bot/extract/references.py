"""Regulatory references: the numbers by which official documents name themselves and each other.

Precision comes first. A number counts where its own form is unmistakable (a RIN, a docket of
regulations.gov, a case of the Department of Commerce) or where the words before it say what it is
("FR Doc.", "Executive Order", "15 CFR part"); in lists ("Executive Orders 13873 and 14034", "15 CFR parts
734 and 744") every number has its own place. Forms: the Federal Register's Document Drafting Handbook,
regulations.gov, 15 CFR 774 (ECCN), and the numbering of the International Trade Commission.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.model import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.model import ReferenceKind

_DOCUMENT = re.compile(
    r"(?:\bFR\s+Doc(?:ument)?\.?\s*(?:(?:No|Number)\.?)?:?\s*|\bDocument\s+(?:No\.?|Number):?\s*"
    r"|federalregister\.gov/(?:d|documents/\d{4}/\d\d/\d\d)/)(?P<value>(?:[CRXZ]\d-)?(?:19|20)\d\d-\d{5}|E\d-\d{3,6})\b",
    re.IGNORECASE,
)
_CITATION = re.compile(
    r"\b(?P<volume>[1-9]\d{0,2})\s(?:FR|Fed\.\s?Reg\.)\s(?P<page>\d{1,3}(?:,\d{3})+|\d{1,6})\b"  # "88 FR 73458"
)
_RIN = re.compile(r"(?<![\w-])(?P<value>\d{4}-[A-Z]{2}\d{2})(?![\w-])")
_DOCKET = re.compile(
    r"\bDocket\s+(?:(?:Nos?|Numbers?|ID)\.?:?\s*)?(?P<value>[A-Z0-9]+(?:[-–][A-Z0-9]+)+)(?!\w)"
    r"|(?<![\w-])(?P<bare>[A-Z]{2,8}(?:-[A-Z]{1,8}){0,2}-(?:19|20)\d\d-\d{4,5})(?![\w-])"
)
_CASE = re.compile(r"(?<![\w-])(?P<value>[AC]-\d{3}-\d{3})(?![\w-])")
_INVESTIGATION = re.compile(r"(?<![\w-])(?P<value>(?:TA-)?(?:201|332|337|421|701|731)-(?:TA-)?\d{2,4})(?![\w-])")
_ORDERS = re.compile(
    r"\b(?:Executive\s+Orders?|E\.\s?O\.|EOs?)\s(?:Nos?\.?\s?)?(?P<list>\d{4,5}\b(?:(?:,\s?|,?\s(?:and|or|&)\s)\d{4,5}\b)*)"
)
_SECTION = r"\d{1,4}(?!\d)(?:\.\d+[a-z]?)?(?:\([a-z0-9]+\))*"
# Only a plural announces a list: in "15 CFR 744 and 27 firms" the second number is not a part.
_PARTS = re.compile(
    rf"\b(?P<title>[1-9]\d?)\sC\.?F\.?R\.?\s(?:(?:[Pp]arts|[Ss]ections|§§)\s?(?P<list>{_SECTION}"
    rf"(?:(?:,\s?|,?\s(?:and|or|through|to)\s){_SECTION}(?!\sC\.?F\.?R))*)|(?:[Pp]art\s|[Ss]ection\s|§\s?)?(?P<one>{_SECTION}))"
)
_PART = re.compile(r"(?<![\w.(])\d{1,4}(?:\.\d+[a-z]?)?")
_ECCN = re.compile(r"(?<![\w-])(?P<value>\d[A-E]\d{3})(?P<item>(?:\.[a-z0-9]{1,2})*)(?![\w-])")
_CONTROL_LIST = re.compile(r"\bECCNs?\b|\bCommerce Control List\b|\bEAR\b")


def references(text: str) -> tuple[Reference, ...]:
    """Every reference in ``text`` (an address may be one too), in order of place."""
    found = [reference for find in _FINDERS for reference in find(text)]
    return tuple(sorted(found, key=lambda reference: (reference.start, reference.end)))


def _named(kind: ReferenceKind, pattern: re.Pattern[str]) -> Callable[[str], Iterator[Reference]]:
    def find(text: str) -> Iterator[Reference]:
        for match in pattern.finditer(text):
            group = "bare" if match.groupdict().get("bare") else "value"
            value = match[group].upper().replace("–", "-")
            yield _reference(kind, value, match.start(group), match[group])

    return find


def _citations(text: str) -> Iterator[Reference]:
    for match in _CITATION.finditer(text):
        yield _reference(
            "fr-citation", f"{match['volume']} FR {match['page'].replace(',', '')}", match.start(), match[0]
        )


def _dockets(text: str) -> Iterator[Reference]:
    for reference in _named("docket", _DOCKET)(text):
        # "Docket No. A-570-601" names a case, "Docket Sub-Committee" nothing.
        if any(char.isdigit() for char in reference.value) and not _CASE.fullmatch(reference.value):
            yield reference


def _investigations(text: str) -> Iterator[Reference]:
    for match in _INVESTIGATION.finditer(text):
        if "TA" in match[0]:
            yield _reference("investigation", match[0], match.start(), match[0])


def _orders(text: str) -> Iterator[Reference]:
    for listed in _ORDERS.finditer(text):
        for match in re.finditer(r"\d+", listed["list"]):
            yield _reference("executive-order", f"EO {match[0]}", listed.start("list") + match.start(), match[0])


def _parts(text: str) -> Iterator[Reference]:
    for listed in _PARTS.finditer(text):
        group = "list" if listed["list"] else "one"
        for match in _PART.finditer(listed[group]):
            value = f"{listed['title']} CFR {match[0]}"
            yield _reference("cfr", value, listed.start(group) + match.start(), match[0])


def _control_numbers(text: str) -> Iterator[Reference]:
    """Control numbers, as 3A090; they are such only where the text speaks of the list that has them."""
    if not _CONTROL_LIST.search(text):
        return
    for match in _ECCN.finditer(text):
        yield _reference("eccn", match[0], match.start(), match[0])


def _reference(kind: ReferenceKind, value: str, start: int, text: str) -> Reference:
    return Reference(kind=kind, value=value, start=start, end=start + len(text), text=text)


_FINDERS: tuple[Callable[[str], Iterator[Reference]], ...] = (
    _named("fr-document", _DOCUMENT),
    _citations,
    _named("rin", _RIN),
    _dockets,
    _named("case", _CASE),
    _investigations,
    _orders,
    _parts,
    _control_numbers,
)
