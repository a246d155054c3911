"""Which words of a text say something, and which of them are written like names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .common import EMPTY, stem
from .memo import Memo
from .tokens import folded, plain_words, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .tokens import Tokens

_TITLES = frozenset(["mr", "mrs", "ms", "dr", "gen", "gov", "sen", "rep", "st", "no", "vs"])
# A word of an ASCII text with a capital at its beginning; a single letter is none. To look for the capital first, and
# behind it only then, is several times as fast.
_CAPITAL = re.compile(r"[A-Z](?<![A-Za-z].)(?:[A-Za-z]+[0-9]*|[0-9]+)")


class Terms(NamedTuple):
    """What a text is made of.

    ``words`` are all of them, folded; ``said`` those that say something, as they are compared; ``names`` those of them
    with a capital that no beginning of a sentence explains, as often as they occur.
    """

    words: tuple[str, ...]
    said: list[str]
    names: list[str]


def terms(text: str) -> Terms:
    """The terms of a headline or of the beginning of a body."""
    plain, words = plain_words(text)
    if plain.isascii():
        return Terms(words, list(filter(None, map(_TERMS.__getitem__, words))), list(_capitals(plain)))
    pairs = list(_words(tokens(text)))
    return Terms(words, [term for term, _ in pairs], [term for term, capital in pairs if capital])


def _capitals(text: str) -> Iterator[str]:
    """The names of an ASCII text: only words that may be names are looked at."""
    for match in _CAPITAL.finditer(text):
        word = match[0]
        term = _WRITTEN[word]
        if term and ((len(word) < 6 and word.isupper()) or not _begins(text, match.start())):
            yield term


def _words(found: Tokens) -> Iterator[tuple[str, bool]]:
    """Every word that says something, and whether it is a name."""
    text, last = found.text, ""
    for (start, end), word in zip(found.spans, found.folded, strict=True):
        term = _TERMS[word]
        if term:
            capital = text[start].isupper() and end - start > 1
            yield term, capital and ((end - start < 6 and text[start:end].isupper()) or not _begins(text, start, last))
        elif term is None and last and not last.isascii() and text[start - 1 : start].strip():
            yield last + word, False  # of scripts without spaces two letters are the least that says something
        last = word


def _term(word: str) -> str | None:
    """What a folded word is compared as, empty if it says nothing; None for one letter of a script without spaces."""
    if word[0].isdigit():
        return word
    if len(word) == 1:
        return "" if word.isascii() else None
    term = stem(word)
    return "" if word in EMPTY or term in EMPTY else term


_TERMS = Memo(_term)
_WRITTEN = Memo(lambda word: _term(folded(word)))  # of words as they are written


def _begins(text: str, start: int, last: str | None = None) -> bool:
    """Whether a sentence or quotation begins here; ``last`` is the folded word before, if it is known."""
    place = start - 1
    if place > 0 and text[place] == " " and text[place - 1].isalnum():  # most words
        return False
    while place >= 0 and text[place] in " \"“'’(":
        place -= 1
    if place < 0 or text[place] not in ".!?:;\n":
        return place < 0
    return (_word_before(text, place) if last is None else last) not in _TITLES


def _word_before(text: str, place: int) -> str:
    """The letters at the end of the last word before a place of an ASCII text, small."""
    while place and not (text[place - 1].isalnum() or text[place - 1] in "%$"):
        place -= 1
    end = place
    while place and text[place - 1].isalpha():
        place -= 1
    return text[place:end].lower()
