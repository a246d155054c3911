"""Second copies taken back: what was in doubt is looked for again when it should be certain, and stays in one place.

A look costs one reading of the channel, and there is none where nothing was ever in doubt. What is found is written
down, and the message moved to the earliest copy, before a later one is touched.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from .model import Held, Later, Marked, RefusedPayload, Removed
from .store import doubts, outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .desk import Desk
    from .model import Copies, Copy, Delivery, Destination, Retraction
    from .store.doubts import Doubt, Work


@runtime_checkable
class Sweeper(Protocol):
    """A sender to whose destinations one can go back, to look and to take back."""

    async def find_copies(self, destination: Destination, wanted: Sequence[Delivery]) -> Copies:
        """Where each of these deliveries stands, more than once if so."""

    async def retract(self, copy: Copy, first: Copy) -> Retraction:
        """Remove a copy, or say in it that it is one; ``first`` is the message that stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many copies were taken back, removed or marked; a note for each that stays for good."""

    number: int = 0
    notes: tuple[str, ...] = ()


async def sweep(desk: Desk, destination: Destination) -> Swept:
    """Look through a destination for what was in doubt there, and take second copies back. Raises StoreError."""
    sender = desk.senders[destination.kind]
    if not isinstance(sender, Sweeper):
        return Swept()
    doubtful = await desk.call(_claim, desk, destination)
    if not doubtful:
        return Swept()
    desk.checkpoint("sweep.claimed")
    copies = await sender.find_copies(destination, [doubt.delivery for doubt in doubtful])
    desk.checkpoint("sweep.looked")
    outcomes: Counter[str | None] = Counter()
    for doubt in doubtful:
        work = await desk.call(_found, desk, doubt, copies)
        if work is not None:
            desk.checkpoint("sweep.found")
            outcomes.update([_note(each) for each in await _take_back(desk, sender, doubt, work)])
    number = outcomes.pop("", 0)
    return Swept(number=number, notes=tuple(f"{destination.id}: {note}" for note in outcomes if note))


async def _take_back(desk: Desk, sender: Sweeper, doubt: Doubt, work: Work) -> list[Retraction]:
    """What became of each copy; it ends where another worker has begun to look for them."""
    outcomes: list[Retraction] = []
    for copy in work.copies:
        if desk.stopping:  # the row is there still, and the next start finds the same
            return outcomes
        outcome = await sender.retract(copy, work.first)
        desk.checkpoint("sweep.retracted")
        if not await desk.call(_became, desk, doubt, copy, outcome):
            return outcomes
        desk.checkpoint("sweep.written")
        outcomes.append(outcome)
    await desk.call(_end, desk, doubt, outcomes)
    return outcomes


def _note(outcome: Retraction) -> str | None:
    """Empty for what was taken back, a sentence for what stays for good, None for what is tried again."""
    if isinstance(outcome, Removed | Marked):
        return ""
    if isinstance(outcome, RefusedPayload):
        return f"a message stands there twice, and the second cannot be removed: {outcome.reason}"
    return None


def _claim(desk: Desk, destination: Destination) -> list[Doubt]:
    with desk.store.write() as tx:
        return doubts.claim(tx, destination.id, desk.now(), desk.policy.lease)


def _found(desk: Desk, doubt: Doubt, copies: Copies) -> Work | None:
    """What there is to take back; what there is not, or could not be looked for, is done with here."""
    now, policy = desk.now(), desk.policy
    with desk.store.write() as tx:
        if not doubts.renew(tx, doubt, now, policy.lease):
            return None
        if not copies.complete:
            reason, possible = copies.reason, copies.possible
            doubts.failed(tx, doubt, now, policy, reason=reason, seconds=None, possible=possible)
            return None
        work = doubts.found(tx, doubt, copies, now)
        if work is None:
            doubts.looked(tx, doubt, now, policy)
        elif work.newest is not None:
            outbox.coalesce_update(tx, doubt.delivery.id, work.newest, now)
        return work


def _became(desk: Desk, doubt: Doubt, copy: Copy, outcome: Retraction) -> bool:
    with desk.store.write() as tx:
        if not doubts.renew(tx, doubt, desk.now(), desk.policy.lease):
            return False
        doubts.became(tx, doubt, copy, outcome, desk.now())
        return True


def _end(desk: Desk, doubt: Doubt, outcomes: Sequence[Retraction]) -> None:
    """The look is over, unless a copy is to be tried again."""
    open_ = [each for each in outcomes if isinstance(each, Later | Held)]
    with desk.store.write() as tx:
        if not open_:
            doubts.looked(tx, doubt, desk.now(), desk.policy)
            return
        first = open_[0]
        seconds = first.seconds if isinstance(first, Later) else desk.policy.longest_wait
        doubts.failed(tx, doubt, desk.now(), desk.policy, reason=first.reason, seconds=seconds)
