"""Rules that can never match, and those of which that must not be said."""

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
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
from bot.rules import load
from bot.rules.conflicts import Claims, impossible, rare
from bot.rules.idle import idle


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
        (AllOf((A, OFFICIAL, WIRE)), [], {}, "an article has only one tier, and none fits"),
        (AllOf((A, OFFICIAL, Not(AnyOf((OFFICIAL, WIRE))))), [], {}, "an article has only one tier, and none fits"),
        (
            AllOf((A, AnyOf((OFFICIAL, WIRE)))),
            [],
            {"tiers": ("outlet",)},
            "an article has only one tier, and none fits",
        ),
        (AllOf((A, Not(OFFICIAL), Not(WIRE))), [], {"tiers": ("wire",)}, "an article has only one tier, and none fits"),
        (AllOf((A, fact("source", "x"), fact("source", "y"))), [], {}, "an article has only one source, and none"),
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
    assert list(rare(claims(expr, mask, **more))) == []


@pytest.mark.parametrize(
    ("expr", "more", "expected"),
    [
        (InField(A, "body"), {"where": ("title",)}, "without a title of its own: \"alpha\" would have to stand"),
        (InField(A, "title"), {"where": ("body", "lead")}, "without a title of its own"),
        (AllOf((A, fact("lang", "en"), fact("lang", "zh"))), {}, "whose language is unknown: an article has only one language"),
        (AllOf((A, Not(fact("lang", "en-US")), fact("lang", "en"))), {}, "whose language is unknown"),
        (AllOf((A, fact("lang", "en"))), {"langs": ("zh",)}, "whose language is unknown"),
    ],
)  # fmt: skip
def test_a_rule_for_rare_articles_is_remarked_upon(expr, more, expected):
    ((path, message, _),) = rare(claims(expr, **more))
    assert path == ("query",)
    assert message.startswith(f"can match only an article {expected}")
    assert list(impossible(claims(expr, **more))) == []


@pytest.mark.parametrize(
    ("mask", "said"), [("gamma ray", True), ("beta ray", False), ("alpha ray", False), ("delta ray", False)]
)
def test_a_mask_concerns_what_must_not_occur_too(mask, said):
    expr = AllOf((Near(A, term("delta"), 3), Not(InField(B, "title"))))
    assert [path for path, _, _ in idle(claims(expr, [term(mask)]))] == [("mask", 0)] * said


# ── never said of a rule that can match ──────────────────────────────────────────────────────────

# Words that are nearly the same, so that much seems impossible and some of it is not.
FAMILIES = [
    ["export", "exports", "Export", "EXPORT", "export control", "export-controls", "control", "=export", "expor*"],
    ["US", "us", "U.S.", "US-China", "us-china", "us china", "=US", "China US", "US*", "china"],
    ["华为", "華為", "为", "华为公司", "公司", "华 为", "华为*"],
    ["Zürich", "zurich", "ZÜRICH", "city", "cities", "Zürich cities", "zurich city", "citie?", "Ⅻ", "ⅻ"],
    ["Straße", "strasse", "Moody's", "moody", "Moody's strasse", "C++", "C++ strasse"],
]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_a_term_that_can_stand_without_another_is_not_called_impossible_with_it(family):
    plain = [word for word in family if not set(word) & set("=*?")]
    terms = [*map(term, family), *map(alias, plain), *(alias(word, "f", requires=("x1",)) for word in plain)]
    masked = [Rule(id="r", title="", expr=one, mask=(two,)) for one in terms for two in terms]
    vetoed = [Rule(id="r", title="", expr=AllOf((one, Not(two)))) for one in terms for two in terms]
    said = [rule for rule in (*masked, *vetoed) if list(impossible(claims(rule.expr, rule.mask)))]
    assert len(said) > 2 * len(terms)
    matcher = Matcher(said)
    words = [word.strip("=").replace("*", "ts").replace("?", "s") for word in family]
    for word in dict.fromkeys(form for one in words for form in (one, one.lower(), one.upper(), one + "s")):
        for text in (word, f"{word}'s", f"{word}-x1", f"{word}: {words[0]}", word.replace(" ", "-"), f"{word}.A."):
            assert [mention.clauses for mention in matcher.match(article(body=text))] == [], text


def article(**more):
    given = {
        "source": "s",
        "key": "k",
        "key_kind": "url",
        "fingerprint": "",
        "content_hash": "",
        "title": "",
        "body": "",
    }
    return Article(**{**given, **more})


class Dice(Random):
    """Draws expressions and articles; Hypothesis chooses the seed."""

    def leaf(self):
        return self.choice([A, A, B, B, C, term("alpha beta"), alias("alpha"), term("be?a")])

    def group(self):
        return AnyOf(tuple(self.leaf() for _ in range(self.randint(1, 3))))

    def placed(self):
        operands = [self.choice([self.leaf, self.leaf, self.group])() for _ in range(self.randint(2, 3))]
        return self.choice(
            [
                Near(operands[0], operands[1], self.randint(0, 2), self.random() < 0.5),
                FarFrom(operands[0], operands[1], self.randint(0, 2)),
                Together(operands[0], operands[1], self.choice(["sentence", "paragraph"])),
                CountOf(self.randint(1, 2), tuple(operands)),
                AtLeast(self.randint(1, 2), operands[0]),
            ]
        )

    def fact(self):
        return fact(*self.choice([("tier", "wire"), ("tier", "outlet"), ("lang", "en"), ("lang", "zh"), ("source", "s"),
                                  ("source", "t"), ("author", "alpha"), ("url", "en")]))  # fmt: skip

    def expr(self, depth=2):
        kind = self.choice(["leaf", "leaf", "placed", "fact", *["all", "all", "any", "not", "field"] * (depth > 0)])
        if kind in ("leaf", "placed", "fact"):
            return getattr(self, kind)()
        if kind == "not":
            return Not(self.expr(depth - 1))
        if kind == "field":
            return InField(self.expr(depth - 1), self.choice(["title", "body", "lead", "lead:2", "lead:60"]))
        return (AllOf if kind == "all" else AnyOf)(tuple(self.expr(depth - 1) for _ in range(self.randint(2, 3))))

    def conflicting(self):
        """An expression, and what must not occur besides: often the same."""
        part = self.expr()
        return AllOf((part, Not(self.choice([part, self.leaf(), self.group(), self.expr()]))))

    def article(self):
        words = ["alpha", "beta", "gamma", "alphas", "x1.", "\n"]
        title, body = (" ".join(self.choices(words, k=self.randint(0, 6))) for _ in range(2))
        return article(
            title=title,
            body=body,
            title_derived=self.random() < 0.3,
            source=self.choice("st"),
            tier=self.choice(["wire", "official", "outlet"]),
            lang=self.choice([None, "en", "en-US", "zh"]),
            author=self.choice(["", "Alpha Beta"]),
            url=self.choice(["https://s.example/en", "https://s.example/"]),
        )


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32))
def test_a_rule_that_matches_something_was_not_called_impossible(seed):
    dice = Dice(seed)
    for _ in range(12):
        mask = (dice.leaf(),) if dice.random() < 0.3 else ()
        where = dice.choice(
            [("title", "body"), ("title", "body"), ("title",), ("body",), ("lead:3",), ("title", "lead")]
        )
        tiers = dice.choice([(), (), ("wire",)])
        expr = dice.choice([dice.conflicting, dice.expr])()
        reasons = list(impossible(claims(expr, mask, where=where, tiers=tiers)))
        if reasons:
            matcher = Matcher([Rule(id="r", title="", expr=expr, mask=mask, where=where, tiers=tiers)])
            for one in (dice.article() for _ in range(8)):
                assert not matcher.match(one), (expr, mask, where, tiers, reasons, one)


# ── vetoes that should be masks ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('any = ["tariff"]\nnone = ["weather", "feed-in tariff"]', ['4:20: rule r: "feed-in tariff" is a phrase around "tariff"']),
        ('any = ["chip*"]\nnone = ["chocolate chip*"]', ['4:9: rule r: "chocolate chip*" is a phrase around "chip*"']),
        ('all = ["芯片", "关税"]\nnone = ["薯芯片"]', ['4:9: rule r: "薯芯片" is a phrase around "芯片"']),
        ("query = 'tariff AND NOT \"feed-in tariff\"'", ['3:25: rule r: "feed-in tariff" is a phrase around "tariff"']),
        ('any = ["tariff"]\nnone = ["weather", "tariffic", "steel"]', []),
        ('any = ["feed-in tariff"]\nnone = ["solar"]', []),
        ('any = ["tariff"]\nmask = ["feed-in tariff"]', []),
        ("query = 'tariff AND NOT title:\"feed-in tariff\"'", []),
    ],
)  # fmt: skip
def test_a_veto_around_a_term_of_the_rule_should_be_a_mask(body, expected):
    tests = '\n[[rule.test]]\ntext = "a"\nexpect = "match"\n[[rule.test]]\ntext = "b"\nexpect = "no"\n'
    loaded = load({"r.toml": f'[[rule]]\nid = "r"\n{body}{tests}'})
    assert loaded.faults == ()
    found = [str(fault) for fault in loaded.warnings]
    assert len(found) == len(expected)
    assert all(one.startswith(f"r.toml:{start}") for one, start in zip(found, expected, strict=True))
