"""Expressions and syntax trees → query text, with every bracket written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.model import AllOf, AnyOf, AtLeast, CountOf, FarFrom, InField, Meta, Near, Not, Term

from . import spelling
from .nodes import And, Count, Field, Leaf, Least, No, Or, Pair, inside

if TYPE_CHECKING:
    from bot.model import Expr, Together

    from .nodes import Form, How, Node

FORMS: dict[str, Form] = {"plain": "phrase", "wildcard": "phrase", "exact": "exact", "regex": "regex"}


class Frame(NamedTuple):
    """How a node is written: ``before``, the parts with ``between`` in between, ``after``. A leaf has no parts."""

    before: str
    parts: tuple[Node, ...] = ()
    between: str = ""
    after: str = ""


def write(expr: Expr) -> str:
    """The expression as a query on one line: what :func:`bot.rules.query.parse` reads as the same expression.

    A group that has a name is written by it. A group of one part that has none is written as its part, a list among the
    parts of a count as a group, and a single alias by its entity's name: nothing that was parsed holds these.
    """
    return spell(as_tree(expr))


def spell(node: Node) -> str:
    """A syntax tree as a query on one line."""
    framed = frame(node)
    return framed.before + framed.between.join(map(spell, framed.parts)) + framed.after


def frame(node: Node) -> Frame:
    """The pieces of which the text of one node is made; for laying it out over several lines."""
    if isinstance(node, Leaf):
        return Frame(_leaf(node))
    parts = inside(node)
    if isinstance(node, (Or, And)):
        return Frame("(", parts, " OR " if isinstance(node, Or) else " AND ", ")")
    if isinstance(node, Pair):
        return Frame("(", parts, f" {joint(node.how, node.within)} ", ")")
    if isinstance(node, Count):
        return Frame(f"{node.count} OF (", parts, ", ", ")")
    if isinstance(node, No):
        return _prefixed("NOT ", node.part)
    if isinstance(node, Field):
        return _prefixed(f"{node.name}:", node.part)
    if isinstance(node, Least):
        return _prefixed(f"ATLEAST/{node.count} ", node.part)
    return Frame("(", parts, " ", ")")


def joint(how: str, within: int) -> str:
    """The operator of a pair."""
    return f"IN {how} WITH" if how in ("SENTENCE", "PARAGRAPH") else f"{how}/{within}"


def _prefixed(before: str, part: Node) -> Frame:
    """NOT, a field or a count before its operand, which needs brackets if it begins with a sign itself."""
    bare = isinstance(part, (Leaf, Or, And, Pair)) or (before == "NOT " and not isinstance(part, No))
    return Frame(before, (part,)) if bare else Frame(f"{before}(", (part,), "", ")")


def _leaf(leaf: Leaf) -> str:
    match leaf.form:
        case "phrase":
            return spelling.as_phrase(leaf.text)
        case "exact":
            return spelling.exactly(leaf.text)
        case "regex":
            return spelling.regex(leaf.text)
    return {"entity": "@", "list": "$"}.get(leaf.form, "") + leaf.text


def as_tree(expr: Expr) -> Node:
    """The syntax tree of an expression."""
    if isinstance(expr, Term):
        return Leaf("entity", expr.entity) if expr.entity else Leaf(FORMS[expr.kind], expr.text)
    if isinstance(expr, (AnyOf, AllOf)):
        return _group(expr)
    if isinstance(expr, CountOf):
        items = (AnyOf(part.parts) if isinstance(part, AnyOf) and part.name[:1] == "$" else part for part in expr.parts)
        return Count(expr.count, tuple(map(as_tree, items)))
    if isinstance(expr, Meta):
        return Field(expr.field, as_tree(expr.term))
    if isinstance(expr, Not):
        return No(as_tree(expr.part))
    if isinstance(expr, InField):
        return Field(expr.field, as_tree(expr.part))
    if isinstance(expr, AtLeast):
        return Least(expr.count, as_tree(expr.part))
    return _pair(expr)


def _group(expr: AnyOf | AllOf) -> Node:
    if isinstance(expr, AnyOf) and expr.name:
        return Leaf("entity" if expr.name[0] == "@" else "list", expr.name[1:])
    if len(expr.parts) == 1:
        return as_tree(expr.parts[0])
    parts = tuple(map(as_tree, expr.parts))
    return Or(parts) if isinstance(expr, AnyOf) else And(parts)


def _pair(expr: Near | FarFrom | Together) -> Node:
    if isinstance(expr, Near):
        how: How = "ONEAR" if expr.ordered else "NEAR"
        return Pair(as_tree(expr.left), as_tree(expr.right), how, expr.within)
    if isinstance(expr, FarFrom):
        return Pair(as_tree(expr.part), as_tree(expr.of), "NOT NEAR", expr.within)
    unit: How = "SENTENCE" if expr.unit == "sentence" else "PARAGRAPH"
    return Pair(as_tree(expr.left), as_tree(expr.right), unit)
