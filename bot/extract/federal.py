"""What the Federal Register and regulations.gov number: documents, pages, rulemakings (RIN) and dockets.

Forms: the Federal Register's Document Drafting Handbook, chapter 2; the addresses of federalregister.gov and
govinfo.gov; regulations.gov's docket ids (agency, year, number).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .found import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOCUMENT = re.compile(
    r"(?:\bFR\s+Doc(?:ument)?s?\.?\s*(?:(?:Nos?|Number)\.?)?:?\s*|\bDocument\s+(?:No\.?|Number):?\s*"
    r"|federalregister\.gov/(?:[ad]|public-inspection|documents/\d{4}/\d\d/\d\d)/"
    r"|public-inspection\.federalregister\.gov/|govinfo\.gov/content/pkg/FR-\d{4}-\d\d-\d\d/(?:html|pdf)/)"
    r"(?P<value>(?:[CRXZ]\d-)?(?:19|20)\d\d-\d{5}|E\d-\d{3,6})\b",
    re.IGNORECASE,
)
# Volumes are years since 1936: 91 is 2026.
_CITATION = re.compile(
    r"\b(?P<volume>[1-9]\d|1\d\d)(?:\s(?:FR|F\.\s?R\.|Fed\.\s?Reg\.)\s(?:at\s)?|-FR-)(?P<page>\d{1,3}(?:,\d{3})+|\d{1,6})\b"
)
_RIN = re.compile(r"(?<![\w-])(?P<value>\d{4}-[A-Z]{2}\d{2})(?![\w-])")
_RIN_SIGN = re.compile(r"\bRINs?\b")
_NUMBER = r"[A-Z0-9]+(?:-[A-Z0-9]+)+(?![\w-])"
_DOCKET = re.compile(
    rf"\bDocket\s+(?:(?:Nos?|Numbers?|IDs?)\.?:?\s*)?(?P<list>{_NUMBER}(?:(?:,\s?|,?\s(?:and|or)\s){_NUMBER})*)"
)
_ONE_DOCKET = re.compile(_NUMBER)
# The last number may be that of a comment in the docket.
_BARE = re.compile(
    r"(?<![\w-])(?P<value>(?P<agency>[A-Z]{2,8})(?:-[A-Z]{1,8}){0,2}-(?:19|20)\d\d-(?:[A-Z]-)?\d{4})(?:-\d{4,6})?(?![\w-])"
)
_CASE = re.compile(r"[AC]-\d{3}-\d{3}")
_SPEAKS_OF_DOCKETS = re.compile(r"\b[Dd]ockets?\b|regulations\.gov")
# Agencies of regulations.gov that trade news name. Others' numbers need the word: CVE-2021-4034 is no docket.
_AGENCY_NAMES = """
    AMS APHIS BIS BLM BOEM CBP CDC CFPB CFTC CIS CPSC DARS DEA DHS DOC DOD DOE DOI DOJ DOL DOS DOT EAC
    EBSA EERE EPA ETA FAA FAR FCC FDA FERC FHWA FINCEN FMCSA FNS FRA FSIS FTC FTA FTZB FWS GSA HHS HUD
    ICEB IRS ITA ITC MARAD MSHA NARA NASA NHTSA NIST NOAA NPS NRC NSF NTIA NTSB OFAC OMB OPM OSHA PHMSA
    PTO SBA SEC SSA TREAS TSA TTB USBC USCBP USCG USCIS USDA USTR VA WHD
"""
_AGENCIES = frozenset(_AGENCY_NAMES.split())


def documents(text: str) -> Iterator[Found]:
    """Document numbers, ``2023-23055``, where they are called so or stand in an address."""
    for match in _DOCUMENT.finditer(text):
        yield Found("fr-document", match["value"].upper(), *match.span("value"))


def citations(text: str) -> Iterator[Found]:
    """Volume and page, ``88 FR 73458``."""
    for match in _CITATION.finditer(text):
        yield Found("fr-citation", f"{match['volume']} FR {match['page'].replace(',', '')}", *match.span())


def rins(text: str) -> Iterator[Found]:
    """Numbers of the unified agenda, ``0694-AJ23``, in a text that calls something a RIN."""
    if _RIN_SIGN.search(text):
        for match in _RIN.finditer(text):
            yield Found("rin", match["value"], *match.span("value"))


def dockets(text: str) -> Iterator[Found]:
    """Dockets that are called so, and those of regulations.gov; "Docket No. A-570-601" names a case instead."""
    called = set()
    for listed in _DOCKET.finditer(text):
        for match in _ONE_DOCKET.finditer(text, *listed.span("list")):
            bare = _BARE.fullmatch(match[0])
            value, end = (bare["value"], match.start() + bare.end("value")) if bare else (match[0], match.end())
            if any(char.isdigit() for char in value) and not _CASE.fullmatch(value):
                called.add(match.start())
                yield Found("docket", value, match.start(), end)
    spoken_of = _SPEAKS_OF_DOCKETS.search(text) is not None
    for match in _BARE.finditer(text):
        known = match["agency"] in _AGENCIES or (spoken_of and match["agency"] != "CVE")
        if known and match.start() not in called:
            yield Found("docket", match["value"], *match.span("value"))
