"""The mail sender: one connection and one envelope for each message, its bytes as they were frozen.

Nobody can look into a mailbox, so a message whose fate is unknown goes out one more time at most: the copy is
byte for byte the same and has the same Message-ID, so that mailboxes may show the two as one.
"""

from __future__ import annotations

import uuid
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING

from bot.model import Delivered, Held, Later, LookUp, RefusedPayload

from .mail_classify import MailFault, classify
from .report import Finding
from .smtp import LOOPBACK, Conversation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from bot.config import Mail
    from bot.model import Delivery, Destination, Outcome

    from .mail_classify import Step

# Seconds for the whole of one message; well below the lease of a delivery.
DEADLINE = 30.0
# One look at the relay does for the recipients of one check-up.
FRESH = 60.0
RELAY, SAFETY, SIGN_IN = "mail relay", "mail security", "mail sign-in"
_FOUND: dict[Step, str] = {"starttls": SAFETY, "auth": SIGN_IN}
SEE_ABOVE = "not tried: see above"


async def _always(delivery: Delivery) -> bool:  # noqa: ARG001 – the default for a hook
    return True


class MailSender:
    """Sends to every mail address among ``destinations``, through the one relay of ``mail``.

    ``still_mine`` is asked before the envelope is written: False means that another worker has taken the row over.
    """

    def __init__(
        self,
        mail: Mail,
        destinations: Iterable[Destination],
        *,
        now: Callable[[], datetime],
        ca_file: Path | None = None,
        still_mine: Callable[[Delivery], Awaitable[bool]] = _always,
        deadline: float = DEADLINE,
    ) -> None:
        self._mail = mail
        self._destinations = {each.id: each for each in destinations if each.kind == "mail"}
        self._now = now
        self._ca_file = ca_file
        self._still_mine = still_mine
        self._deadline = deadline
        self._findings: tuple[Finding, ...] = ()
        self._checked_at: datetime | None = None

    async def aclose(self) -> None:
        """Nothing is kept open."""

    async def send(self, delivery: Delivery) -> Outcome:
        """Try once. Never raises for anything that the relay or the network does."""
        destination = self._destinations.get(delivery.destination)
        if destination is None:
            return Held(reason=f"no digest goes to {delivery.destination} in the configuration: name it there again")
        # An issue's bytes stand in its run, those of a mail to a rule's owner beside the address.
        content = delivery.frozen or str(delivery.payload.get("mail", "")).encode()
        if not content:
            return RefusedPayload(reason="there is no mail in this row")
        try:
            async with self._relay() as relay:
                if not await self._still_mine(delivery):
                    return Later(reason="another worker has taken this message over")
                await relay.envelope(str(delivery.payload.get("to") or destination.target), len(content))
                await relay.message(content)
        except MailFault as fault:
            return classify(fault)
        return Delivered()

    async def look_up(self, destination: Destination, wanted: Sequence[Delivery]) -> LookUp:  # noqa: ARG002 – the same for all
        """Nobody can look into a mailbox; what may have arrived is sent once more."""
        return LookUp(possible=False, repeatable_once=True, reason="the mail relay did not confirm an earlier attempt")

    async def check(self, destination: Destination) -> tuple[Finding, ...]:  # noqa: ARG002 – the relay is one for all
        """Connection, safety and sign-in of the relay, each with its remedy; nothing is sent."""
        now = self._now()
        if self._checked_at is None or (now - self._checked_at).total_seconds() > FRESH:
            self._findings, self._checked_at = await self._look(), now
        return self._findings

    async def try_out(self, destination: Destination) -> Finding:
        """Mail a short test message; not where :meth:`check` has just told why it would fail."""
        if not destination.target:
            return Finding(
                name="mail to owners", state="ok", detail="not tried: it goes to whoever owns a rule at fault"
            )
        name = f"test mail to {destination.target}"
        if any(finding.state == "fail" for finding in self._findings):
            return Finding(name=name, state="warn", detail=SEE_ABOVE)
        message = self._test_message(destination.target)
        try:
            async with self._relay() as relay:
                await relay.envelope(destination.target, len(message))
                await relay.message(message)
        except MailFault as fault:
            return Finding(name=name, state="fail", detail=fault.what, remedy=fault.remedy or "try again later")
        detail = "the relay has taken it: it should arrive within minutes"
        return Finding(name=name, state="ok", detail=detail)

    def _relay(self) -> Conversation:
        return Conversation(self._mail, ca_file=self._ca_file, deadline=self._deadline)

    async def _look(self) -> tuple[Finding, ...]:
        relay = self._relay()
        where = f"{self._mail.host}, port {self._mail.port}"
        try:
            async with relay:
                found = (Finding(name=RELAY, state="ok", detail=f"{where} answers"), self._safety(safe=relay.safe))
                await relay.noop()
        except MailFault as fault:
            name = _FOUND.get(fault.step, RELAY)
            detail = f"{fault.what} ({where})"
            return (Finding(name=name, state="fail", detail=detail, remedy=fault.remedy or "try again later"),)
        if self._mail.username and self._mail.password:
            return (*found, Finding(name=SIGN_IN, state="ok", detail=f"accepted: {self._mail.username}"))
        return found

    def _safety(self, *, safe: bool) -> Finding:
        if safe:
            return Finding(name=SAFETY, state="ok", detail="the connection is encrypted, the certificate trusted")
        if self._mail.host in LOOPBACK:
            return Finding(name=SAFETY, state="ok", detail="not encrypted, but it does not leave this machine")
        return Finding(
            name=SAFETY,
            state="warn",
            detail="digests go to the relay over an open connection",
            remedy="remove starttls = false, or use port 465",
        )

    def _test_message(self, recipient: str) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"] = self._mail.sender, recipient
        message["Subject"] = "Presswatch test message"
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = f"<{uuid.uuid4()}@{self._mail.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content("Digests of Presswatch can be mailed to this address.")
        return message.as_bytes()
