"""HTML to the text a reader sees."""

from __future__ import annotations

import html
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.text import is_clean

from .markup import too_deep
from .plainhtml import simple_text

MAX_HTML = 3_000_000  # characters; what stands behind is cut off
# Deeper nesting makes the tree builder's time grow with the square of the length: measured 17 s for 400 KB
# of nested <div>. Real pages stay below 100.
MAX_DEPTH = 200

_UNSEEN = "script,style,noscript,template,iframe,object,svg,math,head,title,select,textarea,button"
# What stands around the article. A page's <header> stays: the headline may be in it.
_AROUND = "nav,footer,aside,dialog:not([open]),[hidden]"
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A form with one of these is the page: some programs wrap the whole of it in a form.
_PAGE_IN_FORM = "main,article,h1,p ~ p ~ p"
_BLOCKS = (
    "address,article,aside,blockquote,caption,center,dd,details,dir,div,dl,dt,fieldset,figcaption,figure,footer,form,"
    "h1,h2,h3,h4,h5,h6,header,hr,legend,li,main,menu,nav,ol,p,pre,section,summary,table,tbody,tfoot,thead,tr,ul"
)
_CELLS = "td,th"
# Stand for what white space cannot yet say while runs of it are being collapsed.
_PARAGRAPH, _LINE, _CELL = "\x1d", "\x1e", "\x1f"
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_TAGS = re.compile(r"<!--.*?(?:-->|$)|<[/!?a-zA-Z][^<>]*>", re.DOTALL)
# A tag's attributes are compared with one another: 30,000 of them took 2.5 s. None of them is ever shown.
MAX_TAG = 4_000
_PAGE = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
_MARKS = re.compile("[\x1d-\x1f]")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")


def html_to_text(markup: str) -> str:
    """The visible text: paragraphs apart by a blank line, a line break as one, other white space as one space.

    Inline tags vanish without a trace, so that no word or phrase is split. Scripts, styles, navigation, footers,
    asides, forms and hidden elements are left out; markup of nothing but the latter five is read whole. Markup
    deeper than :data:`MAX_DEPTH` gives all that stands between its tags. Plain text passes through (its blank
    lines stay). Never raises.
    """
    markup = markup[:MAX_HTML].replace("\0", "")
    if "<" not in markup:
        return plain_to_text(html.unescape(markup) if "&" in markup else markup)
    markup = _without_marks(markup)
    if "\n" in markup and not _has_blocks(markup):
        markup = _BLANK_LINES.sub(_PARAGRAPH, markup)
    simple = simple_text(markup, _PARAGRAPH, _LINE)
    return _tidy(simple) if simple is not None else _any_text(markup)


def _any_text(markup: str) -> str:
    """By the tree."""
    markup = without_long_tags(markup)
    if markup.count("<") > MAX_DEPTH and too_deep(markup, MAX_DEPTH, xml=False):
        return _tidy(_flat_text(markup))
    return _tidy(_tree_text(markup, whole=False)) or _tidy(_tree_text(markup, whole=True))


def plain_to_text(text: str) -> str:
    """Plain text with its white space put in order: blank lines part paragraphs, other runs are one space."""
    text = _without_marks(text)
    return _tidy(_BLANK_LINES.sub(_PARAGRAPH, text) if "\n" in text else text)


def _without_marks(text: str) -> str:
    return text if _PARAGRAPH not in text and _LINE not in text and _CELL not in text else _MARKS.sub(" ", text)


def one_line(markup: str) -> str:
    """The visible text on one line, as a title is shown."""
    if "<" not in markup and "&" not in markup:
        return _single_spaced(markup[:MAX_HTML].replace("\0", ""))
    return _single_spaced(html_to_text(markup))


def _single_spaced(text: str) -> str:
    """Words with one space between them; a printable character that is white space is a space."""
    return text.strip(" ") if "  " not in text and text.isprintable() else " ".join(text.split())


def _has_blocks(markup: str) -> bool:
    return any(tag[2].lower() in _BLOCK_NAMES for tag in _TAG.finditer(markup))


_BLOCK_NAMES = frozenset([*_BLOCKS.split(","), "br", "td"])


def without_long_tags(markup: str) -> str:
    """The markup without the attributes of tags that are absurdly long."""
    pieces: list[str] = []
    done = start = 0
    while (start := markup.find("<", start)) >= 0:
        end = markup.find(">", start)
        end = len(markup) if end < 0 else end
        if end - start > MAX_TAG and (tag := _TAG.match(markup, start)):
            pieces.append(markup[done : tag.end()])
            done = end
        start = end
    pieces.append(markup[done:])
    return "".join(pieces)


def _tree_text(markup: str, *, whole: bool) -> str:
    """The text of the page, ``whole`` or without what stands around the article."""
    # A fragment that opens with <noscript> or <template> would otherwise be read as a page's head.
    tree = LexborHTMLParser(markup if _PAGE.search(markup) else "<body>" + markup)
    for node in tree.css(_UNSEEN):
        if node.tag != "title" or node.parent is None or node.parent.tag != "head":
            node.decompose()
    if not whole:
        for node in _around(tree):
            node.decompose()
    body = tree.body  # asked only now: one whose place a frameset took is still there until something is removed
    if body is None:
        return ""
    for selector, mark in ((_BLOCKS, _PARAGRAPH), (_CELLS, _CELL)):
        for node in body.css(selector):
            node.insert_before(mark)
            node.insert_after(mark)
    for node in body.css("br"):
        node.replace_with(_LINE)
    return body.text(deep=True, separator="")


def _around(tree: LexborHTMLParser) -> list[LexborNode]:
    """The elements that are not the article; never the page itself, which scripts may hide until they have run."""
    found = tree.css(_AROUND)
    found += [node for node in tree.css("[style]") if _HIDING.search(node.attributes["style"] or "")]
    found += [form for form in tree.css("form") if not form.css_first(_PAGE_IN_FORM)]
    return [node for node in found if node.tag not in ("html", "body")]


def _flat_text(markup: str) -> str:
    """Without a tree: every tag is a gap."""
    return html.unescape(_TAGS.sub(_CELL, markup))


def _tidy(text: str) -> str:
    text = text.replace("\n", " ").replace(_CELL, " ").replace(_LINE, "\n")
    paragraphs = text.split(_PARAGRAPH)
    if "\n" not in text and "  " not in text:
        tidy = "\n\n".join([shown for one in paragraphs if (shown := one.strip(" "))])
        if is_clean(tidy):  # no white space in it but these
            return tidy
    return "\n\n".join([shown for one in paragraphs if (shown := _lines(one))])


def _lines(paragraph: str) -> str:
    """The lines of a paragraph; an empty one between two (``<br><br>``) parts paragraphs."""
    if "\n" not in paragraph:
        return _single_spaced(paragraph)
    lines = [_single_spaced(line) for line in paragraph.split("\n")]
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip("\n")
