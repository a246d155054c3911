"""What can be wrong with operands that are joined on one level: no operator, two kinds of them, commas."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from . import repairs
from .nodes import Broken, Leaf, QueryFault
from .spelling import as_phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lexer import Token
    from .nodes import Form, Node

FORMS: dict[str, Form] = {kind: kind for kind in ("word", "phrase", "exact", "regex", "entity", "list")}
"""The tokens that are operands by themselves."""


class Gap(NamedTuple):
    """Where an operator is missing: the index of the token behind it, and that of the part."""

    at: int
    number: int


class Chains:
    """Tells the mistakes of chains, with what to write in their place."""

    def __init__(self, text: str, tokens: Sequence[Token], faults: list[QueryFault]) -> None:
        self._text = text
        self._tokens = tokens
        self._faults = faults

    def written(self, node: Node) -> str:
        """The node on one line."""
        return repairs.written(self._text, node)

    def _fault(self, start: int, end: int, message: str, remedy: str) -> None:
        self._faults.append(QueryFault(start=start, end=end, message=message, remedy=remedy))

    def tell_mixed(self, joins: Sequence[Token], parts: Sequence[Node]) -> None:
        """AND and OR without brackets."""
        odd = next(join for join in joins if join.kind != joins[0].kind)
        words = [join.kind.upper() for join in joins]
        self._fault(
            odd.start,
            odd.end,
            "AND and OR stand side by side without brackets",
            repairs.readings([self.written(part) for part in parts], words),
        )

    def tell_commas(self, commas: Sequence[Token], parts: Sequence[Node], *, alone: bool) -> None:
        """Commas outside a list; ``alone``: nothing else joins the parts."""
        remedy = "write OR or AND"
        if alone and len(parts) > 1:
            words = [self.written(part) for part in parts]
            remedy = repairs.short(f"write {' OR '.join(words)}, or 2 OF ({', '.join(words)})", remedy)
        self._fault(commas[0].start, commas[0].end, 'a comma stands only between the items of "2 OF (…)"', remedy)

    def tell_gaps(self, gaps: Sequence[Gap], parts: Sequence[Node], *, alone: bool) -> None:
        """Operands without an operator between them; those in a row are told together."""
        row: list[Gap] = []
        for gap in gaps:
            first, second = self._tokens[gap.at - 1], self._tokens[gap.at]
            if row and (row[-1].number + 1 != gap.number or second.kind in ("not", "bad")):
                self._tell_row(row, parts, alone=alone)
                row = []
            if second.kind == "not":
                self._tell_inner_not(gap, parts)
            elif "bad" not in (first.kind, second.kind):
                row.append(gap)
        if row:
            self._tell_row(row, parts, alone=alone)

    def _tell_inner_not(self, gap: Gap, parts: Sequence[Node]) -> None:
        left, right, token = parts[gap.number - 1], parts[gap.number], self._tokens[gap.at]
        if not isinstance(right, Broken) or right.parts:
            remedy = repairs.short(f"write {self.written(left)} AND {self.written(right)}", "write AND NOT")
            self._fault(token.start, token.end, "NOT stands between two operands", remedy)

    def _tell_row(self, row: Sequence[Gap], parts: Sequence[Node], *, alone: bool) -> None:
        tokens = self._tokens
        if all(tokens[gap.at - 1].kind == tokens[gap.at].kind == "word" for gap in row):
            self._tell_words(row, parts, alone=alone)
            return
        first, second, last = tokens[row[0].at - 1], tokens[row[0].at], tokens[row[-1].at]
        leaf = first.kind in FORMS
        pieces: list[str] = []
        words: list[str] = []
        for part in (*parts[row[0].number - 1 : row[-1].number + 1], None):
            if isinstance(part, Leaf) and part.form == "word" and self._text[part.start] != "(":
                words.append(part.text)
                continue
            if words:
                pieces.append(words[0] if len(words) == 1 else as_phrase(" ".join(words)))
                words = []
            if part is not None:
                pieces.append(self.written(part))
        self._fault(
            first.start if leaf else second.start,
            last.end,
            f"there is no operator {'between these' if leaf else 'before this'}",
            repairs.short(f"write {' AND '.join(pieces)}", "write AND or OR between them"),
        )

    def _tell_words(self, row: Sequence[Gap], parts: Sequence[Node], *, alone: bool) -> None:
        """Bare words in a row, which may reach into what stands on both sides."""
        first, last = row[0].at - 1, row[-1].at
        while first > 0 and self._tokens[first - 1].kind == "word":
            first -= 1
        while self._tokens[last + 1].kind == "word":
            last += 1
        words = [token.text for token in self._tokens[first : last + 1]]
        both = " AND ".join(words)
        remedy = f"write {as_phrase(' '.join(words))} for the phrase"
        if self._tokens[first - 1][3:] == ("lead", 0) and words[0].isdecimal():
            remedy = f"write lead:{words[0]}:{words[1] if len(words) == 2 else as_phrase(' '.join(words[1:]))}"
        elif all(isinstance(part, Leaf) for part in parts[row[0].number - 1 : row[-1].number + 1]):
            remedy += f", or {both if alone else f'({both})'}"
        self._fault(
            self._tokens[first].start,
            self._tokens[last].end,
            "there is no operator between these words",
            repairs.short(remedy, "put a phrase into quotation marks, or write AND between the words"),
        )
