"""``presswatch alerts``: what was alerted, where, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, hint, pass_settings, print_json, style
from .layout import paragraph
from .resend import STATES, resend

if TYPE_CHECKING:
    from bot.store.records import AlertRecord, Archived

UNREAD = 160


@click.group("alerts", invoke_without_command=True)
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="How many.")
@click.option(
    "--to",
    "destination",
    metavar="NAME",
    shell_complete=complete.destination_ids,
    help="Only those to this destination.",
)
@click.option("--baseline", is_flag=True, help="What matched in first polls and was therefore not alerted.")
@common_options
@pass_settings
@click.pass_context
def command(ctx: click.Context, settings: Settings, last: int, destination: str | None, baseline: bool) -> None:
    """List the newest alerts with what became of each message, or send some again.

    With --baseline: the articles that were there when their feed was first polled and match a rule.
    """
    if ctx.invoked_subcommand is not None:
        return
    from bot.app import open_store
    from bot.store import alerts, articles

    with open_store(settings.config) as store, store.read() as tx:
        if baseline:
            _baseline(settings, articles.baseline_matches(tx, last + 1), last)
        else:
            _alerts(settings, alerts.recent(tx, last, destination), destination)


command.add_command(resend)


def _must_be_known(settings: Settings, destination: str) -> None:
    """A name that nothing was ever told to is either new or mistyped."""
    from bot.tomlfile import did_you_mean

    known = [each.id for each in settings.config.alerting]
    if destination not in known:
        hint_ = did_you_mean(destination, known) or f"known here: {', '.join(known)}"
        raise click.UsageError(f'there is no destination "{destination}": {hint_}')


def _alerts(settings: Settings, records: list[AlertRecord], destination: str | None) -> None:
    if not records and destination is not None:
        _must_be_known(settings, destination)
    for record in records:
        if settings.as_json:
            keys = (
                "id",
                "story",
                "destination",
                "kind",
                "severity",
                "at",
                "headline",
                "url",
                "source",
                "source_name",
                "text_seen",
                "text_reason",
                "rules",
            )
            more = {
                "rules": record.rules,
                "outlets": record.outlets,
                "state": record.delivery_state,
                "ts": record.ts,
                "error": record.error,
            }
            print_json({**{key: getattr(record, key) for key in keys}, **more})
        else:
            _print_alert(record)
    if not records and not settings.as_json:
        where = f" to {destination}" if destination else ""
        click.echo(f"No alerts{where} yet: presswatch run --once polls everything that is due.")


def _print_alert(record: AlertRecord) -> None:
    from bot.text import clean, cut

    state = STATES[record.delivery_state]
    unread = f" · {cut(clean(record.text_reason), UNREAD)}" if record.text_reason and record.text_seen != "full" else ""
    trouble = f" ({record.error})" if record.error and record.delivery_state != "sent" else ""
    outlets = f", +{plural(record.outlets - 1, 'outlet')}" if record.outlets > 1 else ""
    click.echo(f"{record.at:%Y-%m-%d %H:%M} UTC  {style(clean(record.headline), bold=True)}")
    told = f"{record.destination}: {state}{trouble}{unread}"
    paragraph(f"{record.source_name}{outlets} · {', '.join(record.rules)} · {told} · alert {record.id}")


def _baseline(settings: Settings, archived: list[Archived], last: int) -> None:
    from bot.rights import headline
    from bot.text import clean

    for stored in archived[:last]:
        rules = sorted(stored.rules)
        title = headline(stored.article.title, stored.article.excerpt, derived=stored.article.title_derived)
        if settings.as_json:
            row = {"id": stored.id, "source": stored.article.source, "headline": title}
            print_json({**row, "url": stored.article.url, "published": stored.article.published_at, "rules": rules})
            continue
        at = stored.article.published_at
        date = f"{at:%Y-%m-%d}" if at else "date unknown"
        click.echo(f"{date}  {style(clean(title), bold=True)}")
        click.echo(
            f"    {stored.article.source} · {', '.join(rules)}"
            + (f" · {stored.article.url}" if stored.article.url else "")
        )
    if len(archived) > last:
        hint(f"These are the newest {last}; there are more: --last N.")
    if not archived and not settings.as_json:
        click.echo("No baseline article matches a rule.")
