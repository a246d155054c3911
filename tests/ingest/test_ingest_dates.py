"""Dates as they are written, and those that are none."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ingest.dates import parse_date

SAME = datetime(2023, 8, 28, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2023-08-28T13:30:00Z",
        "2023-08-28T13:30Z",
        "2023-08-28T15:30:00.123+02:00",
        "2023-08-28 09:30:00 -0400",
        "20230828T133000Z",
        "2023-08-28T13:30:00",
        "Mon, 28 Aug 2023 13:30:00 GMT",
        "Mon, 28 Aug 2023 09:30:00 EDT",
        "28 August 2023 13:30",
        "28 Aug 23 13:30:00 +0000",
        "Monday, August 28, 2023 - 1:30pm",
        "August 28, 2023 9:30 a.m. ET",
        "Mon Aug 28 13:30:00 2023",
        "Mon Aug 28 13:30:00 UTC 2023",
        "lun., 28 août 2023 15:30:00 +0200",
        "2023年8月28日 13:30",
        "2023/08/28 13:30",
        "28/08/2023 13:30",
        "28.08.2023, 13:30",
        "Mon, 28 Aug 2023 15:30:00 Europe/Brussels",
        "1693229400",
        "Mon, 28 Aug 2023 13:30:00 +0000 (GMT)",
    ],
)
def test_one_moment_written_in_many_ways(written):
    found = parse_date(written)
    assert found is not None
    assert found.replace(microsecond=0) == SAME
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2023-08-28", datetime(2023, 8, 28, tzinfo=UTC)),
        ("28 Aug 2023", datetime(2023, 8, 28, tzinfo=UTC)),
        ("Mon, 26 January 2004 16:31:00 ET", datetime(2004, 1, 26, 21, 31, tzinfo=UTC)),
        ("Mon, 26 July 2004 16:31:00 ET", datetime(2004, 7, 26, 20, 31, tzinfo=UTC)),
        ("31 Dec 99 23:59:59 +0000", datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1 Jan 49 00:00:00 +0000", datetime(2049, 1, 1, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2023-08-28T24:00:00Z", datetime(2023, 8, 29, tzinfo=UTC)),
        ("12:30 am", None),
        ("August 28, 2023 12:30 am", datetime(2023, 8, 28, 0, 30, tzinfo=UTC)),
        ("August 28, 2023 12:30 pm", datetime(2023, 8, 28, 12, 30, tzinfo=UTC)),
    ],
)
def test_days_seasons_and_edges(written, expected):
    assert parse_date(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        None,
        "",
        "yesterday",
        "2023",
        "2023-08",
        "Aug 2023",
        "03/04/2023",
        "04/05/23",
        "32 Aug 2023",
        "2023-02-30",
        "2023-08-28T25:00:00Z",
        "2023-08-28T10:61:00Z",
        "2023-08-28T10:00:00+15:00",
        "2023-08-28T10:00:00-05:00Z",
        "28 Blah 2023 10:00:00",
        "28 Aug 2023 10:00:00 XYZ",
        "28 Aug 2023 13:00 pm",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-14:00",
        "Mon, 28 Aug 2023 10:00:00 ../../etc/passwd",
        "2023-08-28" + " " * 50 + "x" * 100,
    ],
)
def test_what_is_no_clear_date_is_none(written):
    assert parse_date(written) is None


@given(st.datetimes().filter(lambda at: 1950 < at.year < 2049), st.integers(-14 * 60, 14 * 60))
def test_rfc_3339_and_rfc_5322_survive_the_way_there_and_back(local, minutes):
    local = local.replace(microsecond=0)
    sign, (hours, rest) = "+-"[minutes < 0], divmod(abs(minutes), 60)
    iso = f"{local.isoformat()}{sign}{hours:02}:{rest:02}"
    mail = f"{local:%a, %d %b %Y %H:%M:%S} {sign}{hours:02}{rest:02}"
    assert parse_date(iso) == parse_date(mail) == datetime.fromisoformat(iso)


@given(st.text(max_size=110))
def test_any_text_is_a_date_or_none(text):
    found = parse_date(text)
    assert found is None or found.tzinfo is UTC


# Dates of the zoo that others read and we do not, each with the reason. A date is never invented.
LEFT_OUT = {
    "-0312": "a month alone names no day",
    "-03-12": "a month alone names no day",
    "2003-12": "a month alone names no day",
    "2003": "a year alone names no day",
    "031231": "six digits can be read in three orders",
    "03-12-31": "two-digit parts can be read in three orders",
    "03335": "five digits: an ordinal date without century",
    "2003-012-31T10:14:55+00:00": "a month of three digits",
    "2004-05-25 오후 11:23:17": "Korean half-days are not read",
    "2004년 05월 28일  01:31:15": "Korean without zone is meant as Seoul's time: reading it as UTC would be wrong",
    "Thu, 01 Jan 0100 00:00:01 +0100": "before 1900 nothing was published that a feed reports",
}


def test_the_date_zoo(corpora):
    wrong = []
    for line in (corpora / "evil" / "dates.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        found, written = parse_date(row["input"]), row["input"]
        if row["expected_utc"] and written not in LEFT_OUT:
            expected = datetime.fromisoformat(re.sub(r"\.\d+", "", row["expected_utc"]))
            if found is None or found.replace(microsecond=0) != expected:
                wrong.append((written, row["expected_utc"], found))
        elif written in LEFT_OUT and found is not None:
            wrong.append((written, "left out", found))
        elif not row["valid"] and "strictness" not in row.get("note", "") and found is not None:
            wrong.append((written, "invalid", found))
    assert wrong == []
