"""``presswatch rules``: check, list, show and test the rule files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import (
    Settings,
    common_options,
    hint,
    pass_settings,
    print_faults,
    print_json,
    progress,
    short,
    style,
)
from .layout import print_table
from .rules_exchange import export, import_
from .rules_near import near_miss

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.desk import Live
    from bot.impact import Cost, Impact, Survey
    from bot.match import Frequencies
    from bot.model import Rule, RuleSet

ANCHORS = 5
"""Terms of an anchor that are named."""


@click.group("rules")
def command() -> None:
    """Check, list, show and test the rules in the rules folder, or exchange them with other services."""


command.add_command(import_)
command.add_command(export)
command.add_command(near_miss)


@command.command("check", epilog="Exit code 1: a rule has a mistake and would not be activated.")
@common_options
@pass_settings
def check(settings: Settings) -> int:
    """Name every mistake in the rule files, with place and remedy, run the inline tests, and say what each rule costs.

    Says of each rule what it costs: the terms one of which must occur for it to be looked at, its wildcards and regular
    expressions, and how many of a thousand archived articles it matches, with a warning where that is a tenth or more.
    For each rule that differs from the one the bot last used, says how many archived articles it would hit.
    """
    from bot.impact import storms

    live = settings.rules
    print_faults(settings.rule_faults(live.faults), as_json=settings.as_json)
    survey = _survey(settings, live)
    remarks = settings.rule_faults((*live.warnings, *storms(survey.costs, live.ruleset)))
    if settings.as_json:
        print_faults(remarks, as_json=True, kind="remark")
        _print_rows(survey)
    else:
        for warning in remarks:
            hint(f"{warning} (a remark; the rule is in force)")
        for rule in _expired(live):
            hint(f'rule "{rule.id}" is off: its "until" ({rule.until}) has passed')
        _print_costs(survey.costs)
        for impact in survey.impacts:
            click.echo(_impact_line(impact))
    _print_verdict(settings, live)
    return 1 if live.faults or not live.ruleset.rules else 0


def _survey(settings: Settings, live: Live) -> Survey:
    from bot.app import database_exists, open_store
    from bot.impact import Survey, costs, survey

    if not database_exists(settings.config):
        if not settings.as_json:
            hint("No archive yet: the rules' effect on stored articles is shown after the first run.")
        return Survey(costs=costs(live.ruleset), impacts=())
    with open_store(settings.config) as store, progress(settings, "Replaying the archive") as step:
        return survey(store, live, on_article=lambda: step(None, ""))


def _print_rows(survey: Survey) -> None:
    for cost in survey.costs:
        row = {"rule": cost.rule, "anchors": len(cost.anchor), "anchor": cost.anchor[:ANCHORS]}
        row |= {"wildcards": cost.wildcards, "regexes": cost.regexes, "archived": cost.archived, "hits": cost.hits}
        print_json({**row, "per_1000": cost.per_1000, "storm": cost.storm})
    for impact in survey.impacts:
        row = {"rule": impact.rule, "change": impact.change, "archived": impact.archived, "hits": impact.hits}
        print_json({**row, "gained": impact.gained, "lost": impact.lost})


def _print_costs(costs: Sequence[Cost]) -> None:
    """A table of 80 columns, in which long names are cut."""
    if not costs:
        return
    rows = [
        (
            _fitted(cost.rule, 22),
            _fitted(", ".join(cost.anchor[:ANCHORS]) or "every article", 21),
            f"{len(cost.anchor):,}".rjust(5),
            f"{cost.wildcards:,}".rjust(5),
            f"{cost.regexes:,}".rjust(5),
            ("–" if cost.per_1000 is None else f"{cost.per_1000:,.1f}").rjust(9) + ("!" if cost.storm else ""),
        )
        for cost in costs
    ]
    print_table(("rule", "looked at where", "terms", "term*", "/re/", "per 1,000"), rows)
    archived = costs[0].archived
    measured = f"of the newest {plural(archived, 'archived article')}" if archived else "articles that match"
    click.echo(f"terms: one must occur; per 1,000: {measured}")


def _fitted(text: str, width: int) -> str:
    from rich.cells import cell_len, set_cell_size

    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def _impact_line(impact: Impact) -> str:
    share = f" ({100 * impact.hits / impact.archived:.0f} %)" if impact.archived else ""
    if impact.change == "removed":
        return f"{style(impact.rule, bold=True)} (removed): {plural(impact.lost, 'archived article')} no longer hit"
    difference = f"; +{impact.gained} −{impact.lost} against the rule in use" if impact.change == "changed" else ""
    return (
        f"{style(impact.rule, bold=True)} ({impact.change}): would hit {impact.hits:,} of "
        f"{plural(impact.archived, 'archived article')}{share}{difference}"
    )


def _expired(live: Live) -> list[Rule]:
    from bot.app import now

    today = now().date()
    return [rule for rule in live.ruleset.rules.values() if rule.until is not None and rule.until < today]


def _print_verdict(settings: Settings, live: Live) -> None:
    figures = {
        "rules": len(live.ruleset.rules),
        "entities": len(live.ruleset.entities),
        "tests": sum(len(rule.tests) for rule in live.ruleset.rules.values()),
        "mistakes": len(live.faults),
    }
    folder = short(settings.config.rules_dir)
    if settings.as_json:
        print_json({"folder": folder, **figures})
    else:
        click.echo(style(f"{folder}: {_verdict(figures)}", fg="green" if _is_good(figures) else "red"))


def _is_good(figures: Mapping[str, int]) -> bool:
    return bool(figures["rules"]) and not figures["mistakes"]


def _verdict(figures: Mapping[str, int]) -> str:
    if figures["mistakes"]:
        return f"{plural(figures['mistakes'], 'mistake')}; without, {plural(figures['rules'], 'rule')}"
    if not figures["rules"]:
        return "there is no rule in it, so nothing will match"
    nouns = (("rules", "rule"), ("entities", "entity"), ("tests", "inline test"))
    return f"{', '.join(plural(figures[key], noun) for key, noun in nouns)}: all good"


@command.command("list")
@common_options
@pass_settings
def list_(settings: Settings) -> None:
    """List the rules by theme."""
    rules = sorted(settings.rules.ruleset.rules.values(), key=lambda rule: (rule.theme, rule.id))
    if settings.as_json:
        for rule in rules:
            print_json(_row(rule))
        return
    print_table(
        ("id", "title", "theme", "severity", "tests", "file"),
        [(r.id, r.title, r.theme, r.severity, str(len(r.tests)), f"{r.file}:{r.line}") for r in rules],
    )


def _row(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "theme": rule.theme,
        "severity": rule.severity,
        "tests": len(rule.tests),
        "file": rule.file,
        "line": rule.line,
        "hash": rule.hash,
    }


def _find(ruleset: RuleSet, id_: str) -> Rule:
    if id_ in ruleset.rules:
        return ruleset.rules[id_]
    from difflib import get_close_matches

    close = get_close_matches(id_, ruleset.rules, n=1)
    known = f'did you mean "{close[0]}"?' if close else "presswatch rules list names them all"
    raise click.UsageError(f'there is no rule "{id_}" without a mistake: {known}')


@command.command("show")
@click.argument("rule_id", metavar="ID", shell_complete=complete.rule_ids)
@common_options
@pass_settings
def show(settings: Settings, rule_id: str) -> None:
    """Show a rule as the matcher sees it: the bracketed tree, an English sentence, its anchor, every form that matches.

    The tree is a query: it can be pasted into a rule's query or into match --query. The anchor is what must occur for
    the rule to be looked at: the rarest by the archive where 500 rules or more are in force, else by length.
    """
    from bot.match import forms
    from bot.rules import by_length, details
    from bot.rules import show as print_rule

    rule = _find(settings.rules.ruleset, rule_id)
    cost = _frequency(settings) or by_length
    shown = print_rule(rule, forms, cost)
    if settings.as_json:
        print_json({**_row(rule), **details(rule, forms, cost), "shown": shown})
    else:
        click.echo(shown)


def _frequency(settings: Settings) -> Frequencies | None:
    """How often terms are met, where the bot asks the archive for it; a desk of few rules need not be opened."""
    from bot.app import database_exists, open_store
    from bot.reload import MANY, learnt

    if len(settings.rules.ruleset.rules) < MANY or not database_exists(settings.config):
        return None
    with open_store(settings.config) as store:
        return learnt(store)


@command.command("test", epilog="Exit code 1: a test fails.")
@click.argument("rule_ids", metavar="[ID]...", nargs=-1, shell_complete=complete.rule_ids)
@common_options
@pass_settings
def test(settings: Settings, rule_ids: tuple[str, ...]) -> int:
    """Run the inline tests of all rules, or of those named."""
    from bot import rules as room
    from bot.match import run_tests

    files, unread = room.read_folder(settings.config.rules_dir)
    loaded = room.load(files, unread=unread)
    print_faults(settings.rule_faults((*unread, *loaded.faults)), as_json=settings.as_json)
    chosen = [_find(loaded.ruleset, id_) for id_ in rule_ids] or list(loaded.ruleset.rules.values())
    failures = run_tests(chosen)
    for failure in failures:
        if settings.as_json:
            print_json({"rule": failure.rule.id, "line": failure.test.line, "detail": failure.detail})
        else:
            place = f"{failure.rule.file}:{failure.test.line}"
            click.echo(f"{style('FAILED', fg='red')} {failure.rule.id} ({place}): {failure.detail}")
    total = sum(len(rule.tests) for rule in chosen)
    if not settings.as_json:
        click.echo(f"{total - len(failures)} passed, {len(failures)} failed")
    return 1 if failures or loaded.faults or unread else 0
