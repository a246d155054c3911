"""What the readers of references give, and the one spelling of dashes that they read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from bot.model import ReferenceKind

# Official texts print their numbers with hyphens, non-breaking hyphens and en dashes alike.
_DASHES = "‐‑‒–"
AND = r"(?:,\s?|,?\s(?:and|or|&|through|to)\s)"
"""What stands between the numbers of a list."""


class Found(NamedTuple):
    """A reference at [start, end) of the text that was read."""

    kind: ReferenceKind
    value: str
    start: int
    end: int


def one_dash(text: str) -> str:
    """The text with a hyphen for every kind of short dash: as long as before, so that places stay."""
    if not text.isascii():
        for dash in _DASHES:
            text = text.replace(dash, "-")  # several times as fast as to translate all characters
    return text


def numbers(listed: re.Match[str], group: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """The single numbers of a list, each with its place in the whole text."""
    return pattern.finditer(listed.string, listed.start(group), listed.end(group))


def is_year(number: str) -> bool:
    """Whether four digits are more likely a year than a number."""
    return len(number) == 4 and number[:2] in {"19", "20"}
