"""Rules written as queries of Lucene, and what is refused by name."""

import pytest

from bot.match import forms
from bot.rules import load
from bot.rules.lucene import to_lucene

ENTITY = """
[[entity]]
id = "raimondo"
name = "Gina Raimondo"
kind = "person"
aliases = ["Gina Raimondo", { text = "Raimondo", with = ["commerce"], without = ["Marcantonio"], within = 30 }]

[[entity]]
id = "secretary"
name = "The secretary"
kind = "office"
aliases = [{ text = "Commerce Secretary", until = 2025-01-20 }]
"""


def as_typed(term):
    return (term.text,)


def exported(body, forms=as_typed):
    loaded = load({"f.toml": f'[[rule]]\nid = "a"\n{body}\n' + ENTITY})
    assert loaded.faults == ()
    return to_lucene(loaded.ruleset.rules["a"], forms)


WRITTEN = [
    ('any = ["goods", "出口"]', "(goods OR 出口)"),
    ('any = ["chip*"]', "chip*"),
    ('any = ["export contr*"]', "fn:phrase(export fn:wildcard(contr*))"),
    ('all = ["goods", "data"]', "(goods AND data)"),
    ('any = ["goods"]\nnone = ["data"]', "(goods AND (*:* NOT data))"),
    ('query = "title:goods"', "title:(goods)"),
    ('query = "goods AND source:wto"', '(goods AND source:"wto")'),
    ('query = "2 OF (goods, data, news)"', "(goods OR data OR news)@2"),
    ('query = "goods NEAR/5 data"', 'fn:maxgaps(5 fn:unorderedNoOverlaps("goods" "data"))'),
    ('query = "goods ONEAR/5 (data OR news)"', 'fn:maxgaps(5 fn:ordered("goods" fn:or("data" "news")))'),
    ('query = "goods NOT NEAR/5 data"', 'fn:notWithin("goods" 6 "data")'),
    ('any = ["goods"]\nwhere = "title"', "title:(goods)"),
    ('any = ["goods"]\nsources = { tier = ["official", "wire"] }', "(goods AND (tier:official OR tier:wire))"),
    ('any = ["goods"]\nmask = ["dry goods"]', 'fn:nonOverlapping("goods" fn:or("dry goods"))'),
    (
        'any = ["goods"]\nnot_near = { term = "goods", of = "sports", within = 2 }',
        'fn:notWithin("goods" 3 fn:or("sports"))',
    ),
    ('any = ["C++"]', "c\\+\\+"),
    (
        'any = ["@raimondo"]',
        (
            '("gina raimondo" OR fn:overlapping(fn:notWithin("raimondo" 31 fn:or("Marcantonio")) '
            'fn:extend(fn:or("commerce") 31 31)))'
        ),
    ),
]


@pytest.mark.parametrize(("body", "query"), WRITTEN)
def test_a_rule_is_written_in_lucene_s_syntax(body, query):
    result = exported(body)
    assert (result.query, result.refused) == (query, ())


def test_every_form_that_matches_is_written():
    assert exported('any = ["boeing"]', forms).query == "(boeing OR boeing's OR boeings)"
    assert exported('query = "pot NEAR/1 tin"', forms).query == (
        'fn:maxgaps(1 fn:unorderedNoOverlaps(fn:or("pot" "pot\'s" "pots") fn:or("tin" "tin\'s" "tins")))'
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('any = ["=Goods"]', "found as it is written"),
        ('any = ["/section 30[12]/"]', "regular expression"),
        ('any = ["goods"]\nmin_hits = 2', "min_hits = 2"),
        ('any = ["goods"]\nwhere = "lead"', "lead"),
        ('query = "lead:20:goods"', '"lead:20:"'),
        ('query = "ATLEAST/3 goods"', "does not count"),
        ('query = "goods IN SENTENCE WITH data"', "sentences"),
        ("query = 'goods AND url:\"/press/\"'", "url:"),
    ],
)
def test_what_lucene_cannot_say_is_refused_by_name(body, words):
    result = exported(body)
    assert result.query is None
    assert any(words in reason for reason in result.refused)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('any = ["BIS"]', '"BIS" is found in any case'),
        ('any = ["@secretary"]', "at any date"),
        ('query = "goods NEAR/5 data"', "across paragraphs"),
        ('any = ["goods"]\nsources = { lang = ["en"] }', "language is not known"),
        ('query = "2 OF (goods, data)"', "overlapping"),
    ],
)
def test_what_is_nearly_the_same_is_remarked(body, words):
    result = exported(body)
    assert result.query
    assert any(words in remark for remark in result.remarks)
