"""A digest as HTML for mail programs: one column, styles inlined, nothing loaded from elsewhere, light and dark.

Mail programs cut long messages without a word (Gmail at about 102 KB), so this keeps to a limit and says what it
leaves out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.model.words import plural

from . import deadline_words
from . import digest_words as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template

    from bot.model import DigestContent, DigestStory

    from .digest_words import Entry

LIMIT = 80_000
# No story takes less, so that of a flood only what may fit is laid out: the database waits meanwhile.
LEAST = 400
# Lines on sources that need a look: when the network is away, all of them do.
SOURCES = 20
# Whose sentences go first where room is short.
QUIET = ("low", "normal")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page, and what it leaves to the text because of its limit: so many stories, or only sentences."""

    html: str
    omitted: int = 0
    shortened: bool = False

    @property
    def cut(self) -> bool:
        """Whether the text says more than the page."""
        return bool(self.omitted) or self.shortened


def html(content: DigestContent, *, limit: int = LIMIT) -> Rendered:
    """The whole issue, at most ``limit`` bytes in UTF-8.

    Where that is too little, the sentences of low stories go first, then those of normal ones, then stories from the
    end. The page says so.
    """
    few, many = 0, min(len(content.stories), limit // LEAST)
    for number in range(len(QUIET) + 1 if many == len(content.stories) else 0):
        page = _page(content, many, QUIET[:number])
        if _fits(page, limit):
            return Rendered(page, shortened=number > 0)
    best = _page(content, 0, QUIET)
    while few < many:
        middle = (few + many + 1) // 2
        page = _page(content, middle, QUIET)
        if _fits(page, limit):
            few, best = middle, page
        else:
            many = middle - 1
    return Rendered(best, len(content.stories) - few, shortened=True)


def _fits(page: str, limit: int) -> bool:
    return len(page.encode()) <= limit


def _page(content: DigestContent, most: int, silent: Sequence[str]) -> str:
    """The page with the first ``most`` stories, those of the severities ``silent`` without their sentences."""
    from css_inline import inline

    omitted = len(content.stories) - most
    page = _template().render(
        subject=words.subject(content),
        name=content.digest,
        title=words.title(content),
        summary=words.summary(content),
        late=words.late(content),
        themes=_themes(content, most, silent),
        omitted=plural(omitted, "more story") if omitted else "",
        shortened=bool(silent),
        deadlines=deadline_words.entries(content),
        deadlines_title=deadline_words.HEADING,
        deadlines_more=deadline_words.more(content),
        baseline=_entries(content, content.baseline),
        baseline_title=words.BASELINE,
        baseline_more=content.baseline_more,
        quiet=words.quiet(content),
        health=words.health(content, SOURCES),
        troubled=bool(content.troubles or content.gaps),
        ledger=words.ledger(content),
        window=words.window(content.window),
    )
    return inline(page)


def _themes(content: DigestContent, most: int, silent: Sequence[str]) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    for theme in content.themes:
        stories = theme.stories[: max(0, most)]
        most -= len(stories)
        if stories:
            shown.append({"title": theme.title, "stories": _entries(content, stories, silent)})
    return shown


def _entries(content: DigestContent, stories: Sequence[DigestStory], silent: Sequence[str] = ()) -> list[Entry]:
    zone = content.window.zone
    return [
        replace(entry, quotes=()) if story.severity in silent else entry
        for story in stories
        for entry in [words.entry(story, zone)]
    ]


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("bot.alerts")
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("digest.html")
