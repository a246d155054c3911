"""The scores, on partitions small enough to be reckoned by hand."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled import Quotation, groups
from report import torn
from scoring import Score, bcubed, counted, matched, pairs, pairwise


def partition(*parts):
    return {item: part[0] for part in parts for item in part}


WANTED = partition("abc", "de", "f")
FOUND = partition("ab", "cde", "f")


def test_pairwise_counts_pairs():
    # Wanted: ab ac bc de. Found: ab cd ce de. Both: ab de.
    assert pairwise(WANTED, FOUND) == Score(2 / 4, 2 / 4)


def test_bcubed_counts_each_item_once():
    # Precision: a, b 1; c 1/3; d, e 2/3; f 1. Recall: a, b 2/3; c 1/3; d, e, f 1.
    score = bcubed(WANTED, FOUND)
    assert score.precision == pytest.approx((1 + 1 + 1 / 3 + 2 / 3 + 2 / 3 + 1) / 6)
    assert score.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1) / 6)
    assert score.f1 == pytest.approx(7 / 9)


def test_bcubed_as_in_the_paper_that_brought_it():
    """Bagga and Baldwin 1998, figures 1 to 4: twelve entities of five, two and five, and two wrong unions."""
    truth = partition("12345", "67", "89ABC")
    small, large = partition("12345", "6789ABC"), partition("1234589ABC", "67")
    assert bcubed(truth, small) == Score(pytest.approx(16 / 21), 1.0)
    assert bcubed(truth, large) == Score(pytest.approx(7 / 12), 1.0)


def test_everything_apart_and_everything_together():
    apart, together = partition(*"abcdef"), partition("abcdef")
    assert pairwise(WANTED, apart) == Score(1.0, 0.0)
    assert pairwise(WANTED, together) == Score(4 / 15, 1.0)
    assert bcubed(WANTED, apart) == Score(1.0, pytest.approx((3 * 1 / 3 + 2 * 1 / 2 + 1) / 6))
    assert bcubed(WANTED, together) == Score(pytest.approx((3 * 3 / 6 + 2 * 2 / 6 + 1 / 6) / 6), 1.0)


def test_nothing_is_no_error():
    assert bcubed({}, {}) == pairwise({}, {}) == counted(0, 0, 0) == Score(1.0, 1.0)
    assert counted(0, 3, 0) == Score(0.0, 1.0)
    assert Score(0.0, 0.0).f1 == 0.0


labels = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")), max_size=9)


@given(labels)
def test_scores_agree_with_their_definitions(rows):
    wanted = {str(n): row[0] for n, row in enumerate(rows)}
    found = {str(n): row[1] for n, row in enumerate(rows)}
    here, there = pairs(wanted), pairs(found)
    assert pairwise(wanted, found) == counted(len(here & there), len(there), len(here))
    swapped = bcubed(found, wanted)
    assert bcubed(wanted, found) == Score(swapped.recall, swapped.precision)
    assert bcubed(wanted, wanted) == Score(1.0, 1.0)


def test_ties_make_groups_named_by_their_first():
    assert groups("abcde", [("c", "b"), ("e", "c"), ("d", "a")]) == {"a": "a", "b": "b", "c": "b", "d": "a", "e": "b"}


def test_errors_are_told_once_for_each_part():
    # abc is torn into ab and c; the other way round the union of c and de is told by its first items.
    assert torn(WANTED, FOUND) == [("a", "c")]
    assert torn(FOUND, WANTED) == [("c", "d")]
    assert torn(WANTED, WANTED) == []


SAID = Quotation(speaker="Lin", text="a step that all sides can build on")


@pytest.mark.parametrize(
    ("speaker", "text", "right"),
    [
        pytest.param("Lin", "A step that all sides can build on,", True, id="the same but for its edges"),
        pytest.param("Lin Wei, a trade lawyer", SAID.text, True, id="a fuller name"),
        pytest.param("Marlowe", SAID.text, False, id="another speaker"),
        pytest.param("", SAID.text, False, id="no speaker"),
        pytest.param("Lin", "a step that all sides", False, id="half of it"),
        pytest.param("Lin", f"{SAID.text} and more than that was never in the text", False, id="too much"),
        pytest.param("Lin", "a step", False, id="a scrap"),
    ],
)
def test_a_quotation_is_right_with_its_words_and_its_speaker(speaker, text, right):
    assert bool(matched([SAID], [Quotation(speaker=speaker, text=text)])) == right


def test_a_quotation_counts_once():
    assert matched([SAID], [SAID, SAID]) == [(SAID, SAID)]


def test_chinese_speakers_are_compared_by_their_characters():
    wanted = Quotation(speaker="发言人", text="只要双方秉持合作原则")
    assert matched([wanted], [Quotation(speaker="商务部新闻发言人", text="只要双方秉持合作原则。")])
    assert not matched([wanted], [Quotation(speaker="货代", text="只要双方秉持合作原则。")])


def test_offices_are_compared_by_their_weighty_words():
    wanted = Quotation(speaker="commerce ministry's spokesperson", text="x y z")
    assert matched([wanted], [Quotation(speaker="a spokesperson for the Commerce Ministry", text="x y z")])
    assert Counter(matched([wanted], [Quotation(speaker="the of a", text="x y z")])) == Counter()
