"""A rule's ``expect`` against what it brought: too quiet, as wished, or too loud, and what may be the cause.

Counted are stories, as for everything in :mod:`bot.volume`: an event that forty outlets carry is one. A period is the
last whole hour, day or week up to the current hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.model.words import joined, plural

from .notices import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from bot.model.volume import Contract

NAMED = 4

Verdict = Literal["well", "low", "high", "young", "unclear"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeder:
    """A source that brought a rule's stories. ``trouble`` says what is wrong with it, empty if nothing is."""

    name: str
    trouble: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a rule fares beside its contract.

    ``stories`` in the last period. "young": the version in force has not lived for one yet. "unclear": the bot was off
    for part of it, or has not counted it yet, so that few stories mean nothing. ``feeders`` are known where it is too
    quiet.
    """

    rule: str
    title: str
    owner: str | None
    contract: Contract
    stories: int
    verdict: Verdict
    feeders: tuple[Feeder, ...] = ()
    last_at: datetime | None = None


def verdict(wanted: Contract, *, few: int, many: int, lived: timedelta | None, whole: bool) -> Verdict:
    """How many stories compare with what is wanted.

    ``many`` came in one period at most and ``few`` in one at least: hours are not cut. ``lived``: how long the version
    in force has been, None where it is not in force yet. ``whole``: everything that came is counted.
    """
    if lived is None or lived < wanted.span:
        return "young"
    if many > wanted.high:
        return "high"
    if few < wanted.low:
        return "low" if whole else "unclear"
    return "well"


def cause(standing: Standing) -> str:
    """Why a rule may be too quiet, in a sentence; of one that is too loud, what to make of it."""
    if standing.verdict == "high":
        return "it has become too wide, or there is more news of it than usual"
    bad = [feeder for feeder in standing.feeders if feeder.trouble]
    last = f"last match {_at(standing.last_at)}" if standing.last_at else "it has never matched"
    if not standing.feeders:
        return f"no source has brought it anything yet, so perhaps the rule does not fit ({last})"
    if not bad:
        whole = len(standing.feeders)
        healthy = f"all {_sources(whole)} that brought its matches are" if whole > 1 else "the source of its matches is"
        return f"{healthy} healthy: perhaps the rule no longer fits ({last})"
    number = f"{len(bad)} of {_sources(len(standing.feeders))} that brought its matches"
    return f"{number} {'is' if len(bad) == 1 else 'are'} not well: {_listed(bad)} ({last})"


def sign(standing: Standing) -> str:
    """What the trouble consists in, for as long as it is the same."""
    troubles = sorted(f"{feeder.name} {feeder.trouble}" for feeder in standing.feeders if feeder.trouble)
    return " | ".join([standing.verdict, *troubles])


def trouble(key: str, standing: Standing) -> Trouble:
    """What those who run the program, and the rule's owner, should hear of a rule that is off its contract."""
    owner = f" (owner {standing.owner})" if standing.owner else ""
    how = "too quiet" if standing.verdict == "low" else "too loud"
    return Trouble(
        key=key,
        kind="volume",
        title=f"Rule {standing.rule}{owner}",
        detail=f"{how}: {sentence(standing)} – {cause(standing)}",
        remedy=f"presswatch volume {standing.rule}",
        sign=sign(standing),
        owner=standing.owner or "",
    )


def sentence(standing: Standing) -> str:
    """Like "2 stories in the last day, expected 5..20"."""
    wanted = standing.contract
    return f"{plural(standing.stories, 'story')} in the last {wanted.unit}, expected {wanted.low:,} to {wanted.high:,}"


def _sources(number: int) -> str:
    return plural(number, "source")


def _listed(bad: Sequence[Feeder]) -> str:
    said = [f"{each.name} {each.trouble}" + (f" since {_at(each.since)}" if each.since else "") for each in bad]
    return joined(said, "and", most=NAMED)


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
