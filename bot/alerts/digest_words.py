"""What a digest says in words, the same in a mail, in Slack and on a terminal: lines of clean text.

Times are those of the digest's zone, which the window names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.model.words import plural

from . import said, spike_words, wording

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import DigestContent, DigestStory, SourceGap, SourceTrouble, Why, Window

    from .wording import Piece

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LOUD = ("urgent", "high")
OUTLETS = 5
RULES = 5
REASON = 200
# Where there is little room: when all themes stand out, something else has happened.
SPIKES_SHOWN = 8
BASELINE = "Already there when a source was first polled – stored, not alerted"
SPIKES = spike_words.OPENING
SAID = "Who said what"
HEARTBEAT = "Nothing new."


@dataclass(frozen=True, slots=True)
class Entry:
    """A story in clean pieces. ``mark`` is its severity where that is loud; ``reasons`` pair a rule with its words.

    ``said`` pairs words between quotation marks with their speaker; ``news`` is what it brought since the last issue.
    """

    mark: str
    headline: str
    url: str | None
    byline: str
    quotes: tuple[tuple[Piece, ...], ...]
    reasons: tuple[tuple[str, str], ...]
    note: str = ""
    said: tuple[tuple[str, str], ...] = ()
    news: str = ""


def entry(story: DigestStory, zone: str) -> Entry:
    """The story as every form of the digest shows it."""
    alert = story.alert
    # Of a derived headline the whole sentence is shown, once.
    same = wording.stands_for_headline(alert)
    return Entry(
        mark=wording.LOUD.get(alert.severity, ""),
        headline="".join(piece.text for piece in wording.excerpt(same)) if same else wording.headline(alert),
        url=wording.link(alert.url),
        byline=_byline(story, zone),
        quotes=tuple(tuple(pieces) for pieces in wording.quotes(alert, without=same)),
        reasons=_reasons(alert.why),
        note=_note(story, zone),
        said=tuple(said.line(quote) for quote in story.said),
        news="; ".join(wording.news_lines(story.news)),
    )


def _byline(story: DigestStory, zone: str) -> str:
    alert = story.alert
    parts = [wording.source(alert), when(alert.published_at, zone)]
    notes = [note for note in (wording.seen(alert), alert.excerpt_note) if note]
    for what, others in wording.outlets(alert):
        names = [wording.line(outlet.name, wording.NAME) or outlet.source for outlet in others[:OUTLETS]]
        rest = len(others) - len(names)
        parts.append(f"{what[0].lower()}{what[1:]}: {', '.join(names)}" + (f" and {rest} more" if rest else ""))
    return " · ".join([*parts, *notes])


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
    """Whether there is nothing to tell: no story and no trouble."""
    return not (content.themes or content.baseline or content.troubles or content.gaps or content.spikes)


def subject(content: DigestContent) -> str:
    """The headline of the issue: "Presswatch morning: 7 stories, 2 high – 27 Nov 2026"."""
    told = ", ".join([plural(len(content.stories), "story"), *_loud(content)]) if content.stories else "nothing new"
    if not content.stories and content.troubles:
        told += f", {plural(len(content.troubles), 'source')} in trouble"
    return f"Presswatch {content.digest}: {told} – {wording.day(content.window.day)}"


def title(content: DigestContent) -> str:
    """Like "Friday, 27 Nov 2026"."""
    return f"{DAYS[content.window.day.weekday()]}, {wording.day(content.window.day)}"


def summary(content: DigestContent) -> str:
    """The issue in one or two sentences."""
    if not content.stories:
        more = f" {plural(len(content.baseline), 'older article')} listed below." if content.baseline else ""
        return HEARTBEAT + more
    loud = _loud(content)
    themes = f" in {plural(len(content.themes), 'theme')}" if len(content.themes) > 1 else ""
    rated = f", {' and '.join(loud)}" if loud else ""
    told = sum(story.alerted for story in content.stories)
    quiet = len(content.stories) - told
    ending = f" {told} of them alerted at once, {quiet} only here." if quiet and told else ""
    return f"{plural(len(content.stories), 'story')}{themes}{rated}.{ending}"


def late(content: DigestContent) -> str:
    """Why the issue comes now; empty if it is on time."""
    if not content.window.late:
        return ""
    return "This issue is late: Presswatch was not running when it was due. It covers everything since the last one."


def quiet(content: DigestContent) -> str:
    """The themes without news; empty if there are none."""
    names = ", ".join(wording.line(name, wording.NAME) for name in content.quiet_themes)
    return f"Nothing on: {names}." if names else ""


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
    if lines or not content.ledger.sources:
        return lines
    return [
        "The one source answers." if content.ledger.sources == 1 else f"All {content.ledger.sources} sources answer."
    ]


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


def _loud(content: DigestContent) -> list[str]:
    """How many stories are urgent and high, where there are any."""
    counts = {name: sum(story.severity == name for story in content.stories) for name in LOUD}
    return [f"{number} {name}" for name, number in counts.items() if number]
