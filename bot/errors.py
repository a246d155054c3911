"""Every error Presswatch raises on purpose, as one short tree.

    PresswatchError
    ├── ConfigError          config or rule files that cannot be used: all faults at once
    ├── QueryError           a search that names nothing to look for
    ├── SourceError          one source failed; the rest goes on
    │   ├── Unreachable      no answer: name, connection, TLS, deadline, server trouble (try again)
    │   ├── Refused          we will not go there, or were told not to (401, 403, private address …)
    │   ├── Gone             404 or 410
    │   ├── TooLarge         a cap on bytes, depth or items was passed
    │   ├── NotAFeed         an answer, but not a feed
    │   └── Unreadable       a feed, page or file that cannot be parsed or read
    └── StoreError           the database cannot be used
        ├── StoreLocked      another process holds it
        ├── StoreFull        no space left
        ├── StoreNewer       written by a newer Presswatch
        └── StoreUnreachable missing folder, no permission, damaged file, server down

What is not in this tree is a bug and is let through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One mistake in a file a person edits, with its place and the remedy.

    ``line`` and ``column`` count from 1, columns in characters; 0 means "the whole file".
    ``subject`` names the thing at fault ("rule export-controls"), so that callers can group faults.
    ``excerpt`` shows the place where that helps: the line of a query, and below it carets. Its lines are no part of
    the sentence that ``str`` gives.
    """

    file: str
    line: int = 0
    column: int = 0
    message: str
    remedy: str = ""
    subject: str = ""
    excerpt: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}:{self.column}"
        return f"{place}: {self.message}" + (f" – {self.remedy}" if self.remedy else "")


class PresswatchError(Exception):
    """Base of all errors that are part of normal life; the message is a sentence for the user."""


class ConfigError(PresswatchError):
    """Files a person edits that cannot be used. ``faults`` holds every mistake, in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class QueryError(PresswatchError):
    """A search that cannot be run; the message says what to write instead."""


class SourceError(PresswatchError):
    """One source could not be polled or read.

    ``transient`` says whether trying again unchanged is sensible; ``retry_after`` is in seconds,
    set when the server asked for a pause; ``status`` is the HTTP status when there was one.
    """

    transient = False

    def __init__(self, message: str, *, retry_after: float | None = None, status: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.status = status


class Unreachable(SourceError):
    """No usable answer this time: name look-up, connection, TLS, deadline, 429 or a server error."""

    transient = True


class Refused(SourceError):
    """The guard will not connect there, or the server will not let us in."""


class Gone(SourceError):
    """The address answers 404 or 410."""


class TooLarge(SourceError):
    """A cap was passed: bytes on the wire, decoded bytes, depth, number of items."""


class NotAFeed(SourceError):
    """The answer is a web page, a login form, JSON or nothing: not a feed, which is not "no news"."""


class Unreadable(SourceError):
    """A feed, page or file that could not be parsed or read."""


class StoreError(PresswatchError):
    """The database cannot be used; nothing was half-written."""


class StoreLocked(StoreError):
    """Another process holds the database."""


class StoreFull(StoreError):
    """No space left where the database lives."""


class StoreNewer(StoreError):
    """The database was written by a newer Presswatch."""


class StoreUnreachable(StoreError):
    """The database is missing, not permitted, damaged or its server is down."""
