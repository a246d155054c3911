"""Lengths of time as people write them, "30s" or "24h", in seconds."""

from __future__ import annotations

import re

from pydantic import AfterValidator

from .models import Mistake, kind_of

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = re.compile(r"(?P<number>\d{1,6}(?:\.\d{1,3})?)\s*(?P<unit>[smhd])")


def seconds(value: object) -> float:
    """A length of time such as "30s", "15m", "24h" or "400d", in seconds."""
    if not isinstance(value, str):
        raise Mistake(
            f"must be text in quotes, not {kind_of(value)}", 'a number with its unit: "30s", "15m", "24h", "400d"'
        )
    found = DURATION.fullmatch(value.strip())
    if not found:
        raise Mistake("is no length of time", 'a number with its unit: "30s", "15m", "24h", "400d"')
    return float(found["number"]) * SECONDS[found["unit"]]


def between(low: str, high: str) -> AfterValidator:
    """A length of time from ``low`` to ``high``, both given as in the file."""
    least, most = seconds(low), seconds(high)

    def check(value: float) -> float:
        if not least <= value <= most:
            raise Mistake(f"must lie between {low} and {high}", f'for example "{low}"')
        return value

    return AfterValidator(check)


def written(value: float) -> str:
    """A length of time as it would stand in a file, in the largest unit that gives a whole number.

    >>> written(5400), written(7200)
    ('90m', '2h')
    """
    unit = next((unit for unit in reversed(SECONDS) if value and value % SECONDS[unit] == 0), "s")
    return f"{value / SECONDS[unit]:g}{unit}"
