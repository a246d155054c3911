"""An issue's stories under their headings, and who said what in them: lines of clean text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.model import DigestTheme

from . import digest_sections as sections
from . import digest_words as words
from . import said, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import DigestContent, DigestStory, Quote, Severity

SAID = "Who said what"


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks, who said them, and the headline of the story with its address and language.

    ``role`` is what the text calls the speaker, empty where it does not say.
    """

    words: str
    speaker: str
    role: str
    headline: str
    url: str | None
    lang: str

    def __str__(self) -> str:
        """Like "“We shall see” – Lu Xiang, an expert at the academy"."""
        return f"{self.words} – {self.speaker}" + (f", {self.role}" if self.role else "")


def high_title(content: DigestContent) -> str:
    """The heading of the loud stories, by how loud they are."""
    found = {story.severity for theme in sections.high(content) for story in theme.stories}
    return " and ".join(name for name in sections.LOUD if name in found).capitalize()


def updates_title(content: DigestContent) -> str:
    """The heading of the stories that go on: since when they have news."""
    before, day = content.before, content.window.day
    if before is None or before >= day:
        return "New since the last issue"
    if before == day - timedelta(days=1):
        return "New since yesterday"
    return f"New since {words.DAYS[before.weekday()]}, {wording.day(before)}"


def others_title(content: DigestContent) -> str:
    """The heading of the other stories: "Stories" where there are no others before them."""
    return "Other stories" if sections.high(content) or sections.updates(content) else "Stories"


def parts(content: DigestContent) -> tuple[sections.Section, ...]:
    """The stories under their headings, in order; headings without stories are left out."""
    stories = sections.updates(content)
    going_on = (DigestTheme(id="", title="", stories=stories),) if stories else ()
    found = (
        sections.Section(high_title(content), sections.high(content)),
        sections.Section(updates_title(content), going_on),
        sections.Section(others_title(content), sections.others(content)),
    )
    return tuple(part for part in found if part.themes)


def quotation(quote: Quote, story: DigestStory) -> Quotation:
    """Who said what, and in which story."""
    return Quotation(*said.line(quote), wording.headline(story.alert), wording.link(story.alert.url), story.lang or "")


def quotations(content: DigestContent, most: int | None = None, silent: Sequence[Severity] = ()) -> list[Quotation]:
    """Who said what, at most ``most``."""
    return [quotation(*each) for each in sections.quotations(content, silent)[:most]]
