"""The grammar that the reference page is written from is the one that the parser reads."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import AnyOf, Term
from bot.rules.query import inside, parse
from bot.rules.query.grammar import GRAMMAR, Choice, More, Row, Sign, Use, uses
from bot.rules.query.nodes import And, Count, Field, Leaf, Least, No, Or, Pair
from bot.rules.terms import FIELDS


class Anything:
    """Every name stands for something: what is asked here is how a query is written."""

    def expand(self, reference):
        sigil = "@" if reference.kind == "entity" else "$"
        return AnyOf((Term(text="huawei"), Term(text="hisilicon")), f"{sigil}{reference.id}")


NUMBERED = {
    "n OF": (1, 3),
    "NEAR/n": (0, 9),
    "ONEAR/n": (0, 9),
    "NOT NEAR/n": (0, 9),
    "ATLEAST/n": (1, 9),
    "lead:n:": (1, 99),
}


def written(sign):
    low, high = NUMBERED.get(sign.text, (0, 0))
    return (
        st.integers(low, high).map(lambda number: sign.text.replace("n", str(number), 1))
        if high
        else st.just(sign.text)
    )


@cache
def sentences(piece, depth):
    """Texts that a piece of the grammar stands for; at depth 0 what would lead further is left out."""
    if isinstance(piece, Sign):
        return written(piece)
    if isinstance(piece, Use):
        return sentences(GRAMMAR[piece.name].made, depth - 1) if depth else st.nothing()
    if isinstance(piece, Choice):
        return st.one_of([sentences(part, depth) for part in piece.parts])
    if isinstance(piece, Row):
        joint = "" if piece.close else " "
        return st.tuples(*(sentences(part, depth) for part in piece.parts)).map(joint.join)
    return st.lists(sentences(piece.part, depth), min_size=2, max_size=3).map(f" {piece.between.text} ".join)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(sentences(Use("query"), 9))
def test_whatever_the_grammar_allows_is_read(text):
    parsed = parse(text, Anything(), anchored=False)
    assert parsed.tree is not None, [fault.message for fault in parsed.faults]


@pytest.mark.parametrize(
    ("name", "text"), [(name, example) for name, production in GRAMMAR.items() for example in production.examples]
)
def test_the_examples_are_queries_without_a_mistake(name, text):
    assert parse(text, Anything()).faults == ()


def kinds(node):
    return {type(node)} | {kind for part in inside(node) for kind in kinds(part)}


def test_the_grammar_reaches_everything_that_the_parser_knows():
    trees = [parse(text, Anything()).tree for production in GRAMMAR.values() for text in production.examples]
    assert set().union(*map(kinds, trees)) == {And, Or, No, Pair, Field, Count, Least, Leaf}
    forms = {node.form for tree in trees for node in every(tree) if isinstance(node, Leaf)}
    assert forms == {"word", "phrase", "exact", "regex", "entity", "list"}
    hows = {node.how for tree in trees for node in every(tree) if isinstance(node, Pair)}
    assert {"NEAR", "ONEAR", "NOT NEAR", "SENTENCE"} <= hows
    signs = {sign.text for production in GRAMMAR.values() for sign in every_sign(production.made)}
    assert {f"{field}:" for field in FIELDS} <= signs


def every(node):
    return [node, *(inner for part in inside(node) for inner in every(part))]


def every_sign(piece):
    if isinstance(piece, Sign):
        return [piece]
    if isinstance(piece, More):
        return [*every_sign(piece.part), piece.between]
    return [] if isinstance(piece, Use) else [sign for part in piece.parts for sign in every_sign(part)]


def test_every_production_is_defined_and_used():
    used = {name for production in GRAMMAR.values() for name in uses(production.made)}
    assert used - GRAMMAR.keys() == set()
    assert GRAMMAR.keys() - used == set()  # "query" stands in brackets again
