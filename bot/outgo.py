"""Delivery: what is in doubt is looked up; what is due is claimed, sent once and marked.

One worker per destination: a slow or held one keeps nobody else waiting, and messages keep their order.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from .alerts.quiet import quiet_until
from .desk import gather
from .grouping import group
from .model import Delivered, DeliverReport, Gone, Held, Later, Unknown
from .store import doubts, outbox
from .sweeping import Swept, sweep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from .desk import Desk
    from .model import Delivery, DeliveryState, Destination, LookUp, Outcome

# ``run --once`` waits so long in all for alerts that may not be sent yet (a 429, a server that does not answer);
# what takes longer stays queued for the next run.
PATIENCE = timedelta(minutes=1)


async def deliver_due(desk: Desk) -> DeliverReport:
    """One round over all destinations. A service's trouble is in the report; StoreError is raised."""
    rounds = await gather(*(deliver_to(desk, destination) for destination in desk.config.destinations))
    return _total(rounds, await desk.call(_waiting, desk))


async def deliver_all(desk: Desk, *, on_wait: Callable[[float, DeliverReport], None] | None = None) -> DeliverReport:
    """Rounds until no alert is left that time alone would let go, or PATIENCE is over.

    ``on_wait`` is told before each pause: its seconds, and what the last round came to. Changes of messages
    that stand already are not waited for.
    """
    until = desk.now() + PATIENCE
    ids = [destination.id for destination in desk.config.destinations]
    rounds = [await deliver_due(desk)]
    while (due := await desk.call(_next_due, desk, ids, updates=False)) is not None and due < until:
        seconds = max(0.05, (due - desk.now()).total_seconds())
        if on_wait is not None and seconds >= 1:
            on_wait(seconds, rounds[-1])
        await asyncio.sleep(seconds)
        rounds.append(await deliver_due(desk))
    return _total(rounds, _left(rounds[-1]))


def together(before: DeliverReport, then: DeliverReport) -> DeliverReport:
    """Two reports as one; what waits is what waited at the end of the second."""
    return _total((before, then), _left(then))


async def deliver_to(desk: Desk, destination: Destination) -> DeliverReport:
    """One destination's round: settle what is unknown, take second copies back, then send what is due, in order.

    Nothing is sent in quiet hours; what is taken back makes no noise.
    """
    async with desk.delivering[destination.id]:
        due, doubtful = await desk.call(_look, desk, destination)
        if not (due or doubtful):
            return DeliverReport()
        lost: list[str] = []
        if due:
            await desk.call(_expire, desk)
            lost = await _settle_unknowns(desk, destination)
        swept = await sweep(desk, destination) if doubtful else Swept()
        sent = await _drain(desk, destination) if due else DeliverReport()
        return replace(
            sent,
            duplicates=swept.number,
            digests_dead=sent.digests_dead + len(lost),
            notes=(*lost, *swept.notes, *sent.notes),
        )


async def due_destinations(desk: Desk) -> list[str]:
    """The destinations at which something can be done now."""
    return await desk.call(_due, desk)


def _due(desk: Desk) -> list[str]:
    now = desk.now()
    names = [each.id for each in desk.config.destinations if _quiet_until(desk, each.id, now) is None]
    with desk.store.read() as tx:
        dues = {name: outbox.next_due(tx, now, destinations=[name]) for name in names}
    return [name for name, due in dues.items() if due is not None and due <= now]


async def resume_held(desk: Desk) -> None:
    """Let held destinations try again: whoever starts the program has perhaps mended the token or the channel."""
    await desk.call(_release, desk)


def _release(desk: Desk) -> None:
    configured = {destination.id for destination in desk.config.destinations}
    with desk.store.write() as tx:
        for destination in configured & set(outbox.held(tx)):
            outbox.release(tx, destination)


async def _drain(desk: Desk, destination: Destination) -> DeliverReport:
    """Send what the queue holds until it is empty, asks for a pause or the answer leaves doubt."""
    states: Counter[str] = Counter()
    notes: list[str] = []
    while not desk.stopping and (delivery := await _next(desk, destination)) is not None:
        desk.checkpoint("deliver.claimed")
        outcome = await desk.senders[destination.kind].send(delivery)
        desk.checkpoint("deliver.sent")
        state = await desk.call(_mark, desk, delivery, outcome)
        desk.checkpoint("deliver.marked")
        if isinstance(outcome, Gone):  # a change of it is dropped, a reply goes out as a message of its own
            continue
        states[_figure(delivery, state)] += delivery.payload.get("alerts", 1)
        if state == "dead":
            notes.append(f"{destination.id}: {_NOUN[delivery.kind]} could not be delivered: {_reason(outcome)}")
        if isinstance(outcome, Held | Later | Unknown):
            how = " is held, nothing is lost" if isinstance(outcome, Held) else ""
            notes.append(f"{destination.id}{how}: {outcome.reason}")
            break
    return DeliverReport(
        sent=states["sent"],
        updated=states["updated"],
        later=states["pending"],
        held=states["held"],
        unknown=states["unknown"],
        dead=states["dead"],
        digests=states["digests"],
        digests_dead=states["digests_dead"],
        notes=tuple(notes),
    )


_NOUN = {
    "alert": "an alert",
    "group": "a list of alerts, which go out one by one now,",
    "note": "a note of what stands in the digest",
    "digest": "a digest",
    "notice": "a notice",
}


def _figure(delivery: Delivery, state: str) -> str:
    """Under what a report counts it; what became of notices is nobody's result, and a refused list is none."""
    if state == "sent" and delivery.op == "update":
        return "updated"
    if delivery.kind == "digest":
        return {"sent": "digests", "dead": "digests_dead"}.get(state, state)
    own = delivery.kind in ("notice", "note") or (delivery.kind, state) == ("group", "dead")
    return "notices" if own and state in ("sent", "dead") else state


def _reason(outcome: Outcome) -> str:
    return "" if isinstance(outcome, Delivered) else outcome.reason


def _total(rounds: Sequence[DeliverReport], waiting: _Waiting) -> DeliverReport:
    figures = ("sent", "updated", "later", "held", "unknown", "dead", "digests", "digests_dead", "duplicates")
    notes = dict.fromkeys(note for done in rounds for note in done.notes)
    return DeliverReport(
        **{name: sum(getattr(done, name) for done in rounds) for name in figures},
        waiting=waiting.alerts,
        digests_waiting=waiting.digests,
        quiet=waiting.quiet,
        notes=tuple(notes),
    )


async def _next(desk: Desk, destination: Destination) -> Delivery | None:
    """Claim the next message; where many wait they are put together first."""
    begun = False
    while True:
        grouped, claimed = await desk.call(_group_or_claim, desk, destination, begun=begun)
        if not grouped:
            return claimed
        begun = True
        desk.checkpoint("group.committed")


def _group_or_claim(desk: Desk, destination: Destination, *, begun: bool) -> tuple[bool, Delivery | None]:
    """Whether alerts were put together, else the message that was claimed."""
    lease, ids = desk.policy.lease, [destination.id]
    # A long queue may go on into quiet hours.
    if _quiet_until(desk, destination.id, desk.now()) is not None:
        return False, None
    with desk.store.write() as tx:
        if group(desk, tx, destination, begun=begun):
            return True, None
        claimed = outbox.claim(tx, owner=desk.owner, now=desk.now(), lease=lease, limit=1, destinations=ids)
    return False, claimed[0] if claimed else None


def _mark(desk: Desk, delivery: Delivery, outcome: Outcome) -> str:
    with desk.store.write() as tx:
        return outbox.mark(tx, delivery, outcome, desk.now(), desk.policy)


def _expire(desk: Desk) -> None:
    with desk.store.write() as tx:
        outbox.expire(tx, desk.now(), desk.policy)


async def _settle_unknowns(desk: Desk, destination: Destination) -> list[str]:
    """Ask which doubtful messages stand at the destination; only then may one be sent again.

    A note for each that is given up: a digest whose one repetition stayed in doubt too.
    """
    doubtful = (await desk.call(_unknowns, desk)).get(destination.id)
    if not doubtful:
        return []
    answer = await desk.senders[destination.kind].look_up(destination, doubtful)
    desk.checkpoint("deliver.looked_up")
    states = await desk.call(_settle, desk, doubtful, answer)
    lost = sum(state == "dead" for state in states.values())
    return [f"{destination.id}: a digest was sent twice, and neither time was it confirmed that it arrived"] * lost


def _unknowns(desk: Desk) -> dict[str, list[Delivery]]:
    with desk.store.read() as tx:
        return outbox.unknowns(tx, desk.now())


def _settle(desk: Desk, doubtful: list[Delivery], answer: LookUp) -> dict[int, DeliveryState]:
    with desk.store.write() as tx:
        return outbox.settle(tx, doubtful, answer, desk.now(), desk.policy)


def _look(desk: Desk, destination: Destination) -> tuple[bool, bool]:
    """Whether something is due at a destination, and whether it is to be looked through for second copies."""
    due = _next_due(desk, [destination.id])
    now = desk.now()  # asked afterwards: what is due at once is due at a moment of that asking
    with desk.store.read() as tx:
        return due is not None and due <= now, doubts.is_due(tx, destination.id, now)


def _next_due(desk: Desk, destinations: Sequence[str], *, updates: bool = True) -> datetime | None:
    now = desk.now()
    quiet = {name: until for name in destinations if (until := _quiet_until(desk, name, now)) is not None}
    with desk.store.read() as tx:
        awake = [name for name in destinations if name not in quiet]
        dues = [outbox.next_due(tx, now, destinations=awake, updates=updates)]
        for name, until in quiet.items():
            due = outbox.next_due(tx, now, destinations=[name], updates=updates)
            dues.append(due and max(due, until))
    return min((due for due in dues if due is not None), default=None)


def _quiet_until(desk: Desk, destination: str, now: datetime) -> datetime | None:
    quiet = next(each.quiet for each in desk.config.destinations if each.id == destination)
    return quiet_until(quiet, now) if quiet else None


class _Waiting(NamedTuple):
    """What is still queued, without notices, which nobody waits for; ``quiet`` waits for the end of quiet hours."""

    alerts: int
    digests: int
    quiet: int


def _left(report: DeliverReport) -> _Waiting:
    return _Waiting(report.waiting, report.digests_waiting, report.quiet)


def _waiting(desk: Desk) -> _Waiting:
    ids = [destination.id for destination in desk.config.destinations]
    now = desk.now()
    quiet = [name for name in ids if _quiet_until(desk, name, now) is not None]
    awake = [name for name in ids if name not in quiet]
    with desk.store.read() as tx:
        kept = sum(outbox.waiting(tx, quiet, kind=kind) for kind in ("alert", "digest"))
        return _Waiting(outbox.waiting(tx, awake, kind="alert"), outbox.waiting(tx, awake, kind="digest"), kept)
