"""What is nearly the same in another service's search, and has to be said of a translated string."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.rules.query import Leaf, Pair, inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.rules.query import Node

    from .dialects import Dialect

NAMED = 5
"""Words that a remark names."""

_CAPITALS = re.compile(r"\b(?=[A-Z0-9]*[A-Z])[A-Z0-9]{2,5}\b")


def remarks_on(tree: Node, dialect: Dialect) -> Iterator[str]:
    """Sentences on what the translation finds, or leaves out, that the string did not."""
    yield from dialect.notes
    words = dict.fromkeys(
        word for leaf in _leaves(tree) if leaf.form == "phrase" for word in _CAPITALS.findall(leaf.text)
    )
    if words:
        shown = ", ".join(list(words)[:NAMED]) + (" …" if len(words) > NAMED else "")
        yield f"{shown}: in capitals only here, in any case with {dialect.title}."
    if dialect.name != "lexis" and any(leaf.form == "phrase" for leaf in _leaves(tree)):
        yield f"Regular plurals are found unasked here; {dialect.title} finds what is typed."
    if any(isinstance(node, Pair) and node.how in ("NEAR", "ONEAR", "NOT NEAR") for node in _nodes(tree)):
        yield "Nearness never reaches across paragraphs here, nor from the title into the body."


def _nodes(tree: Node) -> Iterator[Node]:
    yield tree
    for part in inside(tree):
        yield from _nodes(part)


def _leaves(tree: Node) -> Iterator[Leaf]:
    return (node for node in _nodes(tree) if isinstance(node, Leaf))
