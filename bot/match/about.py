"""What a rule is about: the first of the parts that must hold and ask for words. The others are its company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import AllOf, InField, terms_of
from bot.rules.terms import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import Expr, Hit


def about(expr: Expr, hits: Sequence[Hit]) -> list[Hit]:
    """Those of a rule's hits that are of what it is about."""
    named = next(by_part(expr, hits), frozenset())
    return [hit for hit in hits if hit in named]


def by_part(expr: Expr, hits: Sequence[Hit]) -> Iterator[frozenset[Hit]]:
    """A rule's hits for each part that must hold and asks for words, in the order in which these are written."""
    # Terms are compared as hits keep them: a mention that was stored knows no more.
    occurred = {hit.term for hit in hits}
    for part in _parts(expr):
        terms = list(terms_of(part, positive=True))
        named = {(term.entity, text) for term in terms if (text := typed(term)) in occurred}
        if terms:
            yield frozenset(hit for hit in hits if (hit.entity, hit.term) in named)


def _parts(expr: Expr) -> Iterator[Expr]:
    """What must hold, one by one: an AND and a field around one are looked into."""
    if isinstance(expr, InField):
        yield from _parts(expr.part)
    elif isinstance(expr, AllOf):
        for part in expr.parts:
            yield from _parts(part)
    else:
        yield expr
