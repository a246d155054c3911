"""Alerts, digests and notices as entries of a feed of our own; their plain text is what Apprise sends.

An entry is {"title", "url", "html", "text", "published", "categories"}; ``html`` holds elements that every reader
shows (p, ul, li, strong, em), with everything from outside escaped. An entry is small, so ``minimal`` is the same.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from . import deadline_words, digest_parts, digest_rules, digest_volume, digest_words, wording
from .digest_sections import is_update, quotations
from .digest_summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import AlertContent, DigestContent, DigestStory

    from .wording import Piece

Entry = dict[str, Any]
# Lines of a list in an issue; a message on a phone shows no more.
DEADLINES = LISTED = 8
QUIET = "Quiet"


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
    """A digest's issue as an entry: its summary, the headlines under their headings, and what stands beside them."""
    told = [f"{label}: {line}" for label, line in summary(content)]
    html, lines = [f"<p>{'<br>'.join(map(escape, told))}</p>"], told
    for part in digest_parts.parts(content):
        html.append(f"<p><strong>{escape(part.title)}</strong></p>")
        lines.append(part.title)
        for theme in part.themes:
            given = [_headline(story, content.window.zone) for story in theme.stories]
            html += [f"<p>{escape(theme.title)}</p>"] if theme.title else []
            html.append(f"<ul>{''.join(f'<li>{_linked(*each)}</li>' for each in given)}</ul>")
            lines += [*([theme.title] if theme.title else []), *(f"- {text}" for text, _ in given)]
    for title, sentences in _beside(content):
        html += [f"<p><strong>{escape(title)}</strong></p>", _list(sentences)] if sentences else []
        lines += [title, *(f"- {each}" for each in sentences)] if sentences else []
    foot = [digest_words.ledger(content), digest_words.window(content.window)]
    html += _paragraphs(foot)
    entry = {"title": digest_words.subject(content), "html": "".join(html), "text": "\n".join([*lines, *foot])}
    return _both({**entry, "url": None, "published": content.window.end.isoformat(), "categories": ["digest"]})


def _headline(story: DigestStory, zone: str) -> tuple[str, str | None]:
    """What is new before the headline, where there is something new, and the address."""
    one = digest_words.entry(story, zone)
    return (f"{one.news} – {one.headline}" if is_update(story) else one.headline), one.url


def _beside(content: DigestContent) -> list[tuple[str, list[str]]]:
    """The lists beside the stories, each with its heading; all are short."""
    days = [f"{one.day}: {one.what} – {one.headline}" for one in deadline_words.entries(content, DEADLINES)]
    days += [more] if (more := deadline_words.more(content, DEADLINES)) else []
    bars = [f"{bar.title}: {bar.label}" for bar in digest_volume.bars(content, LISTED)]
    bars += [more] if (more := digest_volume.more(content, LISTED)) else []
    quiet = digest_words.quiet(content, LISTED)
    said = [str(one) for one in digest_parts.quotations(content, LISTED)]
    rest = len(quotations(content)) - len(said)
    said += [f"and {rest:,} more: presswatch digest {content.digest} --last"] if rest else []
    return [
        (deadline_words.HEADING, days),
        (digest_parts.SAID, said),
        (digest_volume.TITLE, bars),
        (digest_words.SPIKES, digest_words.spikes(content, LISTED)),
        (QUIET, [quiet] if quiet else []),
        (digest_rules.TITLE, digest_rules.lines(content, LISTED)),
        (digest_words.SOURCES, digest_words.health(content, LISTED)),
    ]


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
