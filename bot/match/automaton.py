"""One automaton over many strings: every occurrence of every string, overlapping ones included.

Aho and Corasick, "Efficient string matching", CACM 18 (6), 1975. ``daachorse`` (double array, character
by character) is the faster; it has no wheels for some platforms, where ``pyahocorasick`` does the same.
Leftmost or non-overlapping engines are of no use here: they lose the shorter of two terms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Automaton(Protocol):
    """Finds all patterns at once."""

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """Every occurrence as (start, end, number of the pattern), offsets in code points, in no certain order."""


class DaachorseAutomaton:
    """The Rust automaton. Raises ImportError where it is not installed."""

    def __init__(self, patterns: Sequence[str]) -> None:
        import daachorse

        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(patterns))

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """See :class:`Automaton`."""
        found: list[tuple[int, int, int]] = self._automaton.find_overlapping(text)
        return found


class AhocorasickAutomaton:
    """The C automaton."""

    def __init__(self, patterns: Sequence[str]) -> None:
        import ahocorasick

        self._automaton = ahocorasick.Automaton()
        for number, pattern in enumerate(patterns):
            self._automaton.add_word(pattern, (number, len(pattern)))
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:
        """See :class:`Automaton`."""
        for last, (number, length) in self._automaton.iter(text):
            yield last + 1 - length, last + 1, number


class EmptyAutomaton:
    """Both engines refuse to be built of nothing."""

    def find(self, text: str) -> Iterable[tuple[int, int, int]]:  # noqa: ARG002 - the protocol's argument
        """Nothing."""
        return ()


def build(patterns: Sequence[str]) -> Automaton:
    """The best automaton this machine has. Patterns must be distinct and not empty."""
    if not patterns:
        return EmptyAutomaton()
    try:
        return DaachorseAutomaton(patterns)
    except ImportError:
        return AhocorasickAutomaton(patterns)
