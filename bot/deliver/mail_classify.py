"""What goes wrong between us and a mail relay, and what it means for the message.

The question is, as for Slack, "can it have been taken?". Before the final dot of the message is written the relay
has nothing to deliver (RFC 5321, 4.1.1.4), so everything that goes wrong until then is definite; a reply to the dot
is definite too. Only what is lost in between leaves doubt. Reply codes and their enhanced forms: RFC 5321, 4.2, and
RFC 3463.
"""

from __future__ import annotations

import os
import re
import ssl
from typing import TYPE_CHECKING, Literal

import aiosmtplib

from bot.model import Held, Later, RefusedPayload, Unknown
from bot.text import clean, cut

if TYPE_CHECKING:
    from bot.model import Outcome

Step = Literal["connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot"]

AT = {
    "connect": "before it greeted",
    "ehlo": "at the greeting (EHLO)",
    "starttls": "when asked for a safe connection (STARTTLS)",
    "auth": "at the sign-in (AUTH)",
    "mail": "at the sender's address (MAIL FROM)",
    "rcpt": "at the recipient's address (RCPT TO)",
    "data": "before the message (DATA)",
    "body": "while it took the message",
    "dot": "after the whole message",
}
# Enhanced codes X.7.N speak of permission (RFC 3463, 3.8), 530 and 535 of a sign-in (RFC 4954, 6).
_PERMISSION = re.compile(r"\A\s*5\.7\.\d+")
_SIGN_IN = (530, 534, 535, 538)
_TOO_LARGE = (552,)

CHECK_SERVER = "check host and port in [mail], and the network"
CHECK_SIGN_IN = "check the user name and password that [mail] names"
CHECK_SENDER = "check from in [mail]: the relay must allow it"
CHECK_RIGHTS = "the relay does not send for us: check user name and password in [mail], or ask its administrator"
CHECK_CERTIFICATE = "check host in [mail]; a certificate of your own authority goes into ca_file in [network]"
NO_STARTTLS = (
    "use port 465 if the relay has it; starttls = false sends the mail open to readers on the way, which is fine on"
    " this very machine only"
)
UNSENT = "the next try comes by itself"
UNSURE = "it is sent one more time, byte for byte the same, and not again"


class MailFault(Exception):
    """A conversation that did not end well, at ``step``. Never leaves this room.

    ``code`` and ``says`` are the relay's reply, where there was one; ``remedy`` helps, where somebody must act.
    ``final``: without a reply, and yet nothing will go until somebody has acted.
    """

    def __init__(
        self, step: Step, what: str, *, code: int = 0, says: str = "", remedy: str = "", final: bool = False
    ) -> None:
        super().__init__(what)
        self.final = final
        self.step = step
        self.what = what
        self.code = code
        self.says = says
        self.remedy = remedy or _remedy(step, code, says)


def refused(step: Step, code: int, says: str) -> MailFault:
    """The relay answered with an error."""
    said = cut(clean(" ".join(says.split())), 200)
    return MailFault(step, f"the mail relay refused {AT[step]}: {code} {said}".rstrip(), code=code, says=says)


def fault(step: Step, error: Exception) -> MailFault:
    """What a library's exception means. Anything that is none of its exceptions is a bug and not for here."""
    if isinstance(error, aiosmtplib.SMTPResponseException) and error.code > 0:
        return refused(step, error.code, error.message)
    if isinstance(error, aiosmtplib.SMTPResponseException):  # a line without a code
        remedy = CHECK_SERVER if step == "connect" else ""
        return MailFault(step, f"the mail relay spoke no SMTP {AT[step]}", remedy=remedy)
    cause = error if isinstance(error, ssl.SSLError) else error.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        why = cut(clean(cause.verify_message), 200)
        what = f"the mail relay's certificate is not to be trusted: {why}"
        return MailFault(step, what, remedy=CHECK_CERTIFICATE, final=True)
    if isinstance(cause, ssl.SSLError):
        return MailFault(step, "no safe connection to the mail relay", remedy=CHECK_SERVER)
    if isinstance(error, TimeoutError):
        return MailFault(step, f"the mail relay did not answer in time {AT[step]}")
    if step == "connect":
        return MailFault(step, f"the mail relay cannot be reached: {_detail(error)}", remedy=CHECK_SERVER)
    return MailFault(step, f"the mail relay hung up {AT[step]}")


def missing(step: Step, what: str, remedy: str) -> MailFault:
    """Something that the relay does not offer and that we do not go on without."""
    return MailFault(step, what, remedy=remedy, final=True)


def classify(fault: MailFault) -> Outcome:
    """The outcome of a delivery that ended in ``fault``."""
    if fault.final:
        return Held(reason=explain(fault))
    if fault.step == "dot" and not 400 <= fault.code < 600:
        return Unknown(reason=f"{fault.what}; {UNSURE}")
    if not 500 <= fault.code < 600:
        return Later(reason=f"{explain(fault)}; {UNSENT}")
    return Held(reason=explain(fault)) if _for_a_person(fault) else RefusedPayload(reason=fault.what)


def explain(fault: MailFault) -> str:
    """A sentence for people, the remedy included."""
    return f"{fault.what}: {fault.remedy}" if fault.remedy else fault.what


def _for_a_person(fault: MailFault) -> bool:
    """Whether every message to this recipient would fare the same until somebody mends something."""
    if fault.step in ("connect", "ehlo", "starttls", "auth"):
        return True
    if fault.step == "mail":
        return fault.code not in _TOO_LARGE
    return fault.code in _SIGN_IN or bool(_PERMISSION.match(fault.says) and fault.step in ("rcpt", "data"))


def _remedy(step: Step, code: int, says: str) -> str:
    if not 500 <= code < 600:
        return ""
    if step == "auth" or code in _SIGN_IN:
        return CHECK_SIGN_IN
    if step == "mail" and code not in _TOO_LARGE:
        return CHECK_SENDER
    if step in ("connect", "ehlo", "starttls"):
        return CHECK_SERVER
    return CHECK_RIGHTS if _PERMISSION.match(says) else ""


def _detail(error: Exception) -> str:
    inner = error.__cause__ if isinstance(error.__cause__, OSError) else error
    number = getattr(inner, "errno", None)
    # Names of hosts have error numbers of their own, below zero.
    says = os.strerror(number) if isinstance(number, int) and number > 0 else getattr(inner, "strerror", None)
    return cut(clean(str(says or inner)), 200)
