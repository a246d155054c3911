"""The webhook sender: alerts, digests and notices as signed JSON documents, one attempt each.

A webhook cannot be asked what it has. What may have arrived goes out again under the same ``webhook-id``, so a
receiver that remembers these ids sees nothing twice.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import aiohttp

from bot import __version__
from bot.model import Delivered, Held, Later, LookUp

from . import webhook_api as api
from .report import Finding
from .slack_api import new_session
from .transport import Way, failure_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.model import Delivery, Destination, Outcome

NAME = "webhook"
DEADLINE = 30.0
NO_ADDRESS = "its address is not known: set the variable that url_env names"
NO_KEY = "requests are not signed, so the receiver cannot know who sends them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """Where a webhook is, and the key that both sides know; both are secrets. None: not set where we run."""

    url: str | None = field(repr=False)
    key: bytes | None = field(default=None, repr=False)


class WebhookSender:
    """Sends to every webhook. ``hooks`` are the addresses by the destination's id, ``now`` gives the timestamps."""

    def __init__(
        self,
        hooks: Mapping[str, Hook],
        *,
        now: Callable[[], datetime],
        still_mine: Callable[[Delivery], Awaitable[bool]],
        proxy: str | None = None,
        ca_file: Path | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._hooks = dict(hooks)
        self._now = now
        self._still_mine = still_mine
        self._proxy = proxy
        self._ca_file = ca_file
        self._deadline = deadline
        self._session: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def send(self, delivery: Delivery) -> Outcome:
        """Try once. Never raises for anything the receiver or the network does."""
        hook = self._hooks.get(delivery.destination)
        if hook is None or hook.url is None:
            return Held(reason=f"webhook “{delivery.destination}”: {NO_ADDRESS}")
        if not await self._still_mine(delivery):
            return Later(reason="another worker has taken this message over")
        shape = "minimal" if delivery.minimal_only else "full"
        values = {**delivery.payload[shape], "id": delivery.uid, "op": delivery.op, "may_repeat": delivery.may_repeat}
        # The row's own number: an update of a message has the message's uid.
        return await self._post(hook, f"{delivery.uid}.{delivery.id}", values)

    async def look_up(self, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:  # noqa: ARG002 – the same for all
        """Nobody can be asked."""
        return LookUp(possible=False, reason="a webhook cannot be asked what it has")

    async def check(self, destination: Destination) -> tuple[Finding, ...]:
        """Whether address and secret are there; writes nothing."""
        hook = self._hooks.get(destination.id)
        name = f"{NAME} {destination.id}"
        if hook is None or hook.url is None:
            return (Finding(name=name, state="fail", detail=NO_ADDRESS, remedy="then run doctor --send"),)
        if hook.key is None:
            remedy = "set secret_env to a variable that holds a secret both sides know"
            return (Finding(name=name, state="warn", detail=NO_KEY, remedy=remedy),)
        return (Finding(name=name, state="ok", detail="signed; doctor --send tries it"),)

    async def try_out(self, destination: Destination) -> Finding:
        """Send a document of type "test", which the receiver may pass over."""
        hook, name = self._hooks.get(destination.id), f"{NAME} {destination.id}"
        if hook is None or hook.url is None:
            return (await self.check(destination))[0]
        message = f"test.{int(self._now().timestamp())}"
        outcome = await self._post(hook, message, {"type": "test", "id": message, "sender": "Presswatch"})
        if not isinstance(outcome, Delivered):
            return Finding(name=name, state="fail", detail=outcome.reason, remedy=api.MEND_ADDRESS)
        return Finding(name=name, state="ok", detail="a test document was taken")

    async def _post(self, hook: Hook, message: str, values: Mapping[str, object]) -> Outcome:
        body = api.document(values)
        timestamp = int(self._now().timestamp())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"Presswatch/{__version__}",
            "webhook-id": message,
            "webhook-timestamp": str(timestamp),
        }
        if hook.key is not None:
            headers["webhook-signature"] = api.signature(hook.key, message, timestamp, body)
        url = hook.url or ""
        try:
            async with (
                asyncio.timeout(self._deadline),
                self._open().post(url, data=body, headers=headers, proxy=self._proxy, allow_redirects=False) as answer,
            ):
                return api.answered(answer.status, answer.headers.get("Retry-After"))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return api.unanswered(failure_of(error, Way(base_url=url, proxy=self._proxy, deadline=self._deadline)))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = new_session(self._deadline, ca_file=self._ca_file)
        return self._session
