"""Read me first: the order of work, as functions that the scheduler and the command line call.

``reload_config``  edited ``config.toml`` → configuration in force, but for what is built at the start (``reconfigure``)
``reload_rules``  rules folder → rules in force (``reload``)
``ingest_due``    due sources → fetch ► parse ► match, side by side (``intake``) → ``lane.commit_part``, one at a time
``send_digests``  clock and last issues → digests that are due, written and queued once per local date and recipient
                  (``digests``)
``beat``          the clock's sign of life, for others to see (``heartbeat``); ``end`` says that it stops
``notify_operators``  dead sources, held queues, rejected rules (``troubles``) → notices to ``[ops]`` (``notices``)
``watch_volume``  new mentions → hours counted (``volume``) → a theme or entity far above what is usual (``spikes``)
``tell_near_misses``  the week's articles that a rule missed by one thing → ``[ops]`` (``nearmisses``)
``purge_due``     texts, decisions and polls that are no longer kept → removed in slices, once a day (``purging``)
``deliver_due``   outbox → look up what is unknown ► claim ► send ► mark, destinations side by side (``outgo``)

The database says what is due and what is queued, so each of them may be stopped at any point and called
again. Each returns a report; none prints.
"""

from __future__ import annotations

from .digests import issue_due as send_digests
from .heartbeat import beat, end
from .intake import (
    SIDE_BY_SIDE,
    Wishes,
    due_at,
    due_sources,
    ingest_due,
    new_places,
    poll_source,
    seconds_to_next_poll,
)
from .nearmisses import tell_near_misses
from .notices import notify_operators
from .outgo import deliver_all, deliver_due, deliver_to, due_destinations, resume_held, together
from .purging import purge_due
from .reconfigure import Reconfigured, close_retired, reload_config
from .reload import Reloaded, compile_rules, reload_rules
from .spikes import watch_volume

__all__ = [
    "SIDE_BY_SIDE",
    "Reconfigured",
    "Reloaded",
    "Wishes",
    "beat",
    "close_retired",
    "compile_rules",
    "deliver_all",
    "deliver_due",
    "deliver_to",
    "due_at",
    "due_destinations",
    "due_sources",
    "end",
    "ingest_due",
    "new_places",
    "notify_operators",
    "poll_source",
    "purge_due",
    "reload_config",
    "reload_rules",
    "resume_held",
    "seconds_to_next_poll",
    "send_digests",
    "tell_near_misses",
    "together",
    "watch_volume",
]
