"""What of the configuration was in force when, part by part, as ``store.rules`` has it of rules."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import periods
from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .store import Tx

    # (kind, name) → what it says
    Parts = Mapping[tuple[str, str], Mapping[str, Any]]

_CHUNK = 500


def record(tx: Tx, parts: Parts, now: datetime) -> datetime:
    """Make these the parts in force from ``now`` on; since when exactly these have been in force.

    A part that is replaced or gone ends now. Two changes are never of one moment, whatever the clock says.
    """
    columns = t.config_version.c
    wanted = {key: _hash(content) for key, content in parts.items()}
    current = sa.select(columns.id, columns.kind, columns.name, columns.hash).where(columns.active_until.is_(None))
    before = {(row["kind"], row["name"]): row for row in tx.rows(current)}
    ended = [row["id"] for key, row in before.items() if wanted.get(key) != row["hash"]]
    new = [key for key, hash_ in wanted.items() if key not in before or before[key]["hash"] != hash_]
    since = periods.last_change(tx, t.config_version)
    if since is not None and not ended and not new:
        return since
    now = periods.following(tx, t.config_version, now)
    for start in range(0, len(ended), _CHUNK):
        some = columns.id.in_(ended[start : start + _CHUNK])
        tx.run(sa.update(t.config_version).where(some).values(active_until=now))
    rows = [
        {"kind": kind, "name": name, "hash": wanted[kind, name], "content": parts[kind, name], "active_from": now}
        for kind, name in new
    ]
    tx.run_many(insert(tx.dialect, t.config_version), rows)
    return now


def in_force(tx: Tx, at: datetime) -> dict[tuple[str, str], dict[str, Any]]:
    """The parts that were in force at a moment."""
    columns = t.config_version.c
    query = sa.select(columns.kind, columns.name, columns.content).where(periods.holds(t.config_version, at))
    return {(row["kind"], row["name"]): row["content"] for row in tx.rows(query.order_by(columns.id))}


def kept_since(tx: Tx) -> datetime | None:
    """The moment of the first configuration that was written down; None before there is one."""
    first: datetime | None = tx.value(sa.select(sa.func.min(t.config_version.c.active_from, type_=t.Moment)))
    return first


def last_of(tx: Tx, kind: str, name: str, at: datetime) -> dict[str, Any] | None:
    """What a part said at a moment or, where it had been taken out by then, when it was there last."""
    columns = t.config_version.c
    query = sa.select(columns.content).where(columns.kind == kind, columns.name == name, columns.active_from <= at)
    row = tx.row(query.order_by(columns.active_from.desc(), columns.id.desc()).limit(1))
    return row["content"] if row is not None else None


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
