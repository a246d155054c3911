"""Rules compiled together: one index of their terms, an anchor and a gate for each, trees on demand."""

from __future__ import annotations

from array import array
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bot.model import Meta, Term, children
from bot.rules.anchors import anchor

from .gates import Gates
from .index import Index
from .tree import Compiler, context_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Expr, Rule
    from bot.rules.anchors import Cost

    from .gates import Gate, Made
    from .tree import Atoms, Compiled

Anchor = tuple[Term, ...] | None
KEPT = 10_000
"""Trees kept; of the rules that are ever looked at in full, most are again and again."""


class Block:
    """Rules by their numbers. Never changes, but for the trees it keeps."""

    def __init__(self, rules: Sequence[Rule], cost: Cost) -> None:
        self.rules = rules
        self.index = index = Index()
        self._leaves = array("L")  # of every rule's terms in order
        self._bounds = array("L", [0])
        self._atoms: Atoms = {}
        self._compiled: dict[int, Compiled] = {}
        anchors: list[Anchor] = []
        first: set[int] = set()
        for rule in rules:
            self._leaves.extend(map(index.add, _terms(rule)))
            self._bounds.append(len(self._leaves))
            found = anchor(rule.expr, cost)
            anchors.append(found)
            first.update(map(index.add, found or ()))
        index.build(first)
        gates = Gates(index.tokens, cost)
        made = [gates.gate(rule, anchored or ()) for rule, anchored in zip(rules, anchors, strict=True)]
        self._gates = [passed.gate for passed in made]
        self._always = frozenset(number for number, anchored in enumerate(anchors) if anchored is None)
        self._brings = _postings(made, index.size)
        index.close()

    def placed(self, rules: Sequence[Rule]) -> tuple[Sequence[int], list[int]]:
        """Where these rules are: for each of the block's own its place in ``rules`` or -1; the places of others."""
        places, others = array("l", [-1]) * len(self.rules), []
        for place, rule in enumerate(rules):
            number = self._by_id.get(rule.id, -1)
            if number >= 0 and places[number] < 0 and _same(rule, self.rules[number]):
                places[number] = place
            else:
                others.append(place)
        return places, others

    def number(self, rule: Rule) -> int | None:
        """The number of a rule; None if the block has no such rule, or another version of it."""
        number = self._by_id.get(rule.id)
        if number is None or _same(rule, self.rules[number]):
            return number
        return next((number for number, other in enumerate(self.rules) if other is rule), None)

    @cached_property
    def _by_id(self) -> dict[str, int]:
        return {rule.id: number for number, rule in enumerate(self.rules)}

    def presence(self, seen: set[int]) -> tuple[set[int], list[tuple[int, Gate, bool | None]]]:
        """The rules that are true where these tokens occur; and, with gates and verdicts, those that may be."""
        held, tried = self._brought(seen)
        gates = self._gates
        candidates: list[tuple[int, Gate, bool | None]] = []
        for number in tried:
            gate = gates[number]
            if gate is None:
                held.add(number)
                continue
            verdict = gate.verdict(seen)
            if verdict and not gate.nearby and not gate.limited:
                held.add(number)
            elif verdict is not False:
                candidates.append((number, gate, verdict))
        return held, candidates

    def _brought(self, seen: set[int]) -> tuple[set[int], set[int]]:
        """The rules that these tokens make true, and those that they make worth being tried."""
        found = set(self._always)
        if not seen:
            return set(), found
        true, tried, half, other_half = map(b"".join, zip(*map(self._brings.__getitem__, seen), strict=True))
        if tried:
            found.update(array("I", tried))
        if half and other_half:
            found |= set(array("I", half)).intersection(array("I", other_half))
        return set(array("I", true)), found

    def compiled(self, number: int) -> Compiled:
        """A rule's tree."""
        found = self._compiled.get(number)
        if found is None:
            if len(self._compiled) >= KEPT:
                self._compiled, self._atoms = {}, {}
            rule = self.rules[number]
            leaves = self._leaves[self._bounds[number] : self._bounds[number + 1]]
            found = Compiler(dict(zip(_terms(rule), leaves, strict=True)), self._atoms).compile(rule)
            self._compiled[number] = found
        return found


class _Brought(NamedTuple):
    """The rules that a token makes ``true``, and those that it makes worth being ``tried``.

    A rule with another need that is met about as seldom as its anchor is a pair: to gather the rules of ``half`` and
    of ``other_half`` and keep those that are in both is cheaper than to look at every rule of one. Each is the bytes
    of an array: what many tokens bring lies all over the memory, and is soonest read if it is joined first.
    """

    true: bytes = b""
    tried: bytes = b""
    half: bytes = b""
    other_half: bytes = b""


_NOTHING = _Brought()


def _postings(made: Iterable[Made], size: int) -> list[_Brought]:
    """What each token brings."""
    found: tuple[dict[int, list[int]], ...] = ({}, {}, {}, {})
    true, tried, half, other_half = found
    for number, (gate, anchored, other) in enumerate(made):
        _post(half if other else true if gate is None else tried, anchored, number)
        _post(other_half, other, number)
    kept: dict[bytes, bytes] = {}
    brings = [_NOTHING] * size
    for token in set().union(*found):
        listed = [array("I", each.get(token, ())).tobytes() for each in found]
        brings[token] = _Brought(*(kept.setdefault(numbers, numbers) for numbers in listed))
    return brings


def _post(listed: dict[int, list[int]], tokens: Iterable[int], number: int) -> None:
    for token in tokens:
        listed.setdefault(token, []).append(number)


def _same(one: Rule, other: Rule) -> bool:
    return one is other or (one.hash != "" and one.hash == other.hash)


def _terms(rule: Rule) -> list[Term]:
    """All that is looked for to judge a rule, in a fixed order: the index keeps its leaves so."""
    found: list[Term] = []
    _collect(rule.expr, found)
    found += rule.mask
    for near in rule.not_near:
        found += (*near.term, *near.of)
    contexts = [
        context_term(text)
        for term in found
        if term.alias is not None and (term.alias.requires or term.alias.without)
        for text in (*term.alias.requires, *term.alias.without)
    ]
    return found + contexts


def _collect(expr: Expr, found: list[Term]) -> None:
    if isinstance(expr, Term):
        found.append(expr)
    elif isinstance(expr, Meta):
        if expr.field == "author":
            found.append(expr.term)
    else:
        for part in children(expr):
            _collect(part, found)
