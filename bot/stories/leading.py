"""Which member leads a story: the best kind of source, of these the earliest, of these the longest text.

An official text is what the others tell of, a wire is what most of them print, and an aggregator only points at
somebody else's. Within one kind whoever came first was not copying. Two that came at one moment are told apart by
their length, for a summary is made from a report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import TIERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.model import Member


def precedence(member: Member) -> tuple[int, float, int, int]:
    """The least of these leads; the article's number decides where all else is equal."""
    return TIERS.index(member.tier), member.at.timestamp(), -member.length, member.article


def leading(members: Iterable[Member]) -> tuple[Member, str]:
    """The member that leads and why; there must be one.

    Asked of the leader so far and a new member it gives the same as asked of all of them.
    """
    ranked = sorted(members, key=precedence)
    return ranked[0], _reason(ranked)


def _reason(ranked: list[Member]) -> str:
    if len(ranked) == 1:
        return "the only member"
    first, second = ranked[:2]
    if first.tier != second.tier:
        return f"the best source: {first.tier} before {second.tier}"
    if first.at != second.at:
        return f"the earliest of the {first.tier} sources"
    if first.length != second.length:
        return "the longest of those that came at one moment"
    return "the first that was stored"
