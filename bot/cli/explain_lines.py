"""The lines that ``presswatch explain`` prints: headings, quotes, times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.text import clean, cut

from .common import style
from .layout import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.model import Sentence

TITLE = 200
QUOTE = 300


def section(title: str) -> None:
    """A heading after an empty line."""
    click.echo("")
    click.echo(style(title, bold=True))


def quotes(sentences: Iterable[Sentence], indent: int = 8) -> None:
    """Sentences of an article with what was found in them."""
    for sentence in sentences:
        paragraph(f"“{_starred(sentence)}”", indent)


def _starred(sentence: Sentence) -> str:
    """The sentence with its hits *starred*; a long one is cut around the first."""
    out, done = "", 0
    for begin, end in sentence.spans:
        out += f"{sentence.text[done:begin]}*{sentence.text[begin:end]}*"
        done = end
    text = " ".join(clean(out + sentence.text[done:]).split())
    start = max(0, text.find("*") - QUOTE // 2)
    return cut(("…" if start else "") + text[start:], QUOTE)


def headline(title: str) -> str:
    """A title made fit to be shown."""
    return cut(" ".join(clean(title).split()), TITLE) or "(no title)"


def moment(at: datetime) -> str:
    """A time as it stands in a sentence."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
