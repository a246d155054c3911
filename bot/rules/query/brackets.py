"""Brackets in pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .nodes import QueryFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .lexer import Token


def balanced(tokens: Sequence[Token], faults: list[QueryFault]) -> list[Token]:
    """The tokens with every bracket in a pair: one without its other half is told, and closed or left out."""
    found: list[Token] = []
    opened: list[Token] = []
    stray: list[Token] = []
    for token in tokens[:-1]:
        if token.kind == ")" and not opened:
            stray.append(token)
            continue
        if token.kind == "(":
            opened.append(token)
        elif token.kind == ")":
            opened.pop()
        found.append(token)
    _tell(stray, "this bracket closes nothing", "these {} brackets close nothing", '"(" where a group begins', faults)
    _tell(
        opened, "this bracket is never closed", "these {} brackets are never closed", '")" where a group ends', faults
    )
    end = tokens[-1]
    return [*found, *(end._replace(kind=")") for _ in opened), end]


def _tell(brackets: Sequence[Token], one: str, several: str, other: str, faults: list[QueryFault]) -> None:
    """Tell brackets without their other half; those side by side together."""
    first = 0
    for number, token in enumerate(brackets, 1):
        if number < len(brackets) and brackets[number].start == token.end:
            continue
        message = one if number - first == 1 else several.format(f"{number - first:,}")
        them = "it" if number - first == 1 else "them"
        remedy = f"write {other}, or remove {them}"
        faults.append(QueryFault(start=brackets[first].start, end=token.end, message=message, remedy=remedy))
        first = number
