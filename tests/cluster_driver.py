"""One process of a cluster with short times: cluster_driver.py WISH (JSON).

``config``, ``kind`` ("clock" or "worker"); ``timing`` by the names of bot.cluster.timing; ``scale`` of Slack's pace;
``product``: all times as the product has them, where not named; ``deadline`` of Slack's answers;
``point``, ``nth``: SIGKILL when it passes that point for the n-th time; ``queues``, ``concurrency``; ``policy``.
"""

import asyncio
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path

from bot import pipeline
from bot.app import open_desk
from bot.cluster.clock import Clock
from bot.cluster.timing import Timing
from bot.cluster.worker import QUEUES, Worker
from bot.config import Origin
from bot.deliver.pace import Pace
from bot.deliver.slack_api import Wire
from bot.errors import PresswatchError
from bot.store.outbox import Policy

TIMING = {"tick": 0.25, "look": 0.2, "lease": 1.5, "heartbeat": 0.3, "stalled": 1.5, "poll": 0.5, "again": 0.1}

POLICY = {"lease": 3.0, "settle": 0.3, "first_wait": 0.1, "longest_wait": 0.5}


async def main(wish):
    passed = Counter()

    def checkpoint(name):
        passed[name] += 1
        if name == wish.get("point") and passed[name] == wish.get("nth", 1):
            os.kill(os.getpid(), signal.SIGKILL)

    origin = Origin(path=Path(wish["config"]), environ=os.environ, cwd=Path.cwd())
    product = wish.get("product", False)
    policy = Policy(**{**({} if product else POLICY), **wish.get("policy", {})})
    pace = Pace(scale=wish.get("scale", 1.0 if product else 0))
    wire = Wire(pace=pace, deadline=wish.get("deadline", 30.0 if product else 2.0))
    timing = Timing(**{**({} if product else TIMING), **wish.get("timing", {})})
    async with open_desk(
        origin.load(), service=True, cluster=True, policy=policy, wire=wire, checkpoint=checkpoint, patience=4.0
    ) as desk:
        desk.watch_config(origin)
        if wish["kind"] == "clock":
            await Clock(desk, timing=timing).serve()
        else:
            queues, number = wish.get("queues", QUEUES), wish.get("concurrency", 8)
            wishes = pipeline.Wishes(backfill=100)
            await Worker(desk=desk, queues=queues, concurrency=number, timing=timing, wishes=wishes).serve()


if __name__ == "__main__":
    try:
        asyncio.run(main(json.loads(sys.argv[1])))
    except PresswatchError as trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(3)
