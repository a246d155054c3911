"""What a typed term means, and what it must not mean by accident."""

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.model import Term
from bot.rules.regex import LITERAL, check_regex, literals
from bot.rules.terms import Reference, parse_plain, parse_term
from bot.tomlfile.models import Mistake


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("export control", Term(text="export control")),
        ("U.S.", Term(text="U.S.")),
        ("C++", Term(text="C++")),
        ("AT&T", Term(text="AT&T")),
        ("$370 billion", Term(text="$370 billion")),
        ("Moody's", Term(text="Moody's")),
        ("出口管制", Term(text="出口管制")),
        ("sand and gravel", Term(text="sand and gravel")),
        ("ANDES OR-7 NOTE", Term(text="ANDES OR-7 NOTE")),
        ("=Apple", Term(text="Apple", kind="exact")),
        ("=f(x) AND y", Term(text="f(x) AND y", kind="exact")),
        ("=@handle", Term(text="@handle", kind="exact")),
        ("=Who?", Term(text="Who?", kind="exact")),
        ("chip*", Term(text="chip*", kind="wildcard")),
        ("export control*", Term(text="export control*", kind="wildcard")),
        ("semicond* maker", Term(text="semicond* maker", kind="wildcard")),
        ("wom?n", Term(text="wom?n", kind="wildcard")),
        ("tech??", Term(text="tech??", kind="wildcard")),
        ("华为*", Term(text="华为*", kind="wildcard")),
        ("ｶｽ*", Term(text="ｶｽ*", kind="wildcard")),
        ("ﬁn*", Term(text="ﬁn*", kind="wildcard")),
        ("सरकारी*", Term(text="सरकारी*", kind="wildcard")),
        ("นโยบายที่?", Term(text="นโยบายที่?", kind="wildcard")),
        ("/sanction(s|ed)/", Term(text="sanction(s|ed)", kind="regex")),
        (r"/press\/release\./", Term(text=r"press/release\.", kind="regex")),
        ("@raimondo", Reference("entity", "raimondo")),
        ("@3m", Reference("entity", "3m")),
        ("$chips", Reference("list", "chips")),
        ("$Chips", Reference("list", "Chips")),
    ],
)
def test_terms_that_mean_something(text, expected):
    assert parse_term(text) == expected


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("", "is empty", "write a word"),
        ("  ", "is empty", ""),
        (" tariff", "begins or ends with a blank", '"tariff"'),
        ("a\nb", "line break or control", "one term per item"),
        ("a\0b", "line break or control", ""),
        ("x" * 201, "longer than 200", "list"),
        ("…", "no letter or digit", ""),
        ("\u3164", "no letter or digit", ""),
        ("\u200b\u200d", "no letter or digit", ""),
        ("tariff AND duty", 'holds the operator "AND"', 'all = ["tariff", "duty"]'),
        ("tariff OR duty", 'holds the operator "OR"', 'any = ["tariff", "duty"]'),
        ("tariff NOT tax", 'holds the operator "NOT"', 'none = ["tax"]'),
        ("NOT tax", 'holds the operator "NOT"', 'none = ["tax"]'),
        ("a NEAR/5 b", 'holds the operator "NEAR/5"', "write query = '''"),
        ("a ONEAR/5 b", 'holds the operator "ONEAR/5"', "write query = '''"),
        ("a IN SENTENCE WITH b", 'holds the operator "IN SENTENCE WITH"', "write query = '''"),
        ("ATLEAST/3 a", 'holds the operator "ATLEAST/3"', "write query = '''"),
        ("aNEAR/5b", "holds an operator", "write query = '''"),
        ("3 OF (a, b)", "holds an operator", "write query = '''"),
        ("{x} AND y", 'holds the operator "AND"', '"{x}"'),
        ("title:tariff", 'begins with the field "title:"', "where"),
        ("title:tariff", 'begins with the field "title:"', "query = '''title:tariff'''"),
        ("Section 301(b)", 'holds "("', '"=Section 301(b)"'),
        ('"tariff"', "holds a quotation mark", '="'),
        ("a|b", 'holds "|"', ""),
        ("= Apple", 'blank after "="', '"=Apple"'),
        ("ch*", 'needs 3 letters or digits before its first "*"', "more of the word"),
        ("华*", "needs 2 letters or digits", ""),
        ("\u1112\u1161\u11ab*", "needs 2 letters or digits", ""),
        ("e\u0301e\u0301*", "needs 3 letters or digits", ""),
        ("سَن*", "needs 3 letters or digits", ""),
        ("U.S.A.*", "a wildcard that belongs to no word", ""),
        ("a? b", "needs 3 letters or digits", ""),
        ("col*r", 'has "*" inside a word', '"?"'),
        ("华为*公司", 'has "*" inside a word', ""),
        ("chip?*", "two wildcards side by side", ""),
        ("chip**", "two wildcards side by side", ""),
        ("export *", "a wildcard that belongs to no word", ""),
        ("@Gina Raimondo", "is read as the name of an entity", '"=@Gina Raimondo"'),
        ("/abc", 'begins with "/" but does not end', "=/abc"),
        ("/", "no letter or digit", ""),
        ("/a/", "3 plain characters", ""),
    ],
)
def test_terms_that_would_not_mean_what_they_seem_to(text, message, remedy):
    with pytest.raises(Mistake) as caught:
        parse_term(text)
    assert message in str(caught.value)
    assert remedy in caught.value.remedy


def test_aliases_may_begin_like_references():
    assert parse_plain("@POTUS") == Term(text="@POTUS")
    assert parse_plain("$TSLA") == Term(text="$TSLA")


@given(st.text(max_size=20))
def test_any_text_is_a_term_a_reference_or_a_mistake(text):
    try:
        term = parse_term(text)
    except Mistake:
        return
    if isinstance(term, Term):
        assert term.text.strip() == term.text != ""


@given(st.text(min_size=1, max_size=20))
def test_what_exact_promises_in_a_remedy_is_accepted(text):
    try:
        parse_term(text)
    except Mistake as mistake:
        promised = re.search(r'"(=.*)" (?:looks|to look)', mistake.remedy, re.DOTALL)
        if promised and "…" not in promised[1]:
            assert parse_term(promised[1]).kind == "exact"


# ── regular expressions ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("pattern", "message", "remedy"),
    [
        ("sanction(?=s)", "look-ahead", "none, mask or not_near"),
        ("(?<!un)verified", "look-ahead", ""),
        (r"\bchip", r"uses \b", "leave it out"),
        (r"chips\B", r"uses \b", ""),
        ("Entity list", 'has the capital "E"', "E → e"),
        ("[A-Z]bcd", 'has the capital "A"', ""),
        (r"\Qa*b\E", r"uses \Q", ""),
        ("(chip", "not a regular expression that RE2 accepts", "github.com"),
        (r"(chip)\1", "not a regular expression", ""),
        ("chip{5000}", "not a regular expression", ""),
        ("((((chips{100}){100}){100}){100})", "not a regular expression", ""),
        ("(chips)?", "matches the empty text", ""),
        ("chips|", "matches the empty text", ""),
        (".*", "matches the empty text", ""),
        ("[a-z]+", "3 plain characters", "sanction"),
        ("chips|eu", "3 plain characters", ""),
        ("(chips)?eu", "3 plain characters", ""),
        ("zürich", 'has "ü"', '"u"'),
        ("美國禁令", 'has "國"', '"国"'),
        ("cafe\u0301 ban", 'has "cafe\u0301 ban"', '"cafe ban"'),
        ("\u1112\u1161\u11ab국산품", 'has "\u1112\u1161\u11ab국산품"', '"한국산품"'),
        ("مُحمد", 'has "مُحمد"', '"محمد"'),
        ("नियन्त्रण\u200b", "never found", "remove it"),
        ("export\u00a0ban", 'has "\u00a0"', 'write " "'),
        (r"санкци\w+", r'uses \w, which knows letters like "a" only', r"\pL"),
        (r"санкци[\wй]+", r"uses \w", r"[\pL\pM\pN]"),
    ],
)
def test_expressions_that_cannot_work_are_refused(pattern, message, remedy):
    with pytest.raises(Mistake) as caught:
        check_regex(pattern)
    assert message in str(caught.value)
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("export (ban|curb)s?", ("export ",)),
        ("(tariff|duties) .* china", ("duties", "tariff")),
        ("foo|barn", ("barn", "foo")),
        ("a*bcd", ("bcd",)),
        ("(abc)?defg", ("defg",)),
        ("x{0,3}yyy", ("yyy",)),
        ("(abc){2}d", ("abc",)),
        (r"\$370 billion", ("$370 billion",)),
        ("((abc|def)|ghi)x", ("abc", "def", "ghi")),
        (r"u\.s\. (chip|entity) list", ("u.s. ",)),
        (r"chips\d+", ("chips",)),
        (r"\d+[^]x]?firms", ("firms",)),
        (r"\123abc", ("abc",)),
        (r"\x41bcd", ("bcd",)),
        (r"\pLabc", ("abc",)),
        ("a{,3}bcd", ("bcd",)),
        ("(?i)chips", ("chips",)),
        ("(?:chip|unit)s", ("chip", "unit")),
        ("(?P<what>chips)", ("chips",)),
        ("出口管制.{0,5}清单", ("出口管制",)),
        (r"\S+chip", ("chip",)),
        (r"chips\w+", ("chips",)),
        (r"санкци\pL+", ("санкци",)),
        ("प्रतिबंध(ों)?", ("प्रतिबंध",)),
        ("क\u093cानून", ("क\u093cानून",)),
    ],
)
def test_the_text_that_every_match_contains(pattern, expected):
    check_regex(pattern)
    assert literals(pattern) == expected


PIECES = st.recursive(
    st.sampled_from(["a", "b", "ab", "abc", "bca", ".", "[ab]", "[^a]", r"\d", r"\.", " "]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"(?:{pair[0]}|{pair[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{0,2}", "{1,2}", "{2}", "*?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        inner.map(lambda piece: f"({piece})"),
    ),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(pattern=PIECES | st.tuples(PIECES, st.sampled_from(["abc", "cab"]), PIECES).map("".join), data=st.data())
def test_no_match_lacks_the_text_that_every_match_contains(pattern, data):
    found = literals(pattern)
    assume(found)
    text = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=st.sampled_from("abc1. ")))
    assert any(literal in text for literal in found)
    assert all(len(literal) >= LITERAL for literal in found)


@given(st.text("ab(|)[]{}*+?.\\^$,0123456789:<>=!QpxP ", max_size=30))
def test_any_expression_is_accepted_or_refused(pattern):
    try:
        check_regex(pattern)
    except Mistake:
        return
    assert literals(pattern)


def test_deep_expressions_are_refused_or_read_without_harm():
    for depth in (50, 90):
        literals("(" * depth + "chips" + ")" * depth)
    assert literals("(" * 100 + "chips") == ()
