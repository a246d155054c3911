"""``presswatch status``: how a cluster stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .common import Settings, common_options, pass_settings, print_json, say, span

if TYPE_CHECKING:
    from datetime import datetime

    from bot.cluster.status import Status

STATES = ("pending", "sending", "unknown", "held", "sent", "dead")


@click.command("status", epilog="Exit code 1: something needs attention.")
@common_options
@pass_settings
def command(settings: Settings) -> int:
    """Show who leads and who works, what waits in the queues, and what needs attention.

    It reads the database that clocks and workers share, and asks none of them.
    """
    from bot.app import now, open_store
    from bot.cluster.needs import check
    from bot.cluster.status import read

    check(settings.config)
    with open_store(settings.config) as store:
        status = read(store, now())
    if settings.as_json:
        print_json(_row(status))
    else:
        _print(status)
    return 1 if status.troubles else 0


def _row(status: Status) -> dict[str, Any]:
    names = ("id", "kind", "host", "pid", "version", "queues", "started_at")
    return {
        "at": status.at,
        "leader": status.leader,
        "leading_since": status.leading_since,
        "processes": [
            {**{name: getattr(each, name) for name in names}, "silent": round(each.silent, 1)}
            for each in status.processes
        ],
        "queues": [
            {"queue": each.queue, "waiting": each.waiting, "doing": each.doing, "oldest": each.oldest}
            for each in status.queues
        ],
        "due": status.due,
        "lag": round(status.lag, 1),
        "outbox": {state: status.outbox.get(state, 0) for state in STATES},
        "held": dict(status.held),
        "troubles": status.troubles,
    }


def _print(status: Status) -> None:
    since = f", leading for {_ago(status.at, status.leading_since)}" if status.leading_since else ""
    click.echo(f"Clock      {status.leader or 'nobody leads'}{since}")
    for each in status.processes:
        queues = f", {', '.join(each.queues)}" if each.queues else ""
        heard = f"heard of {span(each.silent)} ago"
        click.echo(f"{each.kind.capitalize():<10} {each.id}, for {_ago(status.at, each.started_at)}, {heard}{queues}")
    for length in status.queues:
        oldest = f", the oldest for {_ago(status.at, length.oldest)}" if length.oldest else ""
        click.echo(f"Queue      {length.queue}: {length.waiting} waiting{oldest}, {length.doing} being done")
    click.echo(f"Polls      {status.due} due" + (f", the longest overdue by {span(status.lag)}" if status.due else ""))
    counts = ", ".join(f"{status.outbox[state]} {state}" for state in STATES if status.outbox.get(state))
    click.echo(f"Outbox     {counts or 'empty'}")
    for trouble in status.troubles:
        say("✗", trouble, fg="red")


def _ago(now: datetime, then: datetime) -> str:
    return span((now - then).total_seconds())
