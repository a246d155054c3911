"""What the presence of terms decides is what the judgement in full says, of whatever expression."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_match_oracle import LEAVES, article, rules, texts

from bot.match import Frequencies, Matcher
from bot.model import AllOf, AnyOf, AtLeast, CountOf, FarFrom, InField, Meta, Near, Not, NotNear, Rule, Term, Together

FACTS = [
    Meta("source", Term(text="s")),
    Meta("tier", Term(text="wire")),
    Meta("lang", Term(text="en")),
    Meta("author", Term(text="Huawei")),
    Meta("url", Term(text="/press/")),
]
GROUPS = LEAVES | st.lists(LEAVES, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
PLACES = (
    st.builds(Near, GROUPS, GROUPS, st.integers(0, 4), st.booleans())
    | st.builds(FarFrom, GROUPS, GROUPS, st.integers(0, 4))
    | st.builds(Together, GROUPS, GROUPS, st.sampled_from(["sentence", "paragraph"]))
    | st.builds(AtLeast, st.integers(1, 3), GROUPS)
    | st.builds(CountOf, st.integers(1, 3), st.lists(GROUPS, min_size=3, max_size=4).map(tuple))
)


def several(kind, parts):
    return st.lists(parts, min_size=1, max_size=3).map(lambda found: kind(tuple(found)))


EXPRESSIONS = st.recursive(
    GROUPS | PLACES | st.sampled_from(FACTS),
    lambda parts: (
        several(AllOf, parts)
        | several(AnyOf, parts)
        | parts.map(Not)
        | st.builds(InField, parts, st.sampled_from(["title", "body", "lead:3"]))
    ),
    max_leaves=6,
)


@st.composite
def queries(draw):
    one = draw(rules())
    return replace(one, expr=draw(EXPRESSIONS), mask=one.mask if draw(st.booleans()) else ())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(queries(), min_size=1, max_size=8), texts(most=5), texts(most=25), st.booleans())
@example([Rule(id="r", title="", expr=Not(Term(text="tin")))], "", "", False)
def test_presence_decides_as_the_judgement_in_full(drawn, title, body, known):
    one = replace(article(title, body), lang="en" if known else None, author="Huawei" if known else "")
    book = [replace(rule, id=f"r{number}") for number, rule in enumerate(drawn)]
    frequency = Frequencies([one]) if known else None
    matcher = Matcher(book, frequency)
    expected = [rule.id for rule in book if matcher.mention(rule, one) is not None]
    assert matcher.matching(one) == expected
    assert [mention.rule for mention in matcher.match(one)] == expected


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.builds(Near, GROUPS, GROUPS, st.integers(0, 6), st.booleans()), min_size=1, max_size=12), texts())
@example([Near(Term(text="tin opener"), Term(text="tin"), 1)], "tin, opener a tin; tin opener a b c d tin")
@example([Near(Term(text="tin"), Term(text="s"), 1)], "the tin's colour")
@example([Near(Term(text="tin"), Term(text="opener"), 1)], "tin opener " * 5)
def test_what_the_scan_tells_of_nearness_is_what_the_places_of_all_hits_say(nears, body):
    one = article("", body)
    book = [Rule(id=f"r{number:02}", title="", expr=near) for number, near in enumerate(nears)]
    matcher = Matcher(book)
    assert matcher.matching(one) == [rule.id for rule in book if matcher.mention(rule, one) is not None]


def test_a_rule_of_another_matcher_is_refused():
    mine, other = (Rule(id=id_, title="", expr=Term(text="tin")) for id_ in ("mine", "other"))
    with pytest.raises(KeyError):
        Matcher([mine]).mention(other, article("", "tin"))


def test_not_near_and_masks_are_doubts_only_where_they_occur():
    near = NotNear(term=(Term(text="tin"),), of=(Term(text="opener"),), within=2)
    book = [
        Rule(id="near", title="", expr=Term(text="tin"), not_near=(near,)),
        Rule(id="mask", title="", expr=Term(text="tin"), mask=(Term(text="tin opener"),)),
        Rule(id="none", title="", expr=AllOf((Term(text="tin"), Not(Term(text="opener"))))),
    ]
    matcher = Matcher(book)
    assert matcher.matching(article("", "a tin")) == ["near", "mask", "none"]
    assert matcher.matching(article("", "a tin opener")) == []
    assert matcher.matching(article("", "a tin opener, and long afterwards another tin")) == ["near", "mask"]


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("the tin's opener", ["right beside", "in order"]),
        ("opener, tin", ["right beside"]),
        ("opener tins, and items", ["right beside", "in order"]),
        ("tin 1,000 openers", ["in order"]),
        ("tin\n\nopener", []),
        ("tin a b c d e f opener", []),
        ("tin opener of it", ["right beside", "in order"]),
        ("tin a b c d e f opener, 日 tin", []),
        ("opener\u0301 tin, and a b c d opener", ["right beside"]),
    ],
)
def test_what_stands_too_far_apart_is_turned_down_at_once_and_nothing_else(text, met):
    tin, opener, here = Term(text="tin"), Term(text="opener"), Term(text="it*", kind="wildcard")
    book = [
        Rule(id="right beside", title="", expr=Near(tin, opener, 0)),
        Rule(id="in order", title="", expr=Near(tin, AnyOf((opener, here)), 1, ordered=True)),
    ]
    matcher = Matcher(book)
    assert matcher.matching(article("", text)) == [r.id for r in book if matcher.mention(r, article("", text))]
    assert matcher.matching(article("", text)) == met


def test_a_frequent_word_is_no_anchor_beside_a_rare_one():
    heard = Frequencies([article("", "the common word")] * 9 + [article("", "a rare one, chipmakers")])
    shares = [heard(Term(text=text)) for text in ("common", "rare", "common rare", "unheard")]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[1] >= shares[2] > shares[3]
    assert heard(Term(text="chip*", kind="wildcard")) > heard(Term(text="ship*", kind="wildcard"))
