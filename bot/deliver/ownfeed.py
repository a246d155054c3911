"""The feed sender: alerts as a file that feed readers and web servers take – Atom, RSS or JSON Feed by its name.

The file is written as a whole from what stands in the database, old or new and nothing in between. Writing it again
gives the same file, so nothing here is ever in doubt. Formats: RFC 4287 (Atom), RSS 2.0 (www.rssboard.org), JSON Feed
1.1 (www.jsonfeed.org).
"""

from __future__ import annotations

import asyncio
import json
import xml.etree.ElementTree as ET
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.model import Delivered, Held, Later, LookUp

from .file import replace
from .report import Finding

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.model import Delivery, Destination, Outcome, Posted

    Entries = Callable[[str, int, tuple[int, ...]], Awaitable[Sequence[Posted]]]

NEWEST = 100
TITLE = "Presswatch alerts"
ATOM = "http://www.w3.org/2005/Atom"
_REMEDY = "free some space there, or mend its permissions or path"


class FeedSender:
    """Writes each feed destination's file. ``entries`` gives what stands at one: its id, how many, and rows besides."""

    def __init__(self, destinations: Sequence[Destination], *, entries: Entries) -> None:
        self._paths = {each.id: Path(each.target) for each in destinations if each.kind == "feed"}
        self._entries = entries

    async def aclose(self) -> None:
        """Nothing is kept open."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Write the file with this message in it."""
        path = self._paths.get(delivery.destination)
        if path is None:
            return Held(reason=f"there is no feed “{delivery.destination}” in the configuration: configure it again")
        posted = await self._entries(delivery.destination, NEWEST, (delivery.id,))
        try:
            await asyncio.to_thread(write, path, posted, f"{TITLE}: {delivery.destination}")
        except PermissionError as error:
            return Held(reason=f"{path} cannot be written ({error.strerror}): {_REMEDY}")
        except OSError as error:
            return Later(reason=f"{path} cannot be written ({error.strerror}): {_REMEDY}")
        return Delivered()

    async def look_up(self, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:  # noqa: ARG002 – the same for all
        """Written again, the file is the same: there is nothing to look for."""
        return LookUp(complete=True)

    async def check(self, destination: Destination) -> tuple[Finding, ...]:
        """Whether the file can be written."""
        path, name = self._paths[destination.id], f"feed {destination.id}"
        try:
            await asyncio.to_thread(_try, path)
        except OSError as error:
            detail = f"{path} cannot be written: {error.strerror}"
            return (Finding(name=name, state="fail", detail=detail, remedy=_REMEDY),)
        return (Finding(name=name, state="ok", detail=f"it is {path}"),)

    async def try_out(self, destination: Destination) -> Finding:
        """The same as :meth:`check`."""
        return (await self.check(destination))[0]


def write(path: Path, posted: Sequence[Posted], title: str) -> None:
    """Write the feed in the form that the file's name asks for. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    suffix = path.suffix.lower()
    form = json_feed if suffix == ".json" else rss if suffix == ".rss" else atom
    replace(path, form(posted, title))


def _try(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.test")
    beside.write_bytes(b"")
    beside.unlink()


def atom(posted: Sequence[Posted], title: str) -> bytes:
    """The feed as Atom."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")
    _add(root, "title", title)
    _add(root, "id", f"urn:presswatch:{title}")
    _add(root, "updated", _latest(posted))
    author = ET.SubElement(root, f"{{{ATOM}}}author")
    _add(author, "name", "Presswatch")
    for each in posted:
        entry, values = ET.SubElement(root, f"{{{ATOM}}}entry"), _values(each)
        _add(entry, "id", f"urn:uuid:{each.uid}")
        _add(entry, "title", values["title"])
        _add(entry, "updated", each.changed_at.isoformat())
        _add(entry, "published", each.at.isoformat())
        if values["url"]:
            ET.SubElement(entry, f"{{{ATOM}}}link", href=values["url"], rel="alternate")
        for category in values["categories"]:
            ET.SubElement(entry, f"{{{ATOM}}}category", term=category)
        _add(entry, "content", values["html"]).set("type", "html")
    return _bytes(root)


def rss(posted: Sequence[Posted], title: str) -> bytes:
    """The feed as RSS 2.0."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    # RSS asks for the address of a site, which an alert desk has not.
    for name, text in (
        ("title", title),
        ("link", "https://www.rssboard.org/rss-specification"),
        ("description", title),
    ):
        ET.SubElement(channel, name).text = text
    for each in posted:
        item, values = ET.SubElement(channel, "item"), _values(each)
        ET.SubElement(item, "guid", isPermaLink="false").text = f"urn:uuid:{each.uid}"
        ET.SubElement(item, "title").text = values["title"]
        if values["url"]:
            ET.SubElement(item, "link").text = values["url"]
        ET.SubElement(item, "pubDate").text = format_datetime(each.at)
        for category in values["categories"]:
            ET.SubElement(item, "category").text = category
        ET.SubElement(item, "description").text = values["html"]
    return _bytes(root)


def json_feed(posted: Sequence[Posted], title: str) -> bytes:
    """The feed as JSON Feed 1.1."""
    items = []
    for each in posted:
        values = _values(each)
        item: dict[str, Any] = {"id": f"urn:uuid:{each.uid}", "title": values["title"], "content_html": values["html"]}
        item |= {"content_text": values["text"], "date_published": each.at.isoformat()}
        item |= {"date_modified": each.changed_at.isoformat(), "tags": list(values["categories"])}
        items.append(item | ({"url": values["url"]} if values["url"] else {}))
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}
    return json.dumps(feed, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _values(posted: Posted) -> dict[str, Any]:
    values: dict[str, Any] = posted.payload["full"]
    return values


def _latest(posted: Sequence[Posted]) -> str:
    return max(each.changed_at for each in posted).isoformat() if posted else "1970-01-01T00:00:00+00:00"


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = text
    return child


def _bytes(root: ET.Element) -> bytes:
    ET.indent(root)
    text: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode("utf-8", "replace")
