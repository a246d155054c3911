"""One form for what houses write differently: what is the same reads the same, what is not does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.styled import same_amount, styled, styled_title, styled_words


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("a US$370 billion market", "a $370bn market"),
        ("a 370 billion dollars market", "a USD 370 billion market"),
        ("€412m", "412 million euros"),
        ("NOK1.9bn", "1.9 billion Norwegian kroner"),
        ("NT$250.87 billion", "T$250.87bn"),
        ("notice No. 18 says", "notice number 18 says"),
        ("two days earlier", "two days before"),
        ("twenty-seven firms", "27 companies"),
        ("three million doses", "3 million doses"),
        ("99 000 doses", "99,000 doses"),
        ("9 per cent", "9pc"),
        ("50 basis points", "half a percentage point"),
        ("on May 6", "on 6th May"),
        ("on 1 October", "on Oct. 1"),
        ("at 8 a.m.", "at 8am"),
        ("the fourth quarter", "the final quarter"),
        ("the United States", "the U.S."),
        ("the labour programme", "the labor program"),
        ("more than 80", "over 80"),
        ("the country’s army", "the country army"),
        ("86,0 Prozent", "86 Prozent"),
        ("52 Milliarden Euro", "52 Mrd. Euro"),
        ("LE HAVRE, France, Oct 2 (Northern Cable) - Dockers left", "Dockers left"),
        ("BERGEN, Norway – 26 August 2025 – Dockers left", "Dockers left"),
        ("Berlin (ddn) - Der Rat", "MÜNCHEN. Der Rat"),
        ("东海社北京12月3日电（记者 林岚）公告", "公告（完）"),
        ("Dockers left.\n(With Northern Cable)", "Dockers left."),
    ],
)
def test_another_house_writes_the_same(one, two):
    assert styled(one).folded == styled(two).folded


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("$370bn", "$370m"),
        ("$370bn", "€370bn"),
        ("$370bn", "A$370bn"),
        ("NT$370bn", "HK$370bn"),
        ("two days earlier", "two days later"),
        ("May 6", "May 7"),
        ("8 a.m.", "8 p.m."),
        ("4 percent", "4 percentage points"),
        ("twenty-seven", "twenty"),
        ("third quarter", "fourth quarter"),
        ("1,200", "12,000"),
    ],
)
def test_another_fact_stays_another(one, two):
    assert styled(one).folded != styled(two).folded


def test_a_figure_keeps_its_place_in_the_text():
    read = styled("It paid US$1.2 billion on May 6th.")
    places = dict(zip(read.folded, read.spans, strict=True))
    assert [read.text[slice(*places[word])] for word in ("1200000000usd", "6.5.")] == ["US$1.2 billion", "May 6th"]


def test_lengths_in_other_units_may_be_one():
    assert same_amount("20m", "22yd")
    assert not same_amount("20m", "30yd")


texts = st.one_of(st.text(), st.text("aZ09.,%$€' :\n"), st.lists(st.sampled_from(
    ["half", "a", "one", "two", "dozen", "million", "percentage", "point", "basis", "points", "US", "$", "5", "31", "may", "May", "of", "th", "8", "pm", "10:30", "the", "United", "States"]
)).map(" ".join))  # fmt: skip


@given(texts)
def test_places_and_words_belong_together(text):
    read = styled(text)
    assert len(read.spans) == len(read.folded)
    assert read.folded == styled_words(text)
    assert all(start < end for start, end in read.spans)
    assert list(read.spans) == sorted(read.spans)


def test_a_headline_is_read_like_a_body():
    assert styled_title("Seventeen die as bus plunges 200 metres - Reuters")[0] == "17"
