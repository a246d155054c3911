"""How much of an article may be quoted: total, places of the cuts, hits in sight."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Hit, Mention, News, Sentence
from bot.rights import Allowance, headline, note, shortened

TEXT = "Officials said on Monday that the new tariff on steel pipes would take effect in the coming spring."


def sentence(text, *, at=0, hit=None, field="body"):
    spans = ((text.index(hit), text.index(hit) + len(hit)),) if hit else ()
    return Sentence(field=field, start=at, end=at + len(text), text=text, spans=spans)


def mention(*sentences, hits=()):
    return Mention(rule="r", rule_hash="h", hits=tuple(hits), sentences=sentences)


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (200, TEXT.replace("tariff", "*tariff*")),
        (60, "…that the new *tariff* on steel pipes would take effect in…"),
        (30, "…the new *tariff* on steel…"),
        (10, "…*tariff*…"),
        (6, "…*tari*…"),
        (2, ""),
        (0, ""),
    ],
)
def test_a_cut_keeps_the_hit_in_sight_and_ends_at_words(room, shown):
    text, spans = shortened(TEXT, [(38, 44)], room)
    marked = "".join(f"{text[:a]}*{text[a:b]}*{text[b:]}" for a, b in spans) if spans else text
    assert (marked, len(text) <= room) == (shown, True)


def test_a_text_without_spaces_is_cut_where_it_is_and_no_letter_loses_its_marks():
    assert shortened("华为被列入实体清单" * 3, [(0, 2)], 8) == ("华为被列入实体…", ((0, 2),))
    assert shortened("e\u0301" * 10, [], 6)[0] == "e\u0301" * 2 + "…"


@given(
    st.text(alphabet="ab \n\u0301中é", max_size=80),
    st.lists(st.tuples(st.integers(0, 80), st.integers(1, 20)), max_size=3),
    st.integers(0, 90),
)
def test_what_is_shown_is_a_stretch_of_the_text_and_its_spans_are_those_of_the_text(text, marks, room):
    spans = sorted((a, min(len(text), a + size)) for a, size in marks if a < len(text))
    shown, moved = shortened(text, spans, room)
    assert len(shown) <= room or shown == text == ""
    inner = shown.removeprefix("…").removesuffix("…")
    assert inner in text
    assert all(0 <= a < b <= len(shown) and shown[a:b] in text for a, b in moved)
    assert not (shown.startswith("…") and inner and unicodedata.combining(inner[0]) and not spans)


def test_the_limit_is_for_all_sentences_together_and_says_what_it_did():
    one, two, three = (sentence(TEXT, at=at, hit="tariff") for at in (0, 200, 400))
    allowed = Allowance(150)
    kept = allowed.sentences([one, two, three])
    assert kept[0] == one
    assert [len(each.text) <= 51 for each in kept[1:]] == [True]
    assert "tariff" in kept[1].text
    assert sum(len(each.text) for each in kept) <= 150
    assert allowed.note == "excerpt limited by the source: 150 characters"
    assert [(each.start, each.end) for each in kept] == [(0, len(TEXT)), (200, 200 + len(TEXT))]


def test_the_first_sentence_is_shown_however_small_the_limit_and_no_scrap_of_a_second():
    allowed = Allowance(15)
    assert [each.text for each in allowed.sentences([sentence(TEXT, hit="tariff")] * 2)] == ["…new tariff on…"] * 2
    assert allowed.sentences([sentence("Other words that nobody has seen.", at=300)]) == ()


def test_a_sentence_that_was_quoted_costs_nothing_more_and_shows_the_same_characters():
    allowed = Allowance(40)
    first = allowed.sentences([sentence(TEXT, hit="tariff")])[0]
    again = allowed.sentences([sentence(TEXT, hit="steel")])[0]
    assert first.text == again.text
    assert [first.text[a:b] for a, b in again.spans] == ["steel"]


def test_no_excerpt_is_no_sentence_and_is_said():
    allowed = Allowance(0)
    assert allowed.sentences([sentence(TEXT), sentence("Headline", field="title")]) == (
        sentence("Headline", field="title"),
    )
    assert (allowed.words("A quotation."), allowed.note) == ("", "this source allows no excerpt")


def test_without_a_limit_everything_stays_and_nothing_is_said():
    allowed = Allowance(None)
    every = (sentence(TEXT, hit="tariff"), sentence("A title", field="title"))
    assert (allowed.sentences(every), allowed.words(TEXT), allowed.headline(TEXT)) == (every, TEXT, TEXT)
    assert allowed.note == ""


def test_nothing_is_said_where_nothing_was_left_out():
    allowed = Allowance(len(TEXT))
    assert allowed.sentences([sentence(TEXT)]) == (sentence(TEXT),)
    assert allowed.note == ""


def test_a_derived_title_is_words_of_the_text():
    allowed = Allowance(50, derived=True)
    title = allowed.headline("The ministry lowers tariffs")
    rest = allowed.sentences([sentence(TEXT, hit="tariff")])
    assert title == "The ministry lowers tariffs"
    assert len(title) + sum(len(each.text) for each in rest) <= 50
    assert headline("The ministry lowers tariffs", 13, derived=True) == "The ministry…"
    assert headline("The ministry lowers tariffs", 13, derived=False) == "The ministry lowers tariffs"
    assert headline("The ministry lowers tariffs", 0, derived=True) == ""


def test_what_a_pattern_finds_counts_and_a_word_that_a_rule_names_does_not():
    pattern = Hit(term="/new .* pipes/", field="body", start=34, end=60, text="new tariff on steel pipes")
    word = Hit(term="tariff", field="body", start=38, end=44, text="tariff")
    allowed = Allowance(0)
    kept = allowed.found(mention(sentence(TEXT), hits=(pattern, word)))
    assert [hit.text for hit in kept.hits] == ["", "tariff"]
    assert kept.sentences == ()
    assert Allowance(None).found(mention(hits=(pattern,))).hits == (pattern,)


def test_the_note_counts():
    assert note(1) == "excerpt limited by the source: 1 character"


def test_news_are_told_in_our_words_and_quotations_in_as_many_as_are_allowed():
    figure = News(
        kind="figure", value="7", text="7 % (tariff)", reason="no earlier one", weight=0.5, sentence=sentence(TEXT)
    )
    quote = News(kind="quote", value="x", text=f"A minister: “{TEXT}”", reason="new words", weight=0.3)
    assert Allowance(None).news([figure, quote]) == (figure, quote)
    few = Allowance(40).news([figure, quote])
    assert [(each.text, each.sentence) for each in few] == [
        ("7 % (tariff)", None),
        ("A minister: “Officials said on Monday…", None),
    ]
    assert [each.text for each in Allowance(0).news([figure, quote])] == ["7 % (tariff)", "new words"]
