"""Where in an article the words of a query stand: offsets into the original text, and the part worth showing."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.folding import CJK, Folded, view
from bot.text import clean

from .words import placed_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .query import Query, Term

LENGTH = 240
"""Characters of a snippet, about: whole words are shown. Half as many of Chinese, Japanese and Korean."""

_GAP = re.compile(r"\s+")
_WIDE = re.compile(f"[{CJK}]")
_NEAR = 12  # how far a border may move to a space; text without spaces is cut where it is

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A part of a text, made safe to print, with the [start, end) of every hit in it."""

    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    term: int


def snippet(text: str, query: Query, length: int = LENGTH) -> Snippet:
    """About ``length`` characters of ``text`` where most of the query's terms stand together, else its beginning."""
    hits = _hits(text, query.terms)
    begin, end = _window(text, hits, length)
    if len(_WIDE.findall(text, begin, end)) * 2 > end - begin:  # these say more, and take two cells each
        begin, end = _window(text, hits, length // 2)
    return _shown(text, begin, end, hits)


def around(text: str, spans: Sequence[Span], length: int = LENGTH) -> Snippet:
    """About ``length`` characters of ``text`` around these [start, end), which are the hits."""
    hits = [_Hit(start, end, number) for number, (start, end) in enumerate(sorted(spans))]
    return _shown(text, *_window(text, hits, length), hits)


def mark(text: str, query: Query) -> Snippet:
    """The whole text on one line, with every hit."""
    return _shown(text, 0, len(text), _hits(text, query.terms))


def _hits(text: str, terms: Sequence[Term]) -> list[_Hit]:
    """Every occurrence of every term, in the order of the text."""
    folded = view(text)
    words = placed_words(folded.text)
    found = [hit for number, term in enumerate(terms) for hit in _of_term(folded, words, term, number)]
    return sorted(found, key=lambda hit: (hit.start, hit.end))


def _of_term(folded: Folded, words: Sequence[tuple[str, int, int]], term: Term, number: int) -> Iterator[_Hit]:
    *first, last = term.words
    size = len(term.words)
    for place in range(len(words) - size + 1):
        ending = words[place + size - 1][0]
        if (ending.startswith(last) if term.prefix else ending == last) and all(
            words[place + step][0] == word for step, word in enumerate(first)
        ):
            yield _Hit(*folded.span(words[place][1], words[place + size - 1][2]), number)


def _window(text: str, hits: Sequence[_Hit], length: int) -> Span:
    """The stretch with most different terms, the earliest of equals, with words before and after."""
    if len(text) <= length:
        return 0, len(text)
    first, last = _best(hits, length) if hits else (0, 0)
    room = max(0, length - (last - first))
    begin = max(0, min(first - room // 3, len(text) - length))
    end = min(len(text), max(begin + length, last))
    return _to_space(text, begin, first), _back_to_space(text, end, last)


def _best(hits: Sequence[_Hit], length: int) -> Span:
    best, span = 0, (hits[0].start, hits[0].end)
    inside: Counter[int] = Counter()
    begin = 0
    for hit in hits:
        inside[hit.term] += 1
        while hits[begin].start < hit.end - length and hits[begin] is not hit:
            inside[hits[begin].term] -= 1
            begin += 1
        different = sum(count > 0 for count in inside.values())
        if different > best:
            best, span = different, (hits[begin].start, hit.end)
    return span


def _to_space(text: str, begin: int, latest: int) -> int:
    """The next beginning of a word, if one is near; a sentence's middle is no bad beginning."""
    if begin == 0:
        return 0
    gap = _GAP.search(text, begin - 1, min(latest, begin + _NEAR))
    return gap.end() if gap else begin


def _back_to_space(text: str, end: int, earliest: int) -> int:
    if end == len(text):
        return end
    piece = text[max(earliest, end - _NEAR) : end + 1]
    gaps = list(_GAP.finditer(piece))
    return max(earliest, end - _NEAR) + gaps[-1].start() if gaps else end


def _shown(text: str, begin: int, end: int, hits: Sequence[_Hit]) -> Snippet:
    """[begin, end) of the text on one line and without control characters; the hits' offsets follow."""
    out = "…" if begin else ""
    begin += len(text[begin:end]) - len(text[begin:end].lstrip())
    spans: list[Span] = []
    done = begin
    for first, last in _merged(hits, begin, end):
        out += _line(text[done:first])
        start = len(out)
        out += _line(text[first:last])
        if start < len(out):
            spans.append((start, len(out)))
        done = last
    out += _line(text[done:end])
    return Snippet(out.rstrip() + ("…" if end < len(text) else ""), tuple(spans))


def _merged(hits: Sequence[_Hit], begin: int, end: int) -> list[Span]:
    """The hits inside, those that overlap as one."""
    spans: list[Span] = []
    for hit in hits:
        if hit.start < begin or hit.end > end:
            continue
        if spans and hit.start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], hit.end))
        else:
            spans.append((hit.start, hit.end))
    return spans


def _line(piece: str) -> str:
    return _GAP.sub(" ", clean(piece))
