"""Dates as feeds and files write them. What is not clearly a date is None: a date is never invented.

A time without zone counts as UTC (RFC 5322 and RFC 3339 both demand a zone; most feeds that leave it
out mean UTC). A day without time is its first moment in UTC. A month or a year alone names no day
and is no date here; so are numbers whose order of day and month cannot be told.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# Twelve names a line: English, French, German, Spanish, Italian, Greek (abbreviated), Hungarian.
_MONTH_NAMES = """
january february march april may june july august september october november december
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
januar februar märz april mai juni juli august september oktober november dezember
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
ιαν φεβ μάρ απρ μάι ιούν ιούλ αύγ σεπ οκτ νοέ δεκ
január február március április május június július augusztus szeptember október november december
"""


def _abbreviations() -> dict[str, int]:
    """Every name and every beginning of one, from three letters on, that means the same month in all languages."""
    meanings: dict[str, set[int]] = {}
    for names in _MONTH_NAMES.split("\n"):
        for number, name in enumerate(names.split(), 1):
            for length in range(3, len(name) + 1):
                meanings.setdefault(name[:length], set()).add(number)
    return {text: min(months) for text, months in meanings.items() if len(months) == 1}


_MONTHS = _abbreviations()
# Hours east of UTC (RFC 5322 §4.3 and what agencies write; of those with two meanings, the one news agencies mean).
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1, "cest": 2, "mest": 2,
    "eet": 2, "eest": 3, "msk": 3, "ast": -4, "adt": -3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ist": 5.5, "hkt": 8, "sgt": 8, "jst": 9,
    "kst": 9, "aest": 10, "aedt": 11,
}  # fmt: skip
# Zones whose offset depends on the season.
_PLACES = {
    "at": "America/Halifax",
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}

_CLOCK = r"(?P<h>\d{1,2})(?::|\.|h)(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,]\d{1,9})?)?\s*(?P<half>[ap]\.?m\.?(?![a-z]))?"
_ZONE = r"(?P<zone>[+-]\d{1,2}:?\d{2}|(?:gmt|utc)[+-]\d{1,2}:?\d{2}|[+-]\d{2}|[a-z]{2,12}/[a-z_]{2,20}|[a-z]{1,5})"
_ZONE += r"(?:\s*\([^()]{0,40}\))?"  # a comment, as in "+0000 (GMT)"
_TIME = rf"(?:(?:\s*,)?\s*(?:-\s+|at\s+)?{_CLOCK})?(?:\s*{_ZONE})?"
_WEEKDAY = r"(?:[^\W\d_]{2,12}\.?(?:\s*,\s*|\s+))?"
_NAME = r"(?P<month>[^\W\d_]{3,12})\.?"
_PATTERNS = tuple(
    re.compile(pattern + r"\s*$", re.IGNORECASE)
    for pattern in (
        # RFC 3339 and ISO 8601: 2023-08-28T09:30:00Z, 2023-08-28 09:30, 20230828T093000Z
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:(?:t|\s+|t\s)\s*" + _CLOCK + rf"(?:\s*{_ZONE})?)?",
        r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:t?(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?" + rf"(?:\s*{_ZONE})?)?",
        _WEEKDAY + r"(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})" + _TIME,
        # RFC 5322 and its relatives: Mon, 28 Aug 2023 09:30:00 +0200
        _WEEKDAY
        + rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?{_NAME}(?:\s*,|\s+de)?[\s-]+(?P<y>\d{{4}}|\d{{2}})"
        + _TIME,
        # August 28, 2023 3:07 pm; Monday, August 28, 2023 - 15:07
        _WEEKDAY + rf"{_NAME}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y>\d{{4}})" + _TIME,
        # asctime: Mon Aug 28 09:30:00 2023, Mon Aug 28 09:30:00 EDT 2023
        _WEEKDAY + rf"{_NAME}\s+(?P<d>\d{{1,2}})\s+{_CLOCK}(?:\s*{_ZONE})?\s+(?P<y>\d{{4}})",
        # 2004-július-13T9:15-05:00 and other month names between hyphens
        rf"(?P<y>\d{{4}})-{_NAME}-(?P<d>\d{{1,2}})(?:t|\s+)?{_CLOCK}(?:\s*{_ZONE})?",
        # Chinese, Japanese: 2023年8月28日 09:30
        r"(?P<y>\d{4})\s*年\s*(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*日" + _TIME,
        # Numbers with slashes: only where the order can be told
        _WEEKDAY + r"(?P<one>\d{1,2})(?P<sep>[/.])(?P<two>\d{1,2})(?P=sep)(?P<y>\d{4})" + _TIME,
    )
)
# What nearly all feeds write, read without trying one pattern after the other.
_USUAL = re.compile(
    r"(?:(?:[A-Za-z]{3}, )?([0-9]{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ([0-9]{4}) |"
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T)"
    r"([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.[0-9]{1,9})?"
    r" ?(?:GMT|UTC|Z|([+-](?:0[0-9]|1[0-3])):?([0-5][0-9]))"
)
_LONGEST = 100
_EARLIEST, _LATEST = 1900, 2200


def parse_date(raw: str | None) -> datetime | None:
    """The moment that ``raw`` names, in UTC; None if it names none clearly."""
    if not raw:
        return None
    if moment := _usual(raw):
        return moment
    text = " ".join(raw.split())
    if not 6 <= len(text) <= _LONGEST:
        return None
    if re.fullmatch(r"[0-9]{9,10}", text):  # seconds since 1970, as some programs write
        moment = datetime.fromtimestamp(int(text), UTC)
        return moment if moment.year <= _LATEST else None
    return _any(text)


def _usual(text: str) -> datetime | None:
    """A moment in the form of RFC 5322 or RFC 3339, if it is one; the other patterns would give the same."""
    found = _USUAL.fullmatch(text)
    if found is None:
        return None
    d, name, y, year, m, day, hour, minute, second, zone, past = found.groups()
    if name:
        year, m, day = y, _MONTHS[name.lower()], d
    if not _EARLIEST <= int(year) <= _LATEST:
        return None
    try:
        local = datetime(int(year), int(m), int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None
    if not zone:
        return local
    return local - timedelta(hours=int(zone), minutes=int(zone[0] + past))


def _any(text: str) -> datetime | None:
    for pattern in _PATTERNS:
        if found := pattern.match(text):
            return _moment(found.groupdict())
    return None


def _moment(parts: dict[str, str | None]) -> datetime | None:
    day, clock, zone = _day(parts), _clock(parts), _zone(parts.get("zone"))
    if day is None or clock is None or zone is None or not _EARLIEST <= day[0] <= _LATEST:
        return None
    hour, minute, second = clock
    try:
        local = datetime(*day) + timedelta(hours=hour, minutes=minute, seconds=second)  # noqa: DTZ001 – the zone follows
    except ValueError:
        return None
    return local.replace(tzinfo=zone).astimezone(UTC)


def _day(parts: dict[str, str | None]) -> tuple[int, int, int] | None:
    year = _year(parts["y"] or "")
    if "one" in parts:
        first, second = int(parts["one"] or 0), int(parts["two"] or 0)
        if parts["sep"] == "." or first > 12:  # dots are European: day first
            return (year, second, first)
        return (year, first, second) if second > 12 or first == second else None
    if parts.get("month"):
        month = _MONTHS.get((parts["month"] or "").lower())
        return (year, month, int(parts["d"] or 0)) if month else None
    return (year, int(parts["m"] or 0), int(parts["d"] or 0))


def _year(digits: str) -> int:
    """Two digits as RFC 5322 §4.3 reads them: 00–49 are 20xx, 50–99 are 19xx."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 50 else 1900)


def _clock(parts: dict[str, str | None]) -> tuple[int, int, int] | None:
    hour, minute, second = (int(parts.get(name) or 0) for name in ("h", "mi", "s"))
    if half := parts.get("half"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    midnight = hour == 24 and minute == second == 0
    # 60 is a leap second (RFC 3339 §5.6); it counts as the next moment.
    return (hour, minute, second) if (hour < 24 or midnight) and minute < 60 and second <= 60 else None


def _zone(written: str | None) -> tzinfo | None:
    """The zone; None for one that cannot be or is not known."""
    name = (written or "z").lower()
    numbers = re.fullmatch(r"(?:gmt|utc)?([+-])(\d{1,2}?):?(\d{2})?", name)
    if numbers is None:
        return timezone(timedelta(hours=_ZONES[name])) if name in _ZONES else _place(_PLACES.get(name, written or ""))
    hours, minutes = int(numbers[2]), int(numbers[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if numbers[1] == "-" else 1))


def _place(name: str) -> tzinfo | None:
    """A zone of the IANA database, such as Europe/Brussels."""
    if "/" not in name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
