"""``presswatch rules new``: a rule with its tests, asked for on a terminal or given by options."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, get_args

import click

from bot.model.words import Severity

from .common import Settings, common_options, pass_settings, print_faults, print_json, say, short
from .rules_files import write_schema

if TYPE_CHECKING:
    from bot.rules import NewRule

EPILOG = """\b
In a script
  rules new rare-earths --theme us-china-trade --any "rare earth" --any 稀土
    --match "Beijing tightened its licences for rare earths." --no "The museum of minerals reopens."

Exit code 1: the rule has a mistake or fails its tests; nothing was written.
"""


@click.command("new", epilog=EPILOG)
@click.argument("id_", metavar="[ID]", required=False)
@click.option("--title", help="The name in alerts.")
@click.option("--theme", help="The group it belongs to.")
@click.option("--severity", type=click.Choice(get_args(Severity)), help="How loud its alerts are.")
@click.option("--owner", help="Who is asked about it.")
@click.option("--any", "any_", metavar="TERM", multiple=True, help="One of these must occur.")
@click.option("--all", "all_", metavar="TERM", multiple=True, help="Every one of these must occur.")
@click.option("--none", metavar="TERM", multiple=True, help="None of these may occur.")
@click.option("--query", help="In place of --any and --all: the query language.")
@click.option("--match", "matching", metavar="TEXT", multiple=True, help="A test: a text that it must match.")
@click.option("--no", "other", metavar="TEXT", multiple=True, help="A test: a text that it must not match.")
@click.option("--file", "name", metavar="NAME", help="The file in the rules folder; without it ID.toml.")
@common_options
@pass_settings
def new(settings: Settings, /, id_: str | None, name: str | None, **given: object) -> int:
    """Write a new file with a rule and its tests.

    On a terminal it asks for what is not given: the terms, a text that must match and one that must not. The rule is
    checked and its tests are run before anything is written.
    """
    wanted = _asked(settings, id_, given) if sys.stdin.isatty() and not settings.as_json else _given(id_, given)
    name = name or f"{wanted.id}.toml"
    return _write(settings, wanted, name if name.endswith(".toml") else f"{name}.toml")


def _made(id_: str, given: dict[str, object]) -> NewRule:
    from bot.rules import NewRule

    known = {"any_": "any", "all_": "all"}
    return NewRule(id=id_, **{known.get(key, key): value for key, value in given.items() if value})  # type: ignore[arg-type]


def _given(id_: str | None, given: dict[str, object]) -> NewRule:
    """What the options say. Raises UsageError for what is missing."""
    missing = [] if id_ else ["ID"]
    missing += [] if any(given[key] for key in ("any_", "all_", "query")) else ["--any, --all or --query"]
    missing += [f"--{key}" for key, name in (("match", "matching"), ("no", "other")) if not given[name]]
    if missing or id_ is None:
        raise click.UsageError(f"without a terminal to ask on, these are needed: {'; '.join(missing)}")
    return _made(id_, given)


def _asked(settings: Settings, id_: str | None, given: dict[str, object]) -> NewRule:
    """The same, what is missing being asked for."""
    themes = sorted({rule.theme for rule in settings.rules.ruleset.rules.values() if rule.theme})
    id_ = id_ or click.prompt("Id, as in rare-earths", value_proc=lambda text: _free_id(settings, text))
    given["title"] = given["title"] or click.prompt("Title", default=id_.replace("-", " ").capitalize())
    if not given["theme"]:
        said = f"Theme ({', '.join(themes)}; empty for none)" if themes else "Theme (empty for none)"
        given["theme"] = click.prompt(said, default="", show_default=False).strip()
    given["severity"] = given["severity"] or click.prompt(
        "Severity", default="normal", type=click.Choice(get_args(Severity))
    )
    if not (given["any_"] or given["all_"] or given["query"]):
        given["any_"] = _several("One of these terms must occur, one per line", at_least=1)
        given["none"] = given["none"] or _several("None of these may occur anywhere in the article, one per line")
    given["matching"] = given["matching"] or (click.prompt("A sentence that must match"),)
    given["other"] = given["other"] or (click.prompt("A sentence much like it that must not match"),)
    return _made(id_, given)


def _free_id(settings: Settings, text: str) -> str:
    from bot.tomlfile.models import ID

    if not ID.fullmatch(text):
        raise click.BadParameter("small letters, digits, - and _, at most 64 of them")
    if text in settings.rules.ruleset.rules:
        raise click.BadParameter(f'there is a rule "{text}" already')
    return text


def _several(question: str, *, at_least: int = 0) -> tuple[str, ...]:
    """Terms, each checked when it is typed, up to an empty line."""
    click.echo(f"{question}, an empty line at the end:")
    found: list[str] = []
    while True:
        text = click.prompt("  term", default="", show_default=False, value_proc=_term)
        if text:
            found.append(text)
        elif len(found) >= at_least:
            return tuple(found)


def _term(text: str) -> str:
    from bot.rules.terms import parse_term
    from bot.tomlfile.models import Mistake

    text = text.strip()
    try:
        if text:
            parse_term(text)
    except Mistake as mistake:
        raise click.BadParameter(f"{mistake} – {mistake.remedy}") from None
    return text


def _write(settings: Settings, wanted: NewRule, name: str) -> int:
    """Check what would be written among all other files, and write it."""
    from bot.reload import compile_rules
    from bot.rules import new_file, read_folder
    from bot.tomlfile.layout import formatted
    from bot.tomlfile.saving import make_folder, save

    folder = settings.config.rules_dir
    files, unread = read_folder(folder)
    if any(part.startswith(".") for part in name.split("/")) or name.startswith("/"):
        raise click.UsageError("--file is a name inside the rules folder; what is hidden there is not read")
    if name in files or (folder / name).exists():
        raise click.UsageError(f"{short(folder / name)} is there already: choose another --file")
    text = formatted(new_file(wanted, name))
    live = compile_rules({**files, name: text}, unread, destinations={each.id for each in settings.config.alerting})
    faults = [fault for fault in live.faults if fault.file == name or fault.subject == f"rule {wanted.id}"]
    print_faults(settings.rule_faults(faults), as_json=settings.as_json)
    if faults:
        return 1
    make_folder((folder / name).parent)
    save(folder / name, text.encode(), None)
    write_schema(folder)
    if settings.as_json:
        print_json({"written": short(folder / name), "rule": wanted.id})
    else:
        say("✓", f"Written to {short(folder / name)}; its tests pass.", fg="green")
        say("→", f"presswatch rules apply {wanted.id} shows what it would have found in the archive")
    return 0
