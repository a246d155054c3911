"""Messages that were in doubt once, until it is certain that each stands in one place only.

A request that was given up may take effect long after the look-up that did not find it. So whatever was in doubt is a
row here, from the transaction that put it in doubt on, and the channel is looked through for second copies some time
after the message is there. What is found is written down before anything is taken back: a kill in between leaves the
row, the next look finds the same, and taking back twice does no harm.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.model import Copy, Held, Later, Marked, RefusedPayload, Removed

from . import line, machine
from . import tables as t
from .clock import FAR
from .dialect import insert
from .prepared import prepared

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.model import Copies, Delivery, Retraction

    from .machine import Policy, Standing
    from .store import Tx

# Looked for in one reading of a channel.
MOST = 50
_FATES: Mapping[type, str] = {Removed: "removed", Marked: "marked", RefusedPayload: "left"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A message to be looked for, claimed: ``fence`` must still hold when something is written or taken back."""

    delivery: Delivery
    fence: int
    sent_at: datetime
    looks: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The copies to take back, and the message that stays; ``newest``: how that one should read, where it may not."""

    first: Copy
    copies: tuple[Copy, ...]
    newest: Mapping[str, Any] | None = None


# ── in ───────────────────────────────────────────────────────────────────────────────────────────


def note(tx: Tx, delivery: int, before: Standing, after: Standing, named: Mapping[str, Any], policy: Policy) -> None:
    """Remember what is in doubt, and when it is to be looked for once it is there (``named``: where, and since when).

    What is refused for good, and what stands where nobody can look, is forgotten.
    """
    if "unknown" in {before.state, after.state}:
        statement = insert(tx.dialect, t.doubt).values(delivery=delivery)
        tx.run(statement.on_conflict_do_nothing(index_elements=["delivery"]))
    if after.state == "dead" or (after.state == "sent" and not (named.get("ts") and policy.sweeps)):
        tx.run(sa.delete(t.doubt).where(t.doubt.c.delivery == delivery))
    elif after.state == "sent" and "sent_at" in named:
        due = machine.next_sweep(named["sent_at"], 0, policy)
        tx.run(sa.update(t.doubt).where(t.doubt.c.delivery == delivery).values(due=due, looks=0, failures=0))


def hurry(tx: Tx, delivery: int, now: datetime) -> None:
    """Look for a message now that is known to have been taken twice; without effect while it is not there."""
    sent = sa.and_(t.delivery.c.id == delivery, t.delivery.c.state == "sent", t.delivery.c.ts.is_not(None))
    if tx.value(sa.select(t.delivery.c.id).where(sent)) is not None:
        statement = insert(tx.dialect, t.doubt).values(delivery=delivery, due=now)
        tx.run(statement.on_conflict_do_update(index_elements=["delivery"], set_={"due": now}))


# ── out ──────────────────────────────────────────────────────────────────────────────────────────


def is_due(tx: Tx, destination: str, now: datetime) -> bool:
    """Whether a destination is to be looked through."""
    return bool(_ready(tx, destination, now))


def claim(tx: Tx, destination: str, now: datetime, lease: float) -> list[Doubt]:
    """What a destination is to be looked through for; others leave that alone for ``lease`` seconds."""
    ids = _ready(tx, destination, now)
    if not ids:
        return []
    columns = t.doubt.c
    mine = sa.update(t.doubt).where(columns.delivery.in_(ids))
    tx.run(mine.values(due=now + timedelta(seconds=lease), fence=columns.fence + 1))
    rows = {row["id"]: row for row in tx.rows(line.chosen(), {"chosen": ids})}
    held = tx.rows(sa.select(t.doubt).where(columns.delivery.in_(ids)).order_by(columns.delivery))
    return [
        Doubt(
            # The thread in which a reply was written, whatever its story's thread is by now.
            delivery=replace(line.delivery(sent), thread_ts=sent["thread_ts"]),
            sent_at=sent["sent_at"],
            **{name: row[name] for name in ("fence", "looks", "failures")},
        )
        for row in held
        if (sent := rows[row["delivery"]])
    ]


def _ready(tx: Tx, destination: str, now: datetime) -> list[int]:
    """The first of a destination's messages that are due, of which nothing follows just now.

    What is under way to a message, or into its thread, would be cut off or lost to view.
    """
    # Nearly always there is none, and this is asked every few seconds: only then is the outbox looked at.
    due = [row["delivery"] for row in tx.rows(_due(), {"moment": now, "far": now + FAR})]
    return [row["id"] for row in tx.rows(_free(), {"due": due, "name": destination})][:MOST] if due else []


@prepared
def _due() -> sa.Select[Any]:
    due = t.doubt.c.due
    moment, far = sa.bindparam("moment", type_=t.Moment), sa.bindparam("far", type_=t.Moment)
    return sa.select(t.doubt.c.delivery).where(sa.or_(due <= moment, due > far)).order_by(due, t.doubt.c.delivery)


@cache
def _free() -> sa.Select[Any]:
    delivery, other, member = t.delivery.c, t.delivery.alias("other").c, t.delivery.alias("member").c
    shared = sa.exists().where(member.id == other.root, member.grouped_in == delivery.id)
    follows = sa.or_(other.root == delivery.id, shared)
    busy = sa.exists().where(other.state.in_(("sending", "unknown")), follows)
    named = delivery.id.in_(sa.bindparam("due", expanding=True))
    mine = sa.and_(delivery.destination == sa.bindparam("name"), delivery.state == "sent")
    return sa.select(delivery.id).where(named, mine, ~busy).order_by(delivery.id)


def renew(tx: Tx, doubt: Doubt, now: datetime, lease: float) -> bool:
    """Put others off once more; False if one of them looks already, or the message is in doubt anew."""
    mine = _mine(doubt)
    return tx.run(sa.update(t.doubt).where(mine).values(due=now + timedelta(seconds=lease))) == 1


def _mine(doubt: Doubt) -> sa.ColumnElement[bool]:
    return sa.and_(t.doubt.c.delivery == doubt.delivery.id, t.doubt.c.fence == doubt.fence, t.doubt.c.due.is_not(None))


# ── what was found ───────────────────────────────────────────────────────────────────────────────


def found(tx: Tx, doubt: Doubt, copies: Copies, now: datetime) -> Work | None:
    """Write down which copies there are; the later ones, which are to be taken back. None: there is one at most.

    The message is the earliest one from now on: what is said in its thread, and changed in it, goes there. Copies that
    were given up are left alone.
    """
    here = copies.found.get(doubt.delivery.uid, ())
    known = _known(tx, doubt.delivery.id)
    _gone(tx, doubt, known, {copy.ts for copy in here}, copies.marked, now)
    if len(here) < 2:
        return None
    first, *later = here
    rows = [
        {"delivery": doubt.delivery.id, "ts": copy.ts, "channel_id": copy.channel_id, "fate": "found", "found_at": now}
        for copy in later
        if copy.ts not in known
    ]
    tx.run_many(sa.insert(t.duplicate), rows)
    newest = _follow(tx, doubt.delivery.id, first)
    left = tuple(copy for copy in later if known.get(copy.ts) != "left")
    return Work(first=first, copies=left, newest=newest)


def _known(tx: Tx, delivery: int) -> dict[str, str]:
    columns = t.duplicate.c
    rows = tx.rows(sa.select(columns.ts, columns.fate).where(columns.delivery == delivery))
    return {row["ts"]: row["fate"] for row in rows}


def _gone(
    tx: Tx,
    doubt: Doubt,
    known: Mapping[str, str],
    here: Collection[str],
    marked: Collection[tuple[str, str]],
    now: datetime,
) -> None:
    """Copies that were found once and stand there no more, or are marked: a kill came before that was written."""
    said = {ts for _, ts in marked}
    for ts, fate in known.items():
        if fate == "found" and ts not in here:
            became = "marked" if ts in said else "removed"
            values = {"fate": became, "error": None, "done_at": now}
            tx.run(sa.update(t.duplicate).where(_copy(doubt.delivery.id, ts)).values(values))


def _copy(delivery: int, ts: str) -> sa.ColumnElement[bool]:
    return sa.and_(t.duplicate.c.delivery == delivery, t.duplicate.c.ts == ts)


def _follow(tx: Tx, delivery: int, first: Copy) -> Mapping[str, Any] | None:
    """Let the message, and the alerts that share it, be the earliest one; how that should read, if it was changed."""
    columns = t.delivery.c
    mine = sa.or_(columns.id == delivery, sa.and_(columns.grouped_in == delivery, columns.state == "sent"))
    place = {"channel_id": first.channel_id, "ts": first.ts, "thread_ts": first.thread_ts, "gone_at": None}
    if not tx.run(sa.update(t.delivery).where(mine, columns.ts != first.ts).values(place)):
        return None
    changes = sa.select(columns.state, columns.payload).where(columns.root == delivery, columns.op == "update")
    last = tx.row(changes.where(columns.state != "dead").order_by(columns.revision.desc()).limit(1))
    # One that waits goes to the earliest by itself.
    return last["payload"] if last is not None and last["state"] == "sent" else None


def became(tx: Tx, doubt: Doubt, copy: Copy, outcome: Retraction, now: datetime) -> None:
    """Write down what became of a copy."""
    values: dict[str, Any] = {"error": getattr(outcome, "reason", None)}
    if not isinstance(outcome, Later | Held):
        values |= {"fate": _FATES[type(outcome)], "done_at": now}
    tx.run(sa.update(t.duplicate).where(_copy(doubt.delivery.id, copy.ts)).values(values))


def looked(tx: Tx, doubt: Doubt, now: datetime, policy: Policy) -> None:
    """A look that came to its end, and nothing is left to take back: there is one more later, or it was the last."""
    due = machine.next_sweep(doubt.sent_at, doubt.looks + 1, policy)
    if due is None or due <= now:
        tx.run(sa.delete(t.doubt).where(_mine(doubt)))
    else:
        tx.run(sa.update(t.doubt).where(_mine(doubt)).values(due=due, looks=doubt.looks + 1, failures=0))


def failed(
    tx: Tx, doubt: Doubt, now: datetime, policy: Policy, *, reason: str, seconds: float | None, possible: bool = True
) -> None:
    """A look that did not come to its end; after ``seconds`` (None: the back-off), or never, there is another one."""
    due = machine.sweep_again(doubt.failures + 1, seconds, now, policy) if possible else None
    if due is not None:
        tx.run(sa.update(t.doubt).where(_mine(doubt)).values(due=due, failures=doubt.failures + 1))
        return
    if tx.run(sa.delete(t.doubt).where(_mine(doubt))):
        columns = t.duplicate.c
        undone = sa.and_(columns.delivery == doubt.delivery.id, columns.fate == "found")
        given_up = {"fate": "left", "done_at": now, "error": sa.func.coalesce(columns.error, reason)}
        tx.run(sa.update(t.duplicate).where(undone).values(given_up))


# ── asking ───────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A destination's second copies: how many met this ``fate``, and the reason of the newest that has one."""

    destination: str
    fate: str
    number: int
    reason: str | None


def tally(tx: Tx, since: datetime) -> list[Tally]:
    """What became of the second copies that were found since then, by destination."""
    copy, delivery = t.duplicate.c, t.delivery.c
    query = (
        sa.select(delivery.destination, copy.fate, copy.error)
        .join_from(t.duplicate, t.delivery, delivery.id == copy.delivery)
        .where(copy.found_at >= since)
        .order_by(delivery.destination, copy.fate, copy.found_at, copy.delivery)
    )
    found: dict[tuple[str, str], list[str | None]] = {}
    for row in tx.rows(query):
        found.setdefault((row["destination"], row["fate"]), []).append(row["error"])
    return [
        Tally(destination=name, fate=fate, number=len(errors), reason=_last(errors))
        for (name, fate), errors in found.items()
    ]


def _last(errors: Sequence[str | None]) -> str | None:
    return next((error for error in reversed(errors) if error), None)
