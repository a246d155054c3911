"""A table more in the middle of a file, all else of which stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tree_sitter_toml
from tree_sitter import Language, Parser

if TYPE_CHECKING:
    from tree_sitter import Node


def insert_after(text: str, kind: str, number: int, addition: str) -> str:
    """``text`` with the lines of ``addition`` behind table ``number`` (from 0) of ``[[kind]]`` and all that is in it.

    A comment that follows the table without an empty line in between belongs to it, unless it stands right above the
    next table. ``text`` is valid TOML without carriage returns. Raises IndexError for a table that is not there.
    """
    lines = text.split("\n")
    row = _last_row(text, kind, number) + 1
    comments = row
    while comments < len(lines) and lines[comments].lstrip().startswith("#"):
        comments += 1
    if comments == len(lines) or not lines[comments].strip():
        row = comments
    rest = lines[row:]
    gap = [] if not rest or not rest[0].strip() else [""]
    return "\n".join([*lines[:row], "", *addition.rstrip("\n").split("\n"), *gap, *(rest or [""])])


def _last_row(text: str, kind: str, number: int) -> int:
    """The row, from 0, in which the last value of the table ends."""
    raw = text.encode("utf-8", "replace")
    tables = [
        node
        for node in Parser(Language(tree_sitter_toml.language())).parse(raw).root_node.children
        if node.type in ("table", "table_array_element")
    ]
    own = [place for place, node in enumerate(tables) if _name(node) == kind][number]
    last = own
    for place in range(own + 1, len(tables)):
        if _name(tables[place]) == kind:
            break
        if _name(tables[place]).startswith(f"{kind}."):
            last = place
    parts = [child for child in tables[last].children if child.type == "pair"]
    return (parts[-1].end_point if parts else tables[last].children[-1].end_point)[0]


def _name(table: Node) -> str:
    keys = [child for child in table.children if child.type in ("bare_key", "quoted_key", "dotted_key")]
    raw = (keys[0].text or b"").decode("utf-8", "replace") if keys else ""
    return "".join(raw.split()).replace('"', "").replace("'", "")
