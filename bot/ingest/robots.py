"""robots.txt: what a site lets programs read, as RFC 9309 has it.

The file is fetched through the door and read in a worker that can be killed, for it comes from a stranger like any
page. It is kept for as long as the server says, at most a day (§2.4). A server that has none (any 4xx) allows
everything (§2.3.1.3); one that is in trouble or cannot be reached allows nothing (§2.3.1.4), and is asked again soon;
so is one that asks for fewer requests (429). Of a longer file the first 500 KiB count (§2.5).
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from bot.errors import Gone, Refused, SourceError
from bot.net import parse

from .limits import MAX_ROBOTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.net import Door
    from bot.net.address import Address

    from .workers import ParserPool

KEPT = 86_400.0  # seconds a file is kept at most, and without a word of the server
KEPT_LEAST = 600.0  # seconds it is kept in any case: a file that may never be kept is not fetched for every page
TROUBLED = 600.0  # seconds until a server in trouble is asked again
ROOM = 20_000_000  # bytes of all files that are kept
_TOKEN = re.compile(r"[A-Za-z_-]+")


@dataclass(frozen=True, slots=True)
class Leave:
    """What robots.txt says of one address: whether it may be read, and the seconds it asks for between two pages."""

    allowed: bool
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class _File:
    """A site's robots.txt until ``until``; ``trouble``: why there is none and nothing may be read."""

    body: bytes
    until: float
    trouble: str = ""


class Robots:
    """Asks robots.txt, which is kept for all sources together. ``clock`` gives seconds, of whatever beginning."""

    def __init__(self, door: Door, pool: ParserPool, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._door, self._pool, self._clock = door, pool, clock
        self._token = product_token(door.agent)
        self._files: OrderedDict[tuple[str, str, int], _File] = OrderedDict()
        self._asking: WeakValueDictionary[tuple[str, str, int], asyncio.Lock] = WeakValueDictionary()

    async def ask(self, url: str, deadline: float) -> float:
        """The seconds that the site wants between two pages. Raises Refused if ``url`` must not be read.

        ``deadline``: seconds that fetching the file may take. Also raises what :func:`bot.net.parse` does.
        """
        address = parse(url)
        file = await self._file(address, deadline)
        if file.trouble:
            raise Refused(file.trouble)
        if not file.body:
            return 0.0
        leave = await self._pool.robots(file.body, address.url, self._token)
        if not leave.allowed:
            raise Refused(f"robots.txt of {address.host} does not allow it")
        return leave.delay

    async def _file(self, address: Address, deadline: float) -> _File:
        lock = self._asking.setdefault(address.origin, asyncio.Lock())
        async with lock:
            file = self._files.get(address.origin)
            if file is None or file.until <= self._clock():
                file = await self._fetch(address, deadline)
                self._keep(address, file)
            return file

    def _keep(self, address: Address, file: _File) -> None:
        self._files[address.origin] = file
        self._files.move_to_end(address.origin)
        held = sum(len(each.body) + 1_000 for each in self._files.values())
        while held > ROOM and len(self._files) > 1:
            held -= len(self._files.popitem(last=False)[1].body) + 1_000

    async def _fetch(self, address: Address, deadline: float) -> _File:
        url = address.url.removesuffix(address.target) + "/robots.txt"
        now = self._clock()
        try:
            answer = await self._door.get(
                url, headers={"Accept": "text/plain, */*;q=0.5"}, limit=MAX_ROBOTS, deadline=deadline, cut=True
            )
        except SourceError as error:
            if allows_all(error):
                return _File(b"", now + KEPT)
            return _File(b"", now + max(TROUBLED, min(error.retry_after or 0.0, KEPT)), _trouble(error))
        kept = KEPT if answer.max_age is None else min(max(answer.max_age, KEPT_LEAST), KEPT)
        return _File(answer.body, now + kept)


def allows_all(error: SourceError) -> bool:
    """Whether the site has no rules: 4xx, or success without a file. 429 and its like are trouble, no "no"."""
    if isinstance(error, Gone):
        return True
    status = error.status or 0
    return 200 <= status < 300 or (isinstance(error, Refused) and 400 <= status < 500)


def _trouble(error: SourceError) -> str:
    what = str(error).partition(": ")[0]
    if isinstance(error, Refused) and error.status is None:
        return what  # the guard: it says the same of the pages
    return f"whether programs may read it is not known, for {what}"


def product_token(agent: str) -> str:
    """What robots.txt calls us (RFC 9309 §2.2.1): the letters, ``_`` and ``-`` at the head of the User-Agent."""
    found = _TOKEN.match(agent.strip())
    return found[0] if found else "*"


def leave(body: bytes, url: str, token: str) -> Leave:
    """What the file ``body`` says of ``url`` to the program ``token``. Belongs into a worker: bounded in size only."""
    from protego import Protego

    rules = Protego.parse(body.decode("utf-8", "replace").removeprefix("\ufeff"))
    delay = rules.crawl_delay(token) or 0.0
    return Leave(allowed=rules.can_fetch(url, token), delay=delay if math.isfinite(delay) else 0.0)
