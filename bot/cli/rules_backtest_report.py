"""What is said of a backtest, on a terminal and in a comment on a pull request alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.backtest import Backtest, RuleEffect

WORDS = {"new": "new", "changed": "changed", "removed": "removed", "same": "unchanged"}
"""What became of a rule, in words."""
NOT_SIMULATED = "Replies, mutes and what first polls brought are not counted."


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A backtest and what people are shown of it.

    ``against`` names what the rules were compared with, ``asked`` is of how many days. ``headlines`` are those of
    articles by their ids; of each rule ``last`` gained and lost stories are named. ``mistakes`` is how many the rule
    files have.
    """

    against: str
    asked: int
    found: Backtest
    headlines: Mapping[int, str]
    last: int
    mistakes: int

    def named(self, articles: Sequence[int]) -> Sequence[int]:
        """Those of the articles whose headlines are shown."""
        return articles[: self.last]


def archive_words(report: Report) -> str:
    """How much was read, and what could not be."""
    found = report.found
    words = f"{plural(found.articles, 'archived article')} of the last {plural(report.asked, 'day')}"
    if found.removed:
        words += f"; {found.removed:,} more are left out, their texts are no longer kept"
    return words


def effect_words(each: RuleEffect, articles: int) -> str:
    """What became of a rule, in a line."""
    share = f" ({100 * each.articles / articles:.1f} %)" if articles else ""
    return (
        f"+{len(each.gained):,} / −{len(each.lost):,} stories, {each.stories_before:,} → {each.stories:,}; "
        f"matches {plural(each.articles, 'article')}{share}"
    )


def flow_rows(found: Backtest) -> list[tuple[str, str, str, str]]:
    """Destination, stories a day before and after, and the difference."""
    return [
        (
            flow.destination,
            f"{flow.before:.1f}",
            f"{flow.after:.1f}",
            f"{flow.after - flow.before:+.1f}".replace("-", "−"),
        )
        for flow in found.flows
    ]


def flow_words(report: Report) -> str:
    """What the figures of a day are, and what they are not."""
    return f"Stories told a day, the average of {plural(round(report.found.days), 'day')}. {NOT_SIMULATED}"
