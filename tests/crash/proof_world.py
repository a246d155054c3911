"""What a case of the proof plays in: a folder with a Slack and a mail relay, and the lives of the program in it."""

import asyncio
import json
import os
import signal
import sqlite3
import tempfile
import time
from contextlib import AsyncExitStack, asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import forking
from proof_disk import BEGUN, DATABASE
from proof_outlets import OUTLETS, Hook
from proof_services import Letters, ShySlack, faulty_relay, faulty_slack, late_slack
from relay import FaultyRelay

from bot.deliver.fake_slack import reset

DRIVER = Path(__file__).with_name("proof_driver.py")
ADDRESS = "desk@example.org"
# A round that a case needs more of would be one that never ends.
ROUNDS = 6
PATIENCE = 90.0

RULES = """
[[rule]]
id = "tariffs"
title = "Tariffs"
severity = "high"
any = ["tariff"]

[[rule]]
id = "export"
title = "Exports"
any = ["export"]
"""
FAULTY_RULE = '[[rule]]\nid = "broken"\ntitle = "Broken"\nany = "no list"\n'
HEADLINES = (
    "Chip tariffs rise in spring",
    "Kettle tariffs fall in autumn",
    "Export desk opens",
    "Exports of pots halve",
)
CONFIG = """
rules = "{shared}/rules"
[slack]
token_file = "{shared}/token"
base_url = "{slack}"
[mail]
host = "127.0.0.1"
port = {mail}
starttls = false
from = "presswatch@example.org"
[[source]]
id = "seeds"
kind = "folder"
path = "{shared}/seeds"
[[destination]]
id = "desk"
kind = "slack"
channel = "C0000001"
[[destination]]
id = "ops"
kind = "slack"
channel = "C0000002"
default = false
[ops]
notify = ["ops"]
[[digest]]
id = "morning"
to = ["{address}"]
"""


@dataclass(frozen=True)
class Template:
    """What all cases share: rules, articles, token, and a database of the day before, when the digest was configured."""

    folder: Path
    database: bytes

    @classmethod
    async def make(cls, folder):
        folder = Path(folder)
        for name, text in (("rules/rules.toml", RULES), ("rules/faulty.toml", FAULTY_RULE), ("token", "xoxb-fake")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        (folder / "token").chmod(0o600)
        (folder / "seeds").mkdir()
        for number, headline in enumerate(HEADLINES):
            words = ", ".join(f"{headline.split()[0].lower()}{number}{letter}" for letter in "abcdefgh")
            text = f"{headline}, the ministry said. Of a matter of its own tells paragraph {number}: {words}."
            (folder / "seeds" / f"{number}.txt").write_text(f"---\ntitle: {headline}\n---\n{text}\n")
        case = folder / "first"
        case.mkdir()
        (case / "config.toml").write_text(_config(folder, "http://127.0.0.1:9/api/", 9))
        code, _, err = await _process(
            {"config": str(case / "config.toml"), "since": time.monotonic(), "mode": "prepare"}
        )
        if code:
            raise RuntimeError(f"the first round ended with {code}: {err}")
        with closing(sqlite3.connect(case / "var" / DATABASE)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        return cls(folder, (case / "var" / DATABASE).read_bytes())


def _config(shared, slack, mail):
    return CONFIG.format(shared=shared, slack=slack, mail=mail, address=ADDRESS)


async def _process(wish, *, kill_after=None):
    """Run the driver to its end; exit code, what it printed, what went wrong."""
    words = (str(DRIVER), json.dumps(wish))
    return await asyncio.to_thread(
        forking.run, *words, folder=Path(wish["config"]).parent, env=dict(os.environ), kill_after=kill_after
    )


@dataclass
class World:
    """One case's folder and services. ``reports`` are the sentences of a verdict that is not clean."""

    template: Template
    folder: Path
    slack: ShySlack
    relay: FaultyRelay
    hook: Hook | None = None
    since: float = field(default_factory=time.monotonic)

    @property
    def var(self):
        return self.folder / "var"

    @property
    def feed(self):
        """The file of the feed, where there is one."""
        return self.var / "alerts.json"

    def lay(self):
        """The folder as it was on the evening before."""
        self.var.mkdir(parents=True)
        (self.var / DATABASE).write_bytes(self.template.database)
        self._configure()

    def _configure(self):
        text = _config(self.template.folder, self.slack.url, self.relay.port)
        text += OUTLETS.format(feed=self.feed) if self.hook else ""
        (self.folder / "config.toml").write_text(text)

    async def back_to(self, moment):
        """As if the world had ended then: what came later, and what is on its way to the old addresses, never came."""
        await self.slack.stop()
        await self.relay.__aexit__()
        self.slack.forget_after(moment)
        self.slack.port = 0
        kept = sum(at <= moment for at in self.relay.got.at)
        del self.relay.got[kept:], self.relay.got.at[kept:]
        self.relay.met = min(self.relay.met, kept)  # a refusal that never came is none
        await self.slack.start()
        await self.relay.__aenter__()
        self._configure()

    def wish(self, mode="once", **more):
        env = {"HOOK_URL": self.hook.at("/")} if self.hook else {}
        return {"config": str(self.folder / "config.toml"), "since": self.since, "mode": mode, "env": env, **more}

    async def drive(self, *, kill_after=None, **more):
        """One life of the program; its exit code, the points it passed, its complaint."""
        code, out, err = await _process(self.wish(**more), kill_after=kill_after)
        return code, out.split(), err

    async def terminate(self, after):
        """The service, told to stop so many seconds after it began; exit code, points, complaint, seconds to its end."""
        return await asyncio.to_thread(_terminated, json.dumps(self.wish("serve")), self.folder, after)

    def open_rows(self):
        """The messages that are not finished, or still to be looked for, as (destination, state)."""
        query = "SELECT destination, state FROM delivery WHERE state NOT IN ('sent', 'dead')"
        query += " UNION ALL SELECT 'any', 'in doubt' FROM doubt WHERE due IS NOT NULL"
        with closing(sqlite3.connect(self.var / DATABASE)) as database:
            return database.execute(query).fetchall()

    async def finish(self):
        """Start the program until nothing is left to do; the lives that took."""
        for lives in range(1, ROUNDS + 1):
            code, _, err = await self.drive()
            if code:
                raise RuntimeError(f"a round in good order ended with {code}: {err}")
            if not self.open_rows():
                return lives
        return ROUNDS


def _terminated(wish, folder, after):
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err, Path(os.devnull).open() as nothing:
        streams = (nothing.fileno(), out.fileno(), err.fileno())
        process = forking.fork(str(DRIVER), wish, folder=folder, env=dict(os.environ), streams=streams)
        begun, patience = folder / "var" / BEGUN, time.monotonic() + PATIENCE
        while not begun.exists() and time.monotonic() < patience:
            time.sleep(0.01)
        time.sleep(after)
        told = time.monotonic()
        with suppress(ProcessLookupError):  # it has ended by itself: its exit code and complaint tell why
            os.kill(process.pid, signal.SIGTERM)
        try:
            code = process.wait(PATIENCE)
        except TimeoutError:
            os.kill(process.pid, signal.SIGKILL)
            raise
        took = time.monotonic() - told
        out.seek(0)
        err.seek(0)
        return code, out.read().split(), err.read(), took


@asynccontextmanager
async def open_world(template, dice=None, *, doubt=False, outlets=False, late=False):
    """A world laid out, with what ``dice`` plan to go wrong; ``doubt``: the first message's answer is lost for certain.

    ``outlets``: alerts go to a webhook and a feed, too. ``late``: Slack shows messages after they were posted again, and
    nothing else is wrong with it.
    """
    slack, relay = ShySlack(), faulty_relay(dice) if dice else FaultyRelay()
    relay.got = Letters()
    if doubt:
        slack.fail("chat.postMessage", reset(stored=True))
    if dice:
        (late_slack if late else faulty_slack)(slack, dice)
    with tempfile.TemporaryDirectory(dir=template.folder) as folder:
        async with slack, relay, AsyncExitStack() as more:
            hook = await more.enter_async_context(Hook.planned(dice)) if outlets else None
            world = World(template, Path(folder), slack, relay, hook)
            world.lay()
            yield world
