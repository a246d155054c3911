"""When that was told last which is told once a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import settings
from . import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from .store import Tx

_KEY = "weekly:near misses"


def near_misses_told(tx: Tx) -> datetime | None:
    """When near misses were told last, or their first week began; None before that."""
    rows = tx.rows(sa.select(t.setting.c.at).where(t.setting.c.key == _KEY))
    return rows[0]["at"] if rows else None


def remember_near_misses(tx: Tx, at: datetime) -> None:
    """They were told, or their first week begins."""
    settings.put(tx, [{"key": _KEY, "value": {}, "at": at}])
