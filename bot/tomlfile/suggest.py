"""What somebody probably meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FEW = 14


def did_you_mean(word: str, options: Iterable[str]) -> str:
    """A remedy for an unknown ``word``: the nearest option, else all of them if they are few, else nothing."""
    known = list(dict.fromkeys(options))
    plain = {_plain(option): option for option in reversed(known)}
    near = difflib.get_close_matches(_plain(word), plain, n=1, cutoff=0.6)
    if near:
        return f'did you mean "{plain[near[0]]}"?'
    return f"known here: {', '.join(known)}" if 0 < len(known) <= FEW else ""


def _plain(word: str) -> str:
    return word.casefold().replace("-", "_")
