"""Days as texts write them, each once: "October 17, 2023", "17 Oct. 2023", "2023-10-17", "2023年10月17日".

A day without a year is the nearest one to the day of publication; without that it is none. Weekdays, months and years
alone are no days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import chain

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>(?:19|20)\d\d)"
_PATTERNS = (
    re.compile(rf"\b{_MONTH}\s{_DAY}\b(?:,?\s{_YEAR}\b)?"),
    re.compile(rf"\b{_DAY}\s(?:of\s)?{_MONTH}(?!\w)(?:,?\s{_YEAR}\b)?"),
    re.compile(rf"(?<!\d){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"),
    re.compile(rf"(?:{_YEAR}\s?年)?\s?(?<!\d)(?P<month>\d{{1,2}})\s?月\s?(?P<day>\d{{1,2}})\s?[日号號]"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day that is written at [start, end) of the text."""

    day: date
    start: int
    end: int


def days(text: str, published: date | None) -> tuple[Day, ...]:
    """Every day in ``text``, in order of place."""
    found = chain.from_iterable(pattern.finditer(text) for pattern in _PATTERNS)
    read = (_read(match, published) for match in sorted(found, key=lambda match: (match.start(), -match.end())))
    kept: list[Day] = []
    for one in read:
        if one is not None and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return tuple(kept)


def _read(match: re.Match[str], published: date | None) -> Day | None:
    month = match["month"]
    number = int(month) if month.isdigit() else 1 + _MONTHS.index(month[:3].lower())
    if match["year"]:
        years = [int(match["year"])]
    elif published is not None:
        years = [published.year + more for more in (-1, 0, 1)]
    else:
        return None
    possible = [day for year in years if (day := _date(year, number, int(match["day"]))) is not None]
    if not possible:
        return None
    nearest = min(possible, key=lambda day: abs(day - published)) if published is not None else possible[0]
    return Day(day=nearest, start=match.start(), end=match.end())


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # "February 30"
        return None
