"""What joins two polls of a feed, and what must not be taken for it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.ingest.overlap import END, remembered, short, witnesses


def polled(*polls):
    """Polls as they are written: each a text of items, one letter each. How many witnesses the last one has."""
    shown, known, found = {}, set(), None
    for number, names in enumerate(polls, 1):
        fresh = [(name, name not in known) for name in names]
        found = witnesses(shown, fresh)
        known.update(names)
        shown = remembered(shown, names, number)
    return found


JOINED = {
    "newest-first": ("abcd", "Xabc"),
    "newest-last": ("abcd", "bcdX"),
    "one-left": ("abcd", "XYZa"),
    "one-left-newest-last": ("abcd", "dXYZ"),
    "the-pin-and-one-more": ("Pabc", "PXYa"),
    "a-feed-that-shrinks": ("abcdef", "Xab"),
    "a-feed-that-grows": ("a", "Xa"),
    "sorted-by-name": ("abdef", "abcde"),
    "in-any-order": ("abcdef", "fXbYca"),
    "the-newest-replaced": ("abcd", "Xbcd"),
    "the-newest-replaced-in-a-long-list": ("bcd", "abcd", "Xbcd"),
    "an-item-that-came-last-time-and-stays-on-top": ("bcd", "abcd", "aXcd"),
    "pinned-since-last-time-among-others": ("abcd", "Pabc", "PXab"),
    "pins-that-are-more-than-half-hide-it": ("PQRab", "PQRXY"),
    "no-order-at-first": ("aPbc", "XPYZ"),
}
NOT_JOINED = {
    "nothing-left": ("abc", "XYZ"),
    "a-pin-on-top": ("Pabc", "PXYZ"),
    "a-pin-at-the-end": ("abcP", "XYZP"),
    "two-pins": ("PQabc", "PQXYZ"),
    "a-pin-and-one-item": ("Pa", "PX"),
    "a-pin-for-weeks": ("Pabc", "PdeaP"[:4], "Pfde", "Pgfd", "PXYZ"),
    "a-pin-that-moves": ("Pabc", "Pdab", "XYZP"),
    "a-pin-between": ("Pabc", "dPab", "XPYZ"),
    "the-newest-pinned": ("abcd", "Pabc", "PXYZ"),
    "an-item-that-comes-back": ("abcd", "efab", "ghef", "XaYZ"),
    "an-old-page": ("abcd", "efgh", "Xabc"),
    "an-item-that-came-back-before": ("abcd", "efab", "gefa", "ahij", "XYZk"),
}


@pytest.mark.parametrize("polls", JOINED.values(), ids=JOINED)
def test_what_joins(polls):
    assert polled(*polls)


@pytest.mark.parametrize("polls", NOT_JOINED.values(), ids=NOT_JOINED)
def test_what_proves_nothing(polls):
    assert polled(*polls) == 0


def test_in_a_list_without_order_a_place_tells_nothing():
    shown = remembered({}, "Pa", 1)
    assert witnesses(shown, [("P", False), ("X", True)]) == 0
    assert witnesses(shown, [("P", False), ("X", True)], ordered=False) == 1


@st.composite
def streams(draw):
    """How long the window on a stream is, its pins (fewer than half), and how many items come between polls."""
    length = draw(st.integers(1, 12))
    pins = draw(st.integers(0, (length - 1) // 2 if length > 1 else 0))
    return length, pins, draw(st.lists(st.integers(0, 20), min_size=1, max_size=8)), draw(st.booleans())


@given(streams())
@example((1, 0, [1], False))
@example((5, 2, [3, 3, 1, 2, 3], True))
def test_a_gap_is_told_if_and_only_if_the_stream_ran_over(case):
    length, pins, waves, newest_last = case
    held = [f"pin {number}" for number in range(pins)]
    stream = [f"item {number}" for number in range(length)]
    shown, number = {}, 1

    def window():
        newest = stream[-length:] if newest_last else stream[: -length - 1 : -1]
        return held + newest

    shown = remembered(shown, window(), number)
    for wave in waves:
        stream += [f"item {len(stream) + each}" for each in range(wave)]
        fresh = set(stream[len(stream) - wave :])
        now = [(name, name in fresh) for name in window()]
        if wave:
            number += 1
            # As many new items as there is room for: none may be lost, and nothing proves it.
            assert (witnesses(shown, now) == 0) is (wave >= length)
            shown = remembered(shown, window(), number)


@given(st.lists(st.integers(0, 30)), st.lists(st.integers(0, 30)), st.integers(0, 5))
def test_any_two_polls_can_be_held_against_each_other(before, now, number):
    shown = remembered({}, [short(str(each)) for each in before], number)
    names = [(short(str(each)), each % 2 == 0) for each in now]
    found = witnesses(shown, names)
    assert 0 <= found <= len(set(before) & set(now))
    again = remembered(shown, [name for name, _ in names], number + 1)
    assert list(again) == list(dict.fromkeys(name for name, _ in names))


def test_of_a_long_feed_both_ends_are_remembered():
    feed = [f"item {number}" for number in range(5 * END)]
    shown = remembered({}, feed, 1)
    assert list(shown) == [*feed[:END], *feed[-END:]]
    for now in (["new", *feed[:-1]], [*feed[1:], "new"]):
        assert witnesses(shown, [(name, name == "new") for name in now])


def test_a_name_is_short_whatever_the_key():
    assert {len(short(key)) for key in ("", "a" * 9_000, "\ud800", "華")} == {12}
