"""A rule's terms against each other, references resolved: those that cancel out, those that concern nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import Alias
from bot.text import fold, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from bot.model import Term
    from bot.tomlfile import TomlPath

    Note = tuple[TomlPath, str, str]
    """A place inside the rule, a message that follows the rule's name, a remedy."""

WILDCARD = re.compile(r"[*?]")
STEM = 3
"""Letters that two forms of a word share at least (``city``, ``cities``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The terms that each item of a rule's lists stands for, in the order of the file."""

    any: tuple[tuple[Term, ...], ...]
    all: tuple[tuple[Term, ...], ...]
    none: tuple[tuple[Term, ...], ...]
    mask: tuple[tuple[Term, ...], ...]
    not_near: tuple[tuple[tuple[Term, ...], ...], ...]
    """For each ``not_near`` the items of its ``term``."""


def impossible(sides: Sides) -> Iterator[Note]:
    """Why no article can ever match: what must occur must not occur either."""
    vetoes: dict[tuple[str, str], list[Alias | None]] = {}
    for term in (term for item in sides.none for term in item):
        vetoes.setdefault(_spelling(term), []).append(term.alias)
    if sides.any and all(_vetoed(term, vetoes) for item in sides.any for term in item):
        yield ("none",), "can never match: everything in any stands in none too", "remove it from one of the two"
    for number, item in enumerate(sides.all):
        if all(_vetoed(term, vetoes) for term in item):
            message = "can never match: what stands here in all stands in none too"
            yield ("all", number), message, "remove it from one of the two"


def _vetoed(term: Term, vetoes: Mapping[tuple[str, str], Sequence[Alias | None]]) -> bool:
    """Whether each occurrence of ``term`` is surely one of some veto, too: an alias's conditions may spare it."""
    return any(
        alias is None or alias in (term.alias, Alias(text=alias.text)) for alias in vetoes.get(_spelling(term), ())
    )


def _spelling(term: Term) -> tuple[str, str]:
    """Kind and text but for its case where that does not matter; ``US`` stays another word than ``us``."""
    if term.kind in ("exact", "regex"):
        return term.kind, term.text
    return term.kind, " ".join(word if word.isupper() else word.casefold() for word in term.text.split())


def idle(sides: Sides, query: Sequence[Term] = ()) -> Iterator[Note]:
    """Items of mask and ``not_near.term`` that share no word with anything the rule or its ``query`` looks for."""
    wanted = [*query, *(term for item in (*sides.any, *sides.all) for term in item)]
    if any(term.kind == "regex" for term in wanted):
        return
    looked_for: dict[str, set[str]] = {}
    for word in (word for term in wanted for word in _words(term)):
        looked_for.setdefault(word[:STEM], set()).add(word)
    items: list[tuple[TomlPath, Sequence[Term]]] = [(("mask", at), item) for at, item in enumerate(sides.mask)]
    for number, near in enumerate(sides.not_near):
        items += [(("not_near", number, "term", at), item) for at, item in enumerate(near)]
    for path, item in items:
        if not any(term.kind == "regex" or _concerns(term, looked_for) for term in item):
            key = "mask" if path[0] == "mask" else "not_near"
            words = "the query" if query else "any and all"
            message = f"this item of {key} shares no word with {words}, so it changes nothing"
            yield path, message, _INSTEAD[key]


_INSTEAD = {
    "mask": "write a phrase around one of the rule's own terms; none keeps whole articles out",
    "not_near": "write one of the rule's own terms here; the words that must not stand close by go into of",
}


def _concerns(term: Term, looked_for: Mapping[str, Collection[str]]) -> bool:
    return any(_akin(word, other) for word in _words(term) for other in looked_for.get(word[:STEM], ()))


def _words(term: Term) -> list[str]:
    """The folded words of a term, a word with a wildcard up to that."""
    return [word for text in fold(term.text).split() for word in words(WILDCARD.split(text)[0])]


def _akin(one: str, other: str) -> bool:
    """Whether both may be forms of one word: the beginning is the same, all but the last letter of the shorter."""
    length = max(STEM, min(len(one), len(other)) - 1)
    return one[:length] == other[:length]
