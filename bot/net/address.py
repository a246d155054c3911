r"""Reading an address strictly, so that what is checked is what is asked for.

Clients disagree on odd addresses: ``http://public\@private/`` leads one to the first host and another to the
second. So the parts are cut here by one small grammar (RFC 3986 without user names), anything beyond it is
refused, and the request is made from the parts, never from the text that came in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

from yarl import URL

from bot.errors import Refused

IPAddress = IPv4Address | IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
# RFC 9110 §4.1 asks for 8,000 octets at least; nothing longer is a feed's address.
MAX_LENGTH = 8_000

_CONTROL_OR_BACKSLASH = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_ADDRESS = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)(?:#.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s\[\]:@%]+))(?::(?P<port>[0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# All that RFC 3986 lets stand in path and query; "%" stays, because the text is taken as already escaped.
_LEGAL = "%/:?[]@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address in parts: ``host`` in ASCII and small letters, ``target`` the path with the query.

    ``ip`` is set when the host is written as an IP address.
    """

    scheme: str
    host: str
    port: int
    target: str
    ip: IPAddress | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """What credentials belong to (RFC 6454)."""
        return self.scheme, self.host, self.port

    @property
    def url(self) -> str:
        """The address in one piece, without a fragment."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def parse(url: str) -> Address:
    """Cut ``url`` into parts; raises :class:`Refused` for anything but a plain http or https address."""
    text = _plain(url)
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise Refused(f"{_scheme(text)}: only addresses that begin with http:// or https:// are fetched")
    authority = match["authority"]
    if "@" in authority:
        raise Refused(
            "a user name or password inside an address is not used: put them into a variable and name that in auth_env"
        )
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None:
        raise Refused("the address has no valid host name: check its spelling")
    scheme = match["scheme"].lower()
    port = int(parts["port"] or DEFAULT_PORTS[scheme])
    if not 0 < port < 65_536:
        raise Refused(f"there is no port {port}: check the address")
    ip = _six(parts["six"]) if parts["six"] else _four(host := host_name(parts["name"]))
    return Address(scheme, _written(ip) if ip else host, port, _target(match["rest"]), ip)


def join(base: Address, location: str) -> Address:
    """Where a redirect from ``base`` leads; ``location`` may be relative. Raises :class:`Refused`."""
    try:
        text = urljoin(base.url, _plain(location))
    except ValueError as error:
        raise Refused("the address has no valid host name: check its spelling") from error
    return parse(text)


def _plain(url: str) -> str:
    text = url.strip()
    if len(text) > MAX_LENGTH:
        raise Refused(f"the address is longer than {MAX_LENGTH:,} characters")
    if _CONTROL_OR_BACKSLASH.search(text):
        raise Refused("the address holds a backslash or control character, which programs read differently")
    return text


def _scheme(text: str) -> str:
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]{0,15}:", text)
    return f"“{scheme[0]}”" if scheme else "an address without http://"


def _written(ip: IPAddress) -> str:
    """One spelling; Python 3.13 writes mapped addresses (::ffff:1.2.3.4) in another one than before."""
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        return f"::ffff:{int(ip.ipv4_mapped) >> 16:x}:{int(ip.ipv4_mapped) & 0xFFFF:x}"
    return str(ip)


def _six(text: str) -> IPv6Address:
    try:
        return IPv6Address(text)
    except ValueError as error:
        raise Refused(f"[{text}] is not a valid IP address") from error


def host_name(text: str) -> str:
    """A host name as it is looked up: IDNA for other scripts (UTS 46), small letters. Raises :class:`Refused`."""
    if not text.isascii():
        try:
            text = URL.build(scheme="http", host=text).raw_host or ""
        except ValueError as error:  # UnicodeError included
            raise Refused("the address has no valid host name: check its spelling") from error
    name = text.lower()
    labels = name.removesuffix(".").split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused("the address has no valid host name: check its spelling")
    return name


def _four(name: str) -> IPv4Address | None:
    """The IPv4 address that ``name`` writes, None for a name.

    As in the WHATWG URL standard a host whose last label is a number is an IPv4 address; of the
    spellings only the dotted four are taken, because 0177.1 or 2130706433 mean different things to different readers.
    """
    if not _NUMBER.fullmatch(name.removesuffix(".").rpartition(".")[2]):
        return None
    try:
        return IPv4Address(name)
    except ValueError as error:
        raise Refused(f"{name} is not a valid IP address: write four numbers from 0 to 255 with dots") from error


def _target(rest: str) -> str:
    path, _, query = rest.partition("?")
    whole = f"{path or '/'}?{query}" if query else path or "/"
    try:
        return quote(whole.encode("utf-8", "surrogateescape"), safe=_LEGAL)
    except UnicodeEncodeError as error:
        raise Refused("the address holds characters that no address can hold") from error
