"""The pages behind items: asked for politely, one host after the other's pace, and never waited for without end."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from bot.errors import Gone, Refused, SourceError, Unreachable, Unreadable
from bot.net import PAGE_LIMIT, parse

from .robots import Robots

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from bot.net import Door, Response

    from .workers import ParserPool

AT_ONCE = 40  # pages and robots.txt asked for at once
PAUSE = 0.5  # seconds between two pages of one server that asks for nothing
STRIKES = 2  # pages without any answer after which a server is left alone for this time
SHARE = 3  # one page may take this part of the time that all have
_ACCEPT = "text/html, application/xhtml+xml, */*;q=0.1"
_HTML = ("text/html", "application/xhtml+xml")
_MOST_SERVERS = 10_000

Server = tuple[str, int]


class Pages:
    """Reads article pages for all sources together, so that each server's pace is kept whoever asks.

    ``door`` is open already. ``clock`` gives seconds, of whatever beginning; ``sleep`` waits for some.
    """

    def __init__(
        self,
        door: Door,
        pool: ParserPool,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        door = door.apart(AT_ONCE)  # pages that drip take no feed's connection
        self._door, self._pool, self._clock, self._sleep = door, pool, clock, sleep
        self._robots = Robots(door, pool, clock=clock)
        self._next: dict[Server, float] = {}

    async def read(
        self,
        urls: Sequence[str],
        *,
        seconds: float,
        headers: Mapping[str, str] | None = None,
        origin: str | None = None,
    ) -> dict[str, str | SourceError]:
        """The articles' texts by address, or why there is none; never later than after ``seconds``.

        The pages of one server come one after the other, in the given order. ``headers`` are sent where a page has
        the origin of the address ``origin``, and nowhere else.
        """
        found: dict[str, str | SourceError] = {}
        servers: dict[Server, list[str]] = defaultdict(list)
        for url in dict.fromkeys(urls):
            try:
                address = parse(url)
            except Refused as error:
                found[url] = error
            else:
                # As in bot.net.lanes: a host's two web ports are one server.
                servers[address.host, 0 if address.port in {80, 443} else address.port].append(url)
        until = self._clock() + seconds
        own = _Own(headers or {}, origin)
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                for server, those in servers.items():
                    group.create_task(self._visit(server, those, own, seconds / SHARE, until, found))
        except TimeoutError:
            pass  # what has come has come
        late = Unreachable(f"it was not there within {seconds:g} s")
        return {url: found.get(url, late) for url in urls}

    async def _visit(
        self,
        server: Server,
        urls: Sequence[str],
        own: _Own,
        deadline: float,
        until: float,
        found: dict[str, str | SourceError],
    ) -> None:
        strikes = 0
        for place, url in enumerate(urls):
            try:
                found[url] = await self._page(server, url, own, deadline, until)
            except SourceError as error:
                found[url] = error
                if error.transient:  # a server that says it is in trouble need not say it twice
                    strikes += 1 if error.status is None else STRIKES
                if strikes >= STRIKES:
                    found.update(dict.fromkeys(urls[place + 1 :], error))
                    return

    async def _page(self, server: Server, url: str, own: _Own, deadline: float, until: float) -> str:
        try:
            delay = await self._robots.ask(url, deadline)
            await self._turn(server, delay, until)
            response = await self._door.get(
                url,
                headers={**own.headers_for(url), "Accept": _ACCEPT},
                limit=PAGE_LIMIT,
                deadline=deadline,
                permit=lambda hop: self._permit(hop, deadline),
            )
        except SourceError as error:
            raise told(error, server[0]) from error
        _must_be_html(response)
        page = await self._pool.article_text(response.body, response.content_type, response.final_url)
        if page.wall:
            raise Refused(page.wall)
        if not page.text:
            raise Unreadable("no article was found on its page")
        return page.text

    async def _permit(self, url: str, deadline: float) -> None:
        await self._robots.ask(url, deadline)

    async def _turn(self, server: Server, delay: float, until: float) -> None:
        """Wait until the server may be asked again. Raises Refused at once if that is too late."""
        now = self._clock()
        begin = max(now, self._next.get(server, now))
        if begin > until:
            wish = f"robots.txt of {server[0]} asks for {delay:g} s" if delay > PAUSE else f"{PAUSE:g} s for politeness"
            raise Refused(f"its turn would not come in time ({wish} between two pages)")
        if len(self._next) > _MOST_SERVERS:
            self._next = {each: at for each, at in self._next.items() if at > now}
        self._next[server] = begin + max(delay, PAUSE)
        if begin > now:
            await self._sleep(begin - now)


class _Own:
    """The source's own headers, which nobody else may see."""

    def __init__(self, headers: Mapping[str, str], origin: str | None) -> None:
        self._headers = headers
        self._origin = parse(origin).origin if origin and headers else None

    def headers_for(self, url: str) -> Mapping[str, str]:
        return self._headers if self._origin is not None and parse(url).origin == self._origin else {}


def _must_be_html(response: Response) -> None:
    """What says that it is something else than a page is none; what says nothing may be one."""
    kind = (response.content_type or "").partition(";")[0].strip().lower()
    if kind and kind not in _HTML:
        raise Unreadable(f"what stands at its address is no web page ({kind[:60]})")


def told(error: SourceError, host: str) -> SourceError:
    """The error in a sentence about a page, for the reader of an alert: without remedies, which are for others."""
    status = error.status
    if status is None:
        return type(error)(str(error).partition(": ")[0] if isinstance(error, Unreachable) else str(error))
    if isinstance(error, Gone):
        sentence = f"{host} has no such page ({status})"
    elif status == 429:
        sentence = f"{host} asks for fewer requests ({status})"
    elif isinstance(error, Unreachable):
        sentence = f"{host} is in trouble ({status})" if status >= 500 else f"{host} answered without a page ({status})"
    else:
        sentence = f"{host} does not let us in ({status})"
    return type(error)(sentence, retry_after=error.retry_after, status=status)
