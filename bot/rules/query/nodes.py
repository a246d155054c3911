"""A query as it is written: one node for each thing that stands in it, with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Form = Literal["word", "phrase", "exact", "regex", "entity", "list"]
How = Literal["NEAR", "ONEAR", "NOT NEAR", "SENTENCE", "PARAGRAPH"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFault:
    """A mistake in a query: [start, end) in code points of its text, what is wrong, and what to do."""

    start: int
    end: int
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """[start, end) in code points of the query, outer brackets included; no part of a node's equality."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Leaf(Place):
    """A term or a name. ``text`` comes without quotes, escapes and sigils."""

    form: Form
    text: str


@dataclass(frozen=True, slots=True)
class Or(Place):
    """``a OR b OR c``."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class And(Place):
    """``a AND b AND c``."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class No(Place):
    """``NOT a``."""

    part: Node


@dataclass(frozen=True, slots=True)
class Pair(Place):
    """``a NEAR/5 b`` and its kin; ``within`` is 0 for IN SENTENCE WITH and IN PARAGRAPH WITH."""

    left: Node
    right: Node
    how: How
    within: int = 0


@dataclass(frozen=True, slots=True)
class Field(Place):
    """``title:…``, ``lead:100:…``, ``source:…``; ``name`` has no last colon."""

    name: str
    part: Node


@dataclass(frozen=True, slots=True)
class Count(Place):
    """``2 OF (a, b, c)``."""

    count: int
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Least(Place):
    """``ATLEAST/3 a``."""

    count: int
    part: Node


@dataclass(frozen=True, slots=True)
class Broken(Place):
    """Something with a mistake that has been told; its parts may have others."""

    parts: tuple[Node, ...] = ()


Node = Leaf | Or | And | No | Pair | Field | Count | Least | Broken


def inside(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside one, in the order in which they are written."""
    if isinstance(node, (Or, And, Count, Broken)):
        return node.parts
    if isinstance(node, Pair):
        return node.left, node.right
    return () if isinstance(node, Leaf) else (node.part,)


def is_broken(node: Node) -> bool:
    """Whether there is a mistake somewhere in the node that its tree does not show."""
    return isinstance(node, Broken) or any(map(is_broken, inside(node)))
