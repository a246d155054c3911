"""``presswatch rules near-miss``: what the rules nearly matched, and what would have caught it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, hint, moment, pass_settings, print_json, progress, style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.nearmisses import Missed

SENTENCE = 160
"""Characters of a sentence that is shown."""


@click.command("near-miss", short_help="Show what the rules missed by one thing, and what would have caught it.")
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=complete.rule_ids)
@click.option(
    "--since", metavar="TIME", default="7d", show_default=True, help='Since then: "7d", "24h" ago, or a date (UTC).'
)
@click.option(
    "--last", type=click.IntRange(1), default=5, show_default=True, metavar="N", help="How many of each rule."
)
@common_options
@pass_settings
def near_miss(settings: Settings, ids: tuple[str, ...], *, since: str, last: int) -> int:
    """Show archived articles that a rule missed by one thing, each with a change that would have caught it.

    One clause kept the rule back: a word that vetoes it, two words more than NEAR allows, an alias without its context,
    one occurrence too few – or a spelling that no term finds. Whether the article should have been found is yours to
    say: add it as a test of the rule, then make the change. What rules of the last week missed is also told to [ops]
    once a week.
    """
    from bot.app import database_exists, now, open_store
    from bot.nearmisses import near_misses

    rules = settings.rules.ruleset.rules
    unknown = [id_ for id_ in ids if id_ not in rules]
    if unknown:
        raise click.UsageError(f'there is no rule "{unknown[0]}": presswatch rules list names them all')
    begin = moment(since, now(), "--since")
    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once fills it.")
        return 0
    chosen = [rules[id_] for id_ in ids or tuple(rules)]
    with open_store(settings.config) as store, store.read() as tx, progress(settings, "Reading the archive") as step:
        found = list(near_misses(tx, chosen, begin, on_article=lambda: step(None, "")))
    if settings.as_json:
        for each in found:
            print_json(_row(each))
        return 0
    for id_, missed in _by_rule(found):
        _print(id_, missed, last)
    if not found:
        click.echo("Nothing came near: no article missed a rule by one thing only.")
    return 0


def _by_rule(found: Sequence[Missed]) -> Iterator[tuple[str, list[Missed]]]:
    ordered = sorted(found, key=lambda each: each.miss.rule.id)
    return ((id_, list(group)) for id_, group in groupby(ordered, key=lambda each: each.miss.rule.id))


def _print(id_: str, missed: Sequence[Missed], last: int) -> None:
    click.echo(f"{style(id_, bold=True)}: {plural(len(missed), 'article')} nearly matched")
    for each in missed[:last]:
        row = _row(each)
        click.echo(f"  {row['headline']}  {style(f'#{each.stored.id}', dim=True)}")
        click.echo(f"      {row['reason']}")
        if row["sentence"]:
            click.echo(style(f"      “{row['sentence']}”", dim=True))
        click.echo(f"      → {row['change']}")
    if len(missed) > last:
        click.echo(style(f"  and {len(missed) - last:,} more: --last {len(missed)} shows them", dim=True))


def _row(each: Missed) -> dict[str, object]:
    """The words of an article are shown within what its source allows."""
    from bot.rights import headline, shortened
    from bot.text import clean, cut

    article, miss = each.stored.article, each.miss
    room = SENTENCE if article.excerpt is None else min(SENTENCE, article.excerpt)
    shown = shortened(miss.sentence.text, miss.sentence.spans, room)[0] if miss.sentence is not None and room else ""
    title = headline(article.title, article.excerpt, derived=article.title_derived)
    return {
        "rule": miss.rule.id,
        "article": each.stored.id,
        "headline": cut(clean(title), 100) or "(no title)",
        "url": article.url,
        "kind": miss.kind,
        "reason": clean(miss.reason),
        "change": clean(miss.change),
        "sentence": clean(shown),
    }
