"""Who of several processes is the clock: the one that holds PostgreSQL's advisory lock, on a connection of its own.

A process that dies loses its connection, and with it the lock, at once. One that is stopped, or cut off, would keep
it: so there is a row beside the lock, with a date that the leader moves on. When that is over, whoever stands by ends
the old leader's connection, and takes the lock. The row's fence counts up with every leader; what a leader writes, it
writes together with a look at the fence, so that one that wakes up later writes nothing any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from . import tables as t
from .dialect import insert

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection, Engine

    from .store import Store, Tx

NAME = "clock"
# As ADVISORY_LOCK of dialect: any constant, the same for every Presswatch ("presclok" in ASCII).
LOCK = 0x70726573636C6F6B
# Seconds for which a leader is believed to be there without a sign of it.
LEASE = 5.0
# Both ends notice within as many seconds that the other is gone without a word.
_KEEPALIVE = {"keepalives_idle": 2, "keepalives_interval": 1, "keepalives_count": 3, "tcp_user_timeout": 5000}
_SERVER = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c lock_timeout=3000"

_TRY = sa.text(f"SELECT pg_try_advisory_lock({LOCK})")
_END = sa.text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory' AND granted "  # noqa: S608
    f"AND classid = {LOCK >> 32} AND objid = {LOCK & 0xFFFFFFFF} AND pid <> pg_backend_pid() "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_NOW = sa.func.clock_timestamp(type_=t.Moment)


def _until(seconds: float) -> sa.ColumnElement[Any]:
    return _NOW + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """Who leads since when; not ``present``: it has given no sign of it in time."""

    owner: str
    since: datetime
    present: bool


class Candidate:
    """One process that may become the clock. Not for several threads at once. Raises StoreError where it may."""

    def __init__(self, store: Store, owner: str, *, lease: float = LEASE) -> None:
        self._store, self._owner, self._lease = store, owner, lease
        self._engine: Engine | None = None
        self._connection: Connection | None = None
        self.fence: int | None = None

    def stand(self) -> int | None:
        """Become or stay the leader; the fence, None while somebody else is it."""
        led = self.fence is not None
        try:
            with self._store.translated():
                self.fence = self._renew() if led else self._try()
        except BaseException:
            self.let_go()
            raise
        if led and self.fence is None:  # somebody else has it, and must be able to take the lock
            self.let_go()
        return self.fence

    def resign(self) -> None:
        """Make room for another at once."""
        if self.fence is not None and self._connection is not None:
            with self._store.translated():
                self._connection.execute(sa.update(t.lease).where(*self._mine()).values(until=_NOW))
        self.let_go()

    def let_go(self) -> None:
        """Close the connection, and so give up the lock."""
        self.fence = None
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _open(self) -> Connection:
        if self._connection is None:
            arguments = {"connect_timeout": 3, "options": _SERVER, **_KEEPALIVE}
            self._engine = sa.create_engine(self._store.url, poolclass=NullPool, connect_args=arguments)
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def _try(self) -> int | None:
        connection = self._open()
        if not connection.execute(_TRY).scalar():
            until = sa.select(t.lease.c.until > _NOW).where(t.lease.c.name == NAME)
            if connection.execute(until).scalar() is not False:
                return None
            connection.execute(_END)  # it is stopped, or cut off: its lock is free a moment later
            if not connection.execute(_TRY).scalar():
                return None
        statement = insert("postgresql", t.lease).values(
            name=NAME, owner=self._owner, fence=1, since=_NOW, until=_until(self._lease)
        )
        newer = {"owner": self._owner, "fence": t.lease.c.fence + 1, "since": _NOW, "until": _until(self._lease)}
        statement = statement.on_conflict_do_update(index_elements=["name"], set_=newer)
        return int(connection.execute(statement.returning(t.lease.c.fence)).scalar_one())

    def _renew(self) -> int | None:
        renewed = sa.update(t.lease).where(*self._mine()).values(until=_until(self._lease))
        done = self._open().execute(renewed).rowcount == 1
        return self.fence if done else None

    def _mine(self) -> tuple[sa.ColumnElement[bool], ...]:
        columns = t.lease.c
        return columns.name == NAME, columns.owner == self._owner, columns.fence == self.fence


def still_leads(tx: Tx, owner: str, fence: int) -> bool:
    """Whether this leader still is one; the answer holds until the end of the transaction."""
    columns = t.lease.c
    mine = sa.and_(columns.name == NAME, columns.owner == owner, columns.fence == fence)
    return tx.value(sa.select(columns.fence).where(mine).with_for_update()) is not None


def leader(tx: Tx) -> Leader | None:
    """Who leads, or led last; None if nobody ever did."""
    columns = t.lease.c
    query = sa.select(columns.owner, columns.since, (columns.until > _NOW).label("present"))
    row = tx.row(query.where(columns.name == NAME))
    return Leader(**row) if row is not None else None
