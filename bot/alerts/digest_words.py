"""What a digest says in words, the same in a mail, in Slack and on a terminal: lines of clean text.

Times are those of the digest's zone, which the window names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.model.words import plural

from . import digest_sections as sections
from . import spike_words, wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import DigestContent, DigestStory, Sentence, SourceGap, SourceTrouble, Why, Window

    from .wording import Piece

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OUTLETS = 5
DOT = " · "
RULES = 5
REASON = 200
# Where there is little room: when all themes stand out, something else has happened.
SPIKES_SHOWN = 8
BASELINE = "Already there when a source was first polled – stored, not alerted"
SPIKES = spike_words.OPENING
SOURCES = "Sources"
STOP = "To end this digest"
# Of a story that is not loud one sentence is enough.
QUOTES = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A story in clean pieces. ``mark`` is its severity where that is loud; ``reasons`` pair a rule with its words.

    ``news`` is what it brought since the last issue; ``lang`` the language of headline and quotes, where it is known.
    """

    mark: str
    headline: str
    url: str | None
    byline_parts: tuple[str, ...]
    quotes: tuple[tuple[Piece, ...], ...]
    reasons: tuple[tuple[str, str], ...]
    note: str = ""
    news: str = ""
    lang: str = ""

    @property
    def byline(self) -> str:
        """Source, time, other outlets, notes."""
        return DOT.join(self.byline_parts)


def entry(story: DigestStory, zone: str) -> Entry:
    """The story as every form of the digest shows it."""
    alert = story.alert
    # Of a derived headline the whole sentence is shown, once.
    same = wording.stands_for_headline(alert)
    return Entry(
        mark=wording.LOUD.get(alert.severity, ""),
        headline="".join(piece.text for piece in wording.excerpt(same)) if same else wording.headline(alert),
        url=wording.link(alert.url),
        byline_parts=_byline(story, zone),
        quotes=_quotes(story, same),
        reasons=_reasons(alert.why),
        note=_note(story, zone),
        news="; ".join(wording.news_lines(story.news)),
        lang=story.lang or "",
    )


def _quotes(story: DigestStory, same: Sentence | None) -> tuple[tuple[Piece, ...], ...]:
    """The sentences that matched; of a story that goes on none, since what is new in it is told."""
    if sections.is_update(story):
        return ()
    found = tuple(tuple(pieces) for pieces in wording.quotes(story.alert, without=same))
    return found if story.severity in sections.LOUD else found[:QUOTES]


def _byline(story: DigestStory, zone: str) -> tuple[str, ...]:
    alert = story.alert
    parts = [wording.source(alert), when(alert.published_at, zone)]
    notes = [note for note in (wording.seen(alert), alert.excerpt_note) if note]
    for what, others in wording.outlets(alert):
        names = [wording.line(outlet.name, wording.NAME) or outlet.source for outlet in others[:OUTLETS]]
        rest = len(others) - len(names)
        parts.append(f"{what[0].lower()}{what[1:]}: {', '.join(names)}" + (f" and {rest} more" if rest else ""))
    return (*parts, *notes)


def _reasons(why: Sequence[Why]) -> tuple[tuple[str, str], ...]:
    shown = [(wording.rule_title(one), ", ".join(wording.found(one))) for one in why[:RULES]]
    more = wording.more_rules(why[RULES:])
    return (*shown, *([(more, "")] if more else []))


def _note(story: DigestStory, zone: str) -> str:
    parts = [] if story.alerted or not story.note else [f"Not alerted: {wording.line(story.note, REASON)}"]
    if story.since is not None:
        parts.append(f"Story since {when(story.since, zone)}")
    return " ".join(part if part.endswith(".") else part + "." for part in parts)


# ── times ────────────────────────────────────────────────────────────────────────────────────────


def when(moment: datetime | None, zone: str) -> str:
    """Date and time in ``zone``; the day alone where no time was told, "no date" where none was."""
    if moment is None or not wording.has_time(moment):
        return wording.date(moment)
    local = moment.astimezone(ZoneInfo(zone))
    return f"{wording.day(local)}, {local:%H:%M}"


def window(span: Window) -> str:
    """Like "26 Nov 2026, 07:30 to 27 Nov 2026, 07:30 (America/New_York)"."""
    place = ZoneInfo(span.zone)
    begin, end = span.begin.astimezone(place), span.end.astimezone(place)
    return f"{wording.day(begin)}, {begin:%H:%M} to {wording.day(end)}, {end:%H:%M} ({span.zone})"


# ── the issue as a whole ─────────────────────────────────────────────────────────────────────────


def is_empty(content: DigestContent) -> bool:
    """Whether there is nothing to tell: no story, no trouble and no edited rule."""
    told = (content.themes, content.baseline, content.troubles, content.gaps, content.spikes, content.rule_changes)
    return not any(told)


def subject(content: DigestContent) -> str:
    """The headline of the issue: "Presswatch morning: 7 stories, 2 high – 27 Nov 2026"."""
    told = (
        ", ".join([plural(len(content.stories), "story"), *sections.loudness(content)])
        if content.stories
        else "nothing new"
    )
    if not content.stories and content.troubles:
        told += f", {plural(len(content.troubles), 'source')} in trouble"
    return f"Presswatch {content.digest}: {told} – {wording.day(content.window.day)}"


def title(content: DigestContent) -> str:
    """Like "Friday, 27 Nov 2026"."""
    return f"{DAYS[content.window.day.weekday()]}, {wording.day(content.window.day)}"


def late(content: DigestContent) -> str:
    """Why the issue comes now; empty if it is on time."""
    if not content.window.late:
        return ""
    return "This issue is late: Presswatch was not running when it was due. It covers everything since the last one."


def quiet(content: DigestContent, most: int | None = None) -> str:
    """The themes without news, at most ``most`` by name; empty if there are none."""
    names = [wording.line(name, wording.NAME) for name in content.quiet_themes[:most]]
    rest = len(content.quiet_themes) - len(names)
    more = f"{rest:,} more themes" if names else f"{plural(rest, 'theme')}"
    return f"Nothing on: {', '.join([*names, *([more] if rest else [])])}." if names or rest else ""


def spikes(content: DigestContent, most: int | None = None) -> list[str]:
    """One line for each theme or entity that had far more stories than usual, with what drove it; at most ``most``."""
    zone = content.window.zone
    lines = []
    for spike in content.spikes[:most]:
        why = spike_words.driven_by(spike)
        lines.append(f"{spike_words.sentence(spike, zone)}." + (f" {why}." if why else ""))
    rest = len(content.spikes) - len(lines)
    return [*lines, *([f"And {rest:,} more: presswatch volume"] if rest else [])]


def trouble(one: SourceTrouble, zone: str) -> str:
    """A source that needs a look."""
    since = f"no good answer since {when(one.since, zone)}" if one.since else "never answered"
    return f"{wording.line(one.name, wording.NAME)}: {since} – {wording.line(one.reason, REASON)}"


def gap(one: SourceGap, zone: str) -> str:
    """A source of which something may be missing."""
    return (
        f"{wording.line(one.name, wording.NAME)}: items may be missing between {when(one.begin, zone)}"
        f" and {when(one.end, zone)}"
    )


def health(content: DigestContent, most: int | None = None) -> list[str]:
    """One line for each source that needs a look, at most ``most`` of them; or one that says that none does."""
    zone = content.window.zone
    lines = [trouble(one, zone) for one in content.troubles] + [gap(one, zone) for one in content.gaps]
    rest = len(lines) - most if most is not None else 0
    if rest > 0:
        return [*lines[:most], f"And {rest:,} more: presswatch sources list"]
    return lines or healthy(content)


def is_troubled(content: DigestContent) -> bool:
    """Whether a source needs a look."""
    return bool(content.troubles or content.gaps)


def healthy(content: DigestContent) -> list[str]:
    """One line that says that all sources are well; none where one is not, or none was asked."""
    number = content.ledger.sources
    if is_troubled(content) or not number:
        return []
    return ["The one source answers." if number == 1 else f"All {number:,} sources answer."]


def ledger(content: DigestContent) -> str:
    """What came in and what became of it."""
    counts = content.ledger
    parts = [
        plural(counts.articles, "new article"),
        f"{counts.matched:,} matched a rule",
        f"{counts.alerted:,} alerted",
        plural(counts.copies, "copy"),
    ]
    if counts.baseline:
        parts.append(f"{counts.baseline:,} from first polls")
    if counts.kept_back:
        parts.append(f"{counts.kept_back:,} kept out of channels as noise")
    if counts.waiting:
        parts.append(f"{plural(counts.waiting, 'message')} still waiting")
    return ", ".join(parts) + "."
