"""Articles as lines of JSON, one object a line (https://jsonlines.org): how scripts and other programs hand texts over.

An object has ``title``, ``text`` or both, and as far as they are known ``url``, ``source`` (the outlet's name),
``published`` (a date in any form that feeds use), ``author``, ``lang`` and ``tier``. Other keys are passed over.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast, get_args

from bot.errors import Unreadable
from bot.model import Tier
from bot.text import clean, cut

from . import normalise
from .dates import parse_date
from .fingerprints import bounded
from .limits import MAX_TITLE
from .links import absolute

if TYPE_CHECKING:
    from bot.model import Article, Source

SUFFIXES = (".jsonl", ".ndjson")
_KEYS = ("title", "text", "url", "source", "published", "author", "lang", "tier")


def read_lines(text: str, source: Source) -> list[Article]:
    """The articles of ``text``, in order. Raises Unreadable, which names the line, at the first that holds none."""
    return [_article(line, number, source) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _article(line: str, number: int, source: Source) -> Article:
    given = _values(line, number)
    url = absolute(given["url"], None) if given["url"] else None
    published = parse_date(given["published"])
    if given["url"] and url is None:
        raise Unreadable(f'line {number}: url "{cut(given["url"], 80)}" is no web address; write it as https://…')
    if given["published"] and published is None:
        shown = cut(given["published"], 40)
        raise Unreadable(f'line {number}: published "{shown}" is no date; write it as 2026-01-31T12:00:00Z')
    body = given["text"]
    article = normalise.build(
        replace(source, tier=cast("Tier", given["tier"])) if given["tier"] else source,
        title=cut(" ".join(given["title"].split()), MAX_TITLE),
        body=body,
        url=url,
        author=cut(given["author"], MAX_TITLE),
        outlet=cut(given["source"], MAX_TITLE),
        lang=given["lang"] or source.lang,
        text_seen="full" if body else "title",
        published_raw=given["published"] or None,
        published_at=published,
        date_origin="published" if published else "unknown",
    )
    return normalise.keyed(article, bounded(article.canonical_url), "url") if article.canonical_url else article


def _values(line: str, number: int) -> dict[str, str]:
    """The object's known keys as clean texts, each of them there."""
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"line {number} is no JSON ({str(error)[:80]}); write one object a line") from error
    if not isinstance(found, dict):
        raise Unreadable(f'line {number} is no JSON object; write {{"title": "…", "text": "…"}}')
    for key in _KEYS:
        if not isinstance(found.get(key) or "", str):
            raise Unreadable(f"line {number}: {key} is no text; put it in quotes")
    given = {key: clean(found.get(key) or "").strip() for key in _KEYS}
    if not given["title"] and not given["text"]:
        raise Unreadable(f'line {number} has neither "title" nor "text"; write at least one of them')
    if given["tier"] and given["tier"] not in get_args(Tier):
        raise Unreadable(f'line {number}: tier "{cut(given["tier"], 40)}" is none of {", ".join(get_args(Tier))}')
    return given
