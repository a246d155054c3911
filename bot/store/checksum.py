"""What a table holds as one number, the same on both databases.

A row is written down canonically – times in UTC, JSON with its keys in order – and hashed; the hashes are added. So it
does not matter in which order a database gives its rows, and any change of any row changes the sum.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_MODULUS = 1 << 256


class Checksum:
    """Rows of one table, counted and added up."""

    __slots__ = ("_columns", "_sum", "rows")

    def __init__(self, table: sa.Table) -> None:
        self._columns: list[tuple[str, Callable[[Any], str]]] = [
            (column.name, _json if isinstance(column.type, sa.JSON) else _plain) for column in table.columns
        ]
        self._sum = 0
        self.rows = 0

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        """Take these in; each holds the values of all columns in the table's order."""
        for row in rows:
            parts = (written(value) for (_, written), value in zip(self._columns, row, strict=True))
            text = "".join(f"{len(part)}:{part}" for part in parts)
            # Whatever a database refuses was replaced when it was stored, or is when it is copied.
            digest = hashlib.sha256(t.storable(text).encode()).digest()
            self._sum = (self._sum + int.from_bytes(digest, "big")) % _MODULUS
            self.rows += 1

    @property
    def digest(self) -> str:
        """The sum in 64 hexadecimal digits."""
        return f"{self._sum:064x}"


def _json(value: object) -> str:
    return "j" + json.dumps(value, sort_keys=True, separators=(",", ":"))


def _plain(value: object) -> str:
    """A value with its kind, so that 1 is not "1", nor true."""
    match value:
        case None:
            return "-"
        case str():
            return "s" + value
        case bool():
            return f"b{value:d}"
        case int():
            return f"i{value}"
        case float():
            return "f" + value.hex()
        case datetime():
            return "t" + value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return "d" + value.isoformat()
        case bytes() | memoryview():
            return "x" + bytes(value).hex()
    raise TypeError(f"no column holds {type(value).__name__}")
