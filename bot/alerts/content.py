"""What a reader sees of an alert, taken from the article, its mentions and its story."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.match.about import about
from bot.model import AlertContent, Why
from bot.rights import Allowance
from bot.text import cut

from .decide import by_severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.model import Alert, Article, Joined, Mention, Outlet, Rule, Sentence, Source

SENTENCES = 3  # enough to judge an article by, few enough to be read on a phone
HEADLINE = 120  # of an article without a title, as for every derived title


def content(
    alert: Alert,
    article: Article,
    *,
    source: Source,
    mentions: Iterable[Mention],
    rules: Mapping[str, Rule],
    outlets: Sequence[Outlet] = (),
    joined: Sequence[Joined] = (),
) -> AlertContent:
    """The content of ``alert``, which ``article`` triggered.

    Only the mentions of the alert's own rules speak, most severe first; a rule that has gone meanwhile is
    shown by its id. ``outlets`` are the story's members in order of arrival; of those other than the article itself
    the ones that carry its words become the copies, the others the reports. What a "new fact" is about stands in the
    sentences that hold the news. Of the article's words no more is in it than its source allows. ``joined`` are the
    destination's other messages on the same story.
    """
    ordered = _ordered([mention for mention in mentions if mention.rule in alert.rules], rules)
    name = article.outlet or source.name or source.id
    copies, reports = _others(name, article, outlets, alert.article)
    allowed = Allowance(article.excerpt, derived=article.title_derived or not article.title)
    title = allowed.headline(article.title or cut(" ".join(article.body.split()), HEADLINE))
    held = tuple(one.sentence for one in alert.news if one.sentence is not None and one.sentence.field == "body")
    sentences = allowed.sentences(_once(held) if alert.kind == "new fact" and held else best_sentences(ordered))
    news = allowed.news(alert.news)
    ordered = [replace(mention, hits=allowed.hits(mention.hits)) for mention in ordered]
    return AlertContent(
        kind=alert.kind,
        article=alert.article,
        story=alert.story,
        headline=title,
        title_derived=allowed.derived,
        url=article.url or article.canonical_url,
        source=name,
        tier=article.tier,
        published_at=article.published_at,
        severity=alert.severity,
        why=tuple(_why(mention, rules.get(mention.rule)) for mention in ordered),
        sentences=sentences,
        copies=copies,
        reports=reports,
        news=news,
        text_seen=article.text_seen,
        text_reason=article.text_reason,
        joined=tuple(joined),
        excerpt_note=allowed.note,
    )


def best_sentences(mentions: Sequence[Mention], limit: int = SENTENCES) -> tuple[Sentence, ...]:
    """The sentences worth showing, each once, in reading order with the marks of all its rules.

    Every mention gives its best sentence before any gives its second one, so that no rule's evidence is
    crowded out by another's.
    """
    chosen: dict[tuple[str, int, int], Sentence] = {}
    for rank in range(max((len(mention.sentences) for mention in mentions), default=0)):
        for mention in mentions:
            if rank < len(mention.sentences):
                _add(chosen, mention.sentences[rank], limit)
    return tuple(sorted(chosen.values(), key=lambda sentence: (sentence.field != "title", sentence.start)))


def _add(chosen: dict[tuple[str, int, int], Sentence], sentence: Sentence, limit: int) -> None:
    place = (sentence.field, sentence.start, sentence.end)
    if place in chosen:
        chosen[place] = _marked(chosen[place], sentence.spans)
    elif len(chosen) < limit:
        chosen[place] = _marked(sentence, ())


def _marked(sentence: Sentence, more: Iterable[tuple[int, int]]) -> Sentence:
    """The sentence with further spans; spans that touch or overlap become one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted({*sentence.spans, *more}):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return replace(sentence, spans=tuple(spans))


def _ordered(mentions: Sequence[Mention], rules: Mapping[str, Rule]) -> list[Mention]:
    rank = {
        rule.id: place for place, rule in enumerate(by_severity(rules[m.rule] for m in mentions if m.rule in rules))
    }
    return sorted(mentions, key=lambda mention: rank.get(mention.rule, len(rank)))


def _why(mention: Mention, rule: Rule | None) -> Why:
    hits = (about(rule.expr, mention.hits) if rule else ()) or mention.hits
    terms = dict.fromkeys(" ".join(hit.text.split()) for hit in hits if hit.entity is None and hit.text)
    aliases = dict.fromkeys((hit.entity, " ".join(hit.text.split())) for hit in hits if hit.entity is not None)
    return Why(
        rule=mention.rule,
        title=rule.title if rule else mention.rule,
        theme=rule.theme if rule else "",
        severity=rule.severity if rule else "normal",
        terms=_distinct(terms),
        aliases=tuple(aliases),
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """One spelling of each word found: "Tariffs" and "tariffs" are one thing to a reader."""
    seen: dict[str, str] = {}
    for text in texts:
        seen.setdefault(text.casefold(), text)
    return tuple(seen.values())


def _once(sentences: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Each sentence once with all that is new in it."""
    chosen: dict[tuple[str, int, int], Sentence] = {}
    for sentence in sentences:
        _add(chosen, sentence, SENTENCES)
    return tuple(chosen.values())


def _others(
    source: str, article: Article, outlets: Sequence[Outlet], own: int
) -> tuple[tuple[Outlet, ...], tuple[Outlet, ...]]:
    """The outlets that carry the article's words, and those that tell the story in others.

    Each stands once, as it arrived: the same name at the same host is the same outlet.
    """
    text = next((outlet.text for outlet in outlets if outlet.article == own and outlet.text), 0)
    seen = {(source, _host(article.url or article.canonical_url))}
    copies: list[Outlet] = []
    reports: list[Outlet] = []
    for outlet in outlets:
        who = (outlet.name, _host(outlet.url))
        if who not in seen:
            seen.add(who)
            (copies if outlet.text == text or not text else reports).append(outlet)
    return tuple(copies), tuple(reports)


def _host(url: str | None) -> str | None:
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None
