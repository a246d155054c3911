"""How many polls, articles, mentions and decisions there have been, in figures that only grow.

Rows are removed when they are no longer kept, so they cannot be counted where they lie: whoever watches would take the
smaller number for a start from nothing. What has been counted is kept, and each time only newer rows are added.
Counting begins where a service first does it; older rows are left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from . import settings
from . import tables as t

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .store import Tx

_KEY = "totals"
BUCKETS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds in seconds by which polls are counted: how many took no longer."""

_TABLES = (t.poll, t.decision, t.article, t.mention)


@dataclass(slots=True, kw_only=True)
class Totals:
    """What has been counted: ``polls`` by outcome, ``decisions`` by verdict, and so on.

    ``poll_ms`` is the time that all polls took, ``within`` how many took no longer than each of BUCKETS. ``upto`` is
    the newest row of each table that is counted.
    """

    polls: Counter[str] = field(default_factory=Counter)
    poll_ms: int = 0
    within: list[int] = field(default_factory=lambda: [0] * len(BUCKETS))
    gaps: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    articles: int = 0
    mentions: int = 0
    upto: dict[str, int] = field(default_factory=dict)


def read(tx: Tx) -> Totals:
    """What has been counted, and what has come since."""
    found = _kept(tx)
    return Totals() if found is None else _counted(tx, found)


def advance(tx: Tx, now: datetime) -> None:
    """Count what has come since, and keep it; the first time, begin with what comes next."""
    found = _kept(tx)
    if found is None:
        found = Totals(upto={table.name: _newest(tx, table) for table in _TABLES})
    else:
        before = dict(found.upto)
        found = _counted(tx, found)
        if found.upto == before:
            return
    names = Totals.__slots__
    settings.put(tx, [{"key": _KEY, "value": {name: getattr(found, name) for name in names}, "at": now}])


def _kept(tx: Tx) -> Totals | None:
    value: Mapping[str, Any] | None = settings.get(tx, _KEY)
    if value is None:
        return None
    found = Totals(**value)
    found.polls, found.decisions = Counter(found.polls), Counter(found.decisions)
    return found


def _newest(tx: Tx, table: sa.Table) -> int:
    return int(tx.value(sa.select(sa.func.max(table.c.id))) or 0)


def _counted(tx: Tx, found: Totals) -> Totals:
    """``found`` with all newer rows in it."""
    _add_polls(tx, found)
    columns = t.decision.c
    grouped = sa.select(columns.verdict, sa.func.count().label("n"), sa.func.max(columns.id).label("newest"))
    for row in tx.rows(grouped.where(columns.id > found.upto["decision"]).group_by(columns.verdict)):
        found.decisions[row["verdict"]] += row["n"]
        found.upto["decision"] = max(found.upto["decision"], row["newest"])
    found.articles += _add(tx, found, t.article)
    found.mentions += _add(tx, found, t.mention)
    return found


def _add(tx: Tx, found: Totals, table: sa.Table) -> int:
    query = sa.select(sa.func.count().label("n"), sa.func.max(table.c.id).label("newest"))
    row = tx.row(query.where(table.c.id > found.upto[table.name]))
    if row is None or not row["n"]:
        return 0
    found.upto[table.name] = row["newest"]
    return int(row["n"])


def _add_polls(tx: Tx, found: Totals) -> None:
    columns = t.poll.c
    within = [
        sa.func.sum(sa.case((columns.ms <= round(bound * 1000), 1), else_=0)).label(f"within_{place}")
        for place, bound in enumerate(BUCKETS)
    ]
    gaps = sa.func.sum(sa.case((columns.gap_from.is_not(None), 1), else_=0)).label("gaps")
    took = sa.func.sum(columns.ms).label("took")
    query = sa.select(
        columns.status, sa.func.count().label("n"), sa.func.max(columns.id).label("newest"), took, gaps, *within
    )
    before = found.upto["poll"]
    for row in tx.rows(query.where(columns.id > before).group_by(columns.status)):
        found.polls[row["status"]] += row["n"]
        found.poll_ms += int(row["took"])
        found.gaps += row["gaps"]
        found.within = [known + row[f"within_{place}"] for place, known in enumerate(found.within)]
        found.upto["poll"] = max(found.upto["poll"], row["newest"])
