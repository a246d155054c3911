"""Words, sentences, and what may be shown."""

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import breaks_word, clean, cut, fold, sentences, sentences_around, word_starts, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Export-control rules", ["export", "control", "rules"]),
        ("don't Huawei’s", ["don't", "huawei's"]),
        ("the U.S. and U.S.A.", ["the", "us", "and", "usa"]),
        ("$1,370.5 billion, 5G", ["1,370.5", "billion", "5g"]),
        ("华为手机 Mate60", ["华", "为", "手", "机", "mate60"]),
        ("AI技术", ["ai", "技", "术"]),
        ("한국 정부", ["한", "국", "정", "부"]),
        ("निर्यात नियंत्रण", ["निर्यात", "नियंत्रण"]),
        ("การค้า ไทย", ["การค้า", "ไทย"]),
        ("санкции США", ["санкции", "сша"]),
        ("a_b ... 'x'", ["a", "b", "x"]),
        ("end. Now", ["end", "now"]),
        ("", []),
    ],
    ids=repr,
)
def test_words(text, expected):
    assert words(fold(text)) == expected


@given(st.text(max_size=60))
def test_every_letter_and_digit_is_in_exactly_one_word(text):
    folded = fold(text)
    letters = [char for char in folded if char.isalnum()]
    assert [char for word in words(folded) for char in word if char.isalnum()] == letters
    assert len(word_starts(folded)) == len(words(folded))


@given(st.text(alphabet="abc .,'u1", max_size=30))
def test_the_short_pattern_for_ascii_finds_the_same_words(text):
    assert words(text) == words(text + " é")[:-1]


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("export", 3, False),
        ("ex port", 2, True),
        ("ex port", 3, True),
        ("用ai写", 1, True),
        ("用ai写", 3, True),
        ("华为", 1, True),
        ("का", 1, False),
        ("มี5", 2, True),
        ("มี", 1, False),
        ("ni5", 2, False),
        ("c++x", 3, True),
        ("x", 0, True),
        ("x", 1, True),
    ],
)
def test_word_edges(text, place, expected):
    assert breaks_word(text, place) is expected


def split(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "listed",
    [
        ["One.", "Two!", "Three?"],
        ["Mr. Smith met Dr. Jones.", "They spoke."],
        ["The U.S. Commerce Department said so.", "It did."],
        ["He went to the U.S.", "The visit was short."],
        ["Boeing Co. shares fell.", "Apple Inc. rose."],
        ["It was sold to Acme Inc.", "The price is unknown."],
        ["Rule No. 5 applies.", "No.", "It does not."],
        ["It rose 3.5 per cent on Jan. 5 this year.", "Good."],
        ["“It’s over.”", "He left."],
        ["“Is it over?” he said.", "“Yes.”"],
        ["J. K. Rowling wrote it.", "So did I.", "The end."],
        ["At 5 p.m. Washington time it ended.", "We left at 6 p.m.", "The rest stayed."],
        ["Wait… what?", "Nothing."],
        ["See e.g. Smith v. Jones.", "Done."],
        ["U.S. Sen. Elizabeth Warren, D-Mass., and Rep. Mike Gallagher wrote.", "Others signed."],
        ["Goods from the U.S. and the E.U. fell.", "Then they rose."],
        ["He flew to the U.S.", "“We object,” Beijing said."],
        ["It followed the U.S.-China talks.", "Good."],
        ["Huawei Technologies Co., Ltd. is banned.", "It sued."],
        ["It was bought by Huawei Technologies Co., Ltd.", "The price is secret."],
        ["Martin Luther King Jr. spoke.", "St. Louis heard it."],
        ["Nos. 6 and 7 do not apply; the answer is no.", "Five others said yes."],
        ["It ended at 5 p.m.", "Nobody stayed."],
        ["George W. Bush spoke.", "J.P. Morgan fell."],
        ["On Dec. 5 it began.", "It ended in Jan.", "They left."],
        ["She has a Ph.D. in law.", "He has an M.B.A."],
        ["The ministry objects, he said.", "“We will act.”", "“No!” it said."],
        ["(It was over.)", "They left (see below).", "The end."],
        ["He paused... then spoke.", "It ended...", "They left."],
        ["He paused. . . .", "Then he spoke."],
        ["He writes .NET code.", ".NET is old."],
        ["Really?!", "Yes!!", "No."],
        ["See https://www.example.com/a.b?c=d.e for more.", "Visit example.com.", "Then read."],
        ["1. Chips are banned.", "It is final."],
        ["Circular No. A-108 and FR Doc. 2022-04438 apply, CAS Reg. No. 10043 too.", "No.", "A ban is no ban."],
        ["Acme Sdn. Bhd. (Acme), Leonardo S.p.A. and Steel Pvt. Ltd. sued.", "Then Both Co. (Both) did."],
        ["It ended in 2020.", "China objected."],
        ["Pub. L. No. 115-232 and 15 C.F.R. Part 744 apply.", "See Sec. 301, Fig. 2 and Art. 5."],
        ["The U.N. Security Council met Lt. Gov. Kounalakis and Gen. Li.", "Fine."],
    ],
    ids=lambda listed: listed[0],
)
def test_sentences_of_english(listed):
    assert split(" ".join(listed)) == listed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("华为被列入清单。美国商务部说：“不。”他走了！", ["华为被列入清单。", "美国商务部说：“不。”", "他走了！"]),
        ("これはペンです。「はい。」", ["これはペンです。", "「はい。」"]),
        ("यह एक वाक्य है। दूसरा भी।", ["यह एक वाक्य है।", "दूसरा भी।"]),
        ("ما هذا؟ لا شيء.", ["ما هذا؟", "لا شيء."]),
        ("他走了！真的吗？好。", ["他走了！", "真的吗？", "好。"]),
        ("การค้าไทยกับจีน การส่งออกลดลง", ["การค้าไทยกับจีน การส่งออกลดลง"]),
        ("한국 정부는 말했다. 수출이 줄었다.", ["한국 정부는 말했다.", "수출이 줄었다."]),
        ("Санкции введены. США согласны.", ["Санкции введены.", "США согласны."]),
        ("La Sra. López y Mme. Le Pen. ¿Qué pasa? Nada.", ["La Sra. López y Mme. Le Pen.", "¿Qué pasa?", "Nada."]),
        (
            "Two points:\n- Chips are\nbanned\n* Tools too\nas we said",
            ["Two points:", "- Chips are\nbanned", "* Tools too\nas we said"],
        ),
        ("Points:\n1. Chips.\n12. Tools.", ["Points:\n1. Chips.", "12. Tools."]),
        ("A headline\n\nThe text\nwraps here. More", ["A headline", "The text\nwraps here.", "More"]),
        ("  \n\n ", []),
    ],
    ids=repr,
)
def test_sentences_elsewhere(text, expected):
    assert split(text) == expected


@given(st.text(alphabet=st.sampled_from("aAb .!?\n。”\u2029U.S") | st.characters(), max_size=80))
def test_sentences_hold_everything_once_and_in_order(text):
    found = sentences(text)
    assert re.sub(r"\s", "", "".join(text[a:b] for a, b in found)) == re.sub(r"\s", "", text)
    assert all(a < b and not text[a].isspace() and not text[b - 1].isspace() for a, b in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("start", "end", "expected"), [(0, 2, (0, 4)), (5, 9, (5, 9)), (2, 6, (0, 9)), (3, 12, (0, 14))]
)
def test_the_sentence_around_a_hit(start, end, expected):
    assert sentences_around([(0, 4), (5, 9), (10, 14)], start, end) == expected


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 5, "short"),
        ("a longer text", 9, "a longer…"),
        ("a longer text", 1, "…"),
        ("text", 0, ""),
        ("Zu\u0308rich", 3, "Z…"),
        ("👩\u200d🔬 lab", 3, "…"),
    ],
)
def test_cut(text, limit, expected):
    assert cut(text, limit) == expected


@given(st.text(max_size=30), st.integers(0, 40))
def test_cut_keeps_the_limit_and_the_beginning(text, limit):
    short = cut(text, limit)
    assert len(short) <= limit or not short
    assert text.startswith(short.removesuffix("…")) or short == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb", "a[31mb"),
        ("a\x00\x7f\x9bb", "ab"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("\u2066a\u2069\ufeff", "a"),
        ("a\r\nb\rc\u2028d\te", "a\nb\nc\nd\te"),
        ("a\ud800", "a\ufffd"),
        ("می\u200cخواهم 👩\u200d🔬", "می\u200cخواهم 👩\u200d🔬"),
    ],
    ids=ascii,
)
def test_clean(text, expected):
    assert clean(text) == expected


@given(st.text(alphabet=st.characters(), max_size=40))
def test_cleaned_text_can_be_printed(text):
    shown = clean(text)
    shown.encode()
    assert clean(shown) == shown
    assert all(char in "\n\t" or unicodedata.category(char) != "Cc" for char in shown)
