"""One signed request to a webhook, and what its answer means for the message.

Signatures follow Standard Webhooks 1.0 (https://www.standardwebhooks.com): the headers ``webhook-id``,
``webhook-timestamp`` and ``webhook-signature``, the last one "v1," and the base64 of HMAC-SHA256 over
``id.timestamp.body``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

from bot.model import Delivered, Held, Later, RefusedPayload, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import Outcome

    from .transport import Failure

LONGEST_PAUSE = 3600.0
MEND_SECRET = "check the secret on both sides (secret_env)"  # noqa: S105 – a sentence
MEND_ADDRESS = "check the address that url_env names"
AGAIN = "it is sent again with the same webhook-id, by which the receiver knows it"

# What a status says, as (fate, sentence); 2xx is delivered, every other one is in doubt.
STATUSES: dict[int, tuple[str, str]] = {
    400: ("payload", "cannot read the document"),
    401: ("held", f"does not know us: {MEND_SECRET}"),
    402: ("held", "wants to be paid: ask whoever runs it"),
    403: ("held", f"does not let us in: {MEND_SECRET}, or ask whoever runs it"),
    404: ("held", f"knows no such address: {MEND_ADDRESS}"),
    405: ("held", f"takes no POST there: {MEND_ADDRESS}"),
    406: ("held", f"gives no answer that we take: {MEND_ADDRESS}"),
    407: ("held", "is behind a proxy that wants a password: name one in proxy_env under [network]"),
    408: ("later", "was too slow to read the request"),
    410: ("held", "has gone for good: give another address, or remove the destination"),
    411: ("held", f"wants requests of another form: {MEND_ADDRESS}"),
    413: ("payload", "finds the document too large"),
    415: ("payload", "takes no JSON"),
    421: ("held", f"is not the server for this address: {MEND_ADDRESS}"),
    422: ("payload", "does not accept the document"),
    425: ("later", "is not ready for it yet"),
    429: ("later", "asks for a pause"),
    431: ("payload", "finds the headers too large"),
}


def signature(key: bytes, message: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature`` for a body; ``timestamp`` in seconds since 1970."""
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def document(values: Mapping[str, Any]) -> bytes:
    """A document as bytes, the same for the same values."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "replace")


def answered(status: int, retry_after: str | None) -> Outcome:
    """What an answer means. The receiver may have taken what it answers with an error of its own."""
    if 200 <= status < 300:
        return Delivered()
    says = f"the webhook answered with status {status}"
    pause = _seconds(retry_after)
    fate, sentence = STATUSES.get(status, ("unknown", ""))
    if fate == "later" or (status == 503 and pause is not None):
        return Later(reason=f"{says}: it {sentence or 'asks for a pause'}", seconds=pause)
    if fate == "held":
        return Held(reason=f"{says}: it {sentence}")
    if fate == "payload":
        return RefusedPayload(reason=f"{says}: it {sentence}")
    return Unknown(reason=f"{says}; {AGAIN}")


def unanswered(failure: Failure) -> Outcome:
    """What a request without an answer means: only what failed before a byte could leave is definite."""
    if failure.code == "connect.address":
        return Held(reason=f"what url_env names is no address: {MEND_ADDRESS}")
    if failure.code == "connect.tls":
        remedy = "an authority of your own goes into ca_file in [network]"
        return Held(reason=f"no safe connection to the webhook ({failure.detail}): {remedy}")
    if failure.code.startswith("connect."):
        return Later(reason=f"the webhook cannot be reached: {failure.detail}")
    if failure.code == "http.redirect":
        return Held(reason=f"the webhook answered with a redirect, which is not followed: {MEND_ADDRESS}")
    return Unknown(reason=f"the webhook did not answer ({failure.detail}); {AGAIN}")


def _seconds(value: str | None) -> float | None:
    """A Retry-After in seconds, at most an hour; one that gives a date is left to our own back-off."""
    try:
        return min(max(1.0, float(value)), LONGEST_PAUSE) if value else None  # in this order "nan" is 1.0
    except ValueError:
        return None
