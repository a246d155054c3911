"""Setting two texts against each other."""

from hypothesis import given
from hypothesis import strategies as st

from bot.stories.align import Spot, align

A = list("abcdefghijklmnopq")


def spots(a, b):
    return [(a[s.a0 : s.a1], b[s.b0 : s.b1]) for s in align(a, b).spots]


def test_one_word_exchanged_is_one_spot():
    b = [word.replace("e", "x") for word in A]
    assert align(A, b).spots == (Spot(4, 5, 4, 5),)
    assert align(A, b).shared_a == align(A, b).shared_b == len(A) - 1


def test_added_and_left_out_words_are_spots_with_an_empty_side():
    assert spots(A, [*A[:7], "at", "last", *A[7:]]) == [([], ["at", "last"])]
    assert spots(A, A[:9] + A[11:]) == [(A[9:11], [])]


def test_the_end_and_the_beginning_are_compared_too():
    assert spots(A, [*A[:-1], "x"]) == [(["q"], ["x"])]
    assert spots(A, ["x", *A[1:]]) == [(["a"], ["x"])]


def test_a_moved_passage_is_shared_and_nothing_was_exchanged():
    found = align(A[:8] + A[8:], A[8:] + A[:8])
    assert found.shared_a == len(A)
    assert all(s.a0 == s.a1 or s.b0 == s.b1 for s in found.spots)


def test_texts_that_share_nothing_have_no_spots():
    found = align(A, ["z"] * 20)
    assert (found.shared_a, found.first_a, found.first_b, found.spots) == (0, -1, -1, ())


texts = st.lists(st.sampled_from("abcd"), max_size=40)


@given(texts, texts)
def test_spots_lie_inside_their_texts_and_differ(a, b):
    for spot in align(a, b).spots:
        assert 0 <= spot.a0 <= spot.a1 <= len(a)
        assert 0 <= spot.b0 <= spot.b1 <= len(b)
        assert a[spot.a0 : spot.a1] != b[spot.b0 : spot.b1]


@given(texts)
def test_a_text_does_not_part_from_itself(a):
    assert align(a, a).spots == ()


@given(st.lists(st.integers(), unique=True, min_size=12, max_size=40), st.data())
def test_a_replaced_word_is_always_found(a, data):
    place = data.draw(st.integers(0, len(a) - 1))
    b = [*map(str, a[:place]), "new", *map(str, a[place + 1 :])]
    assert align([str(n) for n in a], b).spots == (Spot(place, place + 1, place, place + 1),)
