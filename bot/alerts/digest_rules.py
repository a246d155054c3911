"""What an issue says of the rules: those that were edited, and those that bring less or more than expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model.words import joined

from . import wording

if TYPE_CHECKING:
    from bot.model import DigestContent, RuleChange, RuleOff

TITLE = "Rules"
PARTS = 6
CAUSE = 300
_KINDS = {"@": "entity ", "$": "list "}


def lines(content: DigestContent, most: int | None = None) -> list[str]:
    """One line for each rule that was edited or is off its ``expect``; beyond ``most`` they are counted."""
    told = [*map(change, content.rule_changes), *map(off, content.off)]
    rest = len(told) - most if most is not None else 0
    return [*told[:most], f"And {rest:,} more: presswatch rules list, presswatch volume"] if rest > 0 else told


def change(one: RuleChange) -> str:
    """Like "Changed: Tariffs – any, severity and list makers"."""
    parts = joined([_part(name) for name in one.parts], "and", most=PARTS)
    return f"{one.change.capitalize()}: {_title(one)}" + (f" – {parts}" if parts else "")


def off(one: RuleOff) -> str:
    """Like "Too quiet: Tariffs – 2 stories in the last day, expected 5 to 20; the source of its matches is healthy"."""
    how = "Too quiet" if one.verdict == "low" else "Too loud"
    return f"{how}: {_title(one)} – {one.detail}; {wording.line(one.cause, CAUSE)}"


def _title(one: RuleChange | RuleOff) -> str:
    return wording.line(one.title, wording.NAME) or wording.line(one.rule, wording.NAME)


def _part(name: str) -> str:
    kind = _KINDS.get(name[:1], "")
    return wording.line(f"{kind}{name[1:]}" if kind else name, wording.NAME)
