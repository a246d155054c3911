"""What people configure: sources, destinations, routes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time

    from .words import DestinationKind, Severity, SourceKind, Tier


OWNERS = "owners:mail"
"""The destination of mails to the owners of rules, whoever these are: each such message names its own recipient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something that publishes items. ``every`` is the wished polling interval in seconds, None: by its own rhythm.

    ``fulltext``: the page behind each new item is read as well. ``excerpt`` is how many characters of an article
    readers may see (0: none), ``retention`` for how many seconds its text is kept; None: no limit but the general one.
    """

    id: str
    kind: SourceKind
    name: str
    url: str | None = None
    path: str | None = None
    tier: Tier = "outlet"
    lang: str | None = None
    every: float | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fulltext: bool = False
    alerts: bool = True
    excerpt: int | None = None
    retention: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours of the day, by the clocks of a zone, in which nothing is sent; they may go over midnight."""

    begin: time
    end: time
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Somewhere messages go. ``target`` is Slack's channel, a mail address, a folder or a file; empty for others.

    What falls into ``quiet`` hours is sent after them. Replies of low and normal severity beyond ``max_per_hour`` wait
    for the digest, and so does what is told again because of one rule within ``repeat`` seconds. More than
    ``group_over`` waiting alerts of these severities share messages (None: never); a story's first waits ``group_wait``
    seconds for others, and until ``group_interval`` seconds have passed since some did. Mail and files take digests
    only and are made from the digests' recipients: their ids hold a colon, which no id that people write can.
    """

    id: str
    kind: DestinationKind
    target: str = ""
    default: bool = True
    quiet: Quiet | None = None
    max_per_hour: int | None = None
    repeat: float = 0.0
    group_over: int | None = 20
    group_wait: float = 0.0
    group_interval: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Sends what meets every given condition to ``notify``; first match wins unless ``go_on``."""

    notify: tuple[str, ...]
    theme: str | None = None
    rule: str | None = None
    severity: Severity | None = None
    go_on: bool = False
