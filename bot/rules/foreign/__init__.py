"""Search strings of other services → queries: translated where the meaning is the same, else refused by the operator.

The way: ``signs`` cuts the string as its service does (``dialects`` says how), ``reading`` makes the query's own syntax
tree of it in the service's order of operators, and the writer of ``query`` spells that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Fault
from bot.rules.query import MOST_CHARACTERS, QueryFault, excerpt, is_broken, spell
from bot.tomlfile import place_of

from .dialects import DIALECTS, Dialect
from .reading import Reading
from .remarks import remarks_on

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["DIALECTS", "Dialect", "Translated", "translate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """A string in our words: ``query`` only without faults.

    ``faults`` name the operators that have no like here, each at its place in the string; ``remarks`` say in sentences
    what is nearly, but not wholly, the same.
    """

    query: str | None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()


def translate(text: str, dialect: Dialect, *, file: str) -> Translated:
    """Read a search string of another service; raises nothing. ``file`` is what its mistakes are said to stand in."""
    faults: list[QueryFault] = []
    if len(text) > MOST_CHARACTERS:
        told = f"the string has more than {MOST_CHARACTERS:,} characters"
        faults.append(QueryFault(start=MOST_CHARACTERS, end=len(text), message=told, remedy="split it"))
        return Translated(query=None, faults=_placed(text, faults, file))
    if not text.strip():
        faults.append(QueryFault(start=0, end=len(text), message="there is no search string", remedy="write one"))
        return Translated(query=None, faults=_placed(text, faults, file))
    tree = Reading(text, dialect, faults).read()
    if faults or is_broken(tree):
        return Translated(query=None, faults=_placed(text, faults, file))
    return Translated(query=spell(tree), remarks=tuple(remarks_on(tree, dialect)))


def _placed(text: str, faults: Sequence[QueryFault], file: str) -> tuple[Fault, ...]:
    ordered = sorted(dict.fromkeys(faults), key=lambda fault: (fault.start, fault.end))
    return tuple(_fault(text, fault, file) for fault in ordered)


def _fault(text: str, fault: QueryFault, file: str) -> Fault:
    line, column = place_of(text, fault.start)
    return Fault(
        file=file,
        line=line,
        column=column,
        message=fault.message,
        remedy=fault.remedy,
        subject=file,
        excerpt=excerpt(text, fault) if text.strip() else "",
    )
