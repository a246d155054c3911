"""Articles that are removed whole: nothing hangs on to them, and what comes back under their names is not new."""

import pytest
import sqlalchemy as sa
from world import CONSOLE, article, rss

from bot import pipeline
from bot.model import PurgeReport
from bot.store import ledger, search
from bot.store import tables as t

WHOLE = '[retention]\nbodies = "30d"\ndecisions = "30d"\narticles = "60d"\n'
GOES = [
    article("A tariff on pots", f"A tariff on pots and pans of town{n} goes up. " * 3, f"https://e.example/{n}")
    for n in range(2)
]


@pytest.fixture(params=["sqlite", "postgresql"])
def environ(request):
    """What names the database, where it is not the file."""
    if request.param == "sqlite":
        return {}
    migrated = request.getfixturevalue("migrated_postgresql")
    return {"PRESSWATCH_DATABASE_URL": request.getfixturevalue("fresh_postgresql")(migrated)}


def rows(desk):
    """How many rows each table has, those with any."""
    with desk.store.read() as tx:
        found = {
            name: tx.value(sa.select(sa.func.count()).select_from(table)) for name, table in t.metadata.tables.items()
        }
        found["index"] = tx.value(sa.select(sa.func.count()).select_from(search.fts))
    return {name: number for name, number in found.items() if number}


async def test_a_story_goes_whole_and_its_articles_are_never_new_again(world, environ):
    world.folder_source("seeds", one=GOES[0], two=GOES[1])
    world.feed_source("feed", "/feed")
    world.server["/feed"] = rss("Kettles of old", "Kettles rise")
    async with world.desk(CONSOLE + WHOLE, environ=environ) as desk:
        await world.round(desk, backfill=1)
        world.later(days=59)
        (world.folder / "seeds" / "three.txt").write_text(article("Another tariff", "A tariff on enamel falls."))
        await world.round(desk)
        before = rows(desk)
        assert (before["article"], before["alert"] >= 3) == (5, True)
        world.later(days=2)
        report = await pipeline.purge_due(desk)
        assert (report.removed, report.articles) == (4, 4)
        left = rows(desk)
        assert (left["article"], left["story"], left["alert"], left["delivery"], left["index"]) == (1, 1, 1, 1, 1)
        assert left["forgotten"] == 8
        # The feed still shows them, a file is edited, one comes under another name.
        (world.folder / "seeds" / "one.txt").write_text(GOES[0] + "More of it.\n")
        (world.folder / "seeds" / "other.txt").write_text(GOES[1])
        world.server["/feed"] = rss("Kettles of old", "Kettles rise", "Kettles are new")
        polled, _ = await world.round(desk)
        assert {each.source: each.new for each in polled.sources} == {"seeds": 0, "feed": 1}
        assert rows(desk)["article"] == 2
        with desk.store.read() as tx:
            books = ledger.accounts(tx, world.at.replace(year=2020), world.at.replace(year=2030))
        assert all(account.holds for account in books), books
        world.later(days=2)
        assert await pipeline.purge_due(desk) == PurgeReport()


async def test_what_still_moves_or_waits_stays(world, environ):
    world.folder_source("seeds", one=GOES[0])
    async with world.desk(CONSOLE + WHOLE, environ=environ) as desk:
        await pipeline.ingest_due(desk)  # its alert is not sent yet
        world.later(days=70)
        assert (await pipeline.purge_due(desk)).removed == 0
        await pipeline.deliver_due(desk)
        (world.folder / "seeds" / "two.txt").write_text(GOES[0] + "A copy.\n")
        world.later(days=2)
        assert (await pipeline.purge_due(desk)).removed == 1


async def test_without_a_length_nothing_goes_whole(world):
    world.folder_source("seeds", one=GOES[0])
    async with world.desk(CONSOLE + WHOLE.replace('"60d"', '"never"')) as desk:
        await world.round(desk)
        world.later(days=5_000)
        assert (await pipeline.purge_due(desk)).removed == 0
        assert rows(desk)["article"] == 1
