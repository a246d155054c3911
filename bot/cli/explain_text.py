"""What ``presswatch explain`` prints for people: the answer first, then the rest of the story."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.alerts.decide import explain as reason_sentence
from bot.alerts.digest_content import BASELINE
from bot.model.words import plural
from bot.text import clean, cut

from .common import style
from .digest import STATES as ISSUE_STATES
from .explain import shown
from .explain_facts import print_facts
from .explain_lines import headline, moment, quotes, section
from .explain_past import print_past
from .layout import paragraph
from .quotations import print_quotes
from .resend import STATES as DELIVERY_STATES

if TYPE_CHECKING:
    from bot.explain import Dossier, InForce
    from bot.match import Explanation, Obstacle
    from bot.model import Mention
    from bot.store.explain import AlertHistory, FetchRecord, History, MemberRecord, SentRecord
    from bot.store.issues import IssueHistory

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
    _header(dossier)
    _told(dossier)
    _decisions(dossier.history, only)
    each = shown(dossier, only, every=every)
    if only is None:
        _all_rules(dossier, rules, each)
        print_facts(dossier.history.facts)
        print_quotes(dossier.history.facts.quotes)
    else:
        _one_rule(dossier, rules, each, only)
    _story(dossier.history)


# ── the article ──────────────────────────────────────────────────────────────────────────────────


def _header(dossier: Dossier) -> None:
    history = dossier.history
    stored, article = history.stored, history.stored.article
    click.echo(style(headline(article.title), bold=True))
    name = history.source_name if history.source_name == article.source else f"{history.source_name} ({article.source})"
    paragraph(f"{name} · article {stored.id} · {STATES.get(stored.state, stored.state)}")
    if article.url:
        click.echo("    " + clean(article.url))
    written = f', written "{cut(article.published_raw, 60)}"' if article.published_raw else ""
    if article.published_at is None:
        paragraph(f"date of publication unknown{written}; dated aliases count as valid")
    else:
        origin = "" if article.date_origin == "published" else f", from: {article.date_origin}"
        paragraph(f"published {moment(article.published_at)}{origin}{written}")
    reason = f" ({article.text_reason})" if article.text_reason else ""
    read = SEEN[article.text_seen] + reason
    paragraph(f"first seen {moment(stored.first_seen)}, known by its {article.key_kind}; read: {read}")
    for fetch in history.fetches:
        paragraph(_fetch(fetch))
    if len(history.versions) > 1:
        for version in history.versions:
            paragraph(f"version {version.n} of {moment(version.at)}: {headline(version.title)}")
    if not history.versions[-1].text_kept:
        paragraph(f"{_removed(history)}: the rules below see the title alone.")
    if dossier.excerpt_note:
        paragraph(f"{dossier.excerpt_note}: of its sentences no more is shown")


def _fetch(fetch: FetchRecord) -> str:
    """The poll that brought the article, or another version of it."""
    kind = "first poll" if fetch.status == "baseline" else "part of a poll" if fetch.status == "part" else "poll"
    listed = f"{plural(fetch.fetched, 'item')} listed, {fetch.new} new, {fetch.ms} ms"
    return f"fetched by the {kind} of {moment(fetch.at)}: {listed}" + (f"; {fetch.note}" if fetch.note else "")


def _removed(history: History) -> str:
    """When the text went, and how long after the article had come."""
    at = history.versions[-1].text_removed_at
    if at is None:
        return "Its text is no longer kept"
    return f"Its text was removed on {at:%Y-%m-%d} after {plural((at - history.stored.first_seen).days, 'day')}"


def _told(dossier: Dossier) -> None:
    section("Told")
    history = dossier.history
    for alert in history.alerts:
        for delivery in alert.deliveries:
            paragraph(f"{alert.destination}: {_delivery(delivery)}{_about(alert, history)}")
        if not alert.deliveries:
            paragraph(f"{alert.destination}: nothing was queued{_about(alert, history)}")
    for issue in dossier.issues:
        paragraph(_issue(issue, history))
    if not history.alerts and not dossier.issues:
        paragraph("nobody")


def _issue(issue: IssueHistory, history: History) -> str:
    at = f" {moment(issue.sent_at)}" if issue.sent_at else ""
    trouble = f", last trouble: {issue.error}" if issue.error and issue.state != "sent" else ""
    twice = ", perhaps twice" if issue.may_repeat else ""
    few = f", if it is among the {BASELINE} newest of first polls" if history.stored.state == "baseline" else ""
    issued = f"digest {issue.digest} of {issue.day}: {ISSUE_STATES[issue.state]}{at}{trouble}{twice}"
    kind, _, address = issue.recipient.partition(":")
    whom = {"mailto": address, "file": "file"}.get(kind, issue.recipient)
    return f"{whom}: {issued} – {', '.join(issue.rules)}{few}"


def _about(alert: AlertHistory, history: History) -> str:
    whose = "" if alert.article == history.stored.id else f", with article {alert.article} of the same story"
    return f" – {', '.join(alert.rules)}{whose}"


def _delivery(delivery: SentRecord) -> str:
    what = {"post": "message", "reply": "reply in its thread", "update": "change of the message"}[delivery.op]
    state = DELIVERY_STATES[delivery.state]
    at = f" {moment(delivery.sent_at)}" if delivery.sent_at else ""
    place = f" ({delivery.channel_id}, {delivery.ts})" if delivery.ts else ""
    tries = f", {plural(delivery.attempt, 'attempt')}" if delivery.attempt > 1 else ""
    trouble = f", last trouble: {delivery.error}" if delivery.error and delivery.state != "sent" else ""
    twice = ", may stand there twice" if delivery.may_repeat else ""
    return f"{what} {state}{at}{place}{tries}{trouble}{twice}"


def _decisions(history: History, only: str | None) -> None:
    decisions = [each for each in history.decisions if only in (None, each.rule)]
    if decisions:
        section("Decisions")
    for each in decisions:
        where = f" → {each.destination}" if each.destination else ""
        verdict = {"alert": "told", "reply": "told in the thread", "no": "not told"}.get(each.verdict, each.verdict)
        paragraph(f"{each.rule or 'article'}{where}: {verdict}. {reason_sentence(each.reason)}")


def _story(history: History) -> None:
    others = [member for member in history.members if member.article != history.stored.id]
    own = next((member for member in history.members if member.article == history.stored.id), None)
    section(f"Story {history.story}")
    if history.merged:
        which = ("story " if len(history.merged) == 1 else "stories ") + ", ".join(map(str, history.merged))
        paragraph(f"one with {which}: an article that tells the same event as both tied them together")
    if own is not None:
        copied = f" of article {own.copy_of}" if own.copy_of else ""
        paragraph(f"this article: {KINDS.get(own.kind, own.kind)}{copied}{_because(own)}")
    for member in others:
        copied = f" of article {member.copy_of}" if member.copy_of else ""
        kind = KINDS.get(member.kind, member.kind)
        named = f"article {member.article}, {member.source_name}: {headline(member.title)}"
        paragraph(f"{named} – {kind}{copied}{_because(member)}")
    if not others:
        paragraph("no other article carries its words")


def _because(member: MemberRecord) -> str:
    return f" ({member.reason})" if member.reason else ""


# ── the rules ────────────────────────────────────────────────────────────────────────────────────


def _all_rules(dossier: Dossier, rules: InForce, chosen: list[Explanation]) -> None:
    matching = [each for each in chosen if each.mention is not None]
    near = [each for each in chosen if each.near or (each.mention is None and each.rule.id in dossier.matched)]
    rest = [each for each in chosen if each not in matching and each not in near]
    section(f"Rules that match: {len(matching)} of {len(dossier.rules)}")
    for each in matching:
        _matching(each, dossier, rules)
    if not matching:
        paragraph("none")
    _gone(dossier, rules)
    if near:
        section("Rules that came near")
    for each in sorted(near, key=lambda each: each.held - len(each.clauses)):
        _failing(each, dossier, rules)
    _far(dossier, rules, rest)


def _far(dossier: Dossier, rules: InForce, rest: list[Explanation]) -> None:
    """The rules that are no near miss, by their names only."""
    section("Other rules")
    occurring = [each.rule.id for each in rest if each.occurs]
    if occurring:
        paragraph(f"{plural(len(occurring), 'rule')}, of which only some terms occur: {', '.join(occurring)}")
    absent = len(dossier.rules) - len([each for each in dossier.rules if each.occurs])
    listed = ": " + ", ".join(each.rule.id for each in rest if not each.occurs)
    shown_all = any(not each.occurs for each in rest)
    if absent:
        paragraph(f"{plural(absent, 'rule')}, of which no term occurs{listed if shown_all else ' (--all names them)'}")
    for id_ in rules.rejected:
        if id_ not in rules.live.kept:
            paragraph(f"{id_}: not in force, because of a mistake in its file (presswatch rules check)")


def _one_rule(dossier: Dossier, rules: InForce, chosen: list[Explanation], only: str) -> None:
    section(f"Rule {only}")
    if only in rules.rejected:
        kept = "; its last good version is in force" if only in rules.live.kept else " and is not in force"
        paragraph(f"Its file has a mistake{kept}: {rules.rejected[only]}")
    for each in chosen:
        total = plural(len(each.clauses), "clause")
        paragraph(f"It matches: {total}." if each.mention else f"It does not match: {each.held} of {total} held.")
        _clauses(each)
        quotes(each.mention.sentences if each.mention else ())
        _remark(each, dossier, rules)
    if not chosen:
        _gone(dossier, rules, only)


def _matching(each: Explanation, dossier: Dossier, rules: InForce) -> None:
    paragraph(f"{each.rule.id}: {each.rule.title}")
    _clauses(each)
    quotes(each.mention.sentences if each.mention else ())
    _remark(each, dossier, rules)


def _clauses(each: Explanation) -> None:
    for clause in each.clauses:
        words = ", ".join(clause.found[:WORDS]) + (" …" if len(clause.found) > WORDS else "")
        found = f" – found: {words}" if words else ""
        mark = style("+", fg="green") if clause.holds else style("-", fg="red")
        paragraph(f"{clause.text}{found}", 8, mark)
        for obstacle in clause.obstacles:
            _obstacle(obstacle, 10)


def _failing(each: Explanation, dossier: Dossier, rules: InForce) -> None:
    """The nearest reason: of what is in the way, that which stands in the article rather than what is missing."""
    reasons = sorted(each.obstacles, key=lambda obstacle: obstacle.kind == "absent")
    more = f" (and {len(reasons) - 1} more: --rule {each.rule.id})" if len(reasons) > 1 else ""
    paragraph(f"{each.rule.id}: {reasons[0].text}{more}")
    quotes(reasons[0].sentences)
    _remark(each, dossier, rules)


def _obstacle(obstacle: Obstacle, indent: int) -> None:
    paragraph(obstacle.text, indent)
    quotes(obstacle.sentences, indent)


def _remark(each: Explanation, dossier: Dossier, rules: InForce) -> None:
    """What has changed between the rule and the article since."""
    before, since = dossier.matched.get(each.rule.id), rules.since.get(each.rule.id)
    new = f" (since {moment(since)})" if since else " (which the bot has not used yet)"
    if before is None and each.mention is not None:
        paragraph(f"It did not match when the article came; this is what its present version{new} would do.", 8)
    elif before is not None and before.rule_hash != each.rule.hash:
        then = "" if each.mention else f" It matched then by: {'; '.join(before.clauses)}."
        paragraph(f"The rule has been changed since it matched: this is its present version{new}.{then}", 8)
        print_past(dossier.past.get(each.rule.id))
    elif before is not None and each.mention is None:
        paragraph(f"It matched {_what_matched(before, dossier)}, by: {'; '.join(before.clauses)}.", 8)


def _what_matched(before: Mention, dossier: Dossier) -> str:
    """The text that an unchanged rule matched once and does not match now."""
    newest = dossier.history.versions[-1]
    if not newest.text_kept:
        return "when the text was still kept"
    return "this very text when it came" if before in newest.mentions else "an earlier version of the text"


def _gone(dossier: Dossier, rules: InForce, only: str | None = None) -> None:
    known = rules.live.ruleset.rules
    for id_, mention in dossier.matched.items():
        if id_ not in known and only in (None, id_):
            paragraph(
                f"{id_}: matched when the article came, by {'; '.join(mention.clauses)}; the rule is no longer in force"
            )
            print_past(dossier.past.get(id_))
