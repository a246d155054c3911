"""Syntax tree → expression: names looked up, terms checked, and what may stand inside what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.model import AllOf, AnyOf, AtLeast, CountOf, FarFrom, InField, Near, Not, Term, Together
from bot.rules.anchors import anchor
from bot.rules.terms import Manner, Reference, exact_term, regex_term, word_term
from bot.text import cut
from bot.tomlfile.models import Mistake

from . import repairs
from .facts import Facts
from .nodes import And, Broken, Count, Field, Leaf, Least, No, Or, Pair, QueryFault, inside, is_broken
from .spelling import exactly
from .writer import spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Expr

    from .nodes import Node

CALLED: dict[type, str] = {
    And: "AND",
    No: "NOT",
    Field: "a field",
    Count: '"n OF (…)"',
    Least: "ATLEAST",
    Pair: "a second such operator",
}
MANNER = Manner(
    exactly=exactly, several="several are joined with AND or OR", one_line="write it on one line, or leave it out"
)


class Names(Protocol):
    """What ``@id`` and ``$id`` stand for."""

    def expand(self, reference: Reference) -> Expr:
        """The group of the entity's aliases or the list's terms, ``name`` set to "@id" or "$id".

        Raises :class:`Mistake` for names that are unknown or unusable; its words are a whole sentence.
        """
        ...


class Lowering:
    """Lowers one tree. Everything gives None where there is a mistake in it; each is told once.

    ``places`` lists every part that was made with its place in the text.
    """

    def __init__(self, text: str, names: Names, faults: list[QueryFault]) -> None:
        self._text = text
        self._names = names
        self._faults = faults
        self._made: dict[int, Expr] = {}
        self.places: list[tuple[Expr, int, int]] = []

    def query(self, tree: Node, *, anchored: bool) -> Expr | None:
        """The expression of a whole query; with ``anchored`` one that could match without any term is a mistake."""
        expr = self.expr(tree)
        if expr is not None and anchored and not self._faults and anchor(expr) is None:
            self._tell_unanchored(tree)
        return expr

    def expr(self, node: Node, field: str = "") -> Expr | None:
        """The expression of a node, which stands in the text field ``field`` (all that are around it, by commas)."""
        made = self._expr(node, field)
        if made is not None:
            self._made[id(node)] = made
            self.places.append((made, node.start, node.end))
        return made

    def _expr(self, node: Node, field: str) -> Expr | None:
        if isinstance(node, Leaf):
            return self.leaf(node)
        if isinstance(node, (And, Or)):
            parts = self._all(node.parts, field)
            if parts is None:
                return None
            return AllOf(parts) if isinstance(node, And) else AnyOf(parts)
        if isinstance(node, No):
            part = self.expr(node.part, field)
            return part and Not(part)
        if isinstance(node, Pair):
            return self._pair(node, field)
        if isinstance(node, Field):
            return self._field(node, field)
        if isinstance(node, Count):
            return self._count(node, field)
        if isinstance(node, Least):
            part = self.expr(node.part, field) if self._groups(node.part, f"ATLEAST/{node.count}") else None
            return part and AtLeast(node.count, part)
        self._all(node.parts, field)
        return None

    def _all(self, nodes: Sequence[Node], field: str) -> tuple[Expr, ...] | None:
        found = [self.expr(node, field) for node in nodes]
        return None if None in found else tuple(part for part in found if part is not None)

    def fault(self, node: Node, message: str, remedy: str = "") -> None:
        """Tell a mistake at a node."""
        self._faults.append(QueryFault(start=node.start, end=node.end, message=message, remedy=remedy))

    def written(self, node: Node) -> str:
        """The node as it stands in the query, on one line."""
        return repairs.written(self._text, node)

    # ── terms and names ──────────────────────────────────────────────────────────────────────────

    def leaf(self, leaf: Leaf) -> Expr | None:
        """A term, or the group that a name stands for."""
        try:
            if leaf.form == "entity":
                return self._names.expand(Reference("entity", leaf.text))
            if leaf.form == "list":
                return self._names.expand(Reference("list", leaf.text))
        except Mistake as mistake:
            self.fault(leaf, str(mistake), mistake.remedy)
            return None
        return self.term(leaf)

    def term(self, leaf: Leaf) -> Term | None:
        """The term that a leaf is."""
        make = {"exact": exact_term, "regex": regex_term}.get(leaf.form, word_term)
        try:
            return make(leaf.text, MANNER)
        except Mistake as mistake:
            shown = cut(leaf.text if leaf.form == "word" else self.written(leaf), 60)
            self.fault(leaf, f'"{shown}" {mistake}' if leaf.form == "word" else f"{shown} {mistake}", mistake.remedy)
            return None

    # ── fields ───────────────────────────────────────────────────────────────────────────────────

    def _field(self, node: Field, field: str) -> Expr | None:
        if not repairs.is_text(node.name):
            if field:
                self.fault(
                    node,
                    f'"{node.name}:" asks about the whole article, not its {field.partition(":")[0]}',
                    f'take it out of "{field}:(…)" and join it with AND',
                )
                return None
            return Facts(self, node.name).expr(node.part)
        if field and (field == "title") != (node.name == "title"):
            self.fault(
                node,
                f'"{node.name}:" inside "{field}:" can never be true: no text stands in both',
                "put them side by side, with AND or OR",
            )
            return None
        part = self.expr(node.part, node.name)
        return part and InField(part, node.name)

    # ── operators that work on occurrences ───────────────────────────────────────────────────────

    def _pair(self, node: Pair, field: str) -> Expr | None:
        wrong = self._offender(node.left) or self._offender(node.right)
        if wrong is not None:
            remedy = repairs.beside(node, wrong, self.written)
            called = CALLED.get(type(wrong), "")
            self.fault(wrong, f"{called} cannot stand beside {repairs.word(node)}", remedy)
            for side in (node.left, node.right):
                self._look(side, field)
            return None
        left, right = self.expr(node.left, field), self.expr(node.right, field)
        if left is None or right is None:
            return None
        if node.how == "NOT NEAR":
            return FarFrom(left, right, node.within)
        if node.how == "SENTENCE":
            return Together(left, right, "sentence")
        if node.how == "PARAGRAPH":
            return Together(left, right, "paragraph")
        return Near(left, right, node.within, ordered=node.how == "ONEAR")

    def _offender(self, node: Node) -> Node | None:
        """What is no term, name or group of them joined by OR, if there is something."""
        if isinstance(node, Or):
            return next((found for part in node.parts if (found := self._offender(part)) is not None), None)
        return None if isinstance(node, Leaf) or is_broken(node) else node

    def _groups(self, node: Node, word: str) -> bool:
        """Whether this is a term, a name or a group of them; if not it is told, with all that is wrong inside."""
        wrong = self._offender(node)
        if wrong is None:
            return True
        called = CALLED.get(type(wrong), "")
        called = repairs.word(wrong) if isinstance(wrong, Pair) else called
        self.fault(
            wrong,
            f"{called} cannot stand inside {word}",
            repairs.counted(wrong, word, self.written),
        )
        self._look(node, "")
        return False

    def _look(self, node: Node, field: str) -> None:
        """Tell what is wrong with the leaves inside a node that has been told."""
        if isinstance(node, Leaf):
            self.leaf(node)
        elif not (isinstance(node, Field) and not repairs.is_text(node.name)):
            for part in inside(node):
                self._look(part, field)

    def _count(self, node: Count, field: str) -> Expr | None:
        parts: list[Expr] = []
        whole = True
        for part in node.parts:
            good = isinstance(part, (Pair, Broken)) or self._groups(part, "OF")
            made = self.expr(part, field) if good else None
            whole = whole and made is not None
            if made is not None:
                parts += self._spread(part, made)
        if not whole:
            return None
        if node.count > len(parts):
            items = f"{len(parts)} items" if len(parts) > 1 else "one item"
            fewer = spell(Count(len(parts), node.parts))
            self.fault(
                node,
                f"{node.count} of {items} can never occur",
                repairs.short(f"write {fewer}, or more items", f"write {len(parts)} OF (…), or more items"),
            )
            return None
        return CountOf(node.count, tuple(parts))

    @staticmethod
    def _spread(node: Node, made: Expr) -> tuple[Expr, ...]:
        """The terms of a list count one by one; everything else is one item."""
        listed = isinstance(node, Leaf) and node.form == "list"
        return made.parts if listed and isinstance(made, AnyOf) else (made,)

    # ── what must be there to be looked for ──────────────────────────────────────────────────────

    def _tell_unanchored(self, tree: Node) -> None:
        node = self._unanchored(tree)
        if self._only_facts(node):
            message = "this asks only for facts about the article, so it would match without any word"
        else:
            message = "this would match almost every article: nothing in it must occur"
        idea = "join it, with AND, with something that must occur"
        self.fault(node, message, repairs.short(f"{idea}: tariff AND {self.written(node)}", idea))

    def _unanchored(self, node: Node) -> Node:
        """The branch of an OR that would match by itself."""
        if isinstance(node, Or):
            for part in node.parts:
                made = self._made.get(id(part))
                if made is not None and anchor(made) is None:
                    return self._unanchored(part)
        return node

    def _only_facts(self, node: Node) -> bool:
        if isinstance(node, Field):
            return not repairs.is_text(node.name) or self._only_facts(node.part)
        return isinstance(node, (And, Or)) and all(self._only_facts(part) for part in node.parts)
