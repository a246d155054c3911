"""What people configure: sources, destinations, routes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .words import Severity, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something that publishes items. ``every`` is the wished polling interval in seconds."""

    id: str
    kind: Literal["feed", "folder"]
    name: str
    url: str | None = None
    path: str | None = None
    tier: Tier = "outlet"
    lang: str | None = None
    every: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    alerts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Somewhere alerts go. ``target`` is the Slack channel for Slack, empty for the console."""

    id: str
    kind: Literal["slack", "console"]
    target: str = ""
    default: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Sends what meets every given condition to ``notify``; first match wins unless ``go_on``."""

    notify: tuple[str, ...]
    theme: str | None = None
    rule: str | None = None
    severity: Severity | None = None
    go_on: bool = False
