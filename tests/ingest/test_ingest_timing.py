"""When to poll next, and where an article stands in order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest import timing
from bot.model import Article

NOW = datetime(2023, 8, 28, 12, tzinfo=UTC)
times = st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1900 < at.year < 2200)


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (None, NOW),
        (NOW - timedelta(hours=3), NOW - timedelta(hours=3)),
        (NOW + timedelta(days=400), NOW),
        (NOW - timedelta(days=400), NOW - timedelta(days=7)),
    ],
)
def test_order(published, expected):
    assert timing.order_at(published, NOW) == expected


@given(st.none() | times, times)
def test_order_is_always_within_a_week(published, seen):
    assert seen - timedelta(days=7) <= timing.order_at(published, seen) <= seen


def test_newer_articles_have_the_larger_age_key_and_undated_ones_the_smallest():
    def dated(at):
        return Article(
            source="s", key="k", key_kind="guid", fingerprint="f", content_hash="h", title="t", body="", published_at=at
        )

    undated, old, new = dated(None), dated(NOW - timedelta(days=1)), dated(NOW)
    assert sorted([new, undated, old], key=timing.age_key) == [undated, old, new]


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ({}, 900),
        ({"folder": True}, 60),
        ({"every": 300}, 300),
        ({"every": 300, "max_age": 600}, 600),
        ({"every": 300, "ttl": 3_600, "max_age": 600}, 3_600),
        ({"every": 1}, 60),
        ({"ttl": 10_000_000}, 86_400),
        ({"max_age": 5}, 900),
    ],
)
def test_interval(asked, seconds):
    assert timing.interval(**asked) == seconds


def test_success_spreads_by_five_percent_each_way():
    due = [(timing.after_success(NOW, 1_000, jitter=jitter) - NOW).total_seconds() for jitter in (0, 0.5, 1)]
    assert due == [950, 1_000, 1_050]


def test_failures_double_from_a_minute_to_six_hours():
    pauses = [(timing.after_failure(NOW, failures) - NOW).total_seconds() for failures in range(1, 12)]
    assert pauses == [60, 120, 240, 480, 960, 1_920, 3_840, 7_680, 15_360, 21_600, 21_600]
    assert timing.after_failure(NOW, 10_000) - NOW == timedelta(hours=6)


def test_a_source_polled_once_a_day_is_not_asked_more_often_because_it_fails():
    assert timing.after_failure(NOW, 50, seconds=86_400) - NOW == timedelta(days=1)


def test_retry_after_is_the_least_but_not_for_ever():
    assert timing.after_failure(NOW, 1, retry_after=1_000) - NOW == timedelta(seconds=1_000)
    assert timing.after_failure(NOW, 9, retry_after=5) > NOW + timedelta(hours=1)
    assert timing.after_failure(NOW, 1, retry_after=1e9) - NOW == timedelta(days=1)


@given(st.integers(0, 10**6), st.floats(0, 1e9), st.none() | st.floats(0, 1e12), st.floats(0, 1, exclude_max=True))
def test_every_pause_is_between_a_minute_and_a_day(failures, seconds, retry_after, jitter):
    for due in (
        timing.after_failure(NOW, failures, seconds=seconds, retry_after=retry_after, jitter=jitter),
        timing.after_success(NOW, seconds, jitter=jitter),
    ):
        assert timedelta(minutes=1) <= due - NOW <= timedelta(days=1)
