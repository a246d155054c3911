"""The parts of an issue in the order in which every form of it tells them.

Loud stories that nobody was told of, by theme; stories of earlier issues with what is new in them, whatever their
severity; the other stories, by theme. Deadlines, quotations and what concerns the watching itself come after them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.model import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.model import DigestContent, DigestStory, DigestTheme, Quote, Severity

LOUD: tuple[Severity, ...] = ("urgent", "high")


@dataclass(frozen=True, slots=True)
class Section:
    """Stories under one heading, theme by theme; the one theme of stories that are not told by theme has no title."""

    title: str
    themes: tuple[DigestTheme, ...]


def is_update(story: DigestStory) -> bool:
    """Whether an earlier issue told of the story and there is something new in it."""
    return story.told_before and bool(story.news)


def is_high(story: DigestStory) -> bool:
    """Whether it is told before all others: it is loud, and new to the reader."""
    return story.severity in LOUD and not story.told_before


def high(content: DigestContent) -> tuple[DigestTheme, ...]:
    """The loud stories that are new to the reader, by theme."""
    return _only(content, is_high)


def updates(content: DigestContent) -> tuple[DigestStory, ...]:
    """The stories of earlier issues with news, the most severe first, of equals the weightiest news."""
    found = [story for story in content.stories if is_update(story)]
    return tuple(sorted(found, key=lambda one: (-SEVERITIES.index(one.severity), -max(n.weight for n in one.news))))


def others(content: DigestContent) -> tuple[DigestTheme, ...]:
    """All other stories, by theme."""
    return _only(content, lambda story: not is_high(story) and not is_update(story))


def in_order(content: DigestContent) -> tuple[DigestStory, ...]:
    """All stories in the order in which they are read."""
    by_theme = (high(content), others(content))
    first, last = ([story for theme in themes for story in theme.stories] for themes in by_theme)
    return (*first, *updates(content), *last)


def quotations(content: DigestContent, silent: Sequence[Severity] = ()) -> list[tuple[Quote, DigestStory]]:
    """Who said what, in the order of the stories; those of the severities ``silent`` are left out."""
    stories = (story for story in in_order(content) if story.severity not in silent)
    return [(quote, story) for story in stories for quote in story.said]


def loudness(content: DigestContent) -> list[str]:
    """How many stories are urgent and high, where there are any: ["1 urgent", "2 high"]."""
    counts = {name: sum(story.severity == name for story in content.stories) for name in LOUD}
    return [f"{number:,} {name}" for name, number in counts.items() if number]


def _only(content: DigestContent, wanted: Callable[[DigestStory], bool]) -> tuple[DigestTheme, ...]:
    kept = (replace(theme, stories=tuple(filter(wanted, theme.stories))) for theme in content.themes)
    return tuple(theme for theme in kept if theme.stories)


def first(themes: Sequence[DigestTheme], most: int) -> tuple[DigestTheme, ...]:
    """The first stories of these themes, at most ``most``."""
    kept = []
    for theme in themes:
        if most > 0:
            kept.append(replace(theme, stories=theme.stories[:most]))
        most -= len(theme.stories)
    return tuple(kept)
