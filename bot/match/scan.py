"""What the automaton found on one page: which tokens at once, where only when somebody asks."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.text import KINDS, WORD

from .proximity import Proximity
from .regexes import Regex
from .verify import verified, whole_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .forms import Form
    from .gates import Nearby
    from .index import Index
    from .page import Page, Span

POSSESSIVE, OPEN = 1, 2
"""Flags of a form that its pattern alone finds: ``'s`` may follow, any ending may follow."""
FLAGS = 2
"""Bits of flags at the end of a leaf's entry."""

_pattern_of = itemgetter(2)


class Scan:
    """``seen`` are the tokens that occur, beside numbers of patterns that are nobody's token."""

    def __init__(self, index: Index, page: Page, found: Iterable[tuple[int, int, int]]) -> None:
        self._index = index
        self._page = page
        self._found = found if isinstance(found, list) else list(found)
        self._spans: dict[int, list[Span]] = {}
        self._regexes: dict[int, list[Span]] = {}
        self.seen = set(map(_pattern_of, self._found))
        doubtful = self._doubtful()
        if doubtful:
            self._look_closer(doubtful)
        for token in index.always:
            self._try_regex(token)

    def _doubtful(self) -> list[int]:
        """The patterns of hits of which the text must be asked, and of phrases of whose spaces one is a sign in it."""
        text, bare, phrases, hits = self._page.text, self._page.bare, self._index.phrases, self._found
        limit = len(phrases)
        if bare.seams:
            place = bare.place
            hits = [(place(start + 1) - 1, place(end - 1) + 1, number) for start, end, number in hits if number < limit]
        return [
            number for start, end, number in hits if number < limit and text[start + 1 : end - 1] != phrases[number]
        ]

    def _look_closer(self, doubtful: list[int]) -> None:
        asked = len(self._index.questions)
        phrases = Counter(number for number in doubtful if number >= asked)
        if phrases:
            times = Counter(number for _, _, number in self._found if number in phrases)
            self.seen.difference_update(number for number in phrases if times[number] == phrases[number])
        self._ask({number for number in doubtful if number < asked})

    def _ask(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            for token in self._index.questions[number]:
                question = self._index.asked[token - self._index.patterns][1]
                if isinstance(question, Regex):
                    self._try_regex(token)
                elif next(self._asked(number, question), None) is not None:
                    self.seen.add(token)

    def _try_regex(self, token: int) -> None:
        question = self._index.asked[token - self._index.patterns][1]
        if token not in self._regexes and isinstance(question, Regex):
            self._regexes[token] = list(question.hits(self._page))
            if self._regexes[token]:
                self.seen.add(token)

    def spans(self, leaf: int) -> list[Span]:
        """Every hit of a leaf in order of place; of hits that begin together the longest."""
        spans = self._spans.get(leaf)
        if spans is None:
            found: dict[int, int] = {}
            for entry in self._index.entries(leaf):
                if entry >> FLAGS in self.seen:
                    for start, end in self._of_entry(entry):
                        found[start] = max(end, found.get(start, 0))
            spans = self._spans[leaf] = sorted(found.items())
        return spans

    def proximity(self, pairs: Iterable[Nearby]) -> Proximity:
        """What tells whether the sides of these pairs stand near each other."""
        return Proximity(self._page, self._found, self._index.phrases, self._index.patterns, pairs)

    def _of_entry(self, entry: int) -> Iterable[Span]:
        token = entry >> FLAGS
        if token < self._index.patterns:
            return self._alone(token, possessive=bool(entry & POSSESSIVE), is_open=bool(entry & OPEN))
        number, question = self._index.asked[token - self._index.patterns]
        return self._regexes[token] if isinstance(question, Regex) else self._asked(number, question)

    @cached_property
    def _places(self) -> dict[int, list[Span]]:
        """Where each pattern was found on the bare page."""
        places: dict[int, list[Span]] = {}
        for start, end, number in self._found:
            places.setdefault(number, []).append((start, end))
        return places

    def _alone(self, number: int, *, possessive: bool, is_open: bool) -> Iterator[Span]:
        """The hits of a pattern that is a form, its edges apart."""
        text, place = self._page.text, self._page.bare.place
        literal = self._index.phrases[number] if number < len(self._index.phrases) else None
        for first, last in self._places[number]:
            start, end = place(first + 1), place(last if is_open else last - 1)
            if literal and text[start:end] != literal:
                continue
            while is_open and KINDS[text[end]] & 1:
                end += 1
            yield start, end if text[end] == " " else whole_word(text, end, possessive=possessive)

    def _asked(self, number: int, form: Form) -> Iterator[Span]:
        place = self._page.bare.place
        edge = KINDS[form.literal[0]] == WORD
        for first, _ in self._places[number]:
            start = place(first + edge)
            end = verified(self._page, start, form)
            if end > 0:
                yield start, end
