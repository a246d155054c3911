"""What those who run the program were told of troubles, so that nobody is told twice; what to tell of queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import settings
from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .store import Tx

_NOTICE = "notice:"
OWNER = "owner notice:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was said of a trouble, as JSON, and when."""

    said: Mapping[str, Any]
    at: datetime


def told(tx: Tx, whose: str = _NOTICE) -> dict[str, Told]:
    """Every trouble that is remembered, by its key; ``whose``: of those who run the program, or :data:`OWNER`."""
    key = t.setting.c.key
    rows = tx.rows(sa.select(t.setting).where(key.startswith(whose, autoescape=True)).order_by(key))
    return {row["key"].removeprefix(whose): Told(said=row["value"], at=row["at"]) for row in rows}


def remember(tx: Tx, said: Mapping[str, Told], whose: str = _NOTICE) -> None:
    """These troubles were told."""
    settings.put(tx, [{"key": whose + key, "value": dict(each.said), "at": each.at} for key, each in said.items()])


def forget(tx: Tx, keys: Iterable[str], whose: str = _NOTICE) -> None:
    """These troubles need not be remembered any longer."""
    tx.run(sa.delete(t.setting).where(t.setting.c.key.in_([whose + key for key in keys])))


def sent_since(tx: Tx, destination: str, moment: datetime) -> int:
    """How many messages went out to a destination since then; changes of messages do not count."""
    columns = t.delivery.c
    sent = sa.and_(columns.destination == destination, columns.state == "sent", columns.op != "update")
    return int(tx.value(sa.select(sa.func.count()).where(sent, columns.sent_at >= moment)))


def undelivered(tx: Tx) -> dict[str, tuple[int, str | None]]:
    """How many alerts and digests were given up at each destination, and why the newest was.

    Notices do not count: one that tells of a lost notice would be lost the same way, and so for ever. Nor does a group
    that was refused, for its alerts go one by one.
    """
    columns = t.delivery.c
    counts = columns.payload_kind.in_(("alert", "digest"))
    lost = sa.and_(columns.state == "dead", columns.op != "update", counts)
    newest = sa.select(columns.destination, sa.func.count().label("n"), sa.func.max(columns.id).label("id"))
    grouped = newest.where(lost).group_by(columns.destination).subquery()
    rows = tx.rows(
        sa.select(grouped.c.destination, grouped.c.n, columns.error).join(grouped, columns.id == grouped.c.id)
    )
    return {row["destination"]: (row["n"], row["error"]) for row in rows}
