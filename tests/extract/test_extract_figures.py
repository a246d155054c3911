"""Figures: one key for every way of writing them, exact places, and no figure out of a name."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extract import figures
from bot.extract.figures import _DIGITS, _SPELLED, _in_digits, _in_words


def keys(text):
    return [figure.key for figure in figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("US$370 billion of imports", ["370000000000 USD"]),
        ("$370bn of imports", ["370000000000 USD"]),
        ("370 billion dollars", ["370000000000 USD"]),
        ("370 billion US dollars", ["370000000000 USD"]),
        ("价值3700亿美元的商品", ["370000000000 USD"]),
        ("HK$5m", ["5000000 HKD"]),
        ("€1.5 billion", ["1500000000 EUR"]),
        ("2 billion yuan", ["2000000000 CNY"]),
        ("RMB 300", ["300 CNY"]),
        ("25%", ["25 %"]),
        ("25 percent", ["25 %"]),
        ("25 per cent", ["25 %"]),
        ("百分之25", ["25 %"]),
        ("12.50%", ["12.5 %"]),
        ("0.25 percentage points", ["0.25 points"]),
        ("1,200 firms", ["1200"]),
        ("removed 27.", ["27"]),
        ("取消27家企业", ["27"]),
        ("27 firms", ["27"]),
        ("twenty-seven firms", ["27"]),
        ("Twenty seven firms", ["27"]),
        ("one hundred and twenty entities", ["120"]),
        ("two million tonnes", ["2000000"]),
        ("one million", ["1000000"]),
        ("2018-2019", ["2018", "2019"]),
        ("a 10-year plan", ["10"]),
        ("from 25% to 10%", ["25 %", "10 %"]),
    ],
)
def test_value_and_unit(text, expected):
    assert keys(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "5G networks",
        "ECCN 3A090",
        "case A-570-601",
        "Covid-19",
        "one of the firms",
        "v2beta1",
        "someone",
        "often tense",
    ],
)
def test_a_number_in_a_name_counts_nothing(text):
    assert keys(text) == []


def test_a_number_is_read_whole_or_not_at_all():
    assert keys("1,2345 and 1.2.3") == []


def test_a_letter_multiplies_money_only():
    assert keys("$5m") == ["5000000 USD"]
    assert keys("5m long") == []


def test_place_and_text_are_exact():
    text = "“Some US$370 billion,” or about twenty-seven per cent."
    assert [(text[f.start : f.end], f.unit) for f in figures(text)] == [
        ("US$370 billion", "USD"),
        ("twenty-seven per cent", "%"),
    ]


@given(st.text(alphabet="0123456789,.$%€ abmn-亿万元two", max_size=40))
def test_any_text_gives_figures_at_their_places(text):
    found = figures(text)
    assert all(text[figure.start : figure.end] == figure.text for figure in found)
    assert [figure.start for figure in found] == sorted(figure.start for figure in found)


@given(st.integers(min_value=2, max_value=10**12))
def test_thousands_separators_change_nothing(number):
    (plain,), (grouped,) = figures(f"about {number} of them"), figures(f"about {number:,} of them")
    assert plain.value == grouped.value == Decimal(number)
    assert plain.key == grouped.key


PIECES = [
    "12",
    ",",
    ".",
    " ",
    "-",
    "_",
    "US$",
    "百分之",
    "USD ",
    "one",
    "ten",
    "twenty",
    "two",
    "hundred",
    "million",
    "bn",
]


@given(st.lists(st.sampled_from([*PIECES, "k", "%", "often", "x", "A", "é", "İ", "0"]), max_size=14))
def test_trying_the_patterns_where_something_may_begin_misses_nothing(pieces):
    text = "".join(pieces)
    assert [match.span() for match in _in_digits(text)] == [match.span() for match in _DIGITS.finditer(text)]
    assert [match.span() for match in _in_words(text)] == [match.span() for match in _SPELLED.finditer(text)]
