"""What of all that could be told is left unsaid, and what of the rest may wait: the rules against noise.

A story's first message is never taken away, nor anything high or urgent, nor a correction. So much is a law:
only replies of low and normal severity are kept back, and only alerts of these severities wait or share a message.
A reply is one message for all rules that speak in it: it goes out if anything in it must.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import SEVERITIES

from .reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.model import Alert, Decision, Destination, Rule, Severity, Told

    from .look import Look

LOUD: frozenset[Severity] = frozenset({"high", "urgent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When an alert may go, at the earliest, whether it may share a message, and why it waits, if it does."""

    at: datetime
    may_group: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One rule's part in a reply; ``rule`` None: no rule matches, and the article's news speaks for itself."""

    rule: Rule | None
    severity: Severity
    new_rule: bool = False


def inhibited(look: Look, judged: Sequence[Decision]) -> list[Decision]:
    """The decisions without rules that add nothing to others; the most severe one that speaks is never one of these."""
    speaking = {name: set(told.rules) for name, told in look.told.items()}
    loudest_first = sorted(range(len(judged)), key=lambda place: -_rank(look, judged[place]))
    found = list(judged)
    for place in loudest_first:
        one = judged[place]
        if one.verdict == "no" or one.rule is None or one.destination is None:
            continue
        others = speaking.setdefault(one.destination, set())
        by = inhibitor(look.rules[one.rule], others, look.rules) if one.rule not in others else None
        if by is None:
            others.add(one.rule)
        else:
            found[place] = replace(one, verdict="no", reason=f"{Reason.INHIBITED.value}: by {by}")
    return found


def _rank(look: Look, decision: Decision) -> int:
    rule = look.rules.get(decision.rule) if decision.rule else None
    return SEVERITIES.index(rule.severity) if rule else -1


def kept_back(look: Look, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions without the replies that come too soon after another, or that are too many."""
    if look.corrects:
        return tuple(decisions)
    reasons = {name: _reason_to_wait(look, name, decisions) for name in look.told}
    return tuple(
        replace(one, verdict="no", reason=reason)
        if one.verdict == "reply" and one.destination and (reason := reasons.get(one.destination))
        else one
        for one in decisions
    )


def _reason_to_wait(look: Look, name: str, decisions: Sequence[Decision]) -> str:
    """Why a destination's reply is kept back, as the ledger stores it; "" where it goes, or where there is none."""
    told, destination = look.told[name], _by_id(look).get(name)
    replies = [
        Reply(
            rule=look.rules[one.rule] if one.rule else None,
            severity=look.rules[one.rule].severity if one.rule else told.severity or "normal",
            new_rule=is_for(one, Reason.NEW_RULE),
        )
        for one in decisions
        if one.destination == name and one.verdict == "reply"
    ]
    if destination is None or not replies:
        return ""
    spent = [one.rule.id for one in replies if one.rule is not None and one.rule.id in look.spent]
    found = why_not(replies, told, destination, look.now, crowded=name in look.crowded, spent=spent)
    return ": ".join(filter(None, (found[0].value, found[1]))) if found else ""


def timed(
    look: Look, alerts: Iterable[Alert], decisions: Sequence[Decision]
) -> tuple[tuple[Alert, ...], tuple[Decision, ...]]:
    """The alerts with their times, and the decisions with the reason why one waits."""
    times = {alert.destination: _timing(look, alert) for alert in alerts}
    timed = tuple(
        replace(alert, not_before=times[alert.destination].at, may_group=times[alert.destination].may_group)
        for alert in alerts
    )
    waits = {name: time.because for name, time in times.items() if time.because}
    told = tuple(
        replace(one, reason=f"{one.reason}: {waits[one.destination]}")
        if one.verdict == "alert" and one.destination in waits
        else one
        for one in decisions
    )
    return timed, told


def _timing(look: Look, alert: Alert) -> Timing:
    return timing(
        alert.severity,
        _by_id(look)[alert.destination],
        look.now,
        opens=alert.kind == "first",
        last_group=look.last_group.get(alert.destination),
    )


def _by_id(look: Look) -> dict[str, Destination]:
    return {destination.id: destination for destination in look.destinations}


def is_for(decision: Decision, reason: Reason) -> bool:
    """Whether a decision was made for this reason, whatever its detail."""
    return decision.reason.partition(": ")[0] == reason.value


# ── the laws, one by one ─────────────────────────────────────────────────────────────────────────


def inhibitor(rule: Rule, speaking: Collection[str], rules: Mapping[str, Rule]) -> str | None:
    """The rule that makes this one needless where it has told, or tells now, of the same story; None without any.

    A rule is not silenced by one of lower severity, nor by itself.
    """
    rank = SEVERITIES.index(rule.severity)
    for name in rule.inhibited_by:
        other = rules.get(name)
        if name != rule.id and name in speaking and other and SEVERITIES.index(other.severity) >= rank:
            return name
    return None


def why_not(
    replies: Sequence[Reply],
    told: Told,
    destination: Destination,
    now: datetime,
    *,
    crowded: bool,
    spent: Sequence[str] = (),
) -> tuple[Reason, str] | None:
    """Why one article's reply is not worth a message now, with its detail; None where it goes out.

    ``spent`` are those of its rules that have told more stories than they should. Corrections are not asked about: they
    always go.
    """
    if any(reply.severity in LOUD for reply in replies):
        return None
    goes = [reply.new_rule or _rest(reply.rule, told, destination, now) is None for reply in replies]
    if not any(goes):
        last = max(told.rules_at.values())
        return Reason.REPEATED, f"last told {last:%Y-%m-%d %H:%M} UTC"
    if crowded:
        return Reason.CROWDED, "max_per_hour"
    return (Reason.CROWDED, f"expect of {', '.join(spent)}") if len(spent) == len(replies) else None


def _rest(rule: Rule | None, told: Told, destination: Destination, now: datetime) -> timedelta | None:
    """How long the story still rests because of this rule; None where it does not."""
    own = rule.repeat if rule is not None else None
    seconds = destination.repeat if own is None else own
    ids = [rule.id] if rule is not None else list(told.rules_at)
    last = max((told.rules_at[id_] for id_ in ids if id_ in told.rules_at), default=None)
    if last is None or last + timedelta(seconds=seconds) <= now:
        return None
    return last + timedelta(seconds=seconds) - now


def timing(
    severity: Severity, destination: Destination, now: datetime, *, opens: bool, last_group: datetime | None
) -> Timing:
    """When an alert goes that is to be told: at once, unless it may wait for company.

    ``opens``: it is a story's first message; a reply never waits by itself, but it may go into a group together with
    the message that it belongs to. ``last_group`` is when alerts last went together there.
    """
    if severity in LOUD or destination.group_over is None:
        return Timing(at=now)
    if not opens:
        return Timing(at=now, may_group=True)
    company = now + timedelta(seconds=destination.group_wait)
    after = last_group + timedelta(seconds=destination.group_interval) if last_group else now
    if max(company, after) <= now:
        return Timing(at=now, may_group=True)
    why = "after alerts that went as one message" if after >= company else "for company (group_wait)"
    at = max(company, after)
    return Timing(at=at, may_group=True, because=f"not before {at:%Y-%m-%d %H:%M} UTC, {why}")


def go_together(waiting: Iterable[datetime], destination: Destination, now: datetime) -> bool:
    """Whether alerts that may share a message do so now, given from when on each may go.

    More than ``group_over`` must wait, and the first of them be due: then those go along whose time is still to come.
    """
    times = list(waiting)
    if destination.group_over is None or len(times) <= destination.group_over:
        return False
    return min(times) <= now
