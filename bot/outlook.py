"""Themes, entities and rules beside what is usual for them, for people who ask."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .alerts.volume import DAY, HOUR, Past, usual
from .model.volume import Outlook
from .store import spikes
from .volume import hour_of, series

if TYPE_CHECKING:
    from datetime import datetime

    from .model.volume import Subject
    from .store import Tx


def outlook(tx: Tx, subject: Subject, now: datetime, *, days: int = 0) -> Outlook:
    """The subject now, and in so many whole days before today."""
    hour = hour_of(now)
    midnight = hour.replace(hour=0)
    past = Past(series(tx, subject, now, earlier=DAY * (days + 1)))
    # Hours from the end of each day to the end of the current hour.
    backs = [(hour + HOUR - midnight) // HOUR + DAY * day for day in range(days)]
    told = spikes.told(tx, midnight - timedelta(days=days), now + HOUR)
    return Outlook(
        subject=subject,
        hour=usual(past, 1),
        day=usual(past, DAY),
        days=tuple(usual(past, DAY, back=back) for back in backs),
        spikes=tuple(spike for spike in told if (spike.kind, spike.subject) == (subject.kind, subject.id)),
    )
