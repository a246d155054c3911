"""Queries by the thousand: written and read again, spans, arbitrary text, and how the work grows with the size."""

import re
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from query_names import CHIPS, FIRMS, HUAWEI, LONE, read

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
    Term,
    Together,
    children,
)
from bot.rules.query import as_tree, excerpt, frame, inside, spell, write
from bot.rules.query.lowering import MANNER
from bot.rules.query.nodes import And, Leaf, Or, Pair
from bot.rules.terms import exact_term, parse_term, word_term
from bot.tomlfile.models import Mistake

WORDS = (
    "tariff Zürich U.S. C++ AT&T Moody's $370 AND or NEAR/5 @x =y /z title:a a,b (c) [d] -e +f 'g' say“h” i\\j k\"l",
    "экспорт Ελλάδα صادرات יצוא निर्यात ส่งออก 出口管制 輸出 수출 խաղաղություն 5G № ½ ﬁrm e\u0301te",
)
PATTERNS = (
    "sanction(s|ed)",
    "export ban",
    "press/release",
    r"\$370 bn",
    r"a\\bcd",
    "出口管制.{0,5}清单",
    r"u\.s\. \(chips\)",
)
FIELDS = ("title", "body", "lead", "lead:60", "lead:9999")
FACTS = {
    "source": ["reuters", "federal-register"],
    "tier": ["official", "wire"],
    "lang": ["en", "zh-Hant"],
    "url": ["/press/", "a?b=c#d", 'x"y\\z', "example.org/*".rstrip("*")],
}
COUNTS = st.integers(0, 1000)


def made(make, text):
    try:
        return make(text, MANNER)
    except Mistake:
        return None


plain_texts = st.lists(st.sampled_from(" ".join(WORDS).split()), min_size=1, max_size=3).map(" ".join) | st.text(
    min_size=1, max_size=12
)
terms = st.one_of(
    plain_texts.map(lambda text: made(word_term, text)),
    plain_texts.map(lambda text: made(exact_term, text)),
    st.sampled_from(["chip*", "wom?n", "华为*", "export control*", 'say "exp*'.strip()]).map(
        lambda text: made(word_term, text)
    ),
    st.sampled_from(PATTERNS).map(lambda pattern: Term(text=pattern, kind="regex")),
).filter(bool)
names = st.sampled_from([HUAWEI, LONE, CHIPS, FIRMS])
sides = st.recursive(
    terms | names,
    lambda inner: st.lists(inner, min_size=2, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    max_leaves=4,
)
pairs = st.one_of(
    st.builds(Near, sides, sides, COUNTS, st.booleans()),
    st.builds(FarFrom, sides, sides, COUNTS),
    st.builds(Together, sides, sides, st.sampled_from(["sentence", "paragraph"])),
)


def counted(parts, data):
    return CountOf(1 + data % len(parts), tuple(parts))


counts = st.one_of(
    st.builds(
        counted,
        st.lists(st.one_of(sides, pairs).filter(lambda e: e not in (CHIPS, FIRMS)), min_size=1, max_size=4),
        COUNTS,
    ),
    st.builds(AtLeast, st.integers(1, 1000), sides),
)
facts = st.one_of(
    *(
        st.sampled_from(values).map(lambda text, field=field: Meta(field, Term(text=text)))
        for field, values in FACTS.items()
    ),
    terms.map(lambda term: Meta("author", term)),
)


def exprs(depth, fields=FIELDS, outside=True):
    """Expressions that may stand inside one of ``fields``; outside of all of them facts may stand too."""
    base = st.one_of(terms, names, pairs, counts, *([facts] if outside else []))
    if not depth:
        return base
    inner = exprs(depth - 1, fields, outside)
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        base,
        several.map(AnyOf),
        several.map(AllOf),
        inner.map(Not),
        exprs(depth - 1, tuple(f for f in fields if f == "title"), outside=False).map(
            lambda part: InField(part, "title")
        )
        if "title" in fields
        else base,
        st.builds(
            InField,
            exprs(depth - 1, tuple(f for f in fields if f != "title"), outside=False),
            st.sampled_from([f for f in fields if f != "title"]),
        )
        if fields != ("title",) and fields
        else base,
    )


EXPRS = exprs(3)


@given(EXPRS)
@settings(max_examples=300)
def test_what_is_written_is_read_as_the_same(expr):
    parsed = read(write(expr), anchored=False)
    assert parsed.faults == ()
    assert parsed.expr == expr
    assert parsed.tree == as_tree(expr)


@given(
    plain_texts | plain_texts.map("={}".format) | st.sampled_from(PATTERNS).map("/{}/".format) | st.just(r"/a\/bcd\//")
)
def test_a_term_of_a_typed_rule_is_written_as_a_query_that_means_it(text):
    try:
        term = parse_term(text)
    except Mistake:
        return
    assume(isinstance(term, Term))
    assert read(write(term)).expr == term


BARE = re.compile(r"[a-zà-ÿа-яα-ωء-ي一-鿿]+")
OPERATOR_LIKE = {"and", "or", "not", "near", "of", "in"}


def loosely(node, draw):
    """The node as a person might write it: bare words, brackets that add nothing, blanks and line ends."""
    blank = draw(st.sampled_from([" ", "  ", "\n", "\t ", "\u3000"]))
    if isinstance(node, Leaf):
        simple = node.form == "phrase" and BARE.fullmatch(node.text) and node.text not in OPERATOR_LIKE
        text = node.text if simple and draw(st.booleans()) else spell(node)
    else:
        before, parts, between, after = frame(node)
        between = between.replace(" ", blank) if between.strip() in ("AND", "OR", ",") else between
        text = before + between.join(loosely(part, draw) for part in parts) + after
    if isinstance(node, (Leaf, And, Or, Pair)) and draw(st.integers(0, 4)) == 0:
        text = f"({blank}{text}{blank})"
    return text


@st.composite
def written_loosely(draw):
    expr = draw(EXPRS)
    return expr, loosely(as_tree(expr), draw)


def below(node):
    yield node
    for part in inside(node):
        yield from below(part)


@given(written_loosely())
@settings(max_examples=200)
def test_a_tree_is_what_its_text_says(written):
    expr, text = written
    tree = read(text, anchored=False).tree
    assert read(text, anchored=False).expr == expr
    assert read(spell(tree), anchored=False).tree == tree
    for node in below(tree):
        assert read(text[node.start : node.end], anchored=False).tree == node
        for part in inside(node):
            assert node.start <= part.start < part.end <= node.end
        for first, second in zip(inside(node), inside(node)[1:], strict=False):
            assert first.end <= second.start


def test_a_place_is_no_part_of_what_a_node_is():
    assert read("a AND b").tree == read("( a ) AND\n b").tree
    assert read("a AND b").tree != read('a AND "b"').tree


PIECES = st.sampled_from(
    [
        "a",
        "b",
        '"c',
        'd"',
        "“",
        '"',
        "'",
        "(",
        ")",
        ",",
        "AND",
        "OR",
        "NOT",
        "and",
        "or",
        "not",
        "NEAR/5",
        "ONEAR/2",
        "NEAR",
        "near",
        "IN",
        "SENTENCE",
        "WITH",
        "PARAGRAPH",
        "OF",
        "2",
        "ATLEAST/2",
        "title:",
        "lead:9:",
        "source:",
        "tier:",
        "url:",
        "author:",
        "@huawei",
        "$chips",
        "@nobody",
        "$",
        "@",
        "=",
        "=x",
        "/abc/",
        "/x",
        "\\",
        "*",
        "ch*",
        "&&",
        "|",
        "+",
        "-",
        "!",
        "~2",
        "（",
        "）",
        "，",
        "「",
        "1,0",
        "a:b",
    ]
)


@given(
    st.lists(PIECES, max_size=20).map(" ".join)
    | st.lists(PIECES | st.just("\n"), max_size=20).map("".join)
    | st.text(max_size=60)
    | st.text(st.sampled_from("()\"“'\\/=@$:,ab \nANDORT*"), max_size=40)
)
@settings(max_examples=600)
def test_any_text_gives_an_expression_or_faults(text):
    parsed = read(text)
    assert (parsed.expr is None) == bool(parsed.faults)
    assert [(fault.start, fault.end) for fault in parsed.faults] == sorted((f.start, f.end) for f in parsed.faults)
    for fault in parsed.faults:
        assert 0 <= fault.start <= fault.end <= len(text)
        assert fault.start < fault.end or not text
        assert fault.message
        assert "^" in excerpt(text, fault)
    if parsed.expr is not None:
        assert read(write(parsed.expr)).expr == parsed.expr


def test_half_a_character_is_no_harm():
    assert read("\ud800 AND a").faults
    assert read("a\udcff").expr is not None or read("a\udcff").faults


@given(EXPRS)
@settings(max_examples=50)
def test_no_part_is_lost_on_the_way(expr):
    assume(children(expr))
    tree = as_tree(expr)
    assert spell(tree) == frame(tree).before + frame(tree).between.join(map(spell, inside(tree))) + frame(tree).after


# ── large queries ────────────────────────────────────────────────────────────────────────────────


def calls(text):
    """The function calls that reading the text takes, its faults drawn."""
    count = 0

    def note(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        parsed = read(text)
        for fault in parsed.faults[:20]:
            excerpt(text, fault)
    finally:
        sys.setprofile(before)
    return count, parsed


REPEATED = [
    "a AND ", "a OR ", "a OR b AND ", "a NEAR/5 ", "a ", '"a" ', "(a) ", "a, ", "(a OR b) AND ", '"', "“", "(", ")", "()", ")(",
    "NOT ", "a NOT ", "title:", "title:a ", "2 OF (a, b) ", "ATLEAST/2 ", "/a ", "/a", "'a ", "'a' ", "\\", '\\"', "@x ", "$chips OR ",
    "1,", "near ", "NEAR ", "AND ", "a:", "a\n", "IN SENTENCE ", "a~", "=", "= ", "…", "~", "+", "（",
]  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED)
def test_the_work_grows_with_the_size_and_no_faster(piece):
    fits = min(450, 9000 // len(piece))
    small, large = calls(piece * (fits // 3))[0], calls(piece * fits)[0]
    assert large < 4 * small + 1000


@pytest.mark.parametrize("piece", ["(", "a AND ", '"', "NOT "])
def test_a_query_that_is_too_long_is_refused_unread(piece):
    count, parsed = calls(piece * (100_000 // len(piece)))
    assert count < 3000  # nearly all of them for drawing the place
    assert [fault.message for fault in parsed.faults] == ["the query has more than 20,000 characters"]
    assert parsed.faults[0].start == 20_000


def test_a_query_of_too_many_words_is_refused_with_one_fault():
    assert read("a AND " * 999 + "a").expr == AllOf((Term(text="a"),) * 1000)
    text = "a AND " * 1000 + "a"
    (fault,) = read(text).faults
    assert (text[fault.start :], fault.message) == ("a", "the query has more than 2,000 words and operators")


@pytest.mark.parametrize(
    ("before", "after"),
    [("(", ")"), ("NOT (", ")"), ("title:(", ")"), ("NOT ", ""), ("title:", ""), ("1 OF (", ")"), ("(", "")],
)
def test_what_stands_too_deep_is_refused_with_one_fault(before, after):
    text = before * 60 + "a" + after * 60
    (fault,) = read(text).faults
    assert fault.message == "brackets, NOTs and fields stand more than 50 deep"
    assert text[fault.start] in before
    assert len(read(before * 20 + "a" + after * 20, anchored=False).faults) <= 20


def test_brackets_may_stand_fifty_deep():
    assert read("(" * 50 + "a" + ")" * 50).expr == Term(text="a")
    assert read("(" * 51 + "a" + ")" * 51).expr is None
