"""``presswatch db``: the database, upgraded, backed up, and rid of what is no longer kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, common_options, hint, pass_settings, print_json

if TYPE_CHECKING:
    from bot.model import PurgeReport


@click.group("db")
def command() -> None:
    """Upgrade the database, back it up, or remove what is no longer kept."""


@command.command("upgrade")
@common_options
@pass_settings
def upgrade(settings: Settings) -> None:
    """Bring the database to this version's schema; the file is backed up first.

    Every command that opens the database does this by itself; here it is for those who want to choose the moment.
    """
    from bot.app import open_store
    from bot.store import queue, version

    with open_store(settings.config) as store:
        if store.url.get_backend_name() == "postgresql" and queue.is_installed():
            queue.prepare(store)
        found, place = version(store), store.place
    if settings.as_json:
        print_json({"database": place, "schema": found.revision, "version": found.product})
    else:
        click.echo(f"{place} is at schema {found.revision}.")


@command.command("backup")
@click.argument("target", required=False, type=click.Path(path_type=Path))
@common_options
@pass_settings
def backup(settings: Settings, target: Path | None) -> None:
    """Copy the database to TARGET while everything keeps running.

    Without TARGET the copy goes to the data folder's backups/, named by date and time.
    """
    from bot.app import now, open_store
    from bot.store import backup as copy

    name = target or settings.config.data_dir / "backups" / f"presswatch-{now():%Y%m%dT%H%M%SZ}.db"
    with open_store(settings.config) as store:
        written = copy(store, name)
    if settings.as_json:
        print_json({"backup": str(written), "bytes": written.stat().st_size})
    else:
        click.echo(f"Wrote {written} ({written.stat().st_size:,} bytes).")


@command.command("purge", short_help="Remove texts, decisions and polls older than they are kept.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@common_options
@pass_settings
def purge(settings: Settings, dry_run: bool) -> None:
    """Remove what is older than [retention] and each source's retention say.

    That is the texts of articles, with the words under which they are found; why something was alerted or not; and how
    polls went. Titles, addresses and stories stay, and so do the sentences that rules matched, as far as the source's
    excerpt allows. The service does the same once a day. It may run while the service does, and be stopped at any time:

    \b
      presswatch db purge --dry-run
      presswatch db purge
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
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
            report = sum(remove(store, settings.config, now()), PurgeReport())
    if settings.as_json:
        print_json({"dry_run": dry_run, **{name: getattr(report, name) for name in type(report).__slots__}})
    else:
        _print_purge(report, dry_run=dry_run)


def _print_purge(report: PurgeReport, *, dry_run: bool) -> None:
    texts = f"{plural(report.texts, 'text')} of {plural(report.articles, 'article')}"
    figures = f"{texts}, {plural(report.decisions, 'decision')}, {plural(report.polls, 'poll')}"
    click.echo(f"{'Would remove' if dry_run else 'Removed'} {figures}.")
    if report.texts and not dry_run:
        hint("The file stays as large as it is; the room is used by what comes next (docs/operations.md).")
