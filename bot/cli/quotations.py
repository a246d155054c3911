"""Quotations on the command line: who said what, cut as sentences are, and as rows for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.text import clean, cut

from .explain_lines import section
from .layout import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Quote

QUOTE = 300
SPEAKER = 80
ROLE = 120


# What the text does to give somebody the words, as people read it.
RULES = {
    "X said": "the speaker before the verb",
    "said X": "the speaker behind the verb",
    "according to X": "“according to”",
    "saying": "“saying”, of the subject of the sentence",
    "quoted as saying": "“quoted as saying”",
    "goes on": "the speech goes on",
}


def print_quotes(quotes: Iterable[Quote]) -> None:
    """Who said what, in the order of the text, and by which rule; nothing where nobody is quoted."""
    for number, quote in enumerate(quotes):
        if not number:
            section("Who said what")
        paragraph(f"{quote_line(quote)} ({RULES.get(quote.rule, quote.rule)})")


def quote_line(quote: Quote) -> str:
    """Like “The tone has changed” – Lu Xiang, an expert at the academy."""
    role = _line(quote.role, ROLE)
    said = _line(quote.text, QUOTE).rstrip(",，")
    return f"“{said}” – {_line(quote.speaker, SPEAKER)}" + (f", {role}" if role else "")


def _line(text: str, limit: int) -> str:
    return cut(" ".join(clean(text).split()), limit)


def quote_row(quote: Quote) -> dict[str, object]:
    """The quotation for scripts; places are those of code points in the article's field."""
    return {name: getattr(quote, name) for name in type(quote).__slots__}
