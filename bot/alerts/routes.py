"""Who hears of a rule: the rule's own wish, else the configured routes, else the default destinations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Destination, Route, Rule


def routed(rule: Rule, destinations: Sequence[Destination], routes: Sequence[Route]) -> tuple[str, ...]:
    """Ids of the destinations that take this rule's alerts, without repeats, in the order they were named.

    ``rule.notify`` replaces routing. Otherwise the first route whose conditions all hold decides; a route
    with ``go_on`` adds its destinations and lets the next ones speak too. A rule that no route takes goes
    to every destination with ``default``. Names that no destination carries are left out here (the
    configuration and the rule check refuse them with file and line).
    """
    known = [destination.id for destination in destinations]
    wanted = rule.notify or _by_route(rule, routes) or tuple(d.id for d in destinations if d.default)
    return tuple(name for name in _once(wanted) if name in known)


def _by_route(rule: Rule, routes: Iterable[Route]) -> tuple[str, ...]:
    found: list[str] = []
    for route in routes:
        if not _takes(route, rule):
            continue
        found.extend(route.notify)
        if not route.go_on:
            break
    return tuple(found)


def _takes(route: Route, rule: Rule) -> bool:
    return (
        route.theme in (None, rule.theme) and route.rule in (None, rule.id) and route.severity in (None, rule.severity)
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
