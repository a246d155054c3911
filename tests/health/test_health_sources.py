"""What ``doctor`` says of a source, by what its polls brought."""

from datetime import timedelta

import pytest
from source_states import NOW, state

from bot import watched
from bot.moves import Move


def history(news=31, days=30, ago=timedelta(hours=1), **more):
    last = NOW - ago
    return {"news": news, "first_new": last - timedelta(days=days), "last_new": last, **more}


def told(now=NOW, move=None, **more):
    return watched.source(state(**more), now, move)


def test_a_source_that_fares_well():
    found = told(**history())
    assert (found.name, found.state, found.remedy) == ("source wire", "ok", "")
    assert found.detail == "articles: 1,234, last answer 2023-08-28 12:00 UTC"


def test_one_that_was_never_polled():
    assert told(last_ok_at=None).detail == "not polled yet"


@pytest.mark.parametrize(("failing", "mark"), [(True, "fail"), (False, "warn")])
def test_one_that_fails_says_since_when(failing, mark):
    found = told(last_error="404", failing=failing, first_failed_at=NOW - timedelta(days=1), **history())
    assert found.state == mark
    assert found.detail == "404 (failing since 2023-08-27 12:00 UTC)"
    assert "sources check wire" in found.remedy


def test_one_that_never_answered_says_so():
    found = told(last_error="404", last_ok_at=None, first_failed_at=NOW)
    assert found.detail.endswith("(failing since 2023-08-28 12:00 UTC), it has never answered")


def test_a_gap_is_told_for_a_week_with_both_ends_and_the_remedy():
    gap = {"gap_from": NOW - timedelta(hours=9), "gap_to": NOW - timedelta(hours=1)}
    found = told(**history(**gap))
    assert found.state == "warn"
    assert "2023-08-28 03:00" in found.detail
    assert "2023-08-28 11:00" in found.detail
    assert "every" in found.remedy
    assert told(now=NOW + timedelta(days=8), **history(**gap)).state == "ok"


@pytest.mark.parametrize(
    ("known", "silent"),
    [
        pytest.param(history(ago=timedelta(days=29)), False, id="a-month-for-a-daily-one"),
        pytest.param(history(ago=timedelta(days=31)), True, id="more-than-thirty-days-for-a-daily-one"),
        pytest.param(history(ago=timedelta(days=10), longest=3 * 86_400.0), True, id="thrice-its-longest"),
        pytest.param(history(news=3000, ago=timedelta(days=3)), False, id="a-long-weekend"),
        pytest.param(history(news=3000, ago=timedelta(days=5)), True, id="five-days-of-a-busy-one"),
        pytest.param(history(news=3, days=1, ago=timedelta(days=300)), False, id="too-few-to-know-its-habit"),
    ],
)
def test_silence_is_measured_by_the_sources_own_habit(known, silent):
    found = told(**known)
    assert (found.state == "warn") == silent
    assert ("nothing new since" in found.detail) == silent


def test_while_nobody_polls_nobody_is_silent():
    assert told(last_ok_at=NOW - timedelta(days=60), **history(ago=timedelta(days=61))).state == "ok"


def test_a_folder_has_no_habit():
    assert told(kind="folder", **history(ago=timedelta(days=300))).state == "ok"


def test_a_feed_that_moved_is_told_with_the_line_to_change():
    found = told(move=Move(old="https://a.example/", new="https://b.example/", place="c.toml:7"), moved_polls=12)
    assert (found.state, "12 times" in found.detail) == ("warn", True)
    assert found.remedy == 'in c.toml:7 change url = "https://a.example/" → url = "https://b.example/"'
