"""Quiet hours: until when nothing is sent, over every zone and every change of the clocks."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.quiet import quiet_until
from bot.model import Quiet

NIGHT = Quiet(begin=time(22), end=time(7), zone="America/New_York")
NOON = Quiet(begin=time(12), end=time(13, 30))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (NIGHT, "2026-01-15T02:59:59", None),
        (NIGHT, "2026-01-15T03:00", "2026-01-15T12:00"),
        (NIGHT, "2026-01-15T11:59:59", "2026-01-15T12:00"),
        (NIGHT, "2026-01-15T12:00", None),
        (NOON, "2026-01-15T12:00", "2026-01-15T13:30"),
        (NOON, "2026-01-15T13:30", None),
        (NOON, "2026-01-15T11:59", None),
        # The night in which clocks go forward is an hour shorter, the one in which they go back an hour longer.
        (NIGHT, "2026-03-08T03:00", "2026-03-08T11:00"),
        (NIGHT, "2026-11-01T02:00", "2026-11-01T12:00"),
        # The end does not exist that day: clocks go from 2 to 3.
        (Quiet(begin=time(22), end=time(2, 30), zone="America/New_York"), "2026-03-08T05:00", "2026-03-08T07:30"),
        # The end comes twice that day: the first time counts, also when it has been.
        (Quiet(begin=time(22), end=time(1, 30), zone="America/New_York"), "2026-11-01T05:00", "2026-11-01T05:30"),
        (Quiet(begin=time(22), end=time(1, 30), zone="America/New_York"), "2026-11-01T06:10", None),
    ],
)
def test_the_end_is_told_by_the_reader_s_clock(quiet, now, until):
    assert quiet_until(quiet, at(now)) == (at(until) if until else None)


BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 7 * 365 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
ZONES = [
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Santiago",
]


@given(
    st.builds(Quiet, begin=st.times(), end=st.times(), zone=st.sampled_from(ZONES)),
    MOMENTS,
)
def test_it_ends_within_a_day_and_is_over_then(quiet, now):
    until = quiet_until(quiet, now)
    if until is None:
        return
    assert now < until <= now + timedelta(hours=25, minutes=1)
    again = quiet_until(quiet, until)
    # Only where the clocks stand at the end once more, an hour later or sooner, may it begin again at once.
    assert again is None or again - until <= timedelta(hours=3) or quiet.begin == quiet.end


@given(MOMENTS)
def test_outside_of_the_hours_nothing_is_kept(now):
    local = now.astimezone(ZoneInfo("America/New_York"))
    assert (quiet_until(NIGHT, now) is None) == (7 <= local.hour < 22)
