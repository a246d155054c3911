"""The cases of the proof: each has a name from which all of it follows, and plays in a world of its own.

``point:deliver.sent:7``  SIGKILL at a named point        ``power:3``    power cut          ``write:31:EIO``  a write fails
``random:12``             SIGKILL at any time, 3 times    ``control:3``  the same with NORMAL
``sigterm:5``             SIGTERM at any time    ``burst:10000:10``  so many alerts for so many channels
``outlet:4``              SIGKILL at any time, with a webhook and a feed besides
``late:9``                SIGKILL at any time, while Slack shows messages only after they were posted again
"""

import json
import sqlite3
import time
from dataclasses import asdict

from proof_burst import burst
from proof_disk import DATABASE, power_cut, promised, read_log
from proof_services import dice_of
from proof_verdict import Verdict, judge
from proof_world import open_world

KILLED, TERMINATED = -9, -15
# A service's promise: SIGTERM ends it within ten seconds. The rest is for a machine that is busy with other tests.
TERM_SECONDS = 10.0
# Seconds in which a round is surely over, but for its waiting: the times of random kills lie in there.
SPAN = 1.5
# The same where messages are looked for, sent again, and looked for once more.
LATE_SPAN = 5.0
# Every named point, and how often a round passes it at least.
POINTS = {
    "deliver.claimed": 5,
    "deliver.looked_up": 1,
    "deliver.marked": 5,
    "deliver.sent": 5,
    "digest.committed": 1,
    "digest.frozen": 1,
    "ingest.matched": 1,
    "ingest.read": 1,
    "lane.begun": 1,
    "lane.committed": 1,
    "lane.part": 1,
    "lane.placed": 1,
    "lane.queued": 4,
    "lane.recorded": 1,
    "lane.written": 4,
    "notices.committed": 1,
    "quiet.begun": 1,
    "quiet.committed": 1,
    "quiet.recorded": 1,
    "sweep.claimed": 1,
    "sweep.found": 1,
    "sweep.looked": 1,
    "sweep.retracted": 1,
    "sweep.written": 1,
}
# So many cuts are tried on one recording; after the last of them the program is started again.
CUTS = 20


async def run_case(name, template):
    """Play one case; what came of it, as a line of the journal."""
    kind, *rest = name.split(":")
    began = time.monotonic()
    try:
        verdict, more = await _KINDS[kind](name, template, *rest)
    except Exception as trouble:  # noqa: BLE001 – one case that cannot be played is told, and the others go on
        verdict, more = Verdict(broken=[f"{type(trouble).__name__}: {trouble}"]), {}
    return {
        "case": name,
        "seconds": round(time.monotonic() - began, 2),
        "clean": verdict.clean,
        **asdict(verdict),
        **more,
    }


async def _point(name, template, point, _number):
    dice = dice_of(name)
    late = point.startswith("sweep.")
    async with open_world(template, dice, doubt=point == "deliver.looked_up", late=late) as world:
        code, _, err = await world.drive(point=point, nth=dice.randint(1, POINTS[point]))
        return await _restarted(world, code, err), {"hit": code == KILLED}


async def _random(name, template, _number, *, outlets=False):
    dice = dice_of(name)
    async with open_world(template, dice, outlets=outlets) as world:
        hits = 0
        for _ in range(dice.randint(1, 3)):
            code, _, err = await world.drive(kill_after=dice.uniform(0.0, SPAN))
            hits += code == KILLED
            if code not in (0, KILLED):
                break
        return await _restarted(world, code, err), {"hit": hits > 0}


async def _outlet(name, template, number):
    return await _random(name, template, number, outlets=True)


async def _late(name, template, _number):
    dice = dice_of(name)
    async with open_world(template, dice, late=True) as world:
        code, err = 0, ""
        for _ in range(dice.randint(0, 2)):
            code, _, err = await world.drive(kill_after=dice.uniform(0.0, LATE_SPAN))
            if code not in (0, KILLED):
                break
        verdict = await _restarted(world, code, err)
        return verdict, {"hit": world.slack.taken_back > 0}


async def _sigterm(name, template, _number):
    dice = dice_of(name)
    async with open_world(template, dice) as world:
        code, passed, err, took = await world.terminate(dice.uniform(0.0, 2 * SPAN))
        if code == TERMINATED and not passed:  # before it listened: no other than a kill
            code = 0
        verdict = await _restarted(world, code, err, fine=(0,))
        if took > TERM_SECONDS:
            verdict.broken.append(f"it took {took:.1f} s to end")
        return verdict, {"hit": bool(passed), "took": round(took, 2)}


async def _restarted(world, code, err, fine=(0, KILLED)):
    """The verdict after the last restart."""
    if code not in fine:
        return Verdict(broken=[f"it ended with {code}: {err.strip()[-300:]}"])
    await world.finish()
    return await judge(world)


# ── the disk ─────────────────────────────────────────────────────────────────────────────────────


async def _power(name, template, _number, *, normal=False):
    dice = dice_of(name)
    async with open_world(template, dice) as world:
        log = world.folder / "disk.log"
        code, _, err = await world.drive(disk={"folder": str(world.var), "log": str(log)}, normal=normal)
        if code:
            return Verdict(broken=[f"it ended with {code}: {err.strip()[-300:]}"]), {}
        records = read_log(log)
        for cuts in range(1, CUTS + 1):
            moment, kept = _moment(records, dice)
            power_cut(world.var, template.database, kept, dice)
            if lost := _commits_lost(world, kept):
                return Verdict(lost=[lost]), {"hit": True, "cuts": cuts}
        await world.back_to(moment)
        return await _restarted(world, 0, ""), {"hit": True, "cuts": cuts, "operations": len(records)}


def _moment(records, dice):
    """A moment at which the power fails, and the operations until then."""
    last = dice.randrange(len(records))
    until = records[last + 1].at if last + 1 < len(records) else records[last].at + 0.05
    return dice.uniform(records[last].at, until), records[: last + 1]


async def _control(name, template, number):
    return await _power(name, template, number, normal=True)


def _commits_lost(world, records):
    """A sentence if less stands in the database than it had promised."""
    before = next((record.data for record in reversed(records) if record.kind == "A"), b"[]")
    try:
        found = promised(world.var / DATABASE)
    except sqlite3.Error as error:
        return f"the database is damaged: {error}"
    short = [(had, has) for had, has in zip(json.loads(before), found, strict=False) if has < had]
    return f"acknowledged commits are gone: {short}" if short else ""


async def _write(name, template, number, error):
    dice = dice_of(name)
    async with open_world(template) as world:
        disk = {"folder": str(world.var), "log": str(world.folder / "disk.log"), "at": int(number), "error": error}
        code, _, err = await world.drive(disk={**disk, "stays": error == "ENOSPC" or dice.random() < 0.5})
        complaint = err.strip()
        if code not in (0, 3) or (code == 3 and ("\n" in complaint or not complaint.startswith("The database "))):
            return Verdict(broken=[f"it ended with {code}: {complaint[-400:]}"]), {}
        verdict = await _restarted(world, 0, "")
        return verdict, {"hit": code == 3, "said": complaint}


async def count_writes(template):
    """How many writes and syncs one round makes."""
    async with open_world(template) as world:
        log = world.folder / "disk.log"
        code, _, err = await world.drive(disk={"folder": str(world.var), "log": str(log)})
        if code:
            raise RuntimeError(f"a round in good order ended with {code}: {err}")
        return sum(record.kind in "WS" for record in read_log(log))


async def _burst(_name, _template, count, width):
    return await burst(int(count), int(width))


_KINDS = {
    "point": _point,
    "random": _random,
    "outlet": _outlet,
    "late": _late,
    "sigterm": _sigterm,
    "power": _power,
    "control": _control,
    "write": _write,
    "burst": _burst,
}
