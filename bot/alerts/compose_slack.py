"""An alert as a Slack message: Block Kit within its limits, with a text that says the same.

Limits from docs.slack.dev/reference/block-kit and chat.postMessage; all are kept after escaping. Text from
outside is cut, then escaped (``& < >``), and characters that would start bold, italics, strike-through or
code are replaced by look-alikes. ``verbatim`` keeps Slack from making links and mentions of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.text import cut

from . import wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import AlertContent, Joined, Outlet, Sentence, Why

    from .wording import Piece

# A text object holds 3,000 characters; what is added later (a note, a longer counter) must still fit.
SECTION = 2900
CONTEXT = 1900
REASON = 800
ADDRESS = 1300
TEXT = 3000
# Of one other message: its headline with both links; of all of them: so much that one always fits.
ONE_JOINED = 470
JOINED = 600
SHORT = 200
RULES = 6
OUTLETS = 8
DOT = "  ·  "
LOUD = {"high": ":large_orange_circle: *High*", "urgent": ":red_circle: *Urgent*"}
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_ALWAYS = str.maketrans({"*": "∗", "`": "ˋ"})
# Underscores and tildes mark text only at the edge of a word: snake_case stays as it is.
_EDGE_MARK = re.compile(r"(?<![^\W_])[_~]|[_~](?![^\W_])")
_LOOK_ALIKE = {"_": "ˍ", "~": "∼"}
# Bold needs something that is no letter on its outer side; where there is a letter (Chinese is written
# without spaces), a space without width stands in.
_ZERO_WIDTH = "\u200b"
_CHANNEL = re.compile(r"[A-Z0-9]{1,40}")
_TS = re.compile(r"[0-9]{1,20}\.[0-9]{1,10}")

Block = dict[str, Any]


def full(content: AlertContent) -> dict[str, Any]:
    """The arguments of chat.postMessage with blocks."""
    return {**message(_text(content)), "blocks": _first(content) if content.kind == "first" else _reply(content)}


def minimal(content: AlertContent) -> dict[str, Any]:
    """The arguments of chat.postMessage for a plain message that nothing can be wrong with."""
    rules = ", ".join(wording.rule_title(why) for why in content.why[:RULES])
    resent = wording.RESENT if content.resent else ""
    new = cut(f"New: {'; '.join(wording.news(content))}", SHORT) if content.kind == "new fact" else ""
    parts = [new, cut(wording.headline(content), SHORT), wording.source(content), rules, resent]
    text = _within([escape(part) for part in parts if part], " – ", TEXT // 2)
    address = _address(content.url)
    return message(f"{text}\n<{address}>" if address else text)


def escape(text: str) -> str:
    """Text that Slack shows as it stands."""
    text = _EDGE_MARK.sub(lambda mark: _LOOK_ALIKE[mark.group()], text.translate(_ALWAYS))
    return text.translate(_ENTITIES)


def bold(pieces: Sequence[Piece]) -> str:
    """A quoted sentence with the hits in bold."""
    out = ""
    for place, piece in enumerate(pieces):
        text = escape(piece.text)
        if not piece.hit:
            out += text
            continue
        after = pieces[place + 1].text if place + 1 < len(pieces) else ""
        before = _ZERO_WIDTH if out and not _opens(out[-1]) else ""
        behind = _ZERO_WIDTH if after and not _closes(after[0]) else ""
        out += f"{before}*{text}*{behind}"
    return out


def _opens(character: str) -> bool:
    return character.isspace() or character in "([{\"'“‘—–-/"


def _closes(character: str) -> bool:
    return character.isspace() or character in ")]}\"'”’—–-/.,;:!?…"


def message(text: str) -> dict[str, Any]:
    """The arguments of chat.postMessage that every message has."""
    return {"text": text, "unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}


def _first(content: AlertContent) -> list[Block]:
    """Headline, byline, quotes, reasons, copies."""
    same = wording.stands_for_headline(content)
    head = bold(wording.excerpt(same)) if same else f"*{linked(wording.headline(content), content.url)}*"
    blocks = [section(head), context(_byline(content, link_source=same is not None))]
    new = wording.news(content)
    blocks += [section("*New:* " + DOT.join(map(escape, new)))] if new else []
    blocks += _quotes(content, without=same)
    blocks += _reasons(content)
    blocks += [context(_outlets(what, others)) for what, others in wording.outlets(content)]
    return blocks + ([context(_joined(content))] if content.joined else [])


def _reply(content: AlertContent) -> list[Block]:
    """What is new stands first; the article follows, since it may be another one than the thread's."""
    titles = ", ".join(fitting([escape(wording.rule_title(why)) for why in content.why[:RULES]], CONTEXT))
    article = linked(cut(wording.headline(content), SHORT), content.url)
    new = [f"• {escape(one)}" for one in wording.news(content)]
    blocks = [section("\n".join(["*New in this story*", *new]))] if new else []
    if content.kind == "new rule" or not new:
        blocks.insert(0, section(f"Also matches *{titles}*" if titles else "Also in this story"))
    blocks += _quotes(content, without=None)
    blocks += _reasons(content)
    blocks.append(context(f"{article}{DOT}{_byline(content, link_source=False)}"))
    return blocks


def section(text: str) -> Block:
    """A paragraph of its own, at most SECTION characters of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def context(text: str) -> Block:
    """A paragraph in small print, at most CONTEXT characters of mrkdwn."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def linked(label: str, url: str | None) -> str:
    """The label as a link, or alone where there is no address for it."""
    address = _address(url)
    return f"<{address}|{_label(label)}>" if address else escape(label)


def _address(url: str | None) -> str | None:
    """The address as Slack wants it; none where it would take up the room of the message."""
    safe = wording.link(url)
    address = safe.translate(_ENTITIES) if safe else ""
    return address if 0 < len(address) <= ADDRESS else None


def _label(text: str) -> str:
    """A link's label; a bar inside it would be read as the border to the address."""
    return escape(text.replace("|", "¦"))


def _byline(content: AlertContent, *, link_source: bool) -> str:
    name = wording.source(content)
    parts = [linked(name, content.url) if link_source else escape(name), _date(content)]
    parts += [LOUD[content.severity]] if content.severity in LOUD else []
    return DOT.join([*parts, *map(escape, wording.notes(content))])


def _date(content: AlertContent) -> str:
    """The date in each reader's own time zone, where a time was told; Slack fills it in."""
    moment = content.published_at
    told = wording.date(moment)
    if moment is None or not wording.has_time(moment):
        return told
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}, {{time}}|{told}>"


def _quotes(content: AlertContent, *, without: Sentence | None) -> list[Block]:
    quotes = ["> " + bold(pieces) for pieces in wording.quotes(content, without=without)]
    return [section(_within(quotes, "\n", SECTION))] if quotes else []


def _reasons(content: AlertContent) -> list[Block]:
    """One line a rule: its title and what was found."""
    shown = fitting([_reason(why) for why in content.why[:RULES]], CONTEXT)
    more = escape(cut(wording.more_rules(content.why[len(shown) :]), SHORT))
    lines = [*shown, *([more] if more else [])]
    return [context("\n".join(lines))] if lines else []


def _reason(why: Why) -> str:
    phrases = ", ".join(fitting([escape(phrase) for phrase in wording.found(why)], REASON))
    title = f"*{escape(wording.rule_title(why))}*"
    return f"{title}: {phrases}" if phrases else title


def _outlets(what: str, others: Sequence[Outlet]) -> str:
    """Like "Also carried by 3 outlets: Reuters, AP and 1 more"."""
    names = [linked(wording.line(outlet.name, wording.NAME) or outlet.source, outlet.url) for outlet in others]
    shown = fitting(names[:OUTLETS], CONTEXT)
    rest = len(names) - len(shown)
    return f"*{what}*: " + ", ".join(shown) + (f" and {rest} more" if rest else "")


def _joined(content: AlertContent) -> str:
    """The headlines of the other messages on this story, each with a link to its article and one to the message."""
    shown = fitting([_other(one) for one in content.joined[: wording.JOINED]], JOINED)
    rest = len(content.joined) - len(shown)
    return f"*{wording.ONE_STORY}*: " + ", ".join(shown) + (f" and {rest} more" if rest else "")


def _other(other: Joined) -> str:
    headline = wording.joined_headline(other)
    article, message_link = linked(headline, other.url), _permalink(other)
    article = article if len(article) <= ONE_JOINED else escape(headline)
    return f"{article} (<{message_link}|message>)" if message_link else article


def _permalink(other: Joined) -> str | None:
    """The address of a message; Slack leads from it to the reader's own workspace.

    Like those of chat.getPermalink (docs.slack.dev), but for the workspace's name, which is not known here.
    """
    channel, ts = other.channel_id or "", other.ts or ""
    if not _CHANNEL.fullmatch(channel) or not _TS.fullmatch(ts):
        return None
    return f"https://slack.com/archives/{channel}/p{ts.replace('.', '')}"


def _text(content: AlertContent) -> str:
    """The whole alert as one text: notifications show its beginning, screen readers read all of it."""
    loud = wording.LOUD.get(content.severity)
    titles = ", ".join(wording.rule_title(why) for why in content.why[:RULES])
    opening = wording.headline(content)
    if content.kind == "new rule":
        opening = f"Also matches {titles}: {opening}"
    new = cut("; ".join(wording.news(content)), SHORT)
    if content.kind == "new fact" and new:
        opening = f"New: {new} – {opening}"
    parts = [escape(cut(f"{loud}: {opening}" if loud else opening, 2 * SHORT))]
    resent = f" ({wording.RESENT})" if content.resent else ""
    parts.append(escape(f"{wording.source(content)}, {wording.date(content.published_at)}{resent}"))
    parts += [escape(f"New: {new}")] if new and content.kind != "new fact" else []
    parts += ["".join(escape(piece.text) for piece in pieces) for pieces in wording.quotes(content)]
    parts += [escape(f"({content.excerpt_note})")] if content.excerpt_note else []
    parts += [_reason(why).replace("*", "") for why in content.why[:RULES]]
    for what, others in wording.outlets(content):
        names = ", ".join(wording.line(outlet.name, wording.NAME) for outlet in others[:OUTLETS])
        parts.append(escape(f"{what}: {names}"))
    parts += [escape("".join(piece for piece, _ in wording.one_story(content)))] if content.joined else []
    return _within(parts, "\n", TEXT)


def fitting(parts: Sequence[str], limit: int) -> list[str]:
    """As many whole parts as fit: markup must not be cut in its middle."""
    kept: list[str] = []
    for part in parts:
        limit -= len(part) + 2
        if limit < 0:
            break
        kept.append(part)
    return kept


def _within(parts: Sequence[str], joint: str, limit: int) -> str:
    return joint.join(fitting(parts, limit))
