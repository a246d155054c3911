"""Queries, texts and truths from the tests of three other engines: what both languages can say means the same.

The terms are plain ones: no word of these texts is another's plural, so that none means more here than there.
"Word" stands before every word of query and text, since these tests have words too short for a rule ("w1", "a").
"""

import json
import re
from collections import Counter
from itertools import combinations, pairwise

import pytest
from makers import article

from bot.match import Matcher
from bot.model import AllOf, AnyOf, Near, Not, Rule, Term
from bot.rules.query import parse, write

UNTRANSLATED = {
    "a NEAR within a NEAR": 11,
    "* in the middle of a word": 15,
    "PostgreSQL's exact distance": 8,
    "FTS5's window of three or more": 9,
}
TRIPLES = 334


class UntranslatedError(Exception):
    """The other engine can say something that no expression of ours does; the argument names it."""


def translated(node):
    """The other engine's query, from its neutral form, as an expression of ours."""
    match node["op"]:
        case "not":
            return Not(translated(node["item"]))
        case "and":
            return AllOf(tuple(map(translated, node["items"])))
        case "or":
            return AnyOf(tuple(map(translated, node["items"])))
        case "dist":
            return at_distance(node)
        case "near":
            return near(node)
    return term(node)


def term(node):
    if node["op"] == "phrase":
        return Term(text=" ".join(map(longer, node["items"])))
    if "*" in node["t"].rstrip("*"):
        raise UntranslatedError("* in the middle of a word")
    if node["op"] == "prefix":
        return Term(text=longer(node) + "*", kind="wildcard")
    return Term(text=longer(node), kind="wildcard" if node["op"] == "wildcard" else "plain")


def longer(node):
    return "word" + node["t"]


def near(node):
    items = node["items"]
    if any(holds_near(item) for item in items):
        raise UntranslatedError("a NEAR within a NEAR")
    if node.get("metric") == "fts5_window":
        if len(items) > 2:
            raise UntranslatedError("FTS5's window of three or more")
        return Near(*map(translated, items), within=node["n"])
    return all_near([translated(item) for item in items], node["max_gaps"], ordered=node["ordered"])


def holds_near(node):
    return node["op"] in ("near", "dist") or any(map(holds_near, node.get("items", ())))


def at_distance(node):
    if node["n"] != 1:
        raise UntranslatedError("PostgreSQL's exact distance")
    left, right = node["items"]
    if left["op"] == "dist":  # 1 <-> 2 <-> 3 is a phrase
        return Term(text=f"{at_distance(left).text} {longer(right)}")
    if left["op"] == right["op"] == "term":
        return Term(text=f"{longer(left)} {longer(right)}")
    return Near(translated(left), translated(right), within=0, ordered=True)


def all_near(items, gaps, *, ordered):
    """Every two of the items near enough that all of them can have ``gaps`` words between, in order if asked."""
    most = gaps + len(items) - 2  # the others may stand between two of them
    pairs = [Near(one, other, within=most, ordered=ordered) for one, other in combinations(items, 2)]
    if ordered:
        pairs += [Near(one, other, within=gaps, ordered=True) for one, other in pairwise(items)]
    return pairs[0] if len(items) == 2 else AllOf(tuple(pairs))


def holds(expr, triple):
    # A full stop is a word to the tokenizer of the one test that has any.
    text = re.sub(r"\S+", lambda word: "word" + word[0].replace(".", "x"), triple["text"])
    return bool(Matcher([Rule(id="r", title="", expr=expr)]).match(article(text)))


class NoNames:
    """Of a rule folder without entities and lists."""

    def expand(self, reference):
        raise AssertionError(reference)


@pytest.fixture(scope="module")
def triples(corpora):
    lines = (corpora / "queries" / "triples.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_other_engines_queries_are_as_true_here(triples):
    left_out, wrong = Counter(), []
    for triple in triples:
        try:
            expr = translated(triple["ast"])
        except UntranslatedError as error:
            left_out[str(error)] += 1
            continue
        parsed = parse(write(expr), NoNames())
        assert parsed.faults == ()
        assert parsed.expr == expr
        if holds(parsed.expr, triple) is not triple["expected"]:
            wrong.append((triple["id"], triple["query"], triple["text"]))
    assert len(triples) == TRIPLES
    assert wrong == []
    assert left_out == UNTRANSLATED
