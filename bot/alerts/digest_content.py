"""What one issue of a digest tells of, taken from what the store knows of its window and put in order.

An entry is a story: its leading article with the sentences and reasons of every rule that any of its members
matched; the others are counted as outlets. It stands under one theme, that of its most severe rule.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.model import (
    SEVERITIES,
    Alert,
    Aside,
    DigestContent,
    DigestStory,
    DigestTheme,
    Member,
    Source,
    ThemeVolume,
)
from bot.stories.leading import precedence

from . import said
from .coming import coming
from .content import content
from .decide import explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.model import Digest, Matched, Material, Mention, News, Rule, RuleChange, Window

_OF_ITSELF = ("official", "correction", "update", "change")
# Enough to see what a first poll brought; the command line lists the others.
BASELINE = 15
OTHER = "Other"
# Codes that are written in capitals, as far as themes are named after them.
_CAPITALS = frozenset(
    {"us", "eu", "uk", "un", "uae", "prc", "wto", "imf", "nato", "g7", "g20", "ai", "ev", "ip", "cfius"}
)
_NAMES = {"china": "China", "russia": "Russia", "iran": "Iran", "japan": "Japan", "korea": "Korea", "india": "India"}
# Countries that stand side by side are joined: "US–China trade".
_COUNTRIES = frozenset({"US", "EU", "UK", "UN", "PRC", *_NAMES.values()})


def digest_content(
    digest: Digest, window: Window, material: Material, rules: Mapping[str, Rule], aside: Aside | None = None
) -> DigestContent:
    """Everything that ``digest`` tells of ``window``; ``rules`` are those in force, by id."""
    aside = aside or Aside()
    stories = _stories(digest, material.matched, rules)
    going_on = [story for story in _stories(digest, material.going_on, rules) if not _all_baseline(story)]
    entries = [(members, _entry(digest, members, window, rules, material)) for members in (*stories, *going_on)]
    told = [entry for members, entry in entries if not _all_baseline(members)]
    kept = [entry for members, entry in entries if _all_baseline(members)]
    themes = watched(digest, rules)
    loud = {why.theme for story in (*told, *kept) for why in story.alert.why}
    return DigestContent(
        digest=digest.id,
        window=window,
        before=aside.before,
        themes=_themes(told),
        baseline=tuple(kept[:BASELINE]),
        baseline_more=max(0, len(kept) - BASELINE),
        quiet_themes=tuple(sorted(theme_title(theme) for theme in themes - loud)),
        deadlines=coming(material.deadlines, rules, lambda rule: chosen(digest, rule, rules)),
        troubles=material.troubles,
        gaps=material.gaps,
        spikes=tuple(spike for spike in material.spikes if any(chosen(digest, rule, rules) for rule in spike.rules)),
        volume=_volume(told, themes, aside.normal),
        rule_changes=tuple(change for change in material.rule_changes if _concerns(digest, change, rules)),
        off=tuple(one for one in aside.off if chosen(digest, one.rule, rules)),
        ledger=material.ledger,
    )


def theme_title(id_: str) -> str:
    """A theme's id as people read it: ``us-china-trade`` → "US–China trade"."""
    words = [_NAMES.get(word) or (word.upper() if word in _CAPITALS else word) for word in id_.split("-") if word]
    title = ""
    for place, word in enumerate(words):
        joint = "–" if place and {word, words[place - 1]} <= _COUNTRIES else " "
        title += word if not place else joint + word
    return title[:1].upper() + title[1:] if title else OTHER


# ── choosing ─────────────────────────────────────────────────────────────────────────────────────


def _stories(digest: Digest, matched: Iterable[Matched], rules: Mapping[str, Rule]) -> list[list[Matched]]:
    """The members of each story that a chosen rule matched, as they came: the newest story first."""
    found: dict[int, list[Matched]] = {}
    for one in matched:
        if any(chosen(digest, mention.rule, rules) for mention in one.mentions):
            found.setdefault(one.story, []).append(one)
    return list(found.values())


def chosen(digest: Digest, rule_id: str, rules: Mapping[str, Rule]) -> bool:
    """Whether the digest tells of what this rule matches."""
    if not digest.themes and not digest.rules:
        return True
    rule = rules.get(rule_id)
    return rule_id in digest.rules or (rule is not None and rule.theme in digest.themes)


def _all_baseline(members: Sequence[Matched]) -> bool:
    """Whether first polls brought all of it and nobody was told."""
    return all(member.state == "baseline" for member in members)


def watched(digest: Digest, rules: Mapping[str, Rule]) -> set[str]:
    """The themes that the digest tells of."""
    everything = not digest.themes and not digest.rules
    return ({rule.theme for rule in rules.values() if everything or rule.id in digest.rules} | {*digest.themes}) - {""}


def _concerns(digest: Digest, change: RuleChange, rules: Mapping[str, Rule]) -> bool:
    """Whether a change is one of the digest's rules, also of a rule that has gone."""
    return chosen(digest, change.rule, rules) or (change.change == "removed" and change.theme in digest.themes)


def _volume(
    stories: Iterable[DigestStory], themes: Iterable[str], normal: Mapping[str, tuple[int, int]]
) -> tuple[ThemeVolume, ...]:
    """The watched themes with new stories, or usually with some, the fullest first."""
    new = Counter(theme for story in stories if not story.told_before for theme in {w.theme for w in story.alert.why})
    rows = [
        ThemeVolume(theme=theme, title=theme_title(theme), stories=new[theme], normal=normal.get(theme))
        for theme in themes
        if new[theme] or normal.get(theme, (0, 0))[0]
    ]
    # One bar with nothing beside it says nothing.
    if len(rows) < 2 and not any(row.normal for row in rows):
        return ()
    return tuple(sorted(rows, key=lambda row: (-row.stories, row.title)))


# ── one story ────────────────────────────────────────────────────────────────────────────────────


def _entry(
    digest: Digest, members: Sequence[Matched], window: Window, rules: Mapping[str, Rule], material: Material
) -> DigestStory:
    lead = min(members, key=_precedence)
    ordered = [lead, *(member for member in members if member is not lead)]
    mentions = _mentions(ordered)
    ids = tuple(mention.rule for mention in mentions)
    severities = [rules[id_].severity for id_ in ids if id_ in rules]
    alert = Alert(
        story=lead.story,
        destination="",
        kind="first",
        article=lead.article_id,
        rules=ids,
        severity=max(severities, key=SEVERITIES.index, default="normal"),
    )
    decisions = [decision for member in members for decision in member.decisions]
    alerted = any(decision.verdict != "no" for decision in decisions)
    shown = content(
        alert,
        lead.article,
        source=Source(id=lead.article.source, kind="folder", name=lead.source_name),
        mentions=mentions,
        rules=rules,
        outlets=lead.outlets,
    )
    return DigestStory(
        alert=shown,
        alerted=alerted,
        # What a source lets us quote is used up by the sentences that matched.
        said=said.best([member for member in ordered if member.article.excerpt is None], shown.sentences),
        note="" if alerted or not decisions else explain(decisions[0].reason),
        since=lead.story_opened_at if lead.story_opened_at < window.begin else None,
        news=_news(lead, material.news.get(lead.story, ())),
        told_before=any(chosen(digest, rule, rules) for rule in material.told.get(lead.story, ())),
        lang=lead.article.lang,
    )


def _news(lead: Matched, found: Iterable[tuple[int, News]]) -> tuple[News, ...]:
    """What was new, the weightiest first; what the leading article brought stands in the entry itself.

    That its source is official, or that it corrects another, its headline does not say.
    """
    kept = [news for article, news in found if article != lead.article_id or news.kind in _OF_ITSELF]
    return tuple(sorted(kept, key=lambda news: -news.weight))


def _precedence(member: Matched) -> tuple[int, float, int, int]:
    """Of the members that matched, the one that would lead the story."""
    at = min(member.article.published_at or member.first_seen, member.first_seen)
    return precedence(
        Member(article=member.article_id, tier=member.article.tier, at=at, length=len(member.article.body))
    )


def _mentions(members: Sequence[Matched]) -> list[Mention]:
    """Each rule's mention in the first member that has one; sentences are the lead's, for places are of one text."""
    lead = members[0]
    found: dict[str, Mention] = {}
    for member in members:
        for mention in member.mentions:
            found.setdefault(mention.rule, mention if member is lead else replace(mention, sentences=()))
    return list(found.values())


# ── order ────────────────────────────────────────────────────────────────────────────────────────


def _themes(stories: Iterable[DigestStory]) -> tuple[DigestTheme, ...]:
    """Under each theme its stories, the most severe first; of equals the order in which they came."""
    by_theme: dict[str, list[DigestStory]] = {}
    for story in sorted(stories, key=_loudness):
        by_theme.setdefault(_theme(story), []).append(story)
    ordered = sorted(by_theme.items(), key=lambda item: (_loudness(item[1][0]), item[0] == "", item[0]))
    return tuple(DigestTheme(id=id_, title=theme_title(id_), stories=tuple(found)) for id_, found in ordered)


def _loudness(story: DigestStory) -> int:
    return -SEVERITIES.index(story.severity)


def _theme(story: DigestStory) -> str:
    return next((why.theme for why in story.alert.why), "")
