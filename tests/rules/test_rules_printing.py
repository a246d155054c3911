"""How a rule is shown, and what is pointed out about it."""

import pytest

from bot.model import AllOf, AnyOf, Not, Term
from bot.rules import load, sentence, show, tree

HEAD = '[[rule]]\nid = "a"\ntitle = "T"\n'
TESTS = '[[rule.test]]\ntext = "x"\nexpect = "match"\n[[rule.test]]\ntext = "y"\nexpect = "no"\n'


def made(rest, more=""):
    loaded = load({"f.toml": HEAD + rest + "\n" + TESTS + more})
    assert loaded.faults == ()
    return loaded.ruleset.rules["a"]


def term(text):
    return Term(text=text)


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (term("a"), "“a”"),
        (AnyOf((term("a"), Term(text="B", kind="exact"))), "(“a” OR “=B”)"),
        (AllOf((AnyOf((term("a"), term("b"))), Not(Term(text="c.d", kind="regex")))), "((“a” OR “b”) AND NOT “/c.d/”)"),
        (Not(AllOf((term("a"), term("b")))), "NOT (“a” AND “b”)"),
    ],
)
def test_the_tree_writes_every_bracket(expr, expected):
    assert tree(expr) == expected


def test_a_long_tree_takes_several_lines_none_too_long():
    many = AnyOf(tuple(term(f"some word {n}") for n in range(30)))
    shown = tree(AllOf((many, Not(AllOf((many, term("z")))))))
    assert max(len(line) for line in shown.split("\n")) <= 100
    assert shown.count("“some word 7”") == 2
    assert shown.count("(") == shown.count(")") == 4
    assert " ".join(shown.split()).replace("( ", "(").replace(" )", ")") == (
        "({0} AND NOT ({0} AND “z”))".format("(" + " OR ".join(f"“some word {n}”" for n in range(30)) + ")")
    )


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ('any = ["a1", "b1"]', "An article matches when its title or text have “a1” or “b1”."),
        ('all = ["a1"]\nwhere = ["title"]', "An article matches when its title has “a1”."),
        (
            'any = ["a1", "b1"]\nall = ["c1"]\nwhere = ["lead", "lead:9"]\nmin_hits = 3',
            (
                "An article matches when its first 60 words or first 9 words have one of “a1” or “b1”, and “c1”"
                " at least 3 times in all."
            ),
        ),
        (
            'any = ["a1"]\nnone = ["n1", "n2"]',
            "An article matches when its title or text have “a1”, unless “n1” or “n2” occurs there.",
        ),
        (
            'any = ["a1"]\nmask = ["a1 b1"]',
            "An article matches when its title or text have “a1”. Occurrences inside “a1 b1” do not count.",
        ),
        (
            'any = ["a1"]\nnot_near = { term = "a1", of = "b1", within = 1 }',
            (
                "An article matches when its title or text have “a1”."
                " Nor do those of “a1” with at most 1 word between them and “b1”."
            ),
        ),
        (
            'any = ["a1"]\nsources = { tier = ["official", "wire"], lang = "en" }',
            (
                "An article matches when its title or text have “a1”. Only sources of the tier official or wire count."
                " Only articles in the language en count."
            ),
        ),
    ],
)
def test_the_sentence_says_what_the_rule_does(rest, expected):
    assert sentence(made(rest)) == expected


def test_entities_are_named_and_their_conditions_told():
    entity = (
        '[[entity]]\nid = "e"\nname = "E"\nkind = "person"\naliases = ["Full Name",'
        ' { text = "Name", with = ["w1", "w2"], without = "v1", within = 7 }, { text = "Office", from = 2021-03-03 }]\n'
    )
    assert sentence(made('any = ["x1", "@e"]', entity)) == (
        "An article matches when its title or text have “x1” or @e. "
        "“Name” counts only with “w1” or “w2” within 7 words,"
        " or beside a full name of @e, and without “v1” within 7 words. "
        "“Office” counts only in articles dated from 2021-03-03."
    )


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
        "(“chip” OR “ban”)",
        "In words: An article matches",
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
