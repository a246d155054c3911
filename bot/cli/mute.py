"""``presswatch mute``: no alerts of a rule, theme, entity, source or story for a while."""

from __future__ import annotations

import getpass
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, get_args

import click

from bot.model.mutes import MuteKind
from bot.model.words import joined

from . import complete
from .common import Settings, common_options, hint, pass_settings, print_json, style
from .layout import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.model import Mute
    from bot.store import Tx

KINDS: tuple[MuteKind, ...] = get_args(MuteKind)
LONGEST = timedelta(days=366)


@click.group("mute")
def command() -> None:
    """Keep alerts quiet for a while: always with an end and a comment.

    What is muted is matched, stored and listed in the digest as before; only alerts and replies stay away, and explain
    says which mute kept them.
    """


@command.command("add")
@click.option("--rule", metavar="ID", shell_complete=complete.rule_ids, help="What this rule matches.")
@click.option("--theme", metavar="ID", help="What the rules of this theme match.")
@click.option("--entity", metavar="ID", help="What is found by an alias of this entity.")
@click.option("--source", metavar="ID", shell_complete=complete.source_ids, help="What this source brings.")
@click.option("--story", metavar="NUMBER", type=click.IntRange(1), help="What this story brings from now on.")
@click.option("--to", "destination", metavar="NAME", shell_complete=complete.destination_ids, help="Only there.")
@click.option("--for", "length", metavar="TIME", required=True, help='How long: "2d", "12h", "90m".')
@click.option("--comment", metavar="TEXT", required=True, help="Why, for those who wonder.")
@click.option("--author", metavar="NAME", help="Who; without it, who is logged in.")
@common_options
@pass_settings
def add(
    settings: Settings,
    /,
    length: str,
    comment: str,
    author: str | None,
    destination: str | None,
    **named: object,
) -> None:
    """Mute one rule, theme, entity, source or story.

    \b
      presswatch mute add --rule huawei --for 2d --comment "earnings week"
      presswatch mute add --story 17 --to trade-alerts --for 12h --comment "enough of it"
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    from bot.app import now, open_store
    from bot.store import mutes

    kind, value = _one(named)
    at, span = now(), _length(length)
    if not comment.strip():
        raise click.BadParameter("say why, for those who wonder", param_hint="--comment")
    _must_be_known(settings, kind, value, destination)
    with open_store(settings.config) as store, store.write() as tx:
        _story_must_exist(tx, kind, value)
        made = mutes.add(
            tx,
            kind=kind,
            value=value,
            author=author or getpass.getuser(),
            comment=" ".join(comment.split()),
            at=at,
            expires_at=at + span,
            destination=destination,
        )
    _show(settings, made, at)


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that have ended, too.")
@common_options
@pass_settings
def list_(settings: Settings, everything: bool) -> None:
    """List the mutes in force, newest first."""
    from bot.app import database_exists, now, open_store
    from bot.store import mutes

    at = now()
    found: list[Mute] = []
    if database_exists(settings.config):
        with open_store(settings.config) as store, store.read() as tx:
            found = mutes.recent(tx)
    shown = [mute for mute in found if everything or mute.in_force(at)]
    for mute in shown:
        _show(settings, mute, at)
    if not shown and not settings.as_json:
        click.echo("Nothing is muted.")


@command.command("end", epilog="Exit code 1: it had ended before.")
@click.argument("number", type=click.IntRange(1))
@common_options
@pass_settings
def end(settings: Settings, number: int) -> int:
    """End a mute before its time. NUMBER is what list shows."""
    from bot.app import now, open_store
    from bot.store import mutes

    at = now()
    with open_store(settings.config) as store, store.write() as tx:
        before = mutes.get(tx, number)
        if before is None:
            raise click.UsageError(f"there is no mute {number}: presswatch mute list --all names them all")
        after = mutes.end(tx, number, at)
    _show(settings, after or before, at)
    if before.in_force(at):
        return 0
    hint("It had ended before.")
    return 1


# ── what is asked for ────────────────────────────────────────────────────────────────────────────


def _one(named: Mapping[str, object]) -> tuple[MuteKind, str]:
    """What is to be muted. Raises UsageError unless it is exactly one thing."""
    given = [(kind, str(named[kind])) for kind in KINDS if named[kind] is not None]
    if len(given) != 1:
        raise click.UsageError(f"name one thing to mute: {', '.join(f'--{kind}' for kind in KINDS)}")
    return given[0]


def _length(text: str) -> timedelta:
    from bot.tomlfile.durations import seconds
    from bot.tomlfile.models import Mistake

    try:
        length = timedelta(seconds=seconds(text))
    except (Mistake, ValueError, OverflowError):
        length = timedelta(0)
    if not timedelta(0) < length <= LONGEST:
        message = f'"{text}" is no time to mute for: write a length such as "2d", "12h" or "90m", a year at most'
        raise click.BadParameter(message, param_hint="--for")
    return length


def _must_be_known(settings: Settings, kind: MuteKind, value: str, destination: str | None) -> None:
    """Whether rules and configuration have it: a mistyped mute would be no mute."""
    config = settings.config
    known: dict[str, Iterable[str]] = {"source": [each.id for each in config.sources]}
    if kind in ("rule", "theme", "entity"):
        ruleset = settings.rules.ruleset
        known |= {"rule": ruleset.rules, "entity": ruleset.entities}
        known["theme"] = {rule.theme for rule in ruleset.rules.values() if rule.theme}
    if kind in known:
        _known(kind, value, sorted(known[kind]))
    if destination is not None:
        _known("to", destination, [each.id for each in config.alerting])


def _known(option: str, value: str, known: Sequence[str]) -> None:
    from bot.tomlfile import did_you_mean

    if value not in known:
        remedy = did_you_mean(value, known) or f"known here: {joined(known, most=8) or 'none'}"
        what = "destination" if option == "to" else option
        raise click.BadParameter(f'there is no {what} "{value}": {remedy}', param_hint=f"--{option}")


def _story_must_exist(tx: Tx, kind: MuteKind, value: str) -> None:
    from bot.store import stories

    if kind == "story" and not stories.exists(tx, int(value)):
        raise click.BadParameter(f"there is no story {value}: presswatch stories lists them", param_hint="--story")


# ── what is shown ────────────────────────────────────────────────────────────────────────────────


def _show(settings: Settings, mute: Mute, at: datetime) -> None:
    if settings.as_json:
        print_json({**asdict(mute), "in_force": mute.in_force(at)})
        return
    where = f" to {mute.destination}" if mute.destination else ""
    ended = mute.ended_at or mute.expires_at
    until = f"until {mute.expires_at:%Y-%m-%d %H:%M} UTC" if mute.in_force(at) else f"ended {ended:%Y-%m-%d %H:%M} UTC"
    click.echo(style(f"mute {mute.id}: {mute.kind} {mute.value}{where}, {until}", bold=True))
    paragraph(f"{mute.author}: {mute.comment}")
