"""Days that count in a text: when rules take effect, comments are due, hearings are held, measures expire.

A day is taken only where words around it say what happens on it, without another day between: "Comments must be
received no later than December 18, 2023". Days that are told relative to publication ("60 days after publication in
the Federal Register") are reckoned only where the text is the publication itself and its day is known; what a newspaper
writes of them stays open. Such days and those whose year is not written say what they were reckoned from.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.model import Deadline
from bot.text import cut, sentences, sentences_around

from .calendar import DATE, read_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from bot.model import DeadlineKind

SENTENCE = 500  # characters that are kept of the sentence
# Within a sentence: "U.S." and "11:59 p.m." do not end one.
_GAP = r"(?:[^.!?\n]|\n(?!\s*\n)|\.(?:(?!\s+[A-Z])|(?<=[ap]\.m\.)|(?<=U\.S\.)))"
_HOUR = r"(?:(?:at\s)?(?:\d{1,2}(?::\d\d)?\s?[ap]\.?m\.?|midnight|noon)(?:,?\s\(?(?:E[SD]?T|[Ee]astern(?:\s(?:[Ss]tandard|[Dd]aylight))?(?:\s[Tt]ime)?|UTC|GMT)\)?)?,?\s(?:on\s)?)?"
_ON = rf"(?:(?:as\sof|on|from|by|starting|beginning)\s(?:or\s(?:before|after)\s)?)?{_HOUR}"
_BY = rf"(?:by|(?:on\sor\s)?before|no\slater\sthan|not\slater\sthan|until|through|due)\s(?:on\s)?(?:the\s)?(?:close\sof\sbusiness,?\s(?:on\s)?)?{_HOUR}"
_UNTIL = rf"(?:until|till|through|to)\s{_HOUR}"
# What was published, and what began, is not what is due.
_SAID = rf"(?:(?!publish|nominat|beginning|ended|response\sto){_GAP})"
_SPAN = rf"(?:from\s{_HOUR}{DATE},?\s)?"
_THEN = rf"(?P<day>{DATE})"

# The first that fits a day decides, so that "effective until" is an expiry. What is only reported of the past ("were
# due", "was held") is left out.
_CUES: tuple[tuple[DeadlineKind, tuple[str, ...], str], ...] = (
    (
        "expiry",
        ("xpir", "ffective", "in effect", "sunset", "xten", "alid "),
        rf"(?:\b[Ee]xpir(?:es?|ing|ation)\b(?:\s(?:dates?\b|of\b)(?:{_GAP}{{0,60}}?\b(?:is|of|to|until|through))?:?)?\s{_ON}"
        rf"|\b[Ee]xpiration\sdate\b{_GAP}{{0,80}}?\s{_SPAN}{_UNTIL}"
        rf"|\b(?:effective|in\seffect|valid|in\sforce)\s(?:only\s)?{_SPAN}{_UNTIL}"
        rf"|\bsunsets?\son\s|\bexten(?:d|ds|ded|ding|sion\sof)\s{_GAP}{{0,80}}?\b(?:exclusions?|[Gg]eneral\s[Ll]icen[cs]es?(?:\s\w+)?"
        rf"|waivers?|suspension|truce|pause|moratorium|exemptions?|authorizations?)\b{_GAP}{{0,60}}?\s{_SPAN}(?:for\s{_GAP}{{0,30}}?,\s)?{_UNTIL}){_THEN}",
    ),
    (
        "compliance",
        ("ompl",),
        rf"(?:\b[Cc]ompliance\s[Dd]ates?\b(?:{_GAP}{{0,100}}?\b(?:is|are|until|to|be|of))?:?\s{_ON}"
        rf"|\b[Cc]ompliance\s{_GAP}{{0,60}}?\b(?:required|mandatory|begins?)\s{_GAP}{{0,40}}?(?:by|beginning|starting|as\sof|on|no\slater\sthan)\s(?:and\safter\s)?"
        rf"|\b(?:must|shall|required\sto|have\suntil\sthen\sto)\s(?:be\sin\scomply|be\sin\scompliance|comply)\b{_GAP}{{0,100}}?\s(?:by|no\slater\sthan|beginning|starting|as\sof|on\sor\safter)\s){_THEN}",
    ),
    (
        "comments",
        ("omment", "ubmission", "COMMENT"),
        rf"(?:\b(?:[Cc]omments?|COMMENTS?|[Ww]ritten\s[Ss]ubmissions)\b(?!\s(?:were|was)\b){_SAID}{{0,160}}?\b(?:must|should|shall|will\sbe|is|are|may|can|due|received|submitted|filed|accepted|requested|invited)\b"
        rf"{_SAID}{{0,120}}?\s{_BY}"
        rf"|\b[Cc]omment(?:ing)?\speriods?\b{_SAID}{{0,100}}?\s(?:{_SPAN}(?:until|till|through|to)\s{_HOUR}|(?:clos(?:es?|ing)|end(?:s|ing)?|due)\s(?:is\s)?{_ON})"
        rf"|\b[Cc]omments?\s(?:due|close)(?:\sdate)?\s?:?\s(?:on\s|by\s)?"
        rf"|\b(?:[Ss]ubmit|[Ss]end|[Ff]ile|[Pp]rovide|receive|accept\w*|tak\w+|open\s(?:for|to))\s{_SAID}{{0,60}}?\bcomments?\b{_SAID}{{0,100}}?\s{_BY}"
        rf"|\b(?:[Dd]eadline|due\sdate)\sfor\s{_GAP}{{0,60}}?\bcomments?\b{_SAID}{{0,60}}?\s(?:{_SPAN}{_UNTIL}|is\s|{_BY})){_THEN}",
    ),
    (
        "hearing",
        ("earing", "HEARING"),
        rf"\b(?:[Hh]earing|HEARING)\b(?!\s(?:officer|examiner|aid|was\b|were\b)){_GAP}{{0,60}}?\b(?<!originally\s)(?:held|scheduled(?:\sto\sbegin)?|set|take\splace|on|for|convened?|begin(?:ning|s)?|begins|from|:)\s(?:for\s|in\s{_GAP}{{1,60}}?\son\s|at\s{_GAP}{{1,60}}?\son\s)?{_ON}{_THEN}",
    ),
    (
        "effective",
        ("ffective", "EFFECTIVE", "effect", "into force", "pplicable", "FFECTIVE"),
        rf"(?:(?<![\w-])(?:[Ee]ffective|EFFECTIVE)(?:\s[Dd]ates?|\sDATES?)?(?:\sof(?=\s{DATE})|\s(?:of|for)\s{_GAP}{{1,80}}?\s(?:is|are|until|to|will\sbe))?:?\s(?:is\s|will\sbe\s|until\s|beginning\s)?(?:retroactively\s)?{_ON}"
        rf"|\b(?:delay|postpon|defer|stay)\w*\s{_GAP}{{0,60}}?\beffective\sdates?\b{_GAP}{{0,120}}?\s(?:(?:from|effective|of)\s{DATE},?\s)?(?:until|to)\s"
        rf"|\b(?:tak(?:es?|ing)|go(?:es|ing)?|come?s?|enter(?:s|ing)?|brought|put)\s(?:into\s)?(?:effect|force)\s(?:(?:immediately|formally|officially|again)\s)?{_ON}"
        rf"|(?:(?<=DATES: )|(?<=^)|(?<=\n)|(?<=\.\s))Applicable:?\s{_ON}){_THEN}",
    ),
)
_HAN: tuple[tuple[DeadlineKind, str], ...] = (
    (
        "effective",
        rf"(?:自|从|從)\s?{_THEN}\s?(?:零时|0时|00:00)?\s?起[^。；\n]{{0,30}}?(?:施行|实施|實施|生效|执行|執行|加征|加徵)",
    ),
    ("effective", rf"(?:于|於)\s?{_THEN}\s?(?:起)?(?:正式)?(?:施行|实施|實施|生效)"),
    (
        "comments",
        rf"(?:意见|意見|评论|評論|反馈|反饋)[^。；\n]{{0,30}}?截止(?:时间|時間|日期|日)?[为為至到于於：:\s]{{0,3}}{_THEN}",
    ),
    (
        "comments",
        rf"{_THEN}\s?(?:前|之前|以前)[^。；\n]{{0,25}}?(?:意见|意見)[^。；\n]{{0,10}}(?:反馈|反饋|提交|发送|发至|电子邮件)",
    ),
)
_COUNTS = {"thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90}
_AFTER = rf"(?P<count>\d{{1,3}}|{'|'.join(_COUNTS)})\s(?:\(\d{{1,3}}\)\s)?(?:calendar\s)?days\s(?:after|from|following|of)\s(?:the\s)?(?:date\sof\s)?(?:its\s|the\s)?publication"
_RELATIVE: tuple[tuple[DeadlineKind, str], ...] = (
    ("comments", rf"\b[Cc]omments?\b{_GAP}{{0,160}}?\s{_AFTER}"),
    ("compliance", rf"\b(?:[Cc]ompliance|comply)\b{_GAP}{{0,100}}?\s{_AFTER}"),
    ("effective", rf"\b(?:[Ee]ffective|effect|force)\b{_GAP}{{0,60}}?\s{_AFTER}"),
)


class _Compiled(NamedTuple):
    kind: DeadlineKind
    signs: tuple[str, ...]
    pattern: re.Pattern[str]


_PATTERNS = (
    *(_Compiled(kind, signs, re.compile(pattern)) for kind, signs, pattern in _CUES),
    *(_Compiled(kind, ("起", "意见", "意見", "实施", "施行", "生效"), re.compile(pattern)) for kind, pattern in _HAN),
)
_AFTER_PUBLICATION = tuple(_Compiled(kind, ("ublication",), re.compile(pattern)) for kind, pattern in _RELATIVE)
_A_DAY = re.compile(DATE)
_SIGN = re.compile(r"[0-9]")
_BEFORE_A_SPAN = re.compile(r"\b(?:from|effective|of)\s(?:[^,;]{0,40}\s)?$")
# A day that another one has replaced.
_SUPERSEDED = re.compile(
    r"\b(?:originally|previously|(?:was|were)\s(?:to|scheduled|set|due)|would\shave|supposed\sto)\b"
)
_LOOK_BACK = 40  # characters before the cue in which that may be said
_CANCELLED = re.compile(r"\b(?:cancel|postpon|call(?:ed|s|ing)?\soff|rescind|withdr)", re.IGNORECASE)


class _Found(NamedTuple):
    kind: DeadlineKind
    day: date
    start: int
    end: int
    derived: str


def deadlines(text: str, *, published: date | None = None, is_publication: bool = False) -> tuple[Deadline, ...]:
    """The days that count in ``text``, in order of place.

    ``published`` is the day the text was published on; ``is_publication``: it is the official document itself, so that
    "after publication" means this day.
    """
    if _SIGN.search(text) is None:
        return ()
    taken: dict[int, _Found] = {}
    for found in _dated(text, published):
        taken.setdefault(found.start, found)
    if is_publication and published is not None:
        for found in _relative(text, published):
            taken.setdefault(found.start, found)
    if not taken:
        return ()
    spans = sentences(text)
    told = [_deadline(text, found, spans) for _, found in sorted(taken.items())]
    return tuple(one for one in told if one.kind != "hearing" or not _CANCELLED.search(one.sentence))


def _dated(text: str, published: date | None) -> Iterator[_Found]:
    for kind, signs, pattern in _PATTERNS:
        if not any(sign in text for sign in signs):
            continue
        place = 0
        while (match := pattern.search(text, place)) is not None:
            start, end = match.span("day")
            place = end
            day = read_date(text, start, published)
            if day is None or _another_day(text, match):
                continue
            if _SUPERSEDED.search(text, max(0, match.start() - _LOOK_BACK), start):
                continue
            reckoned = f"the year is that of publication on {published}" if day.derived else ""
            yield _Found(kind, day.day, start, end, reckoned)


def _another_day(text: str, match: re.Match[str]) -> bool:
    """Whether the words between cue and day hold a day that they may belong to; "from … to …" is one span."""
    before = text[match.start() : match.start("day")]
    days = list(_A_DAY.finditer(before))
    return bool(days) and not (len(days) == 1 and _BEFORE_A_SPAN.search(before, 0, days[0].start()))


def _relative(text: str, published: date) -> Iterator[_Found]:
    for kind, signs, pattern in _AFTER_PUBLICATION:
        if any(sign in text for sign in signs):
            for match in pattern.finditer(text):
                count = _COUNTS.get(match["count"]) or int(match["count"])
                day = published + timedelta(days=count)
                yield _Found(kind, day, *_span(match), f"{count} days after publication on {published}")


def _span(match: re.Match[str]) -> tuple[int, int]:
    return match.start("count"), match.end()


def _deadline(text: str, found: _Found, spans: list[tuple[int, int]]) -> Deadline:
    begin, end = sentences_around(spans, found.start, found.end)
    return Deadline(
        kind=found.kind,
        day=found.day,
        start=found.start,
        end=found.end,
        text=text[found.start : found.end],
        sentence=cut(" ".join(text[begin:end].split()), SENTENCE),
        derived=found.derived,
    )
