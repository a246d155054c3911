"""``presswatch preview``: what a message looks like in each kind of destination, before or after it went out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from .common import Settings, common_options, hint, pass_settings, print_json, short, style

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bot.model import AlertContent, DestinationKind

KINDS = ("slack", "console", "webhook", "feed", "apprise")
DIGEST = "digest"
PROGRAMS = ("webhook", "feed")
NO_DATABASE = "No archive yet: presswatch run --once polls everything that is due."


@click.command("preview")
@click.argument("kind", type=click.Choice([*KINDS, DIGEST]))
@click.argument("wanted", metavar="[ID]", required=False)
@click.option("--last", type=click.IntRange(2, 100), metavar="N", help="The N newest alerts as one message.")
@click.option("--page/--no-page", "page", default=True, help="Write a page that looks like it (slack, feed).")
@common_options
@click.pass_context
@pass_settings
def command(
    settings: Settings, context: click.Context, kind: str, wanted: str | None, last: int | None, page: bool
) -> int:
    """Show an alert exactly as a destination of KIND gets it now, or a digest's next issue; nothing is sent.

    ID is the alert's number, as alerts --json lists it as id; without one the newest. --json prints what goes over the
    wire. With --last N: the message that N waiting alerts would share. ID of a digest is its name, without one the
    first; digest --preview does the same and opens it.

    \b
      presswatch preview slack
      presswatch preview webhook 17 --json
      presswatch preview slack --last 25
      presswatch preview digest morning
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    if kind == DIGEST:
        return _digest(context, wanted, last)
    alert = _number(wanted)
    if last and alert:
        raise click.UsageError("--last N is for the newest alerts, ID for one of them: name one of the two")
    if last and kind in PROGRAMS:
        raise click.UsageError(f"a {kind} gets every alert by itself: leave out --last")
    found = _contents(settings, alert, last or 1)
    if not found:
        return 1
    of_kind: Any = kind
    number, payload = found[0][0], _payload(of_kind, [content for _, content in found])
    if settings.as_json:
        print_json({"alert": number, "kind": kind, "message": payload})
        return 0
    click.echo(_text(of_kind, payload))
    looks = _page(of_kind, payload) if page else None
    if looks is not None:
        click.echo(f"\n{style('Page', bold=True)}: {short(_write(settings, f'preview-{kind}-{number}.html', looks))}")
    hint("Nothing was sent.")
    return 0


def _number(wanted: str | None) -> int | None:
    if wanted is None:
        return None
    if not (wanted.isascii() and wanted.isdigit() and int(wanted)):
        raise click.BadParameter(f'"{wanted}" is no alert: presswatch alerts --json lists their ids', param_hint="ID")
    return int(wanted)


def _digest(context: click.Context, wanted: str | None, last: int | None) -> int:
    """The next issue, by the command that shows it with its other ways."""
    from . import digest

    if last:
        raise click.UsageError("--last is for alerts: leave it out, or see presswatch digest --last")
    found: int = context.invoke(digest.command, digest_id=wanted, preview=True, last=False, open_it=False)
    return found


def _payload(kind: DestinationKind, contents: Sequence[AlertContent]) -> Mapping[str, Any]:
    """What goes over the wire; of several alerts so many as one message holds."""
    from bot.alerts.compose import compose
    from bot.alerts.compose_group import compose_group

    payload = compose(contents[0], kind) if len(contents) == 1 else compose_group(contents, kind)[0]
    message: Mapping[str, Any] = payload["full"]
    return message


def _contents(settings: Settings, alert: int | None, last: int) -> list[tuple[int, AlertContent]]:
    """Numbers and contents of an alert, or of the newest ones, the newest first; empty where there is none yet."""
    from bot.app import database_exists, open_store
    from bot.explain import in_force
    from bot.retelling import content_of
    from bot.store import alerts

    if not database_exists(settings.config):
        hint(NO_DATABASE)
        return []
    with open_store(settings.config) as store, store.read() as tx:
        numbers = [alert] if alert else [each.id for each in alerts.recent(tx, last)]
        if not numbers:
            hint("No alerts yet: presswatch run --once polls everything that is due.")
            return []
        rules = in_force(tx, settings.config).live.ruleset.rules
        found = [(number, alerts.content_parts(tx, number)) for number in numbers]
        if alert and found[0][1] is None:
            raise click.UsageError(f"there is no alert {alert}: presswatch alerts --json lists them")
        return [(number, content_of(parts, rules)) for number, parts in found if parts is not None]


def _text(kind: DestinationKind, payload: Mapping[str, Any]) -> str:
    """What people read of it on a terminal."""
    from bot.deliver import console, slack_page
    from bot.text import clean

    if kind == "slack":
        return clean(slack_page.plain(payload["blocks"]))
    if kind == "console":
        return clean(console.plain(payload["lines"]))
    if kind == "apprise":
        return clean("\n".join(filter(None, [payload["title"], payload["text"], payload["url"]])))
    return clean(json.dumps(payload, ensure_ascii=False, indent=2))


def _page(kind: DestinationKind, payload: Mapping[str, Any]) -> str | None:
    """A page that looks as the service shows it; None for kinds that show nothing themselves."""
    from html import escape

    from bot.app import now
    from bot.deliver import slack_page

    if kind == "slack":
        message = {"ts": str(now().timestamp()), "blocks": payload["blocks"]}
        return slack_page.page("preview", [message], app="Presswatch")
    if kind == "feed":
        head = f'<!doctype html><meta charset="utf-8"><title>{escape(payload["title"])}</title>'
        return f"{head}<h1>{escape(payload['title'])}</h1>{payload['html']}\n"
    return None


def _write(settings: Settings, name: str, page: str) -> Path:
    from bot.deliver.file import replace

    folder = settings.config.data_dir / "previews"
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        replace(path, page.encode("utf-8", "replace"))
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error
    return path
