"""Delivery: what is in doubt is looked up; what is due is claimed, sent once and marked.

One worker per destination: a slow or held one keeps nobody else waiting, and messages keep their order.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from .desk import gather
from .model import DeliverReport, Held, Later
from .store import outbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from .desk import Desk
    from .model import Delivery, Destination, LookUp, Outcome

# ``run --once`` waits so long in all for messages that may not be sent yet (a 429, a look-up); the rest stays queued.
PATIENCE = timedelta(minutes=4)


@dataclass(slots=True)
class _Round:
    """What one destination's worker did."""

    states: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)


async def deliver_due(desk: Desk) -> DeliverReport:
    """One round over all destinations. A service's trouble is in the report; StoreError is raised."""
    async with desk.delivering:
        await desk.call(_expire, desk)
        await _settle_unknowns(desk)
        rounds = await gather(*(_drain(desk, destination) for destination in desk.config.destinations))
    states = sum((done.states for done in rounds), Counter[str]())
    return DeliverReport(
        sent=states["sent"],
        later=states["pending"],
        held=states["held"],
        unknown=states["unknown"],
        dead=states["dead"],
        waiting=await desk.call(_waiting, desk),
        notes=tuple(note for done in rounds for note in done.notes),
    )


async def deliver_all(desk: Desk, *, on_wait: Callable[[float, int], None] | None = None) -> DeliverReport:
    """Rounds until nothing is left that time alone would let go, or PATIENCE is over.

    ``on_wait`` is told before each pause: its seconds, and how many messages wait.
    """
    until = desk.now() + PATIENCE
    total = await deliver_due(desk)
    while (next_due := await desk.call(_next_due, desk)) is not None and next_due < until:
        seconds = max(0.05, (next_due - desk.now()).total_seconds())
        if on_wait is not None:
            on_wait(seconds, total.waiting)
        await asyncio.sleep(seconds)
        total = total.plus(await deliver_due(desk))
    return total


async def resume_held(desk: Desk) -> None:
    """Let held destinations try again: whoever starts the program has perhaps mended the token or the channel."""
    await desk.call(_release, desk)


def _release(desk: Desk) -> None:
    with desk.store.write() as tx:
        for destination in outbox.held(tx):
            outbox.release(tx, destination)


async def _drain(desk: Desk, destination: Destination) -> _Round:
    """Send what this destination's queue holds, in order, until it is empty or asks for a pause."""
    done = _Round()
    while (delivery := await desk.call(_claim, desk, destination)) is not None:
        desk.checkpoint("deliver.claimed")
        outcome = await desk.senders[destination.kind].send(delivery)
        desk.checkpoint("deliver.sent")
        state = await desk.call(_mark, desk, delivery, outcome)
        desk.checkpoint("deliver.marked")
        done.states[state] += 1
        if isinstance(outcome, Held):
            done.notes.append(f"{destination.id} is held, nothing is lost: {outcome.reason}")
        if isinstance(outcome, Held | Later):
            break
    return done


def _claim(desk: Desk, destination: Destination) -> Delivery | None:
    with desk.store.write() as tx:
        claimed = outbox.claim(
            tx,
            owner=desk.owner,
            now=desk.now(),
            lease=desk.policy.lease,
            limit=1,
            destinations=[destination.id],
            held=outbox.held(tx),
        )
    return claimed[0] if claimed else None


def _mark(desk: Desk, delivery: Delivery, outcome: Outcome) -> str:
    with desk.store.write() as tx:
        state = outbox.mark(tx, delivery, outcome, desk.now(), desk.policy)
        if isinstance(outcome, Held):
            outbox.hold(tx, delivery.destination, outcome.reason, desk.now())
    return state


def _expire(desk: Desk) -> None:
    with desk.store.write() as tx:
        outbox.expire(tx, desk.now(), desk.policy)


async def _settle_unknowns(desk: Desk) -> None:
    """Ask each destination which of its doubtful messages stand there; only then may one be sent again."""
    by_id = {destination.id: destination for destination in desk.config.destinations}
    for name, doubtful in (await desk.call(_unknowns, desk)).items():
        destination = by_id.get(name)
        if destination is None:
            continue
        answer = await desk.senders[destination.kind].look_up(destination, doubtful)
        desk.checkpoint("deliver.looked_up")
        await desk.call(_settle, desk, doubtful, answer)


def _unknowns(desk: Desk) -> dict[str, list[Delivery]]:
    with desk.store.read() as tx:
        return outbox.unknowns(tx, desk.now())


def _settle(desk: Desk, doubtful: list[Delivery], answer: LookUp) -> None:
    with desk.store.write() as tx:
        outbox.settle(tx, doubtful, answer, desk.now(), desk.policy)


def _next_due(desk: Desk) -> datetime | None:
    with desk.store.read() as tx:
        return outbox.next_due(tx, desk.now())


def _waiting(desk: Desk) -> int:
    with desk.store.read() as tx:
        counts = outbox.counts(tx)
    return sum(number for (_, state), number in counts.items() if state not in ("sent", "dead"))
