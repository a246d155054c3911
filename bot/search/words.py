"""The words that search knows: folded, and every character of Chinese, Japanese, Korean and Thai a word of its own.

Those scripts write no spaces. With one character a word, a name in them is a phrase, and is found wherever it
stands. Everything that is neither letter, digit nor mark only separates: ``U.S.`` is two words, ``don't`` too,
in texts and in queries alike.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.folding import Translation, fold_characters
from bot.text import KINDS, OTHER, RUN

if TYPE_CHECKING:
    from collections.abc import Iterable

INDEX_VERSION = 2
"""Raised whenever the same text gives other words than before: the store then indexes its articles anew."""

LONGEST = 64
"""Characters of a word that count; what follows is cut off, in texts and in queries alike."""

MOST_BYTES = 900_000
"""Of one article's words in UTF-8, some 150,000 words; a PostgreSQL tsvector holds 1 MB at most
(https://www.postgresql.org/docs/current/textsearch-limitations.html)."""

BORDER = "¶"
"""Stands between fields, so that no phrase reaches from one into the next. It is no letter, so no query holds it."""


class _Spaced(dict[int, str]):
    """Code point → how it stands in a text whose words are parted by spaces."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        kind = KINDS[char]
        self[point] = spaced = " " if kind == OTHER else f" {char} " if kind == RUN else char
        return spaced


class _Kind(dict[int, str]):
    """Code point → one letter for its kind: ``r`` a word of its own, ``w`` part of a word, else a space."""

    def __missing__(self, point: int) -> str:
        kind = KINDS[chr(point)]
        self[point] = letter = " " if kind == OTHER else "r" if kind == RUN else "w"
        return letter


_spaced = Translation(_Spaced())
_kinds = Translation(_Kind())
_WORD = re.compile("r|w+")


def search_words(text: str) -> list[str]:
    """The words of a text, in order."""
    folded = fold_characters(text)[0]
    words = _spaced(folded).split()
    return [word[:LONGEST] for word in words] if max(map(len, words), default=0) > LONGEST else words


def placed_words(folded: str) -> list[tuple[str, int, int]]:
    """The words of a text that is folded already, each with its [start, end) in it."""
    kinds = _kinds(folded)
    spans = (word.span() for word in _WORD.finditer(kinds))
    return [(folded[start : min(end, start + LONGEST)], start, end) for start, end in spans]


def indexed(fields: Iterable[str]) -> str:
    """What the store indexes of these texts: their words between single spaces, with a :data:`BORDER` between texts.

    Begins and ends with a space, so that whole words can be looked for as ``" word "``.
    """
    joined = f" {BORDER} ".join(" ".join(search_words(field)) for field in fields if field)
    if len(joined) * 4 > MOST_BYTES:
        joined = joined.encode()[:MOST_BYTES].decode(errors="ignore")
    return f" {joined} "
