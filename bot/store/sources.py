"""Sources: what is configured, when each falls due, how its last polls went."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from . import tables as t
from .clock import come
from .dialect import insert
from .records import SourceState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from bot.model import Source

    from .records import PollRecord
    from .store import Tx

ACTIVE = "active"
REMOVED = "removed"


def sync(tx: Tx, sources: Iterable[Source], now: datetime) -> None:
    """Make the stored sources those of the configuration.

    New ones, ones that come back and ones whose kind or address changed are due at once. A changed kind or
    address also forgets the validators, the troubles, the rhythm and the first poll, which belong to the old one, but
    stays the same source with the same articles. Where polls are wished for more often than before, the next
    one comes accordingly sooner. Sources that are gone keep their rows and articles and are never due.
    """
    rows = [
        {
            "id": source.id,
            "kind": source.kind,
            "name": source.name,
            "url": source.url,
            "path": source.path,
            "tier": source.tier,
            "lang": source.lang,
            "next_due": now,
            "interval": source.every,
            "every": source.every,
            "state": ACTIVE,
            "soonest": now + timedelta(seconds=source.every or 0.0),
        }
        for source in sources
    ]
    table = t.source
    statement = insert(tx.dialect, table)
    new = statement.excluded
    moved = sa.or_(*(table.c[name].is_distinct_from(new[name]) for name in ("kind", "url", "path")))
    again = sa.or_(moved, table.c.state != ACTIVE)
    kept = {name: new[name] for name in ("kind", "name", "url", "path", "tier", "lang", "state", "every")}
    forgotten = {
        name: sa.case((moved, sa.null()), else_=table.c[name])
        for name in (
            "etag",
            "last_modified",
            "body_hash",
            "moved_to",
            "first_failed_at",
            "last_error",
            "baseline_at",
            "tight",
            "first_new",
            "last_new",
            "longest",
            "rhythm",
            "hours",
        )
    }
    forgotten |= {name: sa.case((moved, 0), else_=table.c[name]) for name in ("failures", "moved_polls", "news")}
    # The interval in use tells nothing: servers may ask for a longer one than is wished for.
    shorter = new.every < sa.func.coalesce(table.c.every, table.c.interval)
    soonest = sa.bindparam("soonest", type_=t.Moment)
    sooner = sa.and_(shorter, table.c.next_due > soonest)
    statement = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={
            **kept,
            **forgotten,
            "failing": sa.case((moved, sa.false()), else_=table.c.failing),
            "next_due": sa.case((again, new.next_due), (sooner, soonest), else_=table.c.next_due),
        },
    )
    tx.run_many(statement, rows)
    tx.run(sa.update(table).where(table.c.id.not_in([row["id"] for row in rows])).values(state=REMOVED))


def due(tx: Tx, now: datetime, *, force: bool = False) -> list[SourceState]:
    """Configured sources whose time has come, the longest overdue first; with ``force`` all of them."""
    wanted = [t.source.c.state == ACTIVE] + ([] if force else [come(t.source.c.next_due, now)])
    return _states(tx, wanted)


def get(tx: Tx, source_id: str) -> SourceState | None:
    """One source as it is now, None if it was never configured."""
    found = _states(tx, [t.source.c.id == source_id])
    return found[0] if found else None


def states(tx: Tx) -> list[SourceState]:
    """Every source ever configured, the next to be polled first."""
    return _states(tx, [])


def _states(tx: Tx, wanted: Sequence[sa.ColumnElement[bool]]) -> list[SourceState]:
    brought = sa.select(sa.func.count()).where(t.article.c.source == t.source.c.id).scalar_subquery()
    query = sa.select(t.source, brought.label("articles")).where(*wanted).order_by(t.source.c.next_due, t.source.c.id)
    return [_state(row) for row in tx.rows(query)]


def _state(row: RowMapping) -> SourceState:
    return SourceState(**{name: row[name] for name in SourceState.__slots__})


def record_poll(tx: Tx, record: PollRecord) -> None:
    """Remember one poll: its line in the history, the source's validators, failures and next time."""
    record_part(tx, record)
    table = t.source
    changes: dict[str, Any] = {"next_due": record.next_due}
    if record.interval is not None:
        changes |= {"interval": record.interval, "interval_by": record.interval_by}
    changes |= _failed(record) if record.status == "error" else _succeeded(record)
    tx.run(sa.update(table).where(table.c.id == record.source).values(changes))


def record_part(tx: Tx, record: PollRecord) -> None:
    """Write a line of the history only, for items whose poll is not at its end yet."""
    tx.run(
        sa.insert(t.poll).values(
            source=record.source,
            at=record.at,
            status=record.status,
            fetched=record.fetched,
            new=record.new,
            changed=record.changed,
            known=record.known,
            repeated=record.repeated,
            refused=record.refused,
            overlap=record.overlap,
            gap_from=record.gap_from,
            gap_to=record.gap_to,
            ms=record.ms,
            note=record.error if record.status == "error" else record.note,
        )
    )


def _failed(record: PollRecord) -> dict[str, Any]:
    columns = t.source.c
    return {
        "failures": columns.failures + 1,
        "first_failed_at": sa.func.coalesce(columns.first_failed_at, sa.bindparam(None, record.at, t.Moment)),
        "last_error": record.error,
        "failing": record.failing,
    }


def _succeeded(record: PollRecord) -> dict[str, Any]:
    columns = t.source.c
    validators = {name: cast("str | None", getattr(record, name)) for name in ("etag", "last_modified", "body_hash")}
    if record.status == "unchanged":
        validators = {name: value for name, value in validators.items() if value is not None}
    gap = {name: getattr(record, name) for name in ("gap_from", "gap_to")} if record.gap_from else {}
    learned = {name: getattr(record, name) for name in ("tight", "rhythm", "longest", "hours")}
    return {
        **validators,
        **gap,
        **{name: value for name, value in learned.items() if value is not None},
        **(_news(record) if record.new and record.status == "ok" else {}),
        "moved_to": record.moved_to,
        "moved_polls": _agreed(record),
        "failures": 0,
        "first_failed_at": None,
        "last_error": record.error,
        "failing": record.failing,
        "last_ok_at": record.at,
        "baseline_at": sa.func.coalesce(columns.baseline_at, sa.bindparam(None, record.at, t.Moment)),
    }


def _news(record: PollRecord) -> dict[str, Any]:
    columns = t.source.c
    return {
        "news": columns.news + 1,
        "first_new": sa.func.coalesce(columns.first_new, sa.bindparam(None, record.at, t.Moment)),
        "last_new": record.at,
    }


def _agreed(record: PollRecord) -> sa.ColumnElement[int] | int:
    """How many good polls in a row were redirected for good to the same address, this one included."""
    columns = t.source.c
    if record.moved_to is None:
        return 0
    return sa.case((columns.moved_to == record.moved_to, columns.moved_polls + 1), else_=1)
