"""Many alerts in one message: a line each, with its headline, its link, where it comes from and the rules that hit.

So many as the destination has room for; the caller puts the rest into the next message. There is no smaller form:
what a service refuses goes out one by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model.words import plural
from bot.text import cut

from . import compose_feed, wording
from . import compose_slack as slack
from .compose_console import INDENT, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import AlertContent, DestinationKind

MOST = 40
"""Alerts in one message, at most: a list that is longer nobody reads."""
# Slack refuses about 13,000 characters over all blocks, many services behind Apprise about 4,000.
ROOM: dict[DestinationKind, int] = {"slack": 11_000, "apprise": 3_500}
# Of a line, its address included; what comes after the headline is left out where it would not fit.
LINE = 2_400
HEADLINE = 150
RULES = 2
WHY = "in one message, because many came at once"


def compose_group(contents: Sequence[AlertContent], kind: DestinationKind) -> tuple[dict[str, Any], int]:
    """One message, {"full", "minimal", "alerts"}, for the first of ``contents``, and for how many: one at least.

    ``alerts`` is that number, too.
    """
    if kind == "slack":
        shown = _fitting([_slack_line(content) for content in contents[:MOST]], ROOM["slack"])
        message = _slack(contents[: len(shown)], shown)
    elif kind == "console":
        shown = [_plain(content) for content in contents[:MOST]]
        message = _console(contents[: len(shown)])
    else:
        told = [f"{_plain(content)} {wording.link(content.url) or ''}".rstrip() for content in contents[:MOST]]
        shown = _fitting(told, ROOM["apprise"])
        message = compose_feed.listed(title(contents[: len(shown)]), shown, "group")["full"]
    return {"full": message, "minimal": message, "alerts": len(shown)}, len(shown)


def title(contents: Sequence[AlertContent]) -> str:
    """What the message calls itself."""
    return f"{plural(len(contents), 'alert')} {WHY}"


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    return slack.fitting(lines, room) or list(lines[:1])


def _before(content: AlertContent) -> str:
    """What a reply says before the headline of the article that brought it."""
    if content.kind == "first":
        return ""
    new = "; ".join(wording.news(content))
    return cut(f"New: {new} – ", wording.NEWS_LINE) if new else "Also matches: "


def _after(content: AlertContent) -> list[str]:
    rules = ", ".join(wording.rule_title(why) for why in content.why[:RULES])
    more = len(content.why) - RULES
    return [wording.source(content), f"{rules} and {more} more" if more > 0 else rules]


def _headline(content: AlertContent) -> str:
    return cut(wording.headline(content), HEADLINE)


def _plain(content: AlertContent) -> str:
    return " – ".join(filter(None, [_before(content) + _headline(content), *_after(content)]))


# ── Slack ────────────────────────────────────────────────────────────────────────────────────────


def _slack(contents: Sequence[AlertContent], lines: Sequence[str]) -> dict[str, Any]:
    text = "\n".join(
        slack.fitting(
            [slack.escape(title(contents)), *(f"• {slack.escape(_headline(content))}" for content in contents)],
            slack.TEXT,
        )
    )
    blocks = [slack.section(f"*{slack.escape(title(contents))}*"), *map(slack.section, _paragraphs(lines))]
    return {**slack.message(text), "blocks": blocks}


def _slack_line(content: AlertContent) -> str:
    said = f"• {slack.escape(_before(content))}{slack.linked(_headline(content), content.url)}"
    for part in filter(None, _after(content)):
        more = f"{slack.DOT}{slack.escape(part)}"
        said += more if len(said) + len(more) <= LINE else ""
    return said


def _paragraphs(lines: Iterable[str]) -> list[str]:
    """The lines in as few blocks as have room for them."""
    found: list[str] = []
    for each in lines:
        if found and len(found[-1]) + len(each) + 1 <= slack.SECTION:
            found[-1] += f"\n{each}"
        else:
            found.append(each)
    return found


# ── the terminal ─────────────────────────────────────────────────────────────────────────────────


def _console(contents: Sequence[AlertContent]) -> dict[str, Any]:
    lines = [line([[title(contents), "headline", None]], 0)]
    for content in contents:
        url = wording.link(content.url)
        after = " – ".join(filter(None, _after(content)))
        head = [_before(content), "label", None], [_headline(content), "quote", url], [f" – {after}", "meta", None]
        lines.append(line([["• ", "label", None], *head], INDENT, INDENT))
        lines += [line([[url, "link", url]], 2 * INDENT)] if url else []
    return {"lines": lines, "counter": []}
