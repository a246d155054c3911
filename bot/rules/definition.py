"""A rule with all it refers to as canonical JSON: what its hash covers and what it can be rebuilt from."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHEMA = 1


def write(rule: Mapping[str, Any], entities: Mapping[str, Any], lists: Mapping[str, Any]) -> str:
    """Canonical JSON of raw TOML tables: sorted keys, no blanks, dates as ``{"$date": "2027-01-31"}``."""
    content = {"schema": SCHEMA, "rule": rule, "entities": entities, "lists": lists}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_tag)


def read(definition: str) -> tuple[dict[str, Any], list[Any], list[Any]]:
    """The raw tables again: the rule, its entities, its lists. Raises ValueError if it is none of ours."""
    content = json.loads(definition, object_hook=_untag)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise ValueError(f"not a rule definition of schema {SCHEMA}")
    return content["rule"], list(content["entities"].values()), list(content["lists"].values())


def hash_of(definition: str) -> str:
    """SHA-256 of the definition, in hexadecimal."""
    return hashlib.sha256(definition.encode()).hexdigest()


def _tag(value: object) -> dict[str, str]:
    if isinstance(value, (date, datetime, time)):
        return {"$date": value.isoformat()}
    raise TypeError(f"{type(value).__name__} is no TOML value")


def _untag(table: dict[str, Any]) -> dict[str, Any] | date:
    return date.fromisoformat(table["$date"]) if table.keys() == {"$date"} else table
