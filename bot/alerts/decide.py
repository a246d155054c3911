"""Who is told what, now: one pure function, and a named reason for every answer, "no" included.

The first alert of a story for a destination goes out at once, judged by what that destination *was told*,
not by what the story holds: a story made of baseline or unmatched articles has told nothing yet. Later
members of the story, and new versions of its articles, are silent there unless they bring a rule the destination has
not heard of, or something new that is worth a reply at that severity (:data:`LEAST`); whoever joins is counted in the
message that stands.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.model import SEVERITIES, Alert, Decision, News
from bot.stories import is_exact
from bot.stories.novelty import WEIGHTS
from bot.text import cut

from .look import Look, Verdict
from .muting import mute_of, names
from .noise import inhibited, is_for, kept_back, timed
from .reasons import Reason, explain
from .routes import routed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from bot.model import (
        AlertKind,
        ArticleState,
        Mention,
        Mute,
        Rule,
        Severity,
        Told,
    )

__all__ = ["LEAST", "NEWS", "Look", "Reason", "Verdict", "by_severity", "decide", "explain", "news_for"]

# How much the weightiest news must weigh (see ``stories.novelty.WEIGHTS``) to be worth a reply. Every further report of
# an event has some figure or name of its own: told each time, they would be the same story ten times over. So a normal
# rule's readers hear only of what changes the event – a correction, an official source, another figure for the same
# thing, the day on which it takes effect; those of a high one also of a document's number, of an urgent one of new
# figures. What weighs less waits for the digest.
LEAST: dict[Severity, float] = {"low": 0.75, "normal": 0.75, "high": 0.6, "urgent": 0.4}
NEWS = 3  # that are named, and so many are enough for a reader
SHOWN = 160  # characters of them in a decision


_BY_CONFIGURATION = {Reason.SOURCE.value, Reason.NO_DESTINATION.value, Reason.RULE_OFF.value}


def decide(look: Look) -> Verdict:
    """Judge every mention for every destination; each pair gets exactly one decision.

    A member without any is judged for the destinations that know its story. At most one alert per destination comes
    out: "first", or "new rule" or "new fact" where the story was told before, carrying every rule that speaks for it
    (most severe first) and the highest severity among them.
    """
    judged = inhibited(look, [decision for mention in look.mentions for decision in _judge(look, mention)])
    decisions = kept_back(look, [*judged, *_unmatched(look, judged)])
    alerts, decisions = timed(look, _alerts(look, decisions), decisions)
    return Verdict(decisions=decisions, alerts=alerts, state=_state(look, decisions), counter=_counter(look, alerts))


def _judge(look: Look, mention: Mention) -> list[Decision]:
    rule = look.rules.get(mention.rule)
    if rule is None:
        return [_decision(look, mention.rule, None, "no", Reason.RULE_OFF)]
    names = routed(rule, look.destinations, look.routes)
    if not names:
        return [_decision(look, mention.rule, None, "no", Reason.NO_DESTINATION)]
    quiet = _quiet(look, mention)
    if quiet is not None:
        return [_decision(look, mention.rule, name, "no", quiet) for name in names]
    return [_unless_muted(look, mention, rule, name) for name in names]


def _quiet(look: Look, mention: Mention) -> Reason | None:
    """The reason that keeps this mention silent everywhere, if there is one."""
    if look.baseline:
        return Reason.BASELINE
    if not look.source.alerts:
        return Reason.SOURCE
    if look.edited and mention.rule in look.matched_before and not _speaks(look):
        return Reason.EARLIER
    if _repeats_baseline(look):
        return Reason.BASELINE_COPY
    return None


def _repeats_baseline(look: Look) -> bool:
    """Nobody was told of the original, and nobody asked to be: old news in the same words stays old."""
    return is_exact(look.placement) and look.original == "baseline" and not look.told and not look.edited


def _speaks(look: Look) -> bool:
    """Whether a new version may be told for what it says rather than for a rule that matches it now."""
    return look.corrects or (bool(look.told) and bool(look.news))


def _unless_muted(look: Look, mention: Mention, rule: Rule, destination: str) -> Decision:
    decision = _at(look, mention, destination)
    mute = _mute(look, destination, rule, mention) if decision.verdict != "no" else None
    if mute is None:
        return decision
    detail = f"mute {mute.id}, {mute.kind} {mute.value}, until {mute.expires_at:%Y-%m-%d %H:%M} UTC"
    said = cut(f"{mute.author}: {mute.comment}", SHOWN)
    return replace(decision, verdict="no", reason=f"{Reason.MUTED.value}: {detail} – {said}")


def _mute(look: Look, destination: str, rule: Rule | None, mention: Mention | None = None) -> Mute | None:
    named = {"source": [look.source.id], "story": [str(look.story)], **names(rule, mention)}
    return mute_of(look.mutes, named, destination)


def _at(look: Look, mention: Mention, destination: str) -> Decision:
    told = look.told.get(destination)
    if told is None:
        if look.edited and mention.rule in look.matched_before and not look.corrects:
            return _decision(look, mention.rule, destination, "no", Reason.EARLIER)
        return _decision(look, mention.rule, destination, "alert", Reason.FIRST)
    if mention.rule not in told.rules:
        return _decision(look, mention.rule, destination, "reply", Reason.NEW_RULE)
    severity = look.rules[mention.rule].severity
    if news_for(look, told, severity):
        return _decision(look, mention.rule, destination, "reply", Reason.NEW_FACT)
    return _decision(look, mention.rule, destination, "no", _silence(look, mention))


def _silence(look: Look, mention: Mention) -> Reason:
    """Why the destination hears nothing, though the story is not what it was."""
    if look.news:
        return Reason.LESSER
    if look.edited:
        return Reason.EARLIER if mention.rule in look.matched_before else Reason.TOLD
    by_kind = {"copy": Reason.COPY, "same story": Reason.SAME_STORY}
    return by_kind.get(look.placement.kind, Reason.TOLD)


def news_for(look: Look, told: Told, severity: Severity) -> tuple[News, ...]:
    """What is worth a reply at ``severity`` to a destination that knows the story; empty where nothing is."""
    higher = _higher(told, severity)
    if higher is None and not any(news.weight >= LEAST[severity] for news in look.news):
        return ()
    news = [*look.news, *([higher] if higher else [])]
    return tuple(sorted(news, key=lambda one: -one.weight))[:NEWS]


def _higher(told: Told, severity: Severity) -> News | None:
    """The severity itself, where it is high now and was lower in all that was told."""
    if told.severity is None or severity in ("low", "normal"):
        return None
    if SEVERITIES.index(severity) <= SEVERITIES.index(told.severity):
        return None
    return News(
        kind="severity",
        value=severity,
        text=f"Severity {told.severity} → {severity}",
        reason="a rule of the story has a higher severity now",
        weight=WEIGHTS["severity"],
    )


def _unmatched(look: Look, judged: Sequence[Decision]) -> Iterable[Decision]:
    """A member that no rule matches may confirm or correct what the destinations know.

    So may one whose rules are all inhibited: these have nothing to add, but the article may.
    """
    later = look.edited or look.placement.kind != "new"
    if look.baseline or not look.source.alerts or not later:
        return
    configured = {destination.id for destination in look.destinations}
    for destination, told in look.told.items():
        asked = [one for one in judged if one.destination in (None, destination)]
        if destination not in configured or not all(is_for(one, Reason.INHIBITED) for one in asked):
            continue
        speaks = news_for(look, told, told.severity or "normal")
        # A story that is known for several rules is only silent when all of them are.
        if speaks and not all(_mute(look, destination, look.rules.get(rule)) for rule in told.rules):
            yield _decision(look, None, destination, "reply", Reason.NEW_FACT)


def _decision(
    look: Look, rule: str | None, destination: str | None, verdict: Literal["alert", "reply", "no"], reason: Reason
) -> Decision:
    text = reason.value
    if reason in (Reason.COPY, Reason.BASELINE_COPY):
        text += f": article {look.placement.copy_of}, {look.placement.reason}"
    elif reason is Reason.SAME_STORY:
        text += f": {look.placement.reason}"
    elif reason in (Reason.NEW_FACT, Reason.LESSER) and look.news:
        text += ": " + cut("; ".join(f"{news.text} – {news.reason}" for news in look.news[:NEWS]), SHOWN)
    return Decision(article=look.article_id, rule=rule, destination=destination, verdict=verdict, reason=text)


def _alerts(look: Look, decisions: Iterable[Decision]) -> tuple[Alert, ...]:
    rules: dict[str, list[str]] = {}
    for decision in decisions:
        if decision.verdict != "no" and decision.destination:
            rules.setdefault(decision.destination, []).extend([decision.rule] if decision.rule else [])
    return tuple(_alert(look, destination, names) for destination, names in rules.items())


def _alert(look: Look, destination: str, names: Iterable[str]) -> Alert:
    told = look.told.get(destination)
    ordered = by_severity(look.rules[name] for name in dict.fromkeys(names))
    severity = ordered[0].severity if ordered else (told and told.severity) or "normal"
    return Alert(
        story=look.story,
        destination=destination,
        kind=_kind(told, [rule.id for rule in ordered]),
        article=look.article_id,
        rules=tuple(rule.id for rule in ordered),
        severity=severity,
        news=news_for(look, told, severity) if told else tuple(look.news[:NEWS]) if look.corrects else (),
    )


def _kind(told: Told | None, rules: Sequence[str]) -> AlertKind:
    if told is None:
        return "first"
    return "new fact" if told.rules.issuperset(rules) else "new rule"


def by_severity(rules: Iterable[Rule]) -> list[Rule]:
    """The rules, most severe first; equals keep their order."""
    return sorted(rules, key=lambda rule: -SEVERITIES.index(rule.severity))


def _state(look: Look, decisions: Sequence[Decision]) -> ArticleState | None:
    if any(decision.verdict != "no" for decision in decisions):
        return "alerted"
    if look.baseline:
        return "baseline"
    if look.edited:
        return None
    if any(decision.reason in _BY_CONFIGURATION for decision in decisions):
        return "muted"
    if look.placement.kind == "copy":
        return "copy"
    return "muted" if look.mentions else "no rule"


def _counter(look: Look, alerts: Iterable[Alert]) -> tuple[str, ...]:
    """Where the standing message changes: an outlet joined, whether or not a rule matches it, or there is news."""
    joined = look.placement.kind != "new" and not look.edited
    new = {alert.destination for alert in alerts if alert.kind != "first" and alert.news}
    configured = {destination.id for destination in look.destinations}
    return tuple(name for name in look.told if name in configured and (joined or name in new))
