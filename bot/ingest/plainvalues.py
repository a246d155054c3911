"""Texts, addresses and dates of a plain feed, as feedparser 6.0.14 hands them on; NotPlain where that is not known."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .plaintags import LANG, NotPlain

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "text/plain": "text/plain"}
_TYPES |= {"text/html": "text/html"}
_CONTROLS = re.compile("[\x80-\x9f]")
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)/+")
# Dates on which feedparser does not fail, whatever it makes of them.
_DATE = re.compile(r"[A-Za-z0-9 ,:+.()-]{0,60}")


def check_attribute(element: ET.Element, name: str) -> None:
    """Refuse an attribute that changes what stands inside the element."""
    local = name.rpartition("}")[2].lower()
    if local == "base" or (local == "lang" and len(element)):
        raise NotPlain


def text_of(element: ET.Element) -> str:
    """The text of an element that holds no other."""
    if len(element):
        raise NotPlain
    text = (element.text or "").strip()
    return text if text.isascii() else fixed(text)


def fixed(text: str) -> str:
    """UTF-8 that was taken for Latin-1 on its way is put right, as feedparser does."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    if _CONTROLS.search(text):  # feedparser takes them for Windows-1252
        raise NotPlain
    return text


def address(text: str) -> str:
    """An address with two slashes behind its scheme, where there were more."""
    return _SLASHES.sub(r"\1", text) if ":///" in text else text


def construct(element: ET.Element, kind: str, lang: str | None) -> dict[str, Any]:
    """A text construct: its value and what it says it is."""
    for name, value in element.items():
        local = name.rpartition("}")[2].lower()
        if name == "type":
            kind = _TYPES.get(value.lower(), "")
        elif name == LANG:
            lang = value or None
        elif local in ("type", "mode", "lang"):
            raise NotPlain
    if not kind:  # markup that is not escaped, or what is no text
        raise NotPlain
    return {"type": kind, "value": text_of(element), "language": lang and lang.replace("_", "-")}


def moment(element: ET.Element) -> str:
    """The date in an element, as it is written."""
    text = text_of(element)
    if not _DATE.fullmatch(text):
        raise NotPlain
    return text
