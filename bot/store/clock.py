"""When a stored time has come, on a machine whose clock may have been set back since it was written."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from datetime import datetime

# Nothing is planned for more than a day ahead, with room for clocks that differ and for spread-out polls.
# What lies further ahead was written by a clock that ran fast, and would be waited for until it is right.
LONGEST_WAIT = timedelta(hours=24)
FAR = timedelta(hours=26)


def has_come(moment: datetime, now: datetime) -> bool:
    """Whether ``moment`` is past, or too far ahead to have been meant."""
    return not now < moment <= now + FAR


def come(column: sa.Column[datetime], now: datetime) -> sa.ColumnElement[bool]:
    """The rows whose moment has come, as :func:`has_come` tells."""
    return sa.or_(column <= now, column > now + FAR)
