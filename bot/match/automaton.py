"""One automaton over many strings: every occurrence of every string, overlapping ones included.

Aho and Corasick, "Efficient string matching", CACM 18 (6), 1975. ``daachorse`` (double array, character by
character) is the fastest; it has no wheels for some platforms, where ``ahocorasick-rs`` or ``pyahocorasick`` does the
same. Leftmost or non-overlapping engines are of no use here: they lose the shorter of two terms.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SURROGATE = re.compile("[\ud800-\udfff]")


class Automaton(Protocol):
    """Finds all patterns at once. Patterns have no lone surrogates; each in a text is taken for U+FFFD."""

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """Every occurrence as (start, end, number of the pattern), offsets in code points, in no certain order."""


class DaachorseAutomaton:
    """The fastest. Raises ImportError where it is not installed."""

    def __init__(self, patterns: Sequence[str]) -> None:
        import daachorse

        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(patterns))

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """See :class:`Automaton`."""
        try:
            found: list[tuple[int, int, int]] = self._automaton.find_overlapping(text)
        except UnicodeEncodeError:
            found = self._automaton.find_overlapping(_without_surrogates(text))
        return found


class AhocorasickRsAutomaton:
    """The other one in Rust. Raises ImportError where it is not installed."""

    def __init__(self, patterns: Sequence[str]) -> None:
        import ahocorasick_rs

        self._automaton = ahocorasick_rs.AhoCorasick(patterns, ahocorasick_rs.MatchKind.Standard)

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """See :class:`Automaton`."""
        try:
            found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        except UnicodeEncodeError:
            found = self._automaton.find_matches_as_indexes(_without_surrogates(text), overlapping=True)
        return [(start, end, number) for number, start, end in found]


class PyahocorasickAutomaton:
    """The one in C."""

    def __init__(self, patterns: Sequence[str]) -> None:
        import ahocorasick

        self._automaton = ahocorasick.Automaton()
        for number, pattern in enumerate(patterns):
            self._automaton.add_word(pattern, (number, len(pattern)))
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """See :class:`Automaton`."""
        found = self._automaton.iter(_without_surrogates(text))
        return [(last + 1 - length, last + 1, number) for last, (number, length) in found]


class EmptyAutomaton:
    """The engines refuse to be built of nothing."""

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:  # noqa: ARG002 - the protocol's argument
        """Nothing."""
        return ()


ENGINES = (DaachorseAutomaton, AhocorasickRsAutomaton, PyahocorasickAutomaton)


def build(patterns: Sequence[str]) -> Automaton:
    """The best automaton this machine has. Patterns must be distinct and not empty."""
    if not patterns:
        return EmptyAutomaton()
    for engine in ENGINES[:-1]:
        try:
            return engine(patterns)
        except ImportError:
            continue
    return ENGINES[-1](patterns)


def _without_surrogates(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)
