"""Rules that can never match, and those of which that must not be said."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.match import Matcher
from bot.model import (
    Alias,
    AllOf,
    AnyOf,
    Article,
    AtLeast,
    CountOf,
    FarFrom,
    InField,
    Meta,
    Near,
    Not,
    Rule,
    Term,
    Together,
)
from bot.rules.conflicts import Claims, impossible, remarks


def term(text):
    if text.startswith("="):
        return Term(text=text[1:], kind="exact")
    return Term(text=text, kind="wildcard" if set(text) & set("*?") else "plain")


A, B, C = map(term, ("alpha", "beta", "gamma"))


def alias(text, entity="e", **conditions):
    return Term(text=text, entity=entity, alias=Alias(text=text, **conditions))


def fact(field, text):
    return Meta(field, Term(text=text))


def claims(expr, mask=(), **more):
    return Claims(parts=((("query",), expr),), mask=tuple((("mask", n), (one,)) for n, one in enumerate(mask)), **more)


WIRE, OFFICIAL = fact("tier", "wire"), fact("tier", "official")


@pytest.mark.parametrize(
    ("expr", "mask", "more", "expected"),
    [
        (AllOf((A, Not(A))), [], {}, '"alpha" must occur, and must not'),
        (AllOf((term("alpha beta"), Not(B))), [], {}, '"alpha beta" must occur, and must not, since "beta" must not'),
        (AllOf((term("出口管制"), Not(term("管制")))), [], {}, '"出口管制" must occur, and must not, since "管制"'),
        (AllOf((AnyOf((A, B)), Not(AnyOf((C, B, A))))), [], {}, '"alpha", "beta" are looked for, and none of them'),
        (AllOf((alias("alpha"), Not(A))), [], {}, '"alpha" must occur'),
        (AllOf((InField(AllOf((A, B)), "title"), Not(A))), [], {}, '"alpha" must occur'),
        (InField(AllOf((A, Not(A))), "title"), [], {}, '"alpha" must occur'),
        (AllOf((InField(A, "lead:9"), InField(Not(A), "body"))), [], {}, '"alpha" must occur'),
        (AllOf((A, Not(InField(A, "body")))), [], {"where": ("lead",)}, '"alpha" must occur'),
        (AllOf((Near(A, B, 5), Not(B))), [], {}, '"beta" must occur'),
        (AllOf((Together(A, B, "sentence"), Not(AnyOf((B, C))))), [], {}, '"beta" must occur'),
        (AllOf((FarFrom(A, B, 5), Not(A))), [], {}, '"alpha" must occur'),
        (AllOf((AtLeast(2, A), Not(A))), [], {}, '"alpha" must occur'),
        (AllOf((Near(A, B, 5), C, Not(Near(A, B, 5)))), [], {}, "the same must hold and must not"),
        (AllOf((fact("author", "x"), A, Not(fact("author", "x")))), [], {}, "the same must hold and must not"),
        (AllOf((CountOf(2, (A, B, C)), Not(A), Not(B))), [], {}, "2 of 3 are asked for, of which only 1 can occur"),
        (A, [A], {}, '"alpha" always stands in the mask "alpha"'),
        (term("alpha beta"), [A], {}, '"alpha beta" always stands in the mask "alpha"'),
        (AnyOf((A, B)), [A, B], {}, '"alpha", "beta" are looked for, and each always stands in a mask'),
        (AllOf((A, term("=beta"))), [term("=beta")], {}, '"=beta" always stands'),
        (AllOf((A, OFFICIAL, WIRE)), [], {}, "no tier is all that is asked of it"),
        (AllOf((A, OFFICIAL, Not(AnyOf((OFFICIAL, WIRE))))), [], {}, "no tier is all"),
        (AllOf((A, AnyOf((OFFICIAL, WIRE)))), [], {"tiers": ("outlet",)}, "no tier is all"),
        (AllOf((A, Not(OFFICIAL), Not(WIRE))), [], {"tiers": ("wire",)}, "no tier is all"),
        (AllOf((A, fact("source", "x"), fact("source", "y"))), [], {}, "no source is all"),
    ],
)
def test_what_can_never_match_is_said_with_its_reason(expr, mask, more, expected):
    ((path, message, remedy),) = impossible(claims(expr, mask, **more))
    assert path == ("query",)
    assert message.startswith(f"can never match: {expected}")
    assert remedy


@pytest.mark.parametrize(
    ("expr", "mask", "more"),
    [
        (AllOf((A, Not(term("alpha beta")))), [], {}),
        (AllOf((term("us"), Not(term("US")))), [], {}),
        (AllOf((term("alpha"), Not(alias("alpha")))), [], {}),
        (AllOf((term("controls"), Not(term("control*")))), [], {}),
        (AllOf((alias("alpha", requires=("x1",)), Not(alias("alpha", "f", requires=("x1",))))), [], {}),
        (AllOf((InField(A, "body"), Not(InField(A, "lead")))), [], {}),
        (AllOf((A, InField(Not(A), "title"))), [], {}),
        (AllOf((A, Not(InField(A, "title")))), [], {"where": ("title", "body")}),
        (AllOf((A, Not(AllOf((A, B))))), [], {}),
        (AllOf((AnyOf((A, B)), Not(A))), [], {}),
        (AllOf((Near(A, B, 5), Not(Near(A, B, 3)))), [], {}),
        (AllOf((CountOf(2, (A, B, C)), Not(A))), [], {}),
        (A, [term("alpha beta")], {}),
        (A, [alias("alpha", valid_until=date(2020, 1, 1))], {}),
        (AllOf((A, AnyOf((OFFICIAL, WIRE)), Not(WIRE))), [], {}),
        (AllOf((A, fact("url", "x"), fact("url", "y"))), [], {}),
    ],
)
def test_nothing_is_said_of_what_may_match(expr, mask, more):
    assert list(impossible(claims(expr, mask, **more))) == []
    assert [note for note in remarks(claims(expr, mask, **more)) if "mask" not in note[0]] == []


@pytest.mark.parametrize(
    ("expr", "more", "expected"),
    [
        (InField(A, "body"), {"where": ("title",)}, "without a title of its own: \"alpha\" would have to stand"),
        (InField(A, "title"), {"where": ("body", "lead")}, "without a title of its own"),
        (AllOf((A, fact("lang", "en"), fact("lang", "zh"))), {}, "whose language is unknown: no language is all"),
        (AllOf((A, Not(fact("lang", "en-US")), fact("lang", "en"))), {}, "whose language is unknown"),
        (AllOf((A, fact("lang", "en"))), {"langs": ("zh",)}, "whose language is unknown"),
    ],
)  # fmt: skip
def test_a_rule_for_rare_articles_is_remarked_upon(expr, more, expected):
    ((path, message, _),) = remarks(claims(expr, **more))
    assert path == ("query",)
    assert message.startswith(f"can match only an article {expected}")
    assert list(impossible(claims(expr, **more))) == []


@pytest.mark.parametrize(
    ("mask", "said"), [("gamma ray", True), ("beta ray", False), ("alpha ray", False), ("delta ray", False)]
)
def test_a_mask_concerns_what_must_not_occur_too(mask, said):
    expr = AllOf((Near(A, term("delta"), 3), Not(InField(B, "title"))))
    assert [path for path, _, _ in remarks(claims(expr, [term(mask)]))] == [("mask", 0)] * said


# ── never said of a rule that can match ──────────────────────────────────────────────────────────

WORDS = ["export", "exports", "EXPORT", "control", "controls", "US", "us", "U.S.", "US-China", "us-china", "X²",
         "华为", "為", "公司", "华为公司", "Zürich", "zurich", "Straße", "city", "cities", "Ⅻ", "ⅻ", "Moody's", "C++"]  # fmt: skip
PHRASES = ["export control", "export-controls", "control export", "US export", "us city", "华为 公司", "chips*", "citie?",
           "control* export", "=export control", "=US", "=Zürich"]  # fmt: skip
TERMS = st.sampled_from(
    [*map(term, WORDS), *map(term, PHRASES), *map(alias, WORDS[:6]), Term(text="expor[tx]", kind="regex")]
)
LEAVES = (
    TERMS
    | TERMS
    | st.builds(
        alias,
        st.sampled_from(["export", "US"]),
        entity=st.sampled_from(["e", "f"]),
        requires=st.sampled_from([(), ("city",)]),
        valid_until=st.sampled_from([None, date(2020, 1, 1)]),
    )
)
FACTS = st.builds(
    fact, st.sampled_from(["tier", "source", "lang", "author", "url"]), st.sampled_from(["wire", "official", "en", "s"])
)
GROUPS = st.lists(LEAVES, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
FIELDS = st.sampled_from(["title", "body", "lead", "lead:2", "lead:60"])


def grown(inner):
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(AllOf, several)
        | st.builds(AllOf, several)
        | st.builds(AnyOf, several)
        | st.builds(Not, inner)
        | st.builds(InField, inner, FIELDS)
    )


PLACED = (
    st.builds(Near, GROUPS | LEAVES, LEAVES, st.integers(0, 3), st.booleans())
    | st.builds(FarFrom, LEAVES, LEAVES, st.integers(0, 3))
    | st.builds(Together, LEAVES, LEAVES, st.sampled_from(["sentence", "paragraph"]))
    | st.builds(lambda parts, n: CountOf(min(n, len(parts)), tuple(parts)), st.lists(LEAVES, min_size=2), st.integers(1, 3))
    | st.builds(AtLeast, st.integers(1, 3), LEAVES)
)  # fmt: skip
EXPRESSIONS = st.recursive(LEAVES | LEAVES | GROUPS | PLACED | FACTS, grown, max_leaves=5)


@st.composite
def conflicting(draw):
    """An expression, and what must not occur; often the same words, so that something is said at all."""
    part, other = draw(EXPRESSIONS), draw(EXPRESSIONS)
    return AllOf((part, draw(st.sampled_from([Not(other), other, Not(part)]))))


@st.composite
def articles(draw):
    def text(most):
        return "".join(
            word + gap
            for word, gap in draw(
                st.lists(
                    st.tuples(st.sampled_from([*WORDS, *PHRASES[:7]]), st.sampled_from([" ", "-", "\n", ". ", ""])),
                    max_size=most,
                )
            )
        )

    return Article(
        source=draw(st.sampled_from(["s", "wire"])),
        key="k",
        key_kind="url",
        fingerprint="",
        content_hash="",
        title=text(4),
        body=text(8),
        title_derived=draw(st.booleans()),
        tier=draw(st.sampled_from(["wire", "official", "outlet"])),
        lang=draw(st.sampled_from([None, "en", "en-US", "zh"])),
        author=draw(st.sampled_from(["", "Wire en", "s official"])),
        url="https://s.example/wire/en",
    )


@settings(max_examples=1200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_rule_that_matches_something_was_not_called_impossible(data):
    mask = data.draw(st.lists(LEAVES, max_size=2))
    where = data.draw(st.sampled_from([("title", "body"), ("title",), ("body",), ("lead:3",), ("title", "lead")]))
    tiers = data.draw(st.sampled_from([(), ("wire",)]))
    expr = data.draw(conflicting())
    reasons = list(impossible(claims(expr, mask, where=where, tiers=tiers)))
    if not reasons:
        return
    matcher = Matcher([Rule(id="r", title="", expr=expr, mask=tuple(mask), where=where, tiers=tiers)])
    for article in data.draw(st.lists(articles(), min_size=3, max_size=6)):
        assert not matcher.match(article), (reasons, article)
