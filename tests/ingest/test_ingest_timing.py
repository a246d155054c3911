"""When to poll next, and where an article stands in order."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest import timing
from bot.model import Article, Source

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


def source(every=None, kind="feed"):
    return Source(id="s", kind=kind, name="S", every=every)


HOUR = 3_600.0


@pytest.mark.parametrize(
    ("source", "known", "seconds", "by"),
    [
        pytest.param(source(), {}, 900, "rhythm", id="nothing-known"),
        pytest.param(source(), {"gap": HOUR}, 450, "rhythm", id="busy"),
        pytest.param(source(), {"gap": 16 * HOUR}, 1_800, "rhythm", id="quiet"),
        pytest.param(source(), {"gap": 99 * HOUR, "hours": "725 719 722"}, 900, "rhythm", id="at-its-hour"),
        pytest.param(source(300), {"hours": "725 719 722"}, 300, "config", id="every-at-its-hour"),
        pytest.param(source(kind="folder"), {"gap": HOUR}, 60, "folder", id="folder"),
        pytest.param(source(300), {"gap": 9_999 * HOUR, "silence": 1e9}, 300, "config", id="every-is-obeyed"),
        pytest.param(source(7_200), {"gap": 60}, 7_200, "config", id="every-is-obeyed-when-it-is-long"),
        pytest.param(source(60, "folder"), {}, 60, "config", id="every-of-a-folder"),
        pytest.param(source(1), {}, 60, "config", id="never-more-than-once-a-minute"),
        pytest.param(source(300), {"floor": 600}, 600, "server", id="server-asks-for-longer"),
        pytest.param(source(), {"gap": 60, "floor": 600}, 600, "server", id="server-against-the-rhythm"),
        pytest.param(source(), {"floor": 1e9}, 86_400, "server", id="but-not-for-ever"),
        pytest.param(source(300), {"floor": 5}, 300, "config", id="server-does-not-mind"),
        pytest.param(source(900), {"tight": 450}, 450, "gap", id="a-gap"),
        pytest.param(source(), {"tight": 60, "gap": HOUR}, 60, "gap", id="a-gap-against-the-rhythm"),
        pytest.param(source(300), {"tight": 450}, 300, "config", id="often-enough-for-the-gap"),
        pytest.param(source(900), {"tight": 450, "floor": 600}, 600, "server", id="a-gap-and-a-server"),
    ],
)
def test_plan(source, known, seconds, by):
    habit = timing.Habit(**{name: known[name] for name in known.keys() & {"gap", "silence", "hours"}})
    asked = {name: known[name] for name in known.keys() & {"tight", "floor"}}
    plan = timing.plan(source, NOW, habit, **asked)
    assert (plan.seconds, plan.by) == (seconds, by)


@pytest.mark.parametrize(("days", "tight"), [(0, 450), (7, 450), (8, None)])
def test_a_gap_is_recent_for_a_week(days, tight):
    assert timing.recent(450, NOW - timedelta(days=days), NOW) == tight
    assert timing.recent(450, None, NOW) is None


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
