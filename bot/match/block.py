"""Rules compiled together: one index of their terms, an anchor and a gate for each, trees on demand."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from bot.model import Meta, Term, children
from bot.rules.anchors import anchor

from .gates import Gates
from .index import Index
from .reading import Reading
from .tree import Compiler, context_term

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import Expr, Rule
    from bot.rules.anchors import Cost

    from .gates import Gate
    from .page import Page
    from .tree import Compiled

KEPT = 10_000
"""Trees kept; of the rules that are ever looked at in full, most are again and again."""


class Block:
    """Rules by their numbers. Never changes, but for the trees it keeps."""

    def __init__(self, rules: Sequence[Rule], cost: Cost) -> None:
        self.rules = rules
        self.index = index = Index()
        self._leaves = array("L")  # of every rule's terms in order
        self._bounds = array("L", [0])
        self._compiler = Compiler()
        self._compiled: dict[int, Compiled] = {}
        anchors: list[tuple[Term, ...] | None] = []
        first: set[int] = set()
        for rule in rules:
            self._leaves.extend(map(index.add, _terms(rule)))
            self._bounds.append(len(self._leaves))
            found = anchor(rule.expr, cost)
            anchors.append(found)
            first.update(map(index.add, found or ()))
        index.build(first)
        gates = Gates(index.tokens, cost)
        self._gates = [gates.gate(rule, found or ()) for rule, found in zip(rules, anchors, strict=True)]
        self._always = [number for number, found in enumerate(anchors) if found is None]
        self._brings = self._postings(anchors)
        index.close()

    def _postings(self, anchors: Sequence[tuple[Term, ...] | None]) -> list[tuple[int, ...]]:
        """The rules that a token makes worth trying: of hot patterns first, then of asked tokens."""
        index = self.index
        brings: dict[int, list[int]] = {}
        for number, found in enumerate(anchors):
            for token in {token for term in found or () for token in index.tokens(term)}:
                brings.setdefault(token, []).append(number)
        kept: dict[tuple[int, ...], tuple[int, ...]] = {}
        tokens = (*range(index.hot), *range(index.patterns, index.patterns + len(index.asked)))
        listed = (tuple(brings.get(token, ())) for token in tokens)
        return [kept.setdefault(numbers, numbers) for numbers in listed]

    def candidates(self, seen: set[int]) -> set[int]:
        """The numbers of the rules that a page with these tokens may meet."""
        hot, beyond = self.index.hot, self.index.patterns
        found = set(self._always)
        for token in seen:
            if token < hot:
                found.update(self._brings[token])
            elif token >= beyond:
                found.update(self._brings[token - beyond + hot])
        return found

    def gate(self, number: int) -> Gate | None:
        """A rule's gate; None if its anchor alone makes it true."""
        return self._gates[number]

    def compiled(self, number: int) -> Compiled:
        """A rule's tree."""
        found = self._compiled.get(number)
        if found is None:
            if len(self._compiled) >= KEPT:
                self._compiled, self._compiler = {}, Compiler()
            rule = self.rules[number]
            leaves = self._leaves[self._bounds[number] : self._bounds[number + 1]]
            found = self._compiler.compile(rule, dict(zip(_terms(rule), leaves, strict=True)))
            self._compiled[number] = found
        return found


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
