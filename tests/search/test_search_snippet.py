"""Snippets: the right place, and offsets that are right whatever the text is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search import around, mark, parse, snippet
from bot.search.snippet import LENGTH
from bot.search.words import search_words


def hits(shown):
    return [shown.text[start:end] for start, end in shown.spans]


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Malmö, MALMO and Malmo\u0308.", "malmo", ["Malmö", "MALMO", "Malmo\u0308"]),
        ("Die Straße, die STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("of ﬁnance, ﬁne", "fin*", ["ﬁnance", "ﬁne"]),
        ("中國的華為公司與华为", "华为", ["華為", "华为"]),
        ("Hua\u00adwei and Hua\u200bwei", "huawei", ["Hua\u00adwei", "Hua\u200bwei"]),
        ("the U.S.\n\nand the u s", "u.s.", ["U.S", "u s"]),
        ("export\n  controls; export-controls", '"export controls"', ["export controls", "export-controls"]),
        ("a b c", '"a b" "b c"', ["a b c"]),
        ("㍿ and 株式会社", "会社", ["㍿", "会社"]),
        ("steel and tin", "tin OR lead -steel", ["tin"]),
        ("nothing", "else", []),
    ],
)
def test_hits_are_marked_in_the_original_text(text, query, expected):
    assert hits(mark(text, parse(query))) == expected
    assert hits(snippet(text, parse(query))) == expected


def test_a_snippet_shows_most_of_the_words_together():
    text = "Huawei said no. " + "Filler words go on. " * 40 + "A ban on Huawei came. " + "More filler here. " * 40
    shown = snippet(text, parse("huawei ban"))
    assert hits(shown) == ["ban", "Huawei"]
    assert shown.text.startswith("…")
    assert shown.text.endswith("…")
    assert len(shown.text) <= LENGTH + 2


def test_without_a_hit_the_beginning_is_shown():
    shown = snippet("  First words. " + "word " * 100, parse("absent"))
    assert shown.text.startswith("First words. word")
    assert shown.text.endswith("word…")
    assert shown.spans == ()
    assert snippet("", parse("absent")).text == ""


def test_what_takes_two_cells_is_shown_half_as_long():
    shown = snippet("字" * 500 + "华为" + "字" * 500, parse("华为"))
    assert hits(shown) == ["华为"]
    assert len(shown.text) == LENGTH // 2 + 2


def test_nothing_in_a_snippet_can_harm_a_terminal():
    shown = mark("\x1b[31mred\x07 Hua\u202ewei\u2028x\ud800", parse("huawei"))
    assert shown.text == "[31mred Huawei x\ufffd"
    assert hits(shown) == ["Huawei"]


PIECES = [
    "huawei",
    "HUAWEI",
    "華為",
    "华为",
    "ﬁ",
    "fi",
    "ß",
    "ss",
    "é",
    "e\u0301",
    "ก็",
    " ",
    "\n\n",
    "-",
    ".",
    "\u200b",
]
FILL = st.sampled_from([*PIECES, "x", "字", "㍿", "\x1b", "word " * 60])
QUERY = st.sampled_from(["huawei", "华为", "fi", "fi*", "strasse", "ss", "e", '"huawei 华为"', "ก็", "x OR 字", "e*"])


@given(st.lists(FILL, max_size=30).map("".join), QUERY)
def test_every_span_holds_words_that_were_asked_for(text, asked):
    query = parse(asked)
    shown = snippet(text, query)
    last = 0
    for start, end in shown.spans:
        assert last <= start < end <= len(shown.text)
        last = end
        marked = search_words(shown.text[start:end])
        assert any(begins_with(marked[place:], term) for term in query.terms for place in range(len(marked)))
    whole = search_words(text)
    found = any(begins_with(whole[place:], term) for term in query.terms for place in range(len(whole)))
    assert bool(shown.spans) == found


def begins_with(words, term):
    size = len(term.words)
    *first, last = term.words
    if len(words) < size or words[: size - 1] != first:
        return False
    return words[size - 1].startswith(last) if term.prefix else words[size - 1] == last


def test_places_that_are_known_are_shown_with_what_stands_around_them():
    text = "a " * 300 + "the number 15 CFR 744.23 and 744.11 stand here" + " b" * 300
    places = [(text.index(number), text.index(number) + 6) for number in ("744.23", "744.11")]
    shown = around(text, places)
    assert hits(shown) == ["744.23", "744.11"]
    assert "the number 15 CFR" in shown.text
    assert len(shown.text) <= LENGTH + 2
    assert around("no place\nis known", []).text == "no place is known"
