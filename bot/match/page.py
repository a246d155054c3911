"""An article laid out for matching: title and body folded into one text, with the ways back."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from bot.folding import Folded, view
from bot.model.words import lead_words
from bot.text import JOINT, KINDS, has_run_script, nth_word, sentences, without_signs, word_starts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.model import Article, TextField

_SPAN = 10
"""Characters in which a word mostly ends."""
_PARAGRAPH = re.compile(r"[^\n]+")

# A word begins after a letter of a script without spaces, one of those ends a word; marks are their base's.
_SEAM = re.compile("[02]3+(?=1)|2(?=1)|[13](?=2)")

Span = tuple[int, int]


class _KindDigits(dict[int, str]):
    def __missing__(self, point: int) -> str:
        digit = self[point] = str(KINDS[chr(point)])
        return digit


_DIGITS = _KindDigits()


@dataclass(frozen=True, slots=True)
class Bare:
    """A folded text whose words stand between spaces, whatever stood between them; ``seams`` are spaces put in."""

    text: str
    seams: Sequence[int] = ()

    def place(self, place: int) -> int:
        """Where that is in the folded text."""
        return place - bisect_left(self.seams, place) if self.seams else place


def bare(folded: str) -> Bare:
    """Signs become spaces, one for one; between a word and letters of a script without spaces one is put in."""
    text = without_signs(folded)
    if text.isascii():
        return Bare(text)
    kinds = folded.translate(_DIGITS)
    places = [seam.end() for seam in _SEAM.finditer(kinds)] if "2" in kinds or "3" in kinds else []
    if not places:
        return Bare(text)
    pieces = [text[first:last] for first, last in pairwise((0, *places, len(text)))]
    return Bare(" ".join(pieces), [place + number for number, place in enumerate(places)])


class Page:
    """Title and body in one folded text, each between line feeds, which no term can cross.

    A title that was derived from the body is left out: its words are there already. Spans count
    characters of ``text``; :meth:`original` turns them into the article's own.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        self.derived = article.title_derived and bool(article.body)
        self.title = view("" if self.derived else article.title)
        self.body = view(article.body)
        self.border = len(self.title.text) + 2  # where the body begins
        self.text = f"\n{self.title.text}\n{self.body.text}\n"
        self._zones: dict[tuple[str, ...], tuple[Span, ...]] = {}

    @property
    def date(self) -> date | None:
        """The day the article is from, None if unknown."""
        published = self.article.published_at
        return published.date() if published else None

    def original(self, start: int, end: int) -> tuple[TextField, int, int]:
        """The field and the original characters of a span that is not empty."""
        if start >= self.border:
            return "body", *self.body.span(start - self.border, end - self.border)
        return "title", *self.title.span(start - 1, end - 1)

    def source(self, start: int, end: int) -> str:
        """The original characters of a span that is not empty."""
        field, first, last = self.original(start, end)
        return (self.body if field == "body" else self.title).original[first:last]

    @cached_property
    def bare(self) -> Bare:
        """What the automaton looks at."""
        return bare(self.text)

    @cached_property
    def aligned(self) -> str | None:
        """The original characters, each at the place of its folded one; None where folding moved them."""
        title, body = self.title.aligned(), self.body.aligned()
        return None if title is None or body is None else f"\n{title}\n{body}\n"

    @cached_property
    def word_starts(self) -> list[int]:
        """Where each word begins."""
        return word_starts(self.text)

    @cached_property
    def spaced(self) -> bool:
        """Whether words stand between spaces and signs, at the same places on the bare page."""
        return not self.bare.seams and not has_run_script(self.text)

    def close(self, first_end: int, second_start: int, words: int) -> bool:
        """Whether at most ``words`` words begin in between."""
        if self.spaced:
            if second_start - first_end < 2 * words:
                return True
            # Signs join words ("1,000"), and the first may have begun before: so many less there may be.
            end = min(second_start, first_end + (words + 4) * _SPAN)
            most = len(self.bare.text[first_end:end].split())
            if most <= words and end == second_start:
                return True
            if most - 1 > words and most - 1 - len(JOINT.findall(self.text, first_end, end)) > words:
                return False
        return self.words_between(first_end, second_start) <= words

    def words_between(self, first_end: int, second_start: int) -> int:
        """How many words begin in between; to know whether they are few, :meth:`close` is cheaper."""
        return bisect_left(self.word_starts, second_start) - bisect_left(self.word_starts, first_end)

    @cached_property
    def body_sentences(self) -> list[Span]:
        """The body's sentences, in original characters."""
        return sentences(self.article.body)

    @cached_property
    def sentence_starts(self) -> list[int]:
        """Where each sentence begins, the title being one."""
        body = (self.body.find(start, start + 1)[0] + self.border for start, _ in self.body_sentences)
        return [0, *body]

    @cached_property
    def paragraph_starts(self) -> list[int]:
        """Where each paragraph begins, the title being one."""
        return [found.start() for found in _PARAGRAPH.finditer(self.text)]

    def units(self, unit: Literal["sentence", "paragraph"]) -> list[int]:
        """Where each of them begins."""
        return self.sentence_starts if unit == "sentence" else self.paragraph_starts

    @cached_property
    def paragraphs(self) -> list[tuple[str, int, Folded, int]]:
        """The paragraphs with their hyphens, for regular expressions.

        Each with its place in its field's fold, that fold, and where the field begins on this page.
        """
        fields = [
            (view(field.original, hyphens=True), base) for field, base in ((self.title, 1), (self.body, self.border))
        ]
        return [
            (paragraph[0], paragraph.start(), folded, base)
            for folded, base in fields
            for paragraph in _PARAGRAPH.finditer(folded.text)
        ]

    def locate(self, folded: Folded, base: int, start: int, end: int) -> Span:
        """A span of one of :meth:`paragraphs`' folds as a span of this page."""
        field = self.title if base == 1 else self.body
        first, last = field.find(*folded.span(start, end))
        return first + base, last + base

    def zones(self, where: tuple[str, ...]) -> tuple[Span, ...]:
        """The spans a rule with this ``where`` looks at; () means everywhere."""
        if where not in self._zones:
            everywhere = {"title", "body"} <= set(where)
            self._zones[where] = () if everywhere else tuple(self._zone(name) for name in where)
        return self._zones[where]

    def _zone(self, name: str) -> Span:
        if name == "title":
            return self._derived_title() if self.derived else (0, self.border)
        if name == "body":
            return self.border, len(self.text)
        return self.border, nth_word(self.text, lead_words(name), self.border)

    def _derived_title(self) -> Span:
        """Where the body says what the derived title repeats: its first sentence if it is not found."""
        title = self.article.title.rstrip(" …")
        begin = self.article.body.find(title) if title else -1
        if begin >= 0:
            first, last = self.body.find(begin, begin + len(title))
        elif self.body_sentences:
            first, last = self.body.find(*self.body_sentences[0])
        else:
            first = last = 0
        return first + self.border, last + self.border
