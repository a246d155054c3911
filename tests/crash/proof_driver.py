"""The process that the proof kills: a round of the program that believes it is the day on which a digest is due.

proof_driver.py WISH (JSON): ``config``, ``since`` (the monotonic clock's seconds at which that day began), ``env``, ``mode``
("once", "serve", "prepare"), and ``point``/``nth`` (SIGKILL when it passes that point for the n-th time),
``disk`` (see ``proof_disk``), ``normal`` (SQLite with synchronous NORMAL), ``unswept`` (second copies are not looked for).
It prints the points that it passed.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import proof_disk
import sqlalchemy as sa

import bot.intake
from bot import pipeline
from bot.app import open_desk
from bot.config import load
from bot.deliver.mail import MailSender
from bot.deliver.pace import Pace
from bot.deliver.slack_api import Wire
from bot.errors import PresswatchError
from bot.health import check_up
from bot.scheduler import serve
from bot.store import outbox, tables

BEFORE, DUE = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)
# The states of doubt last as long as they must on a busy machine, and no longer: a request ends well before its lease.
DEADLINE, LEASE, SETTLE = 1.2, 1.6, 0.3
POLICY = outbox.Policy(lease=LEASE, settle=SETTLE, first_wait=0.05, longest_wait=0.4, sweeps=(0.3,))
# So long a round waits for second copies to be looked for, as the service does that knocks on and on.
SWEEPING = timedelta(seconds=8)
WISHES = pipeline.Wishes(backfill=100)


class Guard:
    """Stands at the named points: kills the process at one of them, and notes what has been promised so far."""

    def __init__(self, wish):
        self.passed = Counter()
        self.point, self.nth = wish.get("point"), wish.get("nth", 1)
        self.disk = proof_disk.arm(wish["disk"]) if wish.get("disk") else None

    def __call__(self, name):
        self.passed[name] += 1
        if self.disk is not None:
            self.disk.note()
        if name == self.point and self.passed[name] == self.nth:
            os.kill(os.getpid(), signal.SIGKILL)


async def main(wish):
    base, since = (BEFORE if wish["mode"] == "prepare" else DUE), wish["since"]
    guard = Guard(wish)

    def clock():
        return base + timedelta(seconds=time.monotonic() - since)

    loaded = load(Path(wish["config"]), wish.get("env", {}), Path.cwd())
    wire = Wire(pace=Pace(scale=0), deadline=DEADLINE)
    policy = replace(POLICY, sweeps=()) if wish.get("unswept") else POLICY
    async with open_desk(loaded, policy=policy, wire=wire, clock=clock, checkpoint=guard) as desk:
        if wish.get("normal"):
            sa.event.listen(desk.store.engine, "connect", lambda c, _: c.execute("PRAGMA synchronous = NORMAL").close())
            await desk.call(desk.store.engine.dispose)
        _hurry(desk)
        try:
            await {"once": once, "serve": live, "prepare": pipeline.reload_rules, "health": health}[wish["mode"]](desk)
        finally:
            print(*sorted(guard.passed), flush=True)


def _hurry(desk):
    """Mail and webhooks with the same short deadline as Slack."""

    async def still_mine(delivery):
        return await desk.call(look, delivery)

    def look(delivery):
        with desk.store.read() as tx:
            return outbox.still_mine(tx, delivery.id, delivery.fence, desk.now())

    mail, destinations = desk.config.mail, desk.config.destinations
    desk.senders["mail"] = MailSender(mail, destinations, now=desk.now, still_mine=still_mine, deadline=DEADLINE)
    if "webhook" in desk.senders:
        desk.senders["webhook"]._deadline = DEADLINE


async def once(desk):
    """All that ``presswatch run --once`` does, and a second poll that brings nothing."""
    await pipeline.reload_rules(desk)
    await pipeline.resume_held(desk)
    await pipeline.ingest_due(desk, wishes=WISHES)
    await pipeline.ingest_due(desk, force=True, wishes=WISHES)
    await pipeline.send_digests(desk)
    await pipeline.deliver_all(desk)
    if await pipeline.notify_operators(desk):
        await pipeline.deliver_due(desk)
    await sweep(desk)


async def sweep(desk):
    """Deliver on until nothing is looked for any more."""
    until = desk.now() + SWEEPING
    while (due := await desk.call(_next_look, desk)) is not None and max(due, desk.now()) < until:
        await asyncio.sleep(max(0.02, (due - desk.now()).total_seconds()))
        await pipeline.deliver_all(desk)


def _next_look(desk):
    with desk.store.read() as tx:
        return tx.value(sa.select(sa.func.min(tables.doubt.c.due, type_=tables.Moment)))


async def live(desk):
    """The service, until it is told to stop."""
    (desk.config.data_dir / proof_disk.BEGUN).touch()
    await serve(desk, wishes=WISHES)


async def health(desk):
    """Ends with 1 if ``presswatch doctor`` finds fault with the queue."""
    await pipeline.reload_rules(desk)
    red = [each for each in await check_up(desk) if each.state == "fail" and each.name.startswith("queue")]
    if red:
        sys.exit(1)


if __name__ == "__main__":
    # A folder of a few files is written in parts, as one of thousands is.
    bot.intake.PART = 2
    try:
        asyncio.run(main(json.loads(sys.argv[1])))
    except PresswatchError as trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(3)
