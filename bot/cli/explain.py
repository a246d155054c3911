"""``presswatch explain``: why was I told of this article, or why not?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from . import complete
from .common import Settings, common_options, hint, pass_settings, print_faults, print_json
from .explain_past import past_row
from .quotations import quote_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.explain import Dossier, InForce, Nearby
    from bot.match import Clause, Explanation
    from bot.model import Deadline, Reference
    from bot.store import Tx
    from bot.store.explain import AlertHistory, DecisionRecord, FetchRecord, MemberRecord, SentRecord, VersionRecord
    from bot.store.issues import IssueHistory
    from bot.store.refusals import Refused

EPILOG = """\b
What to give
  https://example.org/a?utm_source=x   its address; the spelling does not matter
  42                                   its number, as "presswatch search --json" shows it
  tag:example.org,2026:1               the id its feed gives it
  report.txt                           of an item that was refused also its file, or words of its title

Exit code 1: there is no such article. It was refused, which is said with the reason and the remedy; or never seen: then
its sources are named with their health.
"""


@click.command("explain", epilog=EPILOG)
@click.argument("wanted", metavar="URL|ID")
@click.option(
    "--rule", "only", metavar="ID", shell_complete=complete.rule_ids, help="Only this rule, and everything about it."
)
@click.option("--all", "every", is_flag=True, help="Also the rules of which no term occurs.")
@click.option(
    "--as-of",
    "as_of",
    metavar="DATE",
    help="All of it as it was then: a date here means its end; or 2026-01-31T14:30Z.",
)
@common_options
@pass_settings
def command(settings: Settings, wanted: str, only: str | None, every: bool, as_of: str | None) -> int:
    """Explain an article: where it came from, who was told when, and why each rule matches it or does not.

    The text as it is stored is held against the rules as they are now; where a rule has been changed since it
    matched, or is gone, it is also shown as it was then. With --as-of text, rules, story, mutes, destinations,
    decisions and messages are those of that moment.
    """
    from bot.app import database_exists, now, open_store
    from bot.explain import dossiers, find, in_force, refused

    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once polls everything that is due.")
        return 1
    wanted = wanted.strip()
    if as_of is not None:
        from .explain_then import explain_then

        return explain_then(settings, wanted, only, as_of, every=every)
    with open_store(settings.config) as store, store.read() as tx:
        rules = in_force(tx, settings.config)
        found = dossiers(tx, find(tx, wanted), rules, settings.config.digests, now())
        if only is not None:
            check_rule(only, rules, found)
        unread = refused(tx, wanted, loosely=not found)
        if not found:
            return _no_article(settings, tx, wanted, unread, now())
    print_faults(settings.rule_faults(rules.live.faults), as_json=False)
    for number, dossier in enumerate(found):
        _show(settings, dossier, rules, only, unread, every=every, first=number == 0)
    if unread and not settings.as_json:
        from .explain_unseen import print_refused

        click.echo("")
        print_refused(unread)
    return 0


def _show(
    settings: Settings,
    dossier: Dossier,
    rules: InForce,
    only: str | None,
    unread: Sequence[Refused],
    *,
    every: bool,
    first: bool,
) -> None:
    if settings.as_json:
        print_json({**row(dossier, rules, only, every=every), "refused": [_fields(each) for each in unread]})
        return
    from .explain_text import print_dossier

    if not first:
        click.echo("")
    print_dossier(dossier, rules, only, every=every)


def check_rule(only: str, rules: InForce, found: Iterable[Dossier]) -> None:
    """Raises BadParameter for a rule that neither is in force nor has matched."""
    from bot.tomlfile import did_you_mean

    matched = {id_ for dossier in found for id_ in dossier.matched}
    known = [*rules.live.ruleset.rules, *rules.rejected, *matched]
    if only not in known:
        remedy = did_you_mean(only, known) or "see presswatch rules list"
        raise click.BadParameter(f'there is no rule "{only}": {remedy}', param_hint="--rule")


def _no_article(settings: Settings, tx: Tx, wanted: str, unread: Sequence[Refused], now: datetime) -> int:
    from bot.explain import nearby

    from .explain_unseen import print_never_seen, print_refused

    near = nearby(tx, wanted)
    if settings.as_json:
        print_json({**_unseen_row(wanted, near), "refused": [_fields(each) for each in unread]})
    elif unread:
        print_refused(unread)
    else:
        print_never_seen(wanted, near, now)
    return 1


def _unseen_row(wanted: str, near: Nearby | None) -> dict[str, object]:
    keys = ("id", "name", "url", "state", "last_ok_at", "failures", "failing")
    sources = (
        [{**{key: getattr(state, key) for key in keys}, "error": state.last_error} for state in near.sources]
        if near
        else []
    )
    gaps = [{key: getattr(gap, key) for key in ("source", "at", "begin", "end")} for gap in near.gaps] if near else []
    return {"wanted": wanted, "host": near.host if near else None, "sources": sources, "gaps": gaps}


# ── for scripts ──────────────────────────────────────────────────────────────────────────────────


def shown(dossier: Dossier, only: str | None, *, every: bool) -> list[Explanation]:
    """The rules worth telling of: those that match, or of which a term occurs."""
    if only is not None:
        return [each for each in dossier.rules if each.rule.id == only]
    return [each for each in dossier.rules if every or each.occurs or each.mention or each.rule.id in dossier.matched]


def row(dossier: Dossier, rules: InForce, only: str | None, *, every: bool) -> dict[str, object]:
    """An article for scripts."""
    history = dossier.history
    stored, article = history.stored, history.stored.article
    told = shown(dossier, only, every=every)
    return {
        "id": stored.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "source_name": history.source_name,
        "tier": article.tier,
        "key": article.key,
        "key_kind": article.key_kind,
        "state": stored.state,
        "published": article.published_at,
        "published_raw": article.published_raw,
        "date_origin": article.date_origin,
        "first_seen": stored.first_seen,
        "excerpt_note": dossier.excerpt_note,
        "fetches": [_fields(each) for each in history.fetches],
        "versions": [_version(each) for each in history.versions],
        "alerts": [_alert(each) for each in history.alerts],
        "digests": [_fields(each) for each in dossier.issues],
        "decisions": [_decision(each) for each in history.decisions if only in (None, each.rule)],
        "references": [_fields(each) for each in history.facts.references],
        "deadlines": [{**_fields(each), "day": each.day.isoformat()} for each in history.facts.deadlines],
        "quotes": [quote_row(each) for each in history.facts.quotes],
        "rules": [_rule(each, dossier) for each in told],
        "rules_past": [past_row(past) for id_, past in dossier.past.items() if only in (None, id_)],
        "rules_not_shown": len(dossier.rules) - len(told),
        "rules_rejected": rules.rejected,
        "story": {
            "id": history.story,
            "merged": list(history.merged),
            "members": [_fields(each) for each in history.members],
        },
    }


def _fields(
    record: VersionRecord
    | FetchRecord
    | AlertHistory
    | SentRecord
    | IssueHistory
    | DecisionRecord
    | MemberRecord
    | Refused
    | Reference
    | Deadline,
) -> dict[str, object]:
    return {name: getattr(record, name) for name in type(record).__slots__}


def _version(version: VersionRecord) -> dict[str, object]:
    mentions = [{"rule": each.rule, "rule_hash": each.rule_hash, **each.evidence()} for each in version.mentions]
    return {**_fields(version), "mentions": mentions}


def _alert(alert: AlertHistory) -> dict[str, object]:
    return {**_fields(alert), "deliveries": [_fields(each) for each in alert.deliveries]}


def _decision(decision: DecisionRecord) -> dict[str, object]:
    from bot.alerts.decide import explain

    return {**_fields(decision), "sentence": explain(decision.reason)}


def _rule(each: Explanation, dossier: Dossier) -> dict[str, object]:
    before = dossier.matched.get(each.rule.id)
    sentences = each.mention.sentences if each.mention else ()
    return {
        "rule": each.rule.id,
        "hash": each.rule.hash,
        "matches": each.mention is not None,
        "near": each.near,
        "matched_hash": before.rule_hash if before else None,
        "held": each.held,
        "clauses": [_clause(clause) for clause in each.clauses],
        "sentences": [sentence.text for sentence in sentences],
    }


def _clause(clause: Clause) -> dict[str, object]:
    obstacles = [
        {
            "kind": obstacle.kind,
            "text": obstacle.text,
            "terms": obstacle.terms,
            "hits": [{key: getattr(hit, key) for key in ("field", "start", "end", "text")} for hit in obstacle.hits],
            "sentences": [sentence.text for sentence in obstacle.sentences],
        }
        for obstacle in clause.obstacles
    ]
    return {"text": clause.text, "holds": clause.holds, "found": clause.found, "obstacles": obstacles}
