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


def test_a_frequent_word_is_no_anchor_beside_a_rare_one():
    heard = Frequencies([article("", "the common word")] * 9 + [article("", "a rare one, chipmakers")])
    shares = [heard(Term(text=text)) for text in ("common", "rare", "common rare", "unheard")]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[1] >= shares[2] > shares[3]
    assert heard(Term(text="chip*", kind="wildcard")) > heard(Term(text="ship*", kind="wildcard"))
