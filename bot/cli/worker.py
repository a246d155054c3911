"""``presswatch worker``: one of many processes that do what is due."""

from __future__ import annotations

import asyncio

import click

from .common import Settings, common_options, pass_settings
from .run import console

QUEUES = ("desk", "deliver", "ingest", "folders")
CONCURRENCY = 32


@click.command("worker")
@click.option(
    "--concurrency",
    type=click.IntRange(1, 500),
    default=CONCURRENCY,
    show_default=True,
    metavar="N",
    help="How many servers and destinations are worked on at a time.",
)
@click.option(
    "--queues",
    default=",".join(QUEUES),
    show_default=True,
    metavar="NAMES",
    help="Take jobs of these queues only, separated by commas.",
)
@common_options
@pass_settings
def command(settings: Settings, concurrency: int, queues: str) -> int:
    """Poll, match and send what the clock says is due, together with any number of other workers.

    All of them work on one PostgreSQL database, with the same configuration and rules. SIGTERM ends a worker within
    ten seconds, SIGHUP has it read configuration and rules at once; a worker that is killed loses nothing.

    \b
    Queues
      ingest    polls of feeds and sitemaps, a job for each server
      folders   folders of files, for machines that have them
      deliver   messages, a job for each destination
      desk      digests, notices, spikes, the daily purge
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    return asyncio.run(_work(settings, concurrency, _chosen(queues)))


def _chosen(queues: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in queues.split(",") if name.strip()))
    unknown = [name for name in names if name not in QUEUES]
    if unknown or not names:
        said = f'there is no queue "{unknown[0]}"' if unknown else "no queue is named"
        raise click.BadParameter(f"{said}: they are {', '.join(QUEUES)}", param_hint="--queues")
    return names


async def _work(settings: Settings, concurrency: int, queues: tuple[str, ...]) -> int:
    from bot.app import open_desk
    from bot.cluster.needs import check
    from bot.scheduler import PATIENCE

    check(settings.config)
    from bot.cluster.worker import Worker

    async with open_desk(
        settings.config,
        console=console(settings),
        verbose=settings.verbose,
        service=True,
        patience=PATIENCE,
        cluster=True,
    ) as desk:
        desk.watch_config(settings.origin)
        await Worker(desk=desk, queues=queues, concurrency=concurrency).serve()
    return 0
