"""What was too much for a destination's hour is said there once, when the hour is over: "12 more in the digest"."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from .alerts.compose_note import compose_note
from .alerts.noise import is_for
from .alerts.reasons import Reason
from .store import notes, outbox

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .desk import Desk
    from .model import Decision
    from .store import Tx

# Names a note for ever: one destination has one for each moment at which it begins to count.
UID_SPACE = uuid.UUID("9d6c2f0a-7a0d-5e83-9c55-4f6f0c1d9b27")
HOUR = timedelta(hours=1)


def note(desk: Desk, tx: Tx, decisions: Iterable[Decision], now: datetime) -> None:
    """Queue a note for each destination that was spared one of these, or count it in the one that waits.

    To be called when the decisions are written. It goes out an hour after the first that it counts, so that one note
    tells of all of them.
    """
    crowded = {one.destination for one in decisions if is_for(one, Reason.CROWDED)}
    for destination in desk.config.destinations:
        if destination.id not in crowded:
            continue
        standing = notes.waiting(tx, destination.id)
        since = standing[1] if standing else now
        number = notes.kept_back(tx, destination.id, Reason.CROWDED.value, since)
        payload = compose_note(number, destination)
        if standing:
            outbox.replace_payload(tx, standing[0], payload)
        else:
            outbox.enqueue(
                tx,
                uid=str(uuid.uuid5(UID_SPACE, f"{destination.id} {now.isoformat()}")),
                alert=None,
                destination=destination.id,
                op="post",
                payload=payload,
                at=now,
                not_before=now + HOUR,
                kind="note",
            )
