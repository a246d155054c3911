"""Folding, and the way back from folded to original characters."""

import re
import sys
import unicodedata

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.folding import fold_characters, fold_closely, fold_exactly, is_invisible, view
from bot.text import fold

T2S = opencc.OpenCC("t2s")

# Characters that expand, vanish, combine or belong to scripts with their own habits, met often enough to collide.
TROUBLE = "aeiosé \n\n-–—’“ßİıſﬁ½™\u0301\u0308\u0323\u200b\u00ad\ufeff"
TROUBLE += "ـ\ufe71ќ״華为ｶﾞカ\u3099한\u1112\u1161\u11abไทยनिर्ёй́שִׁمُØł\u2029\x85\x7f\ud800Σς"
anything = st.text(alphabet=st.sampled_from(TROUBLE) | st.characters(), max_size=40)

SAME = [
    ("Café", "cafe\u0301"),
    ("export control", "EXPORT\u00a0CONTROL"),
    ("export-control", "Export—Control"),
    ("it's", "It’s"),
    ("it's", "it´s"),
    ('"quoted"', "“quoted”"),
    ("export", "ex\u00adport"),
    ("export", "ex\u200bport"),
    ("firm", "ﬁrm"),
    ("strasse", "STRAẞE"),
    ("huawei", "Huawei™"),
    ("5g", "５Ｇ"),
    ("华为", "華為"),
    ("ガス", "ｶﾞｽ"),
    ("한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"),
    ("елка", "Ёлка"),
    ("ελλας", "ΕΛΛΆΣ"),
    ("محمد", "مُحَمَّد"),
    ("שלום", "שָׁלוֹם"),
    ("lodz", "Łódź"),
    ("istanbul", "İstanbul"),
    ("viet", "Việt"),
    ("الصين", "الصـــين"),
    ("الصين", "الصـِين"),
    ('ארה"ב', "ארה״ב"),
    ("צ'ילה", "צ׳ילה"),
    ("o'zbekiston", "Oʻzbekiston"),
]
DIFFERENT = [("мои", "мой"), ("かす", "がす"), ("का", "कि"), ("ا", "أ"), ("กา", "กี"), ("кука", "куќа")]


@pytest.mark.parametrize(("one", "other"), SAME, ids=[one for one, _ in SAME])
def test_spellings_of_one_word_fold_together(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=[one for one, _ in DIFFERENT])
def test_letters_that_only_look_accented_stay_apart(one, other):
    assert fold(one) != fold(other)


def by_definition(text):
    """Folding of a whole text at once, without any table and without offsets."""
    text = "".join(c for c in text if not is_invisible(c) and c not in "™℠\u0640")
    text = re.sub("[‘’‚‛ʻʼ`´′׳]", "'", re.sub("[“”„‟״]", '"', text))
    previous = None
    while previous != text:
        previous, text = text, unicodedata.normalize("NFKC", text.casefold())
    return text


def simplified(char):
    return T2S.convert(T2S.convert(char))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc", "Pd"]), max_size=30))
def test_folding_is_nfkc_and_case_fold_but_for_accents_and_chinese(text):
    folded, expected = fold_characters(text)[0], by_definition(text)
    strokes = str.maketrans("łøđħŧı", "lodhti")

    def letters(text):
        """Only what accents, dashes and Chinese variants leave alone."""
        apart = unicodedata.normalize("NFD", text.translate(strokes))
        return [simplified(c) for c in apart if unicodedata.category(c)[0] != "M" and c != "\u2212" and not c.isspace()]

    assert letters(folded.replace("-", "")) == letters(expected.replace("-", ""))


def test_folding_every_character_twice_changes_nothing():
    for point in range(sys.maxunicode + 1):
        once = fold_characters(chr(point))[0]
        if once != chr(point):
            assert fold_characters(once)[0] == once, hex(point)


@given(anything)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(anything, anything)
def test_words_apart_fold_apart(one, other):
    assert fold(f"{one} {other}") == " ".join([*fold(one).split(), *fold(other).split()])


@given(anything)
def test_every_folded_character_leads_back_to_what_it_was_made_from(text):
    page = view(text)
    for place, char in enumerate(page.text):
        start, end = page.span(place, place + 1)
        assert 0 <= start < end <= len(text)
        if char not in " \n":
            assert char in fold_characters(text[start:end])[0]


@given(anything, st.data())
def test_spans_go_back_in_order_and_return(text, data):
    page = view(text)
    if not page.text:
        return
    start = data.draw(st.integers(0, len(page.text) - 1))
    end = data.draw(st.integers(start + 1, len(page.text)))
    first, last = page.span(start, end)
    again = page.find(first, last)
    assert again[0] <= start
    assert page.span(*again)[0] == first
    following = [page.span(place, place + 1) for place in range(start, end)]
    assert following == sorted(following)
    assert first == following[0][0]
    assert last == following[-1][1]


@given(anything)
def test_folding_closely_agrees(text):
    bare, accents = fold_closely(text)
    assert bare == fold_characters(text)[0]
    assert len(bare) == len(accents)


def test_accents_are_kept_beside_the_letters():
    assert fold_closely("Zürich") == fold_closely("Zu\u0308rich") == ("zurich", ("", "\u0308", "", "", "", ""))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a  b", "a b"),
        ("a \n b", "a b"),
        ("a\r\nb", "a b"),
        ("a\n\nb", "a\nb"),
        ("a \n \r\n  b", "a\nb"),
        ("a\u2029b", "a\nb"),
        ("a - b", "a b"),
        ("a-\nb", "a b"),
        ("a–b — c", "a b c"),
    ],
    ids=repr,
)
def test_gaps_are_one_space_and_paragraphs_stay_apart(text, expected):
    assert view(text).text == expected


def test_hyphens_may_be_kept():
    assert view("Export–Control -  and\n\nmore", hyphens=True).text == "export-control - and\nmore"


def test_a_span_ends_before_what_cannot_be_seen():
    page = view("ex\u00adport\u200b control")
    assert page.span(0, 6) == (0, 7)


def test_an_empty_span_is_refused():
    with pytest.raises(ValueError, match="empty span"):
        view("text").span(2, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("“ＵＳ”", '"US"'), ("Zu\u0308rich", "Zürich"), ("a–b \n c", "a-b c"), ("華為\u200b", "華為"), ("ﬁrm", "firm")],
    ids=repr,
)
def test_the_light_fold_keeps_case_accents_and_chinese_forms(text, expected):
    assert fold_exactly(text) == expected


def test_lone_surrogates_do_not_survive():
    assert view("a\ud800b").text == "a\ufffdb"
