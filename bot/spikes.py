"""Spikes: a theme or an entity with far more stories than is usual for it is told, once, where its alerts go.

*Look* – count what is new (:mod:`bot.volume`); only subjects that it touches, and spikes that last, are looked at.
*Decide* – :mod:`bot.alerts.volume` and :mod:`bot.alerts.spikes`. *Act* – the spike and its messages, in one
transaction: whatever stops us before it, the next look finds the same; after it every message is a row.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from . import volume as counts
from .alerts import counting
from .alerts import spikes as rules_of
from .alerts.compose_spikes import compose_spike
from .alerts.volume import DAY, HOUR, LEAST, Past, may_stand_out
from .model.volume import Spike
from .store import outbox, spikes
from .store import volume as stored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .desk import Desk
    from .model.volume import Subject, SubjectKind, Usual
    from .store import Tx
    from .store.spikes import Told
    from .store.volume import Count

    Key = tuple[SubjectKind, str]

# Names a spike's messages for ever: the same spike always gets the same uids.
UID_SPACE = uuid.UUID("6b1f2c1e-7a55-5c0d-9a3a-3f1f0d9d7b21")


async def watch_volume(desk: Desk) -> tuple[Spike, ...]:
    """Count what is new and tell of what stands out. Raises StoreError."""
    return await desk.call(_watch, desk)


def _watch(desk: Desk) -> tuple[Spike, ...]:
    now, ruleset = desk.now(), desk.rules().ruleset
    if not counts.count(desk.store, ruleset, now):  # nothing can be compared with a past that is not counted
        return ()
    desk.checkpoint("spikes.counted")
    with desk.store.read() as tx:
        upto = stored.counted(tx) or 0
        if stored.looked(tx) >= upto and not spikes.any_lasts(tx):
            return ()
        known = {key: each for key, each in counting.subjects(ruleset).items() if each.kind != "rule"}
        touched = counts.touched(tx, ruleset, known)
        told = spikes.latest(tx, now - rules_of.REST)
        over = _over(tx, known, told, now)
        begun = [
            spike
            for key in sorted(touched & _enough(tx, now))
            if _may_begin(told.get(key), now) and (spike := _begun(desk, tx, known[key], now)) is not None
        ]
        is_done = stored.looked(tx) >= upto and not (begun or over)
    return () if is_done else _write(desk, begun, over, upto)


def _enough(tx: Tx, now: datetime) -> set[Key]:
    """The subjects that have had so many stories in the last 24 hours that they may stand out."""
    end = counts.hour_of(now) + HOUR
    kinds: tuple[SubjectKind, ...] = ("theme", "entity")
    return {
        (kind, id_)
        for kind in kinds
        for id_, number in stored.totals(tx, kind, end - DAY * HOUR, end).items()
        if number >= LEAST
    }


def _may_begin(told: Told | None, now: datetime) -> bool:
    if told is None:
        return True
    return told.ended_at is not None and rules_of.may_be_told(told.at, now)


def _over(tx: Tx, known: dict[Key, Subject], told: dict[Key, Told], now: datetime) -> dict[int, bool]:
    """Spikes that last and were not looked at in this hour: whether they are over."""
    hour = counts.hour_of(now)
    due = {key: each for key, each in told.items() if each.ended_at is None and each.seen_at < hour}
    return {
        each.id: key not in known or rules_of.is_over(Past(counts.series(tx, known[key], now)))
        for key, each in due.items()
    }


def _begun(desk: Desk, tx: Tx, subject: Subject, now: datetime) -> Spike | None:
    """The spike that begins, if one does. Asked closely only where a quick look leaves room for one."""
    if not may_stand_out(Past(counts.series(tx, subject, now, closely=False))):
        return None
    first = counts.hour_of(now) - (DAY - 1) * HOUR
    settled = counts.settled(tx, subject, now, first)
    past = Past(rules_of.with_stories(counts.series(tx, subject, now), (each.at for each in settled), DAY))
    found = rules_of.standing_out(past)
    return _spike(desk, tx, subject, past, found, settled) if found is not None else None


def _spike(desk: Desk, tx: Tx, subject: Subject, past: Past, found: Usual, settled: Iterable[Count]) -> Spike:
    begin = found.end - found.hours * HOUR
    stories = [each.story for each in settled if begin <= each.at < found.end]
    hours = stored.hours(tx, subject.kind, subject.id, begin)
    live = desk.rules().ruleset.rules
    return Spike(
        kind=subject.kind,
        subject=subject.id,
        title=subject.title,
        rules=subject.rules,
        hours=found.hours,
        begin=rules_of.since(past, found),
        at=desk.now(),
        stories=found.stories,
        articles=sum(hour.articles for at, hour in hours.items() if at < found.end),
        low=found.low,
        high=found.high,
        weeks=found.weeks,
        top=spikes.top(tx, stories, rules_of.STORIES),
        terms=rules_of.terms(subject, live, spikes.evidence(tx, stories, subject.rules)),
    )


def _write(desk: Desk, begun: list[Spike], over: dict[int, bool], upto: int) -> tuple[Spike, ...]:
    now = desk.now()
    with desk.store.write() as tx:
        # Another process may have told it since.
        told = spikes.latest(tx, now - rules_of.REST)
        spikes.end(tx, [id_ for id_, ended in over.items() if ended], now)
        spikes.lasts(tx, [id_ for id_, ended in over.items() if not ended], now)
        new = [spike for spike in begun if _may_begin(told.get((spike.kind, spike.subject)), now)]
        new = [spike for spike in new if _tell(desk, tx, spike)]
        counts.finish(tx, upto, now)
        desk.checkpoint("spikes.queued")
    desk.checkpoint("spikes.committed")
    return tuple(new)


def _tell(desk: Desk, tx: Tx, spike: Spike) -> bool:
    """Write a spike down with its messages; False if it was told already."""
    id_ = spikes.add(tx, spike)
    if id_ is None:
        return False
    kinds = {destination.id: destination.kind for destination in desk.config.destinations}
    subject = counting.subjects(desk.rules().ruleset)[spike.kind, spike.subject]
    names = rules_of.destinations(subject, desk.rules().ruleset.rules, desk.config.destinations, desk.config.routes)
    for name in names:
        outbox.enqueue(
            tx,
            uid=str(uuid.uuid5(UID_SPACE, f"{id_} {name} {spike.at.isoformat()}")),
            alert=None,
            destination=name,
            op="post",
            payload=compose_spike(spike, kinds[name]),
            at=spike.at,
            kind="alert",
        )
    return True
