"""The layout of a TOML file, made even: what it says, its comments and the order of everything stay.

One blank between key, sign and value; one empty line above each table (and the comments right above it), at most one
elsewhere; lists on one line, or where the author has begun one on several, in these lines, with an indent of two.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import tree_sitter_toml
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

WIDTH = 120
INDENT = "  "
TABLES = ("table", "table_array_element")
KEYS = ("bare_key", "quoted_key", "dotted_key")


@dataclass(slots=True)
class _Piece:
    """A header, a pair or a comment on its own: its lines, and the rows, from 0, that it takes in the old text."""

    kind: str
    lines: list[str]
    first: int
    last: int


def formatted(text: str) -> str:
    """The text in the one layout; formatting it again changes nothing.

    ``text`` is valid TOML without carriage returns.
    """
    root = Parser(Language(tree_sitter_toml.language())).parse(text.encode("utf-8", "replace")).root_node
    made = _joined(list(_pieces(root)))
    if tomllib.loads(made) != tomllib.loads(text):
        raise RuntimeError("a bug of Presswatch: the layout would change what the file says; it stays as it is")
    return made


def _joined(pieces: list[_Piece]) -> str:
    lines: list[str] = []
    for place, piece in enumerate(pieces):
        before = pieces[place - 1] if place else None
        if before is not None and _apart(pieces, place, before):
            lines.append("")
        lines += piece.lines
    return "\n".join([*lines, ""]) if lines else ""


def _apart(pieces: list[_Piece], place: int, before: _Piece) -> bool:
    """Whether an empty line goes before this piece."""
    piece = pieces[place]
    if _opens_table(pieces, place):
        return not (before.kind == "comment" and before.last + 1 == piece.first)
    return before.kind != "header" and piece.first > before.last + 1


def _opens_table(pieces: list[_Piece], place: int) -> bool:
    """Whether this is a header, or the first of the comments right above one."""
    while pieces[place].kind == "comment" and place + 1 < len(pieces):
        if pieces[place].last + 1 != pieces[place + 1].first:
            return False
        place += 1
    return pieces[place].kind == "header"


def _pieces(root: Node) -> Iterator[_Piece]:
    last: _Piece | None = None
    for node in _flat(root):
        if node.type == "comment":
            if last is not None and last.last == node.start_point[0]:
                last.lines[-1] += f"  {_text(node)}"
                continue
            piece = _Piece("comment", [_text(node)], node.start_point[0], node.start_point[0])
        elif node.type in TABLES:
            piece = _Piece("header", [_header(node)], node.start_point[0], node.start_point[0])
        else:
            value, start = _value_of(node), f"{_key(node.children[0])} = "
            lines = (start + _value(value, "", len(start))).split("\n")
            piece = _Piece("pair", lines, node.start_point[0], value.end_point[0])
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _flat(node: Node) -> Iterator[Node]:
    """Headers, pairs and the comments outside of values, in order."""
    for child in node.children:
        if child.type in TABLES:
            yield child
            yield from _flat(child)
        elif child.type == "pair":
            yield child
            yield from (part for part in child.children if part.type == "comment")
        elif child.type == "comment":
            yield child


def _header(node: Node) -> str:
    name = next(_key(child) for child in node.children if child.type in KEYS)
    return f"[[{name}]]" if node.type == "table_array_element" else f"[{name}]"


def _key(node: Node) -> str:
    """A key as it is written, a dotted one without blanks."""
    return ".".join(_key(part) for part in node.named_children) if node.type == "dotted_key" else _text(node)


def _value_of(pair: Node) -> Node:
    return [child for child in pair.named_children if child.type != "comment"][-1]


def _text(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace").rstrip("\r\n")


# ── values ───────────────────────────────────────────────────────────────────────────────────────


def _value(node: Node, indent: str, column: int) -> str:
    """The value as it stands ``column`` characters from the left, in a line with this ``indent``."""
    if node.type != "array":
        return _flat_value(node)
    flat = _flat_value(node)
    over_several = node.end_point[0] > node.start_point[0] and bool(node.named_children)
    return flat if not over_several and column + len(flat) <= WIDTH else _on_several(node, indent)


def _flat_value(node: Node) -> str:
    """The value on one line; as it is written where a comment inside it forbids that."""
    if node.type == "array" and not _commented(node):
        return f"[{', '.join(_flat_value(item) for item in node.named_children)}]"
    if node.type == "inline_table" and not _commented(node):
        pairs = [f"{_key(pair.children[0])} = {_flat_value(_value_of(pair))}" for pair in node.named_children]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    return _text(node)


def _commented(node: Node) -> bool:
    return any(child.type == "comment" or _commented(child) for child in node.named_children)


@dataclass(slots=True)
class _Row:
    """Items of a list that stand in one row of the old text, which is its ``last``, with the comment behind them."""

    last: int
    items: list[str] = field(default_factory=list)
    comment: str = ""


def _on_several(array: Node, indent: str) -> str:
    """A list in the rows of the old text, in more where they are too long."""
    inner = indent + INDENT
    lines = ["["]
    rows: list[_Row] = []
    for child in array.named_children:
        first, last = child.start_point[0], child.end_point[0]
        if child.type != "comment":
            if not rows or rows[-1].last != first or rows[-1].comment:
                rows.append(_Row(last))
            rows[-1].items.append(_value(child, inner, len(inner)))
            rows[-1].last = last
        elif rows and rows[-1].last == first and not rows[-1].comment:
            rows[-1].comment = _text(child)
        elif not rows and first == array.start_point[0]:
            lines = [f"[  {_text(child)}"]
        else:
            rows.append(_Row(first, comment=_text(child)))
    for row in rows:
        lines += _filled(row, inner)
    return "\n".join([*lines, f"{indent}]"])


def _filled(row: _Row, indent: str) -> list[str]:
    lines: list[str] = []
    for item in row.items:
        if lines and "\n" not in item and len(lines[-1]) + len(item) + 2 <= WIDTH:
            lines[-1] += f" {item},"
        else:
            lines.append(f"{indent}{item},")
    if not row.comment:
        return lines
    return [*lines[:-1], f"{lines[-1]}  {row.comment}"] if lines else [indent + row.comment]
