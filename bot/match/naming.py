"""Terms in sentences: as they are typed in a rule, an entity by its id, the first few of many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.terms import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Term

MOST = 6
"""Terms named in a sentence; a list of companies would fill the page."""


def names(terms: Iterable[Term], joint: str = "") -> str:
    """The terms as typed, an entity once, the first few of many; ``joint`` stands before the last."""
    return joined(short_names(terms), joint)


def short_names(terms: Iterable[Term]) -> list[str]:
    """One name for each term and each entity; an entity with only one alias here names that, too."""
    listed = list(dict.fromkeys(terms))
    aliases: dict[str | None, list[str]] = {}
    for term in listed:
        aliases.setdefault(term.entity, []).append(typed(term))
    found = (
        f'"{typed(term)}"'
        if term.entity is None
        else f'@{term.entity} ("{typed(term)}")'
        if len(aliases[term.entity]) == 1
        else f"@{term.entity}"
        for term in listed
    )
    return list(dict.fromkeys(found))


def spoken(terms: Iterable[Term]) -> list[str]:
    """One name for each term that was found, an entity with the alias it is called by."""
    found = (f"@{term.entity} ({typed(term)})" if term.entity else f'"{typed(term)}"' for term in terms)
    return list(dict.fromkeys(found))


def joined(listed: Sequence[str], joint: str = "", comma: str = ", ") -> str:
    """A list as it stands in a sentence."""
    if len(listed) > MOST:
        return f"{comma.join(listed[: MOST - 1])} … ({len(listed)} in all)"
    if joint and len(listed) > 1:
        return f"{comma.join(listed[:-1])} {joint} {listed[-1]}"
    return comma.join(listed)


def quoted(texts: Iterable[str], joint: str = "") -> str:
    """Words of an alias's context."""
    return joined([f'"{text}"' for text in texts], joint)


def occur(terms: Sequence[Term]) -> str:
    """The verb to one term or several."""
    return "occurs" if len(terms) == 1 else "occur"
