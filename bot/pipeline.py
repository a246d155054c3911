"""Read me first: the order of work, as functions that the scheduler and the command line call.

``reload_rules``  rules folder → rules in force (``reload``)
``ingest_due``    due sources → fetch ► parse ► match, side by side (``intake``) → ``lane.commit_poll``, one at a time
``deliver_due``   outbox → look up what is unknown ► claim ► send ► mark (``outgo``)

The database says what is due and what is queued, so each of them may be stopped at any point and called
again. Each returns a report; none prints.
"""

from __future__ import annotations

from .intake import ingest_due
from .outgo import deliver_all, deliver_due, resume_held
from .reload import Reloaded, compile_rules, reload_rules

__all__ = ["Reloaded", "compile_rules", "deliver_all", "deliver_due", "ingest_due", "reload_rules", "resume_held"]
