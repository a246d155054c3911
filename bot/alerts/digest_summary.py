"""An issue in three lines, made of its facts alone: what there is, what has changed, what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model.words import joined, plural
from bot.text import cut

from . import deadline_words, digest_words, spike_words
from .digest_sections import in_order, loudness, updates

if TYPE_CHECKING:
    from bot.model import DigestContent

STORIES, CHANGED, NEXT = "Stories", "Changed", "Next"
HEARTBEAT = "Nothing new."
# Names in a line, characters of a headline in it.
NAMED, HEADLINE = 3, 90
# What mail programs show beside the subject.
PREHEADER = 140


def summary(content: DigestContent) -> tuple[tuple[str, str], ...]:
    """Three lines, each a word for what it is about and a sentence."""
    return ((STORIES, stories(content)), (CHANGED, changed(content)), (NEXT, coming(content)))


def stories(content: DigestContent) -> str:
    """How many stories there are, how loud, and how many were alerted."""
    if not content.stories:
        more = f" {plural(len(content.baseline), 'older article')} listed below." if content.baseline else ""
        return HEARTBEAT + more
    themes = f" in {plural(len(content.themes), 'theme')}" if len(content.themes) > 1 else ""
    loud = loudness(content)
    rated = f", {' and '.join(loud)}" if loud else ""
    told = sum(story.alerted for story in content.stories)
    quiet = len(content.stories) - told
    ending = f" {told} of them alerted at once, {quiet} only here." if quiet and told else ""
    return f"{plural(len(content.stories), 'story')}{themes}{rated}.{ending}"


def changed(content: DigestContent) -> str:
    """What is not as it was, or not as it should be."""
    parts = []
    if number := len(updates(content)):
        parts.append(f"news in {plural(number, 'earlier story')}")
    if content.spikes:
        names = list(dict.fromkeys(spike_words.title(spike) for spike in content.spikes))
        parts.append(f"more than usual on {joined(names, 'and', most=NAMED)}")
    if content.rule_changes:
        parts.append(f"{plural(len(content.rule_changes), 'rule')} edited")
    if content.off:
        parts.append(f"{plural(len(content.off), 'rule')} not as expected")
    if content.troubles:
        parts.append(f"{plural(len(content.troubles), 'source')} in trouble")
    if content.gaps:
        parts.append(f"{plural(len(content.gaps), 'possible gap')}")
    if parts:
        told = joined(parts, "and")
        return f"{told[:1].upper()}{told[1:]}."
    return "Nothing in earlier stories, rules and sources." if content.before else "This is the first issue."


def coming(content: DigestContent) -> str:
    """The first day that counts, and how many more there are."""
    if not content.deadlines:
        return f"No deadline in the next {deadline_words.DAYS} days."
    one = deadline_words.entry(content.deadlines[0])
    rest = len(content.deadlines) - 1
    more = f" {rest:,} more in {deadline_words.DAYS} days." if rest else ""
    return f"{one.day}: {one.what} – {cut(one.headline, HEADLINE).rstrip('.')}.{more}"


def preheader(content: DigestContent) -> str:
    """What an inbox shows beside the subject: the first headlines, or that there is nothing."""
    zone = content.window.zone
    headlines = [digest_words.entry(story, zone).headline for story in in_order(content)[:NAMED]]
    return cut(" · ".join(headlines) or stories(content), PREHEADER)
