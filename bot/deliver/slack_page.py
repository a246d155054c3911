"""A Slack channel as a web page: the messages' own blocks, in Slack's look, for previews and for the README's picture.

Knows the blocks and the mrkdwn that Presswatch composes: sections and contexts; bold, links, dates, quotes, emoji.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

EMOJI = {":large_orange_circle:": "🟠", ":red_circle:": "🔴", ":warning:": "⚠️", ":white_check_mark:": "✅"}
TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
BOLD = re.compile(r"\*([^*\n]+)\*")
STYLE = """
* { box-sizing: border-box }
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.466 "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  font-variant-ligatures: none; -webkit-font-smoothing: antialiased }
header { padding: 13px 20px; border-bottom: 1px solid #e8e8e8; font-size: 17px; font-weight: 700 }
header span { color: #616061; font-weight: 400; margin-right: 4px }
article { display: grid; grid-template-columns: 36px 1fr; gap: 0 10px; padding: 14px 20px 2px }
article + article { padding-top: 10px }
main { padding-bottom: 18px }
.face { width: 36px; height: 36px; border-radius: 8px; background: #1f3a4d; color: #fff; display: grid;
  place-items: center; font-weight: 700; font-size: 19px }
.name { font-weight: 700 }
.badge { font-size: 10px; font-weight: 700; color: #616061; background: #eee; border-radius: 2px; padding: 1px 3px;
  margin: 0 5px; vertical-align: 1px }
.at { font-size: 12px; color: #616061 }
.section { margin: 2px 0 }
.context { font-size: 13px; line-height: 1.38; color: #616061; margin: 5px 0 }
blockquote { margin: 5px 0; padding: 2px 0 2px 14px; border-left: 4px solid #ddd }
a { color: #1264a3; text-decoration: none }
b { font-weight: 700 }
.emoji { font-family: "Noto Color Emoji", "Apple Color Emoji", sans-serif; font-size: 85% }
"""


def page(channel: str, messages: Iterable[Mapping[str, Any]], *, app: str) -> str:
    """The page; ``messages`` are those of conversations.history, oldest first. Times are shown in UTC."""
    shown = "".join(_article(message, app) for message in messages)
    head = f'<!doctype html><meta charset="utf-8"><title>Slack</title><style>{STYLE}</style>'
    return f"{head}<header><span>#</span>{channel}</header><main>{shown}</main>\n"


def _article(message: Mapping[str, Any], app: str) -> str:
    at = f'<span class="at">{_time(float(message["ts"]))}</span>'
    head = f'<div><span class="name">{app}</span><span class="badge">APP</span>{at}</div>'
    blocks = "".join(map(_block, message["blocks"]))
    return f'<article><div class="face">{app[0]}</div><div>{head}{blocks}</div></article>'


def _block(block: Mapping[str, Any]) -> str:
    return f'<div class="{block["type"]}">{"".join(map(mrkdwn, _texts(block)))}</div>'


def _texts(block: Mapping[str, Any]) -> list[str]:
    """A block's texts; raises KeyError for a kind that Presswatch does not compose."""
    texts = {"section": lambda: [block["text"]["text"]], "context": lambda: [e["text"] for e in block["elements"]]}
    return texts[block["type"]]()


def plain(blocks: Iterable[Mapping[str, Any]]) -> str:
    """The blocks as lines of plain text: bold between asterisks, links behind what they stand under."""
    return "\n".join(html.unescape(TOKEN.sub(_plain_token, text)) for block in blocks for text in _texts(block))


def mrkdwn(text: str) -> str:
    """Slack's marks as HTML. The text comes with ``& < >`` escaped, as Slack wants it, and so may stand as it is."""
    out = []
    for line in text.split("\n"):
        quoted = line.startswith("> ")
        marked = BOLD.sub(r"<b>\1</b>", TOKEN.sub(_token, line.removeprefix("> ")))
        for name, sign in EMOJI.items():
            marked = marked.replace(name, f'<span class="emoji">{sign}</span>')
        out.append(("blockquote" if quoted else "div", marked))
    return "".join(f"<{tag}>{marked}</{tag}>" for tag, marked in _joined(out))


def _joined(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Lines of one quote in one quote."""
    out: list[tuple[str, str]] = []
    for tag, marked in lines:
        if tag == "blockquote" and out and out[-1][0] == tag:
            out[-1] = (tag, f"{out[-1][1]}<br>{marked}")
        else:
            out.append((tag, marked))
    return out


def _token(found: re.Match[str]) -> str:
    target, label = found.groups()
    return _date(target) if target.startswith("!date^") else f'<a href="{target}">{label or target}</a>'


def _plain_token(found: re.Match[str]) -> str:
    target, label = found.groups()
    if target.startswith("!date^"):
        return _date(target)
    return f"{label} ({target})" if label else target


def _date(target: str) -> str:
    """A date as Slack shows it, in UTC."""
    _, stamp, form, *_ = target.split("^")
    at = datetime.fromtimestamp(int(stamp), UTC)
    return form.format(date_short_pretty=f"{at:%b} {at.day}{_ordinal(at.day)}, {at.year}", time=_time(int(stamp)))


def _time(stamp: float) -> str:
    return f"{datetime.fromtimestamp(stamp, UTC):%I:%M %p}".lstrip("0")


def _ordinal(day: int) -> str:
    return "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
