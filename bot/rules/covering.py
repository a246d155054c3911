"""Which terms occur wherever another one does: the same word, or a piece of the phrase."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bot.model import Alias, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import TermKind

_GAP = re.compile(r"[\s-]+")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_WILD = re.compile("[*?]")


class Cover:
    """Terms that answer whether one of them stands in every occurrence of another term."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._terms: dict[tuple[TermKind, str], list[Term]] = {}
        for term in terms:
            self._terms.setdefault((term.kind, spelling(term)), []).append(term)
        phrases = [text for kind, text in self._terms if kind in ("plain", "wildcard")]
        self._words = {text.count(" ") + 1 for text in phrases}
        self._han = {len(text) for text in phrases if _HAN.fullmatch(text)}

    def within(self, term: Term) -> Term | None:
        """One of the terms that stands in every occurrence of ``term``; None if that is not sure of any."""
        for kind, text, last in self._pieces(term):
            for other in self._terms.get((kind, text), ()):
                if other == term or (_unconditional(other) and _same_numbers(other, term, last=last)):
                    return other
        return None

    def _pieces(self, term: Term) -> Iterator[tuple[TermKind, str, bool]]:
        """The pieces of a term that may be another one: kind, spelling, whether the term's last word is in it."""
        whole = spelling(term)
        if not self._terms:
            return
        yield term.kind, whole, True
        if term.kind in ("exact", "regex"):
            return
        words = whole.split(" ")
        for count in self._words:
            for first in range(len(words) - count + 1):
                text = " ".join(words[first : first + count])
                yield "wildcard" if _WILD.search(text) else "plain", text, first + count == len(words)
        for length in self._han:
            for first in range(len(whole) - length + 1):
                after = whole[first + length : first + length + 1]
                if not unicodedata.category(after or " ").startswith("M"):
                    yield "plain", whole[first : first + length], False


def spelling(term: Term) -> str:
    """Text but for what does not matter; two terms of one kind and spelling are written in the same ways."""
    if term.kind in ("exact", "regex"):
        return term.text
    return " ".join(word if _has_capitals(word) else word.casefold() for word in _GAP.split(term.text) if word)


def _has_capitals(word: str) -> bool:
    """Whether the case of a word may matter: ``US`` is not ``us``, nor is ``US,China``."""
    signs = [char for char in unicodedata.normalize("NFKC", word) if char.isupper() or char.isdigit()]
    return len(signs) > 1 and any(char.isupper() for char in signs)


def _unconditional(term: Term) -> bool:
    return term.alias is None or term.alias == Alias(text=term.alias.text)


def _same_numbers(other: Term, term: Term, *, last: bool) -> bool:
    """Whether ``other`` is found in the plural if ``term`` is: an alias takes none."""
    return other.alias is None or term.alias is not None or not last or term.kind in ("exact", "regex")
