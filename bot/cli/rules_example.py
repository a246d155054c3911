"""``presswatch rules test --from-alert``: an alert's article becomes a test in the rule's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import click

from .common import Settings, find_rule, hint, print_json, say, short

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bot.counterexample import Example
    from bot.model import Article
    from bot.store import Tx


def add_example(settings: Settings, files: Mapping[str, str], wanted: str, only: str | None, expect: str) -> str:
    """Write the test into the rule's file; the rule's id. Raises UsageError, ConfigError and PresswatchError."""
    from bot.app import database_exists, open_store
    from bot.counterexample import example
    from bot.rules import load

    if not database_exists(settings.config):
        raise click.UsageError("there is no archive yet: presswatch run --once polls everything that is due")
    with open_store(settings.config) as store, store.read() as tx:
        article, rules = _article(tx, wanted.strip())
    if only is None and len(rules) != 1:
        named = f"is about {', '.join(rules)}" if rules else "matched no rule"
        raise click.UsageError(f"the article {named}: say with --rule which rule the test is for")
    # Not the rules in force: one whose own test fails may need another test.
    rule = find_rule(load(files).ruleset, only or rules[0])
    made = example(rule, article, cast("Literal['match', 'no']", expect))
    path = settings.config.rules_dir / rule.file
    _write(path, _number(files[rule.file], rule.id), made)
    _tell(settings, path, made)
    return rule.id


def _article(tx: Tx, wanted: str) -> tuple[Article, tuple[str, ...]]:
    """The article of an alert, by the alert's number or the article's address, and the rules it was about."""
    from bot.explain import find
    from bot.store import alerts, articles

    if wanted.isascii() and wanted.isdigit():
        parts = alerts.content_parts(tx, int(wanted)) if len(wanted) < 19 else None
        if parts is None:
            raise click.UsageError(f"there is no alert {wanted}: presswatch alerts shows their numbers")
        return parts.article.article, tuple(mention.rule for mention in parts.mentions)
    found = [stored for id_ in find(tx, wanted) if (stored := articles.get(tx, id_)) is not None]
    if not found:
        raise click.UsageError(f"there is no article {wanted}: presswatch search finds it by its words")
    return found[0].article, tuple(sorted(found[0].rules))


def _number(text: str, id_: str) -> int:
    """Which of the file's rules it is."""
    import tomllib

    return next(place for place, rule in enumerate(tomllib.loads(text)["rule"]) if rule.get("id") == id_)


def _write(path: Path, number: int, made: Example) -> None:
    from bot.counterexample import inserted
    from bot.tomlfile.editing import edit

    edit(path, lambda text: inserted(text, number, made.test))


def _tell(settings: Settings, path: Path, made: Example) -> None:
    from bot.rules import table_of

    if settings.as_json:
        print_json({"written": short(path), "rule": made.rule.id, "test": table_of(made.test), "passes": made.passes})
        return
    say("✓", f"Written to {short(path)}, behind the other tests of {made.rule.id}:", fg="green")
    click.echo("\n".join(f"    {line}" for line in table_of(made.test).rstrip().split("\n")))
    if not made.telling:
        hint("Shortened so, the article is another case to the rule than it was as a whole: write the test by hand.")
    if made.passes:
        hint("The rule does so already, as it stands now.")
