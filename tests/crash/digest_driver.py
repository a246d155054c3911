"""One run with digests in a process of its own that dies (SIGKILL) the n-th time it passes a named point.

digest_driver.py CONFIG TIME POINT N; it believes that it was started at TIME. Without POINT it runs to its end.
"""

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

from bot import pipeline
from bot.app import open_desk
from bot.config import load
from bot.deliver.pace import Pace
from bot.deliver.slack_api import Wire
from bot.store.outbox import Policy

# The states of doubt last as long as they must and no longer: a test should not wait for minutes.
POLICY = Policy(lease=1.0, settle=0.2, first_wait=0.1)


async def main(config: str, at: str, point: str, nth: int) -> None:
    passed: Counter[str] = Counter()
    started, base = time.monotonic(), datetime.fromisoformat(at)

    def checkpoint(name: str) -> None:
        passed[name] += 1
        if name == point and passed[name] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def clock() -> datetime:
        return base + timedelta(seconds=time.monotonic() - started)

    loaded, wire = load(Path(config), {}, Path.cwd()), Wire(pace=Pace(scale=0))
    async with open_desk(loaded, policy=POLICY, wire=wire, clock=clock, checkpoint=checkpoint) as desk:
        await pipeline.reload_rules(desk)
        await pipeline.ingest_due(desk)
        await pipeline.send_digests(desk)
        await pipeline.deliver_all(desk)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3], *(sys.argv[3:4] or [""]), int((sys.argv[4:5] or ["1"])[0])))
