"""Since when it has been unknown whether a message arrived: noted at every look, for its row does not tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import settings
from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .store import Tx

_KEY = "unknown since"


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubt:
    """A message of which nobody knows whether it arrived, ``since`` it was first seen to be one."""

    destination: str
    since: datetime
    error: str | None


def seen(tx: Tx, now: datetime) -> Mapping[int, InDoubt]:
    """The messages in doubt, by their row; one that no look has noted yet is in doubt since ``now``."""
    columns = t.delivery.c
    noted = _noted(tx)
    query = sa.select(columns.id, columns.destination, columns.error).where(columns.state == "unknown")
    return {
        row["id"]: InDoubt(destination=row["destination"], since=noted.get(row["id"], now), error=row["error"])
        for row in tx.rows(query.order_by(columns.id))
    }


def are_noted(tx: Tx, given: Mapping[int, InDoubt]) -> bool:
    """Whether exactly these are noted."""
    return _noted(tx).keys() == given.keys()


def note(tx: Tx, given: Mapping[int, InDoubt], now: datetime) -> None:
    """Note these and forget all others."""
    value = {str(id_): doubt.since.isoformat() for id_, doubt in given.items()}
    settings.put(tx, [{"key": _KEY, "value": value, "at": now}])


def _noted(tx: Tx) -> dict[int, datetime]:
    found = settings.get(tx, _KEY) or {}
    return {int(id_): datetime.fromisoformat(text) for id_, text in found.items()}
