"""Operator notices: what is wrong is told to the destinations of ``[ops]``, what is well again too.

*Look* – how sources, queues and rules fare (:mod:`bot.troubles`), and what was told of them. *Decide* –
:mod:`bot.alerts.notices`. *Act* – the messages and what is remembered of them, in one transaction: of two processes
only one finds something to tell.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from .alerts.compose_notices import compose_notices
from .alerts.notices import Remembered, decide
from .owners import notify_owners
from .store import notices, outbox, unknowns
from .troubles import look

if TYPE_CHECKING:
    from .alerts.notices import Notice, Verdict
    from .desk import Desk
    from .store import Tx

UID_SPACE = uuid.UUID("0d1c8f5e-2f64-5b7a-8d0e-5e8a3f1b9c47")


async def notify_operators(desk: Desk) -> tuple[Notice, ...]:
    """Queue what those who run the program must hear of now; nothing without ``[ops]``. Raises StoreError.

    The owners of rules are written to beside them, see :mod:`bot.owners`.
    """
    await desk.call(notify_owners, desk)
    if not desk.config.ops_notify:
        return ()
    return await desk.call(_notify, desk)


def _notify(desk: Desk) -> tuple[Notice, ...]:
    _note_unknowns(desk)
    with desk.store.read() as tx:
        if _verdict(desk, tx).changes_nothing:
            return ()
    with desk.store.write() as tx:
        verdict = _verdict(desk, tx)
        told = {key: notices.Told(said=known.as_json(), at=known.told_at) for key, known in verdict.remember.items()}
        notices.remember(tx, told)
        notices.forget(tx, verdict.forget)
        if verdict.notices:
            _queue(desk, tx, verdict)
    desk.checkpoint("notices.committed")
    return verdict.notices


def _note_unknowns(desk: Desk) -> None:
    """Since when it is unknown whether a message arrived can only be told by who has seen it begin."""
    with desk.store.read() as tx:
        if unknowns.are_noted(tx, unknowns.seen(tx, desk.now())):
            return
    with desk.store.write() as tx:
        now = desk.now()
        unknowns.note(tx, unknowns.seen(tx, now), now)


def _queue(desk: Desk, tx: Tx, verdict: Verdict) -> None:
    now = desk.now()
    kinds = {destination.id: destination.kind for destination in desk.config.destinations}
    said = " ".join(sorted(f"{notice.step} {notice.trouble.key} {notice.trouble.sign}" for notice in verdict.notices))
    for name in desk.config.ops_notify:
        outbox.enqueue(
            tx,
            uid=str(uuid.uuid5(UID_SPACE, f"{name} {now.isoformat()} {said}")),
            alert=None,
            destination=name,
            op="post",
            payload=compose_notices(verdict.notices, kinds[name]),
            at=now,
        )


def _verdict(desk: Desk, tx: Tx) -> Verdict:
    remembered = {key: Remembered.from_json(told.said, told.at) for key, told in notices.told(tx).items()}
    return decide(look(desk, tx, remembered), remembered, desk.now())
