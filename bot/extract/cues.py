"""The words by which a text says what happens on a day: for each kind the ways to say it, the day right behind.

A word of the kind, a short way within the sentence, and a word that leads to the day ("by", "until", "on"). The first
kind that fits a day decides, so that "effective until" is an expiry. What is only reported of the past ("were due",
"was held") is left out.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .calendar import DATE

if TYPE_CHECKING:
    from bot.model import DeadlineKind

# Within a sentence: "U.S." and "11:59 p.m." do not end one.
_GAP = r"(?:[^.!?\n]|\n(?!\s*\n)|\.(?:(?!\s+[A-Z])|(?<=[ap]\.m\.)|(?<=U\.S\.)))"
# What was published, and what began, is not what is due.
_SAID = rf"(?:(?!publish|nominat|beginning|ended){_GAP})"
_ZONE = r"(?:,?\s\(?(?:E[SD]?T|[Ee]astern(?:\s(?:[Ss]tandard|[Dd]aylight))?(?:\s[Tt]ime)?|UTC|GMT)\)?)?"
_HOUR = rf"(?:(?:at\s)?(?:\d{{1,2}}(?::\d\d)?\s?[ap]\.?m\.?|midnight|noon){_ZONE},?\s(?:on\s)?)?"
_ON = rf"(?:(?:as\sof|on|from|by|starting|beginning)\s(?:or\s(?:before|after)\s)?)?{_HOUR}"
_BY = (
    r"(?:by|(?:on\sor\s)?before|no\slater\sthan|not\slater\sthan|until|through|due)\s(?:on\s)?(?:the\s)?"
    rf"(?:close\sof\sbusiness,?\s(?:on\s)?)?{_HOUR}"
)
_UNTIL = rf"(?:until|till|through|to)\s{_HOUR}"
_SPAN = rf"(?:from\s{_HOUR}{DATE},?\s)?"
_STARTING = r"(?:by|no\slater\sthan|beginning|starting|as\sof|on(?:\sor\safter)?|on\sand\safter)\s"
_EXTENDED = (
    r"(?:exclusions?|[Gg]eneral\s[Ll]icen[cs]es?(?:\s\w+)?|waivers?|suspension|truce|pause|moratorium|exemptions?"
    r"|authorizations?)"
)
_DUE = r"(?:must|should|shall|will\sbe|is|are|may|can|due|received|submitted|filed|accepted|requested|invited)"
_SEND = r"(?:[Ss]ubmit|[Ss]end|[Ff]ile|[Pp]rovide|receive|accept\w*|tak\w+|open\s(?:for|to))"
_HELD = r"(?:held|(?:re)?scheduled(?:\sto(?:\sbegin)?)?|set|take\splace|on|for|convened?|begin(?:ning|s)?|from|:)"
_INTO_FORCE = r"(?:tak(?:es?|ing)|go(?:es|ing)?|comes?|enter(?:s|ing)?|brought|put)\s(?:into\s)?(?:effect|force)"

_EXPIRY = (
    rf"\b[Ee]xpir(?:es?|ing|ation)\b(?:\s(?:dates?\b|of\b)(?:{_GAP}{{0,60}}?\b(?:is|of|to|until|through))?:?)?\s{_ON}",
    rf"\b[Ee]xpiration\sdate\b{_GAP}{{0,80}}?\s{_SPAN}{_UNTIL}",
    rf"\b(?:effective|in\seffect|valid|in\sforce)\s(?:only\s)?{_SPAN}{_UNTIL}",
    r"\bsunsets?\son\s",
    rf"\bexten(?:d|ds|ded|ding|sion\sof)\s{_GAP}{{0,80}}?\b{_EXTENDED}\b{_GAP}{{0,60}}?\s{_SPAN}{_UNTIL}",
)
_COMPLIANCE = (
    rf"\b[Cc]ompliance\s(?:[Dd]ates?|[Dd]eadlines?)\b(?:{_GAP}{{0,100}}?\b(?:is|are|until|to|be|of))?:?\s{_ON}",
    rf"\b[Cc]ompliance\s{_GAP}{{0,60}}?\b(?:required|mandatory|begins?)\s{_GAP}{{0,40}}?{_STARTING}",
    rf"\b(?:must|shall|required\sto)\s(?:be\sin\scompliance|comply)\b{_GAP}{{0,100}}?\s{_STARTING}",
)
_COMMENTS = (
    (
        rf"\b(?:[Cc]omments?|COMMENTS?|[Ww]ritten\s[Ss]ubmissions)\b(?!\s(?:were|was)\b){_SAID}{{0,160}}?\b{_DUE}\b"
        rf"{_SAID}{{0,120}}?\s{_BY}"
    ),
    (
        rf"\b(?:[Cc]omment(?:ing)?\speriods?|period\sfor\s(?:submitting\s)?comments?)\b{_SAID}{{0,100}}?\s"
        rf"(?:{_SPAN}{_UNTIL}|(?:clos(?:es?|ing)|end(?:s|ing)?|due)\s(?:is\s)?{_ON})"
    ),
    r"\b[Cc]omments?\s(?:due|close)(?:\sdate)?\s?:?\s(?:on\s|by\s)?",
    rf"\b{_SEND}\s{_SAID}{{0,60}}?\bcomments?\b{_SAID}{{0,100}}?\s{_BY}",
    rf"\b(?:[Dd]eadline|due\sdate)\sfor\s{_GAP}{{0,60}}?\bcomments?\b{_SAID}{{0,60}}?\s(?:{_SPAN}{_UNTIL}|is\s|{_BY})",
)
_HEARING = (
    (
        rf"\b(?:[Hh]earing|HEARING)\b(?!\s(?:officer|examiner|aid|was\b|were\b)){_GAP}{{0,60}}?\b{_HELD}\s"
        rf"(?:for\s|(?:in|at)\s{_GAP}{{1,60}}?\son\s)?{_ON}"
    ),
)
_EFFECTIVE = (
    (
        rf"(?<![\w-])(?:[Ee]ffective|EFFECTIVE)(?:\s[Dd]ates?|\sDATES?)?"
        rf"(?:\sof(?=\s{DATE})|\s(?:of|for)\s{_GAP}{{1,160}}?\s(?:is|are|until|to|will\sbe))?:?\s"
        rf"(?:is\s|will\sbe\s|until\s|beginning\s)?(?:retroactively\s)?{_ON}"
    ),
    (
        rf"\b(?:delay|postpon|defer|stay)\w*\s{_GAP}{{0,60}}?\beffective\sdates?\b{_GAP}{{0,120}}?\s"
        rf"(?:(?:from|effective|of)\s{DATE},?\s)?(?:until|to)\s"
    ),
    rf"\b{_INTO_FORCE}\s(?:(?:immediately|formally|officially|again|until)\s)?{_ON}",
    rf"(?:(?<=DATES: )|(?<=^)|(?<=\n)|(?<=\.\s))Applicable:?\s{_ON}",
)
_IN_ENGLISH: tuple[tuple[DeadlineKind, tuple[str, ...], tuple[str, ...]], ...] = (
    ("expiry", ("xpir", "ffective", "in effect", "in force", "sunset", "xten", "alid "), _EXPIRY),
    ("compliance", ("ompl",), _COMPLIANCE),
    ("comments", ("omment", "ubmission", "COMMENT"), _COMMENTS),
    ("hearing", ("earing", "HEARING"), _HEARING),
    ("effective", ("ffective", "FFECTIVE", "effect", "force", "pplicable"), _EFFECTIVE),
)

_THEN = rf"(?P<day>{DATE})"
_IN_CHINESE: tuple[tuple[DeadlineKind, str], ...] = (
    (
        "effective",
        (
            rf"(?:自|从|從)\s?{_THEN}\s?(?:零时|0时|00:00)?\s?起[^。；\n]{{0,30}}?"
            r"(?:施行|实施|實施|生效|执行|執行|加征|加徵)"
        ),
    ),
    ("effective", rf"(?:于|於)\s?{_THEN}\s?(?:起)?(?:正式)?(?:施行|实施|實施|生效)"),
    (
        "comments",
        (
            r"(?:意见|意見|评论|評論|反馈|反饋)[^。；\n]{0,30}?截止(?:时间|時間|日期|日)?[为為至到于於：:\s]{0,3}"
            rf"{_THEN}"
        ),
    ),
)
_SIGNS_IN_CHINESE = ("起", "截止", "实施", "實施", "施行", "生效")

COUNTS = {"thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90}
"""Numbers of days that notices spell out."""
_AFTER = (
    rf"(?P<count>\d{{1,3}}|{'|'.join(COUNTS)})\s(?:\(\d{{1,3}}\)\s)?(?:calendar\s)?days\s"
    r"(?:after|from|following|of)\s(?:the\s)?(?:date\sof\s)?(?:its\s|the\s)?publication"
)
_RELATIVE: tuple[tuple[DeadlineKind, str], ...] = (
    ("comments", rf"\b[Cc]omments?\b{_GAP}{{0,160}}?\s{_AFTER}"),
    ("compliance", rf"\b(?:[Cc]ompliance|comply)\b{_GAP}{{0,100}}?\s{_AFTER}"),
    ("effective", rf"\b(?:[Ee]ffective|effect|force)\b{_GAP}{{0,60}}?\s{_AFTER}"),
)


class Cue(NamedTuple):
    """A way to say what happens on a day; no text fits ``pattern`` that holds none of ``signs``."""

    kind: DeadlineKind
    signs: tuple[str, ...]
    pattern: re.Pattern[str]


@cache
def cues() -> tuple[Cue, ...]:
    """All ways to name a day, which is the group "day", in order of precedence."""
    english = [Cue(kind, signs, re.compile(f"(?:{'|'.join(ways)}){_THEN}")) for kind, signs, ways in _IN_ENGLISH]
    return *english, *(Cue(kind, _SIGNS_IN_CHINESE, re.compile(way)) for kind, way in _IN_CHINESE)


@cache
def cues_after_publication() -> tuple[Cue, ...]:
    """All ways to name a number of days, the group "count", after publication."""
    return tuple(Cue(kind, ("ublication",), re.compile(way)) for kind, way in _RELATIVE)
