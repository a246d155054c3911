"""What happens on a day that counts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import Deadline, DeadlineKind

DATED = "%a %Y-%m-%d"
"""How such a day is written on a terminal: "Mon 2023-12-18"."""
WHAT: dict[DeadlineKind, str] = {
    "effective": "takes effect",
    "comments": "comments due",
    "compliance": "compliance required",
    "hearing": "hearing",
    "expiry": "expires",
}


def what(deadline: Deadline) -> str:
    """What happens, as it stands in a line: "comments due"."""
    return WHAT[deadline.kind]
