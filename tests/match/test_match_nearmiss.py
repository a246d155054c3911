"""What a rule missed by one thing, and that the change which is proposed would have caught it."""

import re
from datetime import UTC, datetime

import pytest
from makers import article

from bot.match import Matcher, NearMisses
from bot.rules import load

ENTITY = """
[[entity]]
id = "raimondo"
name = "Gina Raimondo"
kind = "person"
aliases = [
  "Gina Raimondo",
  { text = "Raimondo", with = ["commerce"], without = ["Marcantonio"], within = 5 },
  { text = "Commerce Secretary", until = 2025-01-20 },
]
"""


def rule(body):
    loaded = load({"f.toml": f'[[rule]]\nid = "a"\n{body}\n' + ENTITY})
    assert loaded.faults == ()
    return loaded.ruleset.rules["a"]


def misses(body, text, **more):
    return NearMisses([rule(body)]).of(article(text, **more))


@pytest.mark.parametrize(
    ("body", "text", "kind", "change"),
    [
        ('any = ["tariff"]\nnone = ["beer"]', "A tariff on beer.", "veto", "make beer a mask or not_near"),
        ("query = 'tariff AND NOT beer'", "A tariff on beer.", "veto", "NOT NEAR/5 in place of AND NOT"),
        ("query = 'tariff NEAR/2 steel'", "A tariff on pipes of steel.", "apart", "NEAR/3 in place of NEAR/2"),
        ("query = 'tariff ONEAR/2 steel'", "Steel has a tariff.", "order", "NEAR in place of ONEAR"),
        ("query = '3 OF (steel, tin, iron)'", "Steel and tin.", "few", "ask for 2 in place of 3"),
        ("query = 'ATLEAST/3 tariff'", "A tariff, a tariff.", "few", "ask for 2 in place of 3"),
        ('any = ["tariff"]\nmin_hits = 2', "A tariff.", "few", "ask for 1 in place of 2"),
        ('any = ["tariff"]\nmask = ["tariff act"]', "The Tariff Act.", "masked", "the mask over tariff narrower"),
        ('any = ["tariff"]\nwhere = "title"', "A tariff.", "field", "a wider where"),
        (
            'any = ["tariff"]\nnot_near = { term = "tariff", of = "beer", within = 3 }',
            "A tariff on beer.",
            "not near",
            'lower "within"',
        ),
        ("query = 'tariff NOT NEAR/3 beer'", "A tariff on beer.", "beside", "a smaller number"),
        ('any = ["@raimondo"]', "Raimondo spoke at length.", "context", 'to "with" of the alias Raimondo'),
        ('any = ["@raimondo"]', "Marcantonio Raimondo, commerce.", "without", 'out of "without"'),
        ('any = ["=Steel"]', "They sell steel.", "spelling", 'add "steel"'),
    ],
)
def test_one_thing_in_the_way_is_a_near_miss_with_its_change(body, text, kind, change):
    (miss,) = misses(body, text)
    assert miss.rule.id == "a"
    assert miss.kind == kind
    assert change in miss.change
    assert miss.reason


def test_an_office_past_its_term_is_one():
    (miss,) = misses('any = ["@raimondo"]', "The Commerce Secretary.", published_at=datetime(2025, 6, 1, tzinfo=UTC))
    assert (miss.kind, "until" in miss.change) == ("date", True)


@pytest.mark.parametrize("words", range(3, 8))
def test_the_distance_that_is_proposed_is_the_smallest_that_matches(words):
    text = "tariff" + " very" * words + " steel"
    (miss,) = misses("query = 'tariff NEAR/2 steel'", text)
    (number,) = re.findall(r"^NEAR/(\d+) ", miss.change)
    assert Matcher([rule(f"query = 'tariff NEAR/{number} steel'")]).match(article(text))
    assert not Matcher([rule(f"query = 'tariff NEAR/{int(number) - 1} steel'")]).match(article(text))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('any = ["tariff"]', "A tariff."),  # it matches
        ('any = ["tariff"]', "Calm."),
        ('all = ["tariff", "steel"]', "A tariff."),  # the other one is nowhere: no word to change would do
        ("query = 'tariff NEAR/2 steel'", "tariff" + " very" * 40 + " steel"),
        ("query = 'tariff NEAR/2 steel'", "A tariff.\n\nSteel."),
        ("query = 'ATLEAST/5 tariff'", "A tariff."),
        ('any = ["tariff"]\nnone = ["beer"]\nwhere = "title"', "A tariff on beer."),  # two things
        ('any = ["tariff"]\nsources = { tier = "official" }', "A tariff."),  # what a person chose is no accident
    ],
)
def test_what_matches_or_fails_by_more_is_none(body, text):
    assert misses(body, text) == []


def test_the_place_is_shown():
    (miss,) = misses("query = 'tariff NEAR/2 steel'", "All is calm. A tariff falls on pipes of steel. Good.")
    assert miss.sentence.text == "A tariff falls on pipes of steel."


def test_a_misspelling_names_the_words_that_no_term_finds():
    body = 'query = "=Steel AND tariff"'
    (miss,) = misses(body, "A tariff on steel.")
    assert (miss.change, miss.reason) == ('add "steel"', '"steel" stands there, which no term of the rule finds')
