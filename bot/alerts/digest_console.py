"""A digest as lines for a terminal, in the shape of :mod:`bot.alerts.compose_console`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import deadline_words
from . import digest_parts as parts
from . import digest_rules as rules
from . import digest_volume as volume
from . import digest_words as words
from .compose_console import HANG, INDENT, Line, Part, line
from .digest_summary import summary

if TYPE_CHECKING:
    from bot.model import DigestContent

    from .digest_words import Entry


def full(content: DigestContent) -> dict[str, Any]:
    """Every story with its first sentence, then what comes, who said what, what concerns the watching, the figures."""
    zone = content.window.zone
    lines = [line([[f"Presswatch {content.digest} – {words.title(content)}", "headline", None]], 0)]
    lines += [line([[f"{label}: ", "label", None], [told, "", None]], 0, HANG) for label, told in summary(content)]
    if content.window.late:
        lines.append(line([[words.late(content), "loud", None]], 0))
    for part in parts.parts(content):
        lines.append(_heading(part.title))
        for theme in part.themes:
            lines += [line([[theme.title, "label", None]], 0)] if theme.title else []
            lines += [each for story in theme.stories for each in _story(words.entry(story, zone))]
    lines += _deadlines(content)
    lines += _listed(parts.SAID, [f"{one} ({one.headline})" for one in parts.quotations(content)])
    lines += _baseline(content)
    spikes = [f"{words.SPIKES}: {each}" for each in words.spikes(content)]
    lines += _listed(volume.TITLE, [*volume.lines(content), *spikes])
    lines += [line([[quiet, "meta", None]], 0)] if (quiet := words.quiet(content)) else []
    lines += _listed(rules.TITLE, rules.lines(content))
    lines += _listed(words.SOURCES, words.health(content)) if words.is_troubled(content) else []
    foot = [*words.healthy(content), words.ledger(content), words.window(content.window)]
    return {"lines": [*lines, *(line([[each, "meta", None]], 0) for each in foot)], "counter": []}


def minimal(content: DigestContent) -> dict[str, Any]:
    """The issue on one line."""
    return {"lines": [line([[words.subject(content), "headline", None]], 0)], "counter": []}


def _story(one: Entry) -> list[Line]:
    lines = [line(_headline(one), INDENT), line([[one.byline, "meta", None]], 2 * INDENT)]
    if one.news:
        lines.append(line([["New: ", "label", None], [one.news, "rule", None]], 2 * INDENT, HANG))
    if one.quotes:
        pieces: list[Part] = [[piece.text, "hit" if piece.hit else "quote", None] for piece in one.quotes[0]]
        lines.append(line(pieces, 2 * INDENT))
    for place, (rule, found) in enumerate(one.reasons):
        label: Part = ["     " if place else "Why: ", "label", None]
        reason: list[Part] = [label, [rule, "rule", None], *([[" – " + found, "meta", None]] if found else [])]
        lines.append(line(reason, 2 * INDENT, HANG))
    lines += [line([[one.note, "meta", None]], 2 * INDENT)] if one.note else []
    return [*lines, *([line([[one.url, "link", one.url]], 2 * INDENT)] if one.url else [])]


def _heading(title: str) -> Line:
    return line([[title, "headline", None]], 0)


def _listed(title: str, told: list[str]) -> list[Line]:
    """A heading with a line for each sentence; nothing where there is none."""
    return [_heading(title), *(line([[each, "quote", None]], INDENT, HANG) for each in told)] if told else []


def _baseline(content: DigestContent) -> list[Line]:
    if not content.baseline:
        return []
    zone = content.window.zone
    lines = [_heading(words.BASELINE)]
    lines += [line(_headline(words.entry(story, zone)), INDENT, HANG) for story in content.baseline]
    more = f"and {content.baseline_more:,} more: presswatch alerts --baseline"
    return [*lines, *([line([[more, "meta", None]], INDENT)] if content.baseline_more else [])]


def _deadlines(content: DigestContent) -> list[Line]:
    if not content.deadlines:
        return []
    lines = [_heading(deadline_words.HEADING)]
    for one in deadline_words.entries(content):
        lines.append(
            line([[f"{one.day}: {one.what} – ", "loud", None], [one.headline, "headline", one.url]], INDENT, HANG)
        )
        if one.derived:
            lines.append(line([[one.derived, "meta", None]], 2 * INDENT))
    rest = deadline_words.more(content)
    return [*lines, *([line([[rest, "meta", None]], INDENT)] if rest else [])]


def _headline(one: Entry) -> list[Part]:
    mark: list[Part] = [[f"{one.mark}: ", "loud", None]] if one.mark else []
    return [*mark, [one.headline, "headline", one.url]]
