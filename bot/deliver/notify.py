"""The sender for whatever Apprise knows (github.com/caronc/apprise): ntfy, Teams, Matrix, Telegram and many more.

Apprise only says whether a service took a message, not why not, and nothing can be asked afterwards. What it did not
take is therefore in doubt and goes out once more with a note. An extra: pip install 'presswatch[notify]'.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import apprise

from bot.model import Delivered, Held, Later, LookUp, Unknown

from .report import Finding

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bot.model import Delivery, Destination, Outcome

DEADLINE = 30.0
NO_ADDRESS = "its address is not known: set the variable that url_env names"
UNKNOWN_ADDRESS = "Apprise knows no service of this address: check what url_env names"
NOT_TAKEN = "the service did not take it, and Apprise does not say why: check what url_env names, and that it answers"
MAY_REPEAT = "This may be a repeat: an earlier attempt was not confirmed."


class NotifySender:
    """Sends to every Apprise destination. ``addresses`` are Apprise's urls by the destination's id, secrets all."""

    def __init__(
        self,
        addresses: Mapping[str, str | None],
        *,
        still_mine: Callable[[Delivery], Awaitable[bool]],
        deadline: float = DEADLINE,
    ) -> None:
        self._addresses = dict(addresses)
        self._still_mine = still_mine
        self._deadline = deadline

    async def aclose(self) -> None:
        """Nothing is kept open."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Try once. Never raises for anything the service or the network does."""
        service = self._service(delivery.destination)
        if isinstance(service, str):
            return Held(reason=f"“{delivery.destination}”: {service}")
        if not await self._still_mine(delivery):
            return Later(reason="another worker has taken this message over")
        shown = delivery.payload["minimal" if delivery.minimal_only else "full"]
        lines = [shown["text"], shown["url"], MAY_REPEAT if delivery.may_repeat else None]
        return await self._notify(service, shown["title"], "\n".join(filter(None, lines)))

    async def look_up(self, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:  # noqa: ARG002 – the same for all
        """Nobody can be asked."""
        return LookUp(possible=False, reason="Apprise cannot be asked what a service has")

    async def check(self, destination: Destination) -> tuple[Finding, ...]:
        """Whether Apprise knows the service; writes nothing."""
        service, name = self._service(destination.id), f"apprise {destination.id}"
        if isinstance(service, str):
            return (Finding(name=name, state="fail", detail=service, remedy="then run doctor --send"),)
        kind = " and ".join(str(each.service_name) for each in service)
        return (Finding(name=name, state="ok", detail=f"goes to {kind}; doctor --send tries it"),)

    async def try_out(self, destination: Destination) -> Finding:
        """Send a test message, which stays there."""
        service, name = self._service(destination.id), f"apprise {destination.id}"
        if isinstance(service, str):
            return (await self.check(destination))[0]
        outcome = await self._notify(service, "Presswatch", "This is a test.")
        if isinstance(outcome, Delivered):
            return Finding(name=name, state="ok", detail="a test message was taken")
        return Finding(name=name, state="fail", detail="a test message was not taken", remedy=NOT_TAKEN)

    def _service(self, destination: str) -> apprise.Apprise | str:
        """The service behind a destination, or why there is none."""
        url = self._addresses.get(destination)
        if url is None:
            return NO_ADDRESS
        service = apprise.Apprise()
        return service if service.add(url) else UNKNOWN_ADDRESS

    async def _notify(self, service: apprise.Apprise, title: str, body: str) -> Outcome:
        try:
            async with asyncio.timeout(self._deadline):
                plain = apprise.NotifyFormat.TEXT
                taken = await service.async_notify(body=body or title, title=title, body_format=plain)
        except TimeoutError:
            return Unknown(reason=f"the service did not answer within {self._deadline:g} s; it is sent once more")
        return Delivered() if taken else Unknown(reason=f"{NOT_TAKEN}; it is sent once more")
