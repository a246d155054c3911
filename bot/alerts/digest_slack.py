"""A digest as one Slack message: the loudest stories, and how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.text import cut

from . import compose_slack as slack
from . import digest_words as words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import DigestContent, DigestStory

# Slack takes about 13,000 characters over all blocks and 50 of them; a story takes one.
STORIES = 12
BASELINE = 8
ROOM = 10_000
HEADLINE = 200
STORY = 1_500
REASONS = 300


def full(content: DigestContent) -> dict[str, Any]:
    """The arguments of chat.postMessage with blocks."""
    head = f"*{slack.escape(f'Presswatch {content.digest} – {words.title(content)}')}*"
    late = [f"_{slack.escape(words.late(content))}_"] if content.window.late else []
    blocks = [slack.section("\n".join([head, slack.escape(words.summary(content)), *late]))]
    shown, room = 0, ROOM
    for theme, story in _ordered(content):
        text = _story(story, content.window.zone)
        if shown == STORIES or len(text) > room:
            break
        blocks += [slack.context(f"*{slack.escape(theme)}*")] if theme else []
        blocks.append(slack.section(text))
        shown, room = shown + 1, room - len(text)
    rest = len(content.stories) - shown
    if rest:
        blocks.append(slack.context(f"And {words.plural(rest, 'more story')}: presswatch digest --preview"))
    blocks += _baseline(content)
    foot = [words.quiet(content), *words.health(content), words.ledger(content), words.window(content.window)]
    lines = slack.fitting([slack.escape(line) for line in foot if line], slack.CONTEXT)
    return {**slack.message(text_of(content)), "blocks": [*blocks, slack.context("\n".join(lines))]}


def minimal(content: DigestContent) -> dict[str, Any]:
    """The arguments of chat.postMessage for a plain message."""
    return slack.message(text_of(content))


def text_of(content: DigestContent) -> str:
    """Subject and headlines: what notifications and screen readers get."""
    headlines = [f"• {cut(words.entry(story, content.window.zone).headline, HEADLINE)}" for story in content.stories]
    return "\n".join(slack.fitting([slack.escape(line) for line in (words.subject(content), *headlines)], slack.TEXT))


def _ordered(content: DigestContent) -> Iterator[tuple[str, DigestStory]]:
    """The stories in order, each theme's title before its first one."""
    for theme in content.themes:
        for place, story in enumerate(theme.stories):
            yield "" if place else theme.title, story


def _story(story: DigestStory, zone: str) -> str:
    one = words.entry(story, zone)
    mark = f"{slack.LOUD[story.severity]}  " if story.severity in slack.LOUD else ""
    lines = [f"{mark}*{slack.linked(cut(one.headline, HEADLINE), one.url)}*", slack.escape(one.byline)]
    lines += ["> " + slack.bold(one.quotes[0])] if one.quotes else []
    why = "; ".join(f"{rule} – {found}" if found else rule for rule, found in one.reasons)
    lines.append("Why: " + slack.escape(cut(why, REASONS)))
    lines += [f"_{slack.escape(one.note)}_"] if one.note else []
    return "\n".join(slack.fitting(lines, STORY))


def _baseline(content: DigestContent) -> list[dict[str, Any]]:
    if not content.baseline:
        return []
    shown = [words.entry(story, content.window.zone) for story in content.baseline[:BASELINE]]
    lines = [f"• {slack.linked(cut(one.headline, HEADLINE), one.url)}" for one in shown]
    rest = len(content.baseline) + content.baseline_more - len(shown)
    lines += [f"and {rest:,} more: presswatch alerts --baseline"] if rest else []
    return [slack.context("\n".join(slack.fitting([f"*{slack.escape(words.BASELINE)}*", *lines], slack.CONTEXT)))]
