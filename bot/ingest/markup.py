"""Feed XML made safe to parse: what comes before the first element is cut off, what no parser accepts is mended."""

from __future__ import annotations

import html
import re
from collections import Counter
from html.entities import html5

# Characters that XML 1.0 (§2.2) does not allow even as references.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&(?!lt;|gt;|amp;|quot;|apos;)(#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]{0,40});")
_LONG_SPACE = re.compile(r"[ \t\r\n]{16,}")
_ELEMENT = re.compile(r"<([A-Za-z_][\w.-]*(?::[\w.-]+)?)")
_FEED_START = re.compile(r"<(?:[\w-]+:)?(?:rss|RDF|feed)\s[^<>]{0,200}(?:version|xmlns)")
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_RESCUE_WITHIN = 20_000
_LONGEST_REFERENCE = 10
_TOKEN = re.compile(r"<(?:!\[CDATA\[|!--|(/?)([A-Za-z_][\w.:-]*))")
_CLOSES_ITSELF = re.compile(r"[^<>]*/>")
_LEFT_OPEN = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "li",
        "p",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "option",
        "thead",
        "tbody",
    }
)


def root(text: str) -> tuple[str, int]:
    """The name of the first element and where it begins; ("", 0) if there is none.

    The XML declaration, comments, processing instructions and a document type with all its entity
    declarations are passed over. Linear in the length of the text.
    """
    place = 0
    while (place := text.find("<", place)) >= 0:
        if found := _ELEMENT.match(text, place):
            return found[1], place
        if text.startswith("<!--", place):
            place = text.find("-->", place)
        elif text.startswith("<!", place):
            place = _declaration_end(text, place)
        else:
            place = text.find(">", place)
        if place < 0:
            break
        place += 1
    return "", 0


def _declaration_end(text: str, place: int) -> int:
    """Where the ">" of ``<!DOCTYPE …>`` is, its inner part in brackets included; -1 without one."""
    close, bracket = text.find(">", place), text.find("[", place)
    if 0 <= bracket < close:
        inner = text.find("]", bracket)
        return text.find(">", inner) if inner >= 0 else -1
    return close


def rescue(text: str) -> int:
    """Where a feed begins behind text that does not belong to it, such as a program's warnings; -1 if nowhere."""
    head = text[:_RESCUE_WITHIN]
    found = None if _PAGE.search(head) else _FEED_START.search(head)
    return found.start() if found else -1


def mend(text: str) -> str:
    """The text without forbidden characters and long white space, and with no entity but XML's own five.

    The parser is called once for each line feed, so 100,000 of them in a row cost a third of a second.
    """
    return references(shortened(_FORBIDDEN.sub("", text)))


def shortened(text: str) -> str:
    """The text with 16 blanks and more in a row made one, or two line feeds if there were as many."""
    return _LONG_SPACE.sub(lambda run: "\n\n" if run[0].count("\n") > 1 else " ", text)


def references(text: str) -> str:
    """The text with no named entity but XML's own five, and no reference to a character that is not allowed."""
    return _REFERENCE.sub(_known_reference, text)


def _known_reference(reference: re.Match[str]) -> str:
    name = reference[1]
    if name[0] != "#":
        return html5.get(name + ";", f"&amp;{name};")
    if len(name) > _LONGEST_REFERENCE:
        return "\ufffd"
    point = int("0" + name[1:], 0) if name[1] in "xX" else int(name[1:])
    if 0x80 <= point < 0xA0:  # written by programs that think in Windows-1252
        return html.unescape(reference[0])
    allowed = point in (9, 10, 13) or 0x20 <= point < 0xD800 or 0xE000 <= point < 0xFFFE or 0x10000 <= point < 0x110000
    return reference[0] if allowed else "\ufffd"


def too_deep(text: str, limit: int, *, xml: bool) -> bool:
    """Whether more than ``limit`` elements are open at once. CDATA sections are passed over in ``xml`` only.

    Elements that HTML lets stand open do not count: feeds that are not well-formed hold many of them.
    """
    open_elements: Counter[str] = Counter()
    depth = place = 0
    while token := _TOKEN.search(text, place):
        place = token.end()
        name = (token[2] or "").lower()
        if not name:
            place = _section_end(text, token[0], place, xml=xml)
        elif (
            name in _LEFT_OPEN or (token[1] and not open_elements[name]) or (xml and _CLOSES_ITSELF.match(text, place))
        ):
            continue
        else:
            step = -1 if token[1] else 1
            open_elements[name] += step
            depth += step
        if depth > limit:
            return True
    return False


def _section_end(text: str, opening: str, place: int, *, xml: bool) -> int:
    if opening == "<![CDATA[" and not xml:
        return place
    end = text.find("]]>" if opening == "<![CDATA[" else "-->", place)
    return len(text) if end < 0 else end
