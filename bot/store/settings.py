"""What is remembered under a name of its own: one row for each, the newest value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .store import Tx


def get(tx: Tx, key: str) -> Any:  # noqa: ANN401 - whatever was put down
    """The value of a name, None where there is none."""
    return tx.value(sa.select(t.setting.c.value).where(t.setting.c.key == key))


def put(tx: Tx, rows: Sequence[dict[str, Any]], *, first_time: bool = False) -> None:
    """Write down the values of some names: ``key``, ``value``, and the time they are from, ``at``, where it matters.

    ``first_time``: a name that has a value gets the newer one and keeps its time.
    """
    statement = insert(tx.dialect, t.setting)
    newer = {"value": statement.excluded.value} | ({} if first_time else {"at": statement.excluded.at})
    tx.run_many(statement.on_conflict_do_update(index_elements=["key"], set_=newer), rows)
