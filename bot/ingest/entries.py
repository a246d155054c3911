"""What is kept of a feed and its entries, whichever parser read them.

Both parsers give the same fields, named as feedparser names them: ``id``, ``link``, ``title_detail``,
``summary``, ``summary_detail``, ``content``, ``author``, ``published``, ``updated``, ``language``,
``feedburner_origlink`` and ``pheedo_origlink`` of an entry; ``title_detail``, ``ttl``, ``sy_updateperiod``,
``sy_updatefrequency`` and ``language`` of a feed. A text construct is a mapping with ``type``, ``value``
and ``language``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from bot.model import Item

from .dates import parse_date
from .htmltext import one_line
from .links import absolute

_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}
Fields = Mapping[str, Any]  # a FeedParserDict, or what it holds


def item(entry: Fields, url: str | None, *, atom: bool) -> Item:
    """The item that an entry of a feed at ``url`` stands for; ``atom``: its texts say whether they are markup."""
    published, updated = _raw(entry, "published"), _raw(entry, "updated")
    if not atom and published is None:  # dc:date, the only date that RSS 1.0 knows
        published, updated = updated, None
    published_at = parse_date(published)
    contents = entry.get("content")
    return Item(
        guid=_text(entry.get("id")) or None,
        link=_link(entry, url),
        title=_html(entry, "title", atom=atom),
        summary=_html(entry, "summary", atom=atom),
        content=max((_value(part, atom=atom) for part in contents), key=len) if contents else "",
        author=one_line(_text(entry.get("author"))),
        published_raw=(published or updated or "")[:200] or None,
        published_at=published_at,
        updated_at=published_at if updated == published else parse_date(updated),
        lang=language(entry),
    )


def title(feed: Fields) -> str:
    """The feed's title on one line."""
    return one_line(_html(feed, "title", atom=False))


def language(holder: Fields) -> str | None:
    """The language that a feed or an entry names, as it is written there."""
    detail = holder.get("title_detail") or {}
    return _text(holder.get("language")) or _text(detail.get("language")) or None


def ttl(feed: Fields) -> float | None:
    """How long the feed says it stays as it is: RSS's ttl in minutes, else the syndication module's period."""
    minutes = _text(feed.get("ttl"))
    if re.fullmatch(r"[0-9]{1,6}", minutes):
        return int(minutes) * 60.0
    period = _PERIODS.get(_text(feed.get("sy_updateperiod")).lower())
    times = _text(feed.get("sy_updatefrequency"))
    frequency = int(times) if re.fullmatch(r"[0-9]{1,4}", times) else 1
    return period / max(1, frequency) if period else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _html(holder: Fields, name: str, *, atom: bool) -> str:
    detail = holder.get(f"{name}_detail")
    return _value(detail, atom=atom) if detail else _text(holder.get(name))


def _value(detail: Fields, *, atom: bool) -> str:
    """A text construct as HTML. Atom says which texts are plain; in RSS plain ones are escaped twice too often."""
    value = _text(detail.get("value"))
    plain = atom and detail.get("type") == "text/plain"
    return html.escape(value, quote=False) if plain else value


def _raw(entry: Fields, name: str) -> str | None:
    return (_text(entry[name]) or None) if name in entry else None


def _link(entry: Fields, url: str | None) -> str | None:
    """The article's own address: FeedBurner and Pheedo keep it beside their counting one, as ``origLink``.

    Without a link RSS takes the guid for one, unless that says no; what looks like no address is none then. Else "17"
    would lead nowhere, and to the same page from two feeds of one site.
    """
    for name in ("feedburner_origlink", "pheedo_origlink", "link"):
        value = _text(entry.get(name))
        if "/" not in value and value == _text(entry.get("id")):
            continue
        if value and (link := absolute(value, url)):
            return link
    return None
