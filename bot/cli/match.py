"""``presswatch match``: try any text, HTML or feed file against the rules; nothing is stored."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, hint, pass_settings, print_faults, print_json, short, style
from .files import paths, read

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bot.model import Article, Mention, Sentence


def _one(ctx: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> str | None:
    """The query; click would silently take the last of several."""
    if len(given) > 1:
        raise click.BadParameter("one at a time: join two with AND or OR", ctx, parameter)
    return given[0] if given else None


@click.command("match", epilog="Exit code 1: a file could not be read, or a rule has a mistake; 2: the query has one.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--rule",
    "only",
    multiple=True,
    metavar="ID",
    shell_complete=complete.rule_ids,
    help="Only this rule (may be repeated).",
)
@click.option(
    "--query",
    multiple=True,
    callback=_one,
    metavar="QUERY",
    help="In place of the rules, this query; - reads it from standard input.",
)
@common_options
@pass_settings
def command(settings: Settings, files: tuple[Path, ...], only: tuple[str, ...], query: str | None) -> int:
    """Match text, HTML or feed files against the rules and show the evidence; nothing is stored.

    A folder stands for the files in it; - reads standard input.

    --query tries a query before it becomes a rule. It may name the entities and lists of the rules folder; whether it
    matches or not, the exit code is 0. Put single quotes around it, so that the shell leaves the double ones alone:

    \b
      presswatch match --query '"export control" NEAR/10 chip*' seeds/
      presswatch match --query '@huawei AND NOT title:phone' page.html

    \b
    --json prints one line per mention:
      {"file", "rule", "hits": [{"term", "field", "start", "end", "text"}], "sentences": [...]}
    Offsets count characters of the article's title or body, as Presswatch reads the file.
    With --query the rule is called "query", and each mistake in it is one line:
      {"fault": {"file", "line", "column", "subject", "message", "remedy", "excerpt"}}
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    wanted = _by_rules(settings, only) if query is None else _by_query(settings, query, files, only)
    if wanted is None:
        return 2
    bad, tried, matched = wanted.bad, 0, 0
    for path in paths(files):
        articles = read(path)
        bad = bad or articles is None
        for article in articles or ():
            mentions = wanted.match(article)
            tried, matched = tried + 1, matched + bool(mentions)
            _show(settings, path, article, mentions, wanted.nothing)
    if query is not None and tried > 1 and not settings.as_json:
        click.echo(f"The query matches {matched:,} of {plural(tried, 'article')}.")
    return 1 if bad else 0


@dataclass(frozen=True)
class _Wanted:
    """What articles are held against; ``nothing`` is said of one that does not match, ``bad`` of the rules."""

    match: Callable[[Article], list[Mention]]
    nothing: str
    bad: bool = False


def _by_rules(settings: Settings, only: Collection[str]) -> _Wanted:
    live = settings.rules
    print_faults(settings.rule_faults(live.faults), as_json=False)
    unknown = [id_ for id_ in only if id_ not in live.ruleset.rules]
    if unknown:
        raise click.UsageError(f'there is no rule "{unknown[0]}": presswatch rules list names them all')

    def match(article: Article) -> list[Mention]:
        return [mention for mention in live.matcher.match(article) if not only or mention.rule in only]

    return _Wanted(match, "no rule matches", bad=bool(live.faults))


def _by_query(settings: Settings, query: str, files: Collection[Path], only: Collection[str]) -> _Wanted | None:
    """None if the query has mistakes, which are told."""
    from bot.match import Matcher
    from bot.rules import load_query, read_folder

    if only:
        raise click.UsageError("--query stands in place of the rules: leave --rule out, or --query")
    if query == "-" and Path("-") in files:
        raise click.UsageError("only one of the query and the article can be read from standard input")
    texts, unread = read_folder(settings.config.rules_dir)
    asked = load_query(_text(query), texts, unread=unread)
    if asked.elsewhere and not settings.as_json:
        folder = short(settings.config.rules_dir)
        hint(
            f"Some of what stands in {folder} has mistakes and cannot be used here: presswatch rules check names them."
        )
    if not settings.as_json:
        for warning in asked.warnings:
            hint(f"{warning} (a remark; the query is tried all the same)")
    if asked.rule is None:
        print_faults(asked.faults, as_json=settings.as_json)
        return None
    return _Wanted(Matcher([asked.rule]).match, "the query does not match")


def _text(query: str) -> str:
    """The query as it was typed, or for - what comes in. Raises ConfigError if that is not UTF-8."""
    from bot.tomlfile import SIZE_LIMIT, decode

    raw = sys.stdin.buffer.read(SIZE_LIMIT + 1) if query == "-" else os.fsencode(query)
    return decode(raw, "query").replace("\r\n", "\n").rstrip("\n")


def _show(settings: Settings, path: Path, article: Article, mentions: Sequence[Mention], nothing: str) -> None:
    if settings.as_json:
        for mention in mentions:
            print_json(_row(path, mention))
        return
    from bot.text import clean, cut

    headline = cut(clean(article.title), 100) or "(no title)"
    click.echo(f"{style(headline, bold=True)}  {style(str(path), dim=True)}")
    for mention in mentions:
        found = ", ".join(dict.fromkeys(clean(hit.text) for hit in mention.hits))
        click.echo(f"  {style(mention.rule, fg='cyan')}: {plural(len(mention.hits), 'hit')} – {cut(found, 120)}")
        for sentence in mention.sentences:
            click.echo(f"      “{_highlight(sentence)}”")
    if not mentions:
        click.echo(style(f"  {nothing}", dim=True))


def _row(path: Path, mention: Mention) -> dict[str, object]:
    keys = ("term", "field", "start", "end", "text")
    return {
        "file": str(path),
        "rule": mention.rule,
        "hits": [{key: getattr(hit, key) for key in keys} for hit in mention.hits],
        "sentences": [sentence.text for sentence in mention.sentences],
    }


def _highlight(sentence: Sentence) -> str:
    from bot.text import clean

    parts, at = [], 0
    for start, end in sentence.spans:
        parts += [clean(sentence.text[at:start]), style(clean(sentence.text[start:end]), bold=True, fg="yellow")]
        at = end
    return "".join([*parts, clean(sentence.text[at:])])
