"""What is usual: against made-up newsrooms, false alarms over years, bursts in their first hours."""

import math
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from volume_samples import all_of, newsroom, past, rate

from bot.alerts.spikes import REST, is_over, standing_out
from bot.alerts.volume import DAY, FULL_DAYS, HOUR, HOURS, cut, may_stand_out, quantile, upper_tail, usual

QUARTER = 13 * 168


def alarms(counts):
    """The hours in which an alert goes out: once while a spike lasts, and not twice within a day."""
    found, lasting, rest, whole = [], False, REST // HOUR, all_of(counts)
    for end in range(HOURS + 1, len(counts) + 1):
        now = len(counts) - end
        if lasting:
            lasting = not is_over(whole, now=now)
        elif (not found or end - found[-1] >= rest) and may_stand_out(whole, now=now):
            lasting = standing_out(whole, now=now) is not None
            found += [end] if lasting else []
    return found


# ── false alarms ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("dispersion", [1.0, 2.0], ids=["poisson", "in clumps"])
@pytest.mark.parametrize("daily", [0.5, 2, 8, 30])
def test_a_year_without_events_brings_at_most_one_alarm_in_a_quarter(daily, dispersion):
    counts = newsroom(daily, 9 + 52, seed=int(daily * 10), dispersion=dispersion)
    assert len(alarms(counts)) <= 4


def test_quiet_themes_do_not_alarm_on_three():
    """None, one or two stories a day, then three in an hour, at any hour of the week."""
    counts = [1 if place % 24 in {9, 15} and place % 7 else 0 for place in range(HOURS + 1 + 168)]
    for end in range(HOURS + 1, len(counts) + 1):
        loud = [*counts[: end - 1], counts[end - 1] + 3]
        assert standing_out(past(loud, end)) is None


def test_a_weekly_publication_is_no_event():
    """Twelve stories every Tuesday at 14:00, and next to nothing else."""
    counts = [12 if place % 168 == 24 + 14 else int(place % 29 == 0) for place in range(12 * 168)]
    assert alarms(counts) == []


def test_a_newsroom_that_starts_an_hour_earlier_in_summer_is_no_event():
    counts = newsroom(120, 12, seed=5)
    turned = 10 * 168
    assert alarms([*counts[:turned], *counts[turned + 1 :], counts[0]]) == []


# ── bursts ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("daily", [80, 200])
@pytest.mark.parametrize("weekday", [0, 2, 6])
def test_five_times_as_much_is_found_in_the_first_or_second_hour(daily, weekday):
    counts = newsroom(daily, 11, seed=weekday)
    first = 9 * 168 + weekday * 24 + 10
    for hour in range(first, first + 6):
        counts[hour] += round(4 * rate(hour, daily))
    found = alarms(counts)
    if weekday < 5 or daily > 100:
        assert found
        assert found[0] - 1 - first in {0, 1}
    assert len(found) <= 1


def test_of_a_theme_with_a_story_every_other_hour_a_burst_is_found_within_the_day():
    counts = newsroom(12, 11, seed=3)
    first = 9 * 168 + 24 + 8
    for hour in range(first, first + 12):
        counts[hour] += round(4 * rate(hour, 12))
    (found,) = alarms(counts)
    assert found - first <= 12


def test_a_burst_in_the_past_does_not_hide_the_next_one():
    counts = newsroom(80, 12, seed=8)
    for week in (6, 10):
        for hour in range(week * 168 + 34, week * 168 + 40):
            counts[hour] += round(4 * rate(hour, 80))
    assert [found // 168 for found in alarms(counts)] == [10]


def test_a_spike_that_lasts_is_one_and_one_that_comes_again_after_it_fell_is_another():
    counts = newsroom(80, 12, seed=9)
    for day in (1, 2, 3, 8):  # three days on end, then again
        for hour in range(9 * 168 + day * 24 + 8, 9 * 168 + day * 24 + 20):
            counts[hour] += round(4 * rate(hour, 80))
    found = [(end - 9 * 168) // 24 for end in alarms(counts)]
    assert found[0] == 1
    assert found[-1] == 8
    assert len(found) <= 3, "a night between two loud days may be a normal one"


# ── the baseline ─────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_unusual_before_the_baseline_is_filled():
    counts = newsroom(30, 9, seed=1)
    loud = [*counts[:-1], 500]
    for days in (0, 5, FULL_DAYS - 1):
        watched = [False] * (len(loud) - 24 * (days + 1)) + [True] * 24 * (days + 1)
        found = usual(past(loud, watched=watched), DAY)
        assert (found.filled, found.unusual, found.days) == (False, False, days)
    assert usual(past(loud), DAY).unusual
    assert usual(past(loud), DAY).days == 56


def test_hours_that_were_not_watched_are_not_counted_as_zero():
    """Every second week was down time: were it zero, an average day would look like twice the usual."""
    counts = newsroom(100, 9, seed=2)
    down = [(len(counts) - 1 - place) // 168 % 2 == 1 for place in range(len(counts))]
    seen = [0 if off else number for number, off in zip(counts, down, strict=True)]
    honest = usual(past(seen, watched=[not off for off in down]), DAY)
    naive = usual(past(seen), DAY)
    assert honest.weeks == 4
    assert naive.expected < 0.7 * honest.expected
    assert honest.low <= honest.stories <= honest.high


def test_a_weekend_is_compared_with_weekends():
    counts = newsroom(100, 10, seed=4)
    saturday = 9 * 168 + 5 * 24 + 24
    monday = 9 * 168 + 24
    busy, calm = (usual(past(counts, end), DAY) for end in (monday, saturday))
    assert calm.expected < 0.5 * busy.expected


# ── properties ───────────────────────────────────────────────────────────────────────────────────

MEANS = st.floats(0.05, 200)


@given(st.integers(0, 300), MEANS, st.floats(1, 8))
def test_the_tail_is_one_less_what_is_below(found, mean, dispersion):
    variance = mean * dispersion
    below = 1 - upper_tail(found, mean, variance)
    step = upper_tail(found, mean, variance) - upper_tail(found + 1, mean, variance)
    assert -1e-9 <= below <= 1
    assert step >= -1e-9, "more is never likelier"


@given(MEANS, st.floats(1, 8), st.floats(0.01, 0.99))
def test_a_quantile_is_where_the_tail_says(mean, dispersion, share):
    number = quantile(mean, mean * dispersion, share)
    assert upper_tail(number + 1, mean, mean * dispersion) <= 1 - share + 1e-6
    assert number == 0 or upper_tail(number, mean, mean * dispersion) >= 1 - share - 1e-6


@given(st.integers(1, 60), st.floats(0.1, 30))
def test_without_dispersion_the_law_is_poisson_s(found, mean):
    terms = (math.exp(number * math.log(mean) - mean - math.lgamma(number + 1)) for number in range(found))
    assert upper_tail(found, mean, mean) == pytest.approx(1 - sum(terms), abs=1e-9)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40))
def test_what_is_cut_is_never_raised_and_keeps_its_middle(counts):
    kept = cut(counts)
    assert all(new <= old for new, old in zip(kept, counts, strict=True))
    assert sorted(kept)[len(kept) // 2] == sorted(counts)[len(counts) // 2]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 400), st.sampled_from([1, DAY]), st.integers(0, 5), st.sampled_from([3, 40]))
def test_one_story_more_is_never_less_unusual(last, hours, seed, daily):
    counts = newsroom(daily, 9, seed)
    fewer, more = ([*counts[:-1], last + extra] for extra in (0, 1))
    one, other = (usual(past(each), hours) for each in (fewer, more))
    assert other.chance <= one.chance + 1e-12
    assert other.unusual >= one.unusual
    assert (one.low, one.high) == (other.low, other.high) or hours == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 60), st.integers(0, 5), st.sampled_from([1, 10, 60]), st.data())
def test_the_quick_look_never_hides_what_the_close_one_finds(last, seed, daily, data):
    counts = newsroom(daily, 9, seed)
    weeks = [data.draw(st.booleans()) for _ in range(9)]
    watched = [weeks[min(8, (len(counts) - 1 - place) // 168)] for place in range(len(counts))]
    counts = [number if seen else 0 for number, seen in zip(counts, watched, strict=True)]
    counts[-1] = last
    if standing_out(past(counts, watched=watched)) is not None:
        assert may_stand_out(past(counts))


def test_prefix_sums_are_those_of_the_hours():
    counts = newsroom(30, 9, seed=6)
    whole = past(counts)
    sums = [0, *accumulate(counts[-HOURS - 1 :])]
    assert whole.stories(whole.length, DAY) == sums[-1] - sums[-1 - DAY]
