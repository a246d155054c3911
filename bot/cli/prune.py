"""``presswatch prune``: what is no longer kept is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, common_options, hint, pass_settings, print_json

if TYPE_CHECKING:
    from bot.model import PurgeReport


@click.command("prune", short_help="Remove texts, decisions and polls older than they are kept.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@common_options
@pass_settings
def command(settings: Settings, dry_run: bool) -> None:
    """Remove what is older than [retention] and each source's retention say.

    That is the texts of articles, with the words under which they are found; why something was alerted or not; and how
    polls went. Titles, addresses and stories stay, and so do the sentences that rules matched, as far as the source's
    excerpt allows. The service does the same once a day. It may run while the service does, and be stopped at any time:

    \b
      presswatch prune --dry-run
      presswatch prune
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    prune(settings, dry_run=dry_run)


def prune(settings: Settings, *, dry_run: bool) -> None:
    """Remove what is no longer kept, or say what would go."""
    from bot.app import database_exists, now, open_store
    from bot.model import PurgeReport
    from bot.purging import purge as remove
    from bot.purging import what_would_go

    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once polls everything that is due.")
        return
    with open_store(settings.config) as store:
        if dry_run:
            report = what_would_go(store, settings.config, now())
        else:
            report = sum(remove(store, settings.config, now), PurgeReport())
        shrinks = store.url.get_backend_name() != "sqlite"
    if settings.as_json:
        print_json({"dry_run": dry_run, **{name: getattr(report, name) for name in type(report).__slots__}})
    else:
        _print(report, dry_run=dry_run)
        if report.texts and not dry_run and not shrinks:
            hint("The file stays as large as it is; the room is used by what comes next (docs/operations.md).")


def _print(report: PurgeReport, *, dry_run: bool) -> None:
    texts = f"{plural(report.texts, 'text')} of {plural(report.articles, 'article')}"
    figures = f"{texts}, {plural(report.decisions, 'decision')}, {plural(report.polls, 'poll')}"
    if report.removed:
        figures += f", {plural(report.removed, 'whole article')}"
    click.echo(f"{'Would remove' if dry_run else 'Removed'} {figures}.")
