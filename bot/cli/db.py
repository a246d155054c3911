"""``presswatch db``: the database, upgraded, backed up, or carried to another one."""

from __future__ import annotations

from pathlib import Path

import click

from .common import Settings, common_options, pass_settings, print_json
from .db_copy import command as copy_command


@click.group("db")
def command() -> None:
    """Upgrade the database, back it up, or carry it to another one."""


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


command.add_command(copy_command)


@command.command("purge", hidden=True, short_help="The old name of presswatch prune.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@common_options
@pass_settings
def purge(settings: Settings, dry_run: bool) -> None:
    """Do what presswatch prune does: this is its old name, which stays."""
    from .prune import prune

    prune(settings, dry_run=dry_run)
