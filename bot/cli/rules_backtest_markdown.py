"""A backtest as a comment on a pull request: a table of rules, headlines to unfold, a table of destinations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.model.words import plural

from .rules_backtest_report import WORDS, archive_words, flow_rows, flow_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.backtest import RuleEffect

    from .rules_backtest_report import Report

TITLE = "### Backtest of the rules"
NO_ARCHIVE = f"{TITLE}\n\nThere is no archive to hold the rules against."
MOST = 60_000
"""Characters of a comment, but for what it says of itself: GitHub refuses more than 65,536."""


def comment(report: Report) -> str:
    """The whole comment. What would make it too long is left out, and that is said."""
    found = report.found
    if not found.rules:
        return f"{TITLE}\n\nNothing differs from {code(report.against)}.{_mistakes(report)}"
    head = [f"{TITLE}\n", f"Against {code(report.against)}: {archive_words(report)}.{_mistakes(report)}\n"]
    flows = list(_flows(report))
    room = MOST - _size((*head, *flows))
    table, left = _within(room // 2, _rows(report))
    if left:
        table.append(f"\n{plural(left, 'more rule')}: `presswatch rules backtest` shows them.")
    parts, hidden = _within(room - _size(table), _headlines(report))
    if hidden:
        parts.append(f"\nThe headlines of {plural(hidden, 'more rule')} would not fit here.")
    return "\n".join((*head, *table, "", *parts, *flows)).rstrip()


def code(text: str) -> str:
    """Words of others as a code span, in which nobody is mentioned and nothing is a link or a mark."""
    ticks = max(map(len, re.findall("`+", text)), default=0)
    fence, pad = "`" * (ticks + 1), " " if ticks else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _size(parts: Iterable[str]) -> int:
    return sum(len(part) + 1 for part in parts)


def _within(room: int, parts: Iterable[str]) -> tuple[list[str], int]:
    """The first parts that have room, and how many have none."""
    listed, kept = list(parts), 0
    for part in listed:
        room -= len(part) + 1
        if room < 0:
            break
        kept += 1
    return listed[:kept], len(listed) - kept


def _mistakes(report: Report) -> str:
    if not report.mistakes:
        return ""
    return f" **{plural(report.mistakes, 'mistake')}** in the rule files: `presswatch rules check` names them."


def _rows(report: Report) -> Iterator[str]:
    yield "| rule | | stories gained | lost | before → after | of the archive |\n|---|---|--:|--:|--:|--:|"
    for each in report.found.rules:
        share = f"{100 * each.articles / report.found.articles:.1f} %" if report.found.articles else "–"
        kind, stories = WORDS[each.kind], f"{each.stories_before:,} → {each.stories:,}"
        yield f"| {code(each.rule)} | {kind} | +{len(each.gained):,} | −{len(each.lost):,} | {stories} | {share} |"


def _headlines(report: Report) -> Iterator[str]:
    for each in report.found.rules:
        lines = [*_listed(report, "+", each.gained), *_listed(report, "−", each.lost)]
        if lines:
            yield f"<details><summary>{_summary(each)}</summary>\n\n" + "\n".join(lines) + "\n\n</details>\n"


def _summary(each: RuleEffect) -> str:
    """An id has no character that HTML would take for its own."""
    return f"{each.rule}: +{len(each.gained):,} / −{len(each.lost):,} stories"


def _listed(report: Report, mark: str, ids: Sequence[int]) -> Iterator[str]:
    named = report.named(ids)
    yield from (f"- {mark} {code(report.headlines[id_])}" for id_ in named)
    if named and len(ids) > len(named):
        yield f"- {mark} and {len(ids) - len(named):,} more"


def _flows(report: Report) -> Iterator[str]:
    if report.found.flows:
        yield "| destination | a day before | after | |\n|---|--:|--:|--:|"
        for destination, before, after, difference in flow_rows(report.found):
            yield f"| {code(destination)} | {before} | {after} | {difference} |"
        yield f"\n{flow_words(report)}"
