"""What is said of a spike, before it takes the look of a destination or of a digest."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.model.words import plural

from . import wording

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model.volume import Spike, SpikeStory

OPENING = "More than usual"
HEADLINE = 200
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
UTC = "UTC"


def sentence(spike: Spike, zone: str = UTC) -> str:
    """Like "US–China trade: 23 stories in the hour since 14:00 UTC, where 2 to 9 are normal on a Tuesday"."""
    return f"{title(spike)}: {count(spike, zone)}, where {usual(spike, zone)}"


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


def count(spike: Spike, zone: str) -> str:
    """How many stories, in which time."""
    articles = f" ({plural(spike.articles, 'article')})" if spike.articles > spike.stories else ""
    span = f"in the hour {since(spike, zone)}" if spike.hours == 1 else f"in {spike.hours} hours, {since(spike, zone)}"
    return f"{plural(spike.stories, 'story')}{articles} {span}"


def _when(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    told = f"{wording.day(local)}, {local:%H:%M}"
    return f"{told} {UTC}" if zone == UTC else told


def carried(story: SpikeStory) -> str:
    """Who carries a story: the leading source, and how many others."""
    rest = story.outlets - 1
    name = wording.line(story.source, wording.NAME)
    return f"{name}, +{plural(rest, 'outlet')}" if rest > 0 else name


def headline(story: SpikeStory) -> str:
    """The headline, never empty."""
    return wording.line(story.headline, HEADLINE) or wording.NO_HEADLINE
