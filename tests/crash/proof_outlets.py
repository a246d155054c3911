"""A webhook that misbehaves by plan and a feed's file, and the verdict on both."""

import json
from collections import Counter, defaultdict
from contextlib import asynccontextmanager

from servers import FaultServer, hang_up, reply, reset, silent

HOOK, FEED = "hook", "feed"
OUTLETS = """
[[destination]]
id = "hook"
kind = "webhook"
url_env = "HOOK_URL"
[[destination]]
id = "feed"
kind = "feed"
path = "{feed}"
"""
# What it takes and then does not confirm, and what it refuses.
UNCONFIRMED = (hang_up, reset(), silent, reply(b"oops", 500), reply(b"", 502), reset(b"HTTP/1.1 20"))
REFUSED = (reply(b"", 429, headers={"Retry-After": "1"}), reply(b"", 422), reply(b"", 401), reply(b"", 408))


class Hook(FaultServer):
    """A webhook; ``taken`` are the ids and documents that it took, in their order."""

    def __init__(self):
        super().__init__()
        self.taken = []

    @classmethod
    @asynccontextmanager
    async def planned(cls, dice):
        """One that fails up to three times; running."""
        async with cls() as hook:
            faults = [
                dice.choice(REFUSED) if dice.random() < 0.3 else hook.takes(dice.choice(UNCONFIRMED))
                for _ in range(dice.randint(0, 3))
            ]
            good = hook.takes(reply(b""))
            hook["/"] = [*[each for fault in faults for each in [good] * dice.randint(0, 2) + [fault]], good]
            yield hook

    def takes(self, then):
        """A route that takes the document, and then does ``then``."""

        async def handler(request, out):
            self.taken.append((request.headers["webhook-id"], json.loads(request.body)))
            await then(request, out)

        return handler


def told_at_hook(verdict, taken, rows):
    """Each row's document came, and again only where that was said of it."""
    documents = defaultdict(list)
    for id_, document in taken:
        if document["op"] != "update":
            documents[id_].append(document)
    for uid, alert, _, _, state, kind, may_repeat, id_ in rows:
        got = documents.pop(f"{uid}.{id_}", [])
        what = f"{kind} {alert} to the webhook: {state}, {len(got)} times there"
        if state == "sent" and not got:
            verdict.lost.append(what)
        if len(got) > 1 and not (may_repeat and all(document["may_repeat"] for document in got[1:])):
            verdict.doubled.append(what)
        verdict.visible += bool(got)
        verdict.repeated += max(0, len(got) - 1)
        verdict.standing += not got
    verdict.doubled += [f"a document that no row knows: {id_}" for id_ in documents]


def told_in_feed(verdict, path, rows):
    """The file is whole, and each row that counts as sent stands in it once."""
    try:
        items = Counter(item["id"] for item in json.loads(path.read_bytes())["items"])
    except (OSError, ValueError) as error:
        verdict.broken.append(f"the feed cannot be read: {error}")
        return
    for uid, alert, _, _, state, kind, *_ in rows:
        times = items.pop(f"urn:uuid:{uid}", 0)
        what = f"{kind} {alert} to the feed: {state}, {times} times there"
        if state == "sent" and not times:
            verdict.lost.append(what)
        if times > 1:
            verdict.doubled.append(what)
        verdict.visible += bool(times)
    verdict.doubled += [f"an item that no row knows: {id_}" for id_ in items]
