"""``presswatch doctor``: is everything set up?"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, common_options, pass_settings, print_json, say, style

if TYPE_CHECKING:
    from bot.deliver.report import Finding

MARKS = {"ok": ("✓", "green"), "warn": ("–", "yellow"), "fail": ("✗", "red")}


@click.command("doctor", epilog="Exit code 1: a check did not pass.")
@click.option(
    "--send",
    is_flag=True,
    help="Also try it: a test message to every channel, removed again where that is possible, and a test mail.",
)
@common_options
@pass_settings
def command(settings: Settings, send: bool) -> int:
    """Check configuration, rules, database, disk, clock, sources, queue, Slack and mail; each with its remedy."""
    checks = asyncio.run(_checks(settings, send))
    for check in checks:
        if settings.as_json:
            print_json({key: getattr(check, key) for key in ("name", "state", "detail", "remedy")})
        else:
            _print(check)
    failed, remarks = (sum(check.state == state for check in checks) for state in ("fail", "warn"))
    if not settings.as_json:
        click.echo(_verdict(failed, remarks))
    return 1 if failed else 0


def _verdict(failed: int, remarks: int) -> str:
    if failed:
        return style(f"{plural(failed, 'check')} failed", fg="red")
    return style(f"No failures, {plural(remarks, 'remark')}." if remarks else "All good.", fg="green")


async def _checks(settings: Settings, send: bool) -> tuple[Finding, ...]:
    from bot.app import open_desk
    from bot.health import check_up

    async with open_desk(settings.config, verbose=settings.verbose) as desk:
        return await check_up(desk, send=send)


def _print(check: Finding) -> None:
    mark, colour = MARKS[check.state]
    say(mark, f"{check.name}: {check.detail}", fg=colour)
    if check.remedy:
        say("→", check.remedy, indent=4)
