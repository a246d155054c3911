"""The ledger's two witnesses: what the polls brought, and what the items have become since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from bot.model import STATES, Account, Refusal

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from .store import Tx

T = TypeVar("T")
# Refused items of a source that are told with it, the newest.
_TOLD = 20
_SPLIT = ("changed", "known", "repeated")
_FIGURES = ("polls", "failed", "listed", "fetched", "unsplit", *_SPLIT)


def refuse(tx: Tx, source: str, refusals: Iterable[Refusal], at: datetime) -> int:
    """Remember items that can be no article; how many of them were not known yet."""
    statement = insert(tx.dialect, t.refused).on_conflict_do_nothing(index_elements=["source", "key"])
    rows = ({"source": source, "first_seen": at, **_columns(each)} for each in refusals)
    # Drivers do not agree on how many rows a conflict leaves; an id comes of a new row only.
    return sum(tx.value(statement.returning(t.refused.c.id), row) is not None for row in rows)


def _columns(refusal: Refusal) -> dict[str, str]:
    return {name: getattr(refusal, name) for name in Refusal.__slots__}


def accounts(tx: Tx, begin: datetime, end: datetime, *, source: str | None = None) -> list[Account]:
    """The account of every source of which anything is known from ``begin`` to before ``end``, by their ids."""
    polls = {row["source"]: row for row in tx.rows(_polls(begin, end, source))}
    states = _states(tx, begin, end, source)
    errors = _errors(tx, begin, end, source)
    gaps = _gaps(tx, begin, end, source)
    return [
        Account(
            source=id_,
            **({name: polls[id_][name] or 0 for name in _FIGURES} if id_ in polls else {}),
            states=_in_order(states.get(id_, {})),
            errors=tuple(errors.get(id_, ())),
            gaps=tuple(gaps.get(id_, ())),
        )
        for id_ in sorted(polls.keys() | states.keys())
    ]


def _in_order(found: Mapping[Any, int]) -> dict[Any, int]:
    """All states there are, and whatever else stands in the rows: nothing is hidden."""
    return {state: found.get(state, 0) for state in (*STATES, *sorted(found.keys() - set(STATES)))}


def _within(column: sa.Column[Any], begin: datetime, end: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(column >= begin, column < end)


def _of(column: sa.Column[Any], source: str | None) -> sa.ColumnElement[bool]:
    return sa.true() if source is None else column == source


def _polls(begin: datetime, end: datetime, source: str | None) -> sa.Select[Any]:
    poll = t.poll.c
    unsplit = poll.known.is_(None)
    first = poll.new + sa.func.coalesce(poll.refused, 0)
    return (
        sa.select(
            poll.source,
            _sum((poll.status != "part", 1)).label("polls"),
            _sum((poll.status == "error", 1)).label("failed"),
            sa.func.sum(poll.fetched).label("listed"),
            sa.func.sum(first).label("fetched"),
            *(sa.func.sum(sa.func.coalesce(poll[name], 0)).label(name) for name in _SPLIT),
            _sum((unsplit, poll.fetched - poll.new)).label("unsplit"),
        )
        .where(_within(poll.at, begin, end), _of(poll.source, source))
        .group_by(poll.source)
    )


def _sum(case: tuple[sa.ColumnElement[bool], Any]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case(case, else_=0))


def _states(tx: Tx, begin: datetime, end: datetime, source: str | None) -> dict[str, dict[str, int]]:
    article, refused = t.article.c, t.refused.c
    stored = sa.select(article.source, article.state, sa.func.count().label("number"))
    stored = stored.where(_within(article.first_seen, begin, end), _of(article.source, source))
    unread = sa.select(refused.source, sa.literal("error").label("state"), sa.func.count().label("number"))
    unread = unread.where(_within(refused.first_seen, begin, end), _of(refused.source, source))
    found: dict[str, dict[str, int]] = {}
    rows = [*tx.rows(stored.group_by(article.source, article.state)), *tx.rows(unread.group_by(refused.source))]
    for row in rows:
        of_source = found.setdefault(row["source"], {})
        of_source[row["state"]] = of_source.get(row["state"], 0) + row["number"]
    return found


def _errors(tx: Tx, begin: datetime, end: datetime, source: str | None) -> dict[str, list[Refusal]]:
    refused = t.refused.c
    place = sa.func.row_number().over(partition_by=refused.source, order_by=refused.id.desc()).label("place")
    wanted = _within(refused.first_seen, begin, end), _of(refused.source, source)
    numbered = sa.select(t.refused, place).where(*wanted).subquery()
    rows = tx.rows(sa.select(numbered).where(numbered.c.place <= _TOLD).order_by(numbered.c.id.desc()))
    return _by_source(rows, lambda row: Refusal(**{name: row[name] for name in Refusal.__slots__}))


def _gaps(tx: Tx, begin: datetime, end: datetime, source: str | None) -> dict[str, list[tuple[datetime, datetime]]]:
    poll = t.poll.c
    query = sa.select(poll.source, poll.gap_from, poll.gap_to).where(
        poll.gap_from.is_not(None), poll.gap_to.is_not(None), _within(poll.at, begin, end), _of(poll.source, source)
    )
    return _by_source(tx.rows(query.order_by(poll.id)), lambda row: (row["gap_from"], row["gap_to"]))


def _by_source(rows: Sequence[RowMapping], value: Callable[[RowMapping], T]) -> dict[str, list[T]]:
    found: dict[str, list[T]] = {}
    for row in rows:
        found.setdefault(row["source"], []).append(value(row))
    return found
