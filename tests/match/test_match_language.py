"""Every expression of the query language means to the matcher, and to its explanations, what the oracle says."""

from dataclasses import replace

from expressions import DENSE, PLAIN_TOGETHER, articles, rules, unnamed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from makers import article as made
from match_oracle import Oracle

from bot.match import Matcher, explain
from bot.model import Rule
from bot.rules.query import parse, write


class NoNames:
    """Of a rule folder without entities and lists."""

    def expand(self, reference):
        raise AssertionError(reference)


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def hits(mention):
    return {(hit.term.removeprefix("=").strip("/"), hit.field, hit.start, hit.end) for hit in mention.hits}


def same(rule, article):
    found = [hits(mention) for mention in Matcher([rule]).match(article)]
    expected = Oracle(article).holds(rule)
    return found == ([] if expected is None else [expected])


@settings(max_examples=400, suppress_health_check=SLOW)
@given(PLAIN_TOGETHER, DENSE, DENSE)
def test_what_stands_near_or_often(expr, body, title):
    assert same(Rule(id="r", title="", expr=expr), made(body, " ".join(title.split())))


@settings(max_examples=300, suppress_health_check=SLOW)
@given(rules(), articles())
def test_one_rule(rule, article):
    assert same(rule, article)


@settings(max_examples=60, suppress_health_check=SLOW)
@given(st.lists(rules(), min_size=2, max_size=8), articles())
def test_many_rules_side_by_side(several, article):
    numbered = [replace(rule, id=str(number)) for number, rule in enumerate(several)]
    matcher, oracle = Matcher(numbered), Oracle(article)
    expected = {rule.id: oracle.holds(rule) for rule in numbered}
    assert {mention.rule: hits(mention) for mention in matcher.match(article)} == {
        rule: found for rule, found in expected.items() if found is not None
    }
    for explanation in explain(matcher, article):
        told = explanation.mention
        assert (None if told is None else hits(told)) == expected[explanation.rule.id]
        assert all(clause.holds for clause in explanation.clauses) == (told is not None)
        assert all(clause.holds or clause.obstacles for clause in explanation.clauses)


@settings(max_examples=100, suppress_health_check=SLOW)
@given(rules(), articles())
def test_what_is_written_down_and_read_again_means_the_same(rule, article):
    expr = unnamed(rule.expr)
    parsed = parse(write(expr), NoNames(), anchored=False)
    assert parsed.faults == ()
    assert same(replace(rule, expr=parsed.expr), article)
    assert Oracle(article).holds(replace(rule, expr=parsed.expr)) == Oracle(article).holds(replace(rule, expr=expr))
