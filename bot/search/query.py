"""What people may ask: words, "phrases", -without, this OR that, begin*.

All words must be there. ``OR`` joins its two neighbours and nothing else, as web search engines have it:
``huawei ban OR sanction`` wants Huawei and one of the two. Operators are upper case. Whatever does not fit is
a word like any other: no text is a syntax error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import QueryError

from .words import search_words

MOST_WORDS = 200
"""In one query; databases limit the depth of a search expression (SQLite FTS5: 256)."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_OPERATORS = ("AND", "OR", "NOT")
_PIECE = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side; ``prefix``: the last of them is the beginning of a word."""

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """What is wanted: of every group at least one term, and none of ``without``. There is at least one group."""

    groups: tuple[tuple[Term, ...], ...]
    without: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term that a found article may hold."""
        return tuple(term for group in self.groups for term in group)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the query as typed: ``bare`` if it stood without quotes or sign, and may be an operator."""

    text: str
    bare: bool
    negative: bool
    term: Term | None


def parse(text: str) -> Query:
    """The query that ``text`` means. Raises QueryError if it names nothing to look for, or far too much."""
    pieces = [_piece(*found.groups()) for found in _PIECE.finditer(text.translate(_QUOTES))]
    groups: list[list[Term]] = []
    without: list[Term] = []
    before = operator = ""  # what the piece before was: a "word", "no" word, or an operator; operators that wait
    for piece, following in zip(pieces, (*pieces[1:], None), strict=False):
        kind = _kind(piece, following, before)
        if kind in _OPERATORS:
            operator = kind
        elif piece.term is not None:
            if operator == "NOT" or piece.negative:
                kind = "no"
                without.append(piece.term)
            elif operator == "OR":
                groups[-1].append(piece.term)
            else:
                groups.append([piece.term])
            operator = ""
        before = kind
    return _checked(groups, without)


def _piece(sign: str, quoted: str | None, plain: str | None) -> _Piece:
    text = plain if quoted is None else quoted
    words = tuple(search_words(text or ""))
    prefix = quoted is None and (plain or "").endswith("*")
    term = Term(words, prefix) if words else None
    return _Piece(text or "", bare=quoted is None and not sign, negative=bool(sign), term=term)


def _kind(piece: _Piece, following: _Piece | None, before: str) -> str:
    """The operator that the piece is, else "word", or "" if it holds none.

    An operator has beside it what it works on: OR two words that are wanted, NOT one that follows.
    """
    if piece.term is None:
        return ""
    if not piece.bare or piece.text not in _OPERATORS or following is None or following.term is None:
        return "word"
    if piece.text == "NOT":
        return "NOT"
    if before not in {"word", "no"}:
        return "word"
    unwanted = following.negative or (following.bare and following.text == "NOT")
    return "word" if piece.text == "OR" and (before == "no" or unwanted) else piece.text


def _checked(groups: list[list[Term]], without: list[Term]) -> Query:
    count = sum(len(term.words) for terms in (*groups, without) for term in terms)
    if count > MOST_WORDS:
        raise QueryError(f"the query has {count:,} words: {MOST_WORDS} are the most")
    if not groups and without:
        raise QueryError('the query only says what is not wanted: add a word to look for, like "tariff* -steel"')
    if not groups:
        raise QueryError('the query holds no word to look for: write some, like "export controls" or huawei')
    return Query(tuple(map(tuple, groups)), tuple(without))
