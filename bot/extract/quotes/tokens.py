"""Paragraphs as tokens: words and signs outside quotation marks, with one token for each passage between them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from .words import MONTHS_AND_DAYS, STARTERS, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .marks import Paragraph, Passage

Kind = Literal["word", "name", "number", "quote", "sign"]
"""A word in small letters, one with a capital, a number, a passage, or a sign."""

_TOKEN = re.compile(
    r"(?:(?:[^\W\d_]\.){2,}|[^\W\d_]\.(?=\s)|(?:Mr|Mrs|Ms|Dr|Prof|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Capt|Adm|Sgt|Rev"
    r"|Jr|Sr|St|Inc|Corp|Co|Ltd|No|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.)"
    r"|(?:[^\W_]+(?:['’.‑&/-][^\W_]+)*(?:['’](?=\s))?)|(?:--|\.\.\.|\S)"
)
_ENDS = frozenset(".!?…。！？")
_CLOSING = frozenset(")]”’\"'»")


class Token(NamedTuple):  # made by the hundred for every article: a frozen dataclass takes three times as long
    """A token at [start, end) of the text; ``lower`` is its word in small letters, or its sign."""

    kind: Kind
    start: int
    end: int
    text: str
    lower: str
    passage: Passage | None = None

    @property
    def is_word(self) -> bool:
        """Whether it can be part of a name or a description."""
        return self.kind in ("word", "name", "number")


Sentence = list[Token]


def sentences(text: str, paragraph: Paragraph) -> list[Sentence]:
    """The paragraph's sentences; what a passage holds ends one only where the sentence around it ends, too."""
    found: list[Sentence] = []
    current: Sentence = []
    tokens = list(_tokens(text, paragraph))
    for place, token in enumerate(tokens):
        current.append(token)
        if (token.kind in ("sign", "quote") or token.text[-1] == ".") and _ends(text, tokens, place):
            found.append(current)
            current = []
    return [*found, current] if current else found


def _tokens(text: str, paragraph: Paragraph) -> Iterator[Token]:
    begin = paragraph.start
    for passage in paragraph.passages:
        yield from _words(text, begin, passage.outer_start)
        yield Token("quote", passage.outer_start, passage.outer_end, "", "", passage)
        begin = passage.outer_end
    yield from _words(text, begin, paragraph.end)


def _words(text: str, begin: int, end: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, begin, end):
        written = match[0]
        kind, lower = _kind(written)
        yield Token(kind, match.start(), match.end(), written, lower)


@lru_cache(maxsize=20_000)
def _kind(written: str) -> tuple[Kind, str]:
    lower = written.lower().replace("’", "'")
    if not written[0].isalnum():
        return "sign", lower
    if written[0].isdigit():
        return "number", lower
    # A capital may stand inside: "al-Assad", "eBay".
    return ("word" if written == written.lower() else "name"), lower


def _ends(text: str, tokens: Sequence[Token], place: int) -> bool:
    """Whether a sentence ends with the token at ``place``."""
    token = tokens[place]
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    if following is None:
        return True
    if token.kind == "quote" and token.passage is not None:
        return _passage_ends(text[token.passage.end - 1], following)
    if token.kind == "sign":
        if token.lower in _CLOSING:
            return place > 0 and tokens[place - 1].lower in _ENDS and following.kind != "word"
        return token.lower in _ENDS and following.kind != "word" and following.lower not in _CLOSING
    # An abbreviation at the end of a sentence has lost its full stop to it.
    return (
        token.lower.endswith(".")
        and token.lower not in _BEFORE_NAMES
        and (following.kind == "quote" or following.lower in STARTERS)
        and following.kind != "word"
    )


_BEFORE_NAMES = listed("mr. mrs. ms. dr. prof. sen. sens. rep. reps. gov. gen. lt. col. capt. adm. sgt. rev. st. no.")


# The others may be the one who asked.
_NEW_SENTENCE = STARTERS - {"he", "she", "they", "it", "mr", "ms", "mrs", "the", "a", "an", "one"}


def _passage_ends(last: str, following: Token) -> bool:
    if last in ".。…":
        return following.kind in ("name", "number", "quote") or following.lower in "([—–"
    if last in "!?！？":
        # "Really?" Olson asked: whoever speaks may follow.
        return following.kind == "quote" or (following.kind == "name" and following.lower in _NEW_SENTENCE)
    return False


def is_when(token: Token) -> bool:
    """Whether it names a day or a month."""
    return token.lower.rstrip(".") in MONTHS_AND_DAYS
