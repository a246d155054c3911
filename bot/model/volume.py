"""Volume: how many stories a theme, an entity or a rule has, and what is usual."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

SubjectKind = Literal["theme", "entity", "rule"]
UNITS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
_EXPECT = re.compile(r"(?P<low>\d{1,6})\.\.(?P<high>\d{1,6})/(?P<unit>hour|day|week)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A rule's ``expect``: from ``low`` to ``high`` stories in a ``unit`` of time."""

    low: int
    high: int
    unit: str

    @classmethod
    def read(cls, expect: str) -> Contract:
        """What stands in a rule, such as "0..12/day". Raises ValueError."""
        found = _EXPECT.fullmatch(expect)
        if found is None or int(found["low"]) > int(found["high"]):
            raise ValueError(f"not an expectation: {expect!r}")
        return cls(low=int(found["low"]), high=int(found["high"]), unit=found["unit"])

    @property
    def span(self) -> timedelta:
        """The unit as a length of time."""
        return UNITS[self.unit]

    def __str__(self) -> str:
        """As it stands in the rule."""
        return f"{self.low}..{self.high}/{self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is counted. ``rules`` are the ids of the rules in force that bring its stories."""

    kind: SubjectKind
    id: str
    title: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A subject's stories hour by hour from ``begin``; the last hour is the one that has not ended yet.

    ``watched`` tells of each hour whether the sources that bring its stories were being read then: where they were
    not, a zero means nothing.
    """

    begin: datetime
    stories: tuple[int, ...]
    watched: tuple[bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What is normal for one window of time, and how the window compares.

    ``low`` to ``high`` holds what 95 of 100 such windows have, ``expected`` is their mean. ``chance`` is the
    probability of ``stories`` or more. ``days`` of the last weeks were watched, of which :attr:`filled` needs a number;
    ``weeks`` of them had a window on the same weekday at the same hour.
    """

    hours: int
    end: datetime
    stories: int
    expected: float
    low: int
    high: int
    chance: float
    days: int
    weeks: int
    filled: bool
    unusual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A subject beside what is usual: the current hour, the last 24, and whole days (UTC), the newest first.

    ``spikes`` are those that were told in these days.
    """

    subject: Subject
    hour: Usual
    day: Usual
    days: tuple[Usual, ...] = ()
    spikes: tuple[Spike, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpikeStory:
    """A story of a spike as readers see it; ``outlets`` counts who carries it."""

    headline: str
    url: str | None
    source: str
    outlets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """A subject far above what is usual for it, as it was told at ``at``.

    In the ``hours`` since ``begin`` it had ``stories`` stories in ``articles`` articles, where ``low`` to ``high`` are
    normal on this weekday at this hour. ``terms`` pairs what was found most with the number of stories.
    """

    kind: SubjectKind
    subject: str
    title: str
    rules: tuple[str, ...]
    hours: int
    begin: datetime
    at: datetime
    stories: int
    articles: int
    low: int
    high: int
    weeks: int
    top: tuple[SpikeStory, ...] = ()
    terms: tuple[tuple[str, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The spike as it is stored."""
        return {**asdict(self), "begin": self.begin.isoformat(), "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Spike:
        """The spike that :meth:`as_json` was taken from."""
        return cls(
            **{
                **stored,
                "begin": datetime.fromisoformat(stored["begin"]),
                "at": datetime.fromisoformat(stored["at"]),
                "rules": tuple(stored["rules"]),
                "top": tuple(SpikeStory(**story) for story in stored["top"]),
                "terms": tuple((text, number) for text, number in stored["terms"]),
            }
        )
