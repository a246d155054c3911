"""Alerts, digests and notices as entries of a feed of our own; their plain text is what Apprise sends.

An entry is {"title", "url", "html", "text", "published", "categories"}; ``html`` holds elements that every reader
shows (p, ul, li, strong, em), with everything from outside escaped. An entry is small, so ``minimal`` is the same.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from . import digest_words, wording

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import AlertContent, DigestContent

    from .wording import Piece

Entry = dict[str, Any]


def alert(content: AlertContent) -> dict[str, Entry]:
    """An alert as an entry."""
    byline = " · ".join([wording.source(content), wording.date(content.published_at), *_marks(content)])
    quotes = wording.quotes(content)
    reasons = [
        " – ".join(filter(None, [wording.rule_title(why), ", ".join(wording.found(why))])) for why in content.why
    ]
    told = [byline, *wording.carried(content)]
    joined = wording.one_story(content)
    one = ["".join(piece for piece, _ in wording.one_story(content, spelled=True))] if joined else []
    marked = [f"<p>{_marked(pieces)}</p>" for pieces in quotes]
    plain = ["".join(piece.text for piece in pieces) for pieces in quotes]
    new = [f"New: {'; '.join(wording.news(content))}"] if content.news else []
    return _both(
        {
            "title": _title(content),
            "url": wording.link(content.url),
            "html": "".join(
                [
                    *(f"<p>{escape(each)}</p>" for each in new),
                    *marked,
                    _list(reasons),
                    *(f"<p>{escape(each)}</p>" for each in told),
                    *([f"<p>{''.join(_linked(*piece) for piece in joined)}</p>"] if joined else []),
                ]
            ),
            "text": "\n".join([*new, *plain, *(f"Why: {each}" for each in reasons), *told, *one]),
            "published": content.published_at.isoformat() if content.published_at else None,
            "categories": list(dict.fromkeys([*(why.theme for why in content.why if why.theme), content.severity])),
        }
    )


def _title(content: AlertContent) -> str:
    headline = wording.headline(content)
    if content.kind != "new rule":
        return headline
    return f"Also matches {', '.join(wording.rule_title(why) for why in content.why)}: {headline}"


def digest(content: DigestContent) -> dict[str, Entry]:
    """A digest's issue as an entry: its summary and the headlines, theme by theme."""
    zone = content.window.zone
    parts, lines = [f"<p>{escape(digest_words.summary(content))}</p>"], [digest_words.summary(content)]
    for theme in content.themes:
        entries = [digest_words.entry(story, zone) for story in theme.stories]
        items = "".join(f"<li>{_linked(each.headline, each.url)}</li>" for each in entries)
        parts.append(f"<p><strong>{escape(theme.title)}</strong></p><ul>{items}</ul>")
        lines += [theme.title, *(f"- {each.headline}" for each in entries)]
    entry = {"title": digest_words.subject(content), "html": "".join(parts), "text": "\n".join(lines)}
    return _both({**entry, "url": None, "published": content.window.end.isoformat(), "categories": ["digest"]})


def listed(headline: str, sentences: Iterable[str], category: str) -> dict[str, Entry]:
    """A headline and a list of sentences as an entry: notices to the operator, and spikes."""
    told = list(sentences)
    entry = {"title": headline, "html": _list(told), "text": "\n".join(told)}
    return _both({**entry, "url": None, "published": None, "categories": [category]})


def _both(entry: Entry) -> dict[str, Entry]:
    return {"full": entry, "minimal": entry}


def _marks(content: AlertContent) -> list[str]:
    loud = wording.LOUD.get(content.severity)
    return [*([loud] if loud else []), *wording.notes(content)]


def _paragraphs(lines: Iterable[str]) -> list[str]:
    return [f"<p>{escape(each)}</p>" for each in lines]


def _list(items: Iterable[str]) -> str:
    listed = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<ul>{listed}</ul>" if listed else ""


def _marked(pieces: Iterable[Piece]) -> str:
    return "".join(f"<strong>{escape(piece.text)}</strong>" if piece.hit else escape(piece.text) for piece in pieces)


def _linked(text: str, url: str | None) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)
