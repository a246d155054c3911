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
    for token in tokens[:-1]:
        if token.kind == "(":
            opened.append(token)
        elif token.kind == ")" and not opened:
            faults.append(
                QueryFault(
                    start=token.start,
                    end=token.end,
                    message="this bracket closes nothing",
                    remedy='write "(" where the group begins, or remove it',
                )
            )
            continue
        elif token.kind == ")":
            opened.pop()
        found.append(token)
    end = tokens[-1]
    for token in opened:
        faults.append(
            QueryFault(
                start=token.start,
                end=token.end,
                message="this bracket is never closed",
                remedy='write ")" where the group ends, or remove it',
            )
        )
        found.append(end._replace(kind=")"))
    return [*found, end]
