"""Troubles as they are now: sources dead or silent, queues held, messages in doubt or lost, rules rejected, no clock.

Only what is known for certain is told: a source that was not asked since the bot was off, a queue that was let go
for a try and a rule whose folder cannot be read are unclear, not well again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from . import expected, heartbeat, moves
from .alerts import expect
from .alerts.notices import Sight, Trouble, sign_of
from .model.words import plural
from .store import heartbeats, notices, outbox, sources, unknowns
from .watched import is_silent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from .alerts.notices import Remembered
    from .desk import Desk, Live
    from .errors import Fault
    from .store import Tx
    from .store.heartbeats import Heartbeat
    from .store.records import SourceState

# A source is dead when nothing good has come of it for so long, in as many polls at least: a bot that was
# switched off for a day has not been failed by its sources. One that is dead takes those along that soon will be.
DEAD, ALMOST, POLLS = timedelta(hours=24), timedelta(hours=20), 2
# Whether a message arrived is found out within a minute or two, if it can be.
DOUBT = timedelta(minutes=15)


class Looking:
    """Collects one look; ``remembered`` is what was told."""

    def __init__(self, remembered: Mapping[str, Remembered], now: datetime) -> None:
        self.remembered, self.now = remembered, now
        self.troubles: list[Trouble] = []
        self.endings: dict[str, str] = {}
        self.unclear: set[str] = set()

    def told(self, kind: str) -> list[str]:
        """The keys of what was told of this kind."""
        return [key for key, known in self.remembered.items() if known.kind == kind]


def look(desk: Desk, tx: Tx, remembered: Mapping[str, Remembered]) -> Sight:
    """How sources, queues and rules fare, beside what was told of them."""
    found = Looking(remembered, desk.now())
    _sources(found, sources.states(tx), desk.config.path)
    for destination in desk.config.destinations:
        _queue(found, tx, destination.id)
    configured = {destination.id for destination in desk.config.destinations}
    _unknown(found, tx, configured)
    _lost(found, tx, configured)
    _clock(found, heartbeats.last(tx))
    _config(found, desk.config_faults)
    _rules(found, desk.live)
    _volumes(found, tx, desk.live)
    return Sight(troubles=tuple(found.troubles), endings=found.endings, unclear=found.unclear)


def look_at_rules(desk: Desk, tx: Tx, remembered: Mapping[str, Remembered]) -> Sight:
    """How the rules alone fare: what concerns their owners."""
    found = Looking(remembered, desk.now())
    _rules(found, desk.live)
    _volumes(found, tx, desk.live)
    return Sight(troubles=tuple(found.troubles), endings=found.endings, unclear=found.unclear)


# ── sources ──────────────────────────────────────────────────────────────────────────────────────


def _sources(found: Looking, states: Sequence[SourceState], config: Path | None) -> None:
    for state in states:
        if state.state == sources.ACTIVE:
            _life(found, state)
            _silence(found, state)
            _move(found, state, config)


def _life(found: Looking, state: SourceState) -> None:
    key = f"source {state.id}"
    if _is_dead(state, found.now):
        # One that is due is being asked, or was not for a while: its next poll tells more than its last.
        if state.next_due <= found.now:
            found.unclear.add(key)
        else:
            found.troubles.append(_dead(key, state, found.now))
    elif key in found.remembered and _answered(state, found.remembered[key]):
        found.endings[key] = "it answers again"


def _silence(found: Looking, state: SourceState) -> None:
    """A feed that answers and brings nothing; of one that does not answer nobody knows whether it has news."""
    key = f"silent {state.id}"
    if is_silent(state) and not state.failures and state.next_due > found.now:
        found.troubles.append(_silent(key, state))
    elif is_silent(state):
        found.unclear.add(key)
    elif key in found.remembered and state.last_new is not None:
        found.endings[key] = "it brings something new again"


def _silent(key: str, state: SourceState) -> Trouble:
    detail = f"it answers, but has brought nothing new since {state.last_new:%Y-%m-%d %H:%M} UTC, far longer than usual"
    return Trouble(
        key=key,
        kind="source",
        title=_title(state),
        detail=detail,
        remedy=f"see on its site whether the feed has moved; presswatch sources check {state.id} shows what it holds",
    )


def _move(found: Looking, state: SourceState, config: Path | None) -> None:
    """A feed that has moved for good. It still answers, so nobody is reminded."""
    key = f"moved {state.id}"
    if (move := moves.move(config, state)) is not None:
        trouble = Trouble(
            key=key,
            kind="source",
            title=_title(state),
            detail="its server says again and again that it has moved for good; until then the redirect is followed",
            remedy=move.told,
            sign=move.new,
            lasts=False,
        )
        found.troubles.append(trouble)
    elif key in found.remembered and (state.next_due <= found.now or state.failures):
        found.unclear.add(key)
    elif key in found.remembered:
        found.endings[key] = "it answers at the address in the configuration"


def _title(state: SourceState) -> str:
    return f"Source {state.name} ({state.id})" if state.name != state.id else f"Source {state.id}"


def _is_dead(state: SourceState, now: datetime) -> bool:
    failed = state.first_failed_at
    return failed is not None and state.failures >= POLLS and now - failed >= ALMOST


def _answered(state: SourceState, known: Remembered) -> bool:
    """Whether a poll went well since it was told; a source whose address was changed has only been forgotten."""
    return state.last_ok_at is not None and state.last_ok_at > known.told_at - ALMOST


def _dead(key: str, state: SourceState, now: datetime) -> Trouble:
    since = f"{state.last_ok_at:%Y-%m-%d %H:%M} UTC" if state.last_ok_at else "it was configured"
    return Trouble(
        key=key,
        kind="source",
        title=_title(state),
        detail=f"no good answer since {since} – {state.last_error or 'no reason known'}",
        remedy=f"presswatch sources check {state.id}",
        sign=sign_of(state.last_error or ""),
        joins=state.first_failed_at is not None and now - state.first_failed_at < DEAD,
    )


# ── queues ───────────────────────────────────────────────────────────────────────────────────────


def _queue(found: Looking, tx: Tx, destination: str) -> None:
    key = f"queue {destination}"
    reason, known = outbox.held(tx).get(destination), found.remembered.get(key)
    if reason is None and (known is None or known.over):
        return
    waiting = outbox.waiting(tx, [destination], updates=True)
    if reason is not None:
        found.troubles.append(_held(key, destination, reason, waiting))
    elif known is not None:
        went_out = notices.sent_since(tx, destination, known.told_at)
        if went_out:
            found.endings[key] = f"messages go out again, {went_out:,} so far"
        elif waiting:
            found.unclear.add(key)
        else:
            found.endings[key] = "nothing is held any more"


def _held(key: str, destination: str, reason: str, waiting: int) -> Trouble:
    return Trouble(
        key=key,
        kind="queue",
        title=f"Destination {destination}",
        detail=f"its queue is held with {waiting:,} waiting, nothing is lost – {reason}",
        remedy="mend that: it is tried again every ten minutes and at every start",
        sign=sign_of(reason),
    )


def _unknown(found: Looking, tx: Tx, configured: set[str]) -> None:
    """Messages that may have arrived or not, and nobody could find out for long."""
    seen = [doubt for doubt in unknowns.seen(tx, found.now).values() if doubt.destination in configured]
    old = [doubt for doubt in seen if found.now - doubt.since >= DOUBT]
    for destination in sorted({doubt.destination for doubt in old}):
        theirs = [doubt for doubt in old if doubt.destination == destination]
        oldest = min(theirs, key=lambda doubt: doubt.since)
        whether = "it arrived" if len(theirs) == 1 else "they arrived"
        trouble = Trouble(
            key=f"unknown {destination}",
            kind="unknown",
            title=f"Destination {destination}",
            detail=f"{plural(len(theirs), 'message')} went out and nobody can say whether {whether}, the oldest since "
            f"{oldest.since:%Y-%m-%d %H:%M} UTC: {oldest.error or 'no reason known'}",
            remedy="it is looked up again and again; presswatch doctor says what is wrong with the destination",
        )
        found.troubles.append(trouble)
    for key in found.told("unknown"):
        found.endings[key] = "it is known again what arrived"


def _lost(found: Looking, tx: Tx, configured: set[str]) -> None:
    """Messages that were given up. Those are never well again, so nobody is reminded; only more of them are told."""
    for destination, (count, error) in notices.undelivered(tx).items():
        if destination not in configured:
            continue
        key = f"lost {destination}"
        known = found.remembered.get(key)
        before = int(known.sign) if known is not None and known.sign.isdecimal() else 0
        number = plural(count, "message")
        trouble = Trouble(
            key=key,
            kind="lost",
            title=f"Destination {destination}",
            detail=f"{number} could not be delivered, the latest because: {error or 'no reason known'}",
            remedy="presswatch alerts and presswatch digest list them",
            sign=str(max(count, before)),
            lasts=False,
        )
        found.troubles.append(trouble)


# ── clock ────────────────────────────────────────────────────────────────────────────────────────


def _clock(found: Looking, last: Heartbeat | None) -> None:
    """A service that began and did not end, and of which nothing has been seen since."""
    if last is not None and heartbeat.is_silent(last, found.now):
        trouble = Trouble(
            key="clock",
            kind="clock",
            title="The clock",
            detail=f"the service on {heartbeat.host(last)} polls and sends nothing: its last sign of life is of "
            f"{last.at:%Y-%m-%d %H:%M} UTC",
            remedy="see in its log why, and start it again: systemctl restart presswatch",
        )
        found.troubles.append(trouble)
    elif last is not None and "clock" in found.remembered:
        found.endings["clock"] = "it was stopped" if last.ended else f"the service runs again on {heartbeat.host(last)}"


# ── configuration ────────────────────────────────────────────────────────────────────────────────


def _config(found: Looking, faults: Sequence[Fault]) -> None:
    """An edit of ``config.toml`` that cannot be used."""
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        trouble = Trouble(
            key="config",
            kind="config",
            title="Configuration",
            detail=f"rejected, the one in force stays – {faults[0]}{more}",
            remedy="presswatch doctor",
            sign=" | ".join(sorted({sign_of(fault.message) for fault in faults})),
        )
        found.troubles.append(trouble)
    elif found.told("config"):
        found.endings["config"] = "it is in force as it stands now"


# ── rules ────────────────────────────────────────────────────────────────────────────────────────


def _rules(found: Looking, live: Live | None) -> None:
    told = found.told("rule")
    if live is None:
        found.unclear.update(told)
        return
    for key, faults in _by_subject(live.faults).items():
        found.troubles.append(_rejected(key, faults, live))
    if not live.readable:  # then nobody knows what has become of each rule
        found.unclear.update(told)
        return
    _expired(found, live)
    for key in told:
        if key.startswith("until "):
            found.endings[key] = "it is on again, or gone"
            continue
        subject, _, id_ = key.removeprefix("rule ").partition(" ")
        gone = subject == "rule" and id_ not in live.ruleset.rules
        found.endings[key] = "it is no longer in the rules folder" if gone else "it is in force as it stands now"


def _by_subject(faults: Sequence[Fault]) -> Mapping[str, list[Fault]]:
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(f"rule {fault.subject or fault.file}", []).append(fault)
    return found


def _rejected(key: str, faults: Sequence[Fault], live: Live) -> Trouble:
    subject = key.removeprefix("rule ")
    owner = live.owners.get(subject.removeprefix("rule ")) if subject.startswith("rule ") else None
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return Trouble(
        key=key,
        kind="rule",
        title=_called(subject, owner) if live.readable else f"Rules folder {subject}",
        detail=f"{_consequence(subject, live)} – {faults[0]}{more}",
        remedy="presswatch rules check",
        sign=" | ".join(sorted({sign_of(fault.message) for fault in faults})),
        owner=owner or "",
    )


def _expired(found: Looking, live: Live) -> None:
    """Rules that are off because their last day is over. That was wished for, so nobody is reminded."""
    today = found.now.date()
    for rule in live.ruleset.rules.values():
        if rule.until is not None and rule.until < today:
            trouble = Trouble(
                key=f"until {rule.id}",
                kind="rule",
                title=_called(f"rule {rule.id}", rule.owner),
                detail=f"it is off, because its last day (until = {rule.until}) is over",
                remedy="set another day, or remove the rule",
                sign=str(rule.until),
                lasts=False,
                owner=rule.owner or "",
            )
            found.troubles.append(trouble)


def _called(subject: str, owner: str | None) -> str:
    return f"{subject[:1].upper()}{subject[1:]}" + (f" (owner {owner})" if owner else "")


def _consequence(subject: str, live: Live) -> str:
    kind, _, id_ = subject.partition(" ")
    if not live.readable:
        return "the rules in force stay as they were"
    if kind == "rule":
        return "rejected, its last good version stays in force" if id_ in live.kept else "rejected and not in force"
    return "rejected; rules that need it keep their last good version, new ones are not in force"


# ── volume ───────────────────────────────────────────────────────────────────────────────────────


def _volumes(found: Looking, tx: Tx, live: Live | None) -> None:
    """Rules that bring fewer or more stories than their ``expect`` says."""
    told = found.told("volume")
    if live is None:
        found.unclear.update(told)
        return
    standings = expected.standings(tx, live.ruleset.rules.values(), found.now)
    for standing in standings:
        key = f"volume {standing.rule}"
        if standing.verdict in {"low", "high"}:
            found.troubles.append(expect.trouble(key, standing))
        elif standing.verdict == "unclear":
            found.unclear.add(key)
        elif key in told:
            young = standing.verdict == "young"
            found.endings[key] = "it has been edited" if young else expect.sentence(standing)
    for key in set(told) - {f"volume {standing.rule}" for standing in standings}:
        found.endings[key] = "it is no longer expected to bring anything"
