"""Who said what in a story: the few quotations that a digest shows, and how they read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.text import fold

from . import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Matched, Quote, Sentence

MOST = 2
"""Quotations of a story."""
ROLE = 120
SHORT, LONG = 40, 320
"""Characters of a quotation that says enough, and of one that is still read."""


def best(members: Sequence[Matched], shown: Iterable[Sentence]) -> tuple[Quote, ...]:
    """The quotations of a story worth reading, one of each speaker: people with a role first, then in the text's order.

    ``members`` come with the one that leads. Left out are words that stand in a sentence that is ``shown`` already.
    """
    seen = [fold(sentence.text) for sentence in shown]
    told = [quote for member in members if member.kind != "copy" for quote in member.quotes]
    kept: dict[str, Quote] = {}
    for quote in sorted(told, key=_rank):
        said = fold(quote.text).rstrip(",")
        if quote.speaker not in kept and not any(said in sentence for sentence in seen):
            kept[quote.speaker] = quote
            seen.append(said)
    chosen = list(kept.values())[:MOST]
    return tuple(sorted(chosen, key=told.index))


def _rank(quote: Quote) -> tuple[bool, bool, bool]:
    """Named people with a role before names before offices; whole statements before scraps."""
    named = sum(word[:1].isupper() for word in quote.speaker.split()) > 1 or not quote.speaker.isascii()
    return not named, not quote.role, not SHORT <= len(quote.text) <= LONG


def line(quote: Quote) -> tuple[str, str, str]:
    """The words between marks, who said them, and what the text calls them: "Lu Xiang", "an expert at the academy"."""
    role = wording.line(quote.role, ROLE)
    speaker = wording.line(quote.speaker, wording.NAME)
    return f"“{wording.line(quote.text, wording.QUOTE).rstrip(',，')}”", speaker, role
