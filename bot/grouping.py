"""Alerts that wait in numbers are put together into messages, just before the next one would go out.

Each message is a transaction of its own: a kill between two leaves some alerts in messages that stand in the outbox and
the others waiting as before, to be put together at the next start.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from .alerts.compose_group import MOST, compose_group
from .alerts.noise import go_together
from .alerts.reasons import Reason
from .model import Decision
from .retelling import content_of
from .store import alerts, articles, groups, line

if TYPE_CHECKING:
    from .desk import Desk
    from .model import Destination
    from .store import Tx
    from .store.records import AlertParts

# Names a group's message for ever, by the messages that it stands for.
UID_SPACE = uuid.UUID("3a4f8b86-2a53-5c0c-8f4b-9a2d54a7c6e1")


def group(desk: Desk, tx: Tx, destination: Destination, *, begun: bool = False) -> bool:
    """Put the oldest alerts that wait for a destination into one message; False if there is no need to.

    ``begun``: some have been put together just now, so that the rest follows, however few they are. What is to go out
    before them by itself goes first: nothing high or urgent waits for a list to be made.
    """
    if destination.group_over is None:
        return False
    waiting = groups.waiting(tx, destination.id, max(MOST, destination.group_over + 1))
    due = go_together([each.not_before for each in waiting], destination, desk.now())
    if not due and not (begun and len(waiting) > 1):
        return False
    head = line.ready(tx, destination.id, desk.now(), 1)
    if not begun and head and head[0] not in {each.id for each in waiting}:
        return False
    found = [(each.id, parts) for each in waiting[:MOST] if (parts := alerts.content_parts(tx, each.alert))]
    return len(found) > 1 and _join(desk, tx, destination, found)


def _join(desk: Desk, tx: Tx, destination: Destination, found: list[tuple[int, AlertParts]]) -> bool:
    rules = desk.rules().ruleset.rules
    payload, number = compose_group([content_of(parts, rules) for _, parts in found], destination.kind)
    members = found[:number]
    if number < 2:  # one alone is no group
        return False
    ids = [id_ for id_, _ in members]
    named = f"{destination.id} {' '.join(map(str, ids))}"
    groups.join(
        tx,
        ids,
        uid=str(uuid.uuid5(UID_SPACE, named)),
        destination=destination.id,
        payload=payload,
        at=desk.now(),
    )
    articles.add_decisions(tx, [one for _, parts in members for one in _decisions(parts, number)], desk.now())
    desk.checkpoint("group.joined")
    return True


def _decisions(parts: AlertParts, number: int) -> list[Decision]:
    """What ``explain`` tells of an alert that shares a message."""
    rules: list[str | None] = [mention.rule for mention in parts.mentions]
    reason = f"{Reason.GROUPED.value}: one of {number} in one message"
    return [
        Decision(
            article=parts.article.id,
            rule=rule,
            destination=parts.destination,
            verdict="alert" if parts.kind == "first" else "reply",
            reason=reason,
        )
        for rule in rules or [None]
    ]
