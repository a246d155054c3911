"""A folder with rules and sources, a Slack, and a clock in hand: what a whole round of the pipeline needs."""

import sqlite3
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import pipeline
from bot.app import open_desk
from bot.config import load
from bot.deliver.pace import Pace
from bot.deliver.slack_api import Wire
from bot.store import Store
from bot.store.outbox import Policy

RULES = """
[[rule]]
id = "tariffs"
title = "Tariffs"
severity = "high"
any = ["tariff"]

[[rule]]
id = "kettles"
title = "Kettles"
any = ["kettle"]
"""
TEXT = (
    "The ministry announced on Monday that it would lower the tariff on pots and pans from the coming spring. "
    "Importers had asked for the step since the harvest, when prices in the shops began to rise faster than wages did. "
    "A spokesperson said that the treasury would lose little by it, because the goods make up a small part of trade. "
    "Makers of enamel in the north of the country called for help, and the ministry promised to look into their case."
)


SLACK = '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "C0000001"\n'
WEB = '[web]\nlisten = "unix:web.sock"\n'
CONSOLE = '[[destination]]\nid = "terminal"\nkind = "console"\n'
OPS = (
    SLACK
    + '[[destination]]\nid = "ops"\nkind = "slack"\nchannel = "C0000002"\ndefault = false\n[ops]\nnotify = ["ops"]\n'
)


@cache
def empty_database():
    """A database as the program makes it: its migrations are tried by the store's tests, not for every world."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "presswatch.db"
        store = Store(f"sqlite:///{path}")
        store.open()
        store.close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        return path.read_bytes()


class World:
    """A folder with rules and sources, and the time, which moves only when told to."""

    def __init__(self, folder, server, slack):
        self.folder, self.server, self.slack = folder, server, slack
        self.at = datetime(2023, 8, 28, 12, tzinfo=UTC)
        self.sources = []
        (folder / "rules").mkdir()
        (folder / "rules" / "rules.toml").write_text(RULES)
        (folder / "token").write_text(slack.token)
        (folder / "var").mkdir()
        (folder / "var" / "presswatch.db").write_bytes(empty_database())

    def folder_source(self, name, **files):
        (self.folder / name).mkdir(exist_ok=True)
        for key, text in files.items():
            (self.folder / name / f"{key}.txt").write_text(text)
        self.sources.append(f'[[source]]\nid = "{name}"\nkind = "folder"\npath = "{name}"\nname = "Outlet {name}"\n')

    def feed_source(self, name, path, server=None):
        url = (server or self.server).at(path)
        self.sources.append(f'[[source]]\nid = "{name}"\nkind = "feed"\nurl = "{url}"\n')

    @asynccontextmanager
    async def desk(self, destinations=SLACK, environ=None, **more):
        config = self.folder / "config.toml"
        config.write_text(
            f'[network]\nallow = ["127.0.0.1"]\n'
            f'[slack]\ntoken_file = "token"\nbase_url = "{self.slack.url}"\n' + destinations + "".join(self.sources)
        )
        (self.folder / "token").chmod(0o600)
        wire, policy = Wire(pace=Pace(scale=0)), Policy(first_wait=1)
        async with open_desk(
            load(config, environ or {}, self.folder), wire=wire, policy=policy, clock=lambda: self.at, **more
        ) as desk:
            desk.settle = at_once
            await pipeline.reload_rules(desk)
            yield desk

    async def round(self, desk, on_report=None, **wishes):
        polled = await pipeline.ingest_due(desk, force=True, wishes=pipeline.Wishes(**wishes), on_report=on_report)
        return polled, await pipeline.deliver_due(desk)

    def later(self, **span):
        self.at += timedelta(**span)


async def at_once():
    """No time between two looks at the rules."""


def article(title, text=TEXT, url=None):
    return f"---\ntitle: {title}\n" + (f"url: {url}\n" if url else "") + f"---\n{text}\n"


def rss(*titles):
    items = "".join(
        f"<item><guid>{t}</guid><title>{t}</title><description>{t} at length.</description></item>" for t in titles
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'


async def told(world, desk):
    """Look once, deliver, and give what the new messages to the operators (``OPS``) say."""
    before = len(world.slack.texts("C0000002"))
    await pipeline.notify_operators(desk)
    await pipeline.deliver_due(desk)
    return world.slack.texts("C0000002")[before:]
