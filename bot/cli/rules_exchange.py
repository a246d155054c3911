"""``presswatch rules import`` and ``export``: search strings of other services, and of Lucene."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from . import complete
from .common import Settings, common_options, hint, pass_settings, print_faults, print_json, style

if TYPE_CHECKING:
    from bot.errors import Fault
    from bot.rules.foreign import Translated

SERVICES = ("meltwater", "talkwalker", "brandwatch", "factiva", "lexis")
KEPT = 3
"""Quotation marks that end a literal of several lines in TOML."""


@click.command(
    "import",
    short_help="Translate a search string of another service into a rule.",
    epilog="Exit code 1: the string holds something that has no like here; nothing is written.",
)
@click.argument("file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@click.option("--from", "service", type=click.Choice(SERVICES), required=True, help="The service it was written for.")
@click.option("--id", "id_", metavar="ID", help="The rule's id (default: the file's name).")
@common_options
@pass_settings
def import_(settings: Settings, file: Path, service: str, id_: str | None) -> int:
    """Translate the search string in FILE into a rule, which is printed; - reads standard input.

    Where an operator means the same here, it is translated; where there is none that does, the string is refused and
    the operator named, with what to write instead. What is nearly the same is remarked. Add the rule to a file of the
    rules folder, give it tests, and run presswatch rules check:

    \b
      presswatch rules import --from lexis search.txt >> rules/imported.toml
    """  # noqa: D301 – \b is click's mark for a paragraph that is not wrapped
    from bot.rules import load_query, read_folder
    from bot.rules.foreign import DIALECTS, translate

    text = _text(file)
    name = str(file) if str(file) != "-" else "standard input"
    translated = translate(text, DIALECTS[service], file=name)
    faults = translated.faults
    if translated.query is not None:
        texts, unread = read_folder(settings.config.rules_dir)
        faults = load_query(translated.query, texts, unread=unread).faults
    if faults:
        _refuse(settings, faults, translated)
        return 1
    _print_rule(settings, id_ or _id(file), name, DIALECTS[service].title, translated)
    return 0


def _text(file: Path) -> str:
    from bot.tomlfile import SIZE_LIMIT, decode

    try:
        raw = sys.stdin.buffer.read(SIZE_LIMIT + 1) if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}") from error
    return decode(raw, str(file)).replace("\r\n", "\n").strip("\n")


def _id(file: Path) -> str:
    """An id made of the file's name."""
    return re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-") or "imported"


def _refuse(settings: Settings, faults: tuple[Fault, ...], translated: Translated) -> None:
    print_faults(faults, as_json=settings.as_json)
    if translated.query is not None and not settings.as_json:
        hint(f"As a query of Presswatch it is: {translated.query}")


def _print_rule(settings: Settings, id_: str, file: str, title: str, translated: Translated) -> None:
    query = translated.query or ""
    if settings.as_json:
        print_json({"id": id_, "query": query, "remarks": list(translated.remarks)})
        return
    literal = "'" * KEPT
    spelled = json.dumps(query, ensure_ascii=False) if literal in query else f"{literal}{query}{literal}"
    click.echo(f"# Translated from {title} ({file}).")
    for remark in translated.remarks:
        click.echo(f"# {remark}")
    click.echo(f'[[rule]]\nid    = "{id_}"\nquery = {spelled}\n')


@click.command(
    "export",
    short_help="Write rules as queries of Lucene.",
    epilog="Exit code 1: a rule says something that Lucene cannot say; the others are written.",
)
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=complete.rule_ids)
@click.option("--to", "target", type=click.Choice(["lucene"]), default="lucene", show_default=True, help="The syntax.")
@common_options
@pass_settings
def export(settings: Settings, ids: tuple[str, ...], target: str) -> int:
    """Write the rules, or those named, as queries that Lucene's standard parser reads, one a line.

    Every form that a term matches is written out, for an index that takes no stems. Its default field holds title and
    body together; title, body, author, source, tier and lang are fields of their own. A rule that says what Lucene
    cannot say is refused, and what it is, named.
    """
    from bot.match import forms
    from bot.rules.lucene import to_lucene

    rules = settings.rules.ruleset.rules
    unknown = [id_ for id_ in ids if id_ not in rules]
    if unknown:
        raise click.UsageError(f'there is no rule "{unknown[0]}": presswatch rules list names them all')
    refused = False
    for id_ in ids or tuple(rules):
        exported = to_lucene(rules[id_], forms)
        refused = refused or bool(exported.refused)
        if settings.as_json:
            row = {"rule": id_, "to": target, "query": exported.query}
            print_json({**row, "refused": list(exported.refused), "remarks": list(exported.remarks)})
            continue
        for reason in exported.refused:
            hint(f"{id_} is not written: {reason}")
        for remark in exported.remarks if exported.query else ():
            hint(f"{id_}: {remark} (a remark)")
        if exported.query:
            click.echo(f"{style(f'# {id_}', dim=True)}\n{exported.query}")
    return 1 if refused else 0
