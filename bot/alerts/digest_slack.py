"""A digest as one Slack message: the loudest stories, and how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model.words import plural
from bot.text import cut

from . import compose_slack as slack
from . import deadline_words
from . import digest_words as words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.model import DigestContent, DigestStory

# Slack takes about 13,000 characters over all blocks and 50 of them; a story takes one, or two with its theme.
STORIES = 12
BASELINE = 8
DEADLINES = 8
SOURCES = 5
ROOM = 12_500
HEADLINE = 200
STORY = 1_500
REASONS = 300
NEWS = 200


def full(content: DigestContent) -> dict[str, Any]:
    """The arguments of chat.postMessage with blocks."""
    head = f"*{slack.escape(f'Presswatch {content.digest} – {words.title(content)}')}*"
    late = [f"_{slack.escape(words.late(content))}_"] if content.window.late else []
    blocks = [slack.section("\n".join([head, slack.escape(words.summary(content)), *late]))]
    ending = [*_deadlines(content), *_baseline(content), _foot(content)]
    stories = _stories(content, ROOM - _size([*blocks, *ending]))
    return {**slack.message(text_of(content)), "blocks": [*blocks, *stories, *ending]}


def minimal(content: DigestContent) -> dict[str, Any]:
    """The arguments of chat.postMessage for a plain message."""
    return slack.message(text_of(content))


def text_of(content: DigestContent) -> str:
    """Subject and headlines: what notifications and screen readers get."""
    headlines = [f"• {cut(words.entry(story, content.window.zone).headline, HEADLINE)}" for story in content.stories]
    return "\n".join(slack.fitting([slack.escape(line) for line in (words.subject(content), *headlines)], slack.TEXT))


def _stories(content: DigestContent, room: int) -> list[dict[str, Any]]:
    """The first stories, as many as fit into ``room`` characters, and how many there are besides."""
    blocks: list[dict[str, Any]] = []
    shown = 0
    for theme, story in _ordered(content):
        new = [slack.context(f"*{slack.escape(theme)}*")] if theme else []
        new.append(slack.section(_story(story, content.window.zone)))
        room -= _size(new)
        if shown == STORIES or room < 0:
            break
        blocks += new
        shown += 1
    rest = len(content.stories) - shown
    more = f"And {plural(rest, 'more story')}: presswatch digest {content.digest} --last"
    return [*blocks, slack.context(more)] if rest else blocks


def _foot(content: DigestContent) -> dict[str, Any]:
    """Figures and window first in line for the room there is: what is quiet or in trouble may be a long list."""
    last = [slack.escape(line) for line in (words.ledger(content), words.window(content.window))]
    lines = [slack.escape(line) for line in (words.quiet(content), *words.health(content, SOURCES)) if line]
    return slack.context("\n".join([*slack.fitting(lines, slack.CONTEXT - len("\n".join(last))), *last]))


def _size(blocks: Iterable[dict[str, Any]]) -> int:
    texts = (text for block in blocks for text in (block.get("elements") or [block["text"]]))
    return sum(len(text["text"]) for text in texts)


def _ordered(content: DigestContent) -> Iterator[tuple[str, DigestStory]]:
    """The stories in order, each theme's title before its first one."""
    for theme in content.themes:
        for place, story in enumerate(theme.stories):
            yield "" if place else theme.title, story


def _story(story: DigestStory, zone: str) -> str:
    one = words.entry(story, zone)
    mark = f"{slack.LOUD[story.severity]}  " if story.severity in slack.LOUD else ""
    lines = [f"{mark}*{slack.linked(cut(one.headline, HEADLINE), one.url)}*", slack.escape(one.byline)]
    lines += [f"*New:* {slack.escape(cut(one.news, NEWS))}"] if one.news else []
    lines += ["> " + slack.bold(one.quotes[0])] if one.quotes else []
    why = "; ".join(f"{rule} – {found}" if found else rule for rule, found in one.reasons)
    lines.append("Why: " + slack.escape(cut(why, REASONS)))
    lines += [f"_{slack.escape(one.note)}_"] if one.note else []
    return "\n".join(slack.fitting(lines, STORY))


def _deadlines(content: DigestContent) -> list[dict[str, Any]]:
    if not content.deadlines:
        return []
    lines = [
        f"• *{slack.escape(f'{one.day}: {one.what}')}* – {slack.linked(cut(one.headline, HEADLINE), one.url)}"
        for one in deadline_words.entries(content, DEADLINES)
    ]
    rest = deadline_words.more(content, DEADLINES)
    heading = f"*{slack.escape(deadline_words.HEADING)}*"
    return [slack.context("\n".join(slack.fitting([heading, *lines, *([rest] if rest else [])], slack.CONTEXT)))]


def _baseline(content: DigestContent) -> list[dict[str, Any]]:
    if not content.baseline:
        return []
    shown = [words.entry(story, content.window.zone) for story in content.baseline[:BASELINE]]
    lines = [f"• {slack.linked(cut(one.headline, HEADLINE), one.url)}" for one in shown]
    rest = len(content.baseline) + content.baseline_more - len(shown)
    lines += [f"and {rest:,} more: presswatch alerts --baseline"] if rest else []
    return [slack.context("\n".join(slack.fitting([f"*{slack.escape(words.BASELINE)}*", *lines], slack.CONTEXT)))]
