"""What ``presswatch explain`` prints of the facts in an article's text: official numbers, days that count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.alerts.deadline_words import dated, what
from bot.text import clean

from .explain_lines import section
from .layout import paragraph

if TYPE_CHECKING:
    from bot.model import Deadline, Facts

# As people say them, in the order in which they are listed: what names a document before what names a subject.
KINDS = {
    "fr-document": "Federal Register documents",
    "fr-citation": "Federal Register pages",
    "announcement": "announcements",
    "rin": "RIN",
    "docket": "dockets",
    "case": "trade cases",
    "investigation": "investigations",
    "wto-dispute": "WTO disputes",
    "executive-order": "executive orders",
    "proclamation": "proclamations",
    "bill": "bills",
    "public-law": "public laws",
    "usc": "United States Code",
    "cfr": "Code of Federal Regulations",
    "eccn": "control numbers (ECCN)",
    "hts": "tariff numbers (HTS)",
    "eu-act": "acts of the European Union",
}


def print_facts(facts: Facts) -> None:
    """The references by kind, each once, and the days in their order; nothing where the text holds none."""
    if facts.references:
        section("References")
    for kind, title in KINDS.items():
        values = dict.fromkeys(one.value for one in facts.references if one.kind == kind)
        if values:
            paragraph(f"{title}: {clean(', '.join(values))}")
    if facts.deadlines:
        section("Deadlines")
    for deadline in sorted(facts.deadlines, key=lambda one: (one.day, one.start)):
        paragraph(_day(deadline))
        if deadline.sentence:
            paragraph(f"“{clean(deadline.sentence)}”", 8)


def _day(deadline: Deadline) -> str:
    derived = f" ({deadline.derived})" if deadline.derived else ""
    return f"{dated(deadline.day)}: {what(deadline)}{derived}"
