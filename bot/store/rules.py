"""Which version of each rule was in force when: what matched can be explained after the rule has changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.model import Rule

    from .store import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A version of a rule as it was stored: in force from ``since`` to ``until``, which is None while it still is.

    One that came back was not in force all the time between.
    """

    definition: str
    since: datetime
    until: datetime | None


def record(tx: Tx, rules: Iterable[Rule], now: datetime) -> tuple[str, ...]:
    """Make these the rules in force from ``now`` on; the ids of those that are new or changed.

    A version that is replaced or gone ends now; one that comes back begins a new period.
    """
    wanted = {rule.id: rule for rule in rules}
    before = active(tx)
    ended = [id_ for id_, (hash_, _) in before.items() if id_ not in wanted or wanted[id_].hash != hash_]
    columns = t.rule_version.c
    if ended:
        current = sa.and_(columns.rule.in_(ended), columns.active_until.is_(None))
        tx.run(sa.update(t.rule_version).where(current).values(active_until=now))
    new = [rule for id_, rule in wanted.items() if id_ not in before or id_ in ended]
    statement = insert(tx.dialect, t.rule_version).on_conflict_do_nothing(
        index_elements=["rule"], index_where=columns.active_until.is_(None)
    )
    rows = [
        {
            "hash": rule.hash,
            "rule": rule.id,
            "definition": rule.definition,
            "refs": references(rule.definition),
            "active_from": now,
        }
        for rule in new
    ]
    tx.run_many(statement, rows)
    return tuple(rule.id for rule in new)


def active(tx: Tx) -> dict[str, tuple[str, str]]:
    """The rules in force: id → (hash, definition)."""
    columns = t.rule_version.c
    query = sa.select(columns.rule, columns.hash, columns.definition).where(columns.active_until.is_(None))
    return {row["rule"]: (row["hash"], row["definition"]) for row in tx.rows(query.order_by(columns.rule))}


def has_matched(tx: Tx, rule: str) -> bool:
    """Whether the rule, in any version, ever matched a stored article."""
    return tx.value(sa.select(t.mention.c.id).where(t.mention.c.rule == rule).limit(1)) is not None


def versions(tx: Tx, hashes: Collection[str]) -> dict[tuple[str, str], Period]:
    """The versions with these hashes: (rule, hash) → what it said, and from when to when. Nothing is ever removed."""
    columns = t.rule_version.c
    query = sa.select(t.rule_version).where(columns.hash.in_(list(hashes))).order_by(columns.id)
    found: dict[tuple[str, str], Period] = {}
    for row in tx.rows(query):
        key = row["rule"], row["hash"]
        since = found[key].since if key in found else row["active_from"]
        found[key] = Period(definition=row["definition"], since=since, until=row["active_until"])
    return found


def references(definition: str) -> dict[str, str]:
    """The entities (``@id``) and lists (``$id``) a rule's canonical definition contains, each with its own hash."""
    parts: Any = json.loads(definition) if definition else {}
    return {
        f"{sigil}{id_}": hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()
        for sigil, kind in (("@", "entities"), ("$", "lists"))
        for id_, part in (parts.get(kind) or {}).items()
    }
