"""Decisions of a busy fortnight, made once more from what is stored: bit for bit as they were, on both databases."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from fortnight import Fortnight
from servers import FaultServer
from world import World

from bot.deliver.fake_slack import FakeSlack
from bot.deliver.fake_workspace import FakeChannel
from bot.replaying import refusal, replay
from bot.store import Store
from bot.store import tables as t


@pytest.fixture
async def world(tmp_path):
    channels = (FakeChannel(id="C0000001", name="desk"), FakeChannel(id="C0000002", name="trade"))
    (tmp_path / "house").mkdir()
    async with FaultServer() as server, FakeSlack(channels=channels) as slack:
        yield World(tmp_path / "house", server, slack)


def replayed(store, world, since=None):
    with store.read() as tx:
        return replay(tx, since or world.at - timedelta(days=400), world.at)


def differing(found):
    return [(each.article, each.rule, each.destination, each.was, each.now) for each in found.differences]


def number(store, what):
    with store.read() as tx:
        return tx.value(what)


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_busy_fortnight_is_decided_as_it_was(world, url, seed):
    fortnight = Fortnight(world, seed)
    await fortnight.live({"PRESSWATCH_DATABASE_URL": url})
    store = Store(url)
    store.open()
    try:
        found = replayed(store, world)
        assert differing(found) == []
        assert (found.gone, found.unknown, found.lost) == (0, 0, set())
        made = sa.select(sa.func.count()).select_from(t.decision)
        assert found.decisions == number(store, made.where(t.decision.c.look.is_not(None))) > 60
        assert found.alerts == number(store, sa.select(sa.func.count()).where(t.alert.c.look.is_not(None))) > 20
        print(found.decisions, found.alerts, found.apart)
        kinds = {row["r"] for row in _reasons(store)}
        print(sorted(kinds))
        print(number(store, sa.select(sa.func.count()).select_from(t.story_merge)))
    finally:
        store.close()


def _reasons(store):
    with store.read() as tx:
        return [{"r": row["reason"].partition(":")[0]} for row in tx.rows(sa.select(t.decision.c.reason))]
