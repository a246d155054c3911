"""One ``run --once`` in a process of its own that dies (SIGKILL) the n-th time it passes a named point.

driver.py CONFIG POINT N; without POINT it runs to its end and prints the names of the points it passed.
"""

import asyncio
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import bot.intake
from bot import pipeline
from bot.app import open_desk
from bot.config import load
from bot.deliver.pace import Pace
from bot.deliver.slack_api import Wire
from bot.store.outbox import Policy

# The states of doubt last as long as they must and no longer: a test should not wait for minutes.
POLICY = Policy(lease=1.0, settle=0.2, first_wait=0.1)


async def main(config: str, point: str, nth: int) -> None:
    passed: Counter[str] = Counter()

    def checkpoint(name: str) -> None:
        passed[name] += 1
        if name == point and passed[name] == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    # Slack's pace of one message a second is tested elsewhere.
    wire = Wire(pace=Pace(scale=0))
    loaded = load(Path(config), {}, Path.cwd())
    async with open_desk(loaded, policy=POLICY, wire=wire, checkpoint=checkpoint) as desk:
        await pipeline.reload_rules(desk)
        await pipeline.ingest_due(desk, wishes=pipeline.Wishes(backfill=100))
        await pipeline.deliver_all(desk)
    print(*sorted(passed))


if __name__ == "__main__":
    # What a few items make is written in parts, as what thousands make is.
    bot.intake.PART = 1
    asyncio.run(main(sys.argv[1], *(sys.argv[2:3] or [""]), int((sys.argv[3:4] or ["1"])[0])))
