"""A digest as plain text: the mail's second half, and the list that no size limit cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.text import columns

from . import deadline_words
from . import digest_words as words
from .columns import wrap
from .digest_words import is_empty, subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import DigestContent, DigestStory

    from .digest_words import Entry
    from .wording import Piece

__all__ = ["is_empty", "subject", "text"]

WIDTH = 76
INDENT = "    "


def text(content: DigestContent) -> str:
    """The whole issue; lines of at most 76 columns, but for addresses, which stand whole on lines of their own."""
    parts = [[f"Presswatch {content.digest} – {words.title(content)}", *_wrapped(words.summary(content))]]
    if content.window.late:
        parts.append(_wrapped(words.late(content)))
    if content.spikes:
        spikes = (line for each in words.spikes(content) for line in _wrapped(each, "* ", "  "))
        parts.append([*_heading(words.SPIKES), *spikes])
    for theme in content.themes:
        parts.append(_heading(theme.title))
        parts += [_story(story, content.window.zone) for story in theme.stories]
    if content.deadlines:
        parts.append([*_heading(deadline_words.HEADING), *_deadlines(content)])
    if content.baseline:
        parts.append([*_heading(words.BASELINE), *_baseline(content)])
    parts.append(_foot(content))
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


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
    lines += _said(one)
    lines += _reasons(one)
    lines += _wrapped(one.note, INDENT) if one.note else []
    return [*lines, *([INDENT + one.url] if one.url else [])]


def _said(one: Entry) -> Iterable[str]:
    if one.said:
        yield f"{INDENT}{words.SAID}:"
    for quote, speaker in one.said:
        yield from _wrapped(f"{quote} – {speaker}", INDENT + "  ")


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


def _foot(content: DigestContent) -> list[str]:
    quiet = words.quiet(content)
    lines = _wrapped(quiet) if quiet else []
    for line in words.health(content):
        lines += _wrapped(line, "Sources: ", "         ")
    lines += _wrapped(words.ledger(content), "Ledger:  ", "         ")
    return [*lines, *_wrapped(words.window(content.window), "Window:  ", "         ")]


def _wrapped(line: str, first: str = "", rest: str | None = None) -> list[str]:
    """The line in pieces; a word that is too long stays whole."""
    return wrap(line, WIDTH, first, first if rest is None else rest)
