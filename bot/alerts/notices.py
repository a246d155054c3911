"""Who runs the program hears of trouble: once when it begins or changes, then daily, and once when it is over.

Pure: troubles as they are now and what is remembered of them go in, what to tell and what to remember comes out.
A trouble *changes* with its ``sign``, which leaves out figures: a longer queue or a later line is the same trouble.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

AGAIN = timedelta(hours=24)
# A trouble that comes and goes is told so often in AGAIN, and a change of it so often; what it has come to by then
# is told when that time is over.
MOST, CHANGES = 6, 3
# When the network is down, the sources behind it are not found dead in the same minute, nor well again: news of
# sources, which are a day old anyway, come together.
SOURCES_TOGETHER = timedelta(hours=1)
# Clocks of two machines differ; what lies further ahead was written by one that ran fast, and counts as long ago.
SKEW = timedelta(minutes=10)
# "(2.5 kB so far)", "within 30 s": figures and asides.
_FIGURES = re.compile(r"\([^()]*\)|\d+(?:[.,:]\d+)*")

Kind = Literal["clock", "source", "queue", "unknown", "lost", "config", "rule", "volume"]
Step = Literal["begins", "changed", "lasts", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something a person should mend. ``key`` names it for as long as it lasts, ``sign`` is what it consists in.

    ``joins``: not worth a message of its own yet, but told with another that begins. ``lasts`` False: something
    that has happened, which nobody is reminded of. ``owner`` is whose rule it is, if it is one's.
    """

    key: str
    kind: Kind
    title: str
    detail: str
    remedy: str
    sign: str = ""
    joins: bool = False
    lasts: bool = True
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one look finds.

    ``endings`` says of troubles that were told and are over how they ended; nothing is told of those that are not
    in it. Of those in ``unclear`` nobody can say at the moment whether they last.
    """

    troubles: tuple[Trouble, ...] = ()
    endings: Mapping[str, str]
    unclear: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A trouble that was told: what it was, and when it was told last.

    ``recent`` are the times of all that was told of it within :data:`AGAIN`. ``over``: its end was told, too; it is
    only remembered so that what comes and goes is not told every time.
    """

    kind: Kind
    title: str
    sign: str
    told_at: datetime
    recent: tuple[datetime, ...] = ()
    over: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is stored of it beside its time."""
        recent = [at.isoformat() for at in self.recent]
        return {"kind": self.kind, "title": self.title, "sign": self.sign, "recent": recent, "over": self.over}

    @classmethod
    def from_json(cls, said: Mapping[str, Any], told_at: datetime) -> Remembered:
        """What :meth:`as_json` was taken from; older versions stored less."""
        return cls(
            kind=said["kind"],
            title=said["title"],
            sign=said["sign"],
            told_at=told_at,
            recent=tuple(datetime.fromisoformat(text) for text in said.get("recent", ())),
            over=said.get("over", False),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One trouble to tell of, or that it is over."""

    step: Step
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to tell, and what is remembered afterwards; ``forget`` names what is to be forgotten."""

    notices: tuple[Notice, ...] = ()
    remember: Mapping[str, Remembered]
    forget: tuple[str, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to tell and nothing to write."""
        return not (self.notices or self.remember or self.forget)


def sign_of(text: str) -> str:
    """What a text says apart from its figures and what stands in brackets."""
    return _FIGURES.sub("#", text)


def decide(sight: Sight, remembered: Mapping[str, Remembered], now: datetime) -> Verdict:
    """Compare now with what was told."""
    current = {trouble.key: trouble for trouble in sight.troubles}
    steps = {key: _step(trouble, remembered.get(key), now) for key, trouble in current.items()}
    gone = [key for key in remembered if key not in current and key not in sight.unclear]
    found = [Notice(step=step, trouble=current[key]) for key, step in steps.items() if step is not None]
    found += [_over(key, remembered[key], sight.endings[key]) for key in gone if _may_end(key, sight, remembered, now)]
    notices = _in_company([each for each in found if not _too_soon(each, remembered, now)])
    told = {each.trouble.key for each in notices}
    return Verdict(
        notices=tuple(notices),
        remember={each.trouble.key: _told(each, remembered.get(each.trouble.key), now) for each in notices},
        forget=tuple(key for key in gone if key not in told and _is_past(key, sight, remembered, now)),
    )


def _step(trouble: Trouble, known: Remembered | None, now: datetime) -> Step | None:
    if known is None:
        return "begins"
    told = len(_recent(known, now))
    if known.over:
        return "begins" if told < MOST else None
    if known.sign != trouble.sign and told < CHANGES:
        return "changed"
    if not trouble.lasts:
        return None
    return None if _within(known.told_at, now, AGAIN) else "lasts"


def _may_end(key: str, sight: Sight, remembered: Mapping[str, Remembered], now: datetime) -> bool:
    known = remembered[key]
    return key in sight.endings and not known.over and len(_recent(known, now)) < MOST


def _is_past(key: str, sight: Sight, remembered: Mapping[str, Remembered], now: datetime) -> bool:
    """Whether nothing more will be told of what is gone."""
    known = remembered[key]
    return not _recent(known, now) if known.over else key not in sight.endings


def _too_soon(notice: Notice, remembered: Mapping[str, Remembered], now: datetime) -> bool:
    if notice.trouble.kind != "source":
        return False
    told = chain.from_iterable(known.recent for known in remembered.values() if known.kind == "source")
    return any(_within(at, now, SOURCES_TOGETHER) for at in told)


def _in_company(notices: Iterable[Notice]) -> list[Notice]:
    """Without those that would begin alone before their time."""
    notices = list(notices)
    begun = {each.trouble.kind for each in notices if each.step == "begins" and not each.trouble.joins}
    return [each for each in notices if each.step != "begins" or not each.trouble.joins or each.trouble.kind in begun]


def _told(notice: Notice, known: Remembered | None, now: datetime) -> Remembered:
    """Daily means at the hour it was told first, however late the last look was."""
    at, trouble = now, notice.trouble
    if notice.step == "lasts" and known is not None and known.told_at <= now:
        at = known.told_at + (now - known.told_at) // AGAIN * AGAIN
    recent = (*(_recent(known, now) if known else ()), now)
    made = Remembered(kind=trouble.kind, title=trouble.title, sign=trouble.sign, told_at=at, recent=recent)
    return replace(made, over=True) if notice.step == "over" else made


def _over(key: str, known: Remembered, ending: str) -> Notice:
    trouble = Trouble(key=key, kind=known.kind, title=known.title, detail=ending, remedy="", sign=known.sign)
    return Notice(step="over", trouble=trouble)


def _recent(known: Remembered, now: datetime) -> tuple[datetime, ...]:
    return tuple(at for at in known.recent if _within(at, now, AGAIN))


def _within(at: datetime, now: datetime, span: timedelta) -> bool:
    """Whether ``at`` is less than ``span`` ago."""
    return -SKEW < now - at < span
