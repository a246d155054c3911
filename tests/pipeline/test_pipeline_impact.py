"""What the rules cost, and when a rule is a storm."""

import pytest

from bot.impact import Cost, costs, storms
from bot.rules import load

RULE = """
[[rule]]
id = "a"
any = ["alpha", "alph?", "/alpha [bc]/"]
all = ["$l"]
mask = ["alpha m*"]
not_near = { term = "alpha", of = "bet*", within = 3 }

[[terms]]
id = "l"
any = ["gamma ray burst", "alph?"]
"""


def cost(hits, archived):
    return Cost(rule="a", anchor=("alpha",), wildcards=0, regexes=0, archived=archived, hits=hits)


def ruleset():
    loaded = load({"f.toml": RULE})
    assert loaded.faults == ()
    return loaded.ruleset


def test_every_term_that_is_looked_for_is_counted_once():
    (one,) = costs(ruleset())
    assert (one.rule, one.wildcards, one.regexes) == ("a", 3, 1)
    assert set(one.anchor) == {"gamma ray burst", "alph?"}
    assert (one.archived, one.per_1000, one.storm) == (0, None, False)


@pytest.mark.parametrize(
    ("hits", "archived", "per_1000", "storm"),
    [
        (0, 1000, 0, False),
        (99, 1000, 99, False),
        (100, 1000, 100, True),
        (199, 199, 1000, False),
        (20, 200, 100, True),
        (0, 0, None, False),
    ],
)
def test_a_tenth_of_a_sizeable_archive_is_a_storm(hits, archived, per_1000, storm):
    one = cost(hits, archived)
    assert (one.per_1000, one.storm) == (per_1000, storm)
    assert len(storms([one], ruleset())) == storm


def test_a_storm_is_told_with_its_place_and_a_remedy():
    (fault,) = storms([cost(7600, 20_000)], ruleset())
    assert str(fault).startswith("f.toml:2:1: rule a: matches 38 % of the archive (7,600 of 20,000 articles) – ")
