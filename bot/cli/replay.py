"""``presswatch replay``: were these decisions made as they are stored?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, common_options, hint, pass_settings, print_json, progress, style
from .layout import paragraph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.replaying import Difference, Replay

SHOWN = 12

EPILOG = """\b
  presswatch replay --as-of 2026-01-31                all decisions of that day
  presswatch replay --as-of 2026-01-31 --since 14d    and of the fortnight before its end
  presswatch replay --as-of 2026-01-31T12:00Z         of the 24 hours before

Exit code 1: something is decided otherwise; both sides are shown. 2: it is further back than what is kept.
"""


@click.command("replay", epilog=EPILOG, short_help="Make the decisions of a past time once more, and compare.")
@click.option(
    "--as-of",
    "as_of",
    required=True,
    metavar="DATE",
    help="Up to when: a date here means its end; or 2026-01-31T14:30Z.",
)
@click.option(
    "--since", metavar="TIME", help="From when on: 14d, 12h before, or a date. Without it: that day, or 24 h."
)
@click.option(
    "--last", type=click.IntRange(0), default=SHOWN, show_default=True, metavar="N", help="Differences that are shown."
)
@common_options
@pass_settings
def command(settings: Settings, as_of: str, since: str | None, last: int) -> int:
    """Make the decisions of a past time once more from what is stored, and compare them with the stored ones.

    The texts are held against the rules of that time, and who is told is decided from the configuration, the mutes and
    what had been told by then. Nothing is written and nothing is sent.
    """
    from bot.app import database_exists, now, open_store
    from bot.replaying import refusal, replay

    from . import asof

    at = now()
    until = asof.end_of(as_of, at, "--as-of")
    begin = asof.since(since, until, as_of, "--since")
    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once fills it.")
        return 1
    with open_store(settings.config) as store, store.read() as tx:
        if (why := refusal(tx, settings.config, begin, at)) is not None:
            raise click.BadParameter(f"{begin:%Y-%m-%d %H:%M} UTC: {why}", param_hint="--since")
        with progress(settings, "Replaying") as step:
            found = replay(tx, begin, until, lambda total: step(total, ""))
    if settings.as_json:
        print_json(_row(found))
    else:
        _print(found, last)
    return 1 if found.differences else 0


def _print(found: Replay, last: int) -> None:
    window = f"from {found.since:%Y-%m-%d %H:%M} to {found.until:%Y-%m-%d %H:%M} UTC"
    told = f"{found.decisions:,} {'decision' if found.decisions == 1 else 'decisions'}"
    outcome = f"{plural(len(found.differences), 'difference')}" if found.differences else "all as they were"
    paragraph(f"{told} {window}, {outcome}.", 0)
    paragraph(f"Made once more for {found.looks:,} articles and versions, with {plural(found.alerts, 'alert')}.")
    for remark in _remarks(found):
        paragraph(remark)
    for each in found.differences[:last]:
        _difference(each)
    if len(found.differences) > last:
        click.echo("")
        paragraph(f"… and {len(found.differences) - last} more: --last N or --json shows them.", 0)


def _remarks(found: Replay) -> list[str]:
    said = []
    if found.apart:
        listed = ", ".join(f"{number} {name}" for name, number in sorted(found.apart.items()))
        said.append(f"Not replayed, because delivery or a person made them: {listed}.")
    if found.gone:
        said.append(f"Not replayed, because their texts are no longer kept: {plural(found.gone, 'decision')}.")
    if found.unknown:
        said.append(f"Not replayed, because nobody wrote down by what: {plural(found.unknown, 'decision')}.")
    if found.lost:
        said.append(f"This version no longer understands the rules of then: {', '.join(sorted(found.lost))}.")
    others = sorted(found.programs - {_version()})
    if others:
        said.append(f"Decided by Presswatch {', '.join(others)}, replayed by {_version()}.")
    return said


def _version() -> str:
    from bot import __version__

    return __version__


def _difference(each: Difference) -> None:
    click.echo("")
    where = f" → {each.destination}" if each.destination else ""
    what = "alert" if each.kind == "alert" else each.rule or "article"
    heading = f"article {each.article}, {each.at:%Y-%m-%d %H:%M:%S} UTC: {what}{where}"
    click.echo(style(heading, bold=True))
    paragraph(f"stored:   {each.was or 'nothing'}")
    paragraph(f"replayed: {each.now or 'nothing'}")


def _row(found: Replay) -> Mapping[str, object]:
    names = ("since", "until", "looks", "decisions", "alerts", "gone", "unknown")
    differences = [{name: getattr(each, name) for name in type(each).__slots__} for each in found.differences]
    return {
        **{name: getattr(found, name) for name in names},
        "apart": [{"reason": reason, "number": number} for reason, number in sorted(found.apart.items())],
        "lost": sorted(found.lost),
        "programs": sorted(found.programs),
        "differences": differences,
    }
