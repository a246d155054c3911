"""Much that one poll brings is written in parts, with the same result as in one transaction, and after a kill, too."""

from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_pipeline_recall import Watch, feed, feeds, item, listing, rain
from world import CONSOLE

from bot import intake
from bot.errors import StoreUnreachable
from bot.store import ledger, tables, volume

SUMMED = ("fetched", "new", "changed", "known", "repeated", "refused")


@contextmanager
def parts_of(size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "PART", size)
        patch.setattr(intake, "SHARE", 600)  # whatever the machine does meanwhile
        yield


class Parts(Watch):
    """A feed, its polls written in parts of ``size`` articles. ``deadly`` may name a part: "lane.part 2" is the second."""

    def __init__(self, folder, size, *, fulltext=False):
        super().__init__(Path(folder), remembers=True, fulltext=fulltext)
        self.size, self.lines = size, {}

    def checkpoint(self, name):
        if self.deadly and " " in self.deadly and name == self.deadly.split()[0]:
            word, number = self.deadly.split()
            self.deadly = f"{word} {int(number) - 1}" if int(number) > 1 else word
        super().checkpoint(name)

    async def play(self, steps):
        with parts_of(self.size):
            return await super().play(steps)

    def rows(self, desk):
        rows = super().rows(desk)
        self.polls, self.articles = ([dict(row) for row in rows[name]] for name in ("poll", "article"))
        rows["poll"] = folded(self.polls)
        end = self.world.at + timedelta(seconds=1)
        with desk.store.read() as tx:
            self.accounts = ledger.accounts(tx, end - timedelta(days=9), end)
            self.mentions = volume.new_mentions(tx, 0, 999)
        return rows


def folded(polls):
    """The lines of polls, each with those of its parts added to it."""
    found = {}
    for line in sorted(polls, key=lambda line: int(line["id"])):
        whole = found.setdefault(line["at"], dict.fromkeys(SUMMED, 0))
        sums = {name: whole[name] + int(line[name]) for name in SUMMED}
        whole.update({name: value for name, value in line.items() if name != "id"} | sums)
    return list(found.values())


async def same(steps, size, *, fulltext=False):
    """Play the steps in one transaction for each poll, and in parts: the store is the same. Gives the one with parts."""
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        whole, parts = Parts(one, 500, fulltext=fulltext), Parts(other, size, fulltext=fulltext)
        reports, rows = await whole.play(steps)
        others, other_rows = await parts.play(steps)
    assert others == reports
    for name in rows:
        assert other_rows[name] == rows[name], name
    assert not [line for line in whole.polls if line["status"] == "part"]
    return parts


# Two items of the same words, which are two articles where they come together.
TWINS = [item("A tariff on tea", guid=guid, at=1) for guid in ("g8", "g9")]
POINTS = st.sampled_from((None, None, None, "lane.begun", "lane.committed"))
STEPS = st.one_of(
    *[st.tuples(st.just("poll"), feeds(), st.sampled_from((0, 0, 2)), POINTS)] * 4,
    st.tuples(st.just("elsewhere"), feeds()),
    st.tuples(st.just("restart")),
    st.tuples(st.just("move")),
)


@settings(max_examples=6)
@given(st.lists(STEPS, min_size=1, max_size=7), st.integers(1, 3), st.booleans())
@example([("poll", listing(3, 2, 1), 2), ("poll", listing(9, 8, 7, 6)), ("poll", listing(10, 9, 8))], 1, False)
@example([("poll", feed()), ("poll", listing(4, 3, 2, 1)), ("move",), ("poll", listing(6, 5, 4))], 2, False)
@example([("poll", feed(rain(3), *TWINS, rain(1)))], 1, False)
@example(
    [("poll", listing(2, 1)), ("poll", feed(rain(4, text="Of tea."), rain(3), rain(2), rain(1, guid="n1")))], 1, True
)
async def test_in_parts_or_in_one_transaction_the_store_is_the_same(steps, size, fulltext):
    await same(steps, size, fulltext=fulltext)


# ── killed between two parts ─────────────────────────────────────────────────────────────────────

KILLED = st.sampled_from(("lane.part", "lane.part 2", "lane.part 3", "lane.begun 2", "lane.written 3", "lane.recorded"))


def essence(rows):
    """What must be the same if a poll was killed, whatever was stored of it by then: all but when."""
    columns = {
        "article": ("id", "source", "key", "state", "versions", "story"),
        "alert": ("article", "destination", "kind", "rules"),
        "shown": None,
        "headlines": None,
        "source": None,
        "refused": ("source", "key"),
    }
    return {
        name: [[(column, value) for column, value in row if wanted is None or column in wanted] for row in rows[name]]
        for name, wanted in columns.items()
    }


async def after_a_kill(before, body, deadly, size, backfill=0):
    """A poll that is killed and repeated: in parts, and in one transaction of which nothing is left. Gives the former."""
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        whole, parts = Parts(one, 500), Parts(other, size)
        again = [("poll", body, backfill), ("restart",), ("poll", body + " ", backfill)]
        others, other_rows = await parts.play([*before, ("poll", body, backfill, deadly), ("restart",), *again])
        killed = others[len(before)] is None  # else it had not so many parts
        first = ("poll", body, backfill, "lane.begun" if killed else None)
        reports, rows = await whole.play([*before, first, ("restart",), *again])
    assert essence(other_rows) == essence(rows)
    assert [other.status for other in others[-3::2]] == [report.status for report in reports[-3::2]]
    assert all(account.holds for account in parts.accounts)
    return parts, others[-3]


@settings(max_examples=6)
@given(st.lists(STEPS, max_size=3), feeds(), KILLED, st.integers(1, 2), st.sampled_from((0, 2)))
@example([], feed(rain(3), *TWINS, rain(1)), "lane.part 2", 1, 2)
@example([("poll", listing(2, 1))], feed(rain(4), rain(3), rain(2), rain(1, guid="n1")), "lane.part", 1, 0)
async def test_killed_between_two_parts_a_poll_goes_on_as_if_nothing_had_been(before, body, deadly, size, backfill):
    await after_a_kill(before, body, deadly, size, backfill)


@pytest.mark.parametrize("order", [(5, 4, 3, 2, 1), (1, 2, 3, 4, 5)])
@pytest.mark.parametrize("backfill", [0, 2])
async def test_a_first_poll_that_is_killed_between_its_parts_stays_a_baseline(order, backfill):
    parts, report = await after_a_kill([], listing(*order), "lane.part 2", 1, backfill)
    assert (report.status, report.new) == ("baseline", 3)
    states = {row["key"]: row["state"] for row in parts.articles}
    told = {f"g{number}" for number in (5, 4)[:backfill]}
    assert {key for key, state in states.items() if state == "alerted"} == told
    assert {state for key, state in states.items() if key not in told} == {"baseline"}
    assert [mention.baseline for mention in parts.mentions] == 5 * [True]


async def test_a_gap_is_told_by_the_poll_that_repeats_a_killed_one():
    for deadly in ("lane.part", "lane.part 2", "lane.recorded"):
        _, report = await after_a_kill([("poll", listing(3, 2, 1))], listing(9, 8, 7), deadly, 1)
        assert "items may be missing" in report.note


async def test_a_poll_that_ends_closes_what_a_killed_one_left():
    """What it left was new then, and is no longer: at another address the feed is none that nobody knows."""
    steps = [("poll", listing(3, 2, 1), 0, "lane.part"), ("poll", listing(3, 2, 1)), ("move",)]
    with TemporaryDirectory() as folder:
        parts = Parts(folder, 1)
        reports, _ = await parts.play([*steps, ("poll", listing(4, 3, 2))])
    assert [reports[1].status, reports[3].status] == ["baseline", "ok"]
    assert {row["key"]: row["state"] for row in parts.articles}["g4"] == "alerted"


async def test_pages_of_a_first_poll_that_is_repeated_are_not_read(tmp_path):
    parts = Parts(tmp_path, 1, fulltext=True)
    reports, _ = await parts.play([("poll", listing(3, 2, 1), 0, "lane.part"), ("poll", listing(3, 2, 1))])
    assert (reports[1].status, parts.pages.asked) == ("baseline", [])


async def test_others_are_written_between_two_parts(world, monkeypatch):
    monkeypatch.setattr(intake, "PART", 1)
    for name in ("a", "b"):
        entries = [rain(number, guid=f"{name}{number}", text=f"{name}{number} alone.") for number in range(4)]
        world.server[f"/{name}"] = feed(*entries)
        world.feed_source(name, f"/{name}")
    async with world.desk(CONSOLE) as desk:
        await intake.ingest_due(desk)
        with desk.store.read() as tx:
            lines = [row["source"] for row in tx.rows(sa.select(tables.poll).order_by(tables.poll.c.id))]
    assert (len(lines), lines.count("a")) == (8, 4)
    assert lines not in (["a"] * 4 + ["b"] * 4, ["b"] * 4 + ["a"] * 4)


def test_the_next_part_takes_its_share_of_a_second():
    assert intake.next_size(64, 0.4) == 32
    assert intake.next_size(64, 0.0) == 128
    assert intake.next_size(400, 0.1) == intake.PART
    assert intake.next_size(2, 9.0) == 1


async def test_on_postgresql_too(world, fresh_postgresql, migrated_postgresql, monkeypatch):
    monkeypatch.setattr(intake, "PART", 2)
    monkeypatch.setattr(intake, "SHARE", 600)
    deadly = ["lane.part", "lane.part"]

    def checkpoint(name):
        if name in deadly:
            deadly.remove(name)
            if not deadly:
                raise StoreUnreachable("cut off")

    world.feed_source("feed", "/feed")
    world.server["/feed"] = listing(*range(9, 0, -1))
    environ = {"PRESSWATCH_DATABASE_URL": fresh_postgresql(migrated_postgresql)}
    async with world.desk(CONSOLE, environ=environ, checkpoint=checkpoint) as desk:
        with pytest.raises(StoreUnreachable):
            await intake.ingest_due(desk)
        world.later(minutes=5)
        report = (await intake.ingest_due(desk)).sources[0]
        with desk.store.read() as tx:
            states = {row["state"] for row in tx.rows(sa.select(tables.article))}
            (account,) = ledger.accounts(tx, world.at - timedelta(days=1), world.at + timedelta(days=1))
    assert (report.status, report.new, states) == ("baseline", 5, {"baseline"})
    assert account.holds
    assert account.fetched == 9
