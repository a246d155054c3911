"""Files that people name: what they hold as articles, and a sentence where they cannot be read."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bot.model import Article


def paths(given: Iterable[Path]) -> list[Path]:
    """The files; a folder stands for those in it that are not hidden."""
    return [inner for path in given for inner in (sorted(_files_in(path)) if path.is_dir() else [path])]


def _files_in(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")]


def read(path: Path) -> Sequence[Article] | None:
    """The articles in a file, in standard input for ``-``; None, with a sentence, if it cannot be read."""
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
