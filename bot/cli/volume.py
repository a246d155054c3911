"""``presswatch volume``: how many stories a theme, an entity or a rule has, beside what is usual for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, hint, pass_settings, print_json, say, style
from .layout import paragraph, print_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.alerts.expect import Standing
    from bot.model.volume import Outlook, Subject, Usual
    from bot.store import Tx

KINDS = ("theme", "entity", "rule")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BAR = 28
"""Cells of a bar."""

EPILOG = """\b
Examples
  presswatch volume                    all themes, and the rules that have an expect
  presswatch volume us-china-trade     a theme, day by day
  presswatch volume huawei --days 28   an entity
  presswatch volume tariffs --kind rule

Counted are stories: what forty outlets carry is one. In a bar, dark is what there was, light what would be normal.

Exit code 1: a rule has fewer or more stories than its expect says.
"""


@click.command("volume", epilog=EPILOG)
@click.argument("name", metavar="[THEME|ENTITY|RULE]", required=False, shell_complete=complete.rule_ids)
@click.option("--kind", type=click.Choice(KINDS), help="Only this kind, where several have the same id.")
@click.option("--days", type=click.IntRange(1, 90), default=7, show_default=True, metavar="N", help="Days to show.")
@common_options
@pass_settings
def command(settings: Settings, name: str | None, kind: str | None, days: int) -> int:
    """Show how many stories there are, beside what is normal on such a weekday at such an hour."""
    from bot.app import database_exists, now, open_store
    from bot.expected import standings
    from bot.outlook import outlook

    chosen = _chosen(settings, name, kind)
    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once polls everything that is due.")
        return 0
    rules = settings.rules.ruleset.rules
    wanted = {id_ for subject in chosen for id_ in subject.rules if subject.kind == "rule"}
    with open_store(settings.config) as store, store.read() as tx:
        found = {each.rule: each for each in standings(tx, (rules[id_] for id_ in sorted(wanted)), now())}
        looks = [outlook(tx, subject, now(), days=days if name else 0) for subject in chosen]
        waiting = _waiting(tx)
    if settings.as_json:
        _print_rows(looks, found)
    else:
        _print(looks, found, alone=name is not None)
        _print_waiting(waiting)
    return 1 if any(each.verdict in {"low", "high"} for each in found.values()) else 0


def _chosen(settings: Settings, name: str | None, kind: str | None) -> list[Subject]:
    """The subjects asked for; without a name all themes, and the rules whose volume somebody has set."""
    from bot.alerts.counting import subjects

    ruleset = settings.rules.ruleset
    known = [each for each in subjects(ruleset).values() if kind in {None, each.kind}]
    if name is None:
        listed = [each for each in known if each.kind != "rule" or ruleset.rules[each.id].expect]
        listed = [each for each in listed if each.kind != "entity" or kind == "entity"]
        return sorted(listed, key=lambda each: (KINDS.index(each.kind), each.id))
    named = sorted((each for each in known if each.id == name), key=lambda each: KINDS.index(each.kind))
    if not named:
        raise click.UsageError(_unknown(name, [each.id for each in known]))
    if len(named) > 1 and not settings.as_json:
        others = " and ".join(each.kind for each in named[1:])
        hint(f'"{name}" is also the id of a{"n" if others.startswith("e") else ""} {others}: --kind shows it.')
    return named[:1]


def _unknown(name: str, ids: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, ids, n=1)
    known = f'did you mean "{close[0]}"?' if close else "presswatch volume names the themes, rules list the rules"
    return f'there is no theme, entity or rule "{name}": {known}'


def _waiting(tx: Tx) -> int:
    """How many mentions are not counted yet."""
    from bot.store import volume

    newest = volume.newest(tx)
    return newest - (volume.counted(tx) or 0)


def _print_waiting(waiting: int) -> None:
    if waiting > 0:
        hint(f"Not counted yet: {plural(waiting, 'mention')} at most. presswatch run counts them.")


# ── for scripts ──────────────────────────────────────────────────────────────────────────────────


def _print_rows(looks: Iterable[Outlook], found: dict[str, Standing]) -> None:
    from bot.alerts.expect import cause

    for look in looks:
        standing = found.get(look.subject.id) if look.subject.kind == "rule" else None
        print_json(
            {
                "kind": look.subject.kind,
                "subject": look.subject.id,
                "title": look.subject.title,
                "hour": _usual(look.hour),
                "day": _usual(look.day),
                "days": [_usual(day) for day in look.days],
                "baseline": {"days": look.day.days, "filled": look.day.filled},
                "expect": None if standing is None else str(standing.contract),
                "verdict": None if standing is None else standing.verdict,
                "cause": cause(standing) if standing and standing.verdict in {"low", "high"} else None,
                "spikes": [{"at": spike.at, "stories": spike.stories, "high": spike.high} for spike in look.spikes],
            }
        )


def _usual(one: Usual) -> dict[str, object]:
    normal = {"low": one.low, "high": one.high} if one.filled else {"low": None, "high": None}
    return {"until": one.end, "stories": one.stories, **normal, "unusual": one.unusual}


# ── for people ───────────────────────────────────────────────────────────────────────────────────


def _print(looks: Sequence[Outlook], found: dict[str, Standing], *, alone: bool) -> None:
    if not looks:
        click.echo("No theme yet, and no rule with an expect: name a rule or an entity.")
    elif alone:
        _print_days(looks[0])
    else:
        head = ("subject", "kind", "this hour", "normal", "last 24 h", "normal")
        print_table(head, [_row(look) for look in looks])
    for standing in found.values():
        _print_standing(standing)
    unfilled = [look for look in looks if not look.day.filled]
    if unfilled:
        most = max(look.day.days for look in unfilled)
        who = "The baseline is" if alone else f"{plural(len(unfilled), 'baseline')} of {len(looks)} are"
        say("–", f"{who} not filled yet ({_days(most)}): until then nothing is called unusual.", fg="yellow")


def _days(days: int) -> str:
    from bot.alerts.volume import FULL_DAYS

    return f"{min(days, FULL_DAYS)} of {FULL_DAYS} days"


def _row(look: Outlook) -> tuple[str, ...]:
    hour, day = look.hour, look.day
    return (
        look.subject.id,
        look.subject.kind,
        _count(hour),
        _range(hour),
        _count(day),
        _range(day),
    )


def _count(one: Usual) -> str:
    return f"{one.stories:,}".rjust(5) + ("!" if one.unusual else "")


def _range(one: Usual) -> str:
    return f"{one.low:,}–{one.high:,}" if one.filled else "–"


def _print_days(look: Outlook) -> None:
    subject = look.subject
    click.echo(f"{style(subject.title, bold=True)} ({subject.kind} {subject.id})")
    windows = [("this hour", look.hour), ("last 24 h", look.day)]
    windows += [(f"{WEEKDAYS[_began(day).weekday()]} {_began(day):%Y-%m-%d}", day) for day in look.days]
    most = max([1, *(max(one.stories, one.high if one.filled else 0) for _, one in windows[1:])])
    rows = [(label, _count(one), _range(one), "" if one is look.hour else _bar(one, most)) for label, one in windows]
    print_table(("UTC", "stories", "normal", ""), rows)
    for spike in look.spikes:
        normal = f"{spike.low:,} to {spike.high:,} are normal"
        say("!", f"told {spike.at:%Y-%m-%d %H:%M} UTC: {plural(spike.stories, 'story')}, where {normal}", fg="yellow")


def _began(day: Usual) -> datetime:
    from datetime import timedelta

    return day.end - timedelta(hours=day.hours)


def _bar(one: Usual, most: int) -> str:
    """Dark for what there was, light up to what would be normal."""
    had = round(BAR * one.stories / most)
    normal = round(BAR * one.high / most) if one.filled else 0
    return "█" * had + "░" * max(0, normal - had)


def _print_standing(standing: Standing) -> None:
    from bot.alerts.expect import cause, sentence

    if standing.verdict in {"low", "high"}:
        say("!", f"{standing.rule}: {sentence(standing)}", fg="yellow")
        paragraph(cause(standing))
    elif standing.verdict == "well":
        say("✓", f"{standing.rule}: {sentence(standing)}", fg="green")
    else:
        reason = (
            "it has not been in force for one yet" if standing.verdict == "young" else "the bot was off for some of it"
        )
        say("–", f"{standing.rule}: expected {standing.contract}; {reason}", fg="yellow")
