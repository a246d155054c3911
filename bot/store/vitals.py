"""What ``doctor`` asks of the database itself: which one it is, what it can do, and the newest time in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import tables as t
from .records import Vitals

if TYPE_CHECKING:
    from datetime import datetime

    from .store import Store, Tx


def vitals(store: Store) -> Vitals:
    """The program behind an open store. Raises StoreError."""
    with store.read() as tx:
        if tx.dialect == "sqlite":
            number = tx.value(sa.text("SELECT sqlite_version()"))
            module = tx.value(sa.text("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'"))
            path = Path(store.url.database or "")
            return Vitals(kind="sqlite", version=str(number), full_text=module is not None, path=path)
        # "16.4 (Debian 16.4-1.pgdg120+1)": the packager's name says nothing here.
        number = str(tx.value(sa.text("SHOW server_version"))).split()[0]
        return Vitals(kind="postgresql", version=number, full_text=True, path=None)


def newest_time(tx: Tx) -> datetime | None:
    """The latest time that a poll, an article or a message was written under; None in an empty database."""
    columns = (t.poll.c.at, t.article.c.first_seen, t.delivery.c.created_at)
    found = [tx.value(sa.select(sa.func.max(column, type_=t.Moment))) for column in columns]
    return max((moment for moment in found if moment is not None), default=None)
