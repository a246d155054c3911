"""Is the service alive, and can it work? Each answer is a tuple of reasons why not; an empty one is good."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot import heartbeat
from bot.errors import StoreError
from bot.store import heartbeats

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.pulse import Pulse
    from bot.store import Store
    from bot.store.heartbeats import Heartbeat

# Seconds that the database has to answer.
PATIENCE = 5.0
# Knocks whose trouble keeps the service from working; trouble of one source or destination does not.
VITAL = ("ingest", "deliver", "notify")


def alive(pulse: Pulse) -> tuple[str, ...]:
    """That anything is answered shows that the loop turns; what else must be is a clock that knocks."""
    if pulse.is_silent:
        return (f"the clock has been silent for {pulse.silence:.0f} s",)
    return ()


async def ready(desk: Desk, pulse: Pulse) -> tuple[str, ...]:
    """Whether articles that come now would be matched, stored and told."""
    reasons = [*alive(pulse)]
    if desk.stopping:
        reasons.append("the service is stopping")
    if desk.live is None:
        reasons.append("the rules are not loaded yet")
    elif not desk.live.ruleset.rules:
        reasons.append("no rules are in force")
    try:
        # Not in the store's own thread: work that takes long there is no reason to be taken for dead.
        last = await asyncio.wait_for(asyncio.to_thread(_look, desk.store), PATIENCE)
        if last is not None and heartbeat.is_silent(last, desk.now()):
            reasons.append(
                f"the clock on {heartbeat.host(last)} has given no sign of life since {last.at:%H:%M:%S} UTC"
            )
    except TimeoutError:
        reasons.append(f"the database has not answered for {PATIENCE:.0f} s")
    except StoreError as error:
        reasons.append(str(error))
    reasons += [trouble for name, trouble in pulse.failing.items() if name in VITAL]
    return tuple(dict.fromkeys(reasons))


def _look(store: Store) -> Heartbeat | None:
    with store.read() as tx:
        return heartbeats.last(tx)
