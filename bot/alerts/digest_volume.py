"""How many new stories each theme has, as bars, beside what is usual for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.text import columns, cut

from . import wording

if TYPE_CHECKING:
    from bot.model import DigestContent, ThemeVolume

TITLE = "Volume by theme"
# Columns of a bar and of a theme's name where letters have one width.
BLOCKS, NAME = 20, 28
FULL, USUAL = "█", "░"


@dataclass(frozen=True, slots=True)
class Bar:
    """A theme's row.

    ``label`` says in words what the bar shows; ``fill``, ``low`` and ``high`` are percents of the widest row, the last
    two None where nobody knows what is usual. ``above``: there are more than usual.
    """

    title: str
    label: str
    fill: int
    low: int | None = None
    high: int | None = None
    above: bool = False


def bars(content: DigestContent, most: int | None = None) -> list[Bar]:
    """A row for each theme, the fullest first, at most ``most``."""
    widest = max((max(row.stories, *(row.normal or (0, 0))) for row in content.volume), default=0) or 1
    return [_bar(row, widest) for row in content.volume[:most]]


def more(content: DigestContent, most: int) -> str:
    """How many themes there are besides; empty if there are none."""
    rest = len(content.volume) - most
    return f"and {rest:,} more: presswatch volume" if rest > 0 else ""


def caption(content: DigestContent) -> str:
    """What the rows count, and where it is known what they are compared with."""
    compared = any(row.normal for row in content.volume)
    return "New stories of each theme" + (", beside what is usual for such a span of time." if compared else ".")


def lines(content: DigestContent) -> list[str]:
    """The rows with bars of block characters, for text of one width; light blocks go on to the usual maximum."""
    found = []
    for bar in bars(content):
        full = max(round(bar.fill * BLOCKS / 100), 1 if bar.fill else 0)
        usual = max(0, round((bar.high or 0) * BLOCKS / 100) - full)
        name = cut(bar.title, NAME)
        drawn = f"{FULL * full}{USUAL * usual}"
        found.append(f"{name}{' ' * (NAME - columns(name))} {drawn}{' ' * (BLOCKS - len(drawn))} {bar.label}")
    return found


def _bar(row: ThemeVolume, widest: int) -> Bar:
    low, high = row.normal or (None, None)
    return Bar(
        title=wording.line(row.title, wording.NAME),
        label=f"{row.stories:,}" + (f" (usually {_span(*row.normal)})" if row.normal else ""),
        fill=_percent(row.stories, widest),
        low=None if low is None else _percent(low, widest),
        high=None if high is None else _percent(high, widest),
        above=row.normal is not None and row.stories > row.normal[1],
    )


def _span(low: int, high: int) -> str:
    return f"{low:,} to {high:,}" if low != high else f"{low:,}"


def _percent(number: int, widest: int) -> int:
    """Nothing is 0, and what is not nothing is seen."""
    return max(1, round(100 * number / widest)) if number else 0
