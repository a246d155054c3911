"""``presswatch explain --as-of``: an article as it stood at a moment of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.text import clean

from . import asof
from .common import Settings, print_json, style
from .explain import check_rule, row
from .explain_lines import moment, section
from .layout import paragraph

if TYPE_CHECKING:
    from bot.explain import InForce
    from bot.hindsight import Then, Way
    from bot.model import Destination, Mute


def explain_then(settings: Settings, wanted: str, only: str | None, as_of: str, *, every: bool) -> int:
    """The command with its option; the exit code."""
    from bot.app import now, open_store
    from bot.explain import find
    from bot.hindsight import in_force, then

    at = asof.end_of(as_of, now(), "--as-of")
    with open_store(settings.config) as store, store.read() as tx:
        ids = find(tx, wanted)
        rules = in_force(tx, at)
        found = [one for id_ in ids if (one := then(tx, id_, rules, at)) is not None]
        if only is not None and found:
            check_rule(only, rules, [one.dossier for one in found])
    if not found:
        return _not_seen(settings, wanted, known=bool(ids), at=moment(at))
    for number, one in enumerate(found):
        if settings.as_json:
            print_json({**row(one.dossier, rules, only, every=every), "refused": [], "as_of": _as_of(one, only)})
            continue
        if number:
            click.echo("")
        _print(one, rules, only, every=every)
    return 0


def _not_seen(settings: Settings, wanted: str, *, known: bool, at: str) -> int:
    if settings.as_json:
        print_json({"wanted": wanted, "host": None, "sources": [], "gaps": [], "refused": [], "known_later": known})
    elif known:
        paragraph(f"{clean(wanted)} had not been seen by {at}: without --as-of it is explained as it is now.", 0)
    else:
        paragraph(f"{clean(wanted)} was never seen: without --as-of the reasons are looked for.", 0)
    return 1


def _print(one: Then, rules: InForce, only: str | None, *, every: bool) -> None:
    from .explain_text import print_dossier

    click.echo(style(f"As it was at {moment(one.at)}", bold=True))
    for remark in one.missing:
        paragraph(remark)
    click.echo("")
    print_dossier(one.dossier, rules, only, every=every)
    ways = [way for way in one.ways if only in (None, way.rule)]
    if ways or one.alerts is False:
        section("Who was to be told then")
    if one.alerts is False:
        paragraph("nobody: the source had alerts = false")
    for way in ways:
        _way(way)


def _way(way: Way) -> None:
    if not way.destinations:
        paragraph(f"{way.rule}: no destination took it")
    for destination, mute in zip(way.destinations, way.muted, strict=True):
        kept = f"; kept off by {_mute(mute)}" if mute else ""
        paragraph(f"{way.rule} → {destination.id}{_habits(destination)}{kept}")


def _mute(mute: Mute) -> str:
    return f"mute {mute.id} ({mute.kind} {mute.value}, until {moment(mute.expires_at)}; {mute.author}: {mute.comment})"


def _habits(destination: Destination) -> str:
    """What made alerts wait there."""
    said = []
    if (quiet := destination.quiet) is not None:
        said.append(f"quiet {quiet.begin:%H:%M}–{quiet.end:%H:%M} {quiet.zone}")
    if destination.max_per_hour:
        said.append(f"at most {destination.max_per_hour} an hour")
    return f" ({', '.join(said)})" if said else ""


def _as_of(one: Then, only: str | None) -> dict[str, object]:
    return {
        "at": one.at,
        "missing": one.missing,
        "source_alerts": one.alerts,
        "ways": [_way_row(way) for way in one.ways if only in (None, way.rule)],
    }


def _way_row(way: Way) -> dict[str, object]:
    places = []
    for destination, mute in zip(way.destinations, way.muted, strict=True):
        quiet = destination.quiet
        places.append(
            {
                "destination": destination.id,
                "kind": destination.kind,
                "quiet": f"{quiet.begin:%H:%M}-{quiet.end:%H:%M} {quiet.zone}" if quiet else None,
                "max_per_hour": destination.max_per_hour,
                "mute": mute.id if mute else None,
            }
        )
    return {"rule": way.rule, "destinations": places}
