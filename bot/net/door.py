"""The one way out to the web: every HTTP request for what others publish goes through :class:`Door`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

import aiohttp
from yarl import URL

from bot.errors import ConfigError, Fault, Refused

from .address import parse
from .fetch import Fetch, Permit, watch_connecting
from .guard import Guard, Resolver
from .inflate import ACCEPTED
from .lanes import Lanes
from .response import Response, sendable
from .trust import trusting

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from types import TracebackType

    from .places import Place

FEED_LIMIT = 10_000_000
PAGE_LIMIT = 3_000_000
# Connections at once of all who ask here; a view made by "apart" has its own number besides.
AT_ONCE = 160
# Some sites send a Content-Security-Policy longer than the client's usual 8 KB.
MAX_HEADER_LINE = 65_536
ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"

# What the request itself is made of: a source cannot set it.
RESERVED = frozenset(
    {"host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect",
     "accept-encoding", "if-none-match", "if-modified-since", "range", "proxy-authorization"}
)  # fmt: skip


class Door:
    """Fetches what is published, within limits and politely.

    ``allow`` opens private hosts, networks and other ports than 80 and 443 (see :class:`~bot.net.guard.Allowed`);
    ``proxy`` is an http(s) address, with user name and password if it needs them; ``ca_file`` names a PEM file of
    authorities trusted besides the system's; ``deadline`` is the total number of seconds a fetch may take, its wait
    for a turn not counted; ``resolver`` replaces the system's look-up of names. Nothing is taken from the
    environment. Raises :class:`ConfigError` for what cannot be used.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        contact: str | None = None,
        allow: Sequence[str] = (),
        proxy: str | None = None,
        ca_file: str | Path | None = None,
        deadline: float = 30.0,
        resolver: Resolver | None = None,
    ) -> None:
        self._agent = f"{user_agent} (+{contact})" if contact else user_agent
        self._proxy = _proxy(proxy) if proxy else None
        self._tls: ssl.SSLContext | bool = trusting(ca_file) if ca_file else True  # the client's own takes 50 ms less
        self._deadline = deadline
        self._guard = Guard(allow, resolver, self._proxy.raw_host if self._proxy else None)
        self._lanes = Lanes()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._place: Place | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def agent(self) -> str:
        """How requests introduce themselves: the User-Agent."""
        return self._agent

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=self._guard,
            socket_factory=self._guard.socket,
            use_dns_cache=False,
            ssl=self._tls,
            limit=0,  # the lanes count, so that waiting for a place does not use up a deadline
            keepalive_timeout=5,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            trust_env=False,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(),
            trace_configs=[watch_connecting()],
            max_line_size=MAX_HEADER_LINE,
            max_field_size=MAX_HEADER_LINE,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def apart(self, at_once: int) -> Self:
        """This open door for those who must not take others' connections: they share ``at_once`` of their own."""
        return self._view(_at_once=asyncio.Semaphore(at_once))

    def holding(self, place: Place) -> Self:
        """This open door for a poll, whose ``place`` is put down while it stands in the queue before a server."""
        return self._view(_place=place)

    def _view(self, **other: object) -> Self:
        """This door but for ``other`` attributes; made for every poll, so with less ado than by the copy module."""
        view = object.__new__(type(self))
        view.__dict__.update(self.__dict__, **other)
        return view

    def judge(self, url: str) -> None:
        """Raises :class:`Refused` for what the address alone shows to be out of bounds; nothing is looked up."""
        self._guard.check(parse(url))

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int = FEED_LIMIT,
        deadline: float | None = None,
        now: datetime | None = None,
        cut: bool = False,
        permit: Permit | None = None,
    ) -> Response:
        """Fetch ``url``, unchanged (304) if ``etag`` or ``last_modified`` still hold.

        ``headers`` go to the origin of ``url`` only. ``limit`` bounds the bytes on the wire and the decoded ones,
        ``deadline`` the seconds over all redirects. ``now`` serves only to read a date in Retry-After or Expires
        from a server that does not say what time it has. ``cut``: of what is longer than ``limit`` the beginning is
        taken. ``permit`` is asked before a redirect is followed to the address it is given, and may raise SourceError;
        it may use this door itself.

        Raises :class:`Unreachable`, :class:`Refused`, :class:`Gone`, :class:`TooLarge` or :class:`Unreadable`,
        each with a sentence for the reader and, when the server asked for a pause, with ``retry_after``.
        """
        if self._session is None:
            raise RuntimeError("the door is not open: use it in an async with statement")
        sent = {"if-none-match": etag, "if-modified-since": last_modified}
        fetch = Fetch(
            session=self._session,
            guard=self._guard,
            lanes=self._lanes,
            at_once=self._at_once,
            place=self._place,
            proxy=self._proxy,
            address=parse(url),
            url=url,
            own={"user-agent": self._agent, "accept": ACCEPT, "accept-encoding": ACCEPTED},
            given=_checked(headers or {}),
            validators={name: value for name, value in sent.items() if value is not None and sendable(value)},
            limit=limit,
            deadline=self._deadline if deadline is None else deadline,
            now=now,
            cut=cut,
            permit=permit,
        )
        return await fetch.run()


def _checked(headers: Mapping[str, str]) -> dict[str, str]:
    """A source's own headers with names in small letters. Raises :class:`Refused` for what cannot be sent."""
    for name, value in headers.items():
        if name.lower() in RESERVED:
            raise Refused(f"the header “{name}” is set by Presswatch itself: remove it from the source's headers")
        if not (name.isascii() and name.replace("-", "").replace("_", "").isalnum() and value.isprintable()):
            raise Refused(f"the header “{name[:40]}” of the source cannot be sent: check its name and value")
    return {name.lower(): value for name, value in headers.items()}


def _proxy(text: str) -> URL:
    try:
        url = URL(text)
        if url.scheme in {"http", "https"} and url.raw_host:
            return url
    except ValueError:
        pass
    raise ConfigError(
        [
            Fault(
                file="network.proxy",
                message="is not the address of a proxy",
                remedy='write it like "http://proxy.example.org:3128"',
            )
        ]
    )
