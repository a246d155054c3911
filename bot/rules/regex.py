"""Regular expressions in rules: RE2 (linear time), on folded text, with a plain literal to look for first."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

import re2

from bot.folding import fold_characters
from bot.tomlfile.models import Mistake

if TYPE_CHECKING:
    from collections.abc import Iterator

LITERAL = 3
"""Characters of plain text that every match must contain, so that the automaton finds candidates."""

MEMORY = 1 << 20
"""Bytes RE2 may use for one compiled expression."""

NEST = 20

ESCAPES = re.compile(
    r"\\[pP](?:\{[^}]*\}|.)|\\x(?:\{[^}]*\}|[0-9a-fA-F]{2})|\\.|\[\[:\^?\w+:\]\]|\[:\^?\w+:\]|\(\?P?<\w+>|\(\?[a-zA-Z-]+[:)]",
    re.DOTALL,
)
LOOK = re.compile(r"\(\?(?:=|!|<=|<!)")
# One piece of an expression: an escape, a class, a group's head, a repetition, or one character.
PIECE = re.compile(
    r"(?P<literal>\\[^\w\s]|[^\\\[\](){}.*+?|^$])"
    r"|(?P<class>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\\[pP](?:\{[^}]*\}|.)|\\x(?:\{[^}]*\}|[0-9a-fA-F]{2})|\\[0-7]+|\\.)"
    r"|(?P<flags>\(\?[a-zA-Z-]+\))|(?P<open>\((?:\?(?:P?<\w+>|[a-zA-Z-]*:))?)|(?P<close>\))|(?P<or>\|)"
    r"|(?P<repeat>[*+?]\??|\{\d+(?:,\d*)?\}\??)|(?P<other>.)",
    re.DOTALL,
)


def check_regex(pattern: str) -> None:
    """Refuse what would match nothing, everything or too slowly; raises :class:`Mistake` with the reason."""
    if any("\ud800" <= char <= "\udfff" for char in pattern):  # what Python makes of such bytes on a command line
        raise Mistake("holds bytes that are no UTF-8 text", "write it in UTF-8")
    if LOOK.search(pattern):
        raise Mistake(
            "uses look-ahead or look-behind, which RE2 does not have",
            "use none, mask or not_near of the rule instead",
        )
    if re.search(r"(?<!\\)(?:\\\\)*\\[bB]", pattern):
        raise Mistake(
            r"uses \b or \B, which would mean ASCII word edges only",
            "leave it out, or write a plain term: those keep to word edges in every script",
        )
    if r"\Q" in pattern:
        raise Mistake(r"uses \Q…\E", "write a backslash before each sign that is meant as itself")
    capitals = [char for char in ESCAPES.sub("", pattern) if char != char.lower()]
    if capitals:
        raise Mistake(
            f'has the capital "{capitals[0]}", but is tried on lower-case text',
            f"write it in small letters, or use =Term for text with its case: {capitals[0]} → {capitals[0].lower()}",
        )
    compiled = _compile(pattern)
    _refuse_unfolded(pattern)
    _refuse_ascii_words(pattern)
    if compiled.search("") is not None:
        raise Mistake("matches the empty text, that is everywhere", "make some part of it required")
    if not literals(pattern):
        raise Mistake(
            f"must contain {LITERAL} plain characters in a row in every way to match",
            'for example "/sanction(s|ed)/": without them it would have to be tried on every article in full',
        )


def _refuse_unfolded(pattern: str) -> None:
    """Refuse text that is never found because the matcher sees it folded only; raises :class:`Mistake`."""
    for run in _runs(pattern):
        # First the characters one by one, to name the one; then together, for marks join what they follow.
        for part in (*run, run):
            folded = fold_characters(part)[0]
            if folded != part:
                raise Mistake(
                    f'has "{part}", which is never found: the text is folded first',
                    f'write "{folded}", which finds both' if folded else "remove it",
                )


def _refuse_ascii_words(pattern: str) -> None:
    r"""Refuse ``\w`` beside letters that it does not know; raises :class:`Mistake`."""
    foreign = next((char for run in _runs(pattern) for char in run if char.isalpha() and not char.isascii()), "")
    if foreign and any(kind == "class" and re.search(r"\\[wW]", text) for kind, text in _pieces(pattern)):
        raise Mistake(
            rf'uses \w, which knows letters like "a" only, beside "{foreign}"',
            r"write \pL for a letter of any script, [\pL\pM\pN] for its marks and for digits too",
        )


def _runs(pattern: str) -> Iterator[str]:
    """The literal characters that stand side by side, where they are not all ASCII."""
    for literal, pieces in groupby(_pieces(pattern), key=lambda piece: piece[0] == "literal"):
        run = "".join(text[-1] for _, text in pieces)
        if literal and not run.isascii():
            yield run


def _compile(pattern: str) -> re2._Regexp[str]:
    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else error
        words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise Mistake(
            f"is not a regular expression that RE2 accepts: {words}",
            "see https://github.com/google/re2/wiki/Syntax",
        ) from None


@lru_cache(maxsize=4096)
def literals(pattern: str) -> tuple[str, ...]:
    r"""Plain strings of LITERAL characters or more, one of which every match contains; empty if there are none.

    ``/export (ban|curb)s?/`` gives ("export ",), ``/(tariff|duties) .* china/`` gives (" china",), ``/foo|barn/`` both.
    """
    found, end = _alternatives(_pieces(pattern), 0, 0)
    return tuple(sorted(found)) if end >= 0 and all(len(text) >= LITERAL for text in found) else ()


def _pieces(pattern: str) -> list[tuple[str, str]]:
    return [(match.lastgroup or "", match.group()) for match in PIECE.finditer(pattern)]


def _alternatives(pieces: list[tuple[str, str]], at: int, depth: int) -> tuple[frozenset[str], int]:
    """The best literal of each branch from ``at`` up to the closing bracket; an empty set if a branch has none."""
    branches: list[frozenset[str]] = []
    while True:
        best, at = _branch(pieces, at, depth)
        branches.append(best)
        if at >= len(pieces) or pieces[at][0] == "close":
            complete = all(branches)
            return (frozenset().union(*branches) if complete else frozenset()), at
        at += 1  # past the "|"


def _branch(pieces: list[tuple[str, str]], at: int, depth: int) -> tuple[frozenset[str], int]:
    """The longest required run of literals, or the best required group, of one branch."""
    candidates: list[frozenset[str]] = []
    run = ""
    while at < len(pieces) and pieces[at][0] not in ("or", "close"):
        kind, text = pieces[at]
        inner: frozenset[str] = frozenset()
        at += 1
        if kind == "open":
            inner, at = _alternatives(pieces, at, depth + 1) if depth < NEST else (frozenset(), len(pieces))
            at += 1  # past the ")"
        optional, repeated = _repetition(pieces, at)
        at += optional or repeated
        if kind == "literal" and not optional:
            run += text[-1]
        if inner and not optional:
            candidates.append(inner)
        if kind not in ("literal", "flags") or optional or repeated:
            candidates.append(frozenset({run}) if run else frozenset())
            run = ""
    candidates.append(frozenset({run}) if run else frozenset())
    return max(candidates, key=lambda found: min((len(text) for text in found), default=0)), at


def _repetition(pieces: list[tuple[str, str]], at: int) -> tuple[bool, bool]:
    """Whether the piece before ``at`` may be absent, and whether it may be there several times."""
    if at >= len(pieces) or pieces[at][0] != "repeat":
        return False, False
    text = pieces[at][1]
    optional = text[0] in "*?" or text.startswith("{0")
    return optional, not optional
