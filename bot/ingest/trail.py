"""What each sitemap of a list answered last, as one text that is kept where a feed's ETag is."""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = "sitemaps"


@dataclass(frozen=True, slots=True)
class Marks:
    """By what an answer is known again: its validators and the hash of its body. ``news``: it is a news sitemap."""

    etag: str | None = None
    last_modified: str | None = None
    digest: str | None = None
    news: bool = False


def dumps(marks: Mapping[str, Marks]) -> str:
    """The marks by address, in their order."""
    return json.dumps({_NAME: {url: astuple(each) for url, each in marks.items()}}, separators=(",", ":"))


def loads(text: str | None) -> dict[str, Marks]:
    """What :func:`dumps` wrote; nothing for any other text, such as a server's own ETag, whatever it is."""
    try:
        data = json.loads(text or "")
    except (ValueError, RecursionError):
        return {}
    listed = data.get(_NAME) if isinstance(data, dict) else None
    if not isinstance(listed, dict):
        return {}
    return {url: Marks(*values) for url, values in listed.items() if _is_sound(values)}


def _is_sound(values: object) -> bool:
    if not isinstance(values, list) or len(values) != 4 or not isinstance(values[3], bool):
        return False
    return all(value is None or isinstance(value, str) for value in values[:3])
