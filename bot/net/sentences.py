"""What went wrong, in a sentence for the person who reads the list of sources.

Each names the host and, where there is one, the remedy; none shows an address with its query or a proxy with
its password.
"""

from __future__ import annotations

import errno
import re
from typing import TYPE_CHECKING

import aiohttp

from bot.errors import Gone, Refused, SourceError, Unreachable
from bot.model.words import WAY_IN

from .guard import Forbidden
from .response import retry_after

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from .address import Address

A_DAY = 86_400  # seconds: no source rests for longer, whatever its server asks
# What the client says was wrong with an answer, without the bytes that it quotes.
_REASON = re.compile(r"[A-Z][A-Za-z0-9 -]{3,60}")
NO_WAY = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ENETDOWN, errno.EHOSTDOWN}

# Signs in the headers that a program, not a person, decided: names as the operators of these walls document them.
WALLS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("server", "cloudflare", "Cloudflare"),
    ("server", "akamaighost", "Akamai"),
    ("x-datadome", "", "DataDome"),
    ("x-iinfo", "", "Imperva"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-sucuri-id", "", "Sucuri"),
)
# Those of them that are sent with a challenge alone, whatever its status; the others stand in every answer.
CHALLENGES = ("cf-mitigated", "x-amzn-waf-action")


def size(count: int) -> str:
    """A number of bytes as people read it."""
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"


def too_slow(host: str, seconds: float, received: int | None) -> Unreachable:
    """The deadline passed; ``received`` is the size of the unfinished body, None before it began."""
    if received is None:
        return Unreachable(f"{host} did not answer within {seconds:g} s")
    return Unreachable(f"{host} was still sending after {seconds:g} s ({size(received)} so far)")


def for_status(
    host: str,
    status: int,
    headers: Mapping[str, str],
    now: datetime | None = None,
    *,
    trimmed: bool = False,
    known: bool = False,
) -> SourceError:
    """The error for a status that brings no feed.

    ``trimmed``: headers of the source were not sent on; ``known``: an Authorization was sent.
    """
    pause = retry_after(headers, now)
    if status in {404, 410}:
        return Gone(_gone(host, status), status=status)
    if status in {408, 425, 429} or status >= 500:
        sentence = _walled(host, status, headers) if _challenges(headers) else _busy(host, status, pause)
        return Unreachable(sentence, retry_after=pause, status=status)
    if status == 202 or status < 400:
        wall = _wall(headers)
        reason = f", which looks like a bot wall of {wall}" if wall else ""
        return Unreachable(f"{host} answered without a feed ({status}){reason}", retry_after=pause, status=status)
    sentence = _refused(host, status, headers)
    if trimmed and status in {401, 403}:
        sentence = (
            f"{host} does not let us in ({status}); the source's headers were not sent there, because a redirect led "
            "to it: name its address in the configuration if it may see them"
        )
    elif known and status in {401, 403} and not _wall(headers):
        sentence = f"{host} does not accept the source's credentials ({status}): check what auth_env or auth_file holds"
    return Refused(sentence, retry_after=pause, status=status)


def _gone(host: str, status: int) -> str:
    if status == 410:
        return f"{host} says that this address is gone for good (410): remove the source or give its new address"
    return f"{host} has nothing at this address (404): look on its site for the feed's new address"


def _busy(host: str, status: int, pause: float | None) -> str:
    what = "asks for fewer requests" if status == 429 else "is in trouble at the moment"
    time = f"{pause or 0:.0f} s" if (pause or 0) <= A_DAY else "more than a day"
    when = f", and to wait {time}" if pause and status == 429 else f", back in {time}" if pause else ""
    return f"{host} {what} ({status}){when}"


REFUSALS = {
    401: "{host} asks for a name and password, or a token (401): put it into a variable and name that in auth_env",
    402: "{host} asks for payment (402)",
    403: "{host} does not let us in (403): set contact under [network], or ask the publisher for access",
    407: "the proxy asks for a name and password (407): put them into proxy_env under [network]",
    451: "{host} may not show this for legal reasons (451)",
}


def _refused(host: str, status: int, headers: Mapping[str, str]) -> str:
    wall = _wall(headers)
    if wall and (status == 403 or _challenges(headers)):
        return _walled(host, status, headers)
    if status in REFUSALS:
        return REFUSALS[status].format(host=host)
    return f"{host} does not accept the request ({status}): check the address"


def _walled(host: str, status: int, headers: Mapping[str, str]) -> str:
    return f"{host} keeps programs out with a bot wall of {_wall(headers)} ({status}): {WAY_IN}"


def _challenges(headers: Mapping[str, str]) -> bool:
    return _wall({name: headers[name] for name in CHALLENGES if name in headers}) is not None


def _wall(headers: Mapping[str, str]) -> str | None:
    for header, sign, name in WALLS:
        if sign in headers.get(header, "\0").lower() and header in headers:
            return name
    return None


def for_error(address: Address, error: Exception, received: int) -> SourceError:
    """The error for whatever the HTTP client raised while talking to ``address``."""
    host = address.host
    if isinstance(error, aiohttp.ClientConnectorError):
        return _connecting(address, error)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _proxy_status(host, error.status)
    if isinstance(error, aiohttp.ClientPayloadError):
        return Unreachable(f"the answer of {host} broke off after {size(received)}")
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return Unreachable(f"{host} closed the connection without an answer")
    if isinstance(error, aiohttp.ClientResponseError):
        found = _REASON.match(error.message)
        reason = f" ({found[0].strip()})" if found else ""
        return Unreachable(f"{host} sent something that is not proper HTTP{reason}")
    return Unreachable(f"the connection with {host} was lost")


def _connecting(address: Address, error: aiohttp.ClientConnectorError) -> SourceError:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Unreachable(
            f"the certificate of {address.host} cannot be trusted ({_certificate(error)}): "
            "if your network uses its own authority, name its file as ca_file under [network]"
        )
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return Unreachable(f"the name {error.host} was not found: check its spelling and the network connection")
    if isinstance(error.os_error, Forbidden):
        return Refused(f"{address.host} leads to an address that is not visited")
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        return Unreachable(f"the proxy {error.host}:{error.port} could not be reached: check proxy under [network]")
    return Unreachable(_no_connection(address, error))


def _no_connection(address: Address, error: aiohttp.ClientConnectorError) -> str:
    host, port = address.host, address.port
    if isinstance(error, aiohttp.ClientSSLError):
        return f"no secure connection could be made with {host} on port {port}"
    if isinstance(error.os_error, ConnectionRefusedError):
        return f"{host} refused the connection on port {port}"
    if error.os_error.errno in NO_WAY:
        return f"no way leads to {host}: check the network connection"
    return f"no connection could be made with {host} on port {port}"


def _certificate(error: aiohttp.ClientConnectorCertificateError) -> str:
    reason = getattr(error.certificate_error, "verify_message", "") or "not valid for this host"
    return str(reason).rstrip(".")


def _proxy_status(host: str, status: int) -> SourceError:
    if status == 407:
        return Refused(_refused(host, 407, {}), status=status)
    sentence = f"the proxy does not connect to {host} ({status})"
    return Refused(sentence, status=status) if status in {401, 403} else Unreachable(sentence, status=status)
