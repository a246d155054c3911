"""``presswatch alerts resend``: the newest alerts once more, so that a new channel shows something real at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, pass_settings, print_json, say

if TYPE_CHECKING:
    from bot.model import Destination
    from bot.resend import Resent

STATES = {
    "sent": "sent",
    "pending": "waiting",
    "sending": "being sent",
    "unknown": "sent or not: being looked up",
    "held": "held",
    "dead": "could not be delivered",
    None: "not queued",
}
NOTHING = (
    "No alerts yet, so there is nothing to send again: presswatch alerts --baseline lists what matched in first "
    "polls, and presswatch run --once --backfill 5 alerts the newest five of each first poll."
)


@click.command(
    "resend",
    short_help="Send the newest ones to one destination, now.",
    epilog="Exit code 1: a message still waits or could not be delivered.",
)
@click.option(
    "--last", type=click.IntRange(1, 100), default=3, show_default=True, metavar="N", help="How many stories."
)
@click.option(
    "--to",
    "wanted",
    required=True,
    metavar="NAME",
    shell_complete=complete.destination_ids,
    help="The destination, by its id in the configuration.",
)
@common_options
@pass_settings
def resend(settings: Settings, last: int, wanted: str) -> int:
    """Send the newest stories that were alerted anywhere to one destination, now.

    What a new channel needs to show something real at once. A story the destination has not heard of becomes its
    alert there; one that it has is posted again, as a message of its own. Each says that it was sent on request.
    """
    destination = destination_named(settings, wanted)
    done = asyncio.run(_resend(settings, destination, last))
    if settings.as_json:
        _print_rows(done)
    else:
        _print(done, destination.id)
    return 1 if any(each.state != "sent" for each in done) else 0


def destination_named(settings: Settings, wanted: str) -> Destination:
    """The destination of that id, if alerts can go there. Raises click.UsageError."""
    from bot.resend import KINDS
    from bot.tomlfile import did_you_mean

    able = {each.id: each for each in settings.config.destinations if each.kind in KINDS}
    if wanted in able:
        return able[wanted]
    if any(each.id == wanted for each in settings.config.destinations):
        raise click.UsageError(f'"{wanted}" takes digests, not alerts: name one of {", ".join(able)}')
    remedy = did_you_mean(wanted, sorted(able)) or f"the configuration has {', '.join(able) or 'none'}"
    raise click.UsageError(f'there is no destination "{wanted}": {remedy}')


async def _resend(settings: Settings, destination: Destination, last: int) -> tuple[Resent, ...]:
    from bot.app import open_desk
    from bot.resend import resend as send_again

    from .run import console

    async with open_desk(settings.config, console=console(settings), verbose=settings.verbose) as desk:
        return await send_again(desk, destination, last)


def _print_rows(done: tuple[Resent, ...]) -> None:
    keys = ("story", "alert", "headline", "first", "state", "error")
    for each in done:
        print_json({"resent": {key: getattr(each, key) for key in keys}})


def _print(done: tuple[Resent, ...], name: str) -> None:
    """A line for each story, then each trouble once."""
    from bot.text import cut

    if not done:
        click.echo(NOTHING)
        return
    for each in done:
        mark, colour = ("✓", "green") if each.state == "sent" else ("!", "yellow")
        how = "new here" if each.first else "told here before"
        say(mark, f"{cut(each.headline, 100)} · {how}: {STATES[each.state]}", fg=colour)
    waiting = [each for each in done if each.state not in ("sent", "dead")]
    for error in dict.fromkeys(each.error for each in done if each.state != "sent" and each.error):
        click.echo(f"    → {error}")
    click.echo(f"{plural(sum(each.state == 'sent' for each in done), 'message')} sent to {name}." + _rest(waiting))


def _rest(waiting: list[Resent]) -> str:
    return f" {plural(len(waiting), 'message')} kept: the next presswatch run sends what waits." if waiting else ""
