"""The query language: text → expression, with every mistake in its place, and back.

The way: ``lexer`` (signs and words), ``parser`` (the tree of ``nodes``), ``lowering`` (names, checks, the model's
expression); ``writer`` goes back, ``excerpts`` draws the place of a mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .excerpts import excerpt
from .lexer import Lexer
from .lowering import Lowering, Names
from .nodes import And, Broken, Field, How, Leaf, Least, No, Node, Or, Pair, QueryFault, inside, is_broken
from .parser import Parser, TooLargeError
from .placed import Placed
from .spelling import QUOTES
from .writer import Frame, as_tree, frame, spell, write

if TYPE_CHECKING:
    from bot.model import Expr

MOST_CHARACTERS = 20_000
MOST_SIGNS = 2_000
"""Words, phrases and operators of one query."""

__all__ = [
    "MOST_CHARACTERS",
    "QUOTES",
    "And",
    "Broken",
    "Field",
    "Frame",
    "How",
    "Leaf",
    "Least",
    "Names",
    "No",
    "Node",
    "Or",
    "Pair",
    "Parsed",
    "Placed",
    "QueryFault",
    "as_tree",
    "excerpt",
    "frame",
    "inside",
    "is_broken",
    "parse",
    "spell",
    "write",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A query that was read. ``expr`` only without faults, ``tree`` only if it could be made out; faults by place.

    ``placed`` says where the parts of ``expr`` stand.
    """

    tree: Node | None
    expr: Expr | None
    faults: tuple[QueryFault, ...]
    placed: Placed = field(default_factory=Placed, compare=False)


def parse(text: str, names: Names, *, anchored: bool = True) -> Parsed:
    """Read a query; raises nothing. Without ``anchored`` one of which nothing must occur is no mistake."""
    faults: list[QueryFault] = []
    try:
        tree = _tree(text, faults)
    except TooLargeError as error:
        start = min(error.start, len(text) - 1)
        return _refused(start, start + 1, str(error), "use lists ([[terms]]) and wildcards, or split the rule")
    if tree is None:
        return _refused(0, len(text), "the query is empty", 'write what to look for: tariff OR "export ban"')
    lowering = Lowering(text, names, faults)
    expr = lowering.query(tree, anchored=anchored)
    found = tuple(sorted(dict.fromkeys(faults), key=lambda fault: (fault.start, fault.end)))
    placed = Placed(() if found else lowering.places)
    return Parsed(tree=None if is_broken(tree) else tree, expr=None if found else expr, faults=found, placed=placed)


def _refused(start: int, end: int, message: str, remedy: str) -> Parsed:
    """Nothing but this is told about the query."""
    return Parsed(tree=None, expr=None, faults=(QueryFault(start=start, end=end, message=message, remedy=remedy),))


def _tree(text: str, faults: list[QueryFault]) -> Node | None:
    """The syntax tree; None of an empty query. Raises :class:`TooLargeError`."""
    if len(text) > MOST_CHARACTERS:
        raise TooLargeError(f"the query has more than {MOST_CHARACTERS:,} characters", MOST_CHARACTERS)
    if not text.strip():
        return None
    lexer = Lexer(text, faults)
    tokens = lexer.read()
    signs = [token for token in tokens if token.kind not in ("(", ")", ",", "end")]
    if len(signs) > MOST_SIGNS:
        raise TooLargeError(f"the query has more than {MOST_SIGNS:,} words and operators", signs[MOST_SIGNS].start)
    return Parser(text, tokens, faults, tidy=lexer.tidy).read()
