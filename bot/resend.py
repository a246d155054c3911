"""``alerts resend``: the newest stories told once more, to one destination, because somebody asked.

A story that the destination was not told yet becomes its alert there, with all that follows: later copies change
its counter, and it is not told again. One that it was told already is posted again as a message of its own; the
one that stands keeps its thread and its counter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .alerts.compose import compose
from .alerts.decide import Reason
from .model import Decision
from .outgo import deliver_to
from .reload import reload_rules
from .retelling import alert_of, content_of, message_uid
from .store import alerts, articles, outbox, stories

if TYPE_CHECKING:
    from .desk import Desk
    from .model import DeliveryState, Destination
    from .store import Tx
    from .store.records import AlertParts

# What can show an alert; the others take digests.
KINDS = ("slack", "console", "webhook", "feed", "apprise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resent:
    """What became of one story. ``first``: the destination had not been told of it; ``error`` says why it waits."""

    story: int
    alert: int
    headline: str
    first: bool
    state: DeliveryState
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Queued:
    story: int
    alert: int
    headline: str
    first: bool
    delivery: int


async def resend(desk: Desk, destination: Destination, last: int) -> tuple[Resent, ...]:
    """Queue the ``last`` newest stories that were alerted anywhere, oldest first, and deliver them at once.

    A message of the story that still waits at the destination is not queued a second time. A destination that is
    held is tried again: whoever asks has perhaps mended it. Raises StoreError; a service's trouble is in the answer.
    """
    await reload_rules(desk)
    queued = await desk.call(_queue_all, desk, destination, last)
    await deliver_to(desk, destination)
    return await desk.call(_fates, desk, destination, queued)


def _queue_all(desk: Desk, destination: Destination, last: int) -> list[_Queued]:
    with desk.store.write() as tx:
        outbox.release(tx, destination.id)
        found = (alerts.content_parts(tx, alert) for alert in reversed(alerts.newest_stories(tx, last)))
        return [_queue(desk, tx, destination, parts) for parts in found if parts is not None]


def _queue(desk: Desk, tx: Tx, destination: Destination, parts: AlertParts) -> _Queued:
    told = stories.told(tx, parts.story).get(destination.id)
    if told is None:
        return _tell(desk, tx, destination, parts)
    own = alerts.content_parts(tx, told.alert) or parts
    return _tell_again(desk, tx, destination, own, told.delivery)


def _tell(desk: Desk, tx: Tx, destination: Destination, parts: AlertParts) -> _Queued:
    """The story's first alert at this destination."""
    now = desk.now()
    alert = replace(alert_of(parts), destination=destination.id)
    added = alerts.add(tx, alert, now)
    assert added is not None  # noqa: S101 – nothing was told there, and this is the only writer
    reason = Reason.ON_REQUEST.value
    articles.add_decisions(
        tx,
        [
            Decision(article=alert.article, rule=rule, destination=destination.id, verdict="alert", reason=reason)
            for rule in alert.rules
        ],
        now,
    )
    return _post(desk, tx, destination, replace(parts, id=added, destination=destination.id, joined=()), first=True)


def _tell_again(desk: Desk, tx: Tx, destination: Destination, parts: AlertParts, message: int) -> _Queued:
    fate = outbox.fates(tx, [message]).get(message)
    if fate is None or fate.state in ("sent", "dead"):
        return _post(desk, tx, destination, parts, first=False)
    headline = content_of(parts, {}).headline
    return _Queued(story=parts.story, alert=parts.id, headline=headline, first=False, delivery=message)


def _post(desk: Desk, tx: Tx, destination: Destination, parts: AlertParts, *, first: bool) -> _Queued:
    now = desk.now()
    shown = replace(content_of(parts, desk.rules().ruleset.rules), resent=True)
    delivery = outbox.enqueue(
        tx,
        uid=message_uid(parts.id, destination.id, now),
        alert=parts.id,
        destination=destination.id,
        op="post",
        payload=compose(shown, destination.kind),
        at=now,
    )
    return _Queued(story=parts.story, alert=parts.id, headline=shown.headline, first=first, delivery=delivery)


def _fates(desk: Desk, destination: Destination, queued: list[_Queued]) -> tuple[Resent, ...]:
    with desk.store.read() as tx:
        fates = outbox.fates(tx, [each.delivery for each in queued])
        held = outbox.held(tx).get(destination.id)
    return tuple(
        Resent(
            story=each.story,
            alert=each.alert,
            headline=each.headline,
            first=each.first,
            state="held" if held and fates[each.delivery].state == "pending" else fates[each.delivery].state,
            error=held or fates[each.delivery].error,
        )
        for each in queued
    )
