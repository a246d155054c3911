"""The books hold: whatever happened, every item that was fetched is in exactly one state, in every window."""

import itertools
import json
import random
from datetime import timedelta

import pytest
import sqlalchemy as sa
from servers import page
from world import CONSOLE, TEXT, article

from bot import intake, pipeline
from bot.ingest import articlepages
from bot.model import STATES
from bot.model.ledger import total
from bot.store import ledger

DIGEST = '[[digest]]\nid = "daily"\nto = ["terminal"]\nat = "07:30"\n'
TOPICS = ("Tariff", "Kettle", "Weather")
POINTS = ("ingest.read", "lane.placed", "lane.written", "lane.part", "lane.recorded", "lane.committed", "digest.frozen")


class Killed(BaseException):
    """What a kill comes to: nothing after it happens, and no transaction that was open is kept."""


class History:
    """A feed and a folder to which anything may happen, in an order that ``seed`` decides."""

    def __init__(self, world, seed, *, fulltext=False):
        self.world, self.dice, self.fulltext = world, random.Random(seed), fulltext
        self.items, self.number, self.deadly = [], 0, None
        self.fails = False
        world.feed_source("feed", "/feed")
        world.sources[-1] += f"fulltext = {str(fulltext).lower()}\n"
        world.folder_source("drop", **{f"n{number}": self.text() for number in range(4)})

    def text(self):
        """Words of its own, mostly; some repeat those of others."""
        self.number += 1
        topic = self.dice.choice(TOPICS)
        return TEXT if self.dice.random() < 0.2 else f"{topic} number {self.number} is about w{self.number}x alone."

    def publish(self):
        for _ in range(self.dice.randint(1, 4)):
            item = {"id": f"i{self.number}", "title": f"News {self.number}", "content_text": self.text()}
            self.items.insert(0, {**item, **self.page()})

    def page(self):
        """An address, of which some lead to a page."""
        if not self.fulltext:
            return {}
        path = f"/page{self.number}"
        if self.dice.random() < 0.7:
            self.world.server[path] = page("".join(f"<p>{self.text()} It goes on for a while.</p>" for _ in range(4)))
        return {"url": self.world.server.at(path)}

    def repeat(self):
        """The same item twice, and entries that are no items."""
        self.items += self.dice.choices([*self.items, None, 7, ["no object"]], k=2)

    def edit(self):
        for item in self.items[:2]:
            if isinstance(item, dict):
                item["content_text"] = self.text()

    def drop(self):
        del self.items[self.dice.randint(0, 3) :]

    def file(self):
        name = self.world.folder / "drop" / f"f{self.dice.randint(0, 9)}.txt"
        kinds = (b"", bytes(range(256)) * 4, article("One", self.text(), "https://a.example/1").encode())
        name.write_bytes(self.dice.choice((*kinds, self.text().encode())))

    def fail(self):
        self.fails = True

    def kill(self):
        self.deadly = [self.dice.choice(POINTS), self.dice.randint(1, 3)]

    def checkpoint(self, name):
        if self.deadly and self.deadly[0] == name:
            self.deadly[1] -= 1
            if not self.deadly[1]:
                self.deadly = None
                raise Killed

    async def step(self, desk):
        for _ in range(2):
            self.dice.choice((self.publish, self.repeat, self.edit, self.drop, self.file, self.fail, self.kill))()
        entries = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": self.items})
        self.world.server["/feed"] = "no feed" if self.fails else entries
        self.fails = False
        self.world.later(minutes=self.dice.choice((1, 17, 600)))
        try:
            await pipeline.ingest_due(desk, force=True, wishes=pipeline.Wishes(backfill=self.dice.choice((0, 2))))
            await pipeline.send_digests(desk)
        except Killed:
            pass
        self.deadly = None


@pytest.mark.parametrize(("seed", "fulltext"), [(0, False), (1, False), (2, True)])
async def test_whatever_happens_fetched_is_the_sum_of_the_states_in_every_window(world, monkeypatch, seed, fulltext):
    monkeypatch.setattr(intake, "PART", 2)
    monkeypatch.setattr(articlepages, "PAUSE", 0)
    history = History(world, seed, fulltext=fulltext)
    begin, moments = world.at, [world.at]
    async with world.desk(CONSOLE + DIGEST, checkpoint=history.checkpoint) as desk:
        for _ in range(30):
            await history.step(desk)
            moments.append(world.at)
        end = world.at + timedelta(seconds=1)
        with desk.store.read() as tx:
            whole = total(ledger.accounts(tx, begin, end))
            steps = [total(ledger.accounts(tx, a, b)) for a, b in itertools.pairwise([*moments, end])]
            windows = [sorted(history.dice.sample(moments, 2)) for _ in range(40)]
            found = [account for a, b in windows for account in ledger.accounts(tx, a, b)]
            rows = [tx.value(sa.text(f"SELECT count(*) FROM {table}")) for table in ("article", "refused")]
    assert [account for account in (*found, *steps, whole) if not account.holds] == []
    assert total(steps) == whole  # no item is in two windows, none in no window
    assert whole.fetched == sum(rows)
    assert min(whole.changed, whole.known, whole.repeated, whole.failed, *rows) > 0
    assert {state for state in STATES if whole.states[state]} >= {"alerted", "no rule", "error"}
