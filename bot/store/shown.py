"""What each feed showed in the last poll that brought anything new: what the next one has to overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import tables as t
from .dialect import insert
from .records import Shown

if TYPE_CHECKING:
    from datetime import datetime

    from .store import Tx


def get(tx: Tx, source_id: str) -> Shown | None:
    """What a source showed last; None if that was never written down."""
    row = tx.row(sa.select(t.shown).where(t.shown.c.source == source_id))
    if row is None:
        return None
    items = dict(zip(row["items"]["names"], row["items"]["since"], strict=True))
    return Shown(items=items, number=row["number"], most=row["most"], last_at=row["last_at"])


def put(tx: Tx, source_id: str, shown: Shown) -> None:
    """Write down what a source shows, in place of what it showed before."""
    values = {
        # Two lists, for not every JSON store keeps the order of an object's keys.
        "items": {"names": list(shown.items), "since": list(shown.items.values())},
        "number": shown.number,
        "most": shown.most,
        "last_at": shown.last_at,
    }
    statement = insert(tx.dialect, t.shown).on_conflict_do_update(index_elements=["source"], set_=values)
    tx.run(statement.values(source=source_id, **values))


def set_last(tx: Tx, source_id: str, last_at: datetime | None) -> None:
    """The feed is empty now and was seen with its items ``last_at``; None: it shows them again."""
    tx.run(sa.update(t.shown).where(t.shown.c.source == source_id).values(last_at=last_at))
