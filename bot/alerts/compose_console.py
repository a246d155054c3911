"""An alert as lines for a terminal, neutral about colours: the console sender decides how a style looks.

A line is {"indent": columns, "hang": more of them for what is wrapped, "parts": [[text, style, address or None], …]}.
Styles: headline, hit, quote, meta, loud, rule, label, copies, link. "counter" is what an update prints, since a
terminal cannot change what stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import AlertContent, Sentence, Why

    from .wording import Piece

RULES = 5
INDENT = 2
HANG = len("Why: ")
DOT = " · "

Line = dict[str, Any]
Part = list[str | None]


def full(content: AlertContent) -> dict[str, Any]:
    """Headline, byline, quotes, reasons, copies, address."""
    same = wording.stands_for_headline(content)
    url = wording.link(content.url)
    new = line([["New: ", "label", None], ["; ".join(wording.news(content)), "rule", None]], 0, len("New: "))
    told = [new] if content.news else []
    lines = [line(_headline(content, same, url), 0), line(_byline(content), INDENT)]
    lines = [*told, *lines] if content.kind == "new fact" else [*lines, *({**one, "indent": INDENT} for one in told)]
    lines += [line(_marked(pieces, "quote"), INDENT) for pieces in wording.quotes(content, without=same)]
    lines += _reasons(content)
    counted: list[list[Part]] = [[[each, "copies", None]] for each in wording.carried(content)]
    counted += [_joined(content)] if content.joined else []
    lines += [line(parts, INDENT) for parts in counted]
    lines += [line([[url, "link", url]], INDENT)] if url else []
    told_all = [piece for parts in counted for piece in ([DOT, "meta", None], *parts)][1:]
    counter = [line([*told_all, [" – " + wording.headline(content), "meta", url]], 0)] if told_all else []
    return {"lines": lines, "counter": counter}


def _joined(content: AlertContent) -> list[Part]:
    """The other messages on this story, their addresses spelled out as the article's own is."""
    pieces = wording.one_story(content, spelled=True)
    return [[text, "link" if text == address else "copies", address] for text, address in pieces]


def minimal(content: AlertContent) -> dict[str, Any]:
    """The headline and where it stands, on one line."""
    new = [f"New: {'; '.join(wording.news(content))}"] if content.kind == "new fact" else []
    text = " – ".join(
        [*new, wording.headline(content), wording.source(content), *([wording.RESENT] if content.resent else [])]
    )
    return {"lines": [line([[text, "headline", None]], 0)], "counter": []}


def line(parts: Sequence[Part], indent: int, hang: int = 0) -> Line:
    """A line of parts, each with its style and address."""
    return {"indent": indent, "hang": hang, "parts": list(parts)}


def _headline(content: AlertContent, same: Sentence | None, url: str | None) -> list[Part]:
    """The headline, or the sentence a derived one was cut from, with its hits."""
    pieces = wording.excerpt(same) if same else wording.headline_pieces(content)
    if content.kind != "new rule":
        return _marked(pieces, "headline", url)
    titles = ", ".join(wording.rule_title(why) for why in content.why[:RULES])
    return [
        ["Also matches ", "label", None],
        [titles, "rule", None],
        [": ", "label", None],
        *_marked(pieces, "headline", url),
    ]


def _marked(pieces: Sequence[Piece], style: str, url: str | None = None) -> list[Part]:
    return [[piece.text, "hit" if piece.hit else style, url] for piece in pieces]


def _byline(content: AlertContent) -> list[Part]:
    loud = wording.LOUD.get(content.severity)
    parts: list[Part] = [[wording.source(content) + DOT + wording.date(content.published_at), "meta", None]]
    if loud:
        parts += [[DOT, "meta", None], [loud, "loud", None]]
    return [*parts, [DOT + DOT.join([*wording.notes(content), f"story {content.story}"]), "meta", None]]


def _reasons(content: AlertContent) -> list[Line]:
    lines = [
        line(_reason(why, "     " if place else "Why: "), INDENT, HANG) for place, why in enumerate(content.why[:RULES])
    ]
    more = wording.more_rules(content.why[RULES:])
    return [*lines, *([line([["     " + more, "label", None]], INDENT, HANG)] if more else [])]


def _reason(why: Why, label: str) -> list[Part]:
    phrases = ", ".join(wording.found(why))
    parts: list[Part] = [[label, "label", None], [wording.rule_title(why), "rule", None]]
    return [*parts, *([[" – " + phrases, "meta", None]] if phrases else [])]
