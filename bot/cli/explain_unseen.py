"""What ``presswatch explain`` prints where there is no article: why it was refused, or who could have brought it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model.words import plural
from bot.text import clean

from .common import span
from .explain_lines import moment
from .layout import paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.explain import Nearby
    from bot.store.records import SourceState
    from bot.store.refusals import Refused


def print_never_seen(wanted: str, near: Nearby | None, now: datetime) -> None:
    """That no such article was seen, and what may be the reason."""
    paragraph(f"{clean(wanted)} was never seen: no source has brought an article with this address or id.", 0)
    if near is not None and not near.sources:
        paragraph(f"No source is of {near.host}: add its feed to the configuration ([[source]]).", 0)
    for state in near.sources if near else ():
        paragraph(f"{state.name} ({state.id}): {_health(state, now)}")
    for gap in near.gaps if near else ():
        begin, end = (moment(at) if at else "an unknown time" for at in (gap.begin, gap.end))
        paragraph(
            f"{gap.source}: nothing joins the poll of {moment(gap.at)} with the one before; "
            f"what came between {begin} and {end} may be missing"
        )
    paragraph(
        "presswatch sources check ID shows what a source lists now; presswatch match FILE tries a text "
        "against the rules; presswatch search WORDS finds an article by its words.",
        0,
    )


def print_refused(refused: Sequence[Refused]) -> None:
    """Items that were fetched and can be no article: when, why, and what to do."""
    for each in refused:
        paragraph(f"{clean(each.name)} was refused: it was fetched, but could not become an article.", 0)
        paragraph(f"{clean(each.source_name)} ({each.source}) brought it first at {moment(each.first_seen)}.")
        paragraph(f"Why: {each.reason}.")
        if each.url:
            paragraph(f"Its address: {each.url}")
        if each.guid and each.guid != each.url:
            paragraph(f"Its id: {each.guid}")
    paragraph(
        "A refused item is looked at again at every poll that lists it; once it is mended it counts as a new one. "
        "No rule has seen it: presswatch match FILE tries its text against the rules.",
        0,
    )


def _health(state: SourceState, now: datetime) -> str:
    if state.state != "active":
        return "no longer configured"
    seen = (
        f"answered last {span((now - state.last_ok_at).total_seconds())} ago"
        if state.last_ok_at
        else "never answered yet"
    )
    since = " since" if state.last_ok_at else ""
    failed = f", {plural(state.failures, 'failure')} in a row{since}" if state.failures else ""
    wait = (state.next_due - now).total_seconds()
    again = f", next poll {f'in {span(wait)}' if wait > 0 else 'due now'}"
    error = f": {state.last_error}" if state.last_error else ""
    return f"{seen}{failed}{again}{error}"
