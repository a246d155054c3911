"""The file sender: digests that nobody mails, as files that a browser and a mail program can open.

Writing the same issue again writes the same files, so nothing here is ever in doubt.
"""

from __future__ import annotations

import asyncio
import os
import re
import uuid
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from bot.model import Delivered, Held, Later, LookUp, RefusedPayload

from .report import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.model import Delivery, Destination, Outcome

NAME = "digests as files"
# What may stand in a file's name on every system; mail addresses hold more.
_STRANGE = re.compile(r"[^A-Za-z0-9@._+-]")
_REMEDY = "free some space there, or mend its permissions or data_dir"
_TEST = "test"


class FileSender:
    """Writes each issue into ``folder`` as HTML, as text and as the mail it would have been."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def aclose(self) -> None:
        """Nothing is kept open."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Write the files, whole or not at all."""
        if not delivery.frozen:
            return RefusedPayload(reason="there is no digest in this row")
        name = delivery.payload.get("full", {}).get("name") or delivery.uid
        try:
            await asyncio.to_thread(write, self._folder, str(name), delivery.frozen)
        except PermissionError as error:
            return Held(reason=f"{self._folder} cannot be written to ({error.strerror}): {_REMEDY}")
        except OSError as error:
            return Later(reason=f"{self._folder} cannot be written to ({error.strerror}): {_REMEDY}")
        return Delivered()

    async def look_up(self, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:  # noqa: ARG002 – the same for all
        """Written again, a file is the same: there is nothing to look for."""
        return LookUp(complete=True)

    async def check(self, destination: Destination) -> tuple[Finding, ...]:  # noqa: ARG002 – one folder for all
        """Whether the folder takes files."""
        try:
            await asyncio.to_thread(self._try)
        except OSError as error:
            detail = f"{self._folder} cannot be written to: {error.strerror}"
            return (Finding(name=NAME, state="fail", detail=detail, remedy=_REMEDY),)
        return (Finding(name=NAME, state="ok", detail=f"they go to {self._folder}"),)

    async def try_out(self, destination: Destination) -> Finding:
        """The same as :meth:`check`: a test file is written and removed again."""
        return (await self.check(destination))[0]

    def _try(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f".{_TEST}-{uuid.uuid4().hex}"
        path.write_bytes(b"")
        path.unlink()


def write(folder: Path, name: str, frozen: bytes) -> Path:
    """The mail ``frozen`` as ``name``.html, .txt and .eml in ``folder``; the path of the first. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = _STRANGE.sub("_", name).lstrip(".")
    message = message_from_bytes(frozen, policy=default)
    for kind, ending in (("plain", "txt"), ("html", "html")):
        part = message.get_body((kind,))
        if part is not None:
            replace(folder / f"{stem}.{ending}", part.get_content().encode())
    replace(folder / f"{stem}.eml", frozen)
    return folder / f"{stem}.html"


def replace(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old one or the new one, and nothing in between."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
