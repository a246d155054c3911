"""A feed's rhythm: what is learned, what it asks for, when a feed counts as silent; and the score of a replay."""

import importlib.util
import sys
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest import rhythm

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("replay_of_rhythms", ROOT / "benchmarks" / "rhythm.py")
bench = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = bench  # where its dataclasses look for their annotations
SPEC.loader.exec_module(bench)

NOW = datetime(2024, 3, 4, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0


def after(gaps, start=None):
    for gap in gaps:
        start = rhythm.learned(start, gap)
    return start


def test_what_is_learned_comes_close_to_what_is_seen():
    for gap in (MINUTE, 10 * MINUTE, DAY, 30 * DAY):
        assert after([gap] * 40) == pytest.approx(gap, rel=0.01)


def test_one_night_changes_little_and_is_soon_forgotten():
    busy = after([10 * MINUTE] * 40)
    night = after([9 * HOUR], busy)
    assert night < HOUR / 2
    assert after([10 * MINUTE] * 4, night) == pytest.approx(busy, rel=0.5)
    assert rhythm.interval(night, 0) < 6 * MINUTE


def test_a_feed_that_wakes_up_is_asked_more_often_within_a_few_items():
    quiet = after([5 * DAY] * 20)
    assert rhythm.interval(quiet, 0) == rhythm.SLOWEST
    assert rhythm.interval(after([HOUR / 2] * 5, quiet), 0) <= rhythm.USUAL


def test_a_feed_with_news_every_four_hours_is_asked_every_15_minutes():
    assert rhythm.interval(after([4 * HOUR] * 9), 0) == pytest.approx(900)
    assert rhythm.interval(None, 0) == 900


def test_four_times_the_gap_is_twice_the_interval():
    assert rhythm.interval(8 * HOUR, 0) == pytest.approx(2 * rhythm.interval(2 * HOUR, 0))


def test_silence_slows_down_as_it_lasts_up_to_once_an_hour():
    asked = [rhythm.interval(600, silence) for silence in (0, 8 * HOUR, 2 * DAY, 30 * DAY, 3_000 * DAY)]
    assert asked == sorted(asked)
    assert (asked[0], asked[-1]) == (rhythm.QUICKEST, rhythm.SLOWEST)
    assert asked[1] <= 15 * MINUTE, "a night costs the morning little"


def hours(*times):
    told = None
    for time in times:
        told = rhythm.remembered(told, NOW.replace(hour=time // 60, minute=time % 60), DAY)
    return told


@pytest.mark.parametrize(
    ("times", "asked"),
    [
        pytest.param([720, 725, 715], 900, id="within-its-hour"),
        pytest.param([749, 745, 750], 900, id="soon"),
        pytest.param([780, 785, 790], 1_800, id="when-it-begins-and-not-later"),
        pytest.param([1_000, 1_005, 1_010], 3_600, id="far-away"),
        pytest.param([690, 691, 692], 900, id="at-its-end"),
        pytest.param([689, 688, 687], 3_600, id="just-over"),
        pytest.param([720, 725, 760, 1_000], 3_600, id="two-are-no-habit"),
        pytest.param([720, 725, 715, *range(0, 720, 90)], 3_600, id="long-ago"),
    ],
)
def test_a_quiet_feed_is_asked_as_usual_around_its_hour(times, asked):
    assert rhythm.interval(30 * DAY, 0, hours(*times), NOW) == asked


def test_an_hour_may_lie_around_midnight_and_is_one_of_utc():
    night = NOW.replace(hour=0, minute=5)
    told = hours(1_435, 1_438, 2)
    assert rhythm.interval(30 * DAY, 0, told, night) == 900
    assert rhythm.interval(30 * DAY, 0, told, night.astimezone(timezone(timedelta(hours=9)))) == 900


def test_an_hour_makes_a_busy_feed_no_slower():
    assert rhythm.interval(600, 0, hours(1_000, 1_005, 1_010), NOW) == rhythm.QUICKEST


def test_a_burst_is_no_habit():
    assert rhythm.remembered("720", NOW, 10 * MINUTE) == "720"
    assert rhythm.remembered(None, NOW, 10 * MINUTE) is None
    assert rhythm.remembered("720", NOW, 5 * HOUR) == "720 720"


def test_only_the_last_eight_are_remembered():
    assert hours(*range(100, 120)) == "112 113 114 115 116 117 118 119"


@given(st.none() | st.floats(1, 1e9), st.lists(st.floats(-1e9, 1e9, allow_nan=False), max_size=50), st.floats(0, 1e12))
def test_every_interval_is_between_five_minutes_and_an_hour(start, gaps, silence):
    gap = after(gaps, start)
    assert rhythm.QUICKEST <= rhythm.interval(gap, silence) <= rhythm.SLOWEST


@given(st.floats(60, 1e8), st.floats(60, 1e8), st.floats(0, 1e8), st.floats(0, 1e8))
def test_neither_a_longer_gap_nor_a_longer_silence_asks_for_more_polls(gap, more_gap, silence, more_silence):
    asked = rhythm.interval(gap, silence)
    assert rhythm.interval(gap + more_gap, silence + more_silence) >= asked


# ── silence ──────────────────────────────────────────────────────────────────────────────────────


def silent(*, days, news=31, span=30, longest=None):
    last = NOW - timedelta(days=days)
    longest = None if longest is None else longest * DAY
    return rhythm.is_silent(news=news, first=last - timedelta(days=span), last=last, longest=longest, until=NOW)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param({"days": 29}, False, id="a-month-for-a-daily-one"),
        pytest.param({"days": 31}, True, id="more-than-a-month-for-a-daily-one"),
        pytest.param({"days": 8, "longest": 3}, False, id="less-than-three-times-its-longest"),
        pytest.param({"days": 10, "longest": 3}, True, id="more-than-three-times-its-longest"),
        pytest.param({"days": 31, "longest": 20}, True, id="one-long-pause-does-not-excuse-for-ever"),
        pytest.param({"days": 3.9, "longest": 0.1, "news": 3_000}, False, id="a-long-weekend"),
        pytest.param({"days": 4.1, "longest": 0.1, "news": 3_000}, True, id="longer-than-any-weekend"),
        pytest.param({"days": 300, "news": 3, "span": 1, "longest": 1}, False, id="too-few-to-know-its-habit"),
    ],
)
def test_silence_is_measured_by_the_feeds_own_habit(known, expected):
    assert silent(**known) is expected


# ── the score ────────────────────────────────────────────────────────────────────────────────────


@cache
def made_up():
    return bench.made_up()


@cache
def scores(name):
    return dict(bench.compared(made_up()[name]))


@pytest.mark.parametrize("name", ["wire", "newsroom"])
def test_news_of_busy_feeds_is_less_than_five_minutes_late(name):
    ours, usual = scores(name)["rhythm"], scores(name)["15 min"]
    assert ours.late < 5
    assert ours.mean < usual.mean / 2
    assert ours.worst < 20, "the first after a night"


@pytest.mark.parametrize("name", ["ministry, 3 a week", "office, 1 a month"])
def test_quiet_feeds_take_less_than_half_the_polls_and_are_never_late_by_more_than_an_hour(name):
    ours, usual = scores(name)["rhythm"], scores(name)["15 min"]
    assert ours.polls < usual.polls / 2
    assert ours.worst <= 63  # an hour, and the jitter


def test_a_story_in_a_quiet_feed_is_told_sooner_with_fewer_polls():
    ours, usual = scores("quiet, then a story")["rhythm"], scores("quiet, then a story")["15 min"]
    assert ours.mean < usual.mean
    assert ours.polls < usual.polls / 2


def test_the_same_number_of_polls_brings_news_of_all_feeds_sooner():
    ours, same = bench.together(made_up().values())
    assert ours.polls == pytest.approx(same.polls, rel=0.02)
    assert ours.mean < 0.7 * same.mean
    assert ours.late < same.late


def test_no_feed_that_is_well_is_called_silent():
    wells = [name for name in made_up() if name != "busy, then nothing"]
    assert {name: scores(name)["rhythm"].alarms for name in wells} == dict.fromkeys(wells, 0)
    assert scores("busy, then nothing")["rhythm"].alarms == 1


def test_notices_of_six_years(corpora):
    feeds = bench.federal_register(corpora / "news" / "federal_register_trade_2020_2026.jsonl.gz", least=900)
    assert len(feeds) >= 4
    for name, items in feeds.items():
        ours = bench.replay(items)
        assert ours.polls < 40, name
        assert ours.mean < 8, f"{name}: sooner than every 15 minutes, with less than half the polls"
        assert ours.worst <= 63, name
        assert ours.alarms <= 1, name
