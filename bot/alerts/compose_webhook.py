"""Alerts, spikes and notices as JSON documents for other programs: what people are shown, with its parts apart.

Every document says its ``type`` ("alert", "spike", "notice"; :mod:`bot.alerts.digest_webhook` has "digest"). Texts are
clean of control characters and not escaped: they are values, whoever shows them escapes them for the place. ``minimal``
is for receivers that find the whole too large. Keys are only ever added: docs/operations.md lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.model import AlertContent, Joined, News, Outlet, Sentence, Why
    from bot.model.volume import Spike

    from .notices import Notice

Document = dict[str, Any]


def alert(content: AlertContent) -> dict[str, Document]:
    """An alert, {"full", "minimal"}."""
    short = {
        "type": "alert",
        "kind": content.kind,
        "story": content.story,
        "article": content.article,
        "headline": wording.headline(content),
        "url": wording.link(content.url),
        "source": wording.source(content),
        "severity": content.severity,
        "rules": [why.rule for why in content.why],
    }
    return {"full": {**short, **_more(content)}, "minimal": short}


def spike(told: Spike) -> dict[str, Document]:
    """A theme or an entity with far more stories than usual, {"full", "minimal"}."""
    short = {
        "type": "spike",
        "kind": told.kind,
        "subject": told.subject,
        "title": wording.line(told.title, wording.NAME),
        "stories": told.stories,
        "hours": told.hours,
        "from": _time(told.begin),
        "normal": [told.low, told.high],
    }
    top = [
        {
            "headline": wording.line(story.headline, wording.HEADLINE),
            "url": wording.link(story.url),
            "source": wording.line(story.source, wording.NAME),
            "outlets": story.outlets,
        }
        for story in told.top
    ]
    terms = [{"text": text, "stories": number} for text, number in told.terms]
    more = {"articles": told.articles, "weeks": told.weeks, "rules": list(told.rules), "top": top, "terms": terms}
    return {"full": {**short, **more}, "minimal": short}


def notices(headline: str, told: Sequence[Notice]) -> dict[str, Document]:
    """What the operator is told, {"full", "minimal"}."""
    listed = [
        {
            "step": notice.step,
            "kind": notice.trouble.kind,
            "title": notice.trouble.title,
            "detail": notice.trouble.detail,
            "remedy": notice.trouble.remedy,
        }
        for notice in told
    ]
    short = {"type": "notice", "headline": headline}
    return {"full": {**short, "notices": listed}, "minimal": short}


def _more(content: AlertContent) -> Document:
    return {
        "headline_derived": content.title_derived,
        "tier": content.tier,
        "published": _time(content.published_at),
        "why": [_why(why) for why in content.why],
        "sentences": [_sentence(sentence) for sentence in content.sentences],
        "copies": _outlets(content.copies),
        "reports": _outlets(content.reports),
        "news": [news(one) for one in content.news],
        "joined": [_joined(other) for other in content.joined],
        "text_seen": content.text_seen,
        "text_reason": content.text_reason or None,
        "excerpt_note": content.excerpt_note or None,
        "resent": content.resent,
    }


def _why(why: Why) -> Document:
    return {
        "rule": why.rule,
        "title": why.title,
        "theme": why.theme,
        "severity": why.severity,
        "terms": list(why.terms),
        "aliases": [{"entity": entity, "text": text} for entity, text in why.aliases],
    }


def _sentence(sentence: Sentence) -> Document:
    """A sentence with its places that matched, as pairs of start and end in ``text``."""
    return {"field": sentence.field, "text": sentence.text, "hits": [list(span) for span in sentence.spans]}


def news(one: News) -> Document:
    """What was new: its kind, how it reads, why it counts."""
    return {"kind": one.kind, "text": one.text, "reason": one.reason}


def _joined(other: Joined) -> Document:
    return {"headline": wording.joined_headline(other), "url": wording.link(other.url)}


def _outlets(outlets: Iterable[Outlet]) -> list[Document]:
    return [{"name": outlet.name, "url": wording.link(outlet.url), "tier": outlet.tier} for outlet in outlets]


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
