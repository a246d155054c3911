"""``presswatch init``: a commented config.toml to start from."""

from __future__ import annotations

from pathlib import Path

import click

from .common import Settings, common_options, pass_settings, print_json


@click.command("init")
@click.option("--force", is_flag=True, help="Write over an existing file.")
@common_options
@pass_settings
def command(settings: Settings, force: bool) -> None:
    """Write a commented config.toml into this folder.

    It holds every key with its default; nothing in it has to be changed for `presswatch run --once` to work.
    """
    from bot.config import example_text

    target = Path(settings.config_path or "config.toml")
    if target.exists() and not force:
        raise click.UsageError(f"{target} exists already; --force writes over it")
    try:
        target.write_text(example_text(), encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{target} cannot be written: {error.strerror}") from error
    if settings.as_json:
        print_json({"config": str(target)})
    else:
        click.echo(f"Wrote {target}. Next: edit it, then presswatch doctor.")
