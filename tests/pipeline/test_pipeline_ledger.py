"""The books hold: whatever happened, every item that was fetched is in exactly one state, in every window."""

import asyncio
import contextlib
import itertools
import json
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from world import CONSOLE, TEXT, World, article

from bot import intake, pipeline
from bot.arrivals import Batch
from bot.ingest import identity
from bot.model import STATES, Item
from bot.model.ledger import total
from bot.store import ledger
from bot.store import sources as stored_sources
from bot.store.records import PollRecord

DIGEST = '[[digest]]\nid = "daily"\nto = ["terminal"]\nat = "07:30"\n'
TOPICS = ("Tariff", "Kettle", "Weather")
POINTS = ("ingest.read", "lane.placed", "lane.written", "lane.part", "lane.recorded", "lane.committed", "digest.frozen")


class Killed(BaseException):
    """What a kill comes to: nothing after it happens, and no transaction that was open is kept."""


class History:
    """A feed and a folder to which anything may happen, in an order that ``seed`` decides."""

    def __init__(self, world, seed):
        self.world, self.dice = world, random.Random(seed)
        self.items, self.number, self.deadly = [], 0, None
        self.fails = False
        world.feed_source("feed", "/feed")
        world.folder_source("drop", **{f"n{number}": self.text() for number in range(4)})

    def text(self):
        """Words of its own, mostly; some repeat those of others."""
        self.number += 1
        topic = self.dice.choice(TOPICS)
        return TEXT if self.dice.random() < 0.2 else f"{topic} number {self.number} is about w{self.number}x alone."

    def publish(self):
        for _ in range(self.dice.randint(1, 4)):
            self.items.insert(0, {"id": f"i{self.number}", "title": f"News {self.number}", "content_text": self.text()})

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


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happens_fetched_is_the_sum_of_the_states_in_every_window(world, monkeypatch, seed):
    monkeypatch.setattr(intake, "PART", 2)
    history = History(world, seed)
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


# ── histories that Hypothesis makes up ───────────────────────────────────────────────────────────

SHOWN = st.lists(st.tuples(st.integers(0, 13), st.integers(0, 2), st.booleans()), max_size=7)
STEPS = st.one_of(
    # What the feed lists: items by number, in this wording; twice where marked.
    st.tuples(st.just("feed"), SHOWN, st.sampled_from((None, *POINTS)), st.integers(0, 3)),
    # The files of the folder, written in parts of two.
    st.tuples(st.just("folder"), SHOWN, st.sampled_from((None, *POINTS)), st.integers(1, 3)),
    *(st.tuples(st.just(kind)) for kind in ("unchanged", "fail", "digest", "purge", "move")),
)


class MadeUp:
    """A feed and a folder whose polls are made up: everything from the item on is the program's own."""

    def __init__(self, world):
        self.world, self.deadly, self.moved = world, None, 0

    def checkpoint(self, name):
        if self.deadly == name:
            self.deadly = None
            raise Killed

    async def step(self, desk, kind, *more):
        self.world.later(minutes=7)
        if kind in ("feed", "folder"):
            await self.poll(desk, kind, *more)
        elif kind == "unchanged":
            await desk.record(self.record("feed", status="unchanged"))
        elif kind == "fail":
            await desk.record(self.record("folder", status="error", error="no answer"))
        elif kind == "digest":
            await pipeline.send_digests(desk)
        elif kind == "purge":
            await desk.call(self.purge, desk)
        else:
            await desk.call(self.move, desk)

    def record(self, source, **more):
        due = self.world.at + timedelta(minutes=15)
        return PollRecord(**{"source": source, "at": self.world.at, "status": "ok", "next_due": due, **more})

    async def poll(self, desk, kind, shown, deadly, number):
        source = next(source for source in desk.config.sources if source.id == kind)
        items = [item(*each) for each in shown]
        items += [each for each, (_, _, twice) in zip(items, shown, strict=True) if twice]
        articles, refused = identity.read(items, source)
        repeated = len(items) - len(articles) - len(refused)
        batch = Batch(
            source=source,
            live=desk.rules(),
            poll=self.record(kind, fetched=len(items), repeated=repeated, interval=900.0),
            arrivals=tuple(intake._match(desk.rules(), articles, self.world.at)),
            refused=tuple(refused),
            backfill=number,
        )
        self.deadly = deadly
        with contextlib.suppress(Killed):
            await intake._commit(desk, batch)
        self.deadly = None

    def purge(self, desk):
        """What retention will do: texts and decisions go, what was counted stays."""
        with desk.store.write() as tx:
            tx.run(sa.text("UPDATE article_version SET text = NULL"))
            tx.run(sa.text("DELETE FROM decision"))

    def move(self, desk):
        """The feed has another address: its next poll may be a first one again."""
        self.moved += 1
        sources_now = [
            replace(each, url=f"https://new.example/{self.moved}") if each.kind == "feed" else each
            for each in desk.config.sources
        ]
        with desk.store.write() as tx:
            stored_sources.sync(tx, sources_now, self.world.at)


def item(number, wording, bad):
    """An item; every seventh one trips up whoever reads it."""
    topic = TOPICS[number % len(TOPICS)]
    text = TEXT if number == 3 else f"{topic} {number} in wording {wording}: w{number}x{wording} and nothing else."
    return Item(guid=f"g{number}", title=f"{topic} {number}", content=7 if number % 7 == 6 else text)


async def played(folder, steps):
    """The accounts of every window between two moments of a history, and the rows that there are at its end."""
    nowhere = SimpleNamespace(token="t", url="http://127.0.0.1:9", at=lambda path: f"https://feed.example{path}")
    world = World(folder, nowhere, nowhere)
    world.feed_source("feed", "/feed")
    world.folder_source("folder")
    history, moments = MadeUp(world), [world.at]
    async with world.desk(CONSOLE + DIGEST, checkpoint=history.checkpoint) as desk:
        for step in steps:
            await history.step(desk, *step)
            moments.append(world.at)
        moments.append(world.at + timedelta(seconds=1))
        with desk.store.read() as tx:
            windows = {
                (a, b): ledger.accounts(tx, moments[a], moments[b])
                for a, b in itertools.combinations(range(len(moments)), 2)
            }
            rows = [tx.value(sa.text(f"SELECT count(*) FROM {table}")) for table in ("article", "refused")]
    return windows, rows


@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.lists(STEPS, max_size=6))
@example(2 * [("feed", [(0, 0, True), (6, 0, False), (13, 0, True)], None, 0)])
@example(
    [
        ("feed", [(0, 0, True), (6, 0, False)], None, 0),
        ("feed", [(0, 1, False), (1, 0, True)], "lane.placed", 0),
        ("feed", [(0, 1, False), (1, 0, True)], None, 0),
    ]
)
@example(
    [
        ("folder", [(n, 0, False) for n in range(7)], "lane.part", 1),
        ("folder", [(n, 0, False) for n in range(7)], None, 1),
    ]
)
@example(
    [
        ("feed", [(3, 0, False)], None, 1),
        ("purge",),
        ("move",),
        ("feed", [(3, 1, False), (4, 0, True)], None, 0),
        ("digest",),
    ]
)
def test_the_books_hold_in_every_window_of_any_history(steps):
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(intake, "PART", 2)
        windows, rows = asyncio.run(played(Path(folder), steps))
    broken = {window: each for window, found in windows.items() for each in (*found, total(found)) if not each.holds}
    assert broken == {}
    last = max(b for _, b in windows)
    for a, b in windows:  # no item is in two windows, none in no window
        parts = [total(windows[each]) for each in itertools.pairwise(range(a, b + 1))]
        assert total(parts) == total(windows[a, b])
    assert total(windows[0, last]).fetched == sum(rows)


def test_what_the_histories_are_made_of(tmp_path):
    """The harness itself: items that can be no articles, repeated and changed ones, and a kill that takes all back."""
    items = [(0, 0, True), (6, 0, False)]
    windows, rows = asyncio.run(
        played(
            tmp_path,
            [("feed", items, "lane.recorded", 0), ("feed", items, None, 0), ("feed", [(0, 1, False)], None, 0)],
        )
    )
    first, second, third = (total(windows[each, each + 1]) for each in (1, 2, 3))
    assert rows == [1, 1]
    assert (first.polls, second.fetched, second.repeated, second.states["error"]) == (0, 2, 1, 1)
    assert (third.fetched, third.changed) == (0, 1)
