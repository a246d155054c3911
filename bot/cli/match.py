"""``presswatch match``: try any text, HTML or feed file against the rules; nothing is stored."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.model.words import plural

from . import complete
from .common import Settings, common_options, pass_settings, print_faults, print_json, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Article, Mention, Sentence


@click.command("match", epilog="Exit code 1: a file could not be read, or a rule has a mistake.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--rule",
    "only",
    multiple=True,
    metavar="ID",
    shell_complete=complete.rule_ids,
    help="Only this rule (may be repeated).",
)
@common_options
@pass_settings
def command(settings: Settings, files: tuple[Path, ...], only: tuple[str, ...]) -> int:
    """Match text, HTML or feed files against the rules and show the evidence; nothing is stored.

    A folder stands for the files in it; - reads standard input.

    \b
    --json prints one line per mention:
      {"file", "rule", "hits": [{"term", "field", "start", "end", "text"}], "sentences": [...]}
    Offsets count characters of the article's title or body, as Presswatch reads the file.
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    live = settings.rules
    print_faults(settings.rule_faults(live.faults), as_json=False)
    unknown = [id_ for id_ in only if id_ not in live.ruleset.rules]
    if unknown:
        raise click.UsageError(f'there is no rule "{unknown[0]}": presswatch rules list names them all')
    bad = bool(live.faults)
    for path in _paths(files):
        articles = _read(path)
        bad = bad or articles is None
        for article in articles or ():
            mentions = [m for m in live.matcher.match(article) if not only or m.rule in only]
            _show(settings, path, article, mentions)
    return 1 if bad else 0


def _paths(given: Iterable[Path]) -> list[Path]:
    return [inner for path in given for inner in (sorted(_files_in(path)) if path.is_dir() else [path])]


def _files_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]


def _read(path: Path) -> Sequence[Article] | None:
    from bot.errors import SourceError
    from bot.ingest.files import articles_in

    try:
        body = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return articles_in(body, path.name)
    except OSError as error:
        click.echo(f"{path}: cannot be read: {error.strerror}", err=True)
    except SourceError as error:
        click.echo(f"{path}: {error}", err=True)
    return None


def _show(settings: Settings, path: Path, article: Article, mentions: Sequence[Mention]) -> None:
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
        click.echo(style("  no rule matches", dim=True))


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
