"""What ``presswatch explain`` says of a rule as it was when it matched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .explain_lines import moment
from .layout import paragraph

if TYPE_CHECKING:
    from bot.explain import PastRule


def print_past(past: PastRule | None) -> None:
    """The version that matched, in words, and what has been changed since; nothing where it is not known."""
    if past is None:
        return
    until = f" to {moment(past.until)}" if past.until else ""
    paragraph(f"As it was then (from {moment(past.since)}{until}): {past.sentence}", 8)
    if past.changes:
        paragraph(f"Changed since: {'; '.join(past.changes)}.", 8)


def past_row(past: PastRule) -> dict[str, object]:
    """The same for scripts."""
    return {name: getattr(past, name) for name in type(past).__slots__}
