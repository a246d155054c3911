"""Who is told what, now: one pure function, and a named reason for every answer, "no" included.

The first alert of a story for a destination goes out at once, judged by what that destination *was told*,
not by what the story holds: a story made of baseline or unmatched articles has told nothing yet. Later
members of the story are silent there unless they bring a rule the destination has not heard of; a copy
changes the counter line of the message that stands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from bot.model import SEVERITIES, Alert, Decision
from bot.stories import is_exact

from .routes import routed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Literal

    from bot.model import Article, ArticleState, Destination, Mention, Placement, Route, Rule, Source, Told


class Reason(Enum):
    """Why a destination is, or is not, told; the value is what the ledger stores (before any detail)."""

    FIRST = "first"
    NEW_RULE = "new rule"
    TOLD = "told"
    COPY = "copy"
    BASELINE = "baseline"
    BASELINE_COPY = "copy of baseline"
    SOURCE = "source is silent"
    EARLIER = "earlier version"
    NO_DESTINATION = "no destination"
    RULE_OFF = "rule is off"
    ON_REQUEST = "on request"

    @property
    def sentence(self) -> str:
        """The reason in words for a reader."""
        return _SENTENCES[self]


_SENTENCES = {
    Reason.FIRST: "The destination had not been told of this story yet.",
    Reason.NEW_RULE: "The destination knew the story, but not that this rule matches it.",
    Reason.TOLD: "The destination has already been told of this story because of this rule.",
    Reason.COPY: "The article is a copy of one the destination has already been told of because of this rule; "
    "the message there counts it as another outlet.",
    Reason.BASELINE: "The article was there when the source was first polled, so it is stored without an alert.",
    Reason.BASELINE_COPY: "The article repeats, word for word, one that was stored without an alert when its source "
    "was first polled.",
    Reason.SOURCE: "The source has alerts = false in the configuration.",
    Reason.EARLIER: "The rule already matched an earlier version of this article.",
    Reason.NO_DESTINATION: "No destination takes this rule: it names none, no route fits and none is a default.",
    Reason.RULE_OFF: "The rule is no longer in force.",
    Reason.ON_REQUEST: "Somebody asked for the newest alerts to be sent to this destination (alerts resend).",
}
_BY_CONFIGURATION = {Reason.SOURCE.value, Reason.NO_DESTINATION.value, Reason.RULE_OFF.value}


def explain(reason: str) -> str:
    """The sentence for a reason as the ledger holds it; an unknown one is shown as it stands.

    >>> explain("copy: article 7, nearly the same words")[:41]
    'The article is a copy of one the destinat'
    """
    code, _, detail = reason.partition(": ")
    known = {item.value: item.sentence for item in Reason}
    if code not in known:
        return reason
    return f"{known[code]} ({detail})" if detail else known[code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that the decision depends on.

    ``mentions`` are those of the article's newest version. ``edited``: it is a new version of a stored
    article, and ``matched_before`` names the rules that matched the earlier ones. ``told`` says by
    destination what was told of the story. ``original`` is the ledger state of the article that
    ``placement.copy_of`` names. ``baseline``: the article came with its source's first poll.
    """

    article_id: int
    article: Article
    story: int
    mentions: Sequence[Mention]
    rules: Mapping[str, Rule]
    placement: Placement
    source: Source
    destinations: Sequence[Destination]
    routes: Sequence[Route] = ()
    told: Mapping[str, Told] = field(default_factory=dict)
    baseline: bool = False
    edited: bool = False
    matched_before: frozenset[str] = frozenset()
    original: ArticleState | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows from a :class:`Look`.

    ``decisions`` hold one line per mention and destination (destination None where the question did not
    arise); ``state`` is the article's place in the ledger (the store keeps the fixed precedence), None where
    a new version changes nothing; ``counter`` names the destinations whose
    message on this story now has one more outlet to count.
    """

    decisions: tuple[Decision, ...]
    alerts: tuple[Alert, ...]
    state: ArticleState | None
    counter: tuple[str, ...] = ()


def decide(look: Look) -> Verdict:
    """Judge every mention for every destination; each pair gets exactly one decision.

    At most one alert per destination comes out: "first", or "new rule" where the story was told before,
    carrying every rule that speaks for it (most severe first) and the highest severity among them.
    """
    decisions = tuple(decision for mention in look.mentions for decision in _judge(look, mention))
    alerts = _alerts(look, decisions)
    return Verdict(decisions=decisions, alerts=alerts, state=_state(look, decisions), counter=_counter(look))


def _judge(look: Look, mention: Mention) -> list[Decision]:
    rule = look.rules.get(mention.rule)
    if rule is None:
        return [_decision(look, mention, None, "no", Reason.RULE_OFF)]
    names = routed(rule, look.destinations, look.routes)
    if not names:
        return [_decision(look, mention, None, "no", Reason.NO_DESTINATION)]
    quiet = _quiet(look, mention)
    if quiet is not None:
        return [_decision(look, mention, name, "no", quiet) for name in names]
    return [_at(look, mention, name) for name in names]


def _quiet(look: Look, mention: Mention) -> Reason | None:
    """The reason that keeps this mention silent everywhere, if there is one."""
    if look.baseline:
        return Reason.BASELINE
    if not look.source.alerts:
        return Reason.SOURCE
    if look.edited and mention.rule in look.matched_before:
        return Reason.EARLIER
    if _repeats_baseline(look):
        return Reason.BASELINE_COPY
    return None


def _repeats_baseline(look: Look) -> bool:
    """Nobody was told of the original, and nobody asked to be: old news in the same words stays old."""
    return is_exact(look.placement) and look.original == "baseline" and not look.told and not look.edited


def _at(look: Look, mention: Mention, destination: str) -> Decision:
    told = look.told.get(destination)
    if told is None:
        return _decision(look, mention, destination, "alert", Reason.FIRST)
    if mention.rule not in told.rules:
        return _decision(look, mention, destination, "reply", Reason.NEW_RULE)
    is_copy = look.placement.kind == "copy" and not look.edited
    return _decision(look, mention, destination, "no", Reason.COPY if is_copy else Reason.TOLD)


def _decision(
    look: Look, mention: Mention, destination: str | None, verdict: Literal["alert", "reply", "no"], reason: Reason
) -> Decision:
    text = reason.value
    if reason in (Reason.COPY, Reason.BASELINE_COPY):
        text += f": article {look.placement.copy_of}, {look.placement.reason}"
    return Decision(article=look.article_id, rule=mention.rule, destination=destination, verdict=verdict, reason=text)


def _alerts(look: Look, decisions: Iterable[Decision]) -> tuple[Alert, ...]:
    rules: dict[str, list[str]] = {}
    for decision in decisions:
        if decision.verdict != "no" and decision.destination and decision.rule:
            rules.setdefault(decision.destination, []).append(decision.rule)
    return tuple(_alert(look, destination, names) for destination, names in rules.items())


def _alert(look: Look, destination: str, names: Iterable[str]) -> Alert:
    ordered = by_severity(look.rules[name] for name in dict.fromkeys(names))
    return Alert(
        story=look.story,
        destination=destination,
        kind="new rule" if destination in look.told else "first",
        article=look.article_id,
        rules=tuple(rule.id for rule in ordered),
        severity=ordered[0].severity,
    )


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


def _counter(look: Look) -> tuple[str, ...]:
    """Where the standing message counts one more outlet: a copy joined, whether or not a rule matches it."""
    if look.placement.kind != "copy" or look.edited:
        return ()
    configured = {destination.id for destination in look.destinations}
    return tuple(name for name in look.told if name in configured)
