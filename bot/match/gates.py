"""What can be said of a rule from the mere presence of its terms, before any place is looked at.

A :class:`Gate` is a rule's necessary conditions, and what suffices where nothing else has a say. It decides most
rules that an anchor brings up; the others are judged in full by their tree (:mod:`bot.match.tree`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from bot.model import AllOf, AnyOf, AtLeast, FarFrom, InField, Near, Not, Term, Together, children
from bot.rules.anchors import anchor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.model import Expr, Rule
    from bot.rules.anchors import Cost

Tokens = frozenset[int]
_NONE: Tokens = frozenset()
SELDOM = 8
"""How much more often than the anchor a need of a pair may be met: to look at a rule costs that many entries."""


class Nearby(NamedTuple):
    """The tokens of two sides, one each of which must stand at most ``within`` words apart."""

    left: Tokens
    right: Tokens
    within: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """Sets of tokens that are tried against those of a page.

    A rule is false unless it has one of each of ``needs``, and if it has one of ``vetoes``, or if the two sides of one
    of ``nearby`` are not near each other. It then is true if it ``decides``, has one of each of ``proofs``, and has
    none of ``doubts``. ``limited`` rules are not for every day and every article.
    """

    needs: tuple[Tokens, ...] = ()
    vetoes: Tokens = _NONE
    proofs: tuple[Tokens, ...] = ()
    doubts: Tokens = _NONE
    decides: bool = True
    nearby: tuple[Nearby, ...] = ()
    limited: bool = False

    def verdict(self, seen: set[int]) -> bool | None:
        """Whether the rule is true where these tokens occur and all of ``nearby`` are near; None: to be looked at."""
        for need in self.needs:
            if need.isdisjoint(seen):
                return False
        if not self.vetoes.isdisjoint(seen):
            return False
        if not self.decides or not self.doubts.isdisjoint(seen):
            return None
        for proof in self.proofs:
            if proof.isdisjoint(seen):
                return None
        return True


class Made(NamedTuple):
    """A gate with the tokens of the anchor that leads to it, and of the other half of a pair.

    The other half is a need that is met about as seldom as the anchor, which the gate then leaves out; empty if there
    is none. The gate is None if anchor and other half alone make the rule true.
    """

    gate: Gate | None
    anchor: Tokens
    other_half: Tokens


class Gates:
    """Makes gates. ``tokens`` are those of a term; equal sets are kept once."""

    def __init__(self, tokens: Callable[[Term], Iterable[int]], cost: Cost) -> None:
        self._tokens = tokens
        self._cost = cost
        self._kept: dict[Tokens, Tokens] = {}

    def gate(self, rule: Rule, anchored: tuple[Term, ...]) -> Made:
        """The rule's gate where one of ``anchored`` was seen."""
        needs: list[tuple[Term, ...]] = []
        vetoes: list[Term] = []
        nearby: list[Nearby] = []
        doubts: list[Term] = [*rule.mask, *(term for near in rule.not_near for term in near.of)]
        decides = rule.min_hits <= 1 and {"title", "body"} <= set(rule.where)
        for part in _conjuncts(rule.expr):
            terms = _alternatives(part)
            if terms is not None:
                needs.append(terms)
            elif isinstance(part, Not):
                decides &= self._not(part.part, doubts if rule.mask else vetoes, doubts)
            elif isinstance(part, Near) and (sides := _sides(part)):
                left, right = sides
                needs += sides
                nearby.append(Nearby(self._set(left), self._set(right), part.within, part.ordered))
                decides &= all(map(_always_counts, chain.from_iterable(sides)))
            else:
                decides = False
                needs += self._necessary(part)
        proofs = [_sure(terms) for terms in needs if not all(map(_always_counts, terms))] if decides else []
        needs = sorted((terms for terms in needs if terms != anchored), key=self._sum)
        half: tuple[Term, ...] = ()
        if needs and anchored and self._sum(needs[0]) <= SELDOM * self._sum(anchored):
            half, *needs = needs
        gate = Gate(
            needs=tuple(map(self._set, needs)),
            vetoes=self._set(vetoes),
            proofs=tuple(map(self._set, proofs)),
            doubts=self._set(doubts) if decides else _NONE,
            decides=decides,
            nearby=tuple(nearby),
            limited=bool(rule.tiers or rule.langs or rule.until),
        )
        return Made(None if anchored and gate == _OPEN else gate, self._set(anchored), self._set(half))

    def _not(self, part: Expr, vetoes: list[Term], doubts: list[Term]) -> bool:
        """Whether a Not is decided by presence."""
        terms = _alternatives(part)
        if terms is not None:
            vetoes += _sure(terms)
            doubts += (term for term in terms if not _always_counts(term))
            return True
        found = anchor(part, self._cost)
        doubts += found or ()
        return found is not None

    def _necessary(self, expr: Expr) -> Iterator[tuple[Term, ...]]:
        """Groups of terms of which an expression needs one each."""
        terms = _alternatives(expr)
        if terms is not None:
            yield terms
        elif isinstance(expr, (AllOf, Near, Together)):
            for part in children(expr):
                yield from self._necessary(part)
        elif isinstance(expr, (InField, AtLeast, FarFrom)):
            yield from self._necessary(expr.part)
        else:
            found = anchor(expr, self._cost)
            if found is not None:
                yield found

    def _sum(self, terms: Iterable[Term]) -> float:
        return sum(map(self._cost, terms))

    def _set(self, terms: Iterable[Term]) -> Tokens:
        found: list[int] = []
        for term in terms:
            found += self._tokens(term)
        tokens = frozenset(found) if found else _NONE
        return self._kept.setdefault(tokens, tokens)


_OPEN = Gate()


def _conjuncts(expr: Expr) -> Iterator[Expr]:
    if isinstance(expr, AllOf):
        for part in expr.parts:
            yield from _conjuncts(part)
    else:
        yield expr


def _alternatives(expr: Expr) -> tuple[Term, ...] | None:
    """The terms of an expression that is true if one of them occurs, else None."""
    if isinstance(expr, Term):
        return (expr,)
    if not isinstance(expr, AnyOf):
        return None
    if all(isinstance(part, Term) for part in expr.parts):
        return expr.parts  # type: ignore[return-value] # as was just seen
    found: list[Term] = []
    for part in expr.parts:
        terms = _alternatives(part)
        if terms is None:
            return None
        found += terms
    return tuple(found)


def _sides(near: Near) -> tuple[tuple[Term, ...], tuple[Term, ...]] | None:
    """The terms of its two sides, if these are nothing but terms."""
    left, right = _alternatives(near.left), _alternatives(near.right)
    return (left, right) if left and right else None


def _always_counts(term: Term) -> bool:
    """Whether every occurrence counts: no alias, or one without conditions."""
    alias = term.alias
    return alias is None or not (alias.requires or alias.without or alias.valid_from or alias.valid_until)


def _sure(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(filter(_always_counts, terms))
