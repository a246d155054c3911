"""What ``presswatch explain`` prints for people: the answer first, then the rest of the story."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

import click

from bot.alerts.decide import explain as reason_sentence
from bot.text import clean, cut

from .common import plural, span, style
from .explain import shown
from .resend import STATES as DELIVERY_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.explain import Dossier, InForce, Nearby
    from bot.match import Explanation, Obstacle
    from bot.model import Sentence
    from bot.store.explain import AlertHistory, History, SentRecord
    from bot.store.records import SourceState

TITLE = 200
QUOTE = 300
WORDS = 5
STATES = {
    "alerted": "alerted",
    "in digest": "in a digest",
    "muted": "matched, but nobody was told",
    "copy": "a copy",
    "no rule": "no rule matched when it came",
    "baseline": "there at the first poll, not alerted",
    "error": "not dealt with because of an error",
}
SEEN = {"title": "only its title", "summary": "its title and summary", "full": "its full text"}
KINDS = {"item": "opened it", "copy": "copy", "same story": "same story", "related": "related"}


def print_dossier(dossier: Dossier, rules: InForce, only: str | None, *, every: bool) -> None:
    """Everything about one article, or with ``only`` about one rule's view of it."""
    _header(dossier.history)
    _told(dossier.history)
    _decisions(dossier.history, only)
    each = shown(dossier, only, every=every)
    if only is None:
        _all_rules(dossier, rules, each)
    else:
        _one_rule(dossier, rules, each, only)
    _story(dossier.history)


# ── the article ──────────────────────────────────────────────────────────────────────────────────


def _header(history: History) -> None:
    stored, article = history.stored, history.stored.article
    click.echo(style(_title(article.title), bold=True))
    name = history.source_name if history.source_name == article.source else f"{history.source_name} ({article.source})"
    _line(f"{name} · article {stored.id} · {STATES.get(stored.state, stored.state)}")
    if article.url:
        click.echo("    " + clean(article.url))
    written = f', written "{cut(article.published_raw, 60)}"' if article.published_raw else ""
    if article.published_at is None:
        _line(f"date of publication unknown{written}; dated aliases count as valid")
    else:
        origin = "" if article.date_origin == "published" else f", from: {article.date_origin}"
        _line(f"published {_time(article.published_at)}{origin}{written}")
    _line(f"first seen {_time(stored.first_seen)}, known by its {article.key_kind}; read: {SEEN[article.text_seen]}")
    if len(history.versions) > 1:
        for version in history.versions:
            _line(f"version {version.n} of {_time(version.at)}: {_title(version.title)}")
    if not history.versions[-1].text_kept:
        _line("Its text is no longer kept: the rules below see the title alone.")


def _told(history: History) -> None:
    _section("Told")
    for alert in history.alerts:
        for delivery in alert.deliveries:
            _line(f"{alert.destination}: {_delivery(delivery)}{_about(alert, history)}")
        if not alert.deliveries:
            _line(f"{alert.destination}: nothing was queued{_about(alert, history)}")
    if not history.alerts:
        _line("nobody")


def _about(alert: AlertHistory, history: History) -> str:
    whose = "" if alert.article == history.stored.id else f", with article {alert.article} of the same story"
    return f" – {', '.join(alert.rules)}{whose}"


def _delivery(delivery: SentRecord) -> str:
    what = {"post": "message", "reply": "reply in its thread", "update": "change of the message"}[delivery.op]
    state = DELIVERY_STATES[delivery.state]
    at = f" {_time(delivery.sent_at)}" if delivery.sent_at else ""
    place = f" ({delivery.channel_id}, {delivery.ts})" if delivery.ts else ""
    tries = f", {plural(delivery.attempt, 'attempt')}" if delivery.attempt > 1 else ""
    trouble = f", last trouble: {delivery.error}" if delivery.error and delivery.state != "sent" else ""
    twice = ", may stand there twice" if delivery.may_repeat else ""
    return f"{what} {state}{at}{place}{tries}{trouble}{twice}"


def _decisions(history: History, only: str | None) -> None:
    decisions = [each for each in history.decisions if only in (None, each.rule)]
    if decisions:
        _section("Decisions")
    for each in decisions:
        where = f" → {each.destination}" if each.destination else ""
        verdict = {"alert": "told", "reply": "told in the thread", "no": "not told"}.get(each.verdict, each.verdict)
        _line(f"{each.rule or 'article'}{where}: {verdict}. {reason_sentence(each.reason)}")


def _story(history: History) -> None:
    others = [member for member in history.members if member.article != history.stored.id]
    own = next((member for member in history.members if member.article == history.stored.id), None)
    _section(f"Story {history.story}")
    if own is not None:
        copied = f" of article {own.copy_of}" if own.copy_of else ""
        _line(f"this article: {KINDS.get(own.kind, own.kind)}{copied} ({own.reason})")
    for member in others:
        copied = f" of article {member.copy_of}" if member.copy_of else ""
        kind = KINDS.get(member.kind, member.kind)
        _line(
            f"article {member.article}, {member.source_name}: {_title(member.title)} – {kind}{copied} ({member.reason})"
        )
    if not others:
        _line("no other article carries its words")


# ── the rules ────────────────────────────────────────────────────────────────────────────────────


def _all_rules(dossier: Dossier, rules: InForce, chosen: list[Explanation]) -> None:
    matching = [each for each in chosen if each.mention is not None]
    near = [each for each in chosen if each.near or (each.mention is None and each.rule.id in dossier.matched)]
    rest = [each for each in chosen if each not in matching and each not in near]
    _section(f"Rules that match: {len(matching)} of {len(dossier.rules)}")
    for each in matching:
        _matching(each, dossier, rules)
    if not matching:
        _line("none")
    _gone(dossier, rules)
    if near:
        _section("Rules that came near")
    for each in sorted(near, key=lambda each: each.held - len(each.clauses)):
        _failing(each, dossier, rules)
    _far(dossier, rules, rest)


def _far(dossier: Dossier, rules: InForce, rest: list[Explanation]) -> None:
    """The rules that are no near miss, by their names only."""
    _section("Other rules")
    occurring = [each.rule.id for each in rest if each.occurs]
    if occurring:
        _line(f"{plural(len(occurring), 'rule')}, of which only accompanying terms occur: {', '.join(occurring)}")
    absent = len(dossier.rules) - len([each for each in dossier.rules if each.occurs])
    listed = ": " + ", ".join(each.rule.id for each in rest if not each.occurs)
    shown_all = any(not each.occurs for each in rest)
    if absent:
        _line(f"{plural(absent, 'rule')}, of which no term occurs{listed if shown_all else ' (--all names them)'}")
    for id_ in rules.rejected:
        if id_ not in rules.live.kept:
            _line(f"{id_}: not in force, because of a mistake in its file (presswatch rules check)")


def _one_rule(dossier: Dossier, rules: InForce, chosen: list[Explanation], only: str) -> None:
    _section(f"Rule {only}")
    if only in rules.rejected:
        kept = "; its last good version is in force" if only in rules.live.kept else " and is not in force"
        _line(f"Its file has a mistake{kept}: {rules.rejected[only]}")
    for each in chosen:
        total = plural(len(each.clauses), "clause")
        _line(f"It matches: {total}." if each.mention else f"It does not match: {each.held} of {total} held.")
        _clauses(each)
        _quotes(each.mention.sentences if each.mention else ())
        _remark(each, dossier, rules)
    if not chosen:
        _gone(dossier, rules)


def _matching(each: Explanation, dossier: Dossier, rules: InForce) -> None:
    _line(f"{each.rule.id}: {each.rule.title}")
    _clauses(each)
    _quotes(each.mention.sentences if each.mention else ())
    _remark(each, dossier, rules)


def _clauses(each: Explanation) -> None:
    for clause in each.clauses:
        words = ", ".join(clause.found[:WORDS]) + (" …" if len(clause.found) > WORDS else "")
        found = f" – found: {words}" if words else ""
        mark = style("+", fg="green") if clause.holds else style("-", fg="red")
        _line(f"{clause.text}{found}", 8, mark)
        for obstacle in clause.obstacles:
            _obstacle(obstacle, 10)


def _failing(each: Explanation, dossier: Dossier, rules: InForce) -> None:
    """The nearest reason: of what is in the way, that which stands in the article rather than what is missing."""
    reasons = sorted(each.obstacles, key=lambda obstacle: obstacle.kind == "absent")
    more = f" (and {len(reasons) - 1} more: --rule {each.rule.id})" if len(reasons) > 1 else ""
    _line(f"{each.rule.id}: {reasons[0].text}{more}")
    _quotes(reasons[0].sentences)
    _remark(each, dossier, rules)


def _obstacle(obstacle: Obstacle, indent: int) -> None:
    _line(obstacle.text, indent)
    _quotes(obstacle.sentences, indent)


def _remark(each: Explanation, dossier: Dossier, rules: InForce) -> None:
    """What has changed between the rule and the article since."""
    before, since = dossier.matched.get(each.rule.id), rules.since.get(each.rule.id)
    new = f" (since {_time(since)})" if since else " (which the bot has not used yet)"
    if before is None and each.mention is not None:
        _line(f"It did not match when the article came; this is what its present version{new} would do.", 8)
    elif before is not None and before.rule_hash != each.rule.hash:
        then = "" if each.mention else f" It matched then by: {'; '.join(before.clauses)}."
        _line(f"The rule has been changed since it matched: this is its present version{new}.{then}", 8)
    elif before is not None and each.mention is None:
        _line(f"It matched an earlier version of the text, by: {'; '.join(before.clauses)}.", 8)


def _gone(dossier: Dossier, rules: InForce) -> None:
    known = rules.live.ruleset.rules
    for id_, mention in dossier.matched.items():
        if id_ not in known:
            _line(
                f"{id_}: matched when the article came, by {'; '.join(mention.clauses)}; the rule is no longer in force"
            )


# ── never seen ───────────────────────────────────────────────────────────────────────────────────


def print_never_seen(wanted: str, near: Nearby | None, now: datetime) -> None:
    """That no such article was seen, and what may be the reason."""
    click.echo(f"{clean(wanted)} was never seen: no source has brought an article with this address or id.")
    if near is not None and not near.sources:
        _line(f"No source is of {near.host}: add its feed to the configuration ([[source]]).", 0)
    for state in near.sources if near else ():
        _line(f"{state.name} ({state.id}): {_health(state, now)}")
    for gap in near.gaps if near else ():
        begin, end = (_time(at) if at else "an unknown time" for at in (gap.begin, gap.end))
        _line(
            f"{gap.source}: the poll of {_time(gap.at)} knew none of its items; "
            f"what came between {begin} and {end} may be missing"
        )
    _line(
        "presswatch sources check ID shows what a source lists now; presswatch match FILE tries a text "
        "against the rules.",
        0,
    )


def _health(state: SourceState, now: datetime) -> str:
    if state.state != "active":
        return "no longer configured"
    seen = (
        f"answered last {span((now - state.last_ok_at).total_seconds())} ago"
        if state.last_ok_at
        else "never answered yet"
    )
    failed = f", {plural(state.failures, 'failure')} in a row since" if state.failures else ""
    error = f": {state.last_error}" if state.last_error else ""
    return f"{seen}{failed}{error}"


# ── lines ────────────────────────────────────────────────────────────────────────────────────────


def _section(title: str) -> None:
    click.echo("")
    click.echo(style(title, bold=True))


def _quotes(sentences: Iterable[Sentence], indent: int = 8) -> None:
    for sentence in sentences:
        _line(f"“{_starred(sentence)}”", indent)


def _starred(sentence: Sentence) -> str:
    """The sentence with its hits *starred*; a long one is cut around the first."""
    out, done = "", 0
    for begin, end in sentence.spans:
        out += f"{sentence.text[done:begin]}*{sentence.text[begin:end]}*"
        done = end
    text = " ".join(clean(out + sentence.text[done:]).split())
    start = max(0, text.find("*") - QUOTE // 2)
    return cut(("…" if start else "") + text[start:], QUOTE)


def _line(text: str, indent: int = 4, mark: str = "") -> None:
    """One paragraph on one line; on a terminal it is wrapped under itself."""
    text, begin = " ".join(clean(text).split()), " " * indent
    if sys.stdout.isatty():
        width = min(shutil.get_terminal_size().columns, 100) - (2 if mark else 0)
        later = begin + ("  " if indent else "")
        text = textwrap.fill(
            text, max(40, width), initial_indent=begin, subsequent_indent=later, break_on_hyphens=False
        )
        text = text[indent:]
    click.echo(begin + (f"{mark} " if mark else "") + text)


def _title(title: str) -> str:
    return cut(" ".join(clean(title).split()), TITLE) or "(no title)"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
