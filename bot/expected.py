"""The rules that have an ``expect``, each beside what it brought, and how the sources fare that feed it."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from .alerts import counting, expect
from .alerts.expect import Feeder, Standing
from .alerts.volume import HOUR
from .model.volume import UNITS, Contract
from .store import sources, volume
from .volume import REACH, hour_of
from .watched import is_silent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from .model import Rule
    from .store import Tx
    from .store.records import SourceState

# A source that brought less than this share of a rule's stories is not missed.
SHARE = 0.05
# Polls before the period tell whether its first hours were within reach.
BEFORE = timedelta(days=1)


def standings(tx: Tx, rules: Iterable[Rule], now: datetime) -> list[Standing]:
    """How each rule with an ``expect`` fares, by id; a few statements, and more only for those that are too quiet."""
    wanted = {rule.id: rule for rule in rules if rule.expect and not (rule.until and rule.until < now.date())}
    look = _Look(tx, now)
    return [look.at(rule) for _, rule in sorted(wanted.items())]


class _Look:
    """One look; what several rules ask for is read once."""

    def __init__(self, tx: Tx, now: datetime) -> None:
        self.tx, self.now, self.hour = tx, now, hour_of(now)
        self._totals: dict[tuple[str, bool], dict[str, int]] = {}

    @cached_property
    def _states(self) -> dict[str, SourceState]:
        return {state.id: state for state in sources.states(self.tx)}

    @cached_property
    def _alive(self) -> dict[str, datetime]:
        return volume.in_force_since(self.tx)

    @cached_property
    def _counted(self) -> bool:
        upto = volume.counted(self.tx)
        return upto is not None and upto >= volume.newest(self.tx)

    def _total(self, rule: str, unit: str, *, at_least: bool) -> int:
        """Stories of a period that is not shorter than the unit, or not longer: the current hour has not ended."""
        if (unit, at_least) not in self._totals:
            begin = self.hour - UNITS[unit] + (timedelta(0) if at_least else HOUR)
            self._totals[unit, at_least] = volume.totals(self.tx, "rule", begin, self.hour + HOUR)
        return self._totals[unit, at_least].get(rule, 0)

    def at(self, rule: Rule) -> Standing:
        """One rule."""
        wanted = Contract.read(rule.expect or "")
        few, many = (self._total(rule.id, wanted.unit, at_least=each) for each in (True, False))
        lived = self.now - self._alive[rule.id] if rule.id in self._alive else None
        found = expect.verdict(wanted, few=few, many=many, lived=lived, whole=self._counted)
        feeders: tuple[Feeder, ...] = ()
        if found == "low":
            begin, feeding = self.hour - wanted.span, self._feeding(rule.id)
            if self._was_off(feeding, begin):
                found = "unclear"
            feeders = tuple(_feeder(self._states[id_], begin) for id_ in feeding)
        return Standing(
            rule=rule.id,
            title=rule.title,
            owner=rule.owner,
            contract=wanted,
            stories=many if found == "high" else few,
            verdict=found,
            feeders=feeders,
            last_at=volume.last_story(self.tx, "rule", rule.id) if found in {"low", "high"} else None,
        )

    def _feeding(self, rule: str) -> list[str]:
        """The sources that usually bring a rule's stories, most first."""
        found = volume.feeders(self.tx, "rule", rule, self.now - REACH)
        whole = sum(feeder.stories for feeder in found)
        return [each.source for each in found if each.stories >= SHARE * whole and each.source in self._states]

    def _was_off(self, feeding: Iterable[str], begin: datetime) -> bool:
        """Whether none of these sources was asked for some of the time: the bot was off, and they are not to blame.

        Where none of them is configured any longer, all sources tell.
        """
        hours = (self.hour - begin) // HOUR
        reached = [False] * hours
        active = [state for state in self._states.values() if state.state == sources.ACTIVE]
        for state in [self._states[id_] for id_ in feeding if self._states[id_] in active] or active:
            times = volume.answered(self.tx, state.id, begin - BEFORE, asked=True)
            # One that is not due is being read up to now.
            times |= {self.hour} if times and state.next_due > self.now else set()
            told = counting.in_reach(begin - BEFORE, hours + BEFORE // HOUR, times, state.interval)
            reached = [one or other for one, other in zip(reached, told[-hours:], strict=True)]
            if all(reached):
                return False
        return True


def _feeder(state: SourceState, begin: datetime) -> Feeder:
    if state.state != sources.ACTIVE:
        return Feeder(name=state.name, trouble="is no longer configured")
    if state.failures and state.first_failed_at is not None:
        return Feeder(name=state.name, trouble="has been failing", since=state.first_failed_at)
    if is_silent(state):
        return Feeder(name=state.name, trouble="has been silent", since=state.last_new)
    if state.gap_from is not None and state.gap_to is not None and state.gap_to >= begin:
        return Feeder(name=state.name, trouble="may have been missing items", since=state.gap_from)
    return Feeder(name=state.name)
