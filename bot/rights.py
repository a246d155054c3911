"""How much of an article its source lets readers see: decided here, for whatever shows an article's words.

A limit is a number of characters (code points, the marks of a cut included), 0 for none at all, None where the source
sets none. It holds for all that one message quotes of one article. Headlines stay: by them an article is referred to.
A title that was derived from the text is words of the text, and counts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .model.words import plural
from .text import cut

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .model import Hit, Mention, News, Quote, Sentence
    from .model.words import TextField

Span = tuple[int, int]

# What is left of a limit is not used up by a few letters of yet another sentence.
LEAST = 20
# How far a border may move to the edge of a word; text without spaces is cut where it is.
_NEAR = 30
_SPACE = re.compile(r"\s+")


def note(limit: int) -> str:
    """What readers are told where something was left out."""
    return f"excerpt limited by the source: {plural(limit, 'character')}" if limit else "this source allows no excerpt"


def headline(title: str, limit: int | None, *, derived: bool) -> str:
    """The title as it may be shown."""
    return cut(title, limit) if derived and limit is not None else title


def shortened(text: str, spans: Iterable[Span], room: int) -> tuple[str, tuple[Span, ...]]:
    """At most ``room`` characters of ``text`` around the first of ``spans``, cut at words with "…"; spans follow."""
    spans = tuple(spans)
    return _shown(text, spans, *_window(text, spans, room))


def _window(text: str, spans: Sequence[Span], room: int) -> Span:
    """What of ``text`` is shown where "…" at its borders counts too: empty if there is no room for a letter."""
    if len(text) <= room:
        return 0, len(text)
    first, last = min(spans, default=(0, 0))
    begin = _begin(text, first, room // 3)
    room -= bool(begin)
    if begin + room >= len(text):
        return begin, len(text)
    end = begin + max(0, len(cut(text[begin:], room)) - 1)
    return begin, _to_word(text, begin, end, last)


def _begin(text: str, first: int, most: int) -> int:
    """Where the cut text begins: a few words before the first hit, at a word if one begins near."""
    if first <= most:
        return 0
    begin = first - most + 1 if most else first
    gap = _SPACE.search(text, begin - 1, min(first, begin + _NEAR))
    begin = gap.end() if gap else begin
    while begin < first and unicodedata.combining(text[begin]):
        begin += 1
    return begin


def _to_word(text: str, begin: int, end: int, least: int) -> int:
    """``end``, or the end of a word a little before it; not before ``least``, where the hit ends."""
    if not text[end].isspace():
        gaps = list(_SPACE.finditer(text, max(begin + 1, least, end - _NEAR), end))
        end = gaps[-1].start() if gaps else end
    return end


def _shown(text: str, spans: Iterable[Span], begin: int, end: int) -> tuple[str, tuple[Span, ...]]:
    if begin >= end:
        return "", ()
    lead = "…" if begin else ""
    moved = ((max(begin, a), min(end, b)) for a, b in spans)
    shown = tuple((a - begin + len(lead), b - begin + len(lead)) for a, b in moved if a < b)
    return lead + text[begin:end] + ("…" if end < len(text) else ""), shown


@dataclass(slots=True)
class Allowance:
    """What one message may still quote of one article; ``held_back`` once something was left out.

    A sentence that was quoted already costs nothing more. ``derived``: the title is words of the text.
    """

    limit: int | None
    derived: bool = False
    held_back: bool = False
    _left: int = field(init=False)
    _given: dict[tuple[str, int, int], Span] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with the whole limit."""
        self._left = self.limit or 0

    @property
    def note(self) -> str:
        """What readers are told; empty where nothing was left out."""
        return note(self.limit) if self.held_back and self.limit is not None else ""

    def headline(self, title: str) -> str:
        """The title; a derived one takes its part of the limit."""
        if self.limit is None or not self.derived:
            return title
        return self.words(title)

    def words(self, text: str) -> str:
        """Words of the text that stand for themselves, such as a quotation; empty where no more may be quoted."""
        return self.excerpt(text, ())[0]

    def quotes(self, quotes: Iterable[Quote]) -> tuple[Quote, ...]:
        """The quotations with as much of their words as may be quoted; their places stay those in the text."""
        shown = (replace(quote, text=self.words(quote.text)) for quote in quotes)
        return tuple(quote for quote in shown if quote.text)

    def excerpt(self, text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
        """As much of a part of the text as may be quoted, around the first of ``spans``; these follow."""
        return (text, tuple(spans)) if self.limit is None else _shown(text, spans, *self._take(text, spans))

    def sentences(self, sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
        """As much of these as may be quoted, hits in sight. Their places stay those in the article's text."""
        return tuple(kept for sentence in sentences if (kept := self._sentence(sentence)) is not None)

    def hits(self, hits: Iterable[Hit]) -> tuple[Hit, ...]:
        """The hits with what may be shown of them: a word that a rule names is its own, what a pattern finds is not."""
        return tuple(replace(hit, text=self._pattern(hit)) if self._is_quoted(hit) else hit for hit in hits)

    def news(self, news: Iterable[News]) -> tuple[News, ...]:
        """What is new, without the sentences that hold it: facts are told in our words, quotations in the text's."""
        if self.limit is None:
            return tuple(news)
        return tuple(replace(one, sentence=None, text=self._new(one)) for one in news)

    def _new(self, news: News) -> str:
        return self.words(news.text) or news.reason if news.kind == "quote" else news.text

    def found(self, mention: Mention) -> Mention:
        """The mention with as much of its sentences and hits as may be quoted."""
        if self.limit is None:
            return mention
        return replace(mention, sentences=self.sentences(mention.sentences), hits=self.hits(mention.hits))

    def _is_quoted(self, hit: Hit) -> bool:
        return self._counts(hit.field) and len(hit.term) > 1 and hit.term[0] == hit.term[-1] == "/"

    def _pattern(self, hit: Hit) -> str:
        place = (hit.field, hit.start, hit.end)
        if place not in self._given:
            self._given[place] = self._take(hit.text, ())
        return _shown(hit.text, (), *self._given[place])[0]

    def _counts(self, place: TextField) -> bool:
        return self.limit is not None and (place == "body" or self.derived)

    def _sentence(self, sentence: Sentence) -> Sentence | None:
        if not self._counts(sentence.field):
            return sentence
        place = (sentence.field, sentence.start, sentence.end)
        if place not in self._given:
            self._given[place] = self._take(sentence.text, sentence.spans)
        text, spans = _shown(sentence.text, sentence.spans, *self._given[place])
        return replace(sentence, text=text, spans=spans) if text else None

    def _take(self, text: str, spans: Sequence[Span]) -> Span:
        """The window of ``text`` that is left to it, taken off what is left."""
        untouched = self._left == self.limit
        begin, end = _window(text, spans, self._left) if untouched or self._left >= LEAST else (0, 0)
        self._left -= len(_shown(text, (), begin, end)[0])
        self.held_back |= (begin, end) != (0, len(text))
        return begin, end
