"""Simple HTML to text without a tree: the few tags that most articles are made of, each closed where it should be.

For these the text of the tree is the text between the tags, with a mark for each edge of a block. Whatever a
browser would have to repair, hide or interpret is refused, and :mod:`bot.ingest.htmltext` builds the tree. A
differential test holds the two together.
"""

from __future__ import annotations

import html
import re

_NAME = r"\s+[a-z][a-z0-9:-]*"
_COMMENT = "<!--(?:[^<>-]|-(?!-))*-->"
_TAG = re.compile(rf"""{_COMMENT}|<(/?)([a-z][a-z0-9]*)(?:{_NAME}(?:="[^"<>]*"|='[^'<>]*')?)*\s*/?>""")
_OPENED = re.compile("<[^<>]*")
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "em", "font", "i", "img", "mark", "q", "small", "span", "strong", "sub", "sup"}
    | {"time", "u"}
)
_LISTS = ("ul", "ol")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_NESTING = _HEADINGS | {
    "article",
    "blockquote",
    "div",
    "figcaption",
    "figure",
    "header",
    "li",
    "main",
    "ol",
    "section",
    "ul",
}
# References on which all readers agree: with a semicolon, and of no control character.
_REFERENCE = re.compile(
    r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#(?:3[2-9]|[4-9][0-9]|1[6-9][0-9]|[2-9][0-9]{2}|[1-4][0-9]{4}|[1-9][0-9]{3}));|&\s"
)


def simple_text(markup: str, paragraph: str, line: str) -> str | None:
    """The text of ``markup`` with ``paragraph`` at each edge of a block and ``line`` for a line break.

    None if it is not simple. References are resolved, white space is left as it is.
    """
    if _may_hide(markup):
        return None
    pieces: list[str] = _TAG.split(markup)
    if not _is_text(pieces[::3]):
        return None
    blocks: list[str] = []
    for place in range(2, len(pieces), 3):
        name, closes = pieces[place], pieces[place - 1]
        if name is None or name in _INLINE:  # a comment has no name
            mark = ""
        elif name == "p":
            mark = paragraph
        elif name == "br" and not closes:
            mark = line
        elif name in _NESTING and _fits(blocks, name, closes):
            mark = paragraph
        else:
            return None
        pieces[place], pieces[place - 1] = mark, ""
    if blocks:
        return None
    text = "".join(pieces)
    return html.unescape(text) if "&" in text else text


def _may_hide(markup: str) -> bool:
    """Whether an element might be hidden, by its attribute or its style."""
    small = markup.lower()
    if "hidden" in small:
        return True
    # A style may be written with references.
    return "style" in small and (
        "none" in small or any("style" in tag and "&" in tag for tag in _OPENED.findall(small))
    )


def _is_text(pieces: list[str]) -> bool:
    """Whether no tag is left, and each ampersand begins a reference or stands alone."""
    text = " ".join(pieces)
    return "<" not in text and ("&" not in text or text.count("&") == len(_REFERENCE.findall(text)))


def _fits(blocks: list[str], name: str, closes: str) -> bool:
    """Whether a block may begin or end here without any other being closed by it; keeps those that are open."""
    if closes:
        return bool(blocks) and blocks.pop() == name
    if name == "li" and blocks and blocks[-1] not in _LISTS:
        return False
    if name in _HEADINGS and not _HEADINGS.isdisjoint(blocks):
        return False
    blocks.append(name)
    return True
