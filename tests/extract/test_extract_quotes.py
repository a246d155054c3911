"""Who said what: every attributed quotation with the right speaker, and none that the text does not give."""

import gzip
import json
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quote_rows import ROWS

from bot.extract import quotes
from bot.extract.quotes.marks import may_quote

ROOT = Path(__file__).resolve().parents[2]

# The given articles: of each quotation its speaker and how it begins and ends.
GIVEN = {
    "Raimondo, who is believed": [
        ("Lu Xiang", "The tone has", "practical changes"),
        ("He Weiwen", "seriously", "blocked"),
        ("He Weiwen", "The American narrative", "each other"),
        ("He Weiwen", "If the de-risking", "be resolved."),
        ("Louise Loo", "For China,", "out of it"),
        ("Louise Loo", "When it comes", "avoid it"),
        ("Stephen Olson", "The export control", "China’s beliefs"),
        ("Stephen Olson", "profoundly different", "economic systems"),
        ("Stephen Olson", "there is no", "failed to find"),
        ("Alfredo Montufar-Helu", "The best that", "Chinese economy"),
        ("Alfredo Montufar-Helu", "But, in my", "political opponents."),
        ("Lu Xiang", "the simplest and", "American government"),
        ("Lu Xiang", "The litmus test", "her trip"),
        ("Denny Roy", "If Raimondo’s visit", "Chinese companies"),
    ],
    "Boeing Co. resume": [
        ("China", "stoke division", "and confrontation"),
        ("China", "harming China’s", "interests."),
        ("Rob Strayer", "principle-based activities,", "punitive way"),
        ("Rob Strayer", "That will help", "under them."),
        ("John Gong", "pitch a", "story"),
        ("John Gong", "I am modestly", "optimistic"),
        ("John Gong", "are going a", "too far."),
        ("Paul Bracken", "If you look", "to something?"),
        ("Paul Bracken", "Everybody agrees", "not happened."),
        ("Paul Bracken", "But it might", "here"),
        ("Paul Bracken", "China does have", "of reasons."),
    ],
}
PARTS = "“”\"'‘’«»„「」 \n.,:;?!()—aB1他说表示，。：said according to Mr Lu Xiang the ministry told who and"


def found(text):
    return [(quote.speaker, quote.text) for quote in quotes(text)]


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_rows(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("part", GIVEN)
def test_the_given_articles_whole(corpora, part):
    (text,) = [each for path in (corpora.parent / "seeds").iterdir() if part in (each := path.read_text())]
    wanted = GIVEN[part]
    told = quotes(text)
    assert [quote.speaker for quote in told] == [speaker for speaker, _, _ in wanted]
    for quote, (_, first, last) in zip(told, wanted, strict=True):
        assert quote.text.startswith(first)
        assert quote.text.endswith(last)


def test_nobody_is_quoted_in_the_shipped_samples():
    assert [found(path.read_text()) for path in sorted((ROOT / "seeds").iterdir())] == [[]] * 18


def test_official_notices_are_not_made_to_speak(corpora):
    """30,000 abstracts define thousands of terms between marks; hardly any of them quotes somebody."""
    told = []
    for name in ("federal_register_trade_2020_2026", "federal_register_background_sample"):
        with gzip.open(corpora / "news" / f"{name}.jsonl.gz", "rt") as lines:
            told += [quote for line in lines for quote in quotes(longest(json.loads(line)))]
    assert len(told) <= 3


def longest(row):
    return max((value for value in row.values() if isinstance(value, str)), key=len)


def test_role_places_and_rule_come_along():
    text = "“It is over,” said Lu Min, an expert at the Arden Academy. “Nobody won.”"
    first, second = quotes(text)
    assert (first.role, first.rule, second.rule) == ("an expert at the Arden Academy", "said X", "goes on")
    assert [text[quote.speaker_start : quote.speaker_end] for quote in (first, second)] == ["Lu Min", "Lu Min"]
    assert text[first.start : first.end] == "It is over"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("„Aus“, sagte der Sprecher des Ministeriums, Jan Vogt.", "Sprecher des Ministeriums"),
        ("« Fini », a commenté Roche, économiste d'une banque lyonnaise.", "économiste d'une banque lyonnaise"),
        ("«Ya», dijo Luis Mora, presidente de la patronal.", "presidente de la patronal"),
        ("民宿经营者杜某说：“响了一夜。”", "民宿经营者"),
    ],
)
def test_offices_are_roles_in_other_languages_too(text, role):
    (quote,) = quotes(text)
    assert quote.role == role


def test_a_speaker_has_the_fullest_name_and_the_role_of_any_place():
    text = "The curbs bite, said Stephen Harker, a fellow at Arden.\n\n“They do,” Harker said."
    (quote,) = quotes(text)
    assert (quote.speaker, quote.role) == ("Stephen Harker", "a fellow at Arden")
    assert text[quote.speaker_start : quote.speaker_end] == "Stephen Harker"


def test_a_split_quotation_is_one_with_two_places():
    text = "“It is over,” said Jane Miller, “and nobody won.”"
    (quote,) = quotes(text)
    assert [text[start:end] for start, end in quote.spans] == ["It is over", "and nobody won."]
    assert text[quote.start : quote.end].endswith("nobody won.")


def test_paragraphs_of_one_quotation_are_one_across_lines_between_them():
    text = "“First we wait.\n\nAdvertisement\n\n“Then we act.\n\n“At last we rest,” said Jane Miller."
    (quote,) = quotes(text)
    assert [text[start:end] for start, end in quote.spans] == ["First we wait.", "Then we act.", "At last we rest"]


def test_a_mark_that_is_never_closed_spoils_its_own_paragraph_only():
    text = "“Open, said Tom Baker.\n\n“Closed,” said Jane Miller."
    assert found(text) == [("Jane Miller", "Closed")]
    assert found('A 6" pipe.\n\n"Closed," said Jane Miller.') == [("Jane Miller", "Closed")]


@given(st.lists(st.sampled_from(sorted({*PARTS, *PARTS.split()})), max_size=60).map("".join))
def test_any_text_gives_slices_of_itself(text):
    hold_true(text)


@given(st.lists(st.sampled_from([text for text, _ in ROWS]), max_size=3), st.integers(0, 200), st.text(max_size=4))
def test_damaged_texts_give_slices_of_themselves(texts, place, thrown_in):
    text = "\n\n".join(texts)
    hold_true(text[:place] + thrown_in + text[place:])


def hold_true(text):
    told = quotes(text)
    assert [quote.start for quote in told] == sorted(quote.start for quote in told)
    for quote in told:
        assert quote.text == " ".join(text[start:end] for start, end in quote.spans)
        assert (quote.start, quote.end) == (quote.spans[0][0], quote.spans[-1][1])
        assert 0 < len(quote.speaker) <= 200
        assert quote.speaker == " ".join(text[quote.speaker_start : quote.speaker_end].split())


@pytest.mark.parametrize(
    "piece",
    [
        "« a », a dit Ann, ministre de Luc, ", '"', "“", "”", " 'a", " ‘a", "“a\n\n", "« ", "「", "“a,” he said. ", "“a,” said Bob Li. ", "“a” said, ",
        "“a,” said Bob Li, ", "said ", "quoted as saying ", "He said so.\n\n", "“中”他说。", "Bob, a fellow, ",
    ],
)  # fmt: skip
def test_twice_the_text_is_twice_the_work(piece):
    once, twice = (steps(piece * count + "“a b c,” said Ann Lee.") for count in (4_000, 8_000))
    assert twice < 2.5 * once


def test_a_hundred_thousand_marks_are_done():
    assert found('"' * 100_000) == []
    assert found("“" * 100_000) == []


def steps(text):
    """How many functions are called for a text."""
    count = 0

    def call(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(call)
    try:
        quotes(text)
    finally:
        sys.setprofile(before)
    return count


@given(st.text(st.sampled_from("ab_1é中 .,'‘‚’“”\"«「\n"), max_size=12))
def test_whether_a_text_may_quote_is_told_as_by_trying_every_place(text):
    opened = re.search("[“”„‟«»‹›\"＂「」『』]|(?<![^\\W_])[‘‚'][^\\W_]", text)
    assert may_quote(text) == (opened is not None)
