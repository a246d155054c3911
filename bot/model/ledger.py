"""The ledger: every item that was fetched is in exactly one state, and the books can be checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from .articles import Refusal
    from .words import ArticleState

# The states from the highest to the lowest: an item that could be in several is in the first of them.
STATES: tuple[ArticleState, ...] = ("alerted", "in digest", "muted", "copy", "no rule", "baseline", "error")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What one source (None: all of them) brought in a window, told twice by different witnesses.

    The polls, when they were written: ``listed`` items stood in what was read, of which ``fetched`` came for the first
    time, ``changed`` were known with other words, ``known`` as they were, and ``repeated`` stood there twice.
    ``unsplit`` are listed ones that an older version did not tell apart. The items, as they are now: ``states`` counts
    those that came for the first time by what became of them. ``failed`` of the ``polls`` could not read their source.
    """

    source: str | None
    polls: int = 0
    failed: int = 0
    listed: int = 0
    fetched: int = 0
    changed: int = 0
    known: int = 0
    repeated: int = 0
    unsplit: int = 0
    states: Mapping[ArticleState, int] = field(default_factory=dict)
    errors: tuple[Refusal, ...] = ()
    gaps: tuple[tuple[datetime, datetime], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether ``fetched`` is the sum of the known states, and every listed item is accounted for."""
        return self.missing == 0 and self.untraced == 0

    @property
    def missing(self) -> int:
        """Items that polls brought and no known state holds; negative: states hold more than polls brought."""
        return self.fetched - sum(self.states.get(state, 0) for state in STATES)

    @property
    def untraced(self) -> int:
        """Listed items of which the polls do not say what they were; negative: they tell of more than were listed."""
        return self.listed - self.fetched - self.changed - self.known - self.repeated - self.unsplit


def total(accounts: Iterable[Account]) -> Account:
    """All of them as one, without a source; errors and gaps stay with their sources."""
    rows = list(accounts)
    names = ("polls", "failed", "listed", "fetched", "changed", "known", "repeated", "unsplit")
    found = dict.fromkeys((*STATES, *(state for row in rows for state in row.states)))
    states = {state: sum(row.states.get(state, 0) for row in rows) for state in found}
    return Account(source=None, states=states, **{name: sum(getattr(row, name) for row in rows) for name in names})
