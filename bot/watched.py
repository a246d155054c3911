"""``doctor``'s questions about the sources: do they answer, may something be missing, has one fallen silent?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .deliver.report import Finding

if TYPE_CHECKING:
    from datetime import datetime

    from .store.records import SourceHistory, SourceState

# A source that brought nothing for so many of its usual intervals has probably moved or died quietly; nights,
# weekends and holidays are no silence.
SILENT, SILENCE = 30, timedelta(days=4)
ENOUGH = 4  # polls that brought something: fewer tell of no habit
# Gaps are old news after a week: what is missing has then been seen elsewhere, or not at all.
GAPS_SINCE = timedelta(days=7)


def source(state: SourceState, history: SourceHistory | None) -> Finding:
    """One source as it fares."""
    name = f"source {state.id}"
    if state.last_error:
        return _troubled(name, state)
    if state.last_ok_at is None:
        return Finding(name=name, state="ok", detail="not polled yet")
    if history is not None and history.gap_from is not None and history.gap_to is not None:
        return _gap(name, history.gap_from, history.gap_to)
    if history is not None and state.kind != "folder" and is_silent(history, state.last_ok_at):
        return _silent(name, state, history.last_new)
    detail = f"articles: {state.articles:,}, last answer {_at(state.last_ok_at)}"
    return Finding(name=name, state="ok", detail=detail)


def is_silent(history: SourceHistory, polled: datetime) -> bool:
    """Whether nothing new came for :data:`SILENT` times as long as usual, up to the last good poll."""
    if history.polls < ENOUGH:
        return False
    usual = (history.last_new - history.first_new) / (history.polls - 1)
    return polled - history.last_new > max(SILENT * usual, SILENCE)


def _troubled(name: str, state: SourceState) -> Finding:
    since = f" (failing since {_at(state.first_failed_at)})" if state.first_failed_at else ""
    never = ", it has never answered" if state.last_ok_at is None and state.first_failed_at else ""
    return Finding(
        name=name,
        state="fail" if state.failing else "warn",
        detail=f"{state.last_error}{since}{never}",
        remedy=f"presswatch sources check {state.id} tries it now",
    )


def _gap(name: str, begin: datetime, end: datetime) -> Finding:
    detail = f"items may be missing: nothing of the poll of {_at(begin)} was left in it at {_at(end)}"
    return Finding(
        name=name, state="warn", detail=detail, remedy='poll it more often: every = "5m" under its [[source]]'
    )


def _silent(name: str, state: SourceState, last: datetime) -> Finding:
    detail = f"it answers, but nothing new since {_at(last)}, far longer than usual"
    remedy = f"see whether the feed has moved: {state.url or state.path}"
    return Finding(name=name, state="warn", detail=detail, remedy=remedy)


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"
