"""``presswatch rules apply``: what a rule would have found, found now."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import (
    Settings,
    common_options,
    find_rule,
    hint,
    moment,
    pass_settings,
    print_faults,
    print_json,
    progress,
    style,
)

if TYPE_CHECKING:
    from bot.applying import Applied, Match, Wish

SHOWN = 10

EPILOG = """\b
  rules apply rare-earths --dry-run               what it would find in the last 30 days
  rules apply rare-earths --since 90d             also let search, digests and explain know
  rules apply rare-earths --since 7d --alert      and tell of it, of 20 stories at most

Exit code 1: the rule is not in force, or an alert still waits.
"""


@click.command("apply", epilog=EPILOG)
@click.argument("rule_id", metavar="ID", shell_complete=complete.rule_ids)
@click.option("--since", default="30d", show_default=True, metavar="TIME", help="From when on: 30d, 12h, 2026-01-31.")
@click.option("--alert", is_flag=True, help="Also tell of what the rule had not matched before.")
@click.option(
    "--most",
    type=click.IntRange(1, 200),
    default=20,
    show_default=True,
    metavar="N",
    help="With --alert: of how many stories.",
)
@click.option("--dry-run", is_flag=True, help="Only show what it would find; nothing is written.")
@common_options
@pass_settings
def apply(settings: Settings, rule_id: str, since: str, alert: bool, most: int, dry_run: bool) -> int:
    """Hold a rule against the archive, as if it had been there when the articles came.

    What it finds is stored with the articles, so that search, digests, volume and explain know of it; the ledger
    says that somebody asked. With --alert it is told: in the thread where the story is known, as a message elsewhere.
    """
    from bot.app import database_exists, now
    from bot.applying import Wish

    begin = moment(since, now(), "--since")
    if alert and dry_run:
        raise click.UsageError("--dry-run writes nothing, so it cannot --alert")
    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once polls everything that is due.")
        return 1
    faults = [fault for fault in settings.rules.faults if fault.subject == f"rule {rule_id}"]
    if faults:
        print_faults(settings.rule_faults(faults), as_json=settings.as_json)
        return 1
    find_rule(settings.rules.ruleset, rule_id)
    done, waiting = asyncio.run(_apply(settings, rule_id, Wish(since=begin, alert=alert, most=most, dry=dry_run)))
    _show(settings, done, since, dry=dry_run)
    return 1 if waiting else 0


async def _apply(settings: Settings, rule_id: str, wish: Wish) -> tuple[Applied, int]:
    """What was found, and how many messages still wait."""
    from bot import pipeline
    from bot.app import open_desk
    from bot.applying import apply as hold

    from .outcome import say_waiting
    from .run import console

    async with open_desk(settings.config, console=console(settings), verbose=settings.verbose) as desk:
        with progress(settings, "Reading the archive") as step:
            done = await hold(desk, rule_id, wish, lambda: step(None, ""))
        if not done.alerts:
            return done, 0
        delivered = await pipeline.deliver_all(desk, on_wait=say_waiting)
    return done, delivered.waiting - delivered.quiet + delivered.dead


def _show(settings: Settings, done: Applied, since: str, *, dry: bool) -> None:
    figures = {
        "archived": done.archived,
        "matches": len(done.matches),
        "new": len(done.new),
        "alerts": done.alerts,
        "left": done.left,
    }
    if settings.as_json:
        for match in done.matches:
            print_json(_row(match))
        print_json({"rule": done.rule.id, "written": not dry, **figures})
        return
    for match in done.new[:SHOWN]:
        _print(match)
    if len(done.new) > SHOWN:
        click.echo(f"    … and {plural(len(done.new) - SHOWN, 'more article')}")
    _print_figures(done, since)
    if dry:
        hint("Nothing was written (--dry-run).")
    elif done.alerts or done.left:
        left = f" {plural(done.left, 'story')} not told: --most N takes more." if done.left else ""
        click.echo(f"{plural(done.alerts, 'alert')} queued.{left}")


def _print_figures(done: Applied, since: str) -> None:
    archived, new = plural(done.archived, "article"), len(done.new)
    span = f"since {since}" if "-" in since else f"of the last {since}"
    before = f"{new:,} new, {len(done.matches) - new:,} known before"
    click.echo(f"{style(done.rule.id, bold=True)} matches {len(done.matches):,} of {archived} {span}: {before}.")


def _print(match: Match) -> None:
    from bot.rights import headline
    from bot.text import clean, cut

    article, at = match.stored.article, match.stored.order_at
    title = headline(article.title, article.excerpt, derived=article.title_derived)
    told = f" → {', '.join(match.told)}" if match.told else ""
    click.echo(f"{at:%Y-%m-%d}  {cut(clean(title), 100)} · {article.source}{told}")


def _row(match: Match) -> dict[str, object]:
    from bot.rights import headline

    stored, article = match.stored, match.stored.article
    return {
        "article": stored.id,
        "story": stored.story,
        "headline": headline(article.title, article.excerpt, derived=article.title_derived),
        "source": article.source,
        "known": match.known,
        "told": match.told,
    }
