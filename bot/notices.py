"""Operator notices: dead sources, held queues and rejected rules are told to the destinations of ``[ops]``.

*Look* – how sources, queues and rules fare, and what was told of them. *Decide* – :mod:`bot.alerts.notices`. *Act* –
the messages and what is remembered of them, in one transaction: of two processes only one finds something to tell.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from .alerts.notices import Remembered, Trouble, Verdict, compose_notices, decide, sign_of
from .store import notices, outbox, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from .alerts.notices import Notice
    from .desk import Desk
    from .errors import Fault
    from .store import Tx
    from .store.records import SourceState

# A source is dead when nothing good has come of it for so long, in as many polls at least: a bot that was
# switched off for a day has not been failed by its sources.
DEAD, POLLS = timedelta(hours=24), 2
UID_SPACE = uuid.UUID("0d1c8f5e-2f64-5b7a-8d0e-5e8a3f1b9c47")


async def notify_operators(desk: Desk) -> tuple[Notice, ...]:
    """Queue what those who run the program must hear of now; nothing without ``[ops]``. Raises StoreError."""
    if not desk.config.ops_notify:
        return ()
    return await desk.call(_notify, desk)


def _notify(desk: Desk) -> tuple[Notice, ...]:
    with desk.store.read() as tx:
        if not _look(desk, tx).notices:
            return ()
    with desk.store.write() as tx:
        verdict = _look(desk, tx)
        for key, known in verdict.remember.items():
            notices.remember(tx, key, {"kind": known.kind, "title": known.title, "sign": known.sign}, known.told_at)
        notices.forget(tx, verdict.forget)
        if verdict.notices:
            _queue(desk, tx, verdict)
    desk.checkpoint("notices.committed")
    return verdict.notices


def _queue(desk: Desk, tx: Tx, verdict: Verdict) -> None:
    now = desk.now()
    kinds = {destination.id: destination.kind for destination in desk.config.destinations}
    said = " ".join(sorted(f"{notice.step} {notice.trouble.key}" for notice in verdict.notices))
    for name in dict.fromkeys(desk.config.ops_notify):
        outbox.enqueue(
            tx,
            uid=str(uuid.uuid5(UID_SPACE, f"{name} {now.isoformat()} {said}")),
            alert=None,
            destination=name,
            op="post",
            payload=compose_notices(verdict.notices, kinds[name]),
            at=now,
        )


def _look(desk: Desk, tx: Tx) -> Verdict:
    remembered = {key: Remembered(**said, told_at=at) for key, (said, at) in notices.told(tx).items()}
    faults = desk.live.faults if desk.live is not None else ()
    now = desk.now()
    troubles = [*_dead(sources.states(tx), now), *_held(desk, tx, remembered), *_rejected(faults)]
    return decide(troubles, remembered, now)


def _dead(states: Iterable[SourceState], now: datetime) -> Iterator[Trouble]:
    for state in states:
        failed = state.first_failed_at
        if state.state != sources.ACTIVE or failed is None or state.failures < POLLS or now - failed < DEAD:
            continue
        since = f"{state.last_ok_at:%Y-%m-%d %H:%M} UTC" if state.last_ok_at else "it was configured"
        yield Trouble(
            key=f"source {state.id}",
            kind="source",
            title=f"Source {state.name} ({state.id})" if state.name != state.id else f"Source {state.id}",
            detail=f"no good answer since {since} – {state.last_error or 'no reason known'}",
            remedy=f"presswatch sources check {state.id}",
            sign=sign_of(state.last_error or ""),
        )


def _held(desk: Desk, tx: Tx, remembered: Mapping[str, Remembered]) -> Iterator[Trouble]:
    """Held queues. One that was let go for a try is not well before it is empty, or it would be told every time."""
    held = outbox.held(tx)
    for destination in desk.config.destinations:
        key = f"queue {destination.id}"
        known = remembered.get(key)
        reason = held.get(destination.id)
        waiting = outbox.waiting(tx, [destination.id]) if reason is not None or known is not None else 0
        if reason is None and (known is None or not waiting):
            continue
        yield Trouble(
            key=key,
            kind="queue",
            title=f"Destination {destination.id}",
            detail=f"its queue is held with {waiting} waiting, nothing is lost – {reason or 'being tried again'}",
            remedy="presswatch doctor names what to mend; then it goes on by itself",
            sign=sign_of(reason) if reason is not None else known.sign if known is not None else "",
        )


def _rejected(faults: Iterable[Fault]) -> Iterator[Trouble]:
    by_subject: dict[str, list[Fault]] = {}
    for fault in faults:
        by_subject.setdefault(fault.subject or fault.file, []).append(fault)
    for subject, found in by_subject.items():
        yield Trouble(
            key=f"rule {subject}",
            kind="rule",
            title=f"{subject[:1].upper()}{subject[1:]} is rejected",
            detail=str(found[0]) + (f" (and {len(found) - 1} more)" if len(found) > 1 else ""),
            remedy="its last good version stays in force; presswatch rules check",
            sign=" | ".join(sorted(fault.message for fault in found)),
        )
