"""``presswatch clock``: says what is due, for workers to do."""

from __future__ import annotations

import asyncio

import click

from .common import Settings, common_options, pass_settings


@click.command("clock")
@common_options
@pass_settings
def command(settings: Settings) -> int:
    """Say what is due, for workers to do.

    Of several clocks one leads, and the others stand by: when it dies, stops or is cut off from the database, another
    takes over within seconds. They hold their leadership in the database, on a connection of its own, which must lead
    to the server itself and not to a pooler.
    """
    return asyncio.run(_keep_time(settings))


async def _keep_time(settings: Settings) -> int:
    from bot.app import open_desk
    from bot.cluster.needs import check
    from bot.scheduler import PATIENCE

    check(settings.config)
    from bot.cluster.clock import Clock

    async with open_desk(
        settings.config, verbose=settings.verbose, service=True, patience=PATIENCE, cluster=True
    ) as desk:
        desk.watch_config(settings.origin)
        await Clock(desk).serve()
    return 0
