"""What people may ask, and that no text is a syntax error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.search import Query, Term, parse
from bot.search.query import MOST_WORDS
from bot.search.words import search_words


def shape(text):
    """A query as text: groups of terms, a prefix with its star, "!" before what is not wanted."""
    query = parse(text)

    def term(each):
        return " ".join(each.words) + "*" * each.prefix

    groups = [" | ".join(map(term, group)) for group in query.groups]
    return ", ".join([*groups, *(f"!{term(each)}" for each in query.without)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("huawei", "huawei"),
        ("Huawei TARIFF", "huawei, tariff"),
        ('"Export Controls" china', "export controls, china"),
        ("“export controls” „neue Zölle“ «deux mots»", "export controls, neue zolle, deux mots"),
        ("tariff*", "tariff*"),
        ("tariff* -steel", "tariff*, !steel"),
        ("tariff NOT steel", "tariff, !steel"),
        ("tariff AND NOT steel", "tariff, !steel"),
        ('tariff -"hot rolled steel"', "tariff, !hot rolled steel"),
        ("tariff -steel*", "tariff, !steel*"),
        ("huawei ban OR sanction", "huawei, ban | sanction"),
        ("a OR b OR c d", "a | b | c, d"),
        ("a AND b", "a, b"),
        ("华为 禁令", "华 为, 禁 令"),
        ("華為", "华 为"),
        ("5G基站*", "5g 基 站*"),
        ("ก็", "ก ็"),
        ("U.S. don't 1,000 hot-rolled", "u s, don t, 1 000, hot rolled"),
        ("ﬁne Straße", "fine, strasse"),
    ],
)
def test_a_query_means(text, expected):
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("or and not", "or, and, not"),
        ("OR", "or"),
        ("OR a", "or, a"),
        ("a OR", "a, or"),
        ("a NOT", "a, not"),
        ("AND a", "and, a"),
        ('a "OR" b', "a, or, b"),
        ("a OR -b", "a, or, !b"),
        ("a OR NOT b", "a, or, !b"),
        ("a NOT b OR c", "a, or, c, !b"),
        ("a -b OR c", "a, or, c, !b"),
        ("a OR OR b", "a | or, b"),
        ("NOT NOT a b", "b, !a"),
        ('5" pipe', "5, pipe"),
        ('"unclosed phrase', "unclosed, phrase"),
        ('a"b c"', "a b, c"),
        ('""', None),
        ("a - b", "a, b"),
        ("a -- b", "a, b"),
        ("* a*b **", "a b"),
        ("title:huawei", "title huawei"),
        ("NEAR(a b, 5)", "near a, b, 5"),
        ("{a b} : c ^d (e)", "a, b, c, d, e"),
        ("words MATCH 'x'; DROP TABLE article; --", "words, match, x, drop, table, article"),
        ("a\0b <->  & | ! :*", "a b"),
    ],
)
def test_what_does_not_fit_is_a_word_like_any_other(text, expected):
    if expected is None:
        with pytest.raises(QueryError):
            parse(text)
    else:
        assert shape(text) == expected


@pytest.mark.parametrize("text", ["", "  ", "?!", "*", '""', "-", "- -", "\u200b", '"…"'])
def test_a_query_without_words_says_what_to_write(text):
    with pytest.raises(QueryError, match="holds no word to look for: write some"):
        parse(text)


@pytest.mark.parametrize("text", ["-a", "NOT a", '-"a b" -c'])
def test_a_query_that_only_says_what_is_not_wanted_says_what_to_add(text):
    with pytest.raises(QueryError, match="add a word to look for"):
        parse(text)


def test_a_query_as_long_as_an_article_is_refused():
    parse("word " * MOST_WORDS)
    with pytest.raises(QueryError, match=r"the query has 1,001 words: 200 are the most"):
        parse("字" * 1_001)


OPERATORS = st.sampled_from(["OR", "AND", "NOT", "-", '"', "*", " ", "“", "”", "a", "华", "-b"])
ANYTHING = st.one_of(st.text(st.characters(codec=None), max_size=60), st.lists(OPERATORS, max_size=14).map(" ".join))


@given(ANYTHING)
def test_any_text_is_a_query_or_names_nothing(text):
    try:
        query = parse(text)
    except QueryError:
        return
    assert query.groups
    assert all(query.groups)
    for term in (*query.terms, *query.without):
        assert term.words
        assert not set("".join(term.words)) & set(" \t\n\0'\"\\%_*:&|!()¶\ufffd")


@given(ANYTHING)
def test_no_word_of_the_text_is_lost(text):
    """Save the operators: what was typed is looked for, or told to be unwanted."""
    try:
        query = parse(text)
    except QueryError:
        return
    words = sorted(word for term in (*query.terms, *query.without) for word in term.words)
    typed = sorted(search_words(text))
    for operator in ("or", "and", "not"):
        words = [word for word in words if word != operator]
        typed = [word for word in typed if word != operator]
    assert words == typed


def test_the_naughty_strings_are_queries(corpora):
    """Each is a query or told to hold no word; nearly all hold one."""
    strings = json.loads((corpora / "evil" / "naughty_strings.json").read_text("utf-8"))["strings"]
    told = [text for text in strings if not is_query(text)]
    assert len(told) < len(strings) / 4


def is_query(text):
    try:
        return isinstance(parse(text), Query)
    except QueryError:
        return False


def test_a_term_is_a_value():
    assert parse("a") == parse("A") == Query(((Term(("a",)),),))
