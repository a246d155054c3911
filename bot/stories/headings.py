"""What of a headline belongs to the outlet and not to the news: its name at the end, the column's at the beginning.

Theory. An outlet writes its own marks under most of its headlines, and always in the same words; a column's title
comes back while the news beneath changes. So what many headlines of one source share at an end, set off by a dash,
a bar or a colon, is the house's. A few marks that every outlet uses are known beforehand.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.text import fold

from .tokens import without_outlet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEARNT = 50  # headlines of a source that are remembered, the newest
LEAST = 6  # headlines that an outlet's mark must stand in, and
MOST_OF = 0.6  # the share of all that must end so; a column has fewer
COLUMN = 4  # headlines that begin with the title of a column, or are nothing but it

_END = re.compile(r"\s+[-–—|·•]\s+(?P<mark>[^-–—|·•]{2,40})\Z|\s*[（(【\[](?P<held>[^)）】\]]{2,30})[)）】\]]\Z")
_START = re.compile(r"\A(?P<mark>[^:：|]{2,40})(?:[:：]\s*|\s+\|\s+)(?=\S)")
_KNOWN_START = re.compile(
    r"\A(?:(?:UPDATE|WRAPUP|RPT|CORRECTED|REFILE|EXPLAINER|ANALYSIS|EXCLUSIVE|FACTBOX|BREAKING|LIVE|WATCH|VIDEO|OPINION"
    r"|NEWS ANALYSIS|BREAKINGVIEWS|FLASH|JUST IN|DEVELOPING)(?:[\s-]?\d+)?\s*[-–—:|]\s*"
    r"|(?:Explainer|Analysis|Exclusive|Factbox|Breaking|Live(?: updates?)?|Watch|Video|Opinion|Flash|快讯|突发)"
    r"\s*[:：|]\s*)"
)

UPDATE_MARK = re.compile(r"\A\s*UPDATE\s?\d{1,2}\s*[-–—:]\s*")

_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_GATHERS = re.compile(
    rf"\b(?:brief(?:ing)?s?\Z|(?:morning|evening|daily|weekly|news|markets?|trade|tech)\s(?:briefing|wrap|digest|note)\b"
    r"|(?:results|scores)(?:\sand\s(?:tables?|standings))\b|(?:day|night|week|weekend)'?s\sresults\b"
    r"|(?:nachrichten|markt|börsen|wochen|tages)(?:überblick|rückblick|ticker)\b|kurz\snotiert|kurzmeldungen|presseschau"
    r"|das\swichtigste\s(?:vom|am|des|der|in)\b|l['’]essentiel\b|en\sbref\b|revue\sde\spresse|lo\smás\s(?:destacado|leído)"
    r"|(?:las\s)?claves\sdel\s(?:día|lunes|martes|miércoles|jueves|viernes)|resumen\s(?:del|de\sla)\s(?:día|semana)"
    r"|round-?\s?up|newsletter|live\s?blog|live\supdates|week\sin\s"
    r"|(?:this|the|last)\s(?:\w+\s)?week(?:\sin\b|\sahead\b|[:,])"
    r"|in\sbrief|at\sa\sglance|chronicle|chronology|timeline|headlines|things\sto\sknow|what\sto\s(?:watch|know|expect)"
    rf"|in\s{_NUMBER}\scharts|{_NUMBER}\s(?:charts|things|takeaways)|{_NUMBER}\s(?:years?|months?)\s(?:after|on|later|ago|since)"
    r"|a\s(?:year|month)\s(?:after|on|later|ago|since)|looking\sback|look\sback|anniversary|a\s(?:short|brief)\shistory)"
    rf"|in\s{_NUMBER}\s(?:items|points|lines|stories|minutes)\b|\A(?:live|LIVE|Live)\b\s*[:|–—-]|\slive:|早报|晚报|早餐|要闻|简报|周报|一周|盘点|回顾|周年|大事记",
    re.IGNORECASE,
)
# Of what is in ASCII, pieces of which any has one: to look for them is several times as fast.
_GATHERING = (
    "brief", "wrap", "digest", "note", "results", "scores", "ticker", "kurz", "presse", "wichtigste", "essentiel",
    "bref", "claves", "resumen", "round", "news", "live", "week", "glance", "chron", "timeline", "headlines",
    "things", "what", "charts", "takeaways", "year", "month", "look", "anniversary", "history", "items", "points",
    "lines", "stories", "minutes",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """The marks of one source's headlines, folded: at their end, at their beginning, and whole headlines."""

    ends: frozenset[str] = frozenset()
    starts: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()


NONE = Habits()


def learn(titles: Sequence[str]) -> Habits:
    """The habits of a source, from its last headlines in any order."""
    ends, starts, wholes = Counter[str](), Counter[str](), Counter[str]()
    for title in titles:
        ends.update(mark for mark in (_mark(_END, title),) if mark)
        starts.update(mark for mark in (_mark(_START, title),) if mark)
        wholes[fold(title)] += 1
    usual = max(LEAST, MOST_OF * len(titles))
    return Habits(
        ends=frozenset(mark for mark, count in ends.items() if count >= usual),
        starts=frozenset(_often(starts.items())),
        columns=frozenset(_often(wholes.items())),
    )


def _often(counted: Iterable[tuple[str, int]]) -> set[str]:
    return {mark for mark, count in counted if count >= COLUMN}


def _mark(pattern: re.Pattern[str], title: str) -> str | None:
    found = pattern.search(title.strip())
    return fold(next(part for part in found.groups() if part)) if found else None


def bare_title(title: str, habits: Habits | None = None) -> str:
    """A headline without the marks of its house; nothing is left of a column's title that always comes back."""
    title = _KNOWN_START.sub("", " ".join(title.split()))
    known = habits or NONE
    if fold(title) in known.columns:
        return ""
    if known.ends and _mark(_END, title) in known.ends:
        title = _END.sub("", title)
    if known.starts and _mark(_START, title) in known.starts:
        title = _START.sub("", title)
    return without_outlet(title)


def is_fuller(title: str) -> bool:
    """Whether a wire marks it as a fuller version of what it has told ("UPDATE 2-…")."""
    return UPDATE_MARK.match(title) is not None


def gathers(title: str, habits: Habits | None = None) -> bool:
    """Whether a headline stands over many events, or over a look back on one: a column, a round-up, an anniversary."""
    columns = (habits or NONE).columns
    return (bool(columns) and fold(title) in columns) or _gathers(" ".join(title.split()))


def _gathers(title: str) -> bool:
    if title.isascii() and not any(map(title.lower().__contains__, _GATHERING)):
        return False
    return _GATHERS.search(title) is not None
