"""Terms in sentences: as they are typed in a rule, an entity by its id, the first few of many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model.words import joined
from bot.rules.terms import in_quotes, typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Term

MOST = 6
"""Terms named in a sentence; a list of companies would fill the page."""


def names(terms: Iterable[Term], joint: str = "") -> str:
    """The terms as typed, an entity once, the first few of many; ``joint`` stands before the last."""
    return listed(short_names(terms), joint)


def short_names(terms: Iterable[Term]) -> list[str]:
    """One name for each term and each entity; an entity with only one alias here names that, too."""
    distinct = list(dict.fromkeys(terms))
    aliases: dict[str | None, list[str]] = {}
    for term in distinct:
        aliases.setdefault(term.entity, []).append(typed(term))
    found = (
        in_quotes(term)
        if term.entity is None
        else f'@{term.entity} ("{typed(term)}")'
        if len(aliases[term.entity]) == 1
        else f"@{term.entity}"
        for term in distinct
    )
    return list(dict.fromkeys(found))


def spoken(terms: Iterable[Term]) -> list[str]:
    """One name for each term that was found, an entity with the alias it is called by."""
    found = (f"@{term.entity} ({typed(term)})" if term.entity else in_quotes(term) for term in terms)
    return list(dict.fromkeys(found))


def listed(parts: Sequence[str], joint: str = "", comma: str = ", ") -> str:
    """A list as it stands in a sentence, no more than the first few of many."""
    return joined(parts, joint, comma=comma, most=MOST)


def context(words: Iterable[str], joint: str = "") -> str:
    """Words that an alias has around it, or must not have."""
    return listed([f'"{word}"' for word in words], joint)


def occur(terms: Sequence[Term]) -> str:
    """The verb to one term or several."""
    return "occurs" if len(terms) == 1 else "occur"
