"""The newest headlines of each source, in the order in which they came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .store import Tx


def get(tx: Tx, source_id: str) -> list[str]:
    """The headlines that are remembered of a source, the oldest first."""
    return list(tx.value(sa.select(t.headlines.c.titles).where(t.headlines.c.source == source_id)) or ())


def put(tx: Tx, source_id: str, titles: Sequence[str]) -> None:
    """Remember these headlines of a source in place of what was remembered before."""
    values = {"titles": list(titles)}
    statement = insert(tx.dialect, t.headlines).on_conflict_do_update(index_elements=["source"], set_=values)
    tx.run(statement.values(source=source_id, **values))
