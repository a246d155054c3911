"""``presswatch sources``: which sources there are and how they fare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, common_options, pass_settings, print_json, print_table, span, style
from .sources_add import add
from .sources_check import check
from .sources_opml import export, import_

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store.records import SourceState


@click.group("sources")
def command() -> None:
    """List the sources with their health, check or add them, or exchange lists of feeds."""


for _each in (add, check, import_, export):
    command.add_command(_each)


@command.command("list", epilog="Exit code 1: a source is failing.")
@common_options
@pass_settings
def list_(settings: Settings) -> int:
    """List every source: when it last answered, what went wrong, when it is polled next."""
    from bot.app import now, open_store
    from bot.store import sources

    at = now()
    with open_store(settings.config) as store:
        with store.read() as tx:
            known = {state.id for state in sources.states(tx)}
        if not known.issuperset(source.id for source in settings.config.sources):
            with store.write() as tx:
                sources.sync(tx, settings.config.sources, at)
        with store.read() as tx:
            found = {state.id: state for state in sources.states(tx)}
    states = [found[source.id] for source in settings.config.sources]
    if settings.as_json:
        for state in states:
            print_json(_row(state))
    else:
        rows = [(s.id, s.tier, _health(s), f"{s.articles:,}", _when(s.last_ok_at, at), _next(s, at)) for s in states]
        print_table(("source", "tier", "health", "articles", "last answer", "next poll"), rows)
        for state in states:
            if state.last_error:
                click.echo(f"{style(state.id, bold=True)}: {state.last_error}")
    return 1 if any(state.failing for state in states) else 0


def _row(state: SourceState) -> dict[str, object]:
    keys = ("id", "kind", "name", "url", "tier", "failing", "articles", "last_ok_at", "next_due", "failures")
    return {**{key: getattr(state, key) for key in keys}, "error": state.last_error}


def _health(state: SourceState) -> str:
    if state.failures:
        return f"{'failing' if state.failing else 'no answer'} ({plural(state.failures, 'failure')} in a row)"
    if state.failing:
        return "failing in part"
    return "not polled yet" if state.last_ok_at is None else "ok"


def _when(at: datetime | None, now: datetime) -> str:
    return "never" if at is None else f"{span((now - at).total_seconds())} ago"


def _next(state: SourceState, now: datetime) -> str:
    seconds = (state.next_due - now).total_seconds() if state.next_due else 0
    return "now" if seconds <= 0 else f"in {span(seconds)}"
