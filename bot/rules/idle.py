"""What a rule does not count, against what it looks for: items that change nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.model import terms_of
from bot.text import fold, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bot.model import Term

    from .conflicts import Claims, Note

WILDCARD = re.compile(r"[*?]")
STEM = 3
"""Letters that two forms of a word share at least (``city``, ``cities``)."""


def idle(claims: Claims) -> Iterator[Note]:
    """Items of mask and ``not_near.term`` that share no word with anything they could take away."""
    every = [term for _, part in claims.parts for term in terms_of(part)]
    wanted = [term for _, part in claims.parts for term in terms_of(part, positive=True)]
    for items, among in ((claims.mask, every), (claims.not_near, wanted)):
        if any(term.kind == "regex" for term in among):
            continue
        looked_for: dict[str, set[str]] = {}
        for word in (word for term in among for word in _words(term)):
            looked_for.setdefault(word[:STEM], set()).add(word)
        for path, item in items:
            if not any(term.kind == "regex" or _concerns(term, looked_for) for term in item):
                key = str(path[0])
                message = f"this item of {key} shares no word with the rule's own terms, so it changes nothing"
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
