"""Moments of the past as people name them: a local date, which means its end, or a time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import click

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_LENGTH = re.compile(r"\d[\d.]*\s*[smhd]")


def end_of(text: str, now: datetime, option: str) -> datetime:
    """The moment that somebody means: a date's end on the clocks here, or now if the day is not over; else a time.

    Raises BadParameter for what is neither, or lies ahead.
    """
    begin = begin_of(text, option)
    if begin > now:
        raise click.BadParameter(f'"{text}" lies in the future', param_hint=option)
    if _DATE.fullmatch(text):
        return min(now, _midnight(date.fromisoformat(text) + timedelta(days=1)) - timedelta(microseconds=1))
    return begin


def begin_of(text: str, option: str) -> datetime:
    """The beginning of a date on the clocks here, or a time; without a zone it is one of these clocks."""
    try:
        if _DATE.fullmatch(text):
            return _midnight(date.fromisoformat(text))
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        message = f'"{text}" is no time: write a date such as "2026-01-31" or a time such as "2026-01-31T14:30Z"'
        raise click.BadParameter(message, param_hint=option) from None


def since(text: str | None, until: datetime, asked: str, option: str) -> datetime:
    """Where a window begins that ends at ``until``: a length before it, a date, a time.

    Without any, where ``asked`` (what ``until`` was named by) is a date, with that date, else a day before.
    """
    from bot.tomlfile.durations import seconds
    from bot.tomlfile.models import Mistake

    if text is None:
        return begin_of(asked, option) if _DATE.fullmatch(asked) else until - timedelta(days=1)
    try:
        begin = until - timedelta(seconds=seconds(text)) if _LENGTH.fullmatch(text.strip()) else begin_of(text, option)
    except (Mistake, OverflowError):
        raise click.BadParameter(f'"{text}" is no length of time: "7d", "24h"', param_hint=option) from None
    if begin > until:
        raise click.BadParameter("it begins after its end (--as-of)", param_hint=option)
    return begin


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time()).astimezone().astimezone(UTC)
