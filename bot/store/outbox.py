"""The outbox: messages as rows, claimed, sent elsewhere, and marked with what became of them.

A row is committed together with what it tells about. ``claim`` leases it to one sender under a new
``fence``; only who holds that fence may say what became of it. The rules are in ``machine``.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Delivered, Delivery, Gone, Held

from . import doubts, groups, line, machine, threads
from . import tables as t
from .clock import come
from .dialect import insert
from .holds import held, hold, release
from .line import fates
from .machine import Policy, Standing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine import RowMapping

    from bot.model import DeliveryOp, DeliveryState, LookUp, Outcome, PayloadKind

    from .store import Tx

__all__ = [
    "Policy",
    "claim",
    "coalesce_update",
    "counts",
    "enqueue",
    "expire",
    "fates",
    "held",
    "hold",
    "mark",
    "next_due",
    "release",
    "replace_payload",
    "settle",
    "still_mine",
    "unknowns",
    "waiting",
]

# At most one change of a message in this many seconds, so that a story's first hour does not flicker.
UPDATE_PAUSE = 30.0
_CHANGING = ("state", "look_ups", "not_before", "minimal_only", "may_repeat", "error")


# ── in ───────────────────────────────────────────────────────────────────────────────────────────


def enqueue(  # noqa: PLR0913 - one argument for each column that a caller knows
    tx: Tx,
    *,
    uid: str,
    alert: int | None,
    destination: str,
    op: DeliveryOp,
    payload: Mapping[str, Any],
    at: datetime,
    root: int | None = None,
    digest_run: int | None = None,
    kind: PayloadKind | None = None,
    not_before: datetime | None = None,
    may_group: bool = False,
) -> int:
    """Queue a message once: the same ``uid`` and ``op`` again is the row that is there already; its id.

    ``root`` is the delivery whose message a reply or an update belongs to; a reply without one (None or 0)
    becomes a message of its own. A message with neither ``alert`` nor ``digest_run`` is a notice to those who run
    the program, unless its ``kind`` says otherwise. The payload is frozen here; that of a mailed ``digest_run`` is
    empty, for its bytes are in the run. It goes out at ``not_before`` at the earliest, else at once; ``may_group``: it
    may share a message with others, see :mod:`bot.store.groups`.
    """
    columns = t.delivery.c
    if op == "reply" and not root:
        op = "post"
    story = sa.select(t.alert.c.story).where(t.alert.c.id == alert).scalar_subquery()
    statement = insert(tx.dialect, t.delivery).values(
        uid=uid,
        alert=alert,
        story=story,
        root=root or None,
        destination=destination,
        op=op,
        revision=0,
        state="pending",
        not_before=not_before or at,
        may_group=may_group,
        payload_kind=kind or _kind(alert, digest_run),
        payload=dict(payload),
        digest_run=digest_run,
        created_at=at,
    )
    statement = statement.on_conflict_do_nothing(index_elements=["uid", "op", "revision"])
    delivery = tx.value(statement.returning(columns.id))
    if delivery is not None:
        tx.queued.add(destination)
    else:
        there = sa.select(columns.id).where(columns.uid == uid, columns.op == op, columns.revision == 0)
        delivery = tx.value(there)
    return int(delivery)


def _kind(alert: int | None, digest_run: int | None) -> PayloadKind:
    if digest_run is not None:
        return "digest"
    return "notice" if alert is None else "alert"


def replace_payload(tx: Tx, delivery_id: int, payload: Mapping[str, Any]) -> bool:
    """Write another text for a message that was never tried; False if it is too late for that."""
    columns = t.delivery.c
    untried = sa.and_(columns.id == delivery_id, columns.state == "pending", columns.first_tried_at.is_(None))
    return tx.run(sa.update(t.delivery).where(untried).values(payload=dict(payload))) == 1


def coalesce_update(
    tx: Tx, root: int, payload: Mapping[str, Any], at: datetime, *, pause: float = UPDATE_PAUSE
) -> int | None:
    """Queue a change of the message ``root``, or put the newer text into the change that waits; its id.

    One change waits at most, and changes of one message are ``pause`` seconds apart. The newest text is the one
    that counts, whatever becomes of those before it. None if there is no message of its own to change: the root is
    dead, was deleted, or stands in a group.
    """
    columns = t.delivery.c
    message = tx.row(sa.select(t.delivery).where(columns.id == root))
    if message is None or message["state"] == "dead" or message["grouped_in"] or message["gone_at"]:
        return None
    changes = sa.and_(columns.root == root, columns.op == "update")
    pending = sa.select(columns.id).where(changes, columns.state == "pending")
    waits = tx.value(pending.order_by(columns.revision.desc()).limit(1))
    if waits is not None:
        # The new fence: a late answer about the older text must not count for this one.
        newer = {"payload": dict(payload), "minimal_only": False, "fence": columns.fence + 1}
        tx.run(sa.update(t.delivery).where(columns.id == waits).values(newer))
        return int(waits)
    latest = sa.func.max(columns.sent_at, type_=t.Moment)
    before = tx.row(sa.select(latest.label("sent_at"), sa.func.max(columns.revision).label("revision")).where(changes))
    last = (before and before["sent_at"]) or message["sent_at"]
    rest = timedelta(0) if last is None else last - at + timedelta(seconds=pause)
    statement = sa.insert(t.delivery).values(
        uid=message["uid"],
        alert=message["alert"],
        story=message["story"],
        root=root,
        destination=message["destination"],
        op="update",
        revision=((before and before["revision"]) or 0) + 1,
        state="pending",
        not_before=at + min(max(rest, timedelta(0)), timedelta(seconds=pause)),
        payload_kind=message["payload_kind"],
        payload=dict(payload),
        created_at=at,
    )
    return int(tx.value(statement.returning(columns.id)))


# ── out ──────────────────────────────────────────────────────────────────────────────────────────


def claim(
    tx: Tx,
    *,
    owner: str,
    now: datetime,
    lease: float,
    limit: int,
    destinations: Sequence[str],
) -> list[Delivery]:
    """Lease up to ``limit`` messages of these destinations to ``owner`` for ``lease`` seconds.

    First in, first out for each destination, the destinations by turns; none for a destination that is
    held. Replies and updates carry the channel and ts of their root; a reply whose root was refused for good
    goes as a message of its own.
    """
    closed = held(tx)
    queues = [line.ready(tx, name, now, limit) for name in dict.fromkeys(destinations) if name not in closed]
    turns = chain.from_iterable(zip_longest(*queues))
    chosen = [id_ for id_ in turns if id_ is not None][:limit]
    if not chosen:
        return []
    until = now + timedelta(seconds=lease)
    tx.run(line.lease(), {"chosen": chosen, "who": owner, "until": until, "moment": now})
    claimed = {row["id"]: line.delivery(row) for row in tx.rows(line.chosen(), {"chosen": chosen})}
    return [claimed[id_] for id_ in chosen]


def still_mine(tx: Tx, delivery_id: int, fence: int, now: datetime) -> bool:
    """Whether the lease taken under ``fence`` still holds; asked just before the request is written."""
    columns = t.delivery.c
    mine = sa.and_(columns.id == delivery_id, columns.fence == fence, columns.state == "sending")
    return tx.value(sa.select(columns.id).where(mine, columns.lease_until > now)) is not None


def mark(tx: Tx, delivery: Delivery, outcome: Outcome, now: datetime, policy: Policy) -> DeliveryState:
    """Write down what became of a claimed message; its state now.

    Without effect if somebody has claimed the row since: whose fence is old does not know. A destination
    that refused is held with its whole queue.
    """
    row = tx.row(line.by_id(), {"delivery": delivery.id})
    if row is None:  # an update that was taken back meanwhile: a newer one waits in its place
        return "pending"
    before = line.standing(row)
    if row["fence"] != delivery.fence:
        if isinstance(outcome, Delivered) and delivery.op != "update":
            doubts.hurry(tx, row["id"], now)
        return before.state
    after = machine.after(before, outcome, now, policy)
    named: dict[str, Any] = {}
    if after.state == "sent" != before.state and isinstance(outcome, Delivered):
        named = _names(delivery, outcome.channel_id, outcome.ts, now)
    _write(tx, row, before, after, named, policy)
    gone = isinstance(outcome, Gone) or (isinstance(outcome, Delivered) and outcome.alone)
    if gone and after.state != before.state:
        threads.lose(tx, row, now)
    if after.state == "held" and isinstance(outcome, Held):
        hold(tx, delivery.destination, outcome.reason, now)
    line.drop_superseded(tx, [row])
    return after.state


def expire(tx: Tx, now: datetime, policy: Policy) -> int:
    """Take back messages whose lease is over; how many. They may have been sent, so they become unknown."""
    columns = t.delivery.c
    rows = tx.rows(sa.select(t.delivery).where(columns.state == "sending", come(columns.lease_until, now)))
    for row in rows:
        before = line.standing(row)
        _write(tx, row, before, machine.expired(before, now, policy), {}, policy)
    line.drop_superseded(tx, rows)
    return len(rows)


def unknowns(tx: Tx, now: datetime) -> dict[str, list[Delivery]]:
    """Messages that may or may not have been written and should have become visible by now, by destination."""
    columns = t.delivery.c
    query = line.with_root().where(columns.state == "unknown", come(columns.not_before, now)).order_by(columns.id)
    found: dict[str, list[Delivery]] = {}
    for row in tx.rows(query):
        found.setdefault(row["destination"], []).append(line.delivery(row))
    return found


def settle(
    tx: Tx, deliveries: Iterable[Delivery], look_up: LookUp, now: datetime, policy: Policy
) -> dict[int, DeliveryState]:
    """Apply one look-up's answer to the messages that were asked for; each one's state now, by id."""
    columns = t.delivery.c
    states: dict[int, DeliveryState] = {}
    for delivery in deliveries:
        mine = sa.and_(columns.id == delivery.id, columns.fence == delivery.fence)
        row = tx.row(sa.select(t.delivery).where(mine, columns.state == "unknown"))
        if row is None:
            continue
        before = line.standing(row)
        place = look_up.found.get(delivery.uid)
        after = machine.looked_up(before, look_up, there=place is not None, now=now, policy=policy)
        _write(tx, row, before, after, _names(delivery, *place, now) if place else {}, policy)
        if delivery.uid in look_up.twice:
            doubts.hurry(tx, row["id"], now)
        if delivery.uid in look_up.alone:
            threads.lose(tx, row, now)
        states[delivery.id] = after.state
    return states


def next_due(tx: Tx, now: datetime, *, destinations: Collection[str], updates: bool = True) -> datetime | None:
    """When these destinations can next do something: now, later, or (None) not before somebody queues or mends.

    Without ``updates`` changes of messages that stand already are not waited for, only for what is behind them.
    """
    closed = held(tx)
    wakes = [line.wake(tx, name, now, updates=updates) for name in destinations if name not in closed]
    return min((wake for wake in wakes if wake is not None), default=None)


def waiting(tx: Tx, destinations: Collection[str], *, updates: bool = False, kind: PayloadKind | None = None) -> int:
    """How many messages of these destinations are not finished, all or those of one kind.

    Changes of messages count only with ``updates``.
    """
    columns = t.delivery.c
    query = sa.select(sa.func.count()).where(columns.destination.in_(list(destinations)), columns.state.in_(line.OPEN))
    if kind is not None:
        query = query.where(columns.payload_kind == kind)
    return int(tx.value(query if updates else query.where(columns.op != "update")))


def counts(tx: Tx) -> dict[tuple[str, DeliveryState], int]:
    """How many messages each destination has in each state; of a group, its alerts in the state that it is in."""
    columns, group = t.delivery.c, t.delivery.alias("group")
    state = sa.func.coalesce(group.c.state, columns.state).label("state")
    query = (
        sa.select(columns.destination, state, sa.func.count().label("n"))
        .outerjoin_from(t.delivery, group, group.c.id == columns.grouped_in)
        .where(columns.payload_kind != "group")
    )
    rows = tx.rows(query.group_by(columns.destination, state))
    return {(row["destination"], row["state"]): row["n"] for row in rows}


# ── inside ───────────────────────────────────────────────────────────────────────────────────────


def _write(
    tx: Tx, row: RowMapping, before: Standing, after: Standing, named: Mapping[str, Any], policy: Policy
) -> None:
    if after == before:
        return
    changes = {name: getattr(after, name) for name in _CHANGING} | dict(named)
    if after.state != "sending":
        changes |= {"owner": None, "lease_until": None}
    tx.run(sa.update(t.delivery).where(t.delivery.c.id == row["id"]).values(changes))
    if row["payload_kind"] == "group":
        groups.follow(tx, row["id"], after, named)
    # What was tried once and confirmed, as nearly everything is, was never in doubt.
    if row["op"] != "update" and (before.state != "sending" or before.attempt > 1 or after.state == "unknown"):
        doubts.note(tx, row["id"], before, after, named, policy)


def _names(delivery: Delivery, channel_id: str | None, ts: str | None, now: datetime) -> dict[str, Any]:
    """Where the message stands, for the row; an update keeps its root's names where the service gave none."""
    return {
        "channel_id": channel_id or delivery.channel_id,
        "ts": ts or delivery.ts,
        "thread_ts": delivery.thread_ts,
        "sent_at": now,
    }
