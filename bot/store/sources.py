"""Sources: what is configured, when each falls due, how its last polls went."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import tables as t
from .clock import come
from .dialect import insert
from .prepared import prepared
from .records import SourceState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from bot.model import Source

    from .prepared import Prepared
    from .records import PollRecord
    from .store import Tx

ACTIVE = "active"
_GOOD = ("ok", "unchanged", "baseline")
# Stands beside a part of a first poll.
FIRST_POLL = "first poll"
REMOVED = "removed"


def sync(tx: Tx, sources: Iterable[Source], now: datetime) -> None:
    """Make the stored sources those of the configuration.

    New ones, ones that come back and ones whose kind or address changed are due at once. A changed kind or
    address also forgets the validators, the troubles, the rhythm and the first poll, which belong to the old one, but
    stays the same source with the same articles. Where polls are wished for more often than before, the next
    one comes accordingly sooner. Sources that are gone keep their rows and articles and are never due.
    """
    rows = [_configured(source, now) for source in sources]
    tx.run_many(_sync(tx.dialect), rows)
    table = t.source
    tx.run(sa.update(table).where(table.c.id.not_in([row["id"] for row in rows])).values(state=REMOVED))


def _configured(source: Source, now: datetime) -> dict[str, Any]:
    return {
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
        "excerpt": source.excerpt,
        "retention": source.retention,
        "state": ACTIVE,
        "soonest": now + timedelta(seconds=source.every or 0.0),
    }


# What a source has by configuration, and what belongs to the kind and address that it had.
_KEPT = ("kind", "name", "url", "path", "tier", "lang", "state", "every", "excerpt", "retention")
_FORGOTTEN = (
    "etag", "last_modified", "body_hash", "moved_to", "first_failed_at", "last_error", "baseline_at", "tight",
    "first_new", "last_new", "longest", "rhythm", "hours",
)  # fmt: skip
_COUNTED = ("failures", "moved_polls", "news")


def _sync(dialect: str) -> sa.Insert:
    """A source's row is written, or changed to what is configured now."""
    old, statement = t.source.c, insert(dialect, t.source)
    new = statement.excluded
    moved = sa.or_(*(old[name].is_distinct_from(new[name]) for name in ("kind", "url", "path")))
    again = sa.or_(moved, old.state != ACTIVE)
    # The interval in use tells nothing: servers may ask for a longer one than is wished for.
    shorter = new.every < sa.func.coalesce(old.every, old.interval)
    soonest = sa.bindparam("soonest", type_=t.Moment)
    sooner = sa.and_(shorter, old.next_due > soonest)
    return statement.on_conflict_do_update(
        index_elements=["id"],
        set_={
            **{name: new[name] for name in _KEPT},
            **{name: sa.case((moved, sa.null()), else_=old[name]) for name in _FORGOTTEN},
            **{name: sa.case((moved, 0), else_=old[name]) for name in _COUNTED},
            "failing": sa.case((moved, sa.false()), else_=old.failing),
            "next_due": sa.case((again, new.next_due), (sooner, soonest), else_=old.next_due),
        },
    )


def due(tx: Tx, now: datetime, *, force: bool = False) -> list[SourceState]:
    """Configured sources whose time has come, the longest overdue first; with ``force`` all of them."""
    wanted = [t.source.c.state == ACTIVE] + ([] if force else [come(t.source.c.next_due, now)])
    return _states(tx, wanted)


def due_ids(tx: Tx, now: datetime) -> list[str]:
    """The same, by their ids alone, which is read faster."""
    wanted = sa.and_(t.source.c.state == ACTIVE, come(t.source.c.next_due, now))
    return [row["id"] for row in tx.rows(sa.select(t.source.c.id).where(wanted).order_by(t.source.c.next_due))]


def due_among(tx: Tx, ids: Collection[str], now: datetime) -> list[SourceState]:
    """Those of these sources whose time has come, the longest overdue first."""
    return _states(tx, [t.source.c.id.in_(list(ids)), t.source.c.state == ACTIVE, come(t.source.c.next_due, now)])


def lag(tx: Tx, now: datetime) -> tuple[int, datetime | None]:
    """How many sources are due, and since when the longest overdue one is."""
    wanted = sa.and_(t.source.c.state == ACTIVE, t.source.c.next_due <= now)
    oldest = sa.func.min(t.source.c.next_due, type_=t.Moment)
    row = tx.row(sa.select(sa.func.count().label("due"), oldest.label("oldest")).where(wanted))
    return (row["due"], row["oldest"]) if row else (0, None)


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
    record_polls(tx, [record])


def record_polls(tx: Tx, records: Sequence[PollRecord]) -> None:
    """Remember polls of different sources."""
    tx.run_many(_line(), [_line_of(record) for record in records])
    by_statement: dict[Prepared, list[dict[str, Any]]] = {}
    for record in records:
        statement = _failed() if record.status == "error" else _succeeded(keeps=record.status == "unchanged")
        by_statement.setdefault(statement, []).append(_changes(record))
    for statement, changes in by_statement.items():
        tx.run_many(statement, changes)


def record_part(tx: Tx, record: PollRecord) -> None:
    """Write a line of the history only, for items whose poll is not at its end yet."""
    tx.run_many(_line(), [_line_of(record)])


def unfinished(tx: Tx, source_id: str) -> set[datetime]:
    """When the polls began of which parts are written, but not the end: they are under way, or were killed.

    Any good poll since then puts an end to them, for it has seen what they left.
    """
    poll, ended = t.poll.c, t.poll.alias("ended").c
    last = sa.select(sa.func.max(ended.id)).where(ended.source == source_id, ended.status.in_(_GOOD)).scalar_subquery()
    parts = poll.source == source_id, poll.status == "part", poll.id > sa.func.coalesce(last, 0)
    return {row["at"] for row in tx.rows(sa.select(poll.at).where(*parts).distinct())}


# Statements of every poll are built once: building them costs more than running them.

_LINE = (
    "source", "at", "status", "fetched", "new", "changed", "known", "repeated", "refused", "overlap", "gap_from",
    "gap_to", "ms",
)  # fmt: skip
_VALIDATORS = ("etag", "last_modified", "body_hash")
_REPLACED = ("next_due", "moved_to", "last_error", "failing")
_LEARNED = ("gap_from", "gap_to", "tight", "rhythm", "longest", "hours")  # stays where a poll says nothing of it


@prepared
def _line() -> sa.Insert:
    return sa.insert(t.poll)


def _line_of(record: PollRecord) -> dict[str, Any]:
    line = {name: getattr(record, name) for name in _LINE}
    line["note"] = record.error if record.status == "error" else record.note
    return line


def _changes(record: PollRecord) -> dict[str, Any]:
    """A poll's values for the statements below, which name them differently from the columns they change."""
    named = (*_VALIDATORS, *_LEARNED, "interval", "interval_by", "next_due", "moved_to", "failing")
    changes: dict[str, Any] = {f"new_{name}": getattr(record, name) for name in named}
    news = record.at if (record.new or record.news) and record.status == "ok" else None
    more = {"polled": record.source, "moment": record.at, "news_at": news, "more": int(news is not None)}
    return {**changes, "new_last_error": record.error, **more}


def _new(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(f"new_{name}", type_=t.source.c[name].type)


def _or_old(name: str) -> sa.ColumnElement[Any]:
    return sa.func.coalesce(_new(name), t.source.c[name])


def _changing(**values: Any) -> sa.Update:  # noqa: ANN401 - whatever the columns hold
    return sa.update(t.source).where(t.source.c.id == sa.bindparam("polled")).values(values)


def _interval() -> dict[str, Any]:
    """The interval and who asks for it, if the poll names one."""
    by = sa.case((_new("interval").is_(None), t.source.c.interval_by), else_=_new("interval_by"))
    return {"interval": _or_old("interval"), "interval_by": by}


@prepared
def _failed() -> sa.Update:
    columns, moment = t.source.c, sa.bindparam("moment", type_=t.Moment)
    return _changing(
        next_due=_new("next_due"),
        **_interval(),
        failures=columns.failures + 1,
        first_failed_at=sa.func.coalesce(columns.first_failed_at, moment),
        last_error=_new("last_error"),
        failing=_new("failing"),
    )


@prepared
def _succeeded(*, keeps: bool) -> sa.Update:
    """What a good poll changes; ``keeps``: validators that it does not name stay as they are."""
    columns, moment = t.source.c, sa.bindparam("moment", type_=t.Moment)
    news_at, moved = sa.bindparam("news_at", type_=t.Moment), _new("moved_to")
    return _changing(
        **_interval(),
        **{name: _or_old(name) if keeps else _new(name) for name in _VALIDATORS},
        **{name: _or_old(name) for name in _LEARNED},
        **{name: _new(name) for name in _REPLACED},
        news=columns.news + sa.bindparam("more", type_=sa.Integer),
        first_new=sa.func.coalesce(columns.first_new, news_at),
        last_new=sa.func.coalesce(news_at, columns.last_new),
        # How many good polls in a row were redirected for good to the same address, this one included.
        moved_polls=sa.case((moved.is_(None), 0), (columns.moved_to == moved, columns.moved_polls + 1), else_=1),
        failures=0,
        first_failed_at=None,
        last_ok_at=moment,
        baseline_at=sa.func.coalesce(columns.baseline_at, moment),
    )
