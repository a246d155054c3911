"""What a case of the proof plays in: a folder, a Slack and a mail relay that misbehave by plan, and the verdict at the end."""

import asyncio
import json
import os
import random
import shutil
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

import forking
from proof_disk import DATABASE
from relay import STEPS, FaultyRelay

from bot.deliver.fake_slack import FakeSlack, answer, error, hang, limited, not_json, reset
from bot.deliver.fake_workspace import EPOCH
from bot.deliver.slack_history import uid_of

DRIVER = Path(__file__).with_name("proof_driver.py")
ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "desk@example.org"
# Slack shows what it has accepted after so many seconds, within the driver's SETTLE.
SHOWN_AFTER = 0.25
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


class ShySlack(FakeSlack):
    """Shows a hidden message a moment after it was accepted, and knows when each was."""

    def __init__(self):
        self.posted, self.due = [], []
        super().__init__(clock=self._stamp)
        for number, name in ((1, "alerts"), (2, "ops")):
            channel = f"C000000{number}"
            self.workspace.channels[channel] = type(self.channels[0])(id=channel, name=name)

    def _stamp(self):
        self.posted.append(time.monotonic())
        return EPOCH + len(self.posted)

    async def _handle(self, request):
        now = time.monotonic()
        if request.match_info["method"] == "chat.postMessage":
            self.due.append(now + SHOWN_AFTER)
        elif any(due <= now for due in self.due):
            self.due = [due for due in self.due if due > now]
            self.reveal()
        return await super()._handle(request)

    def forget_after(self, moment):
        """As if everything that was accepted later had never come."""
        kept = sum(at <= moment for at in self.posted)
        del self.posted[kept:], self.workspace.messages[kept:]


class Letters(list):
    """Letters with the moment at which each came."""

    def __init__(self):
        super().__init__()
        self.at = []

    def append(self, letter):
        self.at.append(time.monotonic())
        super().append(letter)


def faulty_slack(slack, dice):
    """Plan what goes wrong in this case; most calls go well."""
    unsure = (
        lambda stored: reset(stored=stored, hidden=stored and dice.random() < 0.5),
        lambda stored: hang(stored=stored, hidden=stored and dice.random() < 0.5),
        lambda stored: answer(dice.choice((500, 502, 503, 504)), "<html>", stored=stored),
        lambda stored: not_json(stored=stored),
        lambda stored: error(dice.choice(("internal_error", "fatal_error", "nobody_knows_this")), stored=stored),
    )
    sure = (
        lambda: limited(1),
        lambda: error("invalid_blocks"),
        lambda: error("invalid_auth"),
        lambda: error("ratelimited"),
    )
    for method, most in (("chat.postMessage", 2), ("conversations.history", 1)):
        for _ in range(dice.randint(0, most)):
            writes = method == "chat.postMessage"
            if writes and dice.random() < 0.2:
                fault = dice.choice(sure)()
            else:
                fault = dice.choice(unsure)(writes and dice.random() < 0.6)
            slack.fail(method, fault, after=dice.randint(0, 2))


def faulty_relay(dice):
    """A relay that fails at one step, once or twice; every other one is in good order."""
    if dice.random() < 0.5:
        return FaultyRelay()
    how = dice.choice(("451 later", "551 no", "hang", "close"))
    return FaultyRelay(at=dice.choice(STEPS), how=how, times=dice.choice((1, 1, 2)))


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
    since: float = field(default_factory=time.monotonic)

    @property
    def var(self):
        return self.folder / "var"

    def lay(self):
        """The folder as it was on the evening before."""
        self.var.mkdir(parents=True)
        (self.var / DATABASE).write_bytes(self.template.database)
        self._configure()

    def _configure(self):
        text = _config(self.template.folder, self.slack.url, self.relay.port)
        (self.folder / "config.toml").write_text(text)

    async def back_to(self, moment):
        """As if the world had ended then: what came later, and what is on its way to the old addresses, never came."""
        await self.slack.stop()
        await self.relay.__aexit__()
        self.slack.forget_after(moment)
        self.slack.port = 0
        del self.relay.got[sum(at <= moment for at in self.relay.got.at) :]
        await self.slack.start()
        await self.relay.__aenter__()
        self._configure()

    def wish(self, mode="once", **more):
        return {"config": str(self.folder / "config.toml"), "since": self.since, "mode": mode, **more}

    async def drive(self, *, kill_after=None, **more):
        """One life of the program; its exit code, the points it passed, its complaint."""
        code, out, err = await _process(self.wish(**more), kill_after=kill_after)
        return code, out.split(), err

    async def terminate(self, after):
        """The service, told to stop after so many seconds; its exit code, points, complaint, and seconds to its end."""
        return await asyncio.to_thread(_terminated, json.dumps(self.wish("serve")), self.folder, after)

    def open_rows(self):
        """The messages that are not finished, as (destination, state)."""
        query = "SELECT destination, state FROM delivery WHERE state NOT IN ('sent', 'dead')"
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
        time.sleep(after)
        told = time.monotonic()
        os.kill(process.pid, signal.SIGTERM)
        code = process.wait(PATIENCE)
        took = time.monotonic() - told
        out.seek(0)
        err.seek(0)
        return code, out.read().split(), err.read(), took


class open_world:  # noqa: N801 – used as a function
    """``async with open_world(template, dice) as world``: laid out, with faults planned; ``doubt``: one for certain."""

    def __init__(self, template, dice=None, *, doubt=False):
        self._template = template
        self._slack, self._relay = ShySlack(), faulty_relay(dice) if dice else FaultyRelay()
        self._relay.got = Letters()
        if doubt:
            self._slack.fail("chat.postMessage", reset(stored=True))
        if dice:
            faulty_slack(self._slack, dice)

    async def __aenter__(self):
        await self._slack.__aenter__()
        await self._relay.__aenter__()
        folder = Path(tempfile.mkdtemp(dir=self._template.folder))
        world = World(self._template, folder, self._slack, self._relay)
        world.lay()
        self._world = world
        return world

    async def __aexit__(self, *_):
        await self._relay.__aexit__()
        await self._slack.__aexit__()
        shutil.rmtree(self._world.folder, ignore_errors=True)


# ── the verdict ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Verdict:
    """What became of the alerts and the digest: sentences for what was ``lost`` or ``doubled``, and numbers."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    visible: int = 0
    standing: int = 0
    letters: int = 0
    extra_letters: int = 0

    @property
    def clean(self):
        return not (self.lost or self.doubled or self.broken)


async def judge(world):
    """Each alert in exactly one visible message, or visibly standing; the digest in one letter, or two the same."""
    verdict = Verdict()
    with closing(sqlite3.connect(world.var / DATABASE)) as database:
        sound = database.execute("PRAGMA integrity_check").fetchall()
        titles = {row[0] for row in database.execute("SELECT title FROM article_version")}
        alerts = {row[0] for row in database.execute("SELECT id FROM alert")}
        columns = "uid, alert, destination, op, state, payload_kind, may_repeat"
        rows = database.execute(f"SELECT {columns} FROM delivery WHERE op <> 'update'").fetchall()
    if sound != [("ok",)]:
        verdict.broken.append(f"the database is damaged: {sound[0][0]}")
    _entered(verdict, titles, alerts, rows)
    _in_slack(verdict, world, rows)
    _by_mail(verdict, world, rows)
    if any(row[4] in ("held", "dead") for row in rows) and (await world.drive(mode="health"))[0] != 1:
        verdict.broken.append("a message is held or dead, and presswatch doctor finds nothing wrong with the queue")
    return verdict


def _entered(verdict, titles, alerts, rows):
    verdict.lost += [f"not read: {title}" for title in HEADLINES if title not in titles]
    if len(alerts) != len(HEADLINES):
        (verdict.lost if len(alerts) < len(HEADLINES) else verdict.doubled).append(f"{len(alerts)} alerts")
    queued = {row[1] for row in rows}
    verdict.lost += [f"alert {alert} has no message" for alert in alerts - queued]
    issues = sum(row[5] == "digest" for row in rows)
    if issues != 1:
        (verdict.doubled if issues else verdict.lost).append(f"{issues} digests")


def _in_slack(verdict, world, rows):
    shown = Counter(uid_of(message.data) for message in world.slack.workspace.messages)
    for uid, alert, destination, _, state, kind, _ in rows:
        if kind == "digest":
            continue
        copies = shown.pop(uid, 0)
        what = f"{kind} {alert} to {destination}: {state}, {copies} times in Slack"
        if copies > 1:
            verdict.doubled.append(what)
        if state == "sent" and not copies:
            verdict.lost.append(what)
        verdict.visible += copies
        verdict.standing += not copies
    verdict.doubled += [f"a message that no row knows: {uid}" for uid in shown]
    texts = Counter(
        h for m in world.slack.workspace.messages if m.channel == "C0000001" for h in HEADLINES if h in m.data["text"]
    )
    verdict.doubled += [f"{count} times in the channel: {headline}" for headline, count in texts.items() if count > 1]


def _by_mail(verdict, world, rows):
    relay = world.relay
    accepted = relay.got[refused_letters(relay) :]
    state, doubted = next(((row[4], row[6]) for row in rows if row[5] == "digest"), ("missing", False))
    verdict.letters, verdict.extra_letters = len(accepted), max(0, len(accepted) - 1)
    if state == "sent" and not accepted:
        verdict.lost.append("the digest counts as sent, and no relay took it")
    if len(accepted) == 2 and not doubted:
        verdict.doubled.append("the digest came twice, though the relay had confirmed it")
    if len(accepted) > 2:
        verdict.doubled.append(f"{len(accepted)} copies of the digest")
    if len({bytes(letter) for letter in accepted}) > 1:
        verdict.doubled.append("copies of the digest that differ")
    if len({message_from_bytes(letter)["Message-ID"] for letter in accepted}) > 1:
        verdict.doubled.append("copies of the digest with different Message-IDs")


def refused_letters(relay):
    """How many whole letters the relay refused: those at which it was to answer 4xx or 5xx, the first ones."""
    return relay.met if relay.at == "dot" and relay.how[:1] in "45" else 0


def dice_of(name):
    """The dice of a case, the same each time."""
    return random.Random(name)
