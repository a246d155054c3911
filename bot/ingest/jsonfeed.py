"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import html
import json
from typing import Any

from bot.errors import NotAFeed, TooLarge, Unreadable
from bot.model import Item, Refusal

from .dates import parse_date
from .fingerprints import refusal
from .limits import MAX_ITEMS
from .links import absolute
from .parsed import ParsedFeed

_MARKS = {"id", "url", "content_html", "content_text", "title"}


def parse_json(text: str, url: str | None = None) -> ParsedFeed:
    """The feed in ``text``. Raises NotAFeed for other JSON, Unreadable for what is none, TooLarge."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the answer begins like JSON but cannot be read as JSON: {_short(error)}") from error
    if not isinstance(data, dict) or not isinstance(data.get("items"), list) or not _is_feed(data):
        raise NotAFeed(
            "the answer is JSON, but not a JSON Feed (often an error message or a login page): check the feed's address"
        )
    if len(data["items"]) > MAX_ITEMS:
        raise TooLarge(f"the feed holds {len(data['items']):,} items; {MAX_ITEMS:,} is the most that is read")
    lang = _text(data.get("language")) or None
    entries = data["items"]
    return ParsedFeed(
        kind="json",
        title=html.unescape(_text(data.get("title"))),
        items=tuple(_item(entry, url) for entry in entries if isinstance(entry, dict)),
        lang=lang,
        refused=tuple(_refused(entry) for entry in entries if not isinstance(entry, dict)),
    )


def _refused(entry: object) -> Refusal:
    text = json.dumps(entry, ensure_ascii=False)
    return refusal(text, "an entry of a JSON Feed is an object, and this is none: tell its publisher")


def _is_feed(data: dict[str, Any]) -> bool:
    """Whether it says so, or at least has a title and items that look like it: versions are often left out."""
    if "jsonfeed.org" in str(data.get("version", "")):
        return True
    named = "title" in data or "version" in data
    return named and all(isinstance(entry, dict) and _MARKS & entry.keys() for entry in data["items"])


def _escaped(value: object) -> str:
    """Plain text as HTML. References in it were meant to be read: many feeds copy titles from web pages."""
    return html.escape(html.unescape(_text(value)), quote=False)


def _item(entry: dict[str, Any], url: str | None) -> Item:
    published = _text(entry.get("date_published")) or _text(entry.get("date_modified")) or None
    content = _text(entry.get("content_html")) or html.escape(_text(entry.get("content_text")), quote=False)
    link = _text(entry.get("url")) or _text(entry.get("external_url"))
    return Item(
        guid=_text(entry.get("id")) or None,
        link=absolute(link, url),
        title=_escaped(entry.get("title")),
        summary=_escaped(entry.get("summary")),
        content=content,
        author=_authors(entry),
        published_raw=published,
        published_at=parse_date(_text(entry.get("date_published"))),
        updated_at=parse_date(_text(entry.get("date_modified"))),
        lang=_text(entry.get("language")) or None,
    )


def _authors(entry: dict[str, Any]) -> str:
    """Version 1.1 has a list of authors, version 1 a single one."""
    listed = entry.get("authors")
    people = listed if isinstance(listed, list) else [entry.get("author")]
    return ", ".join(name for person in people if isinstance(person, dict) and (name := _text(person.get("name"))))


def _text(value: object) -> str:
    """A string or a number as text (ids are written as both); anything else is nothing."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    return str(value)


def _short(error: Exception) -> str:
    return str(error)[:100] if isinstance(error, ValueError) else "it is nested too deep"
