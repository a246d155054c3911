"""A digest as plain text: the mail's second half, and the list that no size limit cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.text import columns

from . import deadline_words
from . import digest_parts as parts
from . import digest_rules as rules
from . import digest_volume as volume
from . import digest_words as words
from .columns import wrap
from .digest_summary import summary
from .digest_words import is_empty, subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import DigestContent, DigestStory

    from .digest_words import Entry
    from .wording import Piece

__all__ = ["is_empty", "subject", "text"]

WIDTH = 76
INDENT = "    "


def text(content: DigestContent, *, stop: str = "") -> str:
    """The whole issue; lines of at most 76 columns, but for addresses, which stand whole on lines of their own.

    ``stop`` is the address for readers who want no more of it.
    """
    zone = content.window.zone
    blocks = [[f"Presswatch {content.digest} – {words.title(content)}", *_summary(content)]]
    if content.window.late:
        blocks.append(_wrapped(words.late(content)))
    for part in parts.parts(content):
        blocks.append(_heading(part.title))
        for theme in part.themes:
            blocks += [[f"{theme.title}:"]] if theme.title else []
            blocks += [_story(story, zone) for story in theme.stories]
    listed = (
        (deadline_words.HEADING, _deadlines(content)),
        (parts.SAID, _said(content)),
        (words.BASELINE, _baseline(content)),
        (volume.TITLE if content.volume or content.spikes else "", _volume(content)),
        (rules.TITLE, _bullets(rules.lines(content))),
        (words.SOURCES, _bullets(words.health(content) if words.is_troubled(content) else ())),
    )
    blocks += [[*(_heading(title) if title else ()), *lines] for title, given in listed if (lines := list(given))]
    blocks.append(_foot(content, stop))
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _summary(content: DigestContent) -> Iterable[str]:
    rows = summary(content)
    wide = max(len(label) for label, _ in rows) + 2
    for label, line in rows:
        yield from _wrapped(line, f"{label}:".ljust(wide), " " * wide)


def _heading(title: str) -> list[str]:
    lines = _wrapped(title)
    return [*lines, "─" * max(map(columns, lines))]


def _story(story: DigestStory, zone: str) -> list[str]:
    one = words.entry(story, zone)
    mark = f"[{one.mark}] " if one.mark else ""
    lines = [*_wrapped(f"{mark}{one.headline}", "* ", "  "), *_wrapped(one.byline, INDENT)]
    lines += _wrapped(one.news, INDENT + "New: ", INDENT + "     ") if one.news else []
    for quote in one.quotes:
        lines += _wrapped(f"“{_marked(quote)}”", INDENT)
    lines += _reasons(one)
    lines += _wrapped(one.note, INDENT) if one.note else []
    return [*lines, *([INDENT + one.url] if one.url else [])]


def _reasons(one: Entry) -> Iterable[str]:
    for place, (rule, found) in enumerate(one.reasons):
        label = "Why: " if not place else "     "
        yield from _wrapped(f"{rule} – {found}" if found else rule, INDENT + label, INDENT + "     ")


def _marked(pieces: Sequence[Piece]) -> str:
    return "".join(f"*{piece.text}*" if piece.hit else piece.text for piece in pieces)


def _deadlines(content: DigestContent) -> Iterable[str]:
    for one in deadline_words.entries(content):
        yield from _wrapped(f"{one.day}: {one.what} – {one.headline}", "* ", "  ")
        said = f"“{one.sentence}” ({one.source})" if one.sentence else one.source
        yield from _wrapped(f"{said} – {one.derived}" if one.derived else said, INDENT)
        if one.url:
            yield INDENT + one.url
    if rest := deadline_words.more(content):
        yield f"  {rest}"


def _baseline(content: DigestContent) -> Iterable[str]:
    for story in content.baseline:
        one = words.entry(story, content.window.zone)
        rules = ", ".join(rule for rule, _ in one.reasons)
        yield from _wrapped(one.headline, "* ", "  ")
        yield from _wrapped(f"{one.byline} · {rules}", INDENT)
        if one.url:
            yield INDENT + one.url
    if content.baseline_more:
        yield f"  and {content.baseline_more:,} more: presswatch alerts --baseline"


def _said(content: DigestContent) -> Iterable[str]:
    for one in parts.quotations(content):
        yield from _wrapped(str(one), "* ", "  ")
        yield from _wrapped(f"In: {one.headline}", INDENT)


def _volume(content: DigestContent) -> Iterable[str]:
    if content.volume:
        yield from _wrapped(volume.caption(content))
        yield from volume.lines(content)
    if content.spikes:
        yield f"{words.SPIKES}:"
        yield from _bullets(words.spikes(content))
    yield from _wrapped(words.quiet(content))


def _bullets(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield from _wrapped(line, "* ", "  ")


def _foot(content: DigestContent, stop: str) -> list[str]:
    lines = [f"Sources: {line}" for line in words.healthy(content)]
    lines += _wrapped(words.ledger(content), "Ledger:  ", "         ")
    lines += _wrapped(words.window(content.window), "Window:  ", "         ")
    return [*lines, *([f"{words.STOP}:", stop] if stop else [])]


def _wrapped(line: str, first: str = "", rest: str | None = None) -> list[str]:
    """The line in pieces; a word that is too long stays whole."""
    return wrap(line, WIDTH, first, first if rest is None else rest)
