"""The day's purge: what goes when, in slices that can be stopped and killed, and what people see afterwards."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from world import SLACK, article, rss

from bot import pipeline, purging
from bot.model import PurgeReport
from bot.scheduler import Knocks
from bot.store import archive, explain, ledger, retention

SHORT = '[retention]\nbodies = "30d"\ndecisions = "60d"\n'
NIGHT = datetime(2023, 8, 28, 2, tzinfo=UTC)


class KilledError(Exception):
    """What a test's process dies of."""


def texts(world):
    with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as database:
        return [text is not None for (text,) in database.execute("SELECT text FROM article_version ORDER BY id")]


def count(world, table):
    with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def many(world, number):
    world.folder_source("a", **{f"k{n:03}": article(f"Story {n}", f"w{n}a w{n}b tariff w{n}c.") for n in range(number)})


async def test_texts_go_after_their_time_and_decisions_and_polls_after_theirs(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(SLACK + SHORT) as desk:
        await world.round(desk)
        world.later(days=30)
        assert await pipeline.purge_due(desk) == PurgeReport()
        world.later(days=2, seconds=1)
        assert await pipeline.purge_due(desk) == PurgeReport(articles=1, texts=1)
        assert count(world, "decision") > 0
        assert count(world, "poll") > 0
        world.later(days=30)
        gone = await pipeline.purge_due(desk)
        assert (gone.texts, gone.decisions > 0, gone.polls > 0) == (0, True, True)
        assert (count(world, "decision"), count(world, "poll")) == (0, 0)
        with desk.store.read() as tx:
            (kept,) = archive.archive(tx)
            (version,) = explain.history(tx, kept.id).versions
    assert (kept.article.title, kept.article.body, version.text_kept) == ("Ministry lowers duties", "", False)
    assert version.text_removed_at == world.at - timedelta(days=30)
    assert [sentence.text for sentence in version.mentions[0].sentences] != []


async def test_a_source_s_own_retention_goes_before_the_general_one(world):
    for name in ("a", "b"):
        world.folder_source(name, one=article("Ministry lowers duties"))
    world.sources[0] += 'retention = "1d"\n'
    async with world.desk(SLACK + SHORT) as desk:
        await world.round(desk)
        world.later(days=2)
        assert (await pipeline.purge_due(desk)).texts == 1
        with desk.store.read() as tx:
            kept = {stored.article.source: bool(stored.article.body) for stored in archive.archive(tx)}
    assert kept == {"a": False, "b": True}


async def test_polls_that_brought_nothing_go_after_a_month_and_the_books_still_agree(world, monkeypatch):
    monkeypatch.setattr(purging, "ROWS", 2)
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(SLACK) as desk:
        for _ in range(7):
            await world.round(desk)
            world.later(days=1)
        begin, polls = world.at - timedelta(days=8), count(world, "poll")
        world.later(days=26)
        asked = purging.what_would_go(desk.store, desk.config, world.at)
        gone = await pipeline.purge_due(desk)
        assert asked == gone == PurgeReport(polls=2)
        world.later(days=30)
        asked = purging.what_would_go(desk.store, desk.config, world.at)
        gone = await pipeline.purge_due(desk)
        assert asked == gone == PurgeReport(polls=polls - 3)
        assert count(world, "poll") == 1
        with desk.store.read() as tx:
            (account,) = ledger.accounts(tx, begin, world.at)
            assert (account.holds, account.fetched) == (True, 1)
        assert purging.what_would_go(desk.store, desk.config, world.at) == PurgeReport()


async def test_an_item_whose_text_is_gone_is_no_news_when_it_is_seen_again(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(SLACK + SHORT) as desk:
        await world.round(desk)
        world.later(days=31)
        await pipeline.purge_due(desk)
        polled, _ = await world.round(desk)
    assert [(report.new, report.changed) for report in polled.sources] == [(0, 0)]
    assert texts(world) == [False]


async def test_a_purge_that_is_killed_anywhere_has_removed_whole_slices_and_the_next_finds_the_rest(world, monkeypatch):
    monkeypatch.setattr(purging, "SLICE", 2)
    many(world, 7)
    reached = []

    def deadly(name):
        if name.startswith("purge."):
            reached.append(name)
            if len(reached) in (3, 6):
                raise KilledError

    async with world.desk(SLACK + SHORT, checkpoint=deadly) as desk:
        await world.round(desk)
        world.later(days=31)
        with pytest.raises(KilledError):
            await pipeline.purge_due(desk)  # within the second slice: nothing of it is gone
        assert texts(world) == [False] * 2 + [True] * 5
        with pytest.raises(KilledError):
            await pipeline.purge_due(desk)  # behind the next slice
        assert texts(world) == [False] * 4 + [True] * 3
        assert await pipeline.purge_due(desk) == PurgeReport(articles=3, texts=3)
        assert await pipeline.purge_due(desk) is None


async def test_a_purge_that_is_told_to_stop_goes_on_another_time(world, monkeypatch):
    monkeypatch.setattr(purging, "SLICE", 1)
    many(world, 5)

    def stop(name):
        desk.stopping = name == "purge.committed"

    async with world.desk(SLACK + SHORT) as desk:
        await world.round(desk)
        world.later(days=31)
        desk.checkpoint = stop
        assert (await pipeline.purge_due(desk)).texts == 1
        desk.stopping, desk.checkpoint = False, lambda _name: None
        assert (await pipeline.purge_due(desk)).texts == 4


async def test_others_read_and_write_between_two_slices(world, monkeypatch):
    monkeypatch.setattr(purging, "SLICE", 1)
    many(world, 6)
    between = []

    def look(desk):
        with desk.store.write() as tx:
            between.append((len(texts(world)), sum(texts(world)), retention.last_purge(tx)))

    async with world.desk(SLACK + SHORT) as desk:
        await world.round(desk)
        world.later(days=31)
        work = asyncio.ensure_future(pipeline.purge_due(desk))
        while not work.done():
            await desk.call(look, desk)
        await work
    left = [kept for _, kept, _ in between]
    assert left == sorted(left, reverse=True)
    assert set(left) >= {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("last", "now", "zone", "due"),
    [
        (None, NIGHT.replace(hour=12), "UTC", True),
        (NIGHT - timedelta(hours=24), NIGHT, "UTC", True),
        (NIGHT - timedelta(hours=1), NIGHT, "UTC", False),
        (NIGHT - timedelta(hours=24), NIGHT.replace(hour=12), "UTC", False),
        (NIGHT - timedelta(hours=24), NIGHT.replace(hour=6), "America/New_York", True),
        (NIGHT - timedelta(hours=24), NIGHT, "America/New_York", False),
        (NIGHT - timedelta(hours=48), NIGHT.replace(hour=12), "UTC", True),
    ],
)
def test_a_purge_runs_once_a_night_or_by_day_where_nights_were_missed(last, now, zone, due):
    assert purging.is_due(last, now, zone) is due


async def test_the_service_purges_and_says_so_once(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(SLACK + SHORT) as desk:
        await world.round(desk)
        world.later(days=31)
        knocks = Knocks(desk)
        with structlog.testing.capture_logs() as logs:
            for _ in range(3):
                await knocks.purge()
                await knocks.purge()
                await knocks.settled()
    said = [line for line in logs if line["event"] == "purged"]
    assert [(line["articles"], line["texts"], line["log_level"]) for line in said] == [(1, 1, "info")]


async def test_what_would_go_is_what_goes(world):
    many(world, 5)
    world.feed_source("f", "/feed")
    world.server["/feed"] = rss("One tariff", "Two")
    async with world.desk(SLACK + SHORT) as desk:
        await world.round(desk)
        world.later(days=61)
        asked = purging.what_would_go(desk.store, desk.config, world.at)
        assert all(texts(world))
        done = sum(purging.purge(desk.store, desk.config, lambda: world.at), PurgeReport())
        assert purging.what_would_go(desk.store, desk.config, world.at) == PurgeReport()
    assert asked == done
    assert (asked.articles, asked.texts, asked.decisions > 0, asked.polls > 0) == (7, 7, True, True)


async def test_after_a_slice_that_took_long_the_next_one_is_shorter(world):
    many(world, 12)
    async with world.desk(SLACK + SHORT) as desk:
        await world.round(desk)
        spans = [60, 60, 60, 60, 30, 0, 0, 0]
        ticks = [world.at + timedelta(days=40)]
        for span in spans:
            ticks += [ticks[-1], ticks[-1] + timedelta(milliseconds=span)]
        clock = iter([*ticks, *[ticks[-1]] * 99])
        gone = [step.articles for step in purging.purge(desk.store, desk.config, lambda: next(clock)) if step.articles]
    assert gone == [5, 2, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("spans", "sizes"),
    [((50, 50, 50), (2, 1, 1)), ((21, 49), (5, 5)), ((99, 99, 9, 9, 9), (2, 1, 2, 4, 5)), ((-9,), (5,))],
)
def test_how_long_slices_are(spans, sizes):
    slices, found = purging.Slices(5), []
    for span in spans:
        slices.took(timedelta(milliseconds=span))
        found.append(slices.size)
    assert tuple(found) == sizes
