"""Tokens → syntax tree, by binding powers (Pratt, *Top Down Operator Precedence*, POPL 1973).

Whatever is told leaves a :class:`~.nodes.Broken` node, about which nothing more is said; reading goes on behind it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.text import cut

from . import repairs
from .brackets import balanced
from .chains import FORMS, Chains, Gap
from .nodes import And, Broken, Count, Field, Leaf, Least, No, Or, Pair, QueryFault
from .spelling import as_phrase
from .writer import joint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lexer import Token
    from .nodes import How, Node

DEEPEST = 50
"""Brackets, NOTs and fields inside each other."""

LOOSE, TIGHT = range(2)
"""Binding powers: of AND and OR; of NEAR and its kin. NOT, fields and counts take the one operand behind them."""

JOINS = {"and", "or", "near", "with", ","}
PAIRS = {"near", "with"}
CLOSERS = {")", "end"}


class TooLargeError(Exception):
    """The query is larger or deeper than one that is read at all; ``start``: from where on."""

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.start = start


class Parser:
    """Reads one query. ``tidy``: every quotation mark and bracket has its other half."""

    def __init__(self, text: str, tokens: Sequence[Token], faults: list[QueryFault], *, tidy: bool) -> None:
        self._text = text
        self._faults = faults
        told = len(faults)
        self._told = {fault.start for fault in faults}
        self._tokens = balanced(tokens, faults)
        self._chains = Chains(text, self._tokens, faults)
        self._tidy = tidy and len(faults) == told
        if not tidy:  # the other half may stand in a phrase that is never closed
            del faults[told:]
        self._at = 0
        self._depth = 0
        self._in_list = False

    def read(self) -> Node:
        """The whole query as a tree; raises :class:`TooLargeError`."""
        return self._expression(LOOSE)

    # ── the stream ───────────────────────────────────────────────────────────────────────────────

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    @property
    def _before(self) -> Token | None:
        return self._tokens[self._at - 1] if self._at else None

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _fault(self, start: int, end: int, message: str, remedy: str = "") -> None:
        self._faults.append(QueryFault(start=start, end=end, message=message, remedy=remedy))

    def _shown(self, *tokens: Token) -> str:
        return cut(" ".join(self._text[tokens[0].start : tokens[-1].end].split()), 40)

    def _deeper(self, by: int) -> None:
        self._depth += by
        if self._depth > DEEPEST:
            message = f"brackets, NOTs and fields stand more than {DEEPEST} deep"
            raise TooLargeError(message, self._tokens[self._at - 1].start)

    # ── expressions ──────────────────────────────────────────────────────────────────────────────

    def _expression(self, power: int) -> Node:
        """What stands here as far as operators bind more tightly than ``power``."""
        left = self._operand()
        while True:
            if self._at_pair():
                left = self._pair(left)
            elif power == TIGHT or self._at_end():
                return left
            else:
                left = self._chain(left)

    def _at_end(self) -> bool:
        return self._token.kind in CLOSERS or (self._in_list and self._token.kind == ",")

    def _at_pair(self) -> bool:
        """Whether NEAR or its kin follows; what other languages write for it is told and counts as it."""
        token = self._token
        if token.kind == "word" and self._tokens[self._at + 1].kind not in CLOSERS | JOINS:
            meant = repairs.foreign_near(token.text)
            if meant:
                how, within = meant
                self._fault(
                    token.start,
                    token.end,
                    f'"{token.text}" is no operator here',
                    f"write {how}/{within}, or {as_phrase(token.text)} to look for the word",
                )
                self._tokens[self._at] = token._replace(kind="near", text=how, number=within)
        return self._token.kind in PAIRS

    def _pair(self, left: Node) -> Node:
        parts, joins = [left], []
        while self._at_pair():
            joins.append(self._take())
            parts.append(self._operand())
        if len(joins) > 1:
            words = [joint(join.text, join.number) for join in joins]
            remedy = repairs.chain([self._chains.written(part) for part in parts], words)
            self._fault(
                joins[1].start, joins[1].end, f'"{self._shown(joins[1])}" follows another such operator', remedy
            )
            return Broken(tuple(parts), start=left.start, end=parts[-1].end)
        how: How = joins[0].text  # type: ignore[assignment]
        return Pair(left, parts[1], how, joins[0].number, start=left.start, end=parts[1].end)

    def _chain(self, left: Node) -> Node:
        """AND, OR, and what stands side by side without either."""
        parts = [left]
        joins: list[Token] = []
        commas: list[Token] = []
        gaps: list[Gap] = []
        while not self._at_end():
            if self._token.kind in ("and", "or"):
                joins.append(self._take())
            elif self._token.kind == ",":
                commas.append(self._take())
                if self._at_end():
                    break
            else:
                gaps.append(Gap(self._at, len(parts)))
            parts.append(self._expression(TIGHT))
        place = {"start": left.start, "end": max(parts[-1].end, left.end)}
        mixed = len({join.kind for join in joins}) > 1
        self._chains.tell_gaps(gaps, parts, alone=len(gaps) == len(parts) - 1)
        if commas:
            self._chains.tell_commas(commas, parts, alone=not (joins or gaps))
        elif mixed and not gaps and self._tidy:
            self._chains.tell_mixed(joins, parts)
        if mixed or gaps or commas:
            return Broken(tuple(parts), **place)
        return (And if joins[0].kind == "and" else Or)(tuple(parts), **place)

    # ── operands ─────────────────────────────────────────────────────────────────────────────────

    def _operand(self) -> Node:
        token = self._token
        if token.kind in FORMS:
            self._take()
            return Leaf(FORMS[token.kind], token.text, start=token.start, end=token.end)
        if token.kind in CLOSERS | JOINS:
            return self._absent()
        self._take()
        depth = self._depth
        self._deeper(token.kind != "bad")
        node = self._prefixed(token)
        self._depth = depth
        return node

    def _prefixed(self, token: Token) -> Node:
        match token.kind:
            case "(":
                return self._bracket(token)
            case "not":
                return self._no(token)
            case "field":
                return self._field(token)
            case "of":
                return self._count(token)
            case "atleast":
                if self._lacks(token):
                    return Broken(start=token.start, end=token.end)
                part = self._operand()
                return Least(token.number, part, start=token.start, end=part.end)
        return Broken(start=token.start, end=token.end)

    def _absent(self) -> Node:
        """An operator where an operand should be, or the end; tells it and goes on."""
        before, first = self._before, self._token
        here = Broken(start=first.start, end=first.start)
        if self._at_end():
            if before and self._tidy and before.kind not in ("(", ","):
                self._tell_lonely(before)
            return here
        last = first
        while self._token.kind in JOINS and not self._at_end():
            last = self._take()
        alone = self._at_end()
        side_by_side = before is not None and (before.kind in JOINS or before.kind in ("not", "atleast", "field", "of"))
        if first.start in self._told or (before and before.kind == ","):
            pass  # an operator of another language, or a comma where there should be none: mended, it may well fit
        elif side_by_side and before:
            self._fault(
                before.start,
                last.end,
                f'"{self._shown(before)}" and "{self._shown(first)}" stand side by side',
                "remove one of them, or write what belongs between them",
            )
        else:
            self._tell_lonely(first, last, alone=alone)
        return here if alone else self._operand()

    def _tell_lonely(self, first: Token, last: Token | None = None, *, alone: bool = False) -> None:
        """An operator with nothing to work on, on one side or both."""
        word = self._shown(first)
        side = "right" if last is None else "left"
        message = f'"{word}" stands alone' if alone else f'"{word}" has nothing on its {side}'
        text = f", or write {as_phrase(word)} to look for the word" if word.isalpha() else ""
        verb = "write what belongs there" if not alone else "write what it joins"
        self._fault(first.start, (last or first).end, message, f"{verb}, or remove it{text}")

    def _lacks(self, token: Token) -> bool:
        """Whether a prefix has no operand; told by what follows if that is an operator."""
        if self._at_end():
            self._tell_lonely(token)
            return True
        return False

    def _bracket(self, opening: Token) -> Node:
        if self._token.kind == ")":
            closing = self._take()
            if closing.end > closing.start:  # else it is the missing half, which has been told
                remedy = "write what belongs there, or remove them"
                self._fault(opening.start, closing.end, "the brackets are empty", remedy)
            return Broken(start=opening.start, end=closing.end)
        outer, self._in_list = self._in_list, False
        part = self._expression(LOOSE)
        self._in_list = outer
        closing = self._take()
        return replace(part, start=opening.start, end=closing.end)

    def _no(self, first: Token) -> Node:
        count, last = 1, first
        while self._token.kind == "not":
            last, count = self._take(), count + 1
            self._deeper(1)
        if self._lacks(last):
            return Broken(start=first.start, end=last.end)
        part = self._operand()
        node: Node = No(part, start=first.start, end=part.end)
        if count > 1:
            right = self._chains.written(part)
            remedy = repairs.short(f"write {right if count % 2 == 0 else f'NOT {right}'}", "write one NOT, or none")
            self._fault(first.start, last.end, "NOT is said more than once", remedy)
            node = Broken((part,), start=first.start, end=part.end)
        if self._at_pair():
            join = self._token
            pair = self._pair(part)
            if isinstance(pair, Pair) and count == 1:
                self._fault(
                    first.start,
                    join.end,
                    f'NOT before "{self._shown(join)}" can be read in two ways',
                    repairs.short(f"write NOT {self._chains.written(pair)}", "put brackets around what it denies"),
                )
            node = Broken((pair,), start=first.start, end=pair.end)
        return node

    def _field(self, token: Token) -> Node:
        if self._lacks(token):
            return Broken(start=token.start, end=token.end)
        denied = self._token
        part = self._operand()
        node = Field(token.text, part, start=token.start, end=part.end)
        if denied.kind != "not":
            return node
        if isinstance(part, No):
            right = self._chains.written(part)
            self._fault(
                denied.start,
                denied.end,
                f'NOT needs brackets after "{token.text}:"',
                repairs.short(f"write {token.text}:({right})", "put brackets around NOT and its operand"),
            )
        return Broken((part,), start=token.start, end=part.end)

    def _count(self, token: Token) -> Node:
        if self._token.kind != "(":
            self._fault(
                token.start,
                token.end,
                f'"{self._shown(token)}" needs a list in brackets',
                f"write {token.number} OF (a, b, c)",
            )
            parts = [] if self._at_end() else [self._operand()]
            return Broken(tuple(parts), start=token.start, end=parts[-1].end if parts else token.end)
        opening = self._take()
        outer, self._in_list = self._in_list, True
        parts = self._items()
        self._in_list = outer
        closing = self._take()
        if not parts:
            if closing.end > closing.start:
                remedy = "write its items, with commas between them"
                self._fault(opening.start, closing.end, "the list is empty", remedy)
            return Broken(start=token.start, end=closing.end)
        return Count(token.number, tuple(parts), start=token.start, end=closing.end)

    def _items(self) -> list[Node]:
        parts: list[Node] = []
        while self._token.kind not in CLOSERS:
            if self._token.kind == ",":
                self._fault(self._token.start, self._token.end, "nothing stands before this comma", "remove it")
                parts.append(Broken(start=self._token.start, end=self._token.start))
            else:
                parts.append(self._expression(LOOSE))
            if self._token.kind == ",":
                comma = self._take()
                if self._token.kind in CLOSERS:
                    self._fault(comma.start, comma.end, "nothing stands after this comma", "remove it")
        return parts
