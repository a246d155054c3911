"""``presswatch preview``: what a message looks like in each kind of destination, before or after it went out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from .common import Settings, common_options, hint, pass_settings, print_json, short, style

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.model import AlertContent, DestinationKind

KINDS = ("slack", "console", "webhook", "feed", "apprise")
NO_DATABASE = "No archive yet: presswatch run --once polls everything that is due."


@click.command("preview")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("alert", type=click.IntRange(1), required=False)
@click.option("--page/--no-page", "page", default=True, help="Write a page that looks like it (slack, feed).")
@common_options
@pass_settings
def command(settings: Settings, kind: str, alert: int | None, page: bool) -> int:
    """Show an alert exactly as a destination of KIND gets it now; nothing is sent.

    ALERT is its number, as alerts --json lists it as id; without one the newest. --json prints what goes over the wire.
    For digests see digest --preview.

    \b
      presswatch preview slack
      presswatch preview webhook 17 --json
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    from bot.alerts.compose import compose

    found = _content(settings, alert)
    if found is None:
        return 1
    number, content = found
    of_kind: Any = kind
    payload = compose(content, of_kind)["full"]
    if settings.as_json:
        print_json({"alert": number, "kind": kind, "message": payload})
        return 0
    click.echo(_text(of_kind, payload))
    looks = _page(of_kind, payload) if page else None
    if looks is not None:
        click.echo(f"\n{style('Page', bold=True)}: {short(_write(settings, f'preview-{kind}-{number}.html', looks))}")
    hint("Nothing was sent.")
    return 0


def _content(settings: Settings, alert: int | None) -> tuple[int, AlertContent] | None:
    """The number and the content of an alert, the newest without one; None where there is none yet."""
    from bot.app import database_exists, open_store
    from bot.explain import in_force
    from bot.retelling import content_of
    from bot.store import alerts

    if not database_exists(settings.config):
        hint(NO_DATABASE)
        return None
    with open_store(settings.config) as store, store.read() as tx:
        newest = alerts.recent(tx, 1)
        number = alert or (newest[0].id if newest else None)
        if number is None:
            hint("No alerts yet: presswatch run --once polls everything that is due.")
            return None
        parts = alerts.content_parts(tx, number)
        if parts is None:
            raise click.UsageError(f"there is no alert {number}: presswatch alerts --json lists them")
        return number, content_of(parts, in_force(tx, settings.config).live.ruleset.rules)


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
