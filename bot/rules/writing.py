"""Rules and tests as they are written into files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.tomlfile.strings import toml_string

if TYPE_CHECKING:
    from bot.model import RuleTest


def table_of(test: RuleTest) -> str:
    """The test as a ``[[rule.test]]`` table, its keys in the order in which people read them."""
    rows = {
        "title": toml_string(test.title) if test.title else "",
        "text": _text(test.text) if test.text else "",
        "date": test.date.isoformat() if test.date else "",
        "lang": toml_string(test.lang) if test.lang else "",
        "source": toml_string(test.source) if test.source else "",
        "author": toml_string(test.author) if test.author else "",
        "url": toml_string(test.url) if test.url else "",
        "expect": toml_string(test.expect),
    }
    return "\n".join(["[[rule.test]]", *(f"{key} = {value}" for key, value in rows.items() if value), ""])


def _text(text: str) -> str:
    """Text on one line as it is, on several between three quotes, so that paragraphs stay such."""
    if "\n" not in text:
        return toml_string(text)
    lines = (toml_string(line)[1:-1] for line in text.split("\n"))
    return '"""\n' + "\n".join(lines) + '"""'
