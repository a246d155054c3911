"""Acts of the European Union and announcements of Chinese ministries.

Forms: the Interinstitutional Style Guide of the EU (2.3) for acts since and before 2015; mofcom.gov.cn, customs.gov.cn
and gss.mof.gov.cn for announcements, whose number counts anew each year. A joint one has the first ministry's number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .found import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

_FORMS = {
    "regulation": "Regulation",
    "verordnung": "Regulation",
    "règlement": "Regulation",
    "directive": "Directive",
    "richtlinie": "Directive",
    "decision": "Decision",
    "beschluss": "Decision",
    "décision": "Decision",
}
_ACT = re.compile(
    r"\b(?P<form>Regulation|Directive|Decision|Verordnung|Durchführungsverordnung|Richtlinie|Beschluss|Règlement|règlement|Décision|décision)\s"
    r"(?:\((?P<domain>EU|EC|EEC|UE|CE|EG|CFSP|PESC|GASP)(?:,\sEuratom)?\)\s(?:(?:No|Nr\.?|n[o°])\s?)?(?P<number>\d{1,4}/\d{1,4})"
    r"|(?P<old>(?:19|20)?\d\d/\d{1,4}/(?:EU|EC|EEC|CFSP)))(?![\w/])"
)
_DOMAINS = {"UE": "EU", "CE": "EC", "EG": "EC", "PESC": "CFSP", "GASP": "CFSP"}
_MINISTRIES = {
    "商务部": "MOFCOM",
    "海关总署": "GACC",
    "财政部": "MOF",
    "工业和信息化部": "MIIT",
    "工信部": "MIIT",
    "国务院关税税则委员会": "Customs Tariff Commission",
    "税委会": "Customs Tariff Commission",
}
_HAN = re.compile(
    rf"(?P<who>{'|'.join(_MINISTRIES)})(?:(?:[、和与\s]|中华人民共和国)*(?:{'|'.join(_MINISTRIES)}|国家发展改革委|外交部|农业农村部))*"
    r"\s?公告\s?[〔\[（(【]?\s?(?P<year>20\d\d)\s?(?:年|[〕\]）)】])\s?第?\s?(?P<number>\d{1,3})\s?[号號]"
)
_OFFICES = r"(?P<who>MOFCOM|GACC|(?:the\s)?Ministry\sof\sCommerce|(?:the\s)?General\sAdministration\sof\sCustoms)"
_ENGLISH = re.compile(
    rf"\b(?:{_OFFICES}(?:['’]s)?(?:\s(?:and|&)\s(?:GACC|(?:the\s)?General\sAdministration\sof\sCustoms))?\s)?"
    r"Announcement\s(?:No\.?\s?(?P<number>\d{1,3})(?:\sof\s|,?\s)[\[(]?(?P<year>20\d\d)[\])]?|[\[(]?(?P<year2>20\d\d)[\])]?,?\sNo\.\s?(?P<number2>\d{1,3}))(?![\w-])"
)
_OURS, _THEIRS = (
    re.compile(r"\bMOFCOM\b|\bMinistry of Commerce\b"),
    re.compile(r"\bGACC\b|\bAdministration of Customs\b"),
)


def acts(text: str) -> Iterator[Found]:
    """Acts of the Union, ``Regulation (EU) 2023/1115``, in English, German or French."""
    for match in _ACT.finditer(text):
        form = match["form"].lower().removeprefix("durchführungs")
        domain = match["domain"] or ""
        number = match["old"] or f"({_DOMAINS.get(domain, domain)}) {match['number']}"
        yield Found("eu-act", f"{_FORMS[form]} {number}", *match.span())


def announcements(text: str) -> Iterator[Found]:
    """Announcements, ``MOFCOM 2023-23``; one without a name is the ministry's where no other office is around."""
    for match in _HAN.finditer(text):
        yield Found(
            "announcement", f"{_MINISTRIES[match['who']]} {match['year']}-{int(match['number'])}", *match.span()
        )
    for match in _ENGLISH.finditer(text):
        who = match["who"] or ("Commerce" if _OURS.search(text) and not _THEIRS.search(text) else "")
        if who:
            office = "GACC" if who == "GACC" or "Customs" in who else "MOFCOM"
            year, number = match["year"] or match["year2"], match["number"] or match["number2"]
            yield Found("announcement", f"{office} {year}-{int(number)}", *match.span())
