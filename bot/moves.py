"""Feeds that have moved for good: the line of the configuration to change. It is proposed, and never written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .config.kinds import url_fault
from .config.lists import url_line
from .config.secret import secret_parameter
from .tomlfile.strings import toml_string

if TYPE_CHECKING:
    from pathlib import Path

    from .store.records import SourceState

# Good polls in a row that were redirected for good to one and the same address. A single one may be a mistake of the
# site, or a page that asks to sign in and comes and goes.
POLLS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A source's address, the one that its server names instead, and the file with the line that says it."""

    old: str
    new: str
    place: str

    @property
    def change(self) -> str:
        """The line as it is and as it should be."""
        return f"in {self.place} change url = {toml_string(self.old)} → url = {toml_string(self.new)}"

    @property
    def told(self) -> str:
        """The same for where others read along: what looks like a secret stays at home."""
        if secret_parameter(self.old) or secret_parameter(self.new):
            return f"presswatch sources list shows the line to change in {self.place}"
        return self.change


def move(config: Path | None, state: SourceState) -> Move | None:
    """Where a source has moved for good, if :data:`POLLS` polls agreed; None too if the file already says otherwise.

    An address that the configuration would refuse is not proposed, nor http in place of https.
    """
    old, new = state.url, state.moved_to
    if not old or not new or not agreed(state.moved_polls) or url_fault(new):
        return None
    if old.startswith("https:") and not new.startswith("https:"):
        return None
    if config is None:
        return Move(old=old, new=new, place="config.toml (presswatch init writes it)")
    url, line = url_line(config, state.id)
    if url is not None and url != old:
        return None
    return Move(old=old, new=new, place=f"{config}:{line}" if line else str(config))


def agreed(polls: int) -> bool:
    """Whether so many polls in a row are enough to believe it."""
    return polls >= POLLS
