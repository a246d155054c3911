"""What differs between two versions of a rule, with the entities and lists that each refers to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.text import cut

from .definition import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SHOWN = 80
"""Characters of a value that are shown."""


def changes(before: str, after: str) -> tuple[str, ...]:
    """Each difference between two definitions in a few words: ``any: + "duty", − "levy"``. Raises ValueError."""
    (old, *old_names), (new, *new_names) = read(before), read(after)
    found = list(_differences(old, new, ""))
    for sigil, was, now in zip("@$", old_names, new_names, strict=True):
        tables, others = ({str(table["id"]): table for table in each} for each in (was, now))
        for id_ in sorted(tables.keys() & others.keys()):
            found += _differences(tables[id_], others[id_], f"{sigil}{id_} ")
    return tuple(found)


def _differences(old: Mapping[str, Any], new: Mapping[str, Any], whose: str) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        if key == "test":
            yield f"{whose}tests: {len(was or ())} → {len(now or ())}"
        elif isinstance(was or [], list) and isinstance(now or [], list):
            items = [*_items("+", now, was), *_items("−", was, now)]
            yield f"{whose}{key}: {', '.join(items) or 'another order'}"
        else:
            yield f"{whose}{key}: {_shown(was)} → {_shown(now)}"


def _items(sign: str, these: list[Any] | None, others: list[Any] | None) -> Iterator[str]:
    yield from (f"{sign} {_shown(item)}" for item in these or () if item not in (others or ()))


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return cut(" ".join(json.dumps(value, ensure_ascii=False, default=str).split()), SHOWN)
