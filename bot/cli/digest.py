"""``presswatch digest``: the digests with their next issue, and a look at what one would say now."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, hint, pass_settings, print_json, short, style

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.model import Digest
    from bot.store.records import IssueRecord, Standing

STATES = {
    "sent": "sent",
    "pending": "waiting to be sent",
    "sending": "being sent",
    "unknown": "sent or not: the relay did not say",
    "held": "held",
    "dead": "could not be delivered",
    None: "nothing to tell, so nothing was sent",
}
# Enough of the text to see whether it is the right issue.
HEAD_LINES = 12
NO_DATABASE = "There is no database yet, so there is nothing to tell of: presswatch run --once makes one and fills it."


@click.command("digest", epilog="Exit code 1: the last issue of some digest was not delivered.")
@click.argument("digest_id", metavar="[ID]", required=False, shell_complete=complete.digest_ids)
@click.option("--preview", is_flag=True, help="Write the issue as it would go out now into a file, and show it.")
@click.option("--last", is_flag=True, help="Print the newest issue that was written, whole.")
@click.option("--open/--no-open", "open_it", default=True, help="Show the preview in the browser where there is one.")
@common_options
@pass_settings
def command(settings: Settings, digest_id: str | None, preview: bool, last: bool, open_it: bool) -> int:
    """List the digests: who gets them, when the next issue comes, what became of the last one.

    With --preview: see what the digest ID (the first one, if you name none) would say if it went out now. Nothing is
    sent, and nothing counts as told. With --last: read what its newest issue said, also what a channel had no room for.
    """
    digests = [digest for digest in settings.config.digests if digest_id in (None, digest.id)]
    if not digests:
        known = ", ".join(digest.id for digest in settings.config.digests) or "none"
        raise click.UsageError(f'there is no digest "{digest_id}" (known here: {known})')
    if preview and last:
        raise click.UsageError("--preview is the issue to come, --last the one that went out: name one of them")
    if last:
        return _print_last(settings, digests[0])
    if preview:
        return _preview(settings, digests[0], open_it=open_it)
    return _list(settings, digests)


def _print_last(settings: Settings, digest: Digest) -> int:
    from bot.alerts.digest_mail import text_of
    from bot.store import digests as stored

    issue = None
    if (store := _store(settings)) is not None:
        with store as opened, opened.read() as tx:
            issue = stored.newest(tx, digest.id)
    if issue is None:
        hint(f'The digest "{digest.id}" has not been issued yet: presswatch digest says when it will be.')
        return 1
    day, frozen = issue
    if settings.as_json:
        print_json({"id": digest.id, "day": day.isoformat(), "text": text_of(frozen)})
    else:
        click.echo(text_of(frozen), nl=False)
    return 0


def _list(settings: Settings, digests: list[Digest]) -> int:
    from bot.app import now
    from bot.store import digests as stored

    standings: Mapping[tuple[str, str], Standing] = {}
    issues: dict[tuple[str, str], IssueRecord] = {}
    if (store := _store(settings)) is not None:
        with store as opened, opened.read() as tx:
            standings = stored.standings(tx)
            issues = {(issue.digest, issue.recipient): issue for issue in stored.recent(tx)}
    failed = 0
    for digest in digests:
        if not settings.as_json:
            click.echo(_headline(digest))
        for recipient in digest.to:
            issue = issues.get((digest.id, recipient))
            failed += issue is not None and issue.state in ("held", "dead")
            coming = _coming(digest, standings.get((digest.id, recipient)), now())
            if settings.as_json:
                print_json(_row(digest, recipient, coming, issue))
            else:
                _print_recipient(settings, digest, recipient, coming, issue)
    return 1 if failed else 0


def _coming(digest: Digest, standing: Standing | None, now: datetime) -> datetime | None:
    """When the next issue falls due, in the digest's own zone; already past if it has not been written yet."""
    from bot.alerts.digest_due import next_occurrence

    since, last = (standing.since, standing.last) if standing else (now, None)
    coming = next_occurrence(digest, since=since, last=last, now=now)
    return coming.astimezone(ZoneInfo(digest.zone)) if coming else None


def _headline(digest: Digest) -> str:
    about = ", ".join((*digest.themes, *digest.rules)) or "everything"
    return f"{style(digest.id, bold=True)}  {_days(digest)} at {digest.at:%H:%M} {digest.zone} · {about}"


def _days(digest: Digest) -> str:
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    usual = {frozenset(range(7)): "every day", frozenset(range(5)): "Mon–Fri"}
    return usual.get(digest.days) or ", ".join(names[day] for day in sorted(digest.days))


def _print_recipient(
    settings: Settings, digest: Digest, recipient: str, coming: datetime | None, issue: IssueRecord | None
) -> None:
    click.echo(f"  → {_who(settings, recipient)}")
    when = "never"
    if coming:
        name = coming.tzname() or ""
        when = f"{coming:%a %Y-%m-%d %H:%M} {name}" + (f" ({digest.zone})" if name != digest.zone else "")
    click.echo(f"      next  {when}")
    click.echo(click.wrap_text(_last(issue), 80, "      last  ", " " * 12))


def _who(settings: Settings, recipient: str) -> str:
    """The recipient as people know it: an address, a destination, a folder."""
    kind, _, address = recipient.partition(":")
    folder = short(settings.config.digest_dir)
    if kind == "mailto":
        return address if settings.config.mail else f"{address} (no [mail]: written to {folder})"
    return folder if address else recipient


def _last(issue: IssueRecord | None) -> str:
    if issue is None:
        return "none yet"
    trouble = f" ({issue.error})" if issue.error and issue.state != "sent" else ""
    again = ", perhaps twice" if issue.may_repeat and issue.state == "sent" else ""
    return f"{issue.day:%a %Y-%m-%d}: {STATES[issue.state]}{again}{trouble}"


def _row(digest: Digest, recipient: str, coming: datetime | None, issue: IssueRecord | None) -> dict[str, Any]:
    last = None
    if issue is not None:
        last = {
            "day": issue.day.isoformat(),
            "from": issue.window_from,
            "to": issue.window_to,
            "state": issue.state or "skipped",
            "sent_at": issue.sent_at,
            "error": issue.error,
            "message_id": issue.message_id or None,
        }
    return {"id": digest.id, "recipient": recipient, "zone": digest.zone, "next": coming, "last": last}


def _preview(settings: Settings, digest: Digest, *, open_it: bool) -> int:
    from bot.alerts.digest_html import html
    from bot.alerts.digest_text import text
    from bot.app import now
    from bot.deliver.file import replace
    from bot.digests import preview
    from bot.explain import in_force

    if (store := _store(settings)) is None:
        return 1
    with store as opened, opened.read() as tx:
        content = preview(tx, digest, in_force(tx, settings.config).live.ruleset, now())
    page, plain = html(content).html, text(content)
    folder = settings.config.digest_dir
    path, beside = (folder / f"preview-{digest.id}.{ending}" for ending in ("html", "txt"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace(path, page.encode())
        replace(beside, plain.encode())
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
    if settings.as_json:
        print_json({"id": digest.id, "html": str(path), "text": str(beside), "stories": len(content.stories)})
        return 0
    _show(plain, path)
    if open_it and sys.stdout.isatty() and _has_display():
        click.launch(str(path))
    return 0


def _show(plain: str, path: Path) -> None:
    lines = plain.splitlines()
    for line in lines[:HEAD_LINES]:
        click.echo(line)
    if len(lines) > HEAD_LINES:
        click.echo(style(f"… {plural(len(lines) - HEAD_LINES, 'more line')}", dim=True))
    click.echo(f"\n{style('Preview', bold=True)}: {short(path)}")
    hint("Nothing was sent, and nothing counts as told.")


def _has_display() -> bool:
    """Whether there is a desktop to open a browser on; a terminal over ssh has none."""
    if sys.platform in ("darwin", "win32"):
        return not os.environ.get("SSH_CONNECTION")
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _store(settings: Settings) -> Any | None:  # noqa: ANN401 – a context manager of the store
    """The database, if there is one; where there is none, people are told how to get one."""
    from bot.app import database_exists, open_store

    if not database_exists(settings.config):
        hint(NO_DATABASE)
        return None
    return open_store(settings.config)
