"""``presswatch run``: the main job, once or for ever."""

from __future__ import annotations

import asyncio
import os
from contextlib import nullcontext
from typing import TYPE_CHECKING

import click

from .common import Settings, common_options, pass_settings, print_faults, print_json, progress
from .outcome import Outcome, say_waiting, show

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from bot.deliver.console import ConsoleSender
    from bot.desk import Desk
    from bot.pulse import Pulse

# Seconds that --once gives a source: somebody is waiting for the whole.
DEADLINE = 10.0


@click.command(
    "run", epilog="Exit code 1: done, but a rule was rejected, a source is failing, an alert or digest waits."
)
@click.option(
    "--once", is_flag=True, help="Poll what is due, write the digests that are due, wait for the deliveries, stop."
)
@click.option("--force", is_flag=True, help="Poll every source now, due or not (with --once).")
@click.option("--backfill", type=click.IntRange(0), default=0, metavar="N", help="Alert the newest N of a first poll.")
@common_options
@pass_settings
def command(settings: Settings, once: bool, force: bool, backfill: int) -> int:
    """Poll, match and alert.

    Without options it runs until it is stopped (Ctrl-C or SIGTERM): sources are polled and digests sent when they
    fall due, configuration and rules are read again when a file changes (SIGHUP: at once), alerts go out at once.

    A feed's first poll is its baseline: stored, but not alerted. --backfill asks for its newest N articles.
    """
    if force and not once:
        raise click.UsageError("--force goes with --once: a running bot polls each source when it falls due")
    settings.note_defaults()
    return asyncio.run(_once(settings, force, backfill) if once else _for_ever(settings, backfill))


async def _for_ever(settings: Settings, backfill: int) -> int:
    from bot.app import open_desk
    from bot.pipeline import Wishes
    from bot.pulse import Pulse
    from bot.scheduler import PATIENCE, serve
    from bot.supervisor import Supervisor

    verbose = settings.verbose
    async with open_desk(
        settings.config, console=console(settings), verbose=verbose, service=True, patience=PATIENCE
    ) as desk:
        desk.watch_config(settings.origin)
        await desk.call(_look_for_a_cluster, desk)
        pulse = Pulse()
        async with _showing(desk, pulse):
            supervisor = Supervisor.of(os.environ, os.getpid())
            await serve(desk, wishes=Wishes(backfill=backfill), pulse=pulse, supervisor=supervisor)
    return 0


def _showing(desk: Desk, pulse: Pulse) -> AbstractAsyncContextManager[None]:
    """Answer those who watch the service; what that takes is only loaded where it is asked for."""
    if desk.config.listen is None:
        return nullcontext()
    from bot.web import showing

    return showing(desk, pulse)


def _look_for_a_cluster(desk: Desk) -> None:
    """Say so where a clock leads on the same database: both would ask the same servers and fill the same channels."""
    from bot.logs import logger
    from bot.store.leader import leader

    if desk.store.url.get_backend_name() != "postgresql":
        return
    with desk.store.read() as tx:
        found = leader(tx)
    if found is not None and found.present:
        logger().warning(
            "a cluster works on this database: end this, or it",
            clock=found.owner,
            why="servers are asked and channels written to by both, at twice the pace; no article or message is lost "
            "or told twice",
        )


async def _once(settings: Settings, force: bool, backfill: int) -> int:
    from bot import pipeline
    from bot.app import open_desk

    async with open_desk(settings.config, console=console(settings), verbose=settings.verbose) as desk:
        rules = await pipeline.reload_rules(desk)
        faults = rules.faults if rules else ()
        print_faults(settings.rule_faults(faults), as_json=settings.as_json)
        await pipeline.resume_held(desk)
        with progress(settings, "Polling") as step:
            wishes = pipeline.Wishes(backfill=backfill, deadline=DEADLINE)
            polled = await pipeline.ingest_due(
                desk, force=force, wishes=wishes, on_report=lambda report, total: step(total, report.name)
            )
        await pipeline.watch_volume(desk)
        await pipeline.send_digests(desk)
        delivered = await pipeline.deliver_all(desk, on_wait=say_waiting)
        # Not before: a queue that was held has been let go for a try, and only now is it held again.
        if await pipeline.notify_operators(desk):
            delivered = pipeline.together(delivered, await pipeline.deliver_due(desk))
        outcome = Outcome(
            polled=polled,
            delivered=delivered,
            rules=len(desk.rules().ruleset.rules),
            faults=len(faults),
            next_poll=await pipeline.seconds_to_next_poll(desk),
        )
    show(settings, outcome, backfill=backfill)
    return 1 if outcome.needs_attention else 0


def console(settings: Settings) -> ConsoleSender:
    """Where console destinations print: as people read it, or one object per message, named by what it is."""
    from bot.deliver.console import ConsoleSender

    if not settings.as_json:
        return ConsoleSender()
    return ConsoleSender(take=lambda kind, text: print_json({kind: text.strip()}))
