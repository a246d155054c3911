"""Figures about the service for those who watch it, in queries that cost little however large the archive is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import holds, totals, unknowns
from . import tables as t
from .dialect import size
from .sources import ACTIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .store import Tx
    from .totals import Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One look. ``first_due`` is when the most overdue source, or the next, falls due; ``dead`` counts sources.

    ``messages`` are those of each destination in each state; ``due_since`` is, for each destination, when the oldest
    message that has not gone out might have, ``unknown_since`` when the oldest of which that is unknown became so.
    ``digests``: when the last issue of each was written. ``size``: of the database, in bytes.
    """

    sources: int
    failing: int
    dead: int
    first_due: datetime | None
    messages: Mapping[tuple[str, str], int]
    due_since: Mapping[str, datetime]
    unknown_since: Mapping[str, datetime]
    held: Mapping[str, str]
    digests: Mapping[str, datetime]
    size: int
    totals: Totals


def look(tx: Tx, *, digests: Iterable[str], dead_since: datetime, dead_polls: int, now: datetime) -> Figures:
    """Everything at once; a source is dead that has failed in so many polls since ``dead_since`` or before."""
    columns = t.source.c
    dead = sa.and_(columns.failures >= dead_polls, columns.first_failed_at <= dead_since)
    query = sa.select(
        sa.func.count().label("sources"),
        sa.func.coalesce(sa.func.sum(sa.case((columns.failing, 1), else_=0)), 0).label("failing"),
        sa.func.coalesce(sa.func.sum(sa.case((dead, 1), else_=0)), 0).label("dead"),
        sa.func.min(columns.next_due, type_=t.Moment).label("first_due"),
    )
    (row,) = tx.rows(query.where(columns.state == ACTIVE))
    return Figures(
        sources=row["sources"],
        failing=row["failing"],
        dead=row["dead"],
        first_due=row["first_due"],
        messages=_messages(tx),
        due_since=_due_since(tx),
        unknown_since=_unknown_since(tx, now),
        held=holds.held(tx),
        digests=_digests(tx, digests),
        size=int(tx.value(size(tx.dialect))),
        totals=totals.read(tx),
    )


def _messages(tx: Tx) -> dict[tuple[str, str], int]:
    """Counted along the index of states and destinations, which holds nothing else."""
    columns = t.delivery.c
    query = sa.select(columns.state, columns.destination, sa.func.count().label("n"))
    rows = tx.rows(query.group_by(columns.state, columns.destination))
    return {(row["destination"], row["state"]): row["n"] for row in rows}


def _due_since(tx: Tx) -> dict[str, datetime]:
    """A message that was never tried waits from when it may go; one that was, from when it was queued."""
    columns = t.delivery.c
    since = sa.case((columns.attempt == 0, columns.not_before), else_=columns.created_at)
    query = sa.select(columns.destination, sa.func.min(since, type_=t.Moment).label("since"))
    rows = tx.rows(query.where(columns.state.in_(("pending", "sending", "unknown"))).group_by(columns.destination))
    return {row["destination"]: row["since"] for row in rows}


def _unknown_since(tx: Tx, now: datetime) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for doubt in unknowns.seen(tx, now).values():
        found[doubt.destination] = min(doubt.since, found.get(doubt.destination, now))
    return found


def _digests(tx: Tx, digests: Iterable[str]) -> dict[str, datetime]:
    """By each digest's newest day: its issues lie in the table one behind the other, too large to be looked through."""
    run = t.digest_run.c
    found = {}
    for name in digests:
        newest = sa.select(run.at).where(run.digest == name).order_by(run.local_date.desc()).limit(1)
        at = tx.value(newest)
        if at is not None:
            found[name] = at
    return found
