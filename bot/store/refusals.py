"""Items that were fetched and can be no article, read back for people who ask for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from .store import Tx

MOST = 20
# Characters below which words are no name: nearly every title holds them.
_SHORTEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A refused item: ``name`` is its file or title, ``url`` (canonical) and ``guid`` as far as it gives them."""

    source: str
    source_name: str
    name: str
    url: str | None
    guid: str | None
    reason: str
    first_seen: datetime


def find(tx: Tx, *, urls: Collection[str] = (), ids: Collection[str] = ()) -> list[Refused]:
    """The newest :data:`MOST` items with one of these addresses, ids or names, the newest first."""
    column = t.refused.c
    names = list(filter(None, ids))
    return _read(tx, sa.or_(column.url.in_(list(urls)), column.guid.in_(names), column.name.in_(names)))


def named(tx: Tx, words: str) -> list[Refused]:
    """The same of the items whose name holds these words, whatever their case. Reads through all names."""
    wanted = words.casefold()
    if len(wanted) < _SHORTEST:
        return []
    # Databases do not agree on what a small letter is.
    rows = tx.rows(sa.select(t.refused.c.id, t.refused.c.name).order_by(t.refused.c.id.desc()))
    ids = [row["id"] for row in rows if wanted in row["name"].casefold()][:MOST]
    return _read(tx, t.refused.c.id.in_(ids))


def _read(tx: Tx, wanted: sa.ColumnElement[bool]) -> list[Refused]:
    query = (
        sa.select(t.refused, t.source.c.name.label("source_name"))
        .join_from(t.refused, t.source, t.source.c.id == t.refused.c.source)
        .where(wanted)
        .order_by(t.refused.c.id.desc())
        .limit(MOST)
    )
    return [Refused(**{name: row[name] for name in Refused.__slots__}) for row in tx.rows(query)]
