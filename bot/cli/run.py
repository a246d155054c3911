"""``presswatch run``: the main job, once or for ever."""

from __future__ import annotations

import asyncio
import sys
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from .common import Settings, common_options, hint, pass_settings, plural, print_faults, print_json, style

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.deliver.console import ConsoleSender
    from bot.model import DeliverReport, IngestReport, SourceReport

# Seconds that --once gives a source: somebody is waiting for the whole.
PATIENCE = 10.0


@click.command("run", epilog="Exit code 1: done, but a rule was rejected, a source is failing or an alert still waits.")
@click.option("--once", is_flag=True, help="Poll what is due, wait for the deliveries, stop.")
@click.option("--force", is_flag=True, help="Poll every source now, due or not (with --once).")
@click.option("--backfill", type=click.IntRange(0), default=0, metavar="N", help="Alert the newest N of a first poll.")
@common_options
@pass_settings
def command(settings: Settings, once: bool, force: bool, backfill: int) -> int:
    """Poll, match and alert.

    Without options it runs until it is stopped (Ctrl-C or SIGTERM): sources are polled when they fall due, rules
    are read again when a file changes, alerts go out at once.

    A feed's first poll is its baseline: stored, but not alerted. --backfill asks for its newest N articles.
    """
    if force and not once:
        raise click.UsageError("--force goes with --once: a running bot polls each source when it falls due")
    settings.note_defaults()
    return asyncio.run(_once(settings, force, backfill) if once else _for_ever(settings, backfill))


async def _for_ever(settings: Settings, backfill: int) -> int:
    from bot.app import open_desk
    from bot.scheduler import serve

    async with open_desk(settings.config, console=_console(settings), verbose=settings.verbose, service=True) as desk:
        await serve(desk, backfill=backfill)
    return 0


async def _once(settings: Settings, force: bool, backfill: int) -> int:
    from bot import pipeline
    from bot.app import open_desk

    async with open_desk(settings.config, console=_console(settings), verbose=settings.verbose) as desk:
        rules = await pipeline.reload_rules(desk)
        faults = rules.faults if rules else ()
        print_faults(settings.rule_faults(faults), as_json=settings.as_json)
        await pipeline.resume_held(desk)
        with _progress(settings) as on_report:
            polled = await pipeline.ingest_due(
                desk, force=force, backfill=backfill, deadline=PATIENCE, on_report=on_report
            )
        delivered = await pipeline.deliver_all(desk, on_wait=_say_waiting)
    if settings.as_json:
        _print_rows(polled, delivered)
    else:
        _print_sources(polled, verbose=settings.verbose)
        _print_summary(polled, delivered)
    attention = delivered.waiting or delivered.dead or faults or any(source.failing for source in polled.sources)
    return 1 if attention else 0


def _console(settings: Settings) -> ConsoleSender:
    from bot.deliver.console import ConsoleSender

    if not settings.as_json:
        return ConsoleSender()
    return ConsoleSender(write=lambda text: print_json({"alert": text.strip()}))


@contextmanager
def _progress(settings: Settings) -> Iterator[Callable[[SourceReport, int], None]]:
    """A bar on standard error while sources are polled; nothing where nobody is watching."""
    if settings.as_json or not sys.stderr.isatty():
        yield lambda _report, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (
        SpinnerColumn(),
        TextColumn("Polling"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda report, total: progress.update(task, advance=1, total=total, description=report.name)


def _say_waiting(seconds: float, waiting: int) -> None:
    hint(f"{plural(waiting, 'message')} may not be sent yet: waiting {seconds:.0f} s.")


def _print_rows(polled: IngestReport, delivered: DeliverReport) -> None:
    for source in polled.sources:
        print_json({"source": asdict(source)})
    print_json({"summary": {"alerts": polled.alerts, **asdict(delivered)}})


def _print_sources(polled: IngestReport, *, verbose: int) -> None:
    """What a reader must know of the sources: troubles and baselines; with -v every one."""
    for source in polled.sources:
        if source.status == "error":
            click.echo(f"{style('!', fg='yellow', bold=True)} {source.name}: {source.note}")
        elif source.note:
            click.echo(f"{style('✓', fg='green')} {source.name}: {source.note}")
        elif verbose:
            click.echo(
                f"{style('·', dim=True)} {source.name}: {source.fetched} items, {source.new} new ({source.ms} ms)"
            )


def _print_summary(polled: IngestReport, delivered: DeliverReport) -> None:
    failed = sum(source.status == "error" for source in polled.sources)
    new, matched = (sum(getattr(source, key) for source in polled.sources) for key in ("new", "matched"))
    head = plural(delivered.sent, "alert") if delivered.sent else "Nothing new to alert"
    parts = [
        f"{plural(new, 'new article')}",
        f"{matched} with a match",
        f"{plural(len(polled.sources), 'source')} polled",
    ]
    if failed:
        parts.append(f"{failed} did not answer (tried again later)")
    if delivered.waiting:
        parts.append(f"{plural(delivered.waiting, 'message')} still queued")
    for note in delivered.notes:
        click.echo(f"{style('!', fg='yellow', bold=True)} {note}")
    click.echo(f"{style(head, bold=True)} · {' · '.join(parts)}")
