"""An issue of a digest as a JSON document: all that the mail tells, with its parts apart.

As in :mod:`bot.alerts.compose_webhook`, texts are clean and not escaped, and keys are only ever added.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import compose_webhook, deadline_words, digest_words, wording
from . import digest_sections as sections
from .digest_summary import summary

if TYPE_CHECKING:
    from bot.model import DigestContent, DigestDeadline, DigestStory, Quote, RuleChange, RuleOff, ThemeVolume

    from .compose_webhook import Document


def digest(content: DigestContent) -> dict[str, Document]:
    """An issue, {"full", "minimal"}. ``themes`` has every story; ``high`` and ``updates`` name some of them."""
    window = content.window
    short = {
        "type": "digest",
        "digest": content.digest,
        "subject": digest_words.subject(content),
        "from": window.begin.isoformat(),
        "to": window.end.isoformat(),
    }
    lines = [line for _, line in summary(content)]
    themes = [
        {"theme": theme.id, "title": theme.title, "stories": [_story(story) for story in theme.stories]}
        for theme in content.themes
    ]
    more = {
        "day": window.day.isoformat(),
        "zone": window.zone,
        "late": window.late,
        "before": content.before.isoformat() if content.before else None,
        "summary": " ".join(lines),
        "summary_lines": lines,
        "themes": themes,
        "high": [story.alert.story for theme in sections.high(content) for story in theme.stories],
        "updates": [story.alert.story for story in sections.updates(content)],
        "deadlines": [_deadline(one) for one in content.deadlines],
        "quotes": [_quote(quote, story) for quote, story in sections.quotations(content)],
        "baseline": [_story(story) for story in content.baseline],
        "baseline_more": content.baseline_more,
        "volume": [_volume(row) for row in content.volume],
        "spikes": [_without_type(compose_webhook.spike(spike)["full"]) for spike in content.spikes],
        "quiet_themes": list(content.quiet_themes),
    }
    return {"full": {**short, **more, **_watching(content)}, "minimal": short}


def _watching(content: DigestContent) -> Document:
    """What concerns the watching itself: rules, sources, the ledger."""
    counts = content.ledger
    return {
        "rule_changes": [_change(one) for one in content.rule_changes],
        "rules_off": [_off(one) for one in content.off],
        "health": digest_words.health(content),
        "troubles": [
            {"source": one.name, "reason": one.reason, "since": one.since.isoformat() if one.since else None}
            for one in content.troubles
        ],
        "gaps": [
            {"source": one.name, "from": one.begin.isoformat(), "to": one.end.isoformat()} for one in content.gaps
        ],
        "ledger": {name: getattr(counts, name) for name in counts.__slots__},
    }


def _story(story: DigestStory) -> Document:
    document = compose_webhook.alert(story.alert)["full"]
    return document | {
        "type": "story",
        "note": story.note or None,
        "since": story.since.isoformat() if story.since else None,
        "alerted": story.alerted,
        "told_before": story.told_before,
        "news": [compose_webhook.news(one) for one in story.news],
    }


def _deadline(one: DigestDeadline) -> Document:
    return {
        "kind": one.kind,
        "what": deadline_words.what(one),
        "day": one.day.isoformat(),
        "headline": wording.line(one.headline, wording.HEADLINE),
        "url": wording.link(one.url),
        "source": wording.line(one.source, wording.NAME),
        "sentence": wording.line(one.sentence, deadline_words.SENTENCE),
        "derived": wording.line(one.derived, deadline_words.SENTENCE) or None,
        "severity": one.severity,
        "rules": list(one.rules),
        "themes": list(one.themes),
        "story": one.story,
        "article": one.article,
        "uid": one.uid,
    }


def _quote(quote: Quote, story: DigestStory) -> Document:
    return {
        "text": wording.line(quote.text, wording.QUOTE),
        "speaker": wording.line(quote.speaker, wording.NAME),
        "role": wording.line(quote.role, wording.QUOTE) or None,
        "story": story.alert.story,
    }


def _volume(row: ThemeVolume) -> Document:
    normal = list(row.normal) if row.normal else None
    return {"theme": row.theme, "title": row.title, "stories": row.stories, "normal": normal}


def _change(one: RuleChange) -> Document:
    title = wording.line(one.title, wording.NAME)
    return {"rule": one.rule, "title": title, "change": one.change, "parts": list(one.parts)}


def _off(one: RuleOff) -> Document:
    return {
        "rule": one.rule,
        "title": wording.line(one.title, wording.NAME),
        "verdict": one.verdict,
        "detail": one.detail,
        "cause": one.cause,
    }


def _without_type(document: Document) -> Document:
    return {key: value for key, value in document.items() if key != "type"}
