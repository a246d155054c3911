"""A rule's expression with its terms turned into leaves of the index, and its truth on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.model import (
    AllOf,
    AnyOf,
    AtLeast,
    CountOf,
    FarFrom,
    InField,
    Meta,
    Near,
    Not,
    Term,
    Together,
    children,
    terms_of,
)

from .pairs import alone, places_of_their_own, together, within
from .spans import distinct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Literal

    from bot.model import Expr, MetaField, NotNear, Rule

    from .page import Page, Span


class View(Protocol):
    """What an expression is judged by: which occurrences count, and what is known of the article."""

    page: Page

    def counted(self, atom: Atom) -> Sequence[Span]:
        """The occurrences of a term that count here."""

    def negative(self) -> View:
        """What a Not sees: the whole article, or the whole of the field around it."""

    def inside(self, field: str) -> View:
        """What is left when only this piece of the article is looked at."""

    def fact(self, fact: Fact) -> bool:
        """Whether something is so of the article as a whole."""


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

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        return [(self, start, end) for start, end in view.counted(self)] or None


@dataclass(frozen=True, slots=True, eq=False)
class Some:
    """True if at least one part is, or with ``every`` only if all are. ``name`` is the group's, "@id" or "$id"."""

    parts: tuple[Node, ...]
    every: bool = False
    name: str = ""

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        results = [part.hold(view) for part in self.parts]
        held = [found for found in results if found is not None]
        return _all(held) if len(held) >= (len(results) if self.every else 1) else None


@dataclass(frozen=True, slots=True, eq=False)
class No:
    """True if the part is not, anywhere in the article or in the field around it."""

    part: Node

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        return [] if self.part.hold(view.negative()) is None else None


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A compiled :class:`~bot.model.Near`."""

    left: Node
    right: Node
    within: int
    ordered: bool

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        left, right = self.left.hold(view), self.right.hold(view)
        return within(view.page, left, right, self.within, ordered=self.ordered) if left and right else None


@dataclass(frozen=True, slots=True, eq=False)
class Lone:
    """A compiled :class:`~bot.model.FarFrom`."""

    part: Node
    of: Node
    within: int

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        found, others = self.part.hold(view), self.of.hold(view.negative())
        return (alone(view.page, found, others, self.within) or None) if found and others else found


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """A compiled :class:`~bot.model.Together`."""

    left: Node
    right: Node
    unit: Literal["sentence", "paragraph"]

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        left, right = self.left.hold(view), self.right.hold(view)
        return together(view.page, left, right, self.unit) if left and right else None


@dataclass(frozen=True, slots=True, eq=False)
class Inside:
    """A compiled :class:`~bot.model.InField`."""

    part: Node
    field: str

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        return self.part.hold(view.inside(self.field))


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A compiled :class:`~bot.model.Meta`; ``leaf`` is the term's, which is looked for in the byline."""

    field: MetaField
    term: Term
    leaf: int = -1

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        return [] if view.fact(self) else None


@dataclass(frozen=True, slots=True, eq=False)
class Several:
    """A compiled :class:`~bot.model.CountOf`."""

    count: int
    parts: tuple[Node, ...]

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        held = [found for part in self.parts if (found := part.hold(view))]
        enough = len(held) >= self.count and places_of_their_own(held, self.count) >= self.count
        return _all(held) if enough else None


@dataclass(frozen=True, slots=True, eq=False)
class Often:
    """A compiled :class:`~bot.model.AtLeast`."""

    count: int
    part: Node

    def hold(self, view: View) -> list[Found] | None:
        """See :data:`Node`."""
        found = self.part.hold(view) or []
        return found if distinct((start, end) for _, start, end in found) >= self.count else None


Node = Atom | Some | No | Beside | Lone | Joint | Inside | Fact | Several | Often
"""``hold`` gives the occurrences that make a node true, or None if it is not.

What is true without any word of the text – a Not, an author – has no occurrences to show.
"""
Found = tuple[Atom, int, int]
"""One occurrence: the atom, and its span on the page."""


def _all(held: Iterable[list[Found]]) -> list[Found]:
    return [one for found in held for one in found]


@dataclass(frozen=True, slots=True, eq=False)
class Apart:
    """A compiled ``not_near``."""

    term: tuple[Atom, ...]
    of: tuple[Atom, ...]
    within: int


Atoms = dict[tuple[Term, tuple[Term, ...]], Atom]


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A rule ready to be judged in full."""

    rule: Rule
    tree: Node
    mask: tuple[Atom, ...]
    apart: tuple[Apart, ...]


class Compiler:
    """Turns a rule into :class:`Compiled`: its terms into their ``leaves``.

    ``atoms`` are those made so far, and added to: what is true of one is worked out once a page for all its rules.
    """

    def __init__(self, leaves: Mapping[Term, int], atoms: Atoms) -> None:
        self._leaves = leaves
        self._atoms = atoms

    def compile(self, rule: Rule) -> Compiled:
        """The rule as a tree of nodes."""
        aliases: dict[str, list[Term]] = {}
        apart = [term for near in rule.not_near for term in (*near.term, *near.of)]
        for term in dict.fromkeys((*terms_of(rule.expr), *rule.mask, *apart)):
            if term.entity and term.alias:
                aliases.setdefault(term.entity, []).append(term)
        full = {entity: tuple(term for term in found if _unambiguous(term)) for entity, found in aliases.items()}
        return Compiled(
            rule=rule,
            tree=self._node(rule.expr, full),
            mask=self._all(rule.mask, full),
            apart=tuple(self._apart(near, full) for near in rule.not_near),
        )

    def _all(self, listed: Iterable[Term], full: dict[str, tuple[Term, ...]]) -> tuple[Atom, ...]:
        return tuple(self._atom(term, full) for term in listed)

    def _apart(self, near: NotNear, full: dict[str, tuple[Term, ...]]) -> Apart:
        return Apart(self._all(near.term, full), self._all(near.of, full), near.within)

    def _node(self, expr: Expr, full: dict[str, tuple[Term, ...]]) -> Node:
        match expr:
            case Term():
                return self._atom(expr, full)
            case AnyOf(parts=(only,)):
                return self._node(only, full)
            case AnyOf() | AllOf():
                parts = tuple(self._node(part, full) for part in expr.parts)
                return Some(parts, True) if isinstance(expr, AllOf) else Some(parts, name=expr.name)
            case Not():
                return No(self._node(expr.part, full))
            case InField():
                return Inside(self._node(expr.part, full), expr.field)
            case Meta():
                return Fact(expr.field, expr.term, self._leaves[expr.term] if expr.field == "author" else -1)
            case _:
                return self._counting(expr, full)

    def _counting(self, expr: Near | FarFrom | Together | CountOf | AtLeast, full: dict[str, tuple[Term, ...]]) -> Node:
        """What asks where or how often something occurs."""
        parts = tuple(self._node(part, full) for part in children(expr))
        match expr:
            case Near():
                return Beside(parts[0], parts[1], within=expr.within, ordered=expr.ordered)
            case FarFrom():
                return Lone(parts[0], parts[1], within=expr.within)
            case Together():
                return Joint(parts[0], parts[1], unit=expr.unit)
            case CountOf():
                return Several(expr.count, parts)
            case AtLeast():
                return Often(expr.count, parts[0])

    def _atom(self, term: Term, full: dict[str, tuple[Term, ...]]) -> Atom:
        others = full.get(term.entity or "", ()) if term.alias and term.alias.requires else ()
        key = (term, others)
        if key not in self._atoms:
            alias = term.alias
            self._atoms[key] = Atom(
                leaf=self._leaves[term],
                term=term,
                requires=tuple(self._leaves[context_term(text)] for text in alias.requires) if alias else (),
                without=tuple(self._leaves[context_term(text)] for text in alias.without) if alias else (),
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


def inner(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside one, in the order in which they are written."""
    if isinstance(node, (Some, Several)):
        return node.parts
    if isinstance(node, (Beside, Joint)):
        return node.left, node.right
    if isinstance(node, Lone):
        return node.part, node.of
    return (node.part,) if isinstance(node, (No, Inside, Often)) else ()
