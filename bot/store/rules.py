"""Which version of each rule was in force when: what matched can be explained after the rule has changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import RuleChange

from . import periods
from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

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

    A version that is replaced or gone ends now; one that comes back begins a new period. Two changes are never of one
    moment, whatever the clock says: :func:`since` names the rules in force by it.
    """
    wanted = {rule.id: rule for rule in rules}
    before = active(tx)
    ended = [id_ for id_, (hash_, _) in before.items() if id_ not in wanted or wanted[id_].hash != hash_]
    columns = t.rule_version.c
    now = periods.following(tx, t.rule_version, now)
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


def since(tx: Tx) -> datetime | None:
    """Since when exactly these rules have been in force; None before there were any."""
    return periods.last_change(tx, t.rule_version)


def in_force(tx: Tx, at: datetime) -> dict[str, tuple[str, str]]:
    """The rules that were in force at a moment: id → (hash, definition)."""
    columns = t.rule_version.c
    query = sa.select(columns.rule, columns.hash, columns.definition).where(periods.holds(t.rule_version, at))
    return {row["rule"]: (row["hash"], row["definition"]) for row in tx.rows(query.order_by(columns.rule))}


def began(tx: Tx, at: datetime) -> dict[str, datetime]:
    """Rule → since when the version had been in force that was so at a moment."""
    columns = t.rule_version.c
    query = sa.select(columns.rule, columns.active_from).where(periods.holds(t.rule_version, at))
    return {row["rule"]: row["active_from"] for row in tx.rows(query)}


def active(tx: Tx) -> dict[str, tuple[str, str]]:
    """The rules in force: id → (hash, definition)."""
    columns = t.rule_version.c
    query = sa.select(columns.rule, columns.hash, columns.definition).where(columns.active_until.is_(None))
    return {row["rule"]: (row["hash"], row["definition"]) for row in tx.rows(query.order_by(columns.rule))}


def changes(tx: Tx, since: datetime, until: datetime) -> tuple[RuleChange, ...]:
    """How the rules in force at ``until`` differ from those at ``since``, by id; what came and went is no change."""
    columns = t.rule_version.c
    query = sa.select(columns.rule, columns.hash, columns.definition, columns.active_from, columns.active_until)
    lasting = sa.or_(columns.active_until.is_(None), columns.active_until > since)
    before: dict[str, RowMapping] = {}
    after: dict[str, RowMapping] = {}
    for row in tx.rows(query.where(columns.active_from <= until, lasting).order_by(columns.active_from)):
        if row["active_from"] <= since:
            before[row["rule"]] = row
        if row["active_until"] is None or row["active_until"] > until:
            after[row["rule"]] = row
    changed = (id_ for id_ in sorted(before.keys() | after.keys()) if _hash(before, id_) != _hash(after, id_))
    return tuple(_change(id_, before.get(id_), after.get(id_)) for id_ in changed)


def _hash(rows: Mapping[str, RowMapping], id_: str) -> str | None:
    return rows[id_]["hash"] if id_ in rows else None


def _change(id_: str, old: RowMapping | None, new: RowMapping | None) -> RuleChange:
    was, now = (_parts(row["definition"]) if row is not None else {} for row in (old, new))
    shown = now or was
    return RuleChange(
        rule=id_,
        title=str(shown.get("title") or id_),
        theme=str(shown.get("theme") or ""),
        change="removed" if new is None else "new" if old is None else "changed",
        parts=tuple(_differing(was, now)) if old is not None and new is not None else (),
    )


def _parts(definition: str) -> dict[str, Any]:
    """A definition's keys, and what it refers to under names like ``$list``."""
    whole: Any = json.loads(definition) if definition else {}
    kinds = (("@", "entities"), ("$", "lists"))
    referred = {f"{sigil}{id_}": part for sigil, kind in kinds for id_, part in (whole.get(kind) or {}).items()}
    return {**(whole.get("rule") or {}), **referred}


def _differing(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in (*was, *(name for name in now if name not in was)):
        if was.get(name) != now.get(name):
            yield name


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
