"""What those who run the program have been told of troubles, so that nobody is told twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .store import Tx

_NOTICE = "notice:"


def told(tx: Tx) -> dict[str, tuple[dict[str, Any], datetime]]:
    """Every trouble that was told and is not over: by its key what was said of it, and when."""
    key = t.setting.c.key
    rows = tx.rows(sa.select(t.setting).where(key.startswith(_NOTICE, autoescape=True)).order_by(key))
    return {row["key"].removeprefix(_NOTICE): (row["value"], row["at"]) for row in rows}


def remember(tx: Tx, key: str, said: Mapping[str, Any], at: datetime) -> None:
    """A trouble was told at ``at``."""
    statement = insert(tx.dialect, t.setting).values(key=_NOTICE + key, value=dict(said), at=at)
    new = statement.excluded
    tx.run(statement.on_conflict_do_update(index_elements=["key"], set_={"value": new.value, "at": new.at}))


def forget(tx: Tx, keys: Iterable[str]) -> None:
    """These troubles are over."""
    tx.run(sa.delete(t.setting).where(t.setting.c.key.in_([_NOTICE + key for key in keys])))
