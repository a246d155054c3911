"""Quiet hours: until when nothing is sent, by the clocks of the reader's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from bot.model import Quiet


def quiet_until(quiet: Quiet, now: datetime) -> datetime | None:
    """When the quiet hours that hold at ``now`` end, in UTC; None outside of them.

    Where the end does not exist, because clocks go forward over it, it is the moment they show next; where it comes
    twice, the first time counts.

    >>> from datetime import time
    >>> from bot.model import Quiet
    >>> str(quiet_until(Quiet(begin=time(22), end=time(7), zone="Asia/Shanghai"), datetime(2026, 3, 1, 15, tzinfo=UTC)))
    '2026-03-01 23:00:00+00:00'
    """
    zone = ZoneInfo(quiet.zone)
    local = now.astimezone(zone)
    over_midnight = quiet.end <= quiet.begin
    clock = local.timetz().replace(tzinfo=None)
    if over_midnight:
        inside = clock >= quiet.begin or clock < quiet.end
        day = local.date() + timedelta(days=1 if clock >= quiet.begin else 0)
    else:
        inside = quiet.begin <= clock < quiet.end
        day = local.date()
    if not inside:
        return None
    end = datetime.combine(day, quiet.end, zone).astimezone(UTC)
    # Clocks that go back show the hour before the end twice: the second time it is past.
    return end if end > now else None
