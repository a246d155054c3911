"""Which channel a destination's target means: ids as they are, names through conversations.list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .classify import SlackFault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from .slack_api import SlackApi

# Channels (C, formerly G), direct messages (D) and users (U, W) are upper-case letters and digits; names of
# channels are always lower-case, so the two cannot be mixed up.
_ID = re.compile(r"[CGDUW][A-Z0-9]{5,}")
PAGE = 200
MAX_PAGES = 100


async def pages(
    api: SlackApi, method: str, key: str, args: Mapping[str, Any], *, limit: int = PAGE
) -> AsyncIterator[list[dict[str, Any]]]:
    """The pages of a list that Slack gives with cursors. Raises :class:`SlackFault`, also for an endless list."""
    cursor = ""
    for _ in range(MAX_PAGES):
        answer = await api.call(method, {**args, "limit": limit, **({"cursor": cursor} if cursor else {})})
        items = answer.get(key)
        yield [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        cursor = next_cursor(answer)
        if not cursor:
            if answer.get("has_more"):
                raise SlackFault("http.not_json", f"{method} says there is more, but not where")
            return
    raise SlackFault("list.endless", f"{method} has more than {MAX_PAGES} pages")


def next_cursor(answer: Mapping[str, Any]) -> str:
    """Where the next page begins; empty at the end."""
    metadata = answer.get("response_metadata")
    return str(metadata.get("next_cursor") or "") if isinstance(metadata, dict) else ""


class Channels:
    """The channels of one workspace, remembered by name once found."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api
        self._ids: dict[str, str] = {}

    async def find(self, target: str) -> str | None:
        """The channel's id; None if no channel of this name is visible. Raises :class:`SlackFault`."""
        target = target.strip()
        if _ID.fullmatch(target):
            return target
        name = target.removeprefix("#").lower()
        if name not in self._ids:
            await self._search(name)
        return self._ids.get(name)

    async def address(self, target: str) -> str:
        """The id, else the name as it stands: Slack itself then says what is wrong with it."""
        try:
            found = await self.find(target)
        except SlackFault as fault:
            if fault.code != "missing_scope":
                raise
            found = None
        return found or "#" + target.strip().removeprefix("#")

    def forget(self, target: str) -> None:
        """Look the name up again next time: the channel may have been renamed or made anew."""
        self._ids.pop(target.strip().removeprefix("#").lower(), None)

    async def _search(self, name: str) -> None:
        args = {"types": "public_channel,private_channel", "exclude_archived": "true"}
        async for channels in pages(self._api, "conversations.list", "channels", args):
            for channel in channels:
                if isinstance(channel.get("id"), str):
                    self._ids.setdefault(str(channel.get("name", "")).lower(), channel["id"])
            if name in self._ids:
                return
