"""Where every key and value of a TOML file stands, from a tree-sitter parse.

Tree-sitter counts columns in bytes and lines from 0; people count characters, both from 1.
"""

from __future__ import annotations

import re
import tomllib
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import tree_sitter_toml
from tree_sitter import Language, Parser

from .syntax import offset_of, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tree_sitter import Node

Position = tuple[int, int]
TomlPath = tuple[str | int, ...]

KEYS = ("bare_key", "quoted_key")

# The quotes that text begins with; of three, the line feed behind them is no part of the value.
QUOTES = re.compile(r"'''\n?|\"\"\"\n?|'|\"")
# What stands for no character of the value or one: a line that ends with a backslash, an escape, a character.
WRITTEN = re.compile(r"(?P<nothing>\\[ \t]*\n[ \t\n]*)|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|.", re.DOTALL)


class Place(NamedTuple):
    """Line and column of a key and of its value; the same for list items and table headers."""

    key: Position
    value: Position


class Twice(NamedTuple):
    """Something given a second time, with the place of the first."""

    path: TomlPath
    first: Position
    second: Position


class Places:
    """The places of one text; ``twice`` lists keys and tables that are given more than once.

    A text that is not valid TOML gives the places that could be made out.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        # Lone surrogates cannot be encoded; "?" takes their one column.
        raw = text.encode("utf-8", "replace")
        self._lines = raw.split(b"\n")
        self._found: dict[TomlPath, Place] = {}
        self._lengths: dict[TomlPath, int] = {}
        self._headers: dict[TomlPath, Position] = {}
        self.twice: list[Twice] = []
        table: TomlPath = ()
        for node in Parser(Language(tree_sitter_toml.language())).parse(raw).root_node.children:
            if node.type in ("table", "table_array_element"):
                table = self._header(node)
                for child in node.children:
                    self._pair(table, child)
            else:
                self._pair((), node)

    def find(self, path: TomlPath, *, key: bool = False) -> Position:
        """Line and column of the value at ``path`` (of its key with ``key``).

        Steps that the file does not have are left out, so a missing key gives the table it is missing from.
        """
        at: TomlPath = ()
        for step in path:
            if (*at, step) in self._found:
                at = (*at, step)
        place = self._found.get(at)
        if place is None:
            return (1, 1)
        return place.key if key and at == path else place.value

    def inside(self, path: TomlPath, offsets: Iterable[int]) -> list[Position]:
        """Line and column of the characters at ``offsets`` (from 0) of the text that is the value at ``path``.

        The offset behind the last character is that of the closing quotes.
        """
        wanted = list(offsets)
        written = _written(self._text, offset_of(self._text, *self.find(path)), max(wanted, default=0))
        return [place_of(self._text, written[min(offset, len(written) - 1)]) for offset in wanted]

    def _header(self, node: Node) -> TomlPath:
        """Note a ``[table]`` or ``[[list.element]]`` line; its path, with the index of each element it is in."""
        keys = _keys(node)
        where = self._position(node)
        path: TomlPath = ()
        for key in keys[:-1]:
            path = (*path, _text(key))
            self._found.setdefault(path, Place(where, where))
            path = self._last_element(path)
        if not keys:
            return path
        path = (*path, _text(keys[-1]))
        if node.type == "table":
            self._once(path, where)
        else:
            self._found.setdefault(path, Place(where, where))
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = self._last_element(path)
        self._found.setdefault(path, Place(where, where))
        return path

    def _once(self, path: TomlPath, where: Position) -> None:
        first = self._headers.setdefault(path, where)
        if first == where and path in self._lengths:
            first = self._found[path].key
        if first != where:
            self.twice.append(Twice(path, first, where))

    def _last_element(self, path: TomlPath) -> TomlPath:
        length = self._lengths.get(path)
        return (*path, length - 1) if length else path

    def _pair(self, table: TomlPath, node: Node) -> None:
        """Note ``key = value`` with everything inside the value; without recursion, however deep."""
        waiting = [(table, node)]
        while waiting:
            path, current = waiting.pop()
            if current.type == "pair":
                path, current = self._key(path, current)
            if current.type == "array":
                items = [child for child in current.named_children if child.type != "comment"]
                for number, item in enumerate(items):
                    self._found[(*path, number)] = Place(self._position(item), self._position(item))
                    waiting.append(((*path, number), item))
            elif current.type == "inline_table":
                pairs = [child for child in current.named_children if child.type == "pair"]
                waiting.extend((path, pair) for pair in reversed(pairs))

    def _key(self, table: TomlPath, pair: Node) -> tuple[TomlPath, Node]:
        value = [child for child in pair.children if child.type != "comment"][-1]
        path = table
        keys = _keys(pair)
        for key in keys:
            path = (*path, _text(key))
            place = Place(self._position(keys[0]), self._position(value))
            if path in self._found and key is keys[-1]:
                self.twice.append(Twice(path, self._found[path].key, place.key))
            self._found.setdefault(path, place)
        return path, value

    def _position(self, node: Node) -> Position:
        row, column = node.start_point
        return row + 1, len(self._lines[row][:column].decode("utf-8", "replace")) + 1


def _written(text: str, start: int, last: int) -> Sequence[int]:
    """Where each character of the TOML text that begins at ``start`` is written, up to its character ``last``."""
    quotes = QUOTES.match(text, start)
    if quotes is None:
        return [start]
    if quotes.group().startswith("'"):
        return range(quotes.end(), quotes.end() + last + 1)
    pieces = (piece.start() for piece in WRITTEN.finditer(text, quotes.end()) if not piece["nothing"])
    return list(islice(pieces, last + 1)) or [start]


def _keys(node: Node) -> list[Node]:
    """The key of a pair or header, a dotted one taken apart."""
    found: list[Node] = []
    waiting = [child for child in node.children if child.type in (*KEYS, "dotted_key")][:1]
    while waiting:
        current = waiting.pop(0)
        if current.type == "dotted_key":
            waiting[:0] = [child for child in current.children if child.type in (*KEYS, "dotted_key")]
        else:
            found.append(current)
    return found


def _text(node: Node) -> str:
    raw = (node.text or b"").decode("utf-8", "replace")
    if node.type == "bare_key":
        return raw
    try:
        return next(iter(tomllib.loads(f"{raw} = 0")))
    except tomllib.TOMLDecodeError:
        return raw
