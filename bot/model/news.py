"""What a story holds, and what a later article of it brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .articles import Sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .words import Tier

FactKind = Literal[
    "update",
    "source",
    "deadline",
    "figure",
    "rounded",
    "about",
    "reference",
    "date",
    "name",
    "organisation",
    "quote",
]
NewsKind = Literal[
    "correction",
    "update",
    "official",
    "severity",
    "change",
    "deadline",
    "reference",
    "figure",
    "date",
    "person",
    "organisation",
    "quote",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a story as it weighs when the lead is chosen: its source, its time, its letters."""

    article: int
    tier: Tier
    at: datetime
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that an article states; ``value`` is the same for every way of writing it.

    ``text`` is how it was written. ``topic`` says what a figure or a deadline is of, so that another value of the same
    thing is found; ``about`` are further words beside it.
    """

    kind: FactKind
    value: str
    text: str = ""
    topic: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that an article brings and its story did not hold.

    ``text`` is what readers see ("25 % → 10 % (tariff)"), ``reason`` why it counts as new, ``value`` the fact's;
    ``weight`` (0…1) says how much it weighs against other news. ``sentence`` holds it, where a sentence does.
    """

    kind: NewsKind
    value: str
    text: str
    reason: str
    weight: float
    sentence: Sentence | None = None

    def as_json(self) -> dict[str, Any]:
        """What is stored of it."""
        one = self.sentence
        place = None
        if one is not None:
            spans = [list(span) for span in one.spans]
            place = {"field": one.field, "start": one.start, "end": one.end, "text": one.text, "spans": spans}
        plain = {name: getattr(self, name) for name in ("kind", "value", "text", "reason", "weight")}
        return {**plain, "sentence": place}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> News:
        """The news that :meth:`as_json` was taken from."""
        place = stored["sentence"]
        if place is None:
            return cls(**stored)
        spans = tuple((start, end) for start, end in place["spans"])
        return cls(**{**stored, "sentence": Sentence(**{**place, "spans": spans})})
