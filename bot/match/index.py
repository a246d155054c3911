"""All terms of all rules in one automaton.

The automaton looks at the page's bare words (:attr:`~bot.match.page.Page.bare`), where everything that is no
letter or digit is a space, for patterns that bring their word edges along: " chip ", or " chip" for ``chip*``.
So most of what it finds needs no second look. Patterns are numbered by the look they do need: first those of
which the text has to be asked (capitals, accents, signs), then phrases, whose spaces may be signs in the text,
then single words, those first that make a rule worth trying.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING

from bot.text import KINDS, MARK, WORD

from . import automaton
from .forms import MANY, Form, simple_forms, spellings
from .page import bare
from .regexes import Regex
from .scan import FLAGS, OPEN, POSSESSIVE, Scan

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from bot.model import Term, TermKind

    from .automaton import Automaton
    from .page import Page

ASKED, PHRASE, FIRST, REST = range(4)
"""The order of patterns."""
_Use = tuple[str, int, int, "Form | Regex | None"]  # pattern, order, flags, what has to be asked

_WORDS = re.compile("1[13]*(?: 1[13]*)*")


class Index:
    """Leaves are numbered as they are added; ``build`` once, then ``scan`` any number of pages.

    A token is a form of a leaf. One that is found by its pattern alone has its pattern's number; the others, of
    which ``asked`` keeps pattern and question, are numbered after all patterns.
    """

    def __init__(self) -> None:
        self._leaves: dict[tuple[str, TermKind, bool], int] = {}
        self._entries = array("Q")  # each leaf's tokens with their flags
        self._bounds = array("L", [0])
        self._automaton: Automaton = automaton.EmptyAutomaton()
        self.patterns = 0
        self.questions: list[list[int]] = []  # the asked tokens of each pattern that has such
        self.asked: list[tuple[int, Form | Regex]] = []
        self.phrases: list[str | None] = []  # what stands in the text; None if that has to be asked
        self.always: list[int] = []  # tokens without a pattern

    def add(self, term: Term) -> int:
        """The leaf that stands for a term's text; aliases of one text share a leaf whatever their conditions."""
        return self._leaves.setdefault((term.text, term.kind, term.alias is None), len(self._leaves))

    def build(self, first: Container[int]) -> None:
        """Make the automaton of all that was added. Leaves in ``first`` make a rule worth trying."""
        uses = [list(_uses(*key, FIRST if leaf in first else REST)) for leaf, key in enumerate(self._leaves)]
        orders: dict[str, int] = {}
        for used in uses:
            for pattern, order, _, _ in used:
                if order < orders.get(pattern, REST + 1):
                    orders[pattern] = order
        listed: tuple[list[str], ...] = ([], [], [], [])
        for pattern, order in orders.items():
            listed[order].append(pattern)
        self._number(uses, listed)

    def _number(self, uses: Iterable[Iterable[_Use]], listed: Sequence[list[str]]) -> None:
        patterns = [pattern for each in listed for pattern in each]
        self.patterns = len(patterns)
        self.questions = [[] for _ in listed[ASKED]]
        self.phrases = [None for _ in listed[ASKED]] + [pattern[1:-1] for pattern in listed[PHRASE]]
        numbers = {pattern: number for number, pattern in enumerate(patterns)}
        entries, bounds, asked = self._entries, self._bounds, len(listed[ASKED])
        for used in uses:
            for pattern, _, flags, question in used:
                number = numbers.get(pattern, -1)
                token = number if number >= asked else self._ask(number, question or _form(pattern, flags))
                entries.append(token << FLAGS | flags)
            bounds.append(len(entries))
        self._automaton = automaton.build(patterns)

    def _ask(self, number: int, question: Form | Regex) -> int:
        """The token of a question; a regular expression is one, however many patterns call for it."""
        token = self.patterns + len(self.asked)
        if isinstance(question, Regex) and self.asked and self.asked[-1][1] is question:
            token -= 1
        else:
            self.asked.append((number, question))
        if number < 0:
            self.always.append(token)
        else:
            self.questions[number].append(token)
        return token

    def close(self) -> None:
        """Forget what only :meth:`add` and :meth:`tokens` need: a good part of the memory."""
        self._leaves = {}

    def tokens(self, term: Term) -> list[int]:
        """The tokens of a term that was added."""
        return [entry >> FLAGS for entry in self.entries(self.add(term))]

    @property
    def size(self) -> int:
        """One more than the last token."""
        return self.patterns + len(self.asked)

    def entries(self, leaf: int) -> array[int]:
        """A leaf's tokens, each with its flags."""
        return self._entries[self._bounds[leaf] : self._bounds[leaf + 1]]

    def scan(self, page: Page) -> Scan:
        """What is found on a page."""
        return Scan(self, page, self._automaton.find(page.bare.text))


def _form(pattern: str, flags: int) -> Form:
    """The form whose pattern another form, of which something has to be asked, has too."""
    return Form(pattern.strip(), tail=MANY if flags & OPEN else "", possessive=bool(flags & POSSESSIVE))


def _uses(text: str, kind: TermKind, plural: bool, order: int) -> Iterator[_Use]:
    if kind == "regex":
        yield from _triggers(Regex(text))
        return
    simple = simple_forms(text, kind, plural=plural)
    for literal, possessive in simple:
        if possessive is None:
            yield f" {literal}", order, OPEN, None
        else:
            yield f" {literal} ", PHRASE if " " in literal else order, POSSESSIVE if possessive else 0, None
    if not simple:
        for form in spellings(text, kind, plural=plural):
            if KINDS[form.literal[0]] != MARK:  # a word never starts there
                yield _use(form, order)


def _use(form: Form, order: int) -> _Use:
    literal, kinds = form.literal, "".join(" " if char == " " else str(KINDS[char]) for char in form.literal)
    words = _WORDS.fullmatch(kinds) is not None
    before = " " if KINDS[literal[0]] == WORD else ""
    if words and form.plain:
        return f" {literal} ", PHRASE if " " in literal else order, POSSESSIVE if form.possessive else 0, None
    after = " " if KINDS[literal[-1]] == WORD and not form.tail else ""
    return before + bare(literal).text + after, ASKED, 0, form


def _triggers(regex: Regex) -> Iterator[_Use]:
    literals = regex.literals()
    if any(KINDS[literal[0]] == MARK for literal in literals):  # its base is not known
        literals = ()
    for literal in literals or ("",):
        yield bare(literal).text, ASKED, 0, regex
