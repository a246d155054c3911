"""Days as texts write them: ``October 17, 2023``, ``17 Oct. 2023``, ``2023-10-17``, ``2023年10月17日``.

A day without a year is the nearest one to the day the text was published on, rather a coming than a past one; it is
derived, and without a day of publication it is none. Of "December 3–5, 2025" the first day is read.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
_MONTHS = (*_NAMES, "November", "December")
_MONTH = "|".join(
    rf"{name[:3]}(?:{name[3:]}\b|\.|\b)" if name != "September" else r"Sep(?:t(?:ember\b|\.|\b)|\.|\b)"
    for name in _MONTHS
)
MONTH_SIGNS = ("月", *(name[:3] for name in _MONTHS))
"""One of these stands in every text with a day, unless it is written in digits."""
DATE = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s(?:the\s)?)?"
    rf"(?:(?:{_MONTH})\s?\d{{1,2}}(?:st|nd|rd|th)?\b(?:\s?[-–]\s?\d{{1,2}}\b)?(?:,?\s(?:19|20)\d\d\b)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?(?:{_MONTH})(?:,?\s(?:19|20)\d\d\b)?"
    r"|(?:19|20)\d\d-\d\d-\d\d\b|(?:(?:19|20)\d\d\s?年)?\s?\d{1,2}\s?月\s?\d{1,2}\s?[日号號])"
)
"""The pattern of a day, without groups."""
_PARTED = re.compile(
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s(?:the\s)?)?(?:(?P<m1>{_MONTH})\s?(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\b(?:\s?[-–]\s?\d{{1,2}}\b)?(?:,?\s(?P<y1>(?:19|20)\d\d)\b)?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m2>{_MONTH})(?:,?\s(?P<y2>(?:19|20)\d\d)\b)?"
    r"|(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d)\b"
    r"|(?:(?P<y4>(?:19|20)\d\d)\s?年)?\s?(?P<m4>\d{1,2})\s?月\s?(?P<d4>\d{1,2})\s?[日号號])"
)
# How far back a day without a year may lie: news tells of coming days more often than of past ones.
_BACK = timedelta(days=90)


class Day(NamedTuple):
    """A day that ends at ``end`` of the text; ``derived``: its year is not written there."""

    day: date
    end: int
    derived: bool


def read_date(text: str, start: int, published: date | None = None) -> Day | None:
    """The day that is written at ``start``; None if there is none, or no ``published`` to give it a year."""
    match = _PARTED.match(text, start)
    if match is None:
        return None
    year, month, day = (next((match[f"{part}{n}"] for n in "1234" if match[f"{part}{n}"]), "") for part in "ymd")
    number = int(month) if month.isdigit() else 1 + [name[:3] for name in _MONTHS].index(month[:3])
    if year:
        return _day(int(year), number, int(day), match.end(), derived=False)
    if published is None:
        return None
    near = (_day(published.year + more, number, int(day), match.end(), derived=True) for more in (-1, 0, 1))
    return next((one for one in near if one is not None and one.day >= published - _BACK), None)


def _day(year: int, month: int, day: int, end: int, *, derived: bool) -> Day | None:
    try:
        return Day(date(year, month, day), end, derived)
    except ValueError:  # "February 30", "2023-13-01"
        return None
