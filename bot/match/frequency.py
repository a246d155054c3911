"""How often a term is met: reckoned from the words of some articles."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

from bot.rules.anchors import by_length
from bot.text import fold, words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Article, Term


class Frequencies:
    """Share of the articles in which a term is met: that of its rarest word, which is an upper bound for a phrase."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._counts: Counter[str] = Counter()
        self._total = 1
        for article in articles:
            self._counts.update(set(words(fold(f"{article.title}\n{article.body}"))))
            self._total += 1
        self._sorted = sorted(self._counts)
        self._known: dict[tuple[str, str], float] = {}

    def __call__(self, term: Term) -> float:
        """The share; of words that no article has the length tells."""
        key = (term.text, term.kind)
        share = self._known.get(key)
        if share is None:
            share = self._known[key] = self._reckoned(term)
        return share

    def _reckoned(self, term: Term) -> float:
        listed = words(fold(term.text))
        if term.kind == "regex" or not listed:
            return by_length(term)
        last = listed.pop() if term.kind == "wildcard" and term.text.endswith("*") else None
        counts = [self._counts[word] for word in listed]
        if last is not None:
            counts.append(self._beginning(last))
        return (min(counts) + by_length(term)) / self._total

    def _beginning(self, stem: str) -> int:
        found = 0
        for place in range(bisect_left(self._sorted, stem), len(self._sorted)):
            if not self._sorted[place].startswith(stem):
                break
            found += self._counts[self._sorted[place]]
        return found
