"""What a query means: text → expression."""

import pytest
from query_names import CHIPS, HUAWEI, LONE, read, term

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
)
from bot.rules.query import excerpt, write
from bot.rules.query.nodes import QueryFault

A, B, C, D = map(term, "abcd")


def exact(text):
    return Term(text=text, kind="exact")


def wild(text):
    return Term(text=text, kind="wildcard")


def fact(field, text):
    return Meta(field, term(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # words and phrases
        ("tariff", term("tariff")),
        ('"export control"', term("export control")),
        ("“export control„", term("export control")),
        ("‟a“", A),
        (r'"a \"b\" \\ \“c"', term('a "b" \\ “c')),
        ('"AND"', term("AND")),
        ('"@x y" OR "/a/" OR "title:b" OR "=c"', AnyOf((term("@x y"), term("/a/"), term("title:b"), term("=c")))),
        ("chip*", wild("chip*")),
        ('"export control*"', wild("export control*")),
        ("wom?n", wild("wom?n")),
        ("=Apple", exact("Apple")),
        ('="Big Apple*"', exact("Big Apple*")),
        ("=@x OR =title:a", AnyOf((exact("@x"), exact("title:a")))),
        ("/sanction(s|ed) on/", Term(text="sanction(s|ed) on", kind="regex")),
        (r"(/press\/release\./)", Term(text=r"press/release\.", kind="regex")),
        ("Moody's OR C++ OR AT&T OR Yahoo!", AnyOf((term("Moody's"), term("C++"), term("AT&T"), term("Yahoo!")))),
        ("$370 OR #hash OR 5G", AnyOf((term("$370"), term("#hash"), term("5G")))),
        ("'90s", term("'90s")),
        ("near OR of OR IN OR OF", AnyOf((term("near"), term("of"), term("IN"), term("OF")))),
        ("出口管制 OR экспорт OR निर्यात OR ส่งออก", AnyOf(tuple(map(term, ("出口管制", "экспорт", "निर्यात", "ส่งออก"))))),
        # names
        ("@huawei", HUAWEI),
        ("$chips", CHIPS),
        ("(@bis)", LONE),
        # AND, OR, NOT, brackets
        ("a AND b AND c", AllOf((A, B, C))),
        ("a\n  OR\tb\u3000OR c", AnyOf((A, B, C))),
        ("((a))", A),
        ("((a AND b))", AllOf((A, B))),
        ("(a AND b) AND c", AllOf((AllOf((A, B)), C))),
        ("a AND (b OR c)", AllOf((A, AnyOf((B, C))))),
        ("(a OR b)AND(c OR d)", AllOf((AnyOf((A, B)), AnyOf((C, D))))),
        ("a AND NOT b", AllOf((A, Not(B)))),
        ("NOT a AND b", AllOf((Not(A), B))),
        ("NOT (a OR b) AND c", AllOf((Not(AnyOf((A, B))), C))),
        ("a AND NOT (NOT b)", AllOf((A, Not(Not(B))))),
        # occurrences close to each other
        ("a NEAR/5 b", Near(A, B, 5)),
        ("a NEAR/0 b", Near(A, B, 0)),
        ("a ONEAR/1000 b", Near(A, B, 1000, ordered=True)),
        ("a NOT NEAR/5 b", FarFrom(A, B, 5)),
        ("a  NOT\n NEAR/5(b)", FarFrom(A, B, 5)),
        ("a IN SENTENCE WITH b", Together(A, B, "sentence")),
        ("a IN  PARAGRAPH\nWITH b", Together(A, B, "paragraph")),
        ("(a OR (b OR @huawei)) NEAR/2 $chips", Near(AnyOf((A, AnyOf((B, HUAWEI)))), CHIPS, 2)),
        ("a NEAR/5 b AND c", AllOf((Near(A, B, 5), C))),
        ("a OR b NEAR/5 c", AnyOf((A, Near(B, C, 5)))),
        ("a AND NOT (b NEAR/5 c)", AllOf((A, Not(Near(B, C, 5))))),
        # fields
        ("title:a", InField(A, "title")),
        ('title:"a b" AND body:(c OR d)', AllOf((InField(term("a b"), "title"), InField(AnyOf((C, D)), "body")))),
        ("lead:60", InField(term("60"), "lead")),
        ("lead:60:a OR lead:9999:(b)", AnyOf((InField(A, "lead:60"), InField(B, "lead:9999")))),
        ("title: =Apple", InField(exact("Apple"), "title")),
        ("title:@huawei", InField(HUAWEI, "title")),
        ("title:(a NEAR/5 b AND NOT c)", InField(AllOf((Near(A, B, 5), Not(C))), "title")),
        ("title:(a AND NOT title:b)", InField(AllOf((A, Not(InField(B, "title")))), "title")),
        (
            "body:(lead:a) AND lead:(body:b)",
            AllOf((InField(InField(A, "lead"), "body"), InField(InField(B, "body"), "lead"))),
        ),
        ("title:2 OF (a, b)", InField(CountOf(2, (A, B)), "title")),
        # facts
        ("a AND source:reuters", AllOf((A, fact("source", "reuters")))),
        ("a AND tier:(official OR wire)", AllOf((A, AnyOf((fact("tier", "official"), fact("tier", "wire")))))),
        ("a AND NOT lang:(zh)", AllOf((A, Not(fact("lang", "zh"))))),
        ("a AND lang:(NOT en-US)", AllOf((A, Not(fact("lang", "en-US"))))),
        ('a AND url:"/press/"', AllOf((A, fact("url", "/press/")))),
        ("a AND url:/press/", AllOf((A, fact("url", "/press/")))),
        ("a AND url:https://a.example/b?c=d", AllOf((A, fact("url", "https://a.example/b?c=d")))),
        ('author:"Ana Swanson" AND a', AllOf((fact("author", "Ana Swanson"), A))),
        (
            "author:(=Li OR swan*) AND a",
            AllOf((AnyOf((Meta("author", exact("Li")), Meta("author", wild("swan*")))), A)),
        ),
        (
            "a AND author:$chips",
            AllOf((A, AnyOf((fact("author", "semiconductor"), Meta("author", wild("chip*")))))),
        ),
        # counts
        ("2 OF (a, b, c)", CountOf(2, (A, B, C))),
        ("1 OF(a)", CountOf(1, (A,))),
        ("2 OF (a, (b OR c), a NEAR/5 d)", CountOf(2, (A, AnyOf((B, C)), Near(A, D, 5)))),
        ("3 OF ($chips, @huawei)", CountOf(3, (term("semiconductor"), wild("chip*"), LONE, HUAWEI))),
        ("2 OF ((a), b OR $chips)", CountOf(2, (A, AnyOf((B, CHIPS))))),
        ("ATLEAST/3 a", AtLeast(3, A)),
        ("ATLEAST/3 (a OR @huawei) AND b", AllOf((AtLeast(3, AnyOf((A, HUAWEI))), B))),
    ],
)
def test_a_query_is_read(text, expected):
    parsed = read(text)
    assert parsed.faults == ()
    assert parsed.expr == expected
    assert read(write(expected)).expr == expected


def test_nothing_need_occur_where_none_is_asked_for():
    assert read("NOT a", anchored=False).expr == Not(A)
    assert read("source:x", anchored=False).expr == fact("source", "x")


@pytest.mark.parametrize(
    ("expr", "expected"),
    [
        (A, '"a"'),
        (Term(text='say "AND"\\“', kind="exact"), r'="say \"AND\"\\\“"'),
        (Term(text=r"a/b\/c\\/", kind="regex"), r"/a\/b\/c\\\//"),
        (AllOf((AnyOf((A, B)), Not(C))), '(("a" OR "b") AND NOT "c")'),
        (Not(AllOf((A, B))), 'NOT ("a" AND "b")'),
        (Not(Not(A)), 'NOT (NOT "a")'),
        (InField(Not(A), "lead:9"), 'lead:9:(NOT "a")'),
        (InField(CountOf(1, (A, HUAWEI)), "title"), 'title:(1 OF ("a", @huawei))'),
        (Not(AtLeast(2, AnyOf((A, CHIPS)))), 'NOT ATLEAST/2 ("a" OR $chips)'),
        (FarFrom(A, HUAWEI, 3), '("a" NOT NEAR/3 @huawei)'),
        (Together(A, B, "sentence"), '("a" IN SENTENCE WITH "b")'),
        (Meta("author", wild("swan*")), 'author:"swan*"'),
        # what only rules with typed keys hold
        (AnyOf((A,)), '"a"'),
        (LONE.parts[0], "@bis"),
        (CountOf(1, (CHIPS, A)), '1 OF (("semiconductor" OR "chip*" OR @bis), "a")'),
    ],
)
def test_an_expression_is_written_with_every_bracket(expr, expected):
    assert write(expr) == expected


# ── the drawn place ──────────────────────────────────────────────────────────────────────────────


def drawn(text, start, end):
    return excerpt(text, QueryFault(start=start, end=end, message="")).split("\n")


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("a OR OR b", 5, 7, ["a OR OR b", "     ^^"]),
        ("a\n  AND OR b\nc", 8, 10, ["  AND OR b", "      ^^"]),
        ("“出口管制” 关税", 7, 9, ["“出口管制” 关税", "           ^^^^"]),
        ("cafe\u0301 x", 6, 7, ["cafe\u0301 x", "     ^"]),
        ("\ta\tb\x00", 3, 5, [" a b�", "   ^^"]),
        ("关税\u3000and\u00a0b", 3, 6, ["关税 and b", "     ^^^"]),
        ("می\u200cخواهم and b", 9, 12, ["میخواهم and b", "        ^^^"]),
        ("a AND", 5, 5, ["a AND", "     ^"]),
        ("(a\nOR b", 0, 7, ["(a", "^^"]),
        ("", 0, 0, ["", "^"]),
    ],
)
def test_carets_stand_under_the_place(text, start, end, expected):
    assert drawn(text, start, end) == expected


@pytest.mark.parametrize("filler", ["tariff OR ", "关税 OR "])
def test_a_long_line_is_cut_around_the_place(filler):
    text = filler * 50 + "bad" + f" OR {filler}" * 50
    line, carets = drawn(text, len(filler) * 50, len(filler) * 50 + 3)
    assert line.startswith("…")
    assert line.endswith("…")
    wide = sum(2 if char > "\u2e80" else 1 for char in line)
    assert 60 < wide <= 76
    before = sum(2 if char > "\u2e80" else 1 for char in line.partition("bad")[0])
    assert carets == " " * before + "^^^"
