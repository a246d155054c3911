"""What is remembered under a name of its own: one row for each, the newest value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .store import Tx


def put(tx: Tx, rows: Sequence[dict[str, Any]]) -> None:
    """Write down the values of some names, each with the time it is from: ``key``, ``value``, ``at``."""
    statement = insert(tx.dialect, t.setting)
    newer = {"value": statement.excluded.value, "at": statement.excluded.at}
    tx.run_many(statement.on_conflict_do_update(index_elements=["key"], set_=newer), rows)
