"""``presswatch sources``: which sources there are and how they fare."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from .common import Settings, common_options, pass_settings, print_json, say, span
from .layout import print_table
from .sources_add import add
from .sources_check import check
from .sources_opml import export, import_

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model import IntervalBy
    from bot.store.records import SourceState


# Where an interval comes from, in a word: ``every``, the feed's own rhythm, what the server or the feed asks for …
WORDS: dict[IntervalBy, str] = {
    "config": "set",
    "rhythm": "rhythm",
    "folder": "folder",
    "gap": "gap",
    "server": "asked for",
}


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
        rows = [
            (s.id, s.tier, _health(s, at), f"{s.articles:,}", _when(s.last_ok_at, at), _next(s, at), _often(s))
            for s in states
        ]
        print_table(("source", "tier", "health", "articles", "last answer", "next poll", "polled every"), rows)
        for state in states:
            for remark in (state.last_error, _gap(state, at), _silence(state), _move(settings, state)):
                if remark:
                    say("!", f"{state.id}: {remark}", fg="yellow")
    return 1 if any(state.failing for state in states) else 0


def _row(state: SourceState) -> dict[str, object]:
    keys = ("id", "kind", "name", "url", "tier", "failing", "articles", "last_ok_at", "next_due", "failures")
    more = ("interval", "interval_by", "last_new", "gap_from", "gap_to", "moved_to", "moved_polls")
    return {key: getattr(state, key) for key in (*keys, *more)} | {"error": state.last_error}


def _gap(state: SourceState, now: datetime) -> str:
    """The last possible gap, while it is news, and what is done about it."""
    if not _has_gap(state, now):
        return ""
    tight = state.tight is not None and state.interval is not None
    often = f"; polled every {span(state.interval or 0)} since" if tight else ""
    return f"items may be missing between {state.gap_from:%Y-%m-%d %H:%M} and {state.gap_to:%Y-%m-%d %H:%M} UTC{often}"


def _silence(state: SourceState) -> str:
    from bot.watched import is_silent

    if not is_silent(state):
        return ""
    return f"nothing new since {state.last_new:%Y-%m-%d %H:%M} UTC, far longer than usual: has the feed moved?"


def _move(settings: Settings, state: SourceState) -> str:
    """The line to change for a feed that has moved for good."""
    from bot.moves import move

    found = move(settings.config.path, state)
    return f"its server says that it has moved for good: {found.change}" if found else ""


def _often(state: SourceState) -> str:
    """The interval in use, and where it comes from."""
    if state.interval is None:
        return ""
    return f"{span(state.interval)} ({WORDS[state.interval_by]})" if state.interval_by else span(state.interval)


def _has_gap(state: SourceState, now: datetime) -> bool:
    from bot.watched import GAPS_SINCE

    return state.gap_from is not None and state.gap_to is not None and now - state.gap_to <= GAPS_SINCE


def _health(state: SourceState, now: datetime) -> str:
    if state.failures:
        return f"{'failing' if state.failing else 'no answer'} ({plural(state.failures, 'failure')} in a row)"
    if state.failing:
        return "failing in part"
    if state.last_ok_at is None:
        return "not polled yet"
    return "possible gap" if _has_gap(state, now) else "ok"


def _when(at: datetime | None, now: datetime) -> str:
    return "never" if at is None else f"{span((now - at).total_seconds())} ago"


def _next(state: SourceState, now: datetime) -> str:
    seconds = (state.next_due - now).total_seconds() if state.next_due else 0
    return "now" if seconds <= 0 else f"in {span(seconds)}"
