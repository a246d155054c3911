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
from . import digest_parts as parts
from . import digest_rules as rules
from . import digest_sections as sections
from . import digest_volume as volume
from . import digest_words as words
from .digest_summary import preheader, summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Template

    from bot.model import DigestContent, DigestStory, Severity

    from .digest_words import Entry

LIMIT = 80_000
# No story takes less, so that of a flood only what may fit is laid out: the database waits meanwhile.
LEAST = 400
# How many lines each list beside the stories has at most, and the shares of them that are tried where room is short.
LISTS = {
    "deadlines": 20,
    "quotations": 12,
    "baseline": 15,
    "volume": 15,
    "spikes": 8,
    "quiet": 20,
    "rules": 12,
    "health": 20,
}
SHARES = (1.0, 0.5, 0.25, 0.0)
# Whose sentences go first where room is short.
QUIET: tuple[Severity, ...] = ("low", "normal")


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


@dataclass(frozen=True, slots=True)
class _Room:
    """So many stories, those of the severities ``silent`` without their sentences, and a share of the lists."""

    stories: int
    silent: tuple[Severity, ...] = ()
    share: float = 1.0

    def of(self, name: str) -> int:
        """The lines that a list has."""
        return int(LISTS[name] * self.share)


def html(content: DigestContent, *, limit: int = LIMIT, stop: str = "") -> Rendered:
    """The whole issue, at most ``limit`` bytes in UTF-8. ``stop`` is where readers end it.

    Where that is too little, the sentences of low stories go first, then those of normal ones, then stories from the
    end. Lists beside the stories are shorter only where they alone would take more than half of the room, which takes
    addresses of a length that no publisher uses. The page says what is left out.
    """
    few, many = 0, min(len(content.stories), limit // LEAST)
    for number in range(len(QUIET) + 1 if many == len(content.stories) else 0):
        page = _page(content, _Room(many, QUIET[:number]), stop)
        if _fits(page, limit):
            return Rendered(page, shortened=number > 0)
    share, best = _share(content, limit // 2, stop)
    while few < many:
        middle = (few + many + 1) // 2
        page = _page(content, _Room(middle, QUIET, share), stop)
        if _fits(page, limit):
            few, best = middle, page
        else:
            many = middle - 1
    return Rendered(best, len(content.stories) - few, shortened=True)


def _share(content: DigestContent, limit: int, stop: str) -> tuple[float, str]:
    """The largest share of the lists that leaves room for stories, and the page without any."""
    for share in SHARES:
        page = _page(content, _Room(0, QUIET, share), stop)
        if _fits(page, limit):
            break
    return share, page


def _fits(page: str, limit: int) -> bool:
    return len(page.encode()) <= limit


def _page(content: DigestContent, room: _Room, stop: str) -> str:
    from css_inline import inline

    omitted = len(content.stories) - room.stories
    page = _template().render(
        subject=words.subject(content),
        preheader=preheader(content),
        name=content.digest,
        title=words.title(content),
        summary=summary(content),
        late=words.late(content),
        parts=_parts(content, room),
        omitted=plural(omitted, "more story") if omitted else "",
        shortened=bool(room.silent),
        **_lists(content, room),
        health_title=words.SOURCES,
        health=words.health(content, room.of("health")) if words.is_troubled(content) else [],
        foot=[*words.healthy(content), words.ledger(content), words.window(content.window)],
        stop=stop,
        stop_title=words.STOP,
    )
    return inline(page)


def _lists(content: DigestContent, room: _Room) -> dict[str, Any]:
    """What stands beside the stories, each list with a line on what it leaves out."""
    quoted = len(sections.quotations(content, room.silent)) - room.of("quotations")
    older = content.baseline_more + max(0, len(content.baseline) - room.of("baseline"))
    whole = f"presswatch digest {content.digest} --last"
    return {
        "deadlines_title": deadline_words.HEADING,
        "deadlines": deadline_words.entries(content, room.of("deadlines")),
        "deadlines_more": deadline_words.more(content, room.of("deadlines")),
        "quotations_title": parts.SAID,
        "quotations": parts.quotations(content, room.of("quotations"), room.silent),
        "quotations_more": f"And {plural(quoted, 'more quotation')}: {whole}" if quoted > 0 else "",
        "baseline_title": words.BASELINE,
        "baseline": _entries(content, content.baseline[: room.of("baseline")]),
        "baseline_more": f"And {older:,} more: presswatch alerts --baseline" if older else "",
        "volume_title": volume.TITLE,
        "bars_caption": volume.caption(content) if content.volume else "",
        "bars": volume.bars(content, room.of("volume")),
        "bars_more": volume.more(content, room.of("volume")),
        "spikes": words.spikes(content, room.of("spikes")),
        "spikes_title": words.SPIKES,
        "quiet": words.quiet(content, room.of("quiet")),
        "rules_title": rules.TITLE,
        "rules": rules.lines(content, room.of("rules")),
    }


def _parts(content: DigestContent, room: _Room) -> list[dict[str, Any]]:
    """The sections with their stories, in order, as many as there is room for."""
    shown, most = [], room.stories
    for part in parts.parts(content):
        count = sum(len(theme.stories) for theme in part.themes)
        themes = [
            {"title": theme.title, "stories": _entries(content, theme.stories, room.silent)}
            for theme in sections.first(part.themes, most)
        ]
        most -= count
        if themes:
            shown.append({"title": part.title, "count": f"{count:,}", "themes": themes})
    return shown


def _entries(content: DigestContent, stories: Sequence[DigestStory], silent: Sequence[Severity] = ()) -> list[Entry]:
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
