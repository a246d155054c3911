"""Token buckets that several processes share: one moment for each, that at which it is full again.

The generic cell rate algorithm: a bucket of ``saved`` tokens, one more every ``every`` seconds, is told by when it will
be full; a token taken puts that off by ``every``. The time is the database's, so that clocks which differ do no harm.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .store import Tx

    Limit = tuple[str, float, int]
    """A bucket: its name, seconds for a new token, how many may be saved up."""

_NOW = sa.func.clock_timestamp(type_=t.Moment)


def take(tx: Tx, limits: Sequence[Limit], rests: Sequence[str], *, longest: float) -> float:
    """Take a token out of each bucket; the seconds until they are valid, nothing taken if those are over ``longest``.

    ``rests`` are what is to be waited for and not taken from.
    """
    keys = sorted({*(key for key, _, _ in limits), *rests})
    if not keys:
        return 0.0
    now = tx.value(sa.select(_NOW))
    free = dict.fromkeys(keys, now)
    tx.run_many(insert(tx.dialect, t.bucket).on_conflict_do_nothing(), [{"key": key, "free_at": now} for key in keys])
    ordered = sa.select(t.bucket).where(t.bucket.c.key.in_(keys)).order_by(t.bucket.c.key).with_for_update()
    free |= {row["key"]: row["free_at"] for row in tx.rows(ordered)}
    now = tx.value(sa.select(_NOW))  # of when it is our turn
    waits = [(free[key] - now).total_seconds() - (saved - 1) * every for key, every, saved in limits]
    waits += [(free[key] - now).total_seconds() for key in rests]
    wait: float = max(0.0, *waits)
    if wait <= longest:
        sent = now + timedelta(seconds=wait)
        for key, every, _ in limits:
            fuller = max(free[key], sent) + timedelta(seconds=every)
            tx.run(sa.update(t.bucket).where(t.bucket.c.key == key).values(free_at=fuller))
    return wait


def rest(tx: Tx, key: str, seconds: float) -> None:
    """Have everybody wait for so long."""
    until = _NOW + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    statement = insert(tx.dialect, t.bucket).values(key=key, free_at=until)
    later = sa.func.greatest(t.bucket.c.free_at, statement.excluded.free_at)
    tx.run(statement.on_conflict_do_update(index_elements=["key"], set_={"free_at": later}))
