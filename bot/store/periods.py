"""Versions of things, each in force from one moment to another: ``active_from`` ≤ then < ``active_until``."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import tables as t

if TYPE_CHECKING:
    from datetime import datetime

    from .store import Tx

TICK = timedelta(microseconds=1)


def last_change(tx: Tx, table: sa.Table) -> datetime | None:
    """When any version of the table began or ended last: since then everything has been as it is."""
    began, ended = (
        tx.value(sa.select(sa.func.max(column, type_=t.Moment)))
        for column in (table.c.active_from, table.c.active_until)
    )
    return max(filter(None, (began, ended)), default=None)


def following(tx: Tx, table: sa.Table, now: datetime) -> datetime:
    """``now``, or the first moment after the last change, where the clock stands before that."""
    before = last_change(tx, table)
    return now if before is None or now > before else before + TICK


def holds(table: sa.Table, at: datetime) -> sa.ColumnElement[bool]:
    """The versions that were in force at a moment."""
    moment = sa.bindparam(None, at, t.Moment)
    later = sa.or_(table.c.active_until.is_(None), table.c.active_until > moment)
    return sa.and_(table.c.active_from <= moment, later)
