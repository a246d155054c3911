"""Notices in words: one message for all that is told at a time, as Slack and the terminal show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import compose_feed, compose_webhook, wording
from . import compose_slack as slack
from .compose_console import line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import DestinationKind

    from .notices import Kind, Notice, Step

# More of one kind have one cause as a rule, and a list that nobody reads to its end hides it.
SHOWN = 6
DETAIL = 300
OPENING: dict[Step, str] = {"begins": "", "changed": "Changed: ", "lasts": "Still: ", "over": "Over: "}
# What keeps alerts back comes first.
NOUN: dict[Kind, str] = {
    "clock": "clocks",
    "queue": "queues",
    "unknown": "queues with messages in doubt",
    "lost": "destinations",
    "config": "configurations",
    "rule": "rules or files",
    "source": "sources",
    "volume": "rules beside their expect",
}
HEADLINE = "Presswatch needs a look"
GOOD_NEWS = "Presswatch is well again"
WARNING, GOOD = ":warning:", ":white_check_mark:"


def compose_notices(notices: Sequence[Notice], kind: DestinationKind) -> dict[str, Any]:
    """One message for all of them, {"full", "minimal"}, in the shape that the senders of ``kind`` take."""
    headline = GOOD_NEWS if all(notice.step == "over" for notice in notices) else HEADLINE
    if kind == "webhook":
        return compose_webhook.notices(headline, notices)
    if kind in ("feed", "apprise"):
        return compose_feed.listed(headline, [sentence(notice) for notice in notices], "notice")
    shown = _shown(notices)
    return _slack(headline, shown, notices) if kind == "slack" else _console(headline, shown, notices)


def _slack(headline: str, shown: Sequence[Notice], notices: Sequence[Notice]) -> dict[str, Any]:
    sentences = [slack.escape(sentence(notice)) for notice in shown]
    marked = [f"{_mark(notice)} {said}" for notice, said in zip(shown, sentences, strict=True)]
    # Room is left for the lines that count what is not shown; what does not fit is counted by them, too.
    fitting = slack.fitting(marked, slack.SECTION - 500)
    rest = [slack.escape(each) for each in _rest(shown[: len(fitting)], notices)]
    plain = slack.message("\n".join([headline, *sentences[: len(fitting)], *rest]))
    return {
        "full": {**plain, "blocks": [slack.section("\n".join([f"*{headline}*", *fitting, *rest]))]},
        "minimal": plain,
    }


def _mark(notice: Notice) -> str:
    return GOOD if notice.step == "over" else WARNING


def _console(headline: str, shown: Sequence[Notice], notices: Sequence[Notice]) -> dict[str, Any]:
    lines = [line([[headline, "loud", None]], 0)]
    for notice in shown:
        mark = "✓ " if notice.step == "over" else "! "
        lines.append(line([[mark, "loud", None], [sentence(notice), "quote", None]], 2, 2))
    lines += [line([[each, "meta", None]], 2) for each in _rest(shown, notices)]
    return {"full": {"lines": lines, "counter": []}, "minimal": {"lines": lines[:2], "counter": []}}


def _shown(notices: Sequence[Notice]) -> list[Notice]:
    """The first few of each kind; what is over comes after what is not."""
    found: list[Notice] = []
    for kind in NOUN:
        found += [notice for notice in notices if notice.trouble.kind == kind][:SHOWN]
    return sorted(found, key=lambda notice: notice.step == "over")


def _rest(shown: Sequence[Notice], notices: Sequence[Notice]) -> list[str]:
    """A line for each kind of which not all are shown."""
    lines = []
    for kind, noun in NOUN.items():
        all_, seen = (sum(notice.trouble.kind == kind for notice in each) for each in (notices, shown))
        if all_ > seen:
            lines.append(f"and {all_ - seen} more {noun}: presswatch doctor lists what is not well")
    return lines


def sentence(notice: Notice) -> str:
    """A trouble in one sentence, with its remedy."""
    trouble = notice.trouble
    title, detail = wording.line(trouble.title, 2 * wording.NAME), wording.line(trouble.detail, DETAIL)
    remedy = f" → {wording.line(trouble.remedy, DETAIL)}" if trouble.remedy else ""
    return f"{OPENING[notice.step]}{title}: {detail}{remedy}"
