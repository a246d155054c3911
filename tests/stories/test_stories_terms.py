"""Which words of a text say something: the short way for ASCII finds what the long one does."""

import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.stories import terms
from bot.stories.tokens import plain_words, tokens

traits = importlib.import_module("bot.stories.traits")  # the package has a function of that name

PIECES = [*"AaZz09 .,:;!?'\"()%$-\n", "Mr. ", "St. ", "no. ", "U.S. ", "B2B", "3D", "1,000", "per cent", "Salt", " bn"]
SIGNS = [*"“”–—•…’é中€", "May 3", "12 March", "Monday", "Marchmont", "Dec. 24, 2024", "3月5日", "Saturday", "31 May 2"]
ascii_texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
texts = st.lists(st.sampled_from(PIECES + SIGNS), max_size=40).map("".join)


@pytest.mark.parametrize(
    ("text", "said", "names"),
    [
        ("The envoys met in Osvik.", ["envo", "met", "osvik"], ["osvik"]),
        ("Ferries sail. Gen. Marlow waits; NATO too.", ["ferr", "sail", "gen", "marlow", "wait", "nato"], ["marlow", "nato"]),
        ("“Salt is dear” – so Marlow, of Osvik.", ["salt", "dear", "marlow", "osvik"], ["marlow", "osvik"]),
    ],
)  # fmt: skip
def test_terms(text, said, names):
    found = terms.terms(text)
    assert (found.said, found.names) == (said, names)


@given(ascii_texts)
def test_the_short_way_finds_what_the_long_one_does(text):
    pairs = list(terms._words(tokens(text)))
    found = terms.terms(text)
    assert found.words == tokens(text).folded
    assert found.said == [term for term, _ in pairs]
    assert found.names == [term for term, capital in pairs if capital]


@given(texts)
def test_words_are_the_same_with_and_without_their_places(text):
    plain, words = plain_words(text)
    assert words == tokens(text).folded
    assert tokens(plain).folded == words or not plain.isascii()


@given(texts)
def test_days_are_those_that_a_search_everywhere_finds(text):
    found = [match.span() for match in traits._dates(text)]
    assert found == [match.span() for match in traits._DAY.finditer(text)]
