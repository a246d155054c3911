"""``presswatch search``: the archive, asked by words, newest first."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from . import complete
from .common import Settings, colour, common_options, hint, moment, pass_settings, print_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Quote, Reference
    from bot.search import Query, Snippet
    from bot.store import Tx
    from bot.store.records import Found


class Parts(NamedTuple):
    """What is shown of an article: title, a part of the text, quotations, and why no more of it."""

    title: Snippet
    part: Snippet
    quotes: Sequence[Quote]
    note: str


WIDEST = 100
INDENT = 4
HIT = "bold yellow"
# Of one article; explain shows all of them.
QUOTES = 5

EPILOG = """\b
What to write
  huawei tariff              articles with both words
  "export controls"          these words side by side
  tariff*                    tariff, tariffs, tariffed ...
  huawei ban OR sanction     huawei, and one of the two beside OR
  tariff* -steel             without a word (or: NOT steel)

\b
Official numbers, in any way of writing
  --reference "RIN 0694-AI94"      articles that hold this number
  --reference "15 CFR 744"         also those on a section of the part, as 744.23
  --reference "88 FR 73458" chip*  with words: articles that hold both

\b
Who said what
  --speaker "Lu Xiang"             articles that quote somebody of this name, with the words
  --speaker olson tariff*          a part of the name is enough; with words: articles that hold both

Case, accents and traditional or simplified Chinese make no difference. Everything else is a word like any other. A
query that begins with - goes behind --, as in: presswatch search -- '-steel tariff*'
"""


@click.command("search", epilog=EPILOG)
@click.argument("words", metavar="[QUERY]...", nargs=-1)
@click.option("--since", metavar="TIME", help='Only since then: "7d", "24h", "30m" ago, or a date "2026-01-31" (UTC).')
@click.option("--source", metavar="ID", shell_complete=complete.source_ids, help="Only articles of this source.")
@click.option(
    "--rule", metavar="ID", shell_complete=complete.rule_ids, help="Only articles in which this rule was found."
)
@click.option("--reference", metavar="NUMBER", help='Only articles that hold it: "88 FR 73458", "15 CFR 744".')
@click.option("--speaker", metavar="NAME", help="Only articles that quote this person or office, with what was said.")
@click.option("--last", type=click.IntRange(1), default=20, show_default=True, metavar="N", help="How many.")
@common_options
@pass_settings
def command(
    settings: Settings,
    *,
    words: tuple[str, ...],
    since: str | None,
    source: str | None,
    rule: str | None,
    reference: str | None,
    speaker: str | None,
    last: int,
) -> None:
    """Find articles in the archive, the newest first, with the place where the words stand.

    By words, by an official number that the articles hold, by somebody they quote, or by all of these.
    """
    from bot.app import database_exists, now, open_store
    from bot.store import quotes
    from bot.store.search import search

    query, wanted = _wanted(words, reference, speaker)
    begin = moment(since, now(), "--since") if since else None
    if not database_exists(settings.config):
        hint("No archive yet: presswatch run --once polls everything that is due.")
        return
    with open_store(settings.config) as store, store.read() as tx:
        check_source(settings, tx, source)
        _check_rule(settings, tx, rule)
        found = search(
            tx, query, limit=last + 1, since=begin, source=source, rule=rule, reference=wanted, speaker=speaker
        )
        said = quotes.of(tx, [each.stored.id for each in found], speaker) if speaker is not None else {}
        shown = [(each, _parts(tx, each, query, wanted, said.get(each.stored.id, ()))) for each in found[:last]]
    _print(settings, shown)
    if len(found) > last:
        hint(f"These are the newest {last}; there are more: --last N.")
    if not found and not settings.as_json:
        _nothing(wanted, speaker, filtered=bool(since or source or rule), words=query is not None)


def _wanted(words: Sequence[str], reference: str | None, speaker: str | None) -> tuple[Query | None, Reference | None]:
    """What to look for. Raises click.UsageError for words, a number or a name that say nothing."""
    from bot.errors import QueryError
    from bot.search import parse
    from bot.store import quotes

    if speaker is not None and not quotes.is_name(speaker):
        raise click.BadParameter('write a name or a part of it, like "Lu Xiang" or olson', param_hint="--speaker")
    try:
        query = parse(" ".join(words)) if words or (reference is None and speaker is None) else None
    except QueryError as error:
        raise click.UsageError(str(error)) from error
    if reference is None:
        return query, None
    from bot.extract import named

    try:
        return query, named(reference)
    except QueryError as error:
        raise click.BadParameter(str(error), param_hint="--reference") from error


def _nothing(wanted: Reference | None, speaker: str | None, *, filtered: bool, words: bool) -> None:
    from bot.text import clean

    filters = "without the filters, " if filtered or (words and speaker is not None) else ""
    if words:
        click.echo(f"Nothing found. Try it {filters}with fewer words, or with the beginning of one: tariff*")
    elif wanted is not None:
        whom = f" and quotes {clean(speaker)}" if speaker is not None else ""
        click.echo(f"No article holds {wanted.value}{whom}{' with these filters' if filtered else ''}.")
    elif speaker is not None:
        click.echo(f"No article quotes {clean(speaker)}{' with these filters' if filtered else ''}.")


def check_source(settings: Settings, tx: Tx, source: str | None) -> None:
    """Whether ``--source`` names one that is or was configured. Raises click.BadParameter."""
    from bot.store import sources

    known = [each.id for each in settings.config.sources]
    if source is None or source in known:
        return
    _known("source", source, known + [state.id for state in sources.states(tx)])


def _check_rule(settings: Settings, tx: Tx, rule: str | None) -> None:
    from bot.store.search import mentioned_rules

    if rule is None:
        return
    mentioned = mentioned_rules(tx)
    if rule not in mentioned:  # the folder is only read where it can change the answer
        _known("rule", rule, [*settings.rules.ruleset.rules, *sorted(mentioned)])


def _known(kind: str, wanted: str, known: Sequence[str]) -> None:
    from bot.tomlfile import did_you_mean

    if wanted not in known:
        remedy = did_you_mean(wanted, known) or f"see presswatch {kind}s list"
        raise click.BadParameter(f'there is no {kind} "{wanted}": {remedy}', param_hint=f"--{kind}")


# ── what is shown ────────────────────────────────────────────────────────────────────────────────


def _parts(tx: Tx, found: Found, query: Query | None, wanted: Reference | None, said: Sequence[Quote]) -> Parts:
    """The title, and the part of the text that is worth showing: around the words, else around the number.

    With what somebody ``said``, as far as the source lets it be quoted.
    """
    from bot.rights import Allowance
    from bot.search import Snippet, around, mark, snippet
    from bot.text import clean

    article = found.stored.article
    allowed = Allowance(article.excerpt, derived=article.title_derived)
    title = allowed.headline(article.title)
    if query is not None:
        part = snippet(article.body, query)
        shown = mark(title, query), Snippet(*allowed.excerpt(part.text, part.spans))
        return Parts(*shown, allowed.quotes(said), allowed.note)
    from bot.store import facts

    held = [each for each in facts.of(tx, found.stored.id).references if wanted and _holds(each, wanted)]
    in_title, in_body = (
        [(each.start, each.end) for each in held if each.field == field] for field in ("title", "body")
    )
    whole = around(title, in_title, len(title)) if title == article.title and in_title else Snippet(clean(title))
    part = around(article.body, in_body)
    excerpt = Snippet(*allowed.excerpt(part.text, part.spans))
    return Parts(whole, excerpt, allowed.quotes(said), allowed.note)


def _holds(one: Reference, wanted: Reference) -> bool:
    return one.kind == wanted.kind and (
        one.value == wanted.value or one.value.startswith((f"{wanted.value}.", f"{wanted.value} "))
    )


def _print(settings: Settings, shown: Sequence[tuple[Found, Parts]]) -> None:
    for each, parts in shown:
        if settings.as_json:
            print_json(_row(each, parts))
        else:
            _print_found(each, parts)


def _row(found: Found, parts: Parts) -> dict[str, object]:
    from bot.rights import headline

    from .quotations import quote_row

    stored, article = found.stored, found.stored.article
    return {
        "id": stored.id,
        "story": stored.story,
        "source": article.source,
        "source_name": found.source_name,
        "title": headline(article.title, article.excerpt, derived=article.title_derived),
        "url": article.url,
        "published": article.published_at,
        "first_seen": stored.first_seen,
        "state": stored.state,
        "rules": found.rules,
        "snippet": parts.part.text,
        "spans": parts.part.spans,
        "quotes": [quote_row(quote) for quote in parts.quotes],
        "excerpt_note": parts.note,
    }


def _print_found(found: Found, parts: Parts) -> None:
    from bot.search import Snippet
    from bot.text import clean

    from .quotations import quote_line

    stored, article = found.stored, found.stored.article
    date = f"{article.published_at:%Y-%m-%d}" if article.published_at else f"{stored.first_seen:%Y-%m-%d} (first seen)"
    about = [found.source_name, ", ".join(found.rules), stored.state, parts.note]
    _echo(f"{date}  ", parts.title, look="bold")
    _echo("", Snippet(clean(" · ".join(filter(None, about)))))
    for quote in parts.quotes[:QUOTES]:
        _echo("", Snippet(quote_line(quote)))
    if len(parts.quotes) > QUOTES:
        _echo("", Snippet(f"and {len(parts.quotes) - QUOTES} more: presswatch explain {stored.id}"))
    if parts.part.text and not parts.quotes:
        _echo("", parts.part)
    if article.url:
        click.echo(" " * INDENT + clean(article.url))


def _echo(start: str, part: Snippet, look: str = "") -> None:
    """A hanging paragraph, indented without a ``start``; hits are highlighted on a terminal, *starred* elsewhere."""
    if not sys.stdout.isatty():
        click.echo((start or " " * INDENT) + _starred(part))
        return
    from rich.console import Console
    from rich.text import Text

    text = Text(part.text, style=look, overflow="fold")
    for begin, end in part.spans:
        text.stylize(HIT, begin, end)
    width = min(shutil.get_terminal_size().columns, WIDEST)
    console = Console(highlight=False, markup=False, emoji=False, width=width, no_color=not colour(sys.stdout))
    for number, row in enumerate((Text(start) + text).wrap(console, max(20, width - INDENT))):
        row.rstrip()
        row.pad_left(INDENT if number or not start else 0)
        console.print(row, soft_wrap=True)


def _starred(part: Snippet) -> str:
    out, done = "", 0
    for begin, end in part.spans:
        out += f"{part.text[done:begin]}*{part.text[begin:end]}*"
        done = end
    return out + part.text[done:]
