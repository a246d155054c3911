"""Which addresses may be connected to, and the proof that no others are.

A name is looked up once, every address it has is judged, and the connection goes to one of exactly these: the
look-up is the connector's resolver, so a name that answers differently the second time (DNS rebinding) gains
nothing. The socket factory judges once more, whatever way an address may have come.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import ConfigError, Fault, Refused

from .address import Address, IPAddress, host_name
from .lookup import look_up

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Looks a host name up: (name, port) → its addresses as text. Raises OSError when it has none."""

AddrInfo = tuple[int, int, int, str, tuple[object, ...]]

WEB_PORTS = frozenset({80, 443})
# Names that exist inside a network only (RFC 6761, 6762, 8375 and ICANN's reservation of "internal" in 2024).
PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa")

_ENTRY = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?")

# IANA special-purpose registries (RFC 6890 and successors), multicast and reserved space; and 168.63.129.16,
# the address under which Azure's host answers its guests. The standard library's is_global lacks several.
DENIED4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    )
)  # fmt: skip
# Only global unicast (RFC 4291 §2.4), and of that neither protocol assignments (Teredo among them), documentation
# nor 6to4, which carries any IPv4 address inside. NAT64 lies outside of it.
PUBLIC6 = IPv6Network("2000::/3")
DENIED6 = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


class Forbidden(OSError):
    """A socket was asked for an address that was never cleared."""


def is_public(ip: IPAddress) -> bool:
    """Whether ``ip`` lies on the open internet; IPv4 inside IPv6 (::ffff:…) is judged as IPv4."""
    if ip.version == 6:
        mapped = ip.ipv4_mapped
        if mapped is None:
            return ip in PUBLIC6 and not any(ip in net for net in DENIED6)
        ip = mapped
    return not any(ip in net for net in DENIED4)


class Allowed:
    """The operator's exceptions: ``host``, ``host:port``, an IP address with or without port, or a network.

    Without a port an entry opens every port. Raises :class:`ConfigError` naming each entry that is none of these.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self.names: set[tuple[str, int | None]] = set()
        self.networks: list[tuple[IPv4Network | IPv6Network, int | None]] = []
        wrong = [entry for entry in entries if not self._add(entry.strip())]
        if wrong:
            raise ConfigError([_bad_entry(entry) for entry in wrong])

    def _add(self, entry: str) -> bool:
        with contextlib.suppress(ValueError):
            self.networks.append((ip_network(entry), None))
            return True
        parts = _ENTRY.fullmatch(entry)
        if parts is None:
            return False
        host, port = parts["six"] or parts["host"], int(parts["port"]) if parts["port"] else None
        if port is not None and not 0 < port < 65_536:
            return False
        with contextlib.suppress(ValueError):
            self.networks.append((ip_network(host), port))
            return True
        with contextlib.suppress(Refused):
            self.names.add((host_name(host).removesuffix("."), port))
            return True
        return False

    def name(self, host: str, port: int) -> bool:
        """Whether the host is opened by its name."""
        name = host.removesuffix(".")
        return (name, None) in self.names or (name, port) in self.names

    def ip(self, ip: IPAddress, port: int) -> bool:
        """Whether an address is opened, by itself or with its network."""
        ip = _unmapped(ip)
        return any(only in {None, port} and ip.version == net.version and ip in net for net, only in self.networks)


class Guard(AbstractResolver):
    """Judges addresses for the door: as its resolver, and as the maker of its sockets.

    With a ``proxy`` (host name or IP address) every connection goes there and the proxy looks names up; the guard
    then judges written IP addresses, and names as far as they can be looked up from here.
    """

    # Behind a proxy a name often cannot be looked up at all: the question must not cost a poll's whole time.
    PROXY_LOOK_UP = 2.0

    def __init__(self, allow: Iterable[str] = (), resolver: Resolver | None = None, proxy: str | None = None) -> None:
        self._allow = Allowed(allow)
        self._look_up = resolver or look_up
        self._proxy = proxy
        # Addresses that an allowed name or the proxy turned out to have.
        self._granted: set[IPAddress] = set()
        with contextlib.suppress(ValueError):
            self._granted.add(ip_address(proxy or ""))

    def check(self, address: Address) -> None:
        """Refuse what the address alone shows to be out of bounds; names are judged when they are looked up."""
        if address.ip is not None:
            self._judge(address.host, address.port, [address.ip])

    async def check_for_proxy(self, address: Address) -> None:
        """Refuse an address that a proxy would reach for us but should not."""
        self.check(address)
        if address.ip is not None or self._allow.name(address.host, address.port):
            return
        addresses: list[IPAddress] = []
        with contextlib.suppress(OSError):  # TimeoutError included
            async with asyncio.timeout(self.PROXY_LOOK_UP):
                addresses = [_ip(text) for text in await self._look_up(address.host, address.port)]
        self._judge(address.host, address.port, addresses)
        if not addresses:
            _judge_name(address.host, address.port)

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,  # noqa: ARG002 – both families are always asked for
    ) -> list[ResolveResult]:
        """The addresses of ``host``, each of them cleared. Raises :class:`Refused`, OSError if there are none."""
        addresses = [_ip(text) for text in await self._look_up(host, port)]
        if not addresses:
            raise OSError(f"no address for {host}")
        if host == self._proxy:
            self._granted.update(addresses)
        else:
            self._judge(host, port, addresses)
        return [_result(host, port, ip) for ip in addresses]

    async def close(self) -> None:
        """Nothing is held open."""

    def socket(self, info: AddrInfo) -> socket.socket:
        """A socket for one address, if it is a cleared one; raises :class:`Forbidden` otherwise."""
        family, kind, protocol, _, place = info
        ip, port = _ip(str(place[0])), int(str(place[1]))
        if not (is_public(ip) or ip in self._granted or self._allow.ip(ip, port)):
            raise Forbidden(f"{ip} was not cleared")
        return socket.socket(family, kind, protocol)

    def _judge(self, host: str, port: int, addresses: Sequence[IPAddress]) -> None:
        """Let pass only if *every* address may be connected to: the next connection may take any of them."""
        if self._allow.name(host, port):
            self._granted.update(addresses)
            return
        for ip in addresses:
            if self._allow.ip(ip, port):
                continue
            if not is_public(ip):
                raise Refused(_private_sentence(host, ip))
            if port not in WEB_PORTS:
                raise Refused(_port_sentence(host, port))


def _judge_name(host: str, port: int) -> None:
    """What a name alone can tell, where only the proxy knows its addresses."""
    name = host.removesuffix(".")
    if "." not in name or name.endswith(PRIVATE_SUFFIXES):
        raise Refused(_private_sentence(host, None))
    if port not in WEB_PORTS:
        raise Refused(_port_sentence(host, port))


def _ip(text: str) -> IPAddress:
    return ip_address(text.partition("%")[0])


def _unmapped(ip: IPAddress) -> IPAddress:
    return ip if ip.version == 4 else ip.ipv4_mapped or ip


def _result(host: str, port: int, ip: IPAddress) -> ResolveResult:
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    return ResolveResult(hostname=host, host=str(ip), port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)


def _private_sentence(host: str, ip: IPAddress | None) -> str:
    if ip is None:
        what = f"{host} is a name inside a private network"
    elif host == str(ip):
        what = f"{host} is a private or reserved address"
    else:
        what = f"{host} leads to the private or reserved address {ip}"
    return f'{what}, which is not visited: if it is meant, add "{host}" to allow under [network]'


def _port_sentence(host: str, port: int) -> str:
    place = f"[{host}]" if ":" in host else host
    return (
        f"port {port} of {host} is not visited, only 80 and 443 of public hosts are: "
        f'if it is meant, add "{place}:{port}" to allow under [network]'
    )


def _bad_entry(entry: str) -> Fault:
    return Fault(
        file="network.allow",
        message=f'"{entry}" is not a host, host:port, IP address or network',
        remedy='write for example "intranet.example.org", "intranet.example.org:8080" or "10.1.0.0/16"',
    )
