"""``presswatch ledger``: what came in during a window and what became of it, with the proof that nothing got lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.model.ledger import STATES, total
from bot.model.words import plural

from . import complete
from .common import Settings, common_options, hint, moment, pass_settings, print_json, say, style
from .search import check_source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Account

# How the columns of the states are headed: short, so that the table fits a terminal.
HEADS = {"in digest": "digest", "copy": "copies"}
# Characters of an id that fit beside the figures; a longer one has a line of its own.
BESIDE = 15
ALL = "all"
# Errors that are told of each source; --json has more of them.
SHOWN = 5

EPILOG = """\b
The states, the highest first; an item is in exactly one
  alerted     somebody was alerted, or is about to be
  digest      a digest listed it
  muted       a rule matches, and it was told already or nobody asks for it
  copies      the same text as an article that is stored
  no rule     no rule matches
  baseline    it was there at its source's first poll
  error       it can be no article

"fetched" is what the polls wrote down, the states are counted from the items themselves: if the two differ, the command
says where and ends with 1.
"""


@click.command("ledger", epilog=EPILOG)
@click.option(
    "--since",
    metavar="TIME",
    default="24h",
    show_default=True,
    help='From then on: "7d", "24h", "30m" ago, or a date "2026-01-31" (UTC).',
)
@click.option("--until", metavar="TIME", help="To before then, written alike; now without it.")
@click.option("--source", metavar="ID", shell_complete=complete.source_ids, help="Only this source.")
@common_options
@pass_settings
def command(settings: Settings, since: str, until: str | None, source: str | None) -> int:
    """Prove that every item that was fetched is accounted for: per source, and in all.

    Counted are the items that were seen for the first time in the window, by what has become of them since.
    """
    from bot.app import database_exists, now, open_store
    from bot.store import ledger

    at = now()
    begin, end = moment(since, at, "--since"), moment(until, at, "--until") if until else at
    if begin >= end:
        raise click.BadParameter("the window ends before it begins", param_hint="--until")
    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once polls everything that is due.")
        return 0
    with open_store(settings.config) as store, store.read() as tx:
        check_source(settings, tx, source)
        accounts = ledger.accounts(tx, begin, end, source=source)
    whole = total(accounts)
    if settings.as_json:
        for account in (*accounts, whole):
            print_json(_row(account, begin, end))
    else:
        _print(accounts, whole, begin, end)
    return 0 if all(account.holds for account in (*accounts, whole)) else 1


def _row(account: Account, begin: datetime, end: datetime) -> dict[str, object]:
    figures = ("polls", "failed", "listed", "fetched", "changed", "known", "repeated", "unsplit")
    return {
        "source": account.source,
        "from": begin,
        "to": end,
        **{name: getattr(account, name) for name in figures},
        "states": dict(account.states),
        "holds": account.holds,
        "errors": [{"name": error.name, "reason": error.reason} for error in account.errors],
        "gaps": [{"from": gap_from, "to": gap_to} for gap_from, gap_to in account.gaps],
    }


# ── for people ───────────────────────────────────────────────────────────────────────────────────


def _print(accounts: Sequence[Account], whole: Account, begin: datetime, end: datetime) -> None:
    click.echo(f"{_at(begin)} to {_at(end)} UTC")
    if not accounts:
        click.echo("No source was polled then: try an earlier --since.")
        return
    click.echo()
    _print_table(accounts, whole)
    click.echo()
    for account in accounts:
        _print_remarks(account)
    _print_proof(accounts, whole)
    hint("presswatch explain URL says what became of an article, and why; presswatch search finds one by its words.")


def _print_table(accounts: Sequence[Account], whole: Account) -> None:
    """Figures to the right, so that they can be compared; an id that leaves them no room has a line of its own."""
    states = list(whole.states)
    head = ("fetched", *(HEADS.get(state, state) for state in states))
    rows = []
    for account in (*accounts, *([whole] if len(accounts) > 1 else ())):
        figures = (account.fetched, *(account.states.get(state, 0) for state in states))
        rows.append((account.source or ALL, tuple(f"{number:,}" for number in figures)))
    first = max(len(name) for name in ("source", *(name for name, _ in rows)) if len(name) <= BESIDE)
    widths = [max(map(len, column)) for column in zip(head, *(figures for _, figures in rows), strict=True)]
    click.echo(style(_line("source", first, head, widths), bold=True))
    for name, figures in rows:
        if len(name) > BESIDE:
            click.echo(name)
        click.echo(_line("" if len(name) > BESIDE else name, first, figures, widths))


def _line(name: str, first: int, cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join((name.ljust(first), *(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))))


def _print_remarks(account: Account) -> None:
    """What the figures of a source do not hold: items that could not be read, polls that failed, gaps."""
    remarks = [f"{error.name}: {error.reason}" for error in account.errors[:SHOWN]]
    more = account.states.get("error", 0) - len(remarks)
    remarks += [f"{more:,} more could not be read"] if remarks and more > 0 else []
    remarks += [f"{account.failed:,} of {plural(account.polls, 'poll')} failed"] if account.failed else []
    remarks += [f"items may be missing between {_at(begin)} and {_at(end)} UTC" for begin, end in account.gaps]
    for remark in remarks:
        say("!", f"{account.source}: {remark}", fg="yellow")


def _print_proof(accounts: Sequence[Account], whole: Account) -> None:
    wrong = [account for account in (*accounts, whole) if not account.holds]
    for account in wrong:
        say("✗", _discrepancy(account), fg="red")
    if wrong:
        say("→", "Please report this, with a copy made by presswatch db backup.")
        return
    old = f", {whole.unsplit:,} known or twice (an older version did not tell)" if whole.unsplit else ""
    say(
        "✓",
        f"{whole.fetched:,} fetched = {_sum(whole)}. The polls listed {plural(whole.listed, 'item')}: "
        f"{whole.fetched:,} for the first time, {whole.changed:,} changed, {whole.known:,} as before, "
        f"{whole.repeated:,} twice in one{old}.",
        fg="green",
    )


def _sum(account: Account) -> str:
    parts = [f"{number:,} {state}" for state, number in account.states.items() if number]
    return " + ".join(parts) or "0"


def _discrepancy(account: Account) -> str:
    """Where the books of a source, or of all, do not agree."""
    name = account.source or "all sources"
    parts = []
    if account.missing:
        parts.append(f"{account.fetched:,} fetched, but the states add up to {account.fetched - account.missing:,}")
    unknown = [f'{number:,} "{state}"' for state, number in account.states.items() if state not in STATES]
    if unknown:
        parts.append(f"no such state: {', '.join(unknown)}")
    if account.untraced:
        accounted = account.listed - account.untraced
        parts.append(f"the polls listed {plural(account.listed, 'item')}, but say what became of {accounted:,}")
    return f"{name}: {'; '.join(parts)}"


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
