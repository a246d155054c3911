"""Text as wide as the terminal: paragraphs that are wrapped, tables that become paragraphs where they do not fit."""

from __future__ import annotations

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

import click

from .common import style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GAP = "  "
"""Between two columns."""


def paragraph(text: str, indent: int = 4, mark: str = "") -> None:
    """One paragraph on one line; on a terminal it is wrapped under itself."""
    from bot.text import clean

    text, begin = " ".join(clean(text).split()), " " * indent
    if sys.stdout.isatty():
        width = min(shutil.get_terminal_size().columns, 100) - (2 if mark else 0)
        later = begin + ("  " if indent else "")
        text = textwrap.fill(
            text, max(40, width), initial_indent=begin, subsequent_indent=later, break_on_hyphens=False
        )
        text = text[indent:]
    click.echo(begin + (f"{mark} " if mark else "") + text)


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their content; East Asian characters take two cells.

    On a terminal that is too narrow for them each row is a paragraph under its first cell: a table whose lines are
    broken anywhere cannot be read.
    """
    from rich.cells import cell_len

    table = [list(head), *[list(row) for row in rows]]
    widths = [max(cell_len(row[i]) for row in table) for i in range(len(head))]
    if sys.stdout.isatty() and sum(widths) + len(GAP) * (len(head) - 1) > shutil.get_terminal_size().columns:
        for first, *others in table[1:]:
            click.echo(style(first, bold=True))
            paragraph(" · ".join(f"{name} {cell}" for name, cell in zip(head[1:], others, strict=True) if cell))
        return
    for number, row in enumerate(table):
        cells = [cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
        click.echo(style(GAP.join(cells).rstrip(), bold=number == 0))
