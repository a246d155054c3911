"""Who runs the program hears of trouble: once when it begins or changes, then daily, and once when it is over.

Pure: troubles as they are now and what is remembered of them go in, what to tell and what to remember comes out.
A trouble *changes* with its ``sign``, which leaves out figures: a longer queue or a later line is the same trouble.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from . import compose_slack as slack
from . import wording
from .compose_console import line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.model import DestinationKind

AGAIN = timedelta(hours=24)
# More of one kind have one cause as a rule, and a list that nobody reads to its end hides it.
SHOWN = 6
DETAIL = 300
_FIGURES = re.compile(r"\d+")
_OPENING = {"begins": "", "changed": "Changed: ", "lasts": "Still: ", "over": "Over: "}
_MARK = {"begins": ":warning:", "changed": ":warning:", "lasts": ":warning:", "over": ":white_check_mark:"}
_NOUN = {"source": "sources", "queue": "queues", "rule": "rules"}
HEADLINE = "Presswatch needs a look"
GOOD_NEWS = "Presswatch is well again"

Step = Literal["begins", "changed", "lasts", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something a person should mend. ``key`` names it for as long as it lasts, ``sign`` is what it consists in."""

    key: str
    kind: Literal["source", "queue", "rule"]
    title: str
    detail: str
    remedy: str
    sign: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A trouble that was told: what it was, and when it was told last."""

    kind: Literal["source", "queue", "rule"]
    title: str
    sign: str
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One trouble to tell of, or that it is over."""

    step: Step
    trouble: Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to tell, and what is remembered afterwards; ``forget`` names what is over."""

    notices: tuple[Notice, ...] = ()
    remember: Mapping[str, Remembered]
    forget: tuple[str, ...] = ()


def sign_of(text: str) -> str:
    """What a text says apart from its figures."""
    return _FIGURES.sub("#", text)


def decide(troubles: Iterable[Trouble], remembered: Mapping[str, Remembered], now: datetime) -> Verdict:
    """Compare now with what was told."""
    current = {trouble.key: trouble for trouble in troubles}
    notices: list[Notice] = []
    remember: dict[str, Remembered] = {}
    for key, trouble in current.items():
        known = remembered.get(key)
        step = _step(trouble, known, now)
        if step is not None:
            notices.append(Notice(step=step, trouble=trouble))
            remember[key] = _told(trouble, known if step == "lasts" else None, now)
    gone = [key for key in remembered if key not in current]
    notices += [Notice(step="over", trouble=_over(key, remembered[key])) for key in gone]
    return Verdict(notices=tuple(notices), remember=remember, forget=tuple(gone))


def _step(trouble: Trouble, known: Remembered | None, now: datetime) -> Step | None:
    if known is None:
        return "begins"
    if known.sign != trouble.sign:
        return "changed"
    # A time that lies ahead was written by a clock that ran fast.
    return "lasts" if not known.told_at <= now < known.told_at + AGAIN else None


def _told(trouble: Trouble, known: Remembered | None, now: datetime) -> Remembered:
    """Daily means at the hour it was told first, however late the last look was."""
    at = now
    if known is not None and known.told_at <= now:
        at = known.told_at + (now - known.told_at) // AGAIN * AGAIN
    return Remembered(kind=trouble.kind, title=trouble.title, sign=trouble.sign, told_at=at)


def _over(key: str, known: Remembered) -> Trouble:
    detail = {
        "source": "it answers again, or is no longer configured",
        "queue": "messages go out again",
        "rule": "it is in force again, or gone",
    }[known.kind]
    return Trouble(key=key, kind=known.kind, title=known.title, detail=detail, remedy="")


# ── in words ─────────────────────────────────────────────────────────────────────────────────────


def compose_notices(notices: Sequence[Notice], kind: DestinationKind) -> dict[str, Any]:
    """One message for all of them, {"full", "minimal"}, in the shape that the senders of ``kind`` take."""
    headline = GOOD_NEWS if all(notice.step == "over" for notice in notices) else HEADLINE
    shown, rest = _shown(notices)
    if kind == "slack":
        texts = [f"{_MARK[notice.step]} {slack.escape(_sentence(notice))}" for notice in shown]
        text = "\n".join(slack.fitting([f"*{headline}*", *texts, *map(slack.escape, rest)], slack.SECTION))
        plain = "\n".join([headline, *(slack.escape(_sentence(notice)) for notice in shown), *map(slack.escape, rest)])
        message = slack.message(plain[: slack.TEXT])
        return {"full": {**message, "blocks": [slack.section(text)]}, "minimal": message}
    lines = [line([[headline, "loud", None]], 0)]
    for notice in shown:
        mark = "✓ " if notice.step == "over" else "! "
        lines.append(line([[mark, "loud", None], [_sentence(notice), "quote", None]], 2, 2))
    lines += [line([[each, "meta", None]], 2) for each in rest]
    return {"full": {"lines": lines, "counter": []}, "minimal": {"lines": lines[:1], "counter": []}}


def _shown(notices: Sequence[Notice]) -> tuple[list[Notice], list[str]]:
    """The first few of each kind, and one line for the others."""
    shown: list[Notice] = []
    rest: list[str] = []
    for kind, noun in _NOUN.items():
        same = [notice for notice in notices if notice.trouble.kind == kind]
        shown += same[:SHOWN]
        if len(same) > SHOWN:
            rest.append(f"and {len(same) - SHOWN} more {noun}: presswatch doctor lists them")
    return shown, rest


def _sentence(notice: Notice) -> str:
    trouble = notice.trouble
    title, detail = wording.line(trouble.title, 2 * wording.NAME), wording.line(trouble.detail, DETAIL)
    remedy = f" → {wording.line(trouble.remedy, DETAIL)}" if trouble.remedy else ""
    return f"{_OPENING[notice.step]}{title}: {detail}{remedy}"
