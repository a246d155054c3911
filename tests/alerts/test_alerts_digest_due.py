"""A digest is due exactly once per local date, whatever the clocks of the world do."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts.digest_due import due, is_late, next_occurrence, occurrence
from bot.model import Digest

# Half an hour, two hours, midnight, winter time in summer, Ramadan, no change at all, far ahead and far behind.
ZONES = (
    "America/New_York",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "America/Nuuk",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Berlin",
    "Europe/Chisinau",
    "Africa/Cairo",
    "Africa/Casablanca",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Antarctica/Troll",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
)
TIMES = ("00:00", "00:15", "00:30", "01:00", "01:30", "02:00", "02:30", "02:59", "03:00", "07:30", "23:00", "23:59")
EVERY_DAY = frozenset(range(7))
BEGIN, END = datetime(2024, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def digest(zone="UTC", at="07:30", days=EVERY_DAY):
    return Digest(id="d", to=("console",), at=time.fromisoformat(at), zone=zone, days=days)


def transitions(zone):
    """The hours in which the zone's offset changes, found by asking every hour."""
    place, found = ZoneInfo(zone), []
    moment, before = BEGIN, BEGIN.astimezone(place).utcoffset()
    while moment < END:
        moment += timedelta(hours=1)
        offset = moment.astimezone(place).utcoffset()
        if offset != before:
            found.append(moment)
            before = offset
    return found


def issued(one, ticks, *, since):
    """The dates that are issued when the clock is looked at in these moments, in the order they go out."""
    last, dates = None, []
    for now in ticks:
        day = due(one, since=since, last=last, now=now)
        if day is not None:
            dates.append((day, now))
            last = day
    return dates


@pytest.mark.parametrize("zone", ZONES)
def test_around_every_change_of_the_clocks_each_date_is_issued_once(zone):
    """Two days before to two days after each change of 2024–2030, looked at every ten minutes."""
    place = ZoneInfo(zone)
    for change in transitions(zone) or [datetime(2024, 3, 31, 1, tzinfo=UTC)]:
        start, count = change - timedelta(days=2), 4 * 144
        ticks = [start + timedelta(minutes=10 * number) for number in range(count)]
        for at in TIMES:
            one = digest(zone, at)
            found = issued(one, ticks, since=start)
            dates = [day for day, _ in found]
            first, last = start.astimezone(place), ticks[-1].astimezone(place)
            wanted = [first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1)]
            wanted = [day for day in wanted if start < occurrence(one, day) <= ticks[-1]]
            assert dates == wanted, (zone, at, change)
            assert len(wanted) in {3, 4, 5}
            assert all(after - before == timedelta(days=1) for before, after in pairwise(dates)), (zone, at, change)
            assert all(now - occurrence(one, day) < timedelta(minutes=10) for day, now in found)


@pytest.mark.parametrize("zone", ZONES)
def test_an_occurrence_is_the_first_moment_at_which_the_wall_clock_has_reached_the_time(zone):
    place = ZoneInfo(zone)
    for change in transitions(zone):
        for at in TIMES:
            day = change.astimezone(place).date()
            one = digest(zone, at)
            moment = occurrence(one, day)
            assert moment.astimezone(place).date() == day
            assert moment.astimezone(place).time() >= one.at
            just_before = (moment - timedelta(seconds=1)).astimezone(place)
            assert (just_before.date(), just_before.time()) < (day, one.at)


# ── every zone there is ──────────────────────────────────────────────────────────────────────────


def every_zone():
    """All zones of the database, those together whose clocks show the same on every day of 2024–2030."""
    days = [BEGIN + timedelta(days=number) for number in range((END - BEGIN).days)]
    found = {}
    for zone in sorted(available_timezones()):
        place = ZoneInfo(zone)
        found.setdefault(tuple(moment.astimezone(place).utcoffset() for moment in days), []).append(zone)
    return found


def test_in_every_zone_each_date_of_seven_years_has_one_issue_whatever_the_clocks_do():
    """Around every change of the clocks, and now and then besides; told by the moments just before and at each issue."""
    zones, changes = every_zone(), 0
    assert sum(map(len, zones.values())) > 450
    for offsets, (zone, *_) in zones.items():
        place = ZoneInfo(zone)
        every = [BEGIN.date() + timedelta(days=number) for number in range(len(offsets))]
        around = {
            day + timedelta(days=shift)
            for (before, after), day in zip(pairwise(offsets), every[1:], strict=True)
            if before != after
            for shift in (-2, -1, 0, 1, 2)
        }
        changes += len(around) // 5
        for at in TIMES:
            dates = sorted({*(around), *(every[::60] if at in TIMES[::4] else ())})
            check(digest(zone, at), place, [day for day in dates if BEGIN.date() < day < END.date()])
    assert changes > 200


def check(one, place, dates):
    """Each date is due from its occurrence on, once, before the next date's; nothing is due just before it."""
    for day in dates:
        moment, following = occurrence(one, day), occurrence(one, day + timedelta(days=1))
        wall = moment.astimezone(place).replace(tzinfo=None)
        # In Greenland the last hour of a day is skipped each spring: its issue comes with the midnight after it.
        assert wall.date() == day or wall == datetime(day.year, day.month, day.day) + timedelta(days=1), one.zone  # noqa: DTZ001
        assert timedelta(hours=20) < following - moment < timedelta(hours=28), (one.zone, one.at, day)
        last = day - timedelta(days=1)
        assert due(one, since=BEGIN, last=last, now=moment - timedelta(seconds=1)) is None
        assert due(one, since=BEGIN, last=last, now=moment) == day
        assert due(one, since=BEGIN, last=day, now=following - timedelta(seconds=1)) is None
        assert due(one, since=BEGIN, last=day, now=following) == day + timedelta(days=1)


@pytest.mark.parametrize("days", [{0}, {4}, {6}, {0, 2, 4}, {5, 6}, set(range(5))])
@pytest.mark.parametrize(
    "zone", ["America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Cairo", "Asia/Gaza"]
)
def test_weekly_and_weekday_issues_come_on_their_days_and_on_no_other(zone, days):
    """A look every three hours for two years: the dates issued are those of these weekdays, each once."""
    one, since = digest(zone, "02:30", frozenset(days)), datetime(2025, 1, 1, tzinfo=UTC)
    ticks = [since + timedelta(hours=3 * number) for number in range(8 * 730)]
    dates = [day for day, _ in issued(one, ticks, since=since)]
    first, last = dates[0], dates[-1]
    whole = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert dates == [day for day in whole if day.weekday() in days]
    assert len(dates) >= 103 * len(days)


def test_a_time_that_is_skipped_comes_with_the_first_moment_after_the_gap():
    spring = occurrence(digest("America/New_York", "02:30"), date(2026, 3, 8))
    assert spring == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    midnight = occurrence(digest("Asia/Beirut", "00:00"), date(2026, 3, 29))
    assert midnight == datetime(2026, 3, 28, 22, 0, tzinfo=UTC)


def test_a_time_that_comes_twice_counts_once_and_at_its_first_showing():
    one = digest("America/New_York", "01:30")
    assert occurrence(one, date(2026, 11, 1)) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    second = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    since = datetime(2026, 10, 1, tzinfo=UTC)
    assert due(one, since=since, last=date(2026, 10, 31), now=second) == date(2026, 11, 1)
    assert due(one, since=since, last=date(2026, 11, 1), now=second) is None


@pytest.mark.parametrize("zone", ZONES)
def test_with_any_restarts_and_a_clock_that_is_set_back_no_date_is_issued_twice(zone):
    dice = random.Random(zone)
    one = digest(zone, dice.choice(TIMES))
    since = now = datetime(2026, 1, 1, tzinfo=UTC)
    ticks = []
    for _ in range(1_500):
        now += timedelta(minutes=dice.choice((1, 7, 45, 400, 1500, -20, -90, -700)))
        ticks.append(now)
    dates = [day for day, _ in issued(one, ticks, since=since)]
    assert dates == sorted(set(dates))
    assert len(dates) > 20


def test_the_first_issue_is_the_next_occurrence_after_it_was_configured():
    one = digest("UTC", "07:30")
    configured = datetime(2026, 3, 2, 7, 31, tzinfo=UTC)
    assert due(one, since=configured, last=None, now=configured + timedelta(hours=10)) is None
    assert next_occurrence(one, since=configured, last=None, now=configured) == datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
    assert due(one, since=configured, last=None, now=datetime(2026, 3, 3, 7, 30, tzinfo=UTC)) == date(2026, 3, 3)


def test_after_a_long_silence_only_the_newest_missed_issue_goes_out_and_it_is_late():
    one = digest("UTC", "07:30", frozenset(range(5)))
    since, last = datetime(2026, 1, 1, tzinfo=UTC), date(2026, 2, 20)
    sunday = datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert due(one, since=since, last=last, now=sunday) == date(2026, 3, 6)
    assert is_late(one, date(2026, 3, 6), sunday)
    assert not is_late(one, date(2026, 3, 6), datetime(2026, 3, 6, 8, 30, tzinfo=UTC))
    assert due(one, since=since, last=date(2026, 3, 6), now=sunday) is None


def test_days_are_those_of_the_zone():
    mondays = digest("Pacific/Auckland", "07:30", frozenset({0}))
    sunday_in_utc = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    assert due(mondays, since=datetime(2026, 2, 1, tzinfo=UTC), last=None, now=sunday_in_utc) == date(2026, 3, 2)


def test_a_digest_without_days_is_never_due():
    never = digest(days=frozenset())
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert due(never, since=BEGIN, last=None, now=now) is None
    assert next_occurrence(never, since=BEGIN, last=None, now=now) is None


@given(
    zone=st.sampled_from(ZONES),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    now=st.datetimes(datetime(2024, 1, 10), datetime(2030, 12, 1)).map(lambda now: now.replace(tzinfo=UTC)),  # noqa: DTZ001
)
def test_the_next_occurrence_is_when_an_issue_becomes_due(zone, at, days, now):
    one = Digest(id="d", to=(), at=at, zone=zone, days=days)
    since = now
    coming = next_occurrence(one, since=since, last=None, now=now)
    assert coming is not None
    assert now < coming <= now + timedelta(days=8)
    assert due(one, since=since, last=None, now=coming - timedelta(seconds=1)) is None
    day = due(one, since=since, last=None, now=coming)
    assert day is not None
    assert occurrence(one, day) == coming
    after = next_occurrence(one, since=since, last=day, now=coming)
    assert after is not None
    assert after > coming
