"""Reports: what the pipeline's functions return, the log prints and the command line shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One source's poll. ``note`` explains the status to a reader; ``ms`` is the time it took."""

    source: str
    name: str
    status: Literal["ok", "unchanged", "baseline", "error"]
    fetched: int = 0
    new: int = 0
    changed: int = 0
    matched: int = 0
    alerts: int = 0
    note: str = ""
    failing: bool = False
    ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeReport:
    """What retention removed, or would: ``texts`` of the versions of so many ``articles``, ``decisions``, ``polls``.

    ``removed`` counts articles that went whole, with their stories.
    """

    articles: int = 0
    texts: int = 0
    decisions: int = 0
    polls: int = 0
    removed: int = 0

    def __add__(self, other: PurgeReport) -> PurgeReport:
        """Both together."""
        names = ("articles", "texts", "decisions", "polls", "removed")
        return PurgeReport(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """One round of polling."""

    sources: tuple[SourceReport, ...] = ()

    @property
    def alerts(self) -> int:
        """Alerts queued in this round, over all destinations."""
        return sum(report.alerts for report in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverReport:
    """Rounds of delivery: how many rows reached which state.

    ``sent`` and ``dead`` count alerts, ``updated`` changes of messages that stood already, ``digests`` and
    ``digests_dead`` issues of digests, ``duplicates`` second copies of messages that were removed or marked;
    ``waiting`` and ``digests_waiting`` are those still queued at the end, ``quiet`` alerts and digests among the queued
    that wait for the end of quiet hours and need nobody's attention.
    """

    sent: int = 0
    updated: int = 0
    later: int = 0
    held: int = 0
    unknown: int = 0
    dead: int = 0
    waiting: int = 0
    digests: int = 0
    digests_dead: int = 0
    digests_waiting: int = 0
    quiet: int = 0
    duplicates: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest written for one recipient. ``empty``: there was nothing to tell; ``skipped``: so nothing goes out."""

    digest: str
    recipient: str
    day: date
    stories: int = 0
    late: bool = False
    empty: bool = False
    skipped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestReport:
    """The digests that were due and are written now; those that are not skipped wait in the outbox."""

    issues: tuple[Issue, ...] = ()
