"""Routing: the rule's own wish, then the first fitting route, then the defaults."""

import pytest

from bot.alerts.routes import routed
from bot.model import AnyOf, Destination, Route, Rule

DESTINATIONS = (
    Destination(id="desk", kind="slack", target="C1"),
    Destination(id="chips", kind="slack", target="C2", default=False),
    Destination(id="pager", kind="slack", target="C3", default=False),
    Destination(id="screen", kind="console"),
)


def rule(**changes):
    return Rule(**{"id": "tariffs", "title": "Tariffs", "expr": AnyOf(()), "theme": "trade", **changes})


@pytest.mark.parametrize(
    ("the_rule", "routes", "expected"),
    [
        pytest.param(rule(), (), ("desk", "screen"), id="defaults"),
        pytest.param(rule(notify=("chips",)), (), ("chips",), id="own wish"),
        pytest.param(rule(notify=("chips",)), (Route(notify=("pager",)),), ("chips",), id="own wish beats routes"),
        pytest.param(rule(notify=("chips", "chips")), (), ("chips",), id="no repeats"),
        pytest.param(rule(notify=("gone", "chips")), (), ("chips",), id="unknown names are left out"),
        pytest.param(rule(), (Route(notify=("chips",), theme="trade"),), ("chips",), id="by theme"),
        pytest.param(rule(), (Route(notify=("chips",), theme="farming"),), ("desk", "screen"), id="other theme"),
        pytest.param(rule(), (Route(notify=("chips",), rule="tariffs"),), ("chips",), id="by rule"),
        pytest.param(rule(severity="high"), (Route(notify=("pager",), severity="high"),), ("pager",), id="by severity"),
        pytest.param(
            rule(severity="high"),
            (Route(notify=("pager",), severity="high", theme="farming"),),
            ("desk", "screen"),
            id="every condition must hold",
        ),
        pytest.param(rule(), (Route(notify=("chips",)), Route(notify=("pager",))), ("chips",), id="first wins"),
        pytest.param(
            rule(),
            (Route(notify=("chips",), go_on=True), Route(notify=("pager", "chips"))),
            ("chips", "pager"),
            id="go on",
        ),
        pytest.param(rule(), (Route(notify=("chips",), go_on=True),), ("chips",), id="go on, and nothing follows"),
    ],
)
def test_who_hears_of_a_rule(the_rule, routes, expected):
    assert routed(the_rule, DESTINATIONS, routes) == expected


def test_without_a_default_nobody_hears():
    assert routed(rule(), [d for d in DESTINATIONS if not d.default], ()) == ()
