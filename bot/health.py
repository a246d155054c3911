"""``doctor``'s questions: is everything set up, and if not, what is the remedy?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from . import expected, heartbeat, moves, surroundings, watched
from .alerts import expect
from .deliver.report import Finding
from .model.words import plural
from .reload import reload_rules
from .store import doubts, heartbeats, newest_time, outbox, sources, version, vitals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .desk import Desk
    from .model import DeliveryState
    from .store.heartbeats import Heartbeat


# What doctor tells of second copies is of so many days.
DUPLICATES_FOR = timedelta(days=30)
_FATES = {"found": "being removed", "left": "still there", "marked": "marked as such", "removed": "removed"}


async def check_up(desk: Desk, *, send: bool = False) -> tuple[Finding, ...]:
    """Ask everything.

    ``send`` also sends a test message to every destination, and removes it again where that is possible.
    """
    found = [_config(desk), *_unset(desk), await _rules(desk)]
    found += await desk.call(_database, desk)
    found += await desk.call(_sources, desk)
    found += await desk.call(_volumes, desk)
    found += await desk.call(_queue, desk)
    found += await desk.call(_duplicates, desk)
    return (*found, *await check_destinations(desk, send=send))


def _config(desk: Desk) -> Finding:
    config = desk.config
    if config.path is None:
        return Finding(
            name="configuration",
            state="warn",
            detail="no config.toml: the embedded defaults are used",
            remedy="presswatch init writes one to edit",
        )
    return Finding(name="configuration", state="ok", detail=str(config.path))


def _unset(desk: Desk) -> list[Finding]:
    """Variables that the configuration names for secrets and that nobody has set."""
    remedy = "set it where Presswatch runs, for a service in its unit (docs/operations.md), or take its name out"
    return [Finding(name="secrets", state="fail", detail=sentence, remedy=remedy) for sentence in desk.config.unset]


async def _rules(desk: Desk) -> Finding:
    await reload_rules(desk)
    live = desk.rules()
    count = len(live.ruleset.rules)
    if live.faults:
        return Finding(
            name="rules",
            state="fail",
            detail=f"{count} in force, {len(live.faults)} mistakes in {desk.config.rules_dir}",
            remedy="presswatch rules check names each with line and remedy",
        )
    if not count:
        remedy = "put rule files there, or name another folder with rules = …"
        return Finding(name="rules", state="fail", detail=f"none in {desk.config.rules_dir}", remedy=remedy)
    return Finding(name="rules", state="ok", detail=f"{count} in force, from {desk.config.rules_dir}")


def _database(desk: Desk) -> list[Finding]:
    """The database and the disk it lies on, and the clock against what it holds."""
    # Opening the desk has opened and upgraded it; what is wrong with it would have stopped us there.
    found, behind = version(desk.store), vitals(desk.store)
    with desk.store.read() as tx:
        newest, last = newest_time(tx), heartbeats.last(tx)
    place = desk.store.place.removeprefix("The database ")
    return [
        *surroundings.database(found, behind, place),
        *surroundings.disks(desk.config.data_dir, behind.path),
        surroundings.clock(desk.now(), newest),
        surroundings.time_zones(surroundings.known_zones()),
        *_service(last, desk.now()),
    ]


def _service(last: Heartbeat | None, now: datetime) -> list[Finding]:
    """Whether the service knocks, as far as it has ever run here."""
    if last is None:
        return []
    seen = f"last sign of life {last.at:%Y-%m-%d %H:%M} UTC, on {heartbeat.host(last)}"
    if heartbeat.is_silent(last, now):
        remedy = "see in its log why, and start it again: systemctl restart presswatch"
        return [Finding(name="service", state="fail", detail=f"silent: {seen}", remedy=remedy)]
    if last.ended or now - last.at >= heartbeat.FORGOTTEN:
        return [Finding(name="service", state="ok", detail=f"not running: {seen}")]
    return [Finding(name="service", state="ok", detail=f"running: {seen}")]


def _sources(desk: Desk) -> list[Finding]:
    with desk.store.read() as tx:
        states = [state for state in sources.states(tx) if state.state != "removed"]
    order = {source.id: place for place, source in enumerate(desk.config.sources)}
    states.sort(key=lambda state: order.get(state.id, len(order)))
    return [watched.source(state, desk.now(), moves.move(desk.config.path, state)) for state in states]


def _volumes(desk: Desk) -> list[Finding]:
    """Rules that bring fewer or more stories than they are expected to; one line for all that do as they should."""
    with desk.store.read() as tx:
        standings = expected.standings(tx, desk.rules().ruleset.rules.values(), desk.now())
    off = [standing for standing in standings if standing.verdict in {"low", "high"}]
    found = [
        Finding(
            name=f"volume of {standing.rule}",
            state="warn",
            detail=f"{expect.sentence(standing)} – {expect.cause(standing)}",
            remedy=f"presswatch volume {standing.rule}",
        )
        for standing in off
    ]
    well = sum(standing.verdict == "well" for standing in standings)
    if well:
        detail = f"{plural(well, 'rule')} as expected"
        found.append(Finding(name="volume", state="ok", detail=detail))
    return found


def _queue(desk: Desk) -> list[Finding]:
    configured = {destination.id for destination in desk.config.destinations}
    with desk.store.read() as tx:
        counts, held = outbox.counts(tx), outbox.held(tx)
    found = [_held(destination, reason) for destination, reason in held.items() if destination in configured]
    found += [
        _left(destination, number) for destination, number in _open(counts).items() if destination not in configured
    ]
    dead = sum(number for (_, state), number in counts.items() if state == "dead")
    if dead:
        remedy = "presswatch alerts and presswatch digest list them with the reason"
        detail = f"{dead} messages could not be delivered"
        found.append(Finding(name="queue", state="fail", detail=detail, remedy=remedy))
    waiting = sum(number for destination, number in _open(counts).items() if destination in configured)
    return found or [Finding(name="queue", state="ok", detail=f"{waiting} waiting" if waiting else "empty")]


def _duplicates(desk: Desk) -> list[Finding]:
    """Second copies of messages in the last month; none, where there were none."""
    with desk.store.read() as tx:
        tallies = doubts.tally(tx, desk.now() - DUPLICATES_FOR)
    found = []
    for destination in sorted({each.destination for each in tallies}):
        numbers = {each.fate: each.number for each in tallies if each.destination == destination}
        stays = [each for each in tallies if each.destination == destination and each.fate in ("left", "found")]
        says = [f"{number} {_FATES[fate]}" for fate, number in numbers.items()]
        why = "".join(f" – {each.reason}" for each in stays if each.reason)
        found.append(
            Finding(
                name=f"duplicates in {destination}",
                state="warn" if "left" in numbers else "ok",
                detail=f"in the last 30 days {', '.join(says)}{why}",
                remedy="remove the later message by hand; every alert is there" if "left" in numbers else "",
            )
        )
    return found


def _open(counts: Mapping[tuple[str, DeliveryState], int]) -> Counter[str]:
    """Messages that are neither sent nor given up, by destination."""
    found: Counter[str] = Counter()
    for (destination, state), number in counts.items():
        if state not in ("sent", "dead"):
            found[destination] += number
    return found


def _held(destination: str, reason: str) -> Finding:
    remedy = "nothing is lost: once that is mended, presswatch run sends it"
    return Finding(name=f"queue of {destination}", state="fail", detail=f"held: {reason}", remedy=remedy)


def _left(destination: str, number: int) -> Finding:
    detail = f"{number} messages are kept for a destination that is not in the configuration"
    remedy = "configure it again under the same id, and they are sent"
    return Finding(name=f"queue of {destination}", state="warn", detail=detail, remedy=remedy)


async def check_destinations(desk: Desk, *, send: bool = False) -> list[Finding]:
    """What each destination's sender finds; what is true of them all (a token) is said once."""
    found: list[Finding] = []
    for destination in desk.config.destinations:
        sender, before = desk.senders[destination.kind], desk.now()
        checked = await sender.check(destination)
        found += checked
        found += [surroundings.drift(each.told_at, before, desk.now()) for each in checked if each.told_at]
        if send:
            found.append(await sender.try_out(destination))
    return list(dict.fromkeys(found))
