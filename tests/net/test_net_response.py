from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.net import response

NOW = datetime(2024, 5, 1, 12, 0, 0, tzinfo=UTC)
DATE = "Wed, 01 May 2024 12:00:00 GMT"

RETRY_AFTER = {
    "120": 120,
    "0": 0,
    " 7 ": 7,
    "1.5": 1.5,
    "Wed, 01 May 2024 12:02:00 GMT": 120,
    "Wednesday, 01-May-24 12:02:00 GMT": 120,
    "Wed May  1 12:02:00 2024": 120,
    "Wed, 01 May 2024 14:02:00 +0200": 120,
    "Wed, 01 May 2024 11:00:00 GMT": 0,
    "": None,
    "-5": None,
    "soon": None,
    "1e9": None,
    "٣": None,
    "99999999999": 2**31,
    "9" * 5_000: 2**31,
    "Wed, 99 May 2024 12:02:00 GMT": None,
}


@pytest.mark.parametrize(("value", "seconds"), RETRY_AFTER.items(), ids=[key[:40] for key in RETRY_AFTER])
def test_retry_after(value, seconds):
    assert response.retry_after({"Retry-After": value, "Date": DATE}) == seconds


def test_a_date_counts_from_the_servers_clock_before_ours():
    headers = {"Retry-After": "Wed, 01 May 2024 12:02:00 GMT"}
    assert response.retry_after(headers) is None
    assert response.retry_after(headers, NOW) == 120
    assert response.retry_after({**headers, "Date": DATE}, NOW + timedelta(hours=5)) == 120


MAX_AGE = [
    ({"Cache-Control": "max-age=300"}, 300),
    ({"Cache-Control": 'public, MAX-AGE="300"'}, 300),
    ({"Cache-Control": "public, max-age=300", "Age": "120"}, 180),
    ({"Cache-Control": "max-age=300", "Age": "999"}, 0),
    ({"Cache-Control": "max-age=300", "Age": "old"}, 300),
    ({"Cache-Control": "s-maxage=300"}, None),
    ({"Cache-Control": "x-max-age=300"}, None),
    ({"Cache-Control": "max-age=300, no-cache"}, None),
    ({"Cache-Control": "no-store"}, None),
    ({"Cache-Control": "max-age=-1"}, None),
    ({"Cache-Control": "max-age=" + "9" * 5_000}, 2**31),
    ({"Cache-Control": "max-age=300", "Age": "9" * 5_000}, 0),
    ({"Cache-Control": "max-age=60", "Expires": "Wed, 01 May 2024 13:00:00 GMT", "Date": DATE}, 60),
    ({"Expires": "Wed, 01 May 2024 13:00:00 GMT", "Date": DATE}, 3600),
    ({"Expires": "0", "Date": DATE}, None),
    ({"Expires": "Wed, 01 May 2024 11:00:00 GMT", "Date": DATE}, 0),
    ({"Expires": "Wed, 01 May 2024 13:00:00 GMT"}, None),
    ({}, None),
]


@pytest.mark.parametrize(("headers", "seconds"), MAX_AGE, ids=[str(headers)[:60] for headers, _ in MAX_AGE])
def test_max_age(headers, seconds):
    assert response.max_age(headers) == seconds


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ('"abc"', '"abc"'),
        (' W/"abc" ', 'W/"abc"'),
        ("bare", "bare"),
        ("", None),
        ("x" * 1_025, None),
        ('"é"', None),
        ('"\udcff"', None),
        ('"a\x01"', None),
    ],
)
def test_only_validators_that_can_be_sent_back_are_kept(sent, kept):
    assert response.validator({"ETag": sent}, "ETag") == kept


@pytest.mark.parametrize(
    ("sent", "kind", "charset"),
    [
        ("text/xml", "text/xml", None),
        ("text/xml; charset=UTF-8", "text/xml; charset=UTF-8", "utf-8"),
        ('text/xml; x=1; Charset = "GB2312"', 'text/xml; x=1; Charset = "GB2312"', "gb2312"),
        ("text/xml; charset='windows-1252'", "text/xml; charset='windows-1252'", "windows-1252"),
        ("text/xml\udcff;\x00charset=", "text/xml;charset=", None),
        ("", None, None),
    ],
)
def test_content_type(sent, kind, charset):
    assert response.content_type({"Content-Type": sent}) == (kind, charset)


@given(st.text(), st.text(), st.text())
def test_no_header_raises(value, date, age):
    headers = {"Retry-After": value, "Cache-Control": value, "Expires": value, "Date": date, "Age": age}
    for seconds in (response.retry_after(headers, NOW), response.max_age(headers, NOW)):
        assert seconds is None or seconds >= 0
    response.content_type({"Content-Type": value})


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2068, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_each_form_of_an_http_date_is_read(moment):
    moment = moment.replace(microsecond=0)
    for form in ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"):
        assert response.http_date(moment.strftime(form)) == moment
