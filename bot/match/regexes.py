"""Regular expressions of rules: RE2, tried only on pages where the automaton saw one of their literals.

They run on the folded text with its hyphens, one paragraph at a time. RE2 knows word edges in ASCII only,
so a match is asked for its edges afterwards, like every other term.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

import re2

from bot.folding import fold_closely, view
from bot.rules.regex import literals
from bot.text import breaks_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .page import Page, Span

_EDGE_AFTER = r"(?:$|[^\pL\pN\pM]|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}])"
_NOT_ASCII = re.compile("[^\x00-\x7f]")


def _folded_pattern(pattern: str) -> str:
    r"""The expression in the spelling of the text it is tried on: its characters folded one by one.

    Those of ASCII stay: a capital is part of an escape (``\S``, ``\pL``) that means another thing in small letters.
    """
    return _NOT_ASCII.sub(lambda char: folded if len(folded := fold_closely(char[0])[0]) == 1 else char[0], pattern)


class Regex:
    """One expression. Raises ``re2.error`` for what the rules room would have refused."""

    def __init__(self, pattern: str) -> None:
        self._pattern = _folded_pattern(pattern)
        self._search = re2.compile(self._pattern)
        self._to_edge = re2.compile(f"({self._pattern}){_EDGE_AFTER}")

    def literals(self) -> tuple[str, ...]:
        """What the automaton looks for before the expression is tried; () means that it is always tried."""
        found = tuple(view(literal).text.strip() for literal in literals(self._pattern))
        return found if all(found) else ()

    def hits(self, page: Page) -> Iterator[Span]:
        """The leftmost matches that keep to word edges, as spans of the page."""
        for text, offset, folded, base in page.paragraphs:
            for start, end in self._matches(text):
                yield page.locate(folded, base, offset + start, offset + end)

    def _matches(self, text: str) -> Iterator[Span]:
        """Matches as characters of one paragraph, which is encoded once, however many there are."""
        encoded = text.encode()
        places: list[int] = []
        if len(encoded) > len(text):
            places = [0, *accumulate(len(char.encode()) for char in text)]
        place = 0
        while place < len(encoded) and (match := self._search.search(encoded, place)) is not None:
            first, last = match.span()
            start, end = (bisect_left(places, first), bisect_left(places, last)) if places else (first, last)
            if end > start and breaks_word(text, start):
                if not breaks_word(text, end):
                    # Another alternative, or a shorter repetition, may end at an edge.
                    again = self._to_edge.match(encoded, first)
                    last = again.end(1) if again is not None else first
                    end = bisect_left(places, last) if places else last
                if end > start:
                    yield start, end
                    place = last
                    continue
            place = places[start + 1] if places and start + 1 < len(places) else first + 1
