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
    print_table,
    progress,
    short,
    style,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.desk import Live
    from bot.impact import Impact
    from bot.model import Rule, RuleSet


@click.group("rules")
def command() -> None:
    """Check, list, show and test the rules in the rules folder."""


@command.command("check", epilog="Exit code 1: a rule has a mistake and would not be activated.")
@common_options
@pass_settings
def check(settings: Settings) -> int:
    """Name every mistake in the rule files, with place and remedy, and run the inline tests.

    For each rule that differs from the one the bot last used, says how many archived articles it would hit.
    """
    live = settings.rules
    print_faults(settings.rule_faults(live.faults), as_json=settings.as_json)
    if not settings.as_json:
        for warning in settings.rule_faults(live.warnings):
            hint(f"{warning} (a remark; the rule is in force)")
        for rule in _expired(live):
            hint(f'rule "{rule.id}" is off: its "until" ({rule.until}) has passed')
    for impact in _impacts(settings, live):
        if settings.as_json:
            row = {"rule": impact.rule, "change": impact.change, "archived": impact.archived, "hits": impact.hits}
            print_json({**row, "gained": impact.gained, "lost": impact.lost})
        else:
            click.echo(_impact_line(impact))
    _print_verdict(settings, live)
    return 1 if live.faults or not live.ruleset.rules else 0


def _impacts(settings: Settings, live: Live) -> tuple[Impact, ...]:
    from bot.app import database_exists, open_store
    from bot.impact import impact

    if not database_exists(settings.config):
        if not settings.as_json:
            hint("No archive yet: the rules' effect on stored articles is shown after the first run.")
        return ()
    with open_store(settings.config) as store, progress(settings, "Replaying the archive") as step:
        return impact(store, live, on_article=lambda: step(None, ""))


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

    The tree is a query: it can be pasted into a rule's query or into match --query.
    """
    from bot.match import forms
    from bot.rules import details
    from bot.rules import show as print_rule

    rule = _find(settings.rules.ruleset, rule_id)
    if settings.as_json:
        print_json({**_row(rule), **details(rule, forms), "shown": print_rule(rule, forms)})
    else:
        click.echo(print_rule(rule, forms))


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
