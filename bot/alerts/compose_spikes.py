"""A spike in words: as an alert for Slack and the terminal, and as the line that a digest has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.model.words import plural
from bot.text import cut

from . import compose_feed, compose_webhook, wording
from . import compose_slack as slack
from .compose_console import INDENT, line

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import DestinationKind
    from bot.model.volume import Spike, SpikeStory

OPENING = "More than usual"
HEADLINE = 200
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UTC = "UTC"


def compose_spike(spike: Spike, kind: DestinationKind) -> dict[str, Any]:
    """The alert, {"full", "minimal"}, in the shape that the senders of ``kind`` take."""
    if kind == "webhook":
        return compose_webhook.spike(spike)
    if kind in ("feed", "apprise"):
        lines = [f"{_count(spike, UTC)}; {usual(spike)}."]
        lines += [f"{_headline(story)} – {_carried(story)}" for story in spike.top]
        return compose_feed.listed(f"{OPENING}: {title(spike)}", [*lines, *filter(None, [driven_by(spike)])], "spike")
    return _slack(spike) if kind == "slack" else _console(spike)


def sentence(spike: Spike, zone: str = UTC) -> str:
    """Like "US–China trade: 23 stories in the hour since 14:00 UTC, where 2 to 9 are normal on a Tuesday"."""
    return f"{title(spike)}: {_count(spike, zone)}, where {usual(spike, zone)}"


def title(spike: Spike) -> str:
    """The theme or entity as people read it."""
    return wording.line(spike.title, wording.NAME) or wording.line(spike.subject, wording.NAME)


def usual(spike: Spike, zone: str = UTC) -> str:
    """The normal range, with what it is taken from."""
    local = spike.begin.astimezone(ZoneInfo(zone))
    span = f"{spike.low:,} to {spike.high:,} are normal"
    weekday = DAYS[(local if spike.hours == 1 else spike.at.astimezone(ZoneInfo(zone))).weekday()]
    at = f"on a {weekday} at this hour" if spike.hours == 1 else f"in 24 hours up to this hour of a {weekday}"
    return f"{span} {at} ({plural(spike.weeks, 'week')} compared)"


def driven_by(spike: Spike) -> str:
    """The terms or aliases, each with its stories; empty where none was found."""
    found = [f"“{wording.line(text, wording.NAME)}” ({plural(number, 'story')})" for text, number in spike.terms]
    return f"Driven by {', '.join(found)}" if found else ""


def since(spike: Spike, zone: str = UTC) -> str:
    """Since when it has been so."""
    return f"since {_when(spike.begin, zone)}"


def _count(spike: Spike, zone: str) -> str:
    articles = f" ({plural(spike.articles, 'article')})" if spike.articles > spike.stories else ""
    span = f"in the hour {since(spike, zone)}" if spike.hours == 1 else f"in {spike.hours} hours, {since(spike, zone)}"
    return f"{plural(spike.stories, 'story')}{articles} {span}"


def _when(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    told = f"{wording.day(local)}, {local:%H:%M}"
    return f"{told} {UTC}" if zone == UTC else told


def _carried(story: SpikeStory) -> str:
    rest = story.outlets - 1
    name = wording.line(story.source, wording.NAME)
    return f"{name}, +{plural(rest, 'outlet')}" if rest > 0 else name


def _headline(story: SpikeStory) -> str:
    return wording.line(story.headline, HEADLINE) or wording.NO_HEADLINE


def _slack(spike: Spike) -> dict[str, Any]:
    head = f"*{OPENING}: {slack.escape(title(spike))}*"
    told = slack.escape(f"{_count(spike, UTC)}; {usual(spike)}.")
    tops = [
        f"• {slack.linked(cut(_headline(story), HEADLINE), story.url)} – {slack.escape(_carried(story))}"
        for story in spike.top
    ]
    blocks = [slack.section(f"{head}\n{told}")]
    blocks += [slack.section("\n".join(slack.fitting(tops, slack.SECTION)))] if tops else []
    why = driven_by(spike)
    blocks += [slack.context(cut(slack.escape(why), slack.CONTEXT))] if why else []
    plain = [f"{OPENING}: {sentence(spike)}", *(f"• {_headline(story)} – {_carried(story)}" for story in spike.top)]
    plain += [why] if why else []
    text = "\n".join(slack.fitting([slack.escape(each) for each in plain], slack.TEXT))
    short = slack.message(slack.escape(cut(f"{OPENING}: {sentence(spike)}", slack.REASON)))
    return {"full": {**slack.message(text), "blocks": blocks}, "minimal": short}


def _console(spike: Spike) -> dict[str, Any]:
    head = line([[f"{OPENING}: ", "loud", None], [title(spike), "headline", None]], 0)
    lines = [head, line([[f"{_count(spike, UTC)}; {usual(spike)}.", "meta", None]], INDENT)]
    for story in spike.top:
        url = wording.link(story.url)
        lines.append(
            line(
                [["• ", "label", None], [_headline(story), "quote", url], [f" – {_carried(story)}", "meta", None]],
                INDENT,
                INDENT,
            )
        )
    why = driven_by(spike)
    lines += [line([[why, "copies", None]], INDENT)] if why else []
    return {
        "full": {"lines": lines, "counter": []},
        "minimal": {"lines": [line([[f"{OPENING}: {sentence(spike)}", "headline", None]], 0)], "counter": []},
    }
