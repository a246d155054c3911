"""The ``query`` of a rule → its expression, with every mistake at its place in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Fault
from bot.model import AnyOf, Rule, terms_of
from bot.text import clean
from bot.tomlfile import place_of
from bot.tomlfile.models import Mistake

from .conflicts import Claims, impossible, rare
from .lint import lint_query
from .query import Placed, QueryFault, excerpt, parse
from .references import MOST_TERMS, TOO_MANY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.model import Expr
    from bot.tomlfile.places import Position

    from .conflicts import Note
    from .drafts import Draft
    from .files import RuleTable
    from .references import Use
    from .terms import Reference

ASKED = "query"
"""What a query that no file holds is called, as a rule and in the place of its mistakes."""


def read_query(draft: Draft[RuleTable, Rule], use: Use) -> tuple[Expr | None, Placed]:
    """What the rule's query says, and where; None if it has none, or faults, which are added to the draft's."""
    text = draft.raw.get("query")
    if not isinstance(text, str):
        return None, Placed()
    parsed = parse(text, Names(use))
    if parsed.faults:
        path = (*draft.path, "query")
        places = draft.file.positions_inside(path, [fault.start for fault in parsed.faults])
        draft.faults += _faults(text, parsed.faults, places, file=draft.file.file, subject=draft.subject)
    return parsed.expr, parsed.placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query as a rule of its own, called "query", or the faults for which it is none.

    ``warnings`` look like mistakes but keep nothing back. ``elsewhere`` is what is wrong with the names it may use and
    with files that cannot be read.
    """

    rule: Rule | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    elsewhere: tuple[Fault, ...] = ()


def ask(text: str, names: Use) -> Asked:
    """Read a query that stands in no file."""
    parsed = parse(text, Names(names))
    if parsed.faults or parsed.expr is None:
        places = [place_of(text, fault.start) for fault in parsed.faults]
        return Asked(rule=None, faults=tuple(_faults(text, parsed.faults, places, file=ASKED, subject=ASKED)))
    placed = parsed.placed
    claims = Claims(parts=(((ASKED,), parsed.expr),), placed=placed)
    if never := _notes(text, placed, impossible(claims)):
        return Asked(rule=None, faults=never)
    rule = Rule(id=ASKED, title=ASKED, expr=parsed.expr)
    remarks = _notes(text, placed, rare(claims)), _notes(text, placed, lint_query(parsed.expr, placed), "")
    return Asked(rule=rule, warnings=tuple(fault for each in remarks for fault in each))


def _notes(text: str, placed: Placed, notes: Iterable[Note], who: str = "the query ") -> tuple[Fault, ...]:
    """What is noted of a query that stands in no file, each at its word."""
    told = []
    for (_, *inside), words, remedy in notes:
        start, end = placed.word(int(inside[0])) if inside else (0, len(text))
        told.append(QueryFault(start=start, end=end, message=who + words, remedy=remedy))
    places = [place_of(text, fault.start) for fault in told]
    return tuple(_faults(text, told, places, file=ASKED, subject=ASKED))


def _faults(
    text: str, found: Sequence[QueryFault], places: Iterable[Position], *, file: str, subject: str
) -> Iterator[Fault]:
    for fault, (line, column) in zip(found, places, strict=True):
        yield Fault(
            file=file,
            line=line,
            column=column,
            message=clean(fault.message),
            remedy=clean(fault.remedy),
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
