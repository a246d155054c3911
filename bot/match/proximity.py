"""Whether two sides stand near each other, told from what the automaton found wherever that is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pairs import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from .gates import Nearby, Tokens
    from .page import Page, Span

FEW = 16
"""Pairs of hits that are tried one by one; to sort them first pays only for more."""


class Proximity:
    """Answers for the pairs it was made for, on one page.

    ``found`` are the hits of patterns on the bare page, ``literals`` what must stand in the text for the first of
    them: None where the text has to be asked further. The tokens of pairs from ``limit`` on are no patterns.
    """

    def __init__(
        self,
        page: Page,
        found: Iterable[tuple[int, int, int]],
        literals: Sequence[str | None],
        limit: int,
        pairs: Iterable[Nearby],
    ) -> None:
        self._page = page
        self._limit = limit
        self._literals = literals
        wanted: set[int] = set().union(*(side for pair in pairs for side in pair[:2]))
        self._places: dict[int, list[Span]] = {}
        for start, end, number in found if page.spaced else ():
            if number in wanted:
                self._places.setdefault(number, []).append((start + 1, end - 1))

    def near(self, pair: Nearby, seen: set[int]) -> bool | None:
        """Whether the two sides of a pair, of which these tokens were seen, stand near each other; None if unsure."""
        left, right = self._hits(pair.left, seen), self._hits(pair.right, seen)
        if left is None or right is None:
            return None
        # A hit may go on where its pattern ends: an "'s" would count as a word in between.
        widest = pair.within + 1
        if len(left) * len(right) > FEW:
            return None if near(self._page, _placed(left), _placed(right), widest, ordered=pair.ordered) else False
        gaps = [gap for gap in _gaps(left, right, ordered=pair.ordered) if self._close(gap, widest)]
        if not gaps:
            return False
        return any(self._page.text[gap[0]] != "'" and self._close(gap, pair.within) for gap in gaps) or None

    def _hits(self, tokens: Tokens, seen: set[int]) -> list[Span] | None:
        """Where the words of tokens were found; None if that is not where they are."""
        if not self._page.spaced:
            return None
        hits: list[Span] = []
        for token in tokens & seen:
            if token >= self._limit:
                return None
            places = self._places[token]
            if token < len(self._literals):
                text, literal = self._page.text, self._literals[token]
                places = [span for span in places if text[slice(*span)] == literal]
            hits += places
        return hits

    def _close(self, gap: Span, words: int) -> bool:
        """Whether a gap lies in one paragraph and has at most so many words."""
        return self._page.text.find("\n", *gap) < 0 and self._page.close(*gap, words)


def _gaps(left: Sequence[Span], right: Sequence[Span], *, ordered: bool) -> Iterator[Span]:
    """What lies between any two that do not overlap, one of each side."""
    for start, end in left:
        for other_start, other_end in right:
            if other_start >= end:
                yield end, other_start
            elif start >= other_end and not ordered:
                yield other_end, start


def _placed(spans: Iterable[Span]) -> list[tuple[None, int, int]]:
    return [(None, start, end) for start, end in spans]
