"""How a rule is shown, and what is pointed out about it."""

from itertools import product

import pytest
from query_names import read

from bot.match import forms
from bot.model import (
    AllOf,
    AnyOf,
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
from bot.rules import load, sentence, show, tree
from bot.rules.english import anchor_sentence

HEAD = '[[rule]]\nid = "a"\ntitle = "T"\n'
TESTS = '[[rule.test]]\ntext = "x"\nexpect = "match"\n[[rule.test]]\ntext = "y"\nexpect = "no"\n'


def made(rest, more=""):
    loaded = load({"f.toml": HEAD + rest + "\n" + TESTS + more})
    assert loaded.faults == ()
    return loaded.ruleset.rules["a"]


def term(text):
    return Term(text=text)


A, B, C, D = map(term, "abcd")
TIER = Meta("tier", term("wire"))
NEAR = Near(A, AnyOf((B, C)), 5)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (A, '"a"'),
        (AnyOf((A, Term(text="B", kind="exact"))), '("a" OR ="B")'),
        (AllOf((AnyOf((A, B)), Not(Term(text="c.d", kind="regex")))), '(("a" OR "b") AND NOT /c.d/)'),
        (AllOf((AnyOf((A, B), "@e"), TIER, InField(C, "lead:9"))), '(@e AND tier:"wire" AND lead:9:"c")'),
    ],
)
def test_the_tree_is_a_query_with_every_bracket(expr, expected):
    assert tree(expr) == expected


MANY = [term(f"some longish words {number}") for number in range(30)]


@pytest.mark.parametrize(
    "expr",
    [
        AnyOf((*MANY,)),
        AllOf((AnyOf((*MANY,)), Not(AllOf((AnyOf((*MANY,)), B))))),
        AllOf((NEAR, Near(AnyOf((*MANY,)), AnyOf((*MANY[:5],)), 7, ordered=True))),
        FarFrom(A, AnyOf((*MANY,)), 3),
        Together(AnyOf((*MANY,)), A, "paragraph"),
        CountOf(2, (A, *MANY)),
        CountOf(2, (NEAR, AnyOf((*MANY[:9],)), AnyOf((*MANY[9:],)))),
        AllOf((AtLeast(2, AnyOf((*MANY,))), InField(AllOf((AnyOf((*MANY,)), Not(A))), "title"), Not(InField(NEAR, "lead")))),
        AllOf((A, AnyOf(tuple(Meta("source", term(f"a-source-with-a-long-name-{number}")) for number in range(9))))),
    ],
    ids=lambda expr: type(expr).__name__,
)  # fmt: skip
def test_a_long_tree_takes_several_lines_and_is_the_same_query(expr):
    shown = tree(expr)
    assert 1 < len(shown.split("\n")) < 60
    assert max(len(line) for line in shown.split("\n")) <= 100
    parsed = read(shown)
    assert (parsed.faults, parsed.expr) == ((), expr)


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ('any = ["a1", "b1"]', "An article matches when “a1” or “b1” occurs."),
        (
            'all = ["a1"]\nwhere = ["title"]',
            "An article matches when “a1” occurs. Only what stands in its title counts.",
        ),
        (
            'any = ["a1", "b1"]\nall = ["c1"]\nnone = ["d1"]\nwhere = ["lead", "lead:9"]\nmin_hits = 3',
            (
                "An article matches when one of “a1” or “b1” occurs, and “c1” occurs, unless “d1” occurs. Only what stands"
                " in its first 60 words and first 9 words counts; what must not occur is looked for in the whole article."
                " At least 3 occurrences are needed in all."
            ),
        ),
        ('any = ["a1"]\nnone = ["n1", "n2"]', "An article matches when “a1” occurs, unless “n1” or “n2” occurs."),
        (
            'any = ["a1"]\nmask = ["a1 b1"]\nuntil = 2030-01-02',
            "An article matches when “a1” occurs. Occurrences inside “a1 b1” do not count. The rule is off after 2030-01-02.",
        ),
        (
            'any = ["a1"]\nnot_near = { term = "a1", of = "b1", within = 1 }',
            (
                "An article matches when “a1” occurs."
                " Occurrences of “a1” with at most 1 word between them and “b1” do not count."
            ),
        ),
        (
            'any = ["a1"]\nsources = { tier = ["official", "wire"], lang = "en" }',
            (
                "An article matches when “a1” occurs. Only sources of the tier official or wire count."
                " Only articles in the language en, or in one that is unknown, count."
            ),
        ),
    ],
)
def test_the_sentence_says_what_the_rule_does(rest, expected):
    assert sentence(made(rest)) == expected


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (NEAR, "“a”, and one of “b” or “c” occur with at most 5 words between them"),
        (Near(A, B, 0, ordered=True), "“a” and “b” occur in this order with no word between them"),
        (FarFrom(A, AnyOf((B, C)), 5), "“a” occurs somewhere with none of “b” or “c” at most 5 words away from it"),
        (FarFrom(A, B, 0), "“a” occurs somewhere with no “b” directly beside it"),
        (Together(A, AnyOf((B, C), "$l"), "sentence"), "“a” and $l occur in one sentence"),
        (InField(AllOf((A, Not(B))), "title"), "in its title both “a” occurs, and no “b” occurs"),
        (AtLeast(3, AnyOf((A, B))), "at least 3 times in all “a” or “b” occurs"),
        (CountOf(2, (A, B, C)), "of “a”, “b” and “c” at least 2 occur, each at a place of its own"),
        (
            CountOf(2, (A, NEAR, D)),
            ("at least 2 of these 3 are so, each at a place of its own: (1) “a” occurs,"
            " (2) “a”, and one of “b” or “c” occur with at most 5 words between them, and (3) “d” occurs"),
        ),
        (AnyOf((A, AllOf((B, C)))), "either “a” occurs, or “b” and “c” occur"),
        (
            AnyOf((A, AnyOf((TIER, AllOf((B, Not(AnyOf((C, D))))), AllOf((A, B)))))),
            ("either “a” occurs, or at least one of these is so: (1) its source is of the tier wire,"
            " (2) both “b” occurs, and none of “c” or “d” occurs, or (3) “a” and “b” occur"),
        ),
        (AllOf((A, Not(NEAR))), "“a” occurs, unless “a”, and one of “b” or “c” occur with at most 5 words between them"),
        (
            AllOf((A, Not(TIER), Meta("url", B), AnyOf((Meta("source", C), Meta("source", D))), Meta("lang", B))),
            ("“a” occurs, its source is not of the tier wire, its address contains “b”, its source is c or d,"
            " and its language is b, or unknown,"),
        ),
        (AllOf((A, Not(Meta("author", B)), Not(Meta("lang", C)))), "“a” occurs, its author is not called “b”, and its language is not c"),
    ],
)  # fmt: skip
def test_every_expression_has_its_words(expr, expected):
    assert sentence(Rule(id="r", title="R", expr=expr)) == f"An article matches when {expected}."


def test_no_two_expressions_have_the_same_words():
    def grown(some, others):
        for one in some:
            yield from (Not(one), InField(one, "title"), InField(one, "lead"))
            for two in others:
                yield from (AnyOf((one, two)), AllOf((one, two)), AnyOf((two, A, one)), AllOf((two, one, A)))

    words = [A, B, AnyOf((A, B))]
    placed = [make(*pair) for pair in product(words, words) for make in (
        lambda one, two: Near(one, two, 1),
        lambda one, two: Near(one, two, 1, ordered=True),
        lambda one, two: FarFrom(one, two, 1),
        lambda one, two: Together(one, two, "sentence"),
        lambda one, two: Together(one, two, "paragraph"),
        lambda one, two: CountOf(1, (one, two)),
        lambda one, two: CountOf(2, (one, NEAR, two)),
    )]  # fmt: skip
    small = [A, B, TIER, Meta("lang", A), AnyOf((A, B)), *placed, *(AtLeast(2, one) for one in words)]
    larger = [*small, *grown(small[:5], small[:5])]
    everything = dict.fromkeys([*larger, *grown(larger, small[:8])])
    said = {sentence(Rule(id="r", title="R", expr=expr)): expr for expr in everything}
    assert len(everything) > 5000
    assert len(said) == len(everything)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (None, "Looked at for every article."),
        ([A], "Looked at only where “a” occurs."),
        ([A, B, C], "Looked at only where one of “a”, “b” or “c” occurs."),
        ([*MANY], "Looked at only where one of “some longish words 0”, “some"),
    ],
)
def test_the_anchor_says_where_the_rule_is_looked_at(terms, expected):
    assert anchor_sentence(terms).startswith(expected)
    assert ("(30 in all)" in anchor_sentence(terms)) == (terms == MANY)


def test_entities_are_named_and_their_conditions_told():
    entity = (
        '[[entity]]\nid = "e"\nname = "E"\nkind = "person"\naliases = ["Full Name",'
        ' { text = "Name", with = ["w1", "w2"], without = "v1", within = 7 }, { text = "Office", from = 2021-03-03 }]\n'
    )
    rule = made('any = ["x1", "@e"]', entity)
    assert sentence(rule) == (
        "An article matches when “x1” or @e occurs. "
        "“Name” counts only with “w1” or “w2” within 7 words,"
        " or beside a full name of @e, and without “v1” within 7 words. "
        "“Office” counts only in articles dated from 2021-03-03."
    )
    assert '("x1" OR @e)\n\n  @e stands for "Full Name", "Name", "Office"\n' in show(rule)


def test_a_list_that_names_an_entity_has_both_listed():
    more = (
        '[[terms]]\nid = "l"\nany = ["y1", "@e"]\n[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = ["=Act"]\n'
    )
    shown = show(made('all = ["x1", "$l"]', more))
    assert '\n  $l stands for "y1", @e\n  @e stands for ="Act"\n' in shown


def test_that_capitals_match_capitals_only_is_said():
    lines = show(made('any = ["US chip", "chip", "=Chip", "/chip [ab]/"]'), forms).splitlines()
    said = {line.split("”")[0].strip(" “"): "capitals only" in line for line in lines if line.startswith("  “")}
    assert said == {"US chip": True, "chip": False, "=Chip": False, "/chip [ab]/": False}
    assert "  “=Chip”: Chip (exactly as written)" in lines


def test_showing_a_rule_tells_all_of_it():
    rule = made(
        'severity = "urgent"\ntheme = "t"\nowner = "o@example.org"\n'
        'notify = ["desk"]\nany = ["chip", "ban"]\nmask = ["blue chip"]\n'
        'expect = "0..9/day"\nuntil = 2030-01-02'
    )
    shown = show(rule, lambda term: (term.text, term.text + "s"))
    for part in (
        "a – T",
        "severity urgent, theme t",
        "told to desk",
        "owner o@example.org",
        "expected volume 0..9/day",
        "until 2030-01-02",
        f"f.toml:1, version {rule.hash[:12]}, 2 tests",
        '("chip" OR "ban")',
        "In words: An article matches",
        "Looked at only where one of “chip” or “ban” occurs.",
        "  “chip”: chip, chips",
        "  “blue chip”: blue chip, blue chips",
    ):
        assert part in shown
    assert "Forms" not in show(rule)
    assert "routes and default destinations" in show(made('any = ["x1"]'))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + 'any = ["ab"]\n', ["f.toml:1:1: rule a: has no tests"]),
        (
            HEAD + 'any = ["ab"]\n[[rule.test]]\ntext = "x"\nexpect = "match"\n',
            ["f.toml:1:1: rule a: has no test that must not match"],
        ),
        (
            HEAD + 'any = ["ab"]\n[[rule.test]]\ntext = "x"\nexpect = "no"\n',
            ["f.toml:1:1: rule a: has no test that must match"],
        ),
        (HEAD + 'any = ["ab", "cd", "AB"]\n' + TESTS, ['f.toml:4:20: rule a: "AB" stands twice in any']),
        (HEAD + 'any = ["=ab", "=AB"]\n' + TESTS, []),
        (HEAD + 'any = ["ab", "cd"]\nnone = ["Ab"]\n' + TESTS, ['f.toml:4:8: rule a: "ab" stands in none too']),
        (
            HEAD + 'any = ["ab"]\nall = ["华", "x"]\n' + TESTS,
            ['f.toml:5:8: rule a: "华" is a single Chinese', 'f.toml:5:13: rule a: "x" is a single letter'],
        ),
        (
            HEAD + 'any = ["export control"]\nmask = ["remote control", "volume knob"]\n' + TESTS,
            ["f.toml:5:27: rule a: this item of mask shares no word with the rule's own terms"],
        ),
        (
            HEAD + 'any = ["alpha"]\nall = ["beta"]\n'
            'not_near = [{ term = "beta", of = "gamma", within = 5 }, { term = ["alpha", "gamma"], of = "x1", within = 5 }]\n'
            + TESTS,
            ["f.toml:6:77: rule a: this item of not_near shares no word"],
        ),
        (
            HEAD + 'any = ["alpha"]\nnot_near = { term = "gamma", of = "delta", within = 5 }\n' + TESTS,
            ["f.toml:5:21: rule a: this item of not_near shares no word"],
        ),
        (HEAD + 'any = ["出口管制"]\nmask = ["不可靠实体"]\n' + TESTS, ["f.toml:5:9: rule a: this item of mask"]),
        (HEAD + 'any = ["华为"]\nmask = ["中华为"]\n' + TESTS, []),
        (
            HEAD + 'any = ["chip", "city", "US", "semiconduct*", "organi?ation"]\n'
            'mask = ["fish and chips", "Cities Ltd", "U.S. Steel", "semiconductor toy", "an organisation"]\n' + TESTS,
            [],
        ),
        (HEAD + 'any = ["/alph[ab]/"]\nmask = ["beta"]\n' + TESTS, []),
        (HEAD + 'any = ["alpha"]\nmask = ["/bet[ab]/"]\n' + TESTS, []),
        (
            HEAD
            + 'any = ["alpha"]\nmask = ["$l", "@e", "$m"]\n'
            + TESTS
            + '[[terms]]\nid = "l"\nany = ["beta", "alpha male"]\n[[terms]]\nid = "m"\nany = ["beta", "gamma"]\n'
            '[[entity]]\nid = "e"\nname = "E"\nkind = "law"\naliases = ["Alpha Act"]\n',
            ["f.toml:5:21: rule a: this item of mask"],
        ),
    ],
)
def test_what_looks_like_a_mistake_is_a_warning_and_goes_live(text, expected):
    loaded = load({"f.toml": text})
    assert (loaded.faults, set(loaded.ruleset.rules)) == ((), {"a"})
    assert len(loaded.warnings) == len(expected)
    for warning, start in zip(loaded.warnings, expected, strict=True):
        assert str(warning).startswith(start)
        assert warning.remedy
