"""What ``presswatch explain`` prints of an article that was never seen: who could have brought it, and their health."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.model.words import plural
from bot.text import clean

from .common import span
from .explain_lines import moment, paragraph

if TYPE_CHECKING:
    from datetime import datetime

    from bot.explain import Nearby
    from bot.store.records import SourceState


def print_never_seen(wanted: str, near: Nearby | None, now: datetime) -> None:
    """That no such article was seen, and what may be the reason."""
    click.echo(f"{clean(wanted)} was never seen: no source has brought an article with this address or id.")
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
        "against the rules.",
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
