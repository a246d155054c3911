"""Search strings of other services: what they mean here, and what is refused by name."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.match import run_tests
from bot.model import RuleTest
from bot.rules import load_query
from bot.rules.foreign import DIALECTS, translate


def read(service, text):
    return translate(text, DIALECTS[service], file="search.txt")


MEANT = [
    ("meltwater", 'apple AND (watch OR iwatch) NOT "apple juice"', 'apple AND (watch OR iwatch) AND NOT "apple juice"'),
    ("meltwater", "apple near watch", "apple NEAR/4 watch"),
    ("meltwater", "apple ONEAR/10 watch", "apple ONEAR/10 watch"),
    ("meltwater", 'title:("export control" OR curb*) and tariff', '(title:("export control" OR curb*)) AND tariff'),
    ("talkwalker", "chocolate -swiss", "chocolate AND NOT swiss"),
    ("talkwalker", "bmw AND NOT bike AND (car NEAR/10 chip*)", "bmw AND NOT bike AND (car NEAR/10 chip*)"),
    ("talkwalker", "steel SENTENCE tin", "steel IN SENTENCE WITH tin"),
    (
        "brandwatch",
        "(apple OR orange) NEAR/5 (phone OR “smart phone”)",
        '(apple OR orange) NEAR/5 (phone OR "smart phone")',
    ),
    ("brandwatch", "logitech NEAR/2f keyboard", "logitech ONEAR/2 keyboard"),
    ("brandwatch", "summer NEAR/0f holiday", '"summer holiday"'),
    ("brandwatch", "telecom AND {BT}", 'telecom AND ="BT"'),
    ("factiva", "carrefour near5 retail sales", 'carrefour NEAR/4 "retail sales"'),
    ("factiva", "world cup adj5 rugby", '"world cup" ONEAR/4 rugby'),
    ("factiva", "president w/2 bush", "president ONEAR/1 bush"),
    ("factiva", "bill adj clinton", '"bill clinton"'),
    ("factiva", "boeing 747/N30/british airways", '"boeing 747" NEAR/29 "british airways"'),
    ("factiva", "bill clinton or gore and george bush", '"bill clinton" OR (gore AND "george bush")'),
    ("factiva", "wireless not cellular and phone", "(wireless AND NOT cellular) AND phone"),
    ("factiva", "atleast5 winter games and hd=[ice or snow]", '(ATLEAST/5 "winter games") AND title:(ice OR snow)'),
    ("factiva", "hd=union near3 strike", "title:(union NEAR/2 strike)"),
    ("factiva", "vodafone same telecom and la=en", "(vodafone IN PARAGRAPH WITH telecom) AND lang:en"),
    ("factiva", '"peas and carrots"', '"peas and carrots"'),
    (
        "lexis",
        "bankrupt! w/25 discharg! and student or college or education! w/5 loan",
        "(bankrupt* NEAR/25 discharg*) AND ((student OR college OR education*) NEAR/5 loan)",
    ),
    ("lexis", "bankrupt! and not student and loan", "bankrupt* AND NOT (student AND loan)"),
    ("lexis", "southwest pre/2 air or airline", "southwest ONEAR/2 (air OR airline)"),
    ("lexis", "rico not w/5 puerto", "rico NOT NEAR/5 puerto"),
    ("lexis", "export control /s china", '"export control" IN SENTENCE WITH china'),
    ("lexis", "export control w/para china", '"export control" IN PARAGRAPH WITH china'),
    ("lexis", "ATLEAST5(tariff) and HEADLINE(china or beijing)", "ATLEAST/5 tariff AND title:(china OR beijing)"),
    ("lexis", "allcaps(aids) & clinic", '="AIDS" AND clinic'),
]


def expression(query):
    asked = load_query(query, {})
    assert asked.rule is not None, asked.faults
    return flat(asked.rule.expr)


def flat(expr):
    """The expression with nothing of how it was bracketed: an AND inside an AND is one."""
    kind = type(expr).__name__
    if kind in ("AllOf", "AnyOf"):
        parts = [flat(part) for part in expr.parts]
        return kind, *(inner for part in parts for inner in (part[1:] if part[0] == kind else (part,)))
    return kind, repr(expr)


@pytest.mark.parametrize(("service", "text", "query"), MEANT)
def test_an_operator_that_means_the_same_is_translated(service, text, query):
    translated = read(service, text)
    assert translated.faults == ()
    assert expression(translated.query) == expression(query)


REFUSED = [
    ("meltwater", "a AND b OR c", "OR", 8, "brackets"),
    ("meltwater", 'tariff AND ingress:"trade war"', "ingress:", 11, "lead:"),
    ("meltwater", "tariff steel", "side by side", 7, "quotation marks"),
    ("meltwater", "tariff AND country:us", "country:", 11, "leave it out"),
    ("talkwalker", 'bmw AND site:"bild.de"', "site:", 8, "source:id"),
    ("talkwalker", "bmw AND +X5", '"+"', 8, "leave it out"),
    ("talkwalker", "bmw and bike", "side by side", 4, "quotation marks"),
    ("brandwatch", '"apple juice"~5', '"~"', 13, "leave it out"),
    ("brandwatch", "@whitehouse AND tariff", '"@"', 0, "leave it out"),
    ("brandwatch", "a NEAR/3 b NEAR/3 c", "another operator of nearness", 11, "pairs"),
    ("factiva", "engineer$3", '"$"', 0, "leave it out"),
    ("factiva", "toyota/F50/ and sales", '"/"', 6, "leave it out"),
    ("factiva", "tariff and hlp=china", "hlp=", 11, "lead:"),
    ("factiva", "tariff and wc>1000", '">"', 11, "leave it out"),
    ("factiva", "steel near0 tin", "fewer than no words", 6, "larger"),
    ("lexis", "colo*r and paint", '"*"', 0, '"!"'),
    ("lexis", "HLEAD(china)", "HLEAD(…)", 0, "lead:"),
    ("lexis", "caps(us) and trade", "caps(…)", 0, '="…"'),
    ("lexis", "steel w/seg tin", '"w/seg"', 6, "PARAGRAPH"),
    ("lexis", "a w/3 b w/5 c", "another operator of nearness", 8, "pairs"),
    ("lexis", "(steel and tin", "never closed", 0, ")"),
    ("lexis", "steel) and tin", "closes nothing", 5, "remove"),
    ("lexis", "steel and", "missing before the end", 9, "write"),
    ("lexis", "steel and ()", "empty", 10, "write"),
    ("lexis", 'steel and "tin', "never closed", 10, "closing"),
    ("lexis", 'steel and ""', "empty", 10, "phrase"),
    ("lexis", "  ", "no search string", 0, "write one"),
]


@pytest.mark.parametrize(("service", "text", "words", "start", "remedy"), REFUSED)
def test_what_has_no_like_here_is_refused_by_name_and_place(service, text, words, start, remedy):
    translated = read(service, text)
    assert translated.query is None
    first = translated.faults[0]
    assert (first.line, first.column) == (1, start + 1)
    assert words in first.message
    assert remedy in first.remedy
    if text.strip():
        assert first.excerpt.splitlines()[1].startswith(" " * start + "^")


def test_the_place_is_in_the_line_of_a_long_string():
    (fault,) = read("factiva", "huawei\nand tariff\nand hlp=china").faults
    assert (fault.line, fault.column) == (3, 5)


def test_too_deep_and_too_long_strings_are_refused():
    assert "deep" in read("lexis", "(" * 400 + "a" + ")" * 400).faults[0].message
    assert "characters" in read("lexis", "steel or " * 5_000 + "tin").faults[0].message


def test_what_is_nearly_the_same_is_remarked():
    remarks = " ".join(read("meltwater", "BIS NEAR/5 rule").remarks)
    assert "BIS: in capitals only here" in remarks
    assert "plurals" in remarks
    assert "across paragraphs" in remarks
    assert "bitten" in " ".join(read("lexis", "dog bite").remarks)


@pytest.mark.parametrize(
    ("service", "text", "article", "matches"),
    [
        ("factiva", "huawei near3 ban", "Huawei faces a ban.", True),
        ("factiva", "huawei near2 ban", "Huawei faces a ban.", False),  # "ban" is the third word from it
        ("factiva", "export near2 steel", "Steel export.", True),
        ("factiva", "export adj2 steel", "Steel export.", False),
        ("meltwater", "huawei NEAR/2 ban", "Huawei faces a ban.", True),  # two words between
        ("lexis", "steel or tin and duty", "Tin and a duty.", True),  # or binds first
        ("factiva", "steel or tin and duty", "Steel.", True),  # and binds first
        ("lexis", "steel or tin and duty", "Steel.", False),
    ],
)
def test_the_translated_query_finds_what_the_service_would(service, text, article, matches):
    asked = load_query(read(service, text).query, {})
    test = RuleTest(title="News", text=article, expect="match" if matches else "no")
    assert run_tests([replace(asked.rule, tests=(test,))]) == []


OPERATORS = ["and", "OR", "not", "AND", "NEAR/3", "near5", "w/5", "/s", "pre/2", "same", "title:", "hd=", "atleast3"]
WORDS = [
    "steel",
    "tin*",
    '"trade war"',
    "中国",
    "ATLEAST2(",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    '"',
    "“",
    "-",
    "!",
    "~3",
    "\n",
    "'",
]
PIECES = st.sampled_from([*OPERATORS, *WORDS])


@given(st.sampled_from(sorted(DIALECTS)), st.lists(PIECES, max_size=14).map(" ".join))
def test_any_string_gives_a_query_that_reads_or_faults_in_their_places(service, text):
    translated = read(service, text)
    assert (translated.query is None) == bool(translated.faults)
    for fault in translated.faults:
        assert 1 <= fault.line <= text.count("\n") + 1
        assert fault.column >= 1
        assert fault.message
    if translated.query is not None:
        load_query(translated.query, {})  # it may name what only a person can mend, but it is read
