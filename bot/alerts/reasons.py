"""Why a destination is, or is not, told: every answer has a name, which is stored, and a sentence for readers."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Why a destination is, or is not, told; the value is what the ledger stores (before any detail)."""

    FIRST = "first"
    NEW_RULE = "new rule"
    NEW_FACT = "new fact"
    TOLD = "told"
    COPY = "copy"
    SAME_STORY = "same story"
    LESSER = "lesser news"
    BASELINE = "baseline"
    BASELINE_COPY = "copy of baseline"
    SOURCE = "source is silent"
    EARLIER = "earlier version"
    NO_DESTINATION = "no destination"
    RULE_OFF = "rule is off"
    MUTED = "muted"
    INHIBITED = "inhibited"
    REPEATED = "repeat"
    CROWDED = "too many"
    GROUPED = "grouped"
    ON_REQUEST = "on request"

    @property
    def sentence(self) -> str:
        """The reason in words for a reader."""
        return _SENTENCES[self]


_SENTENCES = {
    Reason.FIRST: "The destination had not been told of this story yet.",
    Reason.NEW_RULE: "The destination knew the story, but not that this rule matches it.",
    Reason.NEW_FACT: "The destination knew the story, but not this.",
    Reason.TOLD: "The destination has already been told of this story because of this rule.",
    Reason.COPY: "The article is a copy of one the destination has already been told of because of this rule; "
    "the message there counts it as another outlet.",
    Reason.SAME_STORY: "The article tells a story that the destination has already been told of because of this rule, "
    "and brings nothing new; the message there counts it as another report.",
    Reason.LESSER: "The destination has already been told of this story because of this rule; what is new in the "
    "article is not worth a message at this severity and stands in the digest.",
    Reason.BASELINE: "The article was there when the source was first polled, so it is stored without an alert.",
    Reason.BASELINE_COPY: "The article repeats, word for word, one that was stored without an alert when its source "
    "was first polled.",
    Reason.SOURCE: "The source has alerts = false in the configuration.",
    Reason.EARLIER: "The rule already matched an earlier version of this article.",
    Reason.NO_DESTINATION: "No destination takes this rule: it names none, no route fits and none is a default.",
    Reason.RULE_OFF: "The rule is no longer in force.",
    Reason.MUTED: "Somebody has muted it.",
    Reason.INHIBITED: "A rule that this one names in inhibited_by has told the destination of the story; this one "
    "would add nothing.",
    Reason.REPEATED: "The destination was told of this story because of this rule a moment ago (repeat); what is new "
    "stands in the digest.",
    Reason.CROWDED: "The destination has had as many alerts in the last hour as its max_per_hour allows, or the rule "
    "has told more stories than its expect allows; it stands in the digest.",
    Reason.GROUPED: "It went out in one message with others, because more than group_over alerts were waiting.",
    Reason.ON_REQUEST: "Somebody asked for the newest alerts to be sent to this destination (alerts resend).",
}


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
