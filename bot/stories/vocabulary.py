"""Words that weigh in the comparison of two texts, and words that do not."""

from __future__ import annotations

import re

# A change of kind, not of subject: the same words come again, but something is different now.
UPDATES = {
    "correction": re.compile(
        r"\b(?:correct(?:s|ed|ion|ions|ing)|corrigend(?:um|a)|errat(?:um|a)|refile)\b|更正|勘误", re.IGNORECASE
    ),
    "extension": re.compile(r"\b(?:exten(?:d|ds|ded|ding|sion|sions)|prolong\w*)\b|延长|延期", re.IGNORECASE),
    "reopening": re.compile(r"\bre-?open(?:s|ed|ing)?\b|重新开放", re.IGNORECASE),
    "withdrawal": re.compile(
        r"\b(?:withdr(?:aw|aws|awn|awal|awing|ew)|rescind\w*|rescission|retract\w*)\b|撤回|撤销", re.IGNORECASE
    ),
    "delay": re.compile(r"\b(?:delay(?:s|ed|ing)?|postpone\w*)\b|推迟", re.IGNORECASE),
    "update": re.compile(r"\bupdat(?:e|es|ed|ing)\b|更新", re.IGNORECASE),
    "amendment": re.compile(
        r"\b(?:amend(?:s|ed|ing|ment|ments)?|revis(?:e|es|ed|ing|ion|ions))\b|修订|修正", re.IGNORECASE
    ),
}

# Letters that any such word has: looking for them is many times as fast.
UPDATE_HINTS = {
    "correction": ("correct", "corrig", "errat", "refile", "更正", "勘误"),
    "extension": ("exten", "prolong", "延"),
    "reopening": ("open", "重新开放"),
    "withdrawal": ("withdr", "resci", "retract", "撤"),
    "delay": ("delay", "postpon", "推迟"),
    "update": ("updat", "更新"),
    "amendment": ("amend", "revis", "修"),
}


def announced(text: str) -> set[str]:
    """The changes of kind that a text speaks of."""
    folded = text.casefold()
    hinted = (kind for kind, hints in UPDATE_HINTS.items() if any(hint in folded for hint in hints))
    return {kind for kind in hinted if UPDATES[kind].search(text)}


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NEGATIONS = _set("not no never none without nor neither cannot wont dont doesnt didnt isnt arent wasnt 不 没 未 无")

# Where one of these stands for another, the sentence says something else.
TURNS = _set("""
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth last next previous
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday preliminary final interim proposed
    hundred thousand million billion trillion $ € £ ¥ 百 千 万 亿
    import imports export exports increase increases decrease decreases rise rises fall falls up down above below
    higher lower more less before after approve approves approved reject rejects rejected remove removes removing
    removed grant grants granted deny denies denied begin begins end ends
""") | _set("""
    open opens opened close closes closed win wins won lose loses lost profit profits loss losses buy sell sells sold
    bought gain gains gained cut cuts lower lowers lowered raise raises raised lift lifts lifted drop drops dropped
    climb climbs climbed jump jumps jumped slide slides slid shrink shrank grow grows grew expand expands contract
    contracts dead injured wounded killed missing arrested released north south east west northern southern eastern
    western left right man woman men women boy girl dismiss dismissed uphold upheld annul annulled overturned accept
    accepted refuse refused suspend suspends suspended resume resumes resumed impose imposes imposed withdraw
    withdraws withdrew withdrawn pause paused extend extends extended cancel cancelled canceled confirm confirmed
    denial ban bans banned allow allows allowed permit support supports supported oppose opposes opposed guilty
    innocent convicted acquitted best worst largest smallest highest lowest strongest weakest earlier later
    morning evening half double
""")

# What an editor changes without changing what is said.
STYLE = _set("""
    a an the of in on at to for from by with that which who whose this these those its their his her and or as is
    was are were be been has have had will would said says told saying tells added adds also it he she they
    mr mrs ms dr percent us usa united states america uk britain kingdom prc
""")

# Words that headlines share whatever they speak of.
EMPTY_WORDS = STYLE | _set(
    "new over amid after before into out up down off about how why what when more than not no but s"
)

_ENDINGS = frozenset(["", "s", "es", "d", "ed", "ing", "n", "ly", "al"])


def same_word(left: str, right: str) -> bool:
    """Whether two words, in the form of :func:`bot.stories.wording.common_form`, are one with another ending.

    Only endings of grammar count: Niger and Nigeria, or Austria and Australia, are no such pair.
    """
    left, right = sorted((left, right), key=len)
    return right.startswith(left) and right[len(left) :] in _ENDINGS and (len(left) > 3 or left == right)
