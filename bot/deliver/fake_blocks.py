"""The Block Kit limits that the fake Slack enforces, as docs.slack.dev/reference/block-kit gives them.

Independent of what composes messages, so that one can be tested with the other. Lengths count characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BLOCKS = 50
MAX_ATTACHMENTS = 100
# Undocumented: messages of about 13,200 characters over all blocks were seen to be refused.
MAX_TOTAL = 13_000
# block type → {field: most characters of its text, or most items of a list}
LIMITS: dict[str, dict[str, int]] = {
    "header": {"text": 150},
    "section": {"text": 3000, "fields": 10},
    "context": {"elements": 10},
    "actions": {"elements": 25},
    "markdown": {"text": 12_000},
    "image": {"alt_text": 2000, "image_url": 3000, "title": 2000},
    "divider": {},
    "rich_text": {},
    "button": {"text": 75, "value": 2000, "url": 3000},
    "overflow": {"options": 5},
    "static_select": {"options": 100, "placeholder": 150},
    "option": {"text": 75, "value": 150},
    "field": {"text": 2000},
}
REQUIRED = {"header": "text", "context": "elements", "actions": "elements", "image": "alt_text", "markdown": "text"}
OBJECTS = frozenset({"text", "title", "placeholder"})
IDS = {"block_id": 255, "action_id": 255}


def size(blocks: list[Any]) -> int:
    """Characters of all texts together."""
    return sum(len(text) for text in _texts(blocks))


def faults(blocks: object) -> list[str]:
    """What Slack would not accept, each with its place; empty if all is well."""
    if not isinstance(blocks, list):
        return ["blocks is not a list"]
    found = [f"more than {MAX_BLOCKS} blocks"] if len(blocks) > MAX_BLOCKS else []
    for place, block in enumerate(blocks):
        found += _block(block, f"/blocks/{place}")
    return found


def _block(block: object, place: str) -> list[str]:
    if not isinstance(block, dict):
        return [f"{place} is not an object"]
    kind = str(block.get("type"))
    if kind not in LIMITS:
        return [f"{place} has the unknown type {kind}"]
    found = [f"{place}/{REQUIRED[kind]} is missing"] if kind in REQUIRED and not block.get(REQUIRED[kind]) else []
    if kind == "section" and not block.get("text") and not block.get("fields"):
        found.append(f"{place} has neither text nor fields")
    limits = {**LIMITS[kind], **IDS}
    for name in sorted(limits.keys() & block.keys()):
        if name in OBJECTS and kind != "markdown" and not isinstance(block[name], dict):
            found.append(f"{place}/{name} is no text object")
        found += _field(block[name], limits[name], f"{place}/{name}")
    for name in ("elements", "fields", "options"):
        found += _children(block.get(name), kind, f"{place}/{name}")
    if isinstance(block.get("accessory"), dict):
        found += _block(block["accessory"], f"{place}/accessory")
    return found


def _field(value: object, limit: int, place: str) -> list[str]:
    if isinstance(value, dict):
        if value.get("type") not in {"plain_text", "mrkdwn"}:
            return [f"{place} is no text object"]
        value = value.get("text")
    if not isinstance(value, str | list):
        return [f"{place} has no text"]
    if not value:
        return [f"{place} is empty"]
    return [f"{place} is longer than {limit}"] if len(value) > limit else []


def _children(items: object, kind: str, place: str) -> list[str]:
    """The parts of a list: texts of a context, fields of a section, elements, options."""
    found: list[str] = []
    for index, item in enumerate(items if isinstance(items, list) and kind != "rich_text" else []):
        at = f"{place}/{index}"
        if not isinstance(item, dict):
            found.append(f"{at} is not an object")
        elif item.get("type") in {"mrkdwn", "plain_text"}:
            found += _field(item, LIMITS["field"]["text"] if kind == "section" else 3000, at)
        elif place.endswith("options"):
            found += _block({**item, "type": "option"}, at)
        else:
            found += _block(item, at)
    return found


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
