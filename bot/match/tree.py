"""A rule's expression with its terms turned into leaves of the index, and its truth on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import AllOf, Not, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.model import Expr, NotNear, Rule

    from .index import Index
    from .page import Span

    Hits = Callable[["Atom"], Sequence[Span]]


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A term and its leaf. An alias also has the leaves of its context.

    ``full`` are the entity's unambiguous aliases, one of which anywhere stands in for ``requires``.
    """

    leaf: int
    term: Term
    requires: tuple[int, ...] = ()
    without: tuple[int, ...] = ()
    full: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    """True if at least one part is, or with ``every`` only if all are."""

    parts: tuple[Node, ...]
    every: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class No:
    """True if the part is not, anywhere in the article."""

    part: Node


Node = Atom | Some | No
Found = tuple[Atom, int, int]
"""One occurrence: the atom, and its span on the page."""


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """A compiled ``not_near``."""

    term: tuple[Atom, ...]
    of: tuple[Atom, ...]
    within: int


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A rule ready to be tried. ``anchor``: leaves of which every match has one; None if there are none."""

    rule: Rule
    tree: Node
    mask: tuple[Atom, ...]
    apart: tuple[Apart, ...]
    anchor: frozenset[int] | None


class Compiler:
    """Turns rules into :class:`Compiled`, sharing leaves and atoms between them."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._atoms: dict[tuple[Term, tuple[Term, ...]], Atom] = {}

    def compile(self, rule: Rule) -> Compiled:
        """Add a rule's terms to the index."""
        aliases: dict[str, list[Term]] = {}
        apart = [term for near in rule.not_near for term in (*near.term, *near.of)]
        for term in dict.fromkeys((*terms(rule.expr), *rule.mask, *apart)):
            if term.entity and term.alias:
                aliases.setdefault(term.entity, []).append(term)
        full = {entity: tuple(term for term in found if _unambiguous(term)) for entity, found in aliases.items()}
        tree = self._node(rule.expr, full)
        return Compiled(
            rule=rule,
            tree=tree,
            mask=self._all(rule.mask, full),
            apart=tuple(self._apart(near, full) for near in rule.not_near),
            anchor=anchor(tree),
        )

    def _all(self, listed: Iterable[Term], full: dict[str, tuple[Term, ...]]) -> tuple[Atom, ...]:
        return tuple(self._atom(term, full) for term in listed)

    def _apart(self, near: NotNear, full: dict[str, tuple[Term, ...]]) -> Apart:
        return Apart(self._all(near.term, full), self._all(near.of, full), near.within)

    def _node(self, expr: Expr, full: dict[str, tuple[Term, ...]]) -> Node:
        if isinstance(expr, Term):
            return self._atom(expr, full)
        if isinstance(expr, Not):
            return No(self._node(expr.part, full))
        return Some(tuple(self._node(part, full) for part in expr.parts), every=isinstance(expr, AllOf))

    def _atom(self, term: Term, full: dict[str, tuple[Term, ...]]) -> Atom:
        others = full.get(term.entity or "", ()) if term.alias and term.alias.requires else ()
        key = (term, others)
        if key not in self._atoms:
            alias = term.alias
            self._atoms[key] = Atom(
                leaf=self._index.add(term),
                term=term,
                requires=tuple(self._index.add(context_term(text)) for text in alias.requires) if alias else (),
                without=tuple(self._index.add(context_term(text)) for text in alias.without) if alias else (),
                full=self._all(others, {}),
            )
        return self._atoms[key]


def context_term(text: str) -> Term:
    """A word of an alias's ``with`` or ``without``, which is written like any term."""
    if text.startswith("=") and len(text) > 1:
        return Term(text=text[1:], kind="exact")
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return Term(text=text[1:-1], kind="regex")
    return Term(text=text, kind="wildcard" if "*" in text or "?" in text else "plain")


def _unambiguous(term: Term) -> bool:
    return term.alias is not None and not term.alias.requires and not term.alias.without


def terms(expr: Expr, *, positive: bool = False) -> Iterator[Term]:
    """The terms of an expression in order; ``positive`` leaves out what stands under a Not."""
    if isinstance(expr, Term):
        yield expr
    elif isinstance(expr, Not):
        if not positive:
            yield from terms(expr.part)
    else:
        for part in expr.parts:
            yield from terms(part, positive=positive)


# ── anchors ──────────────────────────────────────────────────────────────────────────────────────


def anchor(node: Node) -> frozenset[int] | None:
    """Leaves of which every match has one, the group that will be met least; None if there is no such group.

    Without frequencies of an archive at hand, a term counts as rarer the longer it is.
    """
    found = _anchor(node)
    return None if found is None else frozenset(found)


def _anchor(node: Node) -> dict[int, float] | None:
    if isinstance(node, Atom):
        return {node.leaf: 0.5 ** min(len(node.term.text), 30)}
    if isinstance(node, No):
        return None
    parts = [_anchor(part) for part in node.parts]
    known = [part for part in parts if part is not None]
    if node.every:
        return min(known, key=lambda leaves: sum(leaves.values()), default=None)
    if len(known) < len(parts):
        return None
    return {leaf: cost for part in known for leaf, cost in part.items()}


# ── truth ────────────────────────────────────────────────────────────────────────────────────────


def hold(node: Node, counted: Hits, anywhere: Hits) -> list[Found] | None:
    """The occurrences that make the expression true, or None if it is not.

    ``counted`` gives the occurrences that count, ``anywhere`` those that count for a Not, which looks at
    the whole article. A true Not has no occurrences to show.
    """
    if isinstance(node, Atom):
        return [(node, start, end) for start, end in counted(node)] or None
    if isinstance(node, No):
        return [] if hold(node.part, anywhere, anywhere) is None else None
    results = [hold(part, counted, anywhere) for part in node.parts]
    held = [found for found in results if found is not None]
    if len(held) < (len(results) if node.every else 1):
        return None
    return [one for found in held for one in found]
