"""The anchor of an expression: terms of which every match contains one, so that nothing else need be looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import AllOf, AnyOf, CountOf, Meta, Near, Not, Term, Together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.model import Expr

    Cost = Callable[[Term], float]
    _Anchor = dict[Term, float]


def by_length(term: Term) -> float:
    """How often a term is met where no archive says so: the longer, the rarer."""
    return 0.5 ** min(len(term.text), 30)


def anchor(expr: Expr, cost: Cost = by_length) -> tuple[Term, ...] | None:
    """Terms of which every match has one, the group with the least cost; None if there is no such group.

    ``cost`` is what a term's occurrences cost: its share of the articles, for instance.
    """
    if isinstance(expr, AnyOf) and all(isinstance(part, Term) for part in expr.parts):
        return expr.parts  # type: ignore[return-value] # which mypy does not see; most rules are no more than this
    found = _anchor(expr, cost)
    return None if found is None else tuple(found)


def _anchor(expr: Expr, cost: Cost) -> _Anchor | None:
    if isinstance(expr, Term):
        return {expr: cost(expr)}
    if isinstance(expr, (Not, Meta)):
        return None
    if isinstance(expr, AllOf):
        return _least(_anchor(part, cost) for part in expr.parts)
    if isinstance(expr, (Near, Together)):
        return _least((_anchor(expr.left, cost), _anchor(expr.right, cost)))
    if isinstance(expr, AnyOf):
        return _union([_anchor(part, cost) for part in expr.parts])
    if isinstance(expr, CountOf):
        # If ``count`` of n parts hold, one of any n - count + 1 of them does.
        parts = [_anchor(part, cost) for part in expr.parts]
        known = sorted((part for part in parts if part is not None), key=_total)
        needed = len(parts) - expr.count + 1
        return _union(known[:needed]) if len(known) >= needed > 0 else None
    return _anchor(expr.part, cost)


def _total(found: _Anchor) -> float:
    return sum(found.values())


def _least(found: Iterable[_Anchor | None]) -> _Anchor | None:
    return min((part for part in found if part is not None), key=_total, default=None)


def _union(found: Iterable[_Anchor | None]) -> _Anchor | None:
    union: _Anchor = {}
    for part in found:
        if part is None:
            return None
        union |= part
    return union
