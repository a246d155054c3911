"""``presswatch rules test``: the inline tests, run and told as by a test runner; a wrong alert made into one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, find_rule, pass_settings, print_faults, print_json, short, style
from .layout import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.match import TestFailure
    from bot.model import Rule

EPILOG = """\b
A wrong alert, or an article that was missed, as a test
  rules test --from-alert 12                              the alert's article must not match its rule
  rules test --from-alert https://example.org/a --rule x  the same by the article's address
  rules test --from-alert 7 --rule x --expect match       this one should have matched

The number is the one that presswatch alerts shows. Exit code 1: a test fails.
"""


@click.command("test", epilog=EPILOG)
@click.argument("rule_ids", metavar="[ID]...", nargs=-1, shell_complete=complete.rule_ids)
@click.option("--junit", metavar="FILE", type=click.Path(dir_okay=False), help="Also write the results as JUnit XML.")
@click.option("--from-alert", "wanted", metavar="ID|URL", help="Write a test from this alert's article, and run it.")
@click.option(
    "--expect", type=click.Choice(["no", "match"]), default="no", show_default=True, help="With --from-alert: what."
)
@click.option(
    "--rule", "only", metavar="ID", shell_complete=complete.rule_ids, help="With --from-alert: of which rule."
)
@common_options
@pass_settings
def test(
    settings: Settings,
    rule_ids: tuple[str, ...],
    junit: str | None,
    wanted: str | None,
    expect: str,
    only: str | None,
) -> int:
    """Run the inline tests of all rules, or of those named, each against its own rule.

    A rule whose test fails does not go live: its last good version stays in force. With --from-alert the few words
    that made the alert become a [[rule.test]] in the rule's file; all else in it stays as it is.
    """
    from bot import rules as room

    files, unread = room.read_folder(settings.config.rules_dir)
    if wanted is not None:
        from .rules_example import add_example

        added = add_example(settings, files, wanted, only, expect)
        files, unread = room.read_folder(settings.config.rules_dir)
        rule_ids = (added,)
    loaded = room.load(files, unread=unread)
    faults = settings.rule_faults((*unread, *loaded.faults))
    print_faults(faults, as_json=settings.as_json)
    chosen = [find_rule(loaded.ruleset, id_) for id_ in rule_ids] or list(loaded.ruleset.rules.values())
    failures = _run(settings, chosen)
    if junit is not None:
        from .junit import junit_xml

        try:
            Path(junit).write_bytes(junit_xml(chosen, failures, faults))
        except OSError as error:
            raise click.UsageError(f"{junit} cannot be written: {error.strerror}") from error
    return 1 if failures or faults else 0


def _run(settings: Settings, rules: Sequence[Rule]) -> list[TestFailure]:
    from bot.match import run_tests

    failures = run_tests(rules)
    if settings.as_json:
        for failure in failures:
            print_json({"rule": failure.rule.id, "line": failure.test.line, "detail": failure.detail})
        return failures
    _print_files(settings, rules, failures)
    for failure in failures:
        place = f"{_shown_file(settings, failure.rule)}:{failure.test.line}"
        click.echo(f"{style('FAILED', fg='red')} {failure.rule.id} ({place}): {failure.detail}")
        for reason in failure.why:
            paragraph(reason, 4)
    total = sum(len(rule.tests) for rule in rules)
    untested = [rule.id for rule in rules if not rule.tests]
    without = f", {plural(len(untested), 'rule')} without tests" if untested else ""
    verdict = f"{total - len(failures)} passed, {len(failures)} failed{without}"
    click.echo(style(verdict, fg="red" if failures else "green"))
    return failures


def _print_files(settings: Settings, rules: Sequence[Rule], failures: Sequence[TestFailure]) -> None:
    """A line for each file with a mark for each test, with -v a line for each test."""
    failed = {(failure.rule.id, failure.test.line) for failure in failures}
    by_file: dict[str, list[Rule]] = {}
    for rule in rules:
        by_file.setdefault(_shown_file(settings, rule), []).append(rule)
    for file, own in by_file.items():
        tests = [(rule, one, (rule.id, one.line) in failed) for rule in own for one in rule.tests]
        if not settings.verbose:
            click.echo(
                f"{file} " + "".join(style("F", fg="red") if bad else style(".", fg="green") for *_, bad in tests)
            )
            continue
        for rule, one, bad in tests:
            mark = style("FAILED", fg="red") if bad else style("passed", fg="green")
            click.echo(f"{file}:{one.line} {rule.id} {mark} {one.expect}: {one.shortened}")


def _shown_file(settings: Settings, rule: Rule) -> str:
    return str(Path(short(settings.config.rules_dir)) / rule.file)
