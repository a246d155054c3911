"""The words that are indexed: one spelling, East Asian characters one by one, borders between fields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.folding import view
from bot.search import indexed
from bot.search.words import LONGEST, MOST_BYTES, placed_words, search_words

TEXT = st.one_of(st.text(st.characters(codec=None), max_size=40), st.text("aé ﬁß.-'華为กิ็5\u0301\u200b\n", max_size=30))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Über Malmö's ﬁrst Straße", ["uber", "malmo", "s", "first", "strasse"]),
        ("華為Mate60发布", ["华", "为", "mate60", "发", "布"]),
        ("삼성전자가", ["삼", "성", "전", "자", "가"]),
        ("U.S. 1,000.5 A&B", ["u", "s", "1", "000", "5", "a", "b"]),
        ("हिन्दी", ["हिन्दी"]),
        ("_x_ ¶ ~", ["x"]),
        ("", []),
    ],
)
def test_the_words_of_a_text(text, words):
    assert search_words(text) == words


@given(TEXT)
def test_the_words_of_a_page_are_those_of_its_text(text):
    """What is highlighted is found by the same words as what is indexed."""
    folded = view(text).text
    assert [word for word, _, _ in placed_words(folded)] == search_words(text)
    for word, start, end in placed_words(folded):
        assert folded[start:end][:LONGEST] == word


@given(st.lists(TEXT, max_size=4))
def test_fields_stand_apart_between_single_spaces(fields):
    text = indexed(fields)
    assert text[0] == text[-1] == " "
    parts = [part.split() for part in text.split("¶")]
    assert parts == ([search_words(field) for field in fields if field] or [[]])


def test_words_and_texts_without_end_are_cut():
    assert search_words("a" * 1_000 + " b") == ["a" * LONGEST, "b"]
    text = indexed(["字" * 1_000_000])
    assert len(text.encode()) <= MOST_BYTES + 2
    assert text.startswith(" 字 字 ")
