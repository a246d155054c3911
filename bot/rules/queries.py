"""The ``query`` of a rule → its expression, with every mistake at its place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Fault
from bot.model import AnyOf, Rule, terms_of
from bot.tomlfile import place_of
from bot.tomlfile.models import Mistake

from .conflicts import Claims, impossible
from .query import excerpt, parse
from .references import MOST_TERMS, TOO_MANY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.model import Expr
    from bot.tomlfile.places import Position

    from .drafts import Draft
    from .files import RuleTable
    from .query import QueryFault
    from .references import Use
    from .terms import Reference

ASKED = "query"
"""What a query that no file holds is called, as a rule and in the place of its mistakes."""


def read_query(draft: Draft[RuleTable, Rule], use: Use) -> Expr | None:
    """What the rule's query says; None if it has none, or faults, which are added to the draft's."""
    text = draft.raw.get("query")
    if not isinstance(text, str):
        return None
    parsed = parse(text, Names(use))
    if parsed.faults:
        path = (*draft.path, "query")
        places = draft.file.positions_inside(path, [fault.start for fault in parsed.faults])
        draft.faults += _faults(text, parsed.faults, places, file=draft.file.file, subject=draft.subject)
        return None
    return parsed.expr


def ask(text: str, names: Use) -> Rule | tuple[Fault, ...]:
    """A rule that is this query and nothing else, called "query"; or all that is wrong with it."""
    parsed = parse(text, Names(names))
    if parsed.faults or parsed.expr is None:
        places = [place_of(text, fault.start) for fault in parsed.faults]
        return tuple(_faults(text, parsed.faults, places, file=ASKED, subject=ASKED))
    notes = impossible(Claims(parts=(((), parsed.expr),)))
    never = [
        Fault(file=ASKED, message=f"the query {words}", remedy=remedy, subject=ASKED) for _, words, remedy in notes
    ]
    return tuple(never) or Rule(id=ASKED, title=ASKED, expr=parsed.expr)


def _faults(
    text: str, found: Sequence[QueryFault], places: Iterable[Position], *, file: str, subject: str
) -> Iterator[Fault]:
    for fault, (line, column) in zip(found, places, strict=True):
        yield Fault(
            file=file,
            line=line,
            column=column,
            message=fault.message,
            remedy=fault.remedy,
            subject=subject,
            excerpt=excerpt(text, fault) if text.strip() else "",
        )


@dataclass
class Names:
    """The entities and lists that a query names, no more of them than a rule may stand for."""

    use: Use
    terms: int = 0

    def expand(self, reference: Reference) -> Expr:
        """What a reference stands for. Raises :class:`Mistake` if that is nothing usable, or too much in all."""
        expr = self.use.expand(reference, as_text='"{}"')
        if self.terms > MOST_TERMS:
            # Told already; one term in place of all keeps the rest of the query cheap to read.
            return AnyOf((next(terms_of(expr)),), expr.name if isinstance(expr, AnyOf) else "")
        self.terms += sum(1 for _ in terms_of(expr))
        if self.terms > MOST_TERMS:
            raise Mistake(f"the query {TOO_MANY} with this", "use wildcards, or split the rule")
        return expr
