"""``presswatch deadlines``: days to come on which something takes effect, is due or ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, common_options, hint, pass_settings, print_json, short, style
from .layout import paragraph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.model import DigestDeadline, Rule

EPILOG = """\b
Examples
  presswatch deadlines                           the next 30 days
  presswatch deadlines --days 90 --theme trade   of one theme, further ahead
  presswatch deadlines --ics deadlines.ics       as a file that calendars import

\b
What is listed
  takes effect, comments due, compliance required, hearing, expires

Each day once for each story; a calendar that imports the file again replaces its entries. A day that does not stand in
the text says what it was reckoned from.
"""


@click.command("deadlines", epilog=EPILOG)
@click.option("--days", type=click.IntRange(0, 3650), default=30, show_default=True, metavar="N", help="How far ahead.")
@click.option("--theme", metavar="THEME", help="Only what rules of this theme found.")
@click.option(
    "--ics",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a calendar file (iCalendar).",
)
@common_options
@pass_settings
def command(settings: Settings, days: int, theme: str | None, target: Path | None) -> None:
    """List the days to come that articles tell of, the soonest first: of all articles in which a rule was found."""
    from bot.app import database_exists, now, open_store
    from bot.explain import in_force
    from bot.store import deadlines

    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once polls everything that is due.")
        return
    at = now()
    with open_store(settings.config) as store, store.read() as tx:
        rules = in_force(tx, settings.config).live.ruleset.rules
        _check_theme(theme, rules)
        dated = deadlines.between(tx, at.date(), at.date() + timedelta(days=days))
    from bot.alerts.coming import coming

    found = coming(dated, rules, lambda rule: theme is None or (rule in rules and rules[rule].theme == theme))
    if target is not None:
        _write(target, found, at)
    if settings.as_json:
        for one in found:
            print_json(_row(one))
    else:
        _print(found, days, target)


def _check_theme(theme: str | None, rules: Mapping[str, Rule]) -> None:
    from bot.tomlfile import did_you_mean

    known = sorted({rule.theme for rule in rules.values() if rule.theme})
    if theme is not None and theme not in known:
        remedy = did_you_mean(theme, known) or f"known here: {', '.join(known) or 'none'}"
        raise click.BadParameter(f'no rule has the theme "{theme}": {remedy}', param_hint="--theme")


def _write(target: Path, found: Sequence[DigestDeadline], at: datetime) -> None:
    from bot.alerts.ics import calendar
    from bot.deliver.file import replace

    try:
        replace(target, calendar(found, at))
    except OSError as error:
        raise click.FileError(str(target), error.strerror) from error


def _row(one: DigestDeadline) -> dict[str, object]:
    return {
        "day": one.day.isoformat(),
        "kind": one.kind,
        "title": one.headline,
        "url": one.url,
        "source_name": one.source,
        "sentence": one.sentence,
        "derived": one.derived or None,
        "severity": one.severity,
        "rules": one.rules,
        "themes": one.themes,
        "id": one.article,
        "story": one.story,
        "uid": one.uid,
    }


def _print(found: Sequence[DigestDeadline], days: int, target: Path | None) -> None:
    from bot.alerts.deadline_words import entry

    for one in found:
        shown = entry(one)
        click.echo(f"{style(shown.day, bold=True)}  {shown.what} – {shown.headline}")
        if shown.sentence:
            paragraph(f"“{shown.sentence}”")
        if shown.derived:
            paragraph(shown.derived)
        paragraph(" · ".join(filter(None, (shown.source, ", ".join(one.rules)))))
        if shown.url:
            click.echo(f"    {shown.url}")
    if not found:
        click.echo(f"No deadline in the next {plural(days, 'day')}. Try more days: --days {max(90, 2 * days)}")
    if target is not None:
        hint(f"Wrote {short(target.resolve())} ({plural(len(found), 'entry')}).")
