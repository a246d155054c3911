"""What is made of single words, kept: news are written with the same words again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
MOST = 1 << 16  # words that are kept, some 200 bytes each; then it begins anew


class Memo(dict[str, T]):
    """Word → what ``make`` makes of it. ``map(memo.__getitem__, words)`` asks for many without a call for each."""

    __slots__ = ("_make",)

    def __init__(self, make: Callable[[str], T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> T:
        if len(self) >= MOST:
            self.clear()
        made = self[word] = self._make(word)
        return made
