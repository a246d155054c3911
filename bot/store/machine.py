"""The outbox machine, pure: what becomes of a message, and which of a queue's messages may go.

::

    pending ─claim─► sending ─delivered─► sent
       ▲               ├─ definitely not written ─► pending, later
       │               ├─ what it follows is gone ─► pending, as a message of its own
       │               ├─ payload refused ─► pending with the minimal payload, once; then dead
       │               ├─ destination refused ─► held, with everything behind it
       │               └─ may have been written, or lease over ─► unknown
       └── not there ──── unknown ─ there ─► sent
                             ├─ look-up failed ─► unknown, later
                             └─ look-up impossible ─► pending, marked "may repeat" – or held, by policy;
                                                      dead, where one repetition is all that may be, and was

An update of a message may be sent twice without harm, so it goes back to pending instead of to unknown.
A result that comes after the lease still counts while nobody has claimed the row again: it is the truth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import Delivered, Gone, Held, Later, LookUp, RefusedPayload, Unknown

from .clock import LONGEST_WAIT, has_come

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import DeliveryOp, DeliveryState, Outcome

# A message that has failed this often does not hold up the ones behind it any longer.
PATIENCE = 8
# A look for second copies that has failed this often is not repeated.
PERSISTENCE = 100
UNSURE_AGAIN = "it was tried once more, and still nobody confirmed that it arrived: it is not sent a third time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the outbox waits; all times in seconds.

    A ``lease`` must outlive the longest request; ``settle`` is how long a service may take to show an
    accepted message in its history. ``resend_unknown``: where nobody can look, send again and say that it
    may repeat (True), or hold the message for a person (False). Back-off doubles from ``first_wait`` to
    ``longest_wait``. A message that was definitely not written is never given up. ``sweeps``: so long after ``settle``
    the channel is looked through for second copies of what was in doubt, once for each.
    """

    lease: float = 90.0
    settle: float = 60.0
    resend_unknown: bool = True
    first_wait: float = 2.0
    longest_wait: float = 900.0
    sweeps: tuple[float, ...] = (60.0, 900.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the machine knows of a row: its state and what may change with it."""

    state: DeliveryState
    op: DeliveryOp
    attempt: int = 1
    look_ups: int = 0
    lease_until: datetime | None = None
    not_before: datetime | None = None
    minimal_only: bool = False
    may_repeat: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A row that is not finished, as the queue sees it. ``root_state`` is None for a root."""

    id: int
    state: DeliveryState
    story: int | None
    attempt: int
    not_before: datetime
    lease_until: datetime | None = None
    root_state: DeliveryState | None = None
    op: DeliveryOp = "post"


def after(row: Standing, outcome: Outcome, now: datetime, policy: Policy) -> Standing:
    """The row after a sender's answer; unchanged where the answer comes too late to matter."""
    if isinstance(outcome, Delivered):
        late = row.state in {"sending", "unknown", "pending"}
        return replace(row, state="sent", error=None) if late else row
    if row.state not in {"sending", "unknown"}:
        return row
    if isinstance(outcome, Later):
        seconds = _wait(row.attempt, policy) if outcome.seconds is None else max(0.0, outcome.seconds)
        return _pending(row, now, seconds, outcome.reason)
    if isinstance(outcome, RefusedPayload):
        last = row.minimal_only
        smaller = replace(_pending(row, now, 0.0, outcome.reason), minimal_only=True)
        return replace(row, state="dead", error=outcome.reason) if last else smaller
    if isinstance(outcome, Held):
        return replace(row, state="held", error=outcome.reason)
    if isinstance(outcome, Gone):
        return _pending(row, now, 0.0, outcome.reason)
    return _doubtful(row, outcome, now, policy)


def expired(row: Standing, now: datetime, policy: Policy) -> Standing:
    """A row whose sender has not come back within its lease."""
    if row.state != "sending":
        return row
    return _doubtful(row, Unknown(reason="the sender did not come back"), now, policy)


def looked_up(row: Standing, answer: LookUp, *, there: bool, now: datetime, policy: Policy) -> Standing:
    """An unknown row after somebody has looked whether it is ``there``."""
    if row.state != "unknown":
        return row
    if there:
        return replace(row, state="sent", error=None)
    if not answer.possible:
        if row.may_repeat and answer.repeatable_once:
            return replace(row, state="dead", error=UNSURE_AGAIN)
        if policy.resend_unknown:
            return replace(_pending(row, now, 0.0, answer.reason or None), may_repeat=True)
        return replace(row, state="held", may_repeat=True, error=answer.reason or None)
    if answer.complete:
        return _pending(row, now, 0.0, row.error)
    wait = timedelta(seconds=max(_wait(row.look_ups + 1, policy), policy.first_wait))
    return replace(row, look_ups=row.look_ups + 1, not_before=now + wait, error=answer.reason or row.error)


def released(row: Standing) -> Standing:
    """A held row when its destination takes messages again; one that may stand there is looked up first."""
    if row.state != "held":
        return row
    state: DeliveryState = "unknown" if row.may_repeat and row.op != "update" else "pending"
    return replace(row, state=state, look_ups=0)


def _doubtful(row: Standing, outcome: Unknown, now: datetime, policy: Policy) -> Standing:
    if row.op == "update":
        return _pending(row, now, _wait(row.attempt, policy), outcome.reason)
    if row.state == "unknown":
        return row
    # Not before the request can have ended and the service had time to show the message.
    longest = now + timedelta(seconds=policy.lease)
    shown = min(row.lease_until or longest, longest) + timedelta(seconds=policy.settle)
    return replace(row, state="unknown", not_before=shown, look_ups=0, error=outcome.reason)


def _pending(row: Standing, now: datetime, seconds: float, error: str | None) -> Standing:
    wait = timedelta(seconds=min(seconds, LONGEST_WAIT.total_seconds()))
    return replace(row, state="pending", not_before=now + wait, look_ups=0, error=error)


def next_sweep(sent_at: datetime, looks: int, policy: Policy) -> datetime | None:
    """When a message that was in doubt is looked for after so many looks; None: that is enough."""
    if looks >= len(policy.sweeps):
        return None
    return sent_at + timedelta(seconds=policy.settle + policy.sweeps[looks])


def sweep_again(failures: int, seconds: float | None, now: datetime, policy: Policy) -> datetime | None:
    """When a look that failed so often is repeated; None: it could not be for about a day."""
    if failures > PERSISTENCE:
        return None
    wait = _wait(failures, policy) if seconds is None else max(policy.first_wait, seconds)
    return now + timedelta(seconds=min(wait, policy.longest_wait))


def _wait(failures: int, policy: Policy) -> float:
    """Seconds before the next try: doubling, bounded (the exponent too, lest it overflow)."""
    doubled: float = policy.first_wait * 2 ** min(max(failures - 1, 0), 30)
    return min(policy.longest_wait, doubled)


def queue(rows: Sequence[Waiting], now: datetime) -> tuple[list[int], datetime | None]:
    """One destination's unfinished rows, oldest first → the ids that may go now, in order, and when to look again.

    First in, first out: a message under way or in back-off holds up everything behind it. A message whose
    fate is unknown, one that is held, and one that waits for its root hold up their own story only; one
    that was never tried and is meant for later holds up nothing. A root that was refused for good is not waited for.
    """
    ready: list[int] = []
    wake: list[datetime] = []
    blocked: set[int | None] = set()
    for row in rows:
        if row.state == "sending":
            wake.append(_wake(row.lease_until, now))
            break
        if row.state == "unknown":
            wake.append(_wake(row.not_before, now))
        if row.state != "pending" or _waits_for_root(row):
            blocked.add(row.story)
        elif row.story is not None and row.story in blocked:
            continue
        elif has_come(row.not_before, now):
            ready.append(row.id)
        else:
            wake.append(row.not_before)
            if 0 < row.attempt < PATIENCE:
                break
            if row.attempt:
                blocked.add(row.story)
    return ready, now if ready else min(wake, default=None)


def _wake(moment: datetime | None, now: datetime) -> datetime:
    return now if moment is None or has_come(moment, now) else moment


def without_updates(rows: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """The rows that somebody waits for: all but updates, and those updates that may hold up one of them.

    :func:`queue` of these is never ready when that of all rows is not.
    """
    last = max((place for place, row in enumerate(rows) if row.op != "update"), default=-1)
    return [row for row in rows[: last + 1] if row.op != "update" or _holds_up(row, now)]


def _holds_up(row: Waiting, now: datetime) -> bool:
    kept = row.state != "pending" or _waits_for_root(row)
    return kept or (row.attempt > 0 and not has_come(row.not_before, now))


def _waits_for_root(row: Waiting) -> bool:
    return row.root_state not in {None, "sent", "dead"}
