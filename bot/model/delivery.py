"""Delivery: a message, and what may become of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .words import DeliveryOp, PayloadKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One row of the outbox, claimed: ``fence`` must still hold when the result is written.

    ``payload`` was frozen when the row was made: {"full": {...}, "minimal": {...}}; ``minimal_only``
    says that the full one was refused. ``ts`` of an update and ``thread_ts`` of a reply name the
    message it belongs to; ``may_repeat`` asks the sender to say that the reader may have seen it.
    ``frozen`` are the bytes of a digest that go out as they are, try after try.
    """

    id: int
    uid: str
    destination: str
    op: DeliveryOp
    payload: Mapping[str, Any]
    attempt: int = 1
    fence: int = 0
    lease_until: datetime | None = None
    channel_id: str | None = None
    ts: str | None = None
    thread_ts: str | None = None
    minimal_only: bool = False
    may_repeat: bool = False
    created_at: datetime | None = None
    first_tried_at: datetime | None = None
    frozen: bytes | None = None
    kind: PayloadKind = "alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message that stands somewhere: ``payload`` is how it reads since ``changed_at``."""

    uid: str
    payload: Mapping[str, Any]
    at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """It stands there; ``ts`` and ``channel_id`` name the message where the service has such names.

    ``alone``: a reply that stands by itself, since the message that it was to follow is gone.
    """

    channel_id: str | None = None
    ts: str | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """Definitely not written; try again after ``seconds`` (None: the outbox's own back-off)."""

    reason: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPayload:
    """Definitely not written, and this payload never will be."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Definitely not written; the destination takes nothing until a person mends it."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may or may not have been written."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """Definitely not written: the message that it was to follow or to change is there no more."""

    reason: str


Outcome = Delivered | Later | RefusedPayload | Held | Unknown | Gone


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """Answer to "are these uids there?": ``found`` maps uid → (channel_id, ts).

    ``alone`` are replies that were found outside of their threads, whose first messages are gone; ``twice`` those that
    were seen in more than one message.
    ``complete``: the whole window was read, so a uid not found is not there. ``possible`` False:
    this destination can never answer (no scope, not a member, a console). Neither: try again later.
    ``repeatable_once``: what may stand there already may go out one more time in all; after that a person is
    told instead.
    """

    found: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    complete: bool = False
    possible: bool = True
    reason: str = ""
    repeatable_once: bool = False
    alone: frozenset[str] = frozenset()
    twice: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One of several messages with one uid. ``thread_ts`` is that of the thread in which a reply stands."""

    uid: str
    channel_id: str
    ts: str
    thread_ts: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Answer to "where do these uids stand?": each with its messages in the order of their ts, however many.

    ``marked`` are messages that say already that they are duplicates; they count as copies of nothing. ``complete``:
    every window was read to its end, else ``reason`` tells why not; ``possible`` False: it can never be.
    """

    found: Mapping[str, tuple[Copy, ...]] = field(default_factory=dict)
    marked: frozenset[tuple[str, str]] = frozenset()
    complete: bool = False
    possible: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A copy is there no more, whoever removed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A copy stays, since somebody has replied to it, and says that it is a duplicate."""


# What became of a copy; Later and Held: it stands there still and is tried again; RefusedPayload: it stays for good.
Retraction = Removed | Marked | Later | Held | RefusedPayload
