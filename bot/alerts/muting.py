"""Which mute, if any, keeps something from a destination."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.model import Mention, Mute, MuteKind, Rule


def names(rule: Rule | None, mention: Mention | None) -> dict[MuteKind, Collection[str]]:
    """By what a match can be muted: its rule, the rule's theme, and the entities whose aliases are among the hits."""
    entities = {hit.entity for hit in mention.hits if hit.entity} if mention else ()
    return {"rule": [rule.id] if rule else (), "theme": [rule.theme] if rule else (), "entity": entities}


def mute_of(mutes: Iterable[Mute], named: Mapping[MuteKind, Collection[str]], destination: str) -> Mute | None:
    """The first mute of something ``named``; ``mutes`` are those in force."""
    return next(
        (mute for mute in mutes if mute.value in named.get(mute.kind, ()) and mute.destination in (None, destination)),
        None,
    )
