"""What the shell offers for ids: those of the rules, sources, destinations and digests of the configuration in force.

Each callback fits click's ``shell_complete``. Somebody is in the middle of a line: what cannot be read offers nothing
and says nothing, the database is not opened, and nothing is compiled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .common import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    import click
    from click.shell_completion import CompletionItem

    from bot.config import Config


def rule_ids(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem[Any]]:
    """The ids in the rule files that can be read, each with its title."""
    del parameter
    config = _config(ctx)
    return _items(_rules(config), begun) if config else []


def source_ids(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem[Any]]:
    """The ids of the sources, each with its name."""
    del parameter
    config = _config(ctx)
    return _items(((source.id, source.name) for source in config.sources), begun) if config else []


def sources_or_files(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem[Any]]:
    """The ids of the sources; where none begins so, the files here."""
    from click.shell_completion import CompletionItem

    return source_ids(ctx, parameter, begun) or [CompletionItem(begun, type="file")]


def destination_ids(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem[Any]]:
    """The ids of the destinations that alerts can go to, each with its kind."""
    del parameter
    config = _config(ctx)
    return _items(((each.id, each.kind) for each in config.alerting), begun) if config else []


def digest_ids(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[CompletionItem[Any]]:
    """The ids of the digests."""
    del parameter
    config = _config(ctx)
    return _items(((digest.id, "") for digest in config.digests), begun) if config else []


def _config(ctx: click.Context) -> Config | None:
    """The configuration in force, with a --config typed before or after the command; None if it has a fault."""
    from bot.errors import PresswatchError

    typed = ctx.find_object(Settings) or Settings()
    settings = Settings(config_path=typed.config_path or ctx.find_root().params.get("config"))
    try:
        return settings.config
    except (PresswatchError, OSError):
        return None


def _rules(config: Config) -> Iterator[tuple[str, str]]:
    import tomllib

    from bot.errors import PresswatchError
    from bot.rules import read_folder

    try:
        files, _ = read_folder(config.rules_dir)
    except (PresswatchError, OSError):
        return
    for text in files.values():
        try:
            tables = tomllib.loads(text).get("rule")
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        for rule in tables if isinstance(tables, list) else ():
            if isinstance(rule, dict) and isinstance(rule.get("id"), str):
                yield rule["id"], str(rule.get("title", ""))


def _items(known: Iterable[tuple[str, str]], begun: str) -> list[CompletionItem[Any]]:
    """Those that begin so, as one line each: that is what shells read."""
    from click.shell_completion import CompletionItem

    from bot.text import clean

    lines = ((clean(id_), " ".join(clean(about).split())) for id_, about in known)
    return [CompletionItem(id_, help=about or None) for id_, about in sorted(lines) if id_.startswith(begun)]
