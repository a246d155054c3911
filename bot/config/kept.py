"""What of a configuration decisions depend on, as it is kept: what was decided can be explained after an edit.

Part by part, so that an edit of one source among thousands is one row. No part holds a secret, an address, a header or
a path: by these nothing is decided.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import time
from typing import TYPE_CHECKING, Any

from bot import __version__
from bot.model import NORMALISER_VERSION, Destination, Digest, Quiet, Route, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .values import Config

    # (kind, name) → what it says
    Parts = Mapping[tuple[str, str], Mapping[str, Any]]

_SOURCE = ("kind", "name", "tier", "lang", "alerts", "fulltext", "excerpt", "retention")
_DESTINATION = (
    *("id", "kind", "default", "max_per_hour", "repeat"),
    *("group_over", "group_wait", "group_interval"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A configuration as far as it was kept; ``program`` is the version that worked with it."""

    sources: Mapping[str, Source]
    destinations: tuple[Destination, ...]
    routes: tuple[Route, ...]
    digests: tuple[Digest, ...]
    program: str = ""


def parts(config: Config) -> dict[tuple[str, str], dict[str, Any]]:
    """What is kept of a configuration: (kind, name) → what it says."""
    return {
        ("program", ""): {"version": __version__, "normaliser": NORMALISER_VERSION},
        **{("source", each.id): {name: getattr(each, name) for name in _SOURCE} for each in config.sources},
        ("destinations", ""): {"listed": [_destination(each) for each in config.destinations]},
        ("routes", ""): {"listed": [{**asdict(each), "notify": list(each.notify)} for each in config.routes]},
        **{("digest", each.id): _digest(each) for each in config.digests},
    }


def rebuilt(kept: Parts) -> Kept:
    """The configuration that :func:`parts` was taken from."""
    return Kept(
        sources={name: source(name, content) for (kind, name), content in kept.items() if kind == "source"},
        destinations=tuple(map(_to_destination, kept.get(("destinations", ""), {}).get("listed", ()))),
        routes=tuple(
            Route(**{**one, "notify": tuple(one["notify"])}) for one in kept.get(("routes", ""), {}).get("listed", ())
        ),
        digests=tuple(_to_digest(name, content) for (kind, name), content in kept.items() if kind == "digest"),
        program=kept.get(("program", ""), {}).get("version", ""),
    )


def source(id_: str, content: Mapping[str, Any]) -> Source:
    """A source that was kept."""
    return Source(id=id_, **{name: content[name] for name in _SOURCE})


def _destination(each: Destination) -> dict[str, Any]:
    quiet = each.quiet
    hours = {"begin": quiet.begin.isoformat(), "end": quiet.end.isoformat(), "zone": quiet.zone} if quiet else None
    return {**{name: getattr(each, name) for name in _DESTINATION}, "quiet": hours}


def _to_destination(content: Mapping[str, Any]) -> Destination:
    hours = content["quiet"]
    quiet = hours and Quiet(
        begin=time.fromisoformat(hours["begin"]), end=time.fromisoformat(hours["end"]), zone=hours["zone"]
    )
    return Destination(**{name: content[name] for name in _DESTINATION}, quiet=quiet or None)


def _digest(each: Digest) -> dict[str, Any]:
    plain = {"zone": each.zone, "empty": each.empty, "at": each.at.isoformat(), "days": sorted(each.days)}
    return {**plain, "to": list(each.to), "themes": list(each.themes), "rules": list(each.rules)}


def _to_digest(id_: str, content: Mapping[str, Any]) -> Digest:
    lists = {name: tuple(content[name]) for name in ("to", "themes", "rules")}
    at, days = time.fromisoformat(content["at"]), frozenset(content["days"])
    return Digest(id=id_, at=at, days=days, zone=content["zone"], empty=content["empty"], **lists)
