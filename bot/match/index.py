"""All terms of all rules in one automaton, and what it finds on a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.folding import fold_closely, fold_exactly
from bot.text import KINDS, MARK, OTHER, breaks_word

from . import automaton
from .forms import LOWER, MANY, ONE, UPPER, Form, compile_forms
from .regexes import Regex

if TYPE_CHECKING:
    from bot.model import Term

    from .automaton import Automaton
    from .page import Page, Span


@dataclass(frozen=True, slots=True)
class _Entry:
    """A form of a leaf, kept with the pattern it begins with; ``plain`` is the form's own."""

    leaf: int
    form: Form
    plain: bool


@dataclass(slots=True)
class Index:
    """Leaves are numbered as they are added; ``build`` once, then ``scan`` any number of pages."""

    _leaves: dict[tuple[str, str, bool], int] = field(default_factory=dict)
    _patterns: dict[str, int] = field(default_factory=dict)
    _entries: list[list[_Entry]] = field(default_factory=list)
    _triggers: dict[int, list[Regex]] = field(default_factory=dict)
    _always: list[Regex] = field(default_factory=list)
    _automaton: Automaton = field(default_factory=automaton.EmptyAutomaton)

    def add(self, term: Term) -> int:
        """The leaf that stands for a term's text; aliases of one text share a leaf whatever their conditions."""
        key = (term.text, term.kind, term.alias is None)
        if key not in self._leaves:
            self._leaves[key] = len(self._leaves)
            if term.kind == "regex":
                self._add_regex(term.text, self._leaves[key])
            for form in compile_forms(term):
                self._entries[self._pattern(form.literal)].append(_Entry(self._leaves[key], form, form.plain))
        return self._leaves[key]

    def _pattern(self, literal: str) -> int:
        number = self._patterns.setdefault(literal, len(self._patterns))
        if number == len(self._entries):
            self._entries.append([])
        return number

    def _add_regex(self, pattern: str, leaf: int) -> None:
        regex = Regex(pattern, leaf)
        required = regex.literals()
        for literal in required:
            self._triggers.setdefault(self._pattern(literal), []).append(regex)
        if not required:
            self._always.append(regex)

    def build(self) -> None:
        """Make the automaton of all that was added."""
        self._automaton = automaton.build(list(self._patterns))

    def scan(self, page: Page) -> dict[int, list[Span]]:
        """Every hit of every leaf, by leaf, in order of place; of hits that begin together the longest."""
        found: dict[int, dict[int, int]] = {}
        regexes = {regex.leaf: regex for regex in self._always}
        text, kinds, entries, triggers = page.text, KINDS, self._entries, self._triggers
        for start, end, pattern in self._automaton.find(text):
            if pattern in triggers:
                regexes.update((regex.leaf, regex) for regex in triggers[pattern])
            # breaks_word, inlined: most occurrences of short terms are inside longer words
            first = kinds[text[start]]
            if first & 1 and (first == MARK or (kinds[text[start - 1]] & 1 and not breaks_word(text, start))):
                continue
            for entry in entries[pattern]:
                last = _whole_word(text, end, entry.form) if entry.plain else _verified(page, start, entry.form)
                if last > 0:
                    spans = found.setdefault(entry.leaf, {})
                    spans[start] = max(last, spans.get(start, 0))
        for regex in regexes.values():
            spans = dict(regex.hits(page))
            if spans:
                found[regex.leaf] = spans
        return {leaf: sorted(spans.items()) for leaf, spans in found.items()}


def _whole_word(text: str, end: int, form: Form) -> int:
    """The end of a hit whose form ends here, the possessive included; -1 inside a word."""
    after = KINDS[text[end]]
    if after == OTHER:
        if form.possessive and text.startswith("'s", end) and breaks_word(text, end + 2):
            return end + 2
        return end
    return end if breaks_word(text, end) else -1


def _walk(text: str, start: int, form: Form) -> list[int] | None:
    """Where each character of the form stands, and at last where it ends; None if the text differs."""
    places = list(range(start, start + len(form.literal)))
    place = start + len(form.literal)
    for char in form.tail:
        places.append(place)
        if char == MANY:
            while KINDS[text[place]] & 1:
                place += 1
            continue
        if (char != text[place]) if char != ONE else KINDS[text[place]] == OTHER:
            return None
        place += 1
    return [*places, place]


def _verified(page: Page, start: int, form: Form) -> int:
    """The end of a hit for which more than its letters has to be right; -1 if something is not."""
    places = _walk(page.text, start, form)
    if places is None:
        return -1
    end = places[-1]
    last = _whole_word(page.text, end, form)
    if last < 0 or not _right_case(page, form, places) or not _right_accents(page, form, places):
        return -1
    if form.exact is not None and fold_exactly(page.source(start, end)) != form.exact:
        return -1
    return last if _dots_complete(page.text, start, end, form) else -1


def _right_case(page: Page, form: Form, places: list[int]) -> bool:
    for sign, place in zip(form.case, places, strict=False):
        if sign == UPPER and not _is_upper(page.source(place, place + 1)):
            return False
        if sign == LOWER and not page.source(place, place + 1).islower():
            return False
    return True


def _is_upper(source: str) -> bool:
    return source.isupper() or source.isdigit()


def _right_accents(page: Page, form: Form, places: list[int]) -> bool:
    return all(_accents_at(page, places[number]) == accents for number, accents in form.accents)


def _accents_at(page: Page, place: int) -> str:
    """The accents taken off one folded character; its place counts where one character became several."""
    _, accents = fold_closely(page.source(place, place + 1))
    origin = page.original(place, place + 1)
    before = 0
    while page.text[place - before - 1] != "\n" and page.original(place - before - 1, place - before) == origin:
        before += 1
    return accents[before] if before < len(accents) else ""


def _dots_complete(text: str, start: int, end: int, form: Form) -> bool:
    """Whether a dotted acronym is a whole one: ``U.S.`` is not in ``U.S.A.``, nor in ``P.U.S.``."""
    begins, ends = form.dotted
    if begins and text[start - 1] == "." and KINDS[text[start - 2]] & 1 and not KINDS[text[start - 3]] & 1:
        return False
    beyond = end + (text[end] == ".")
    dotted_on = KINDS[text[beyond]] & 1 and not KINDS[text[beyond + 1]] & 1
    return not (ends and dotted_on and text[beyond - 1] == ".")
