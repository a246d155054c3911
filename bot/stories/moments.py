"""Days and times of day as texts name them, and whether two names mean one: "on Monday night", "late on Monday"."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_WEEKDAYS = {
    word: day
    for listed in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lunes martes miercoles jueves viernes sabado domingo",
    )
    for day, word in enumerate(listed.split())
} | {"sonnabend": 5}
_TODAY = frozenset(["today", "tonight", "heute", "aujourdhui", "hoy"])
_YESTERDAY = frozenset(["yesterday", "gestern", "hier", "ayer", "overnight", "lastnight"])
_TOMORROW = frozenset(["tomorrow", "demain"])
DATED = frozenset([*_WEEKDAYS, *_TODAY, *_YESTERDAY, *_TOMORROW, "lastyear", "thisyear", "lastmonth", "thismonth"]) - {
    "hier"
}  # which is "here" in German
_EARLY, _NOON, _LATE = "early", "noon", "late"
_PARTS = {
    "early": {_EARLY}, "morning": {_EARLY}, "dawn": {_EARLY}, "midday": {_NOON}, "noon": {_NOON},
    "afternoon": {_NOON}, "evening": {_LATE}, "night": {_LATE, _EARLY}, "nightfall": {_LATE}, "late": {_LATE},
    "tonight": {_LATE}, "overnight": {_LATE, _EARLY}, "lastnight": {_LATE}, "abend": {_LATE}, "nacht": {_LATE, _EARLY},
    "fruh": {_EARLY}, "spat": {_LATE}, "nachmittag": {_NOON}, "matin": {_EARLY}, "soir": {_LATE},
    "nuit": {_LATE, _EARLY},
}  # fmt: skip
_MONTH, _YEAR = 1_000, 10_000  # above any count of days, so that months and years are told apart from them


def same_day(left: str, right: str, at: datetime | None) -> bool:
    """Whether two words name one day, of an article that came out ``at`` that moment."""
    if at is None:
        return False
    if left in MONTHS or right in MONTHS:
        month = {f".{MONTHS.index(word) + 1}." for word in (left, right) if word in MONTHS}
        if len(month) == 1 and any(word.endswith(tuple(month)) for word in (left, right)):
            return True
    return bool(_days(left, at) & _days(right, at))


def is_moment(word: str) -> bool:
    """Whether a word, in the form that copies are compared in, names a day or a part of one."""
    return word in DATED or word in _PARTS or _is_date(word)


def same_moment(left: Iterable[str], right: Iterable[str], at: datetime | None) -> bool:
    """Whether two rows of words that name days and parts of them may mean one moment."""
    mine, theirs = _joined(left), _joined(right)
    parts, others = _parts(mine), _parts(theirs)
    if at is None or (parts and others and not parts & others):
        return False
    named, instead = (
        [_days(word, at) for word in words if word in DATED or _is_date(word)] for words in (mine, theirs)
    )
    return bool(named and instead) and all(one & other for one in named for other in instead)


def _joined(words: Iterable[str]) -> Sequence[str]:
    found = list(words)
    if "last" in found and "night" in found:
        return [word for word in found if word not in ("last", "night")] + ["lastnight"]
    return found


def _parts(words: Sequence[str]) -> set[str]:
    found = [_PARTS[word] for word in words if word in _PARTS]
    return set.intersection(*found) if found else set()


def _is_date(word: str) -> bool:
    return word[-1] == "." and word[0].isdigit()


def _days(word: str, at: datetime) -> set[int]:
    """The days, counted from that of publication, that a word may stand for; zones shift it by one."""
    if word in _WEEKDAYS:
        first = (_WEEKDAYS[word] - at.weekday()) % 7
        return {first, first - 7}
    if word in _TODAY:
        return {-1, 0, 1}
    if word in _YESTERDAY:
        return {-2, -1, 0}
    if word in _TOMORROW:
        return {0, 1, 2}
    if _is_date(word):
        day, month = (int(part) for part in word.split(".")[:2])
        near = [(offset, at + timedelta(days=offset)) for offset in range(-7, 8)]
        return {offset for offset, when in near if (when.day, when.month) == (day, month)}
    if word in ("lastmonth", "thismonth"):
        return {_MONTH + (at.month - 1 - (word == "lastmonth")) % 12}
    if word in MONTHS:
        return {_MONTH + MONTHS.index(word)}
    if word in ("lastyear", "thisyear"):
        return {_YEAR + at.year - (word == "lastyear")}
    return {_YEAR + int(word)} if word.isdecimal() and len(word) == 4 else set()
