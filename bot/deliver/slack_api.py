"""One call to Slack's Web API: an answer or a :class:`SlackFault`, nothing else.

The SDK's retry handlers are off: its default one posts a second time after a reset connection. Connections
are not kept alive: a server that closes an idle connection just as we write makes a send ambiguous, and
at one message a second a new handshake costs nothing. The proxy comes from the configuration only.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.net.trust import trusting

from .classify import DEFAULT_PAUSE, LIMITED, SlackFault
from .pace import Pace
from .transport import Redirected, Way, failure_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

BASE_URL = "https://slack.com/api/"
TOKEN_ENV = "SLACK_BOT_TOKEN"  # noqa: S105 (the name of a variable)
DEADLINE = 30.0
CONNECT = 10.0


async def _refuse_redirects(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    response = await handler(request)
    if 300 <= response.status < 400:
        response.close()
        raise Redirected(str(response.status))
    return response


def new_session(deadline: float = DEADLINE, *, ca_file: Path | None = None) -> aiohttp.ClientSession:
    """The session for Slack: total deadline, no environment, no cookies, no redirects, no reuse of connections.

    ``ca_file`` names authorities that are trusted besides the system's: a company's proxy may show their certificates.
    """
    return aiohttp.ClientSession(
        trust_env=False,
        timeout=aiohttp.ClientTimeout(total=deadline, connect=min(CONNECT, deadline)),
        connector=aiohttp.TCPConnector(force_close=True, limit=8, ssl=trusting(ca_file) if ca_file else True),
        cookie_jar=aiohttp.DummyCookieJar(),
        middlewares=(_refuse_redirects,),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How requests go out: limits in seconds, pace, proxy, and where the session comes from.

    ``deadline`` is the total time of one request; who would wait longer than ``longest_wait`` for a turn
    gives the message back instead of eating up its lease.
    """

    deadline: float = DEADLINE
    longest_wait: float = 20.0
    pace: Pace = field(default_factory=Pace)
    proxy: str | None = None
    session_factory: Callable[[float], aiohttp.ClientSession] = new_session


class SlackApi:
    """Calls with the token, the deadline and the pace of one workspace.

    Arguments go out as JSON for ``chat.*`` and as a form for everything else: Slack takes JSON only
    where something is written.
    """

    def __init__(self, token: str | None, *, base_url: str | None, wire: Wire, token_env: str = TOKEN_ENV) -> None:
        self._token = (token or "").strip()
        self._token_env = token_env
        self.base_url = base_url or BASE_URL
        self.wire = wire
        self._session: aiohttp.ClientSession | None = None

    @property
    def pace(self) -> Pace:
        """The buckets and pauses that all calls share."""
        return self.wire.pace

    async def aclose(self) -> None:
        """Close the session; a later call opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, method: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Slack's answer to ``method``. Raises :class:`SlackFault` for everything that is not ``ok``."""
        return (await self.call_with_headers(method, args))[0]

    async def call_with_headers(self, method: str, args: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
        """Like :meth:`call`, with the answer's headers, names in lower case."""
        rest = self.pace.paused(method)
        if rest:
            raise SlackFault("ratelimited", retry_after=rest)
        try:
            return await self._try(method, args)
        except SlackFault as fault:
            if fault.code in LIMITED:
                fault.retry_after = DEFAULT_PAUSE if fault.retry_after is None else fault.retry_after
                await self.pace.rest(method, fault.retry_after)
            raise

    def _client(self) -> AsyncWebClient:
        if not self._token:
            raise SlackFault("token.missing", self._token_env)
        if not self._token.isascii() or not self._token.isprintable() or " " in self._token:
            raise SlackFault("token.malformed")
        if self._session is None or self._session.closed:
            self._session = self.wire.session_factory(self.wire.deadline)
        client = AsyncWebClient(
            token=self._token, base_url=self.base_url, session=self._session, retry_handlers=[], timeout=1
        )
        # The SDK fills an empty proxy from the environment, whatever the session says.
        client.proxy = self.wire.proxy
        return client

    async def _try(self, method: str, args: Mapping[str, Any]) -> tuple[dict[str, Any], Mapping[str, str]]:
        client = self._client()
        as_json = dict(args) if method.startswith("chat.") else None
        try:
            async with asyncio.timeout(self.wire.deadline):
                response = await client.api_call(method, json=as_json, data=None if as_json is not None else dict(args))
        except SlackApiError as error:
            raise _answered(error) from None
        except (SlackClientError, aiohttp.ClientError, OSError) as error:
            way = Way(base_url=self.base_url, proxy=self.wire.proxy, deadline=self.wire.deadline)
            failure = failure_of(error, way)
            raise SlackFault(failure.code, failure.detail) from error
        except (ValueError, LookupError, AttributeError, TypeError) as error:
            # What the SDK stumbles over when the body is text, a list, or in a character set nobody knows.
            raise SlackFault("http.not_json") from error
        if not isinstance(response.data, dict):
            raise SlackFault("http.not_json")
        return response.data, {name.lower(): value for name, value in response.headers.items()}


def _answered(error: SlackApiError) -> SlackFault:
    """The fault in an answer that came, but did not say ``ok``."""
    response = error.response
    if not isinstance(response, AsyncSlackResponse):
        return SlackFault("http.not_json", f"status {response.status}")
    if response.status_code == 429:
        return SlackFault("ratelimited", retry_after=_seconds(response.headers.get("Retry-After")))
    data = response.data if isinstance(response.data, dict) else {}
    code = data.get("error")
    if isinstance(code, str) and code and response.status_code < 500:
        return SlackFault(code, _detail(data))
    if response.status_code != 200:
        return SlackFault("http.status", f"status {response.status_code}")
    return SlackFault("http.not_json")


def _detail(data: Mapping[str, Any]) -> str:
    """What Slack adds to an error: the scope it misses, the places in the blocks."""
    parts = [f"needed: {data['needed']}"] if data.get("needed") else []
    metadata = data.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    if isinstance(messages, list):
        parts += [str(message)[:200] for message in messages[:3]]
    return "; ".join(parts)


def _seconds(value: str | None) -> float | None:
    """A Retry-After header in whole seconds, kept between 1 second and 1 hour."""
    try:
        return min(max(1.0, float(value)), 3600.0) if value else None  # in this order "nan" is 1.0
    except ValueError:
        return None
