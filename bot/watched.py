"""``doctor``'s questions about the sources: do they answer, may something be missing, has one fallen silent?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from .deliver.report import Finding
from .ingest import rhythm

if TYPE_CHECKING:
    from datetime import datetime

    from .moves import Move
    from .store.records import SourceState

# Gaps are old news after a week: what is missing has then been seen elsewhere, or not at all.
GAPS_SINCE = timedelta(days=7)


def source(state: SourceState, now: datetime, move: Move | None = None) -> Finding:
    """One source as it fares; ``move`` is the address that it has moved to for good."""
    name = f"source {state.id}"
    if state.last_error:
        return _troubled(name, state)
    if state.last_ok_at is None:
        return Finding(name=name, state="ok", detail="not polled yet")
    if state.gap_from is not None and state.gap_to is not None and now - state.gap_to <= GAPS_SINCE:
        return _gap(name, state.gap_from, state.gap_to)
    if is_silent(state):
        return _silent(name, state)
    if move is not None:
        detail = f"its server has said {state.moved_polls:,} times in a row that it has moved for good"
        return Finding(name=name, state="warn", detail=detail, remedy=move.change)
    detail = f"articles: {state.articles:,}, last answer {_at(state.last_ok_at)}"
    return Finding(name=name, state="ok", detail=detail)


def is_silent(state: SourceState) -> bool:
    """Whether a feed that answers has brought nothing for far longer than usual, up to its last good poll."""
    if state.kind == "folder" or not (state.first_new and state.last_new and state.last_ok_at):
        return False
    return rhythm.is_silent(
        news=state.news, first=state.first_new, last=state.last_new, longest=state.longest, until=state.last_ok_at
    )


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
    detail = f"items may be missing: nothing joins the poll of {_at(end)} with that of {_at(begin)}"
    return Finding(
        name=name, state="warn", detail=detail, remedy='poll it more often: every = "5m" under its [[source]]'
    )


def _silent(name: str, state: SourceState) -> Finding:
    detail = f"it answers, but nothing new since {_at(state.last_new)}, far longer than usual"
    remedy = f"see whether the feed has moved: {state.url or state.path}"
    return Finding(name=name, state="warn", detail=detail, remedy=remedy)


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "never"
