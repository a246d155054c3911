"""What is remarked upon with judgement: said where it helps, and not where it would be noise."""

from collections import Counter
from datetime import date

import pytest

from bot.impact import Cost, Survey
from bot.judging import remarks
from bot.rules import load

TODAY = date(2026, 6, 1)
NAMES = """
[[entity]]
id = "past"
name = "P"
kind = "person"
aliases = [{ text = "Minister P", until = 2024-01-31 }, { text = "Secretary P", until = 2025-01-20 }]

[[entity]]
id = "office"
name = "O"
kind = "office"
aliases = [{ text = "Minister Q", until = 2024-01-31 }, { text = "Minister R", from = 2024-02-01 }]

[[entity]]
id = "later"
name = "L"
kind = "person"
aliases = [{ text = "Minister S", until = 2026-06-01 }]

[[entity]]
id = "bureau"
name = "B"
kind = "organization"
aliases = ["Bureau of B", "BIS", { text = "BOB", with = ["trade"] }]
"""


def ruleset(text):
    loaded = load({"r.toml": text})
    assert loaded.faults == ()
    return loaded.ruleset


def said(body, survey=None):
    rules = ruleset(f'[[rule]]\nid = "r"\n{body}\n{NAMES}')
    return [str(fault) for fault in remarks(rules, survey or Survey(costs=(), impacts=()), TODAY)]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('any = ["CET"]', "rule r: CET alone is enough, and so few capitals stand for many things – ask for a second term"),
        ('any = ["C.E.T."]', "C.E.T. alone is enough"),
        ('any = ["tariff", "CET"]\nnone = ["tea"]', "CET alone is enough"),
        ('any = ["@bureau"]', "BIS (of @bureau) alone is enough, and so few capitals stand for many things – give the alias a with"),
        ('any = ["@past"]', "@past finds nothing in articles after 2025-01-20"),
        ('all = ["tariff", "@past"]', "name who holds the office now"),
    ],
)  # fmt: skip
def test_what_is_remarked_upon(body, message):
    (only,) = said(body)
    assert message in only


@pytest.mark.parametrize(
    "body",
    [
        'any = ["/section - 301/", "Größe", "=華為", "export–ban"]',
        'any = ["WTO", "US", "NATO", "cet"]',
        'any = ["CET"]\nall = ["trade"]',
        "query = 'CET NEAR/5 trade'",
        'any = ["@office", "@later"]',
        'any = ["tariff"]\nnone = ["CET"]',
    ],
)
def test_what_is_left_alone(body):
    assert said(body) == []


def cost(rule, hits, archived=1000):
    return Cost(rule=rule, anchor=(), wildcards=0, regexes=0, archived=archived, hits=hits)


def about(costs, **more):
    text = "".join(f'[[rule]]\nid = "{one.rule}"\nany = ["x1"]\n' for one in costs)
    return [fault.message for fault in remarks(ruleset(text), Survey(costs=tuple(costs), impacts=(), **more), TODAY)]


def test_a_rule_that_never_fired_is_told_once_there_is_enough_to_judge_by():
    assert about([cost("a", 5), cost("b", 0)], silent=("b",)) == [
        "rule b: matches none of 1,000 archived articles, and never did"
    ]
    assert about([cost("a", 5, 50), cost("b", 0, 50)], silent=("b",)) == []


def test_a_rule_that_has_hardly_an_article_of_its_own_is_told_with_the_other():
    costs = [cost("wide", 60), cost("narrow", 20), cost("few", 5), cost("own", 20)]
    shared = Counter({("narrow", "wide"): 18, ("few", "wide"): 5, ("own", "wide"): 17, ("few", "narrow"): 5})
    assert about(costs, together=shared) == ["rule narrow: 18 of its 20 archived articles are those of rule wide too"]


def test_of_two_rules_that_say_the_same_one_is_told():
    costs = [cost("a", 30), cost("b", 30)]
    assert about(costs, together={("a", "b"): 30}) == ["rule a: 30 of its 30 archived articles are those of rule b too"]
