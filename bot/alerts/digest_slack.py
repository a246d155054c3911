"""A digest as one Slack message: the loudest stories, and how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model.words import plural
from bot.text import cut

from . import compose_slack as slack
from . import deadline_words
from . import digest_parts as parts
from . import digest_rules as rules
from . import digest_sections as sections
from . import digest_volume as volume
from . import digest_words as words
from .digest_summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.model import DigestContent, DigestStory

# Slack takes about 13,000 characters over all blocks and 50 of them; a story takes one, or two with its theme, three
# with its heading.
STORIES = 12
BASELINE, DEADLINES, QUOTATIONS, THEMES, RULES, SOURCES = 8, 8, 5, 8, 6, 5
# Characters of each list beside the stories, so that half of a message is left for these.
LIST = 1_000
BLOCKS = 10
ROOM = 12_500
HEADLINE = 200
STORY = 1_500
REASONS = 300
NEWS = 200


def full(content: DigestContent) -> dict[str, Any]:
    """The arguments of chat.postMessage with blocks."""
    head = f"*{slack.escape(f'Presswatch {content.digest} – {words.title(content)}')}*"
    told = [f"*{label}:* {slack.escape(line)}" for label, line in summary(content)]
    late = [f"_{slack.escape(words.late(content))}_"] if content.window.late else []
    blocks = [slack.section("\n".join(slack.fitting([head, *told, *late], slack.SECTION)))]
    lists = (_deadlines, _quotations, _baseline, _volume, _rules, _sources)
    ending = [*(block for make in lists for block in make(content)), _foot(content)]
    stories = _stories(content, ROOM - _size([*blocks, *ending]))
    return {**slack.message(text_of(content)), "blocks": [*blocks, *stories, *ending]}


def minimal(content: DigestContent) -> dict[str, Any]:
    """The arguments of chat.postMessage for a plain message."""
    return slack.message(text_of(content))


def text_of(content: DigestContent) -> str:
    """Subject, what stood out, and headlines: what notifications and screen readers get."""
    headlines = [
        f"• {cut(words.entry(story, content.window.zone).headline, HEADLINE)}" for story in sections.in_order(content)
    ]
    lines = (words.subject(content), *words.spikes(content, words.SPIKES_SHOWN), *headlines)
    return "\n".join(slack.fitting([slack.escape(line) for line in lines], slack.TEXT))


def _stories(content: DigestContent, room: int) -> list[dict[str, Any]]:
    """The first stories, as many as fit into ``room`` characters, and how many there are besides."""
    blocks: list[dict[str, Any]] = []
    shown = 0
    for heading, theme, story in _ordered(content):
        new = [slack.section(f"*{slack.escape(heading)}*")] if heading else []
        new += [slack.context(f"*{slack.escape(theme)}*")] if theme else []
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
    """Figures and window."""
    lines = (*words.healthy(content), words.ledger(content), words.window(content.window))
    return slack.context("\n".join(map(slack.escape, lines)))


def _size(blocks: Iterable[dict[str, Any]]) -> int:
    texts = (text for block in blocks for text in (block.get("elements") or [block["text"]]))
    return sum(len(text["text"]) for text in texts)


def _ordered(content: DigestContent) -> Iterator[tuple[str, str, DigestStory]]:
    """The stories in order, before the first one of each part its heading, before each theme's its title."""
    for part in parts.parts(content):
        heading = part.title
        for theme in part.themes:
            for place, story in enumerate(theme.stories):
                yield heading, "" if place else theme.title, story
                heading = ""


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
    lines = [
        f"*{slack.escape(f'{one.day}: {one.what}')}* – {slack.linked(cut(one.headline, HEADLINE), one.url)}"
        for one in deadline_words.entries(content, DEADLINES)
    ]
    return _listed(deadline_words.HEADING, lines, len(content.deadlines), "presswatch deadlines")


def _quotations(content: DigestContent) -> list[dict[str, Any]]:
    told = parts.quotations(content, QUOTATIONS)
    lines = [f"{slack.escape(str(one))} ({slack.linked(cut(one.headline, HEADLINE), one.url)})" for one in told]
    whole = len(sections.quotations(content))
    return _listed(parts.SAID, lines, whole, f"presswatch digest {content.digest} --last")


def _baseline(content: DigestContent) -> list[dict[str, Any]]:
    shown = [words.entry(story, content.window.zone) for story in content.baseline[:BASELINE]]
    lines = [slack.linked(cut(one.headline, HEADLINE), one.url) for one in shown]
    whole = len(content.baseline) + content.baseline_more
    return _listed(words.BASELINE, lines, whole, "presswatch alerts --baseline")


def _volume(content: DigestContent) -> list[dict[str, Any]]:
    """Bars, what stood out, and what is quiet."""
    lines = [_bar(bar) for bar in volume.bars(content, THEMES)]
    blocks = _listed(volume.TITLE, lines, len(content.volume), "presswatch volume", mark="")
    spikes = [slack.escape(each) for each in words.spikes(content, words.SPIKES_SHOWN)]
    blocks += _listed(words.SPIKES, spikes, len(spikes), "presswatch volume")
    quiet = slack.escape(words.quiet(content, THEMES))
    return [*blocks, *([slack.context(quiet)] if quiet else [])]


def _bar(bar: volume.Bar) -> str:
    """A bar before its name: letters of a message are not of one width."""
    full = volume.FULL * max(round(bar.fill * BLOCKS / 100), 1 if bar.fill else 0)
    return f"{full or volume.USUAL} {slack.escape(bar.title)}: {slack.escape(bar.label)}"


def _rules(content: DigestContent) -> list[dict[str, Any]]:
    told = [slack.escape(cut(each, REASONS)) for each in rules.lines(content)]
    return _listed(rules.TITLE, told[:RULES], len(told), "presswatch rules list, presswatch volume")


def _sources(content: DigestContent) -> list[dict[str, Any]]:
    whole = len(content.troubles) + len(content.gaps)
    lines = [slack.escape(each) for each in words.health(content)[:SOURCES]] if whole else []
    return _listed(words.SOURCES, lines, whole, "presswatch sources list")


def _listed(title: str, lines: Sequence[str], whole: int, where: str, *, mark: str = "• ") -> list[dict[str, Any]]:
    """A heading with the lines that fit under it, and how many of ``whole`` are found ``where``; nothing for none."""
    if not whole:
        return []
    kept = slack.fitting([mark + line for line in lines], LIST)
    rest = whole - len(kept)
    more = [f"and {rest:,} more: {slack.escape(where)}"] if rest else []
    return [slack.context("\n".join([f"*{slack.escape(title)}*", *kept, *more]))]
