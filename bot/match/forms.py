"""A term → every form that matches it: acronyms with and without dots, plurals, wildcards.

A :class:`Form` is what the automaton looks for (``literal``), what must follow it (``tail``, when there is
a wildcard), and what has to be asked of the original text afterwards: capitals, accents, exact spelling.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import TYPE_CHECKING

from bot.folding import fold_closely, fold_exactly, view
from bot.text import RUN_SCRIPTS, has_run_script

from .plurals import variants

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import Term, TermKind

# Wildcards inside a form: characters of the private use area, which a term has no reason to contain.
ONE, MANY = "\ue000", "\ue001"
WILDCARDS = re.compile(f"[{ONE}{MANY}]")
MOST = 32
"""Forms of one term; a phrase of more acronyms is written with dots throughout or without."""

# What a character of a form asks of the original: nothing, a capital, a small letter.
ANY_CASE, UPPER, LOWER = " ", "U", "l"

_GAP = re.compile("[ -]+")
_LETTERS = r"[^\W\d_]"
_RUN = re.compile(rf"(?:{_LETTERS}\.)+(?:{_LETTERS}(?![^\W_]))?|[^\W_]+")
_ACRONYM_WITH_PLURAL = re.compile("[a-z]{2,}[a-rt-z]")


@dataclass(frozen=True, slots=True)
class Form:
    """One way a term is written, folded.

    ``case`` has one sign for each character of ``literal + tail``, or is empty when all are folded;
    ``accents`` pairs a character's place with the accents it asks for. ``exact`` is what the original
    must read in the light fold. ``dotted`` says whether it begins and ends with a dotted acronym.
    """

    literal: str
    tail: str = ""
    case: str = ""
    accents: tuple[tuple[int, str], ...] = ()
    possessive: bool = False
    exact: str | None = None
    dotted: tuple[bool, bool] = (False, False)

    @property
    def plain(self) -> bool:
        """Whether word edges are all there is to check."""
        return not (self.tail or self.case or self.accents or self.exact is not None or any(self.dotted))

    def shown(self) -> str:
        """The form for people: capitals where only capitals match, wildcards as they were typed."""
        if self.exact is not None:
            return self.exact
        text = self.literal + self.tail
        case = self.case or ANY_CASE * len(text)
        text = "".join(char.upper() if sign == UPPER else char for char, sign in zip(text, case, strict=True))
        return text.replace(ONE, "?").replace(MANY, "*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a word in one spelling; ``dots`` marks a dotted acronym."""

    text: str
    case: str
    accents: tuple[str, ...]
    dots: bool = False


def _is_acronym(run: str) -> bool:
    chars = run.replace(".", "")
    return (
        2 <= len(chars) <= 5
        and all(char.isupper() or char.isdigit() for char in chars)
        and any(char.isupper() for char in chars)
        and ("." not in run or len(chars) == run.rstrip(".").count(".") + 1)
    )


def _acronym(run: str) -> tuple[_Piece, ...]:
    """An acronym without dots and, if it is all letters, with them (the last dot may be missing)."""
    letters, accents = fold_closely(run.replace(".", ""))
    case = UPPER * len(letters)
    pieces = [_Piece(letters, case, accents)]
    if letters.isalpha() and len(letters) == len(run.replace(".", "")):
        for last in (1, 0):
            text = ".".join(letters) + "." * last
            signs = (ANY_CASE.join(case) + ANY_CASE)[: len(text)]
            marks = tuple(mark for accent in accents for mark in (accent, ""))[: len(text)]
            pieces.append(_Piece(text, signs, marks, dots=True))
    return tuple(pieces)


def _literal(text: str) -> tuple[_Piece, ...]:
    folded, accents = fold_closely(text)
    return (_Piece(folded, ANY_CASE * len(folded), accents),)


def _runs(word: str) -> Iterator[re.Match[str]]:
    """What may be an acronym; a letter of a script without spaces is a word of its own (``AI芯片``)."""
    if not has_run_script(word):
        yield from _RUN.finditer(word)
        return
    edges = [0, *(found.end() for found in RUN_SCRIPTS.finditer(word)), len(word)]
    for begin, end in pairwise(edges):
        found = RUN_SCRIPTS.search(word, begin, end)
        yield from _RUN.finditer(word, begin, found.start() if found else end)


def _last_word(text: str) -> int:
    """Where the last word of a text without gaps begins: behind the last letter of a script without spaces."""
    if not has_run_script(text):
        return 0
    return max(found.end() for found in RUN_SCRIPTS.finditer(text))


def _word_pieces(word: str, *, wild: bool) -> Iterator[tuple[_Piece, ...]]:
    """The parts of one word, each with its spellings."""
    bound = {"&", "*", "?"} if wild else {"&"}  # AT&T is one word, and not all capitals
    done = 0
    for run in _runs(word):
        begin, end = run.span()
        beside = {word[begin - 1 : begin], word[end : end + 1]}
        marked = any(unicodedata.combining(char) for char in "".join(beside))  # a letter more, in Yoruba for one
        if beside & bound or marked or not _is_acronym(run[0]):
            continue
        if begin > done:
            yield _literal(word[done:begin])
        yield _acronym(run[0])
        done = end
    if done < len(word):
        yield _literal(word[done:])


def _endings(pieces: tuple[_Piece, ...], *, plural: bool) -> Iterator[_Piece]:
    """The last word joined, then its other numbers."""
    text = "".join(piece.text for piece in pieces)
    case = "".join(piece.case for piece in pieces)
    accents = tuple(mark for piece in pieces for mark in piece.accents)
    yield _Piece(text, case, accents, dots=pieces[-1].dots)
    if not plural:
        return
    begin = _last_word(text)
    last = text[begin:]
    if UPPER not in case[begin:]:
        for other in (text[:begin] + variant for variant in variants(last)):
            same = next((place for place, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), len(text))
            same = min(same, len(other))
            marks = accents[:same] + ("",) * (len(other) - same)
            yield _Piece(other, case[:begin] + ANY_CASE * (len(other) - begin), marks)
    elif pieces[-1].text == last and not pieces[-1].dots and _ACRONYM_WITH_PLURAL.fullmatch(last):
        yield _Piece(text + "s", case + LOWER, (*accents, ""))


def _has_possessive(ending: str, typed: str) -> bool:
    """English words of three letters or more take 's, but not a plural that was not typed as one."""
    ending, typed = ending[_last_word(ending) :], typed[_last_word(typed) :]
    english = len(ending) >= 3 and ending.isascii() and ending.isalpha()
    return english and (ending == typed or not ending.endswith("s"))


def _join(words: tuple[tuple[_Piece, ...], ...], ending: _Piece) -> Form:
    """One form out of the spellings chosen for every word."""
    pieces: list[_Piece] = []
    for word in words[:-1]:
        pieces += [*word, _Piece(" ", ANY_CASE, ("",))]
    pieces.append(ending)
    text = "".join(piece.text for piece in pieces)
    case = "".join(piece.case for piece in pieces)
    accents = [mark for piece in pieces for mark in piece.accents]
    return Form(
        literal=text,
        case=case if case.strip() else "",
        accents=tuple((place, mark) for place, mark in enumerate(accents) if mark),
        possessive=_has_possessive(ending.text, "".join(piece.text for piece in words[-1])),
        dotted=(words[0][0].dots, ending.dots),
    )


def _choices(words: list[list[tuple[_Piece, ...]]]) -> Iterable[tuple[tuple[_Piece, ...], ...]]:
    """Every combination of spellings, word by word."""
    sizes = [len(spellings) for word in words for spellings in word]
    count = 1
    for size in sizes:
        count *= size
    if count <= MOST:
        yield from product(*(tuple(product(*word)) for word in words))
        return
    for way in range(max(sizes)):
        yield tuple(tuple(spellings[min(way, len(spellings) - 1)] for spellings in word) for word in words)


def _typed_forms(text: str, *, wild: bool, plural: bool) -> Iterator[Form]:
    words = [list(_word_pieces(word, wild=wild)) for word in _GAP.split(fold_exactly(text)) if word]
    if not words:
        return
    for chosen in _choices(words):
        for ending in _endings(chosen[-1], plural=plural):
            form = _join(chosen, ending)
            yield _with_wildcards(form) if wild else form


def _with_wildcards(form: Form) -> Form:
    text = form.literal.replace("?", ONE).replace("*", MANY)
    wild = WILDCARDS.search(text)
    first = wild.start() if wild else len(text)
    return replace(form, literal=text[:first], tail=text[first:])


# Small letters, or a capital before them: no acronym, nothing to fold but case, nothing between words but a gap.
_SIMPLE = re.compile("(?:[A-Z]?[a-z]+[ -])*[A-Z]?[a-z]+")
_SIMPLE_BEGINNING = re.compile(r"[A-Z]?[a-z]+\*")


def simple_forms(text: str, kind: TermKind, *, plural: bool) -> list[tuple[str, bool | None]]:
    """What :func:`spellings` gives for the many terms that need no care, in a tenth of the time; [] for others.

    Each as its literal and whether ``'s`` may follow, None if any ending may.
    """
    if kind == "wildcard" and _SIMPLE_BEGINNING.fullmatch(text):
        return [(text[:-1].lower(), None)]
    if kind != "plain" or not _SIMPLE.fullmatch(text):
        return []
    folded = text.lower().replace("-", " ")
    before, space, last = folded.rpartition(" ")
    endings = (last, *variants(last)) if plural else (last,)
    return [(before + space + ending, _has_possessive(ending, last)) for ending in endings]


def spellings(text: str, kind: TermKind, *, plural: bool) -> tuple[Form, ...]:
    """Every form of a text, the plain one first; () for regular expressions and texts without a literal beginning."""
    if kind == "regex":
        return ()
    if kind == "exact":
        exact = fold_exactly(text)
        folded = view(exact).text.strip()
        return (Form(folded, exact=exact),) if folded else ()
    found = _typed_forms(text, wild=kind == "wildcard", plural=plural)
    return tuple(dict.fromkeys(form for form in found if form.literal))


def compile_forms(term: Term) -> tuple[Form, ...]:
    """Every form of a term; aliases take no plural."""
    return spellings(term.text, term.kind, plural=term.alias is None)


def forms(term: Term) -> tuple[str, ...]:
    """Every form that will match, as ``rules show`` prints it.

    Small letters stand for any case, capitals for capitals only (except after ``=``, where all is exact);
    a space stands for a space, a hyphen or both. Regular expressions are shown as they are.
    """
    if term.kind == "regex":
        return (f"/{term.text}/",)
    shown: list[str] = []
    for form in compile_forms(term):
        shown.append(form.shown())
        if form.possessive:
            shown.append(form.shown() + "'s")
    return tuple(dict.fromkeys(shown))
