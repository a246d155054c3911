"""Signs of another service's string → the query's own syntax tree, in that service's order of operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.query import And, Broken, Field, Leaf, Least, No, Or, Pair, QueryFault

from .signs import Sign, Signs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.rules.query import How, Node

    from .dialects import Dialect, Join, Kind

DEEPEST = 50
"""Brackets and fields inside each other."""

UNSAID: tuple[frozenset[Kind], ...] = (frozenset({"near", "sentence", "paragraph"}), frozenset({"and", "or", "not"}))
"""The order that is read where a service's pages say none, and mixed levels are refused: ours."""


class _TooDeepError(Exception):
    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.start = start


class Reading:
    """Reads one string."""

    def __init__(self, text: str, dialect: Dialect, faults: list[QueryFault]) -> None:
        self._text = text
        self._dialect = dialect
        self._faults = faults
        self._signs = Signs(text, dialect, faults).read()
        self._order = dialect.order or UNSAID
        self._at = 0
        self._depth = 0

    def read(self) -> Node:
        """The whole string as a tree; broken if something was told."""
        try:
            node = self._level(len(self._order) - 1)
        except _TooDeepError as error:
            self._faults.clear()  # brackets that were not read to their end would be told as mistakes
            self._fault(error.start, error.start + 1, f"brackets stand more than {DEEPEST} deep", "split the string")
            return Broken()
        while self._sign.kind != "end":
            sign = self._take()
            if sign.kind == ")":
                self._fault(sign.start, sign.end, "this bracket closes nothing", "remove it, or open it before")
            node = Broken((node,))
        return node

    @property
    def _sign(self) -> Sign:
        return self._signs[self._at]

    def _take(self) -> Sign:
        sign = self._signs[self._at]
        self._at += sign.kind != "end"
        return sign

    def _fault(self, start: int, end: int, message: str, remedy: str = "") -> None:
        self._faults.append(QueryFault(start=start, end=end, message=message, remedy=remedy))

    # ── levels of operators ──────────────────────────────────────────────────────────────────────

    def _level(self, level: int) -> Node:
        """What operators of this level and the tighter ones join."""
        if level < 0:
            return self._operand()
        parts = [self._level(level - 1)]
        joins: list[Join] = []
        signs: list[Sign] = []
        while (join := self._sign.join) is not None and join.kind in self._order[level]:
            joins.append(join)
            signs.append(self._take())
            parts.append(self._denied(level - 1) if join.kind == "and" else self._level(level - 1))
        if not joins:
            return parts[0]
        if joins[0].how is not None:
            return self._pair(joins[0].how, signs, parts)
        return self._group(joins, signs, parts)

    def _denied(self, level: int) -> Node:
        """What follows AND, before which NOT may stand."""
        if self._denies(self._sign):
            self._take()
            return No(self._level(level))
        return self._level(level)

    @staticmethod
    def _denies(sign: Sign) -> bool:
        return sign.kind == "not" or (sign.join is not None and sign.join.kind == "not")

    def _group(self, joins: Sequence[Join], signs: Sequence[Sign], parts: list[Node]) -> Node:
        kinds = {join.kind for join in joins}
        parts = [
            parts[0],
            *(No(part) if join.kind == "not" else part for join, part in zip(joins, parts[1:], strict=True)),
        ]
        if "or" in kinds and len(kinds) > 1:
            other = next(sign for sign, join in zip(signs, joins, strict=True) if join.kind != joins[0].kind)
            told = f"{self._dialect.title} does not say whether OR or what stands beside it binds first"
            self._fault(other.start, other.end, told, "put brackets around what belongs together")
            return Broken(tuple(parts))
        return (Or if "or" in kinds else And)(tuple(parts))

    def _pair(self, how: How, signs: Sequence[Sign], parts: Sequence[Node]) -> Node:
        first = signs[0]
        if len(signs) > 1:
            told = f'"{signs[1].text}" follows another operator of nearness, and there is none inside another here'
            self._fault(signs[1].start, signs[1].end, told, "write pairs, with AND between them")
            return Broken(tuple(parts))
        if first.number < 0:
            self._fault(first.start, first.end, f'"{first.text}" asks for fewer than no words', "write a larger number")
            return Broken(tuple(parts))
        if how == "ONEAR" and first.number == 0 and self._plain(parts):
            return Leaf("phrase", " ".join(part.text for part in parts if isinstance(part, Leaf)))
        return Pair(parts[0], parts[1], how, first.number)

    @staticmethod
    def _plain(parts: Sequence[Node]) -> bool:
        """Whether all are words or phrases, which side by side are one phrase."""
        return all(isinstance(part, Leaf) and part.form == "phrase" for part in parts)

    # ── operands ─────────────────────────────────────────────────────────────────────────────────

    def _operand(self) -> Node:
        sign = self._take()
        self._depth += 1
        if self._depth > DEEPEST:
            raise _TooDeepError(sign.start)
        node = self._read(sign)
        self._depth -= 1
        return node

    def _read(self, sign: Sign) -> Node:
        match sign.kind:
            case "word" | "exact":
                return self._words(sign)
            case "(":
                return self._bracket(sign)
            case "field":
                return Field(sign.text, self._prefixed())
            case "least":
                part = self._prefixed()
                return Least(sign.number, part) if sign.number > 1 else part
        if self._denies(sign):
            return No(self._operand())
        missing = "the end" if sign.kind == "end" else f'"{self._text[sign.start : sign.end]}"'
        self._fault(sign.start, sign.end, f"a word is missing before {missing}", "write what belongs there")
        return Broken()

    def _prefixed(self) -> Node:
        """What a field or a count stands before."""
        return self._level(0) if self._dialect.loose else self._operand()

    def _words(self, sign: Sign) -> Node:
        """A word or phrase, with what stands beside it where that makes a phrase."""
        if sign.kind == "exact":
            node: Node = Leaf("exact", sign.text)
        else:
            words = [sign.text]
            while self._dialect.phrases and self._sign.kind == "word":
                words.append(self._take().text)
            node = Leaf("phrase", " ".join(words))
        follower = self._sign
        if follower.kind in ("word", "exact", "(", "field", "least"):
            told = "two words stand side by side without an operator"
            self._fault(follower.start, follower.end, told, "put quotation marks around a phrase, or AND between them")
            return Broken((node, self._operand()))
        if follower.kind == "not":
            self._take()
            return And((node, No(self._operand())))
        return node

    def _bracket(self, opening: Sign) -> Node:
        if self._sign.kind == ")":
            closing = self._take()
            self._fault(opening.start, closing.end, "the brackets are empty", "write what belongs there")
            return Broken()
        node = self._level(len(self._order) - 1)
        if self._take().kind != ")":
            self._fault(opening.start, opening.end, "this bracket is never closed", 'add ")" where the group ends')
            return Broken((node,))
        if self._sign.kind in ("word", "exact", "(", "field", "least"):
            follower = self._sign
            told = "a bracket and a word stand side by side without an operator"
            self._fault(follower.start, follower.end, told, "put AND or OR between them")
            return Broken((node, self._operand()))
        return node
