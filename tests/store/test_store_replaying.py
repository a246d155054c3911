"""Decisions of a busy fortnight, made once more from what is stored: bit for bit as they were, on both databases."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from fortnight import Fortnight
from servers import FaultServer
from world import World

from bot.config import load
from bot.config.kept import parts, rebuilt
from bot.config.models import RetentionTable
from bot.deliver.fake_slack import FakeSlack
from bot.deliver.fake_workspace import FakeChannel
from bot.purging import purge
from bot.replaying import refusal, replay
from bot.store import Store, configs
from bot.store import tables as t

# Of each database another life: what must occur in it, and how many stories become one.
OFTEN = {"first", "new rule", "new fact", "muted", "baseline", "copy", "grouped", "earlier version", "on request"}
LIVES = {
    "sqlite": (9, OFTEN | {"too many", "inhibited", "repeat", "lesser news", "same story"}),
    "postgresql": (10, OFTEN),
}


@pytest.fixture
async def world(tmp_path):
    channels = (FakeChannel(id="C0000001", name="desk"), FakeChannel(id="C0000002", name="trade"))
    (tmp_path / "house").mkdir()
    async with FaultServer() as server, FakeSlack(channels=channels) as slack:
        yield World(tmp_path / "house", server, slack)


@pytest.fixture
def past(url):
    store = Store(url)
    store.open()
    yield store
    store.close()


def replayed(store, world, **span):
    with store.read() as tx:
        return replay(tx, world.at - timedelta(**span or {"days": 400}), world.at)


def count(store, column):
    with store.read() as tx:
        return tx.value(sa.select(sa.func.count()).where(column.is_not(None)))


def reasons(store):
    with store.read() as tx:
        return {row["reason"].partition(":")[0] for row in tx.rows(sa.select(t.decision.c.reason))}


class Undone(Exception):
    """The transaction is taken back."""


def differences_after(change, store, world):
    """What a replay finds after a change, which is taken back."""
    found = []
    with suppress(Undone), store.write() as tx:
        tx.run(change)
        found = replay(tx, world.at - timedelta(days=400), world.at).differences
        raise Undone
    return found


async def test_a_busy_fortnight_is_decided_as_it_was(world, url, past):
    seed, occurs = LIVES[url.partition(":")[0]]
    await Fortnight(world, seed).live({"PRESSWATCH_DATABASE_URL": url})
    found = replayed(past, world)
    assert found.differences == []
    assert (found.gone, found.unknown, found.lost) == (0, 0, set())
    assert found.decisions == count(past, t.decision.c.look) > 100
    assert found.alerts == count(past, t.alert.c.look) > 40
    assert occurs - reasons(past) == set()
    assert set(found.apart) <= {"grouped", "on request", "applied to the archive on request"}
    assert count(past, t.config_version.c.active_until) > 2
    assert count(past, t.rule_version.c.active_until) > 2
    half = replayed(past, world, days=7)
    assert (0 < half.decisions < found.decisions, half.differences) == (True, [])


async def test_what_was_tampered_with_is_found(world, sqlite_store):
    """Each of these is something that somebody could change in the database, and a decision depends on it."""
    await Fortnight(world, 3, days=2).live({"PRESSWATCH_DATABASE_URL": sqlite_store.url.render_as_string()})
    assert replayed(sqlite_store, world).differences == []
    told = sa.and_(t.decision.c.reason == "first", t.decision.c.look.is_not(None))
    changes = {
        "a decision": sa.update(t.decision).where(told).values(verdict="no"),
        "a reason": sa.update(t.decision).where(told).values(reason="new rule"),
        "a decision gone": sa.delete(t.decision).where(told),
        "an alert": sa.update(t.alert).values(severity="urgent"),
        "an alert's rules": sa.delete(t.alert_rule),
        "a text": sa.update(t.article_version).values(text="nothing", title="Nothing"),
        "a rule": sa.update(t.rule_version).values(active_until=world.at - timedelta(days=400)),
        "the configuration": sa.delete(t.config_version).where(t.config_version.c.kind == "destinations"),
    }
    unseen = [what for what, change in changes.items() if not differences_after(change, sqlite_store, world)]
    assert unseen == []
    assert replayed(sqlite_store, world).differences == []


async def test_stories_that_became_one_are_two_before(world, sqlite_store):
    await Fortnight(world, 30).live({"PRESSWATCH_DATABASE_URL": sqlite_store.url.render_as_string()})
    assert count(sqlite_store, t.story_merge.c.at) > 0
    assert replayed(sqlite_store, world).differences == []


async def test_what_is_no_longer_kept_is_refused_or_named(world, sqlite_store):
    began = world.at
    environ = {"PRESSWATCH_DATABASE_URL": sqlite_store.url.render_as_string()}
    await Fortnight(world, 3, days=2).live(environ)
    config = load(world.folder / "config.toml", environ, world.folder)
    short = replace(config, retention=RetentionTable(bodies="1d", decisions="30d"))

    def refused(config, since, later):
        with sqlite_store.read() as tx:
            return refusal(tx, config, since, world.at + later)

    assert refused(config, began, timedelta(0)) is None
    assert "has been written down since 2023-08-28 12:00 UTC" in refused(config, began - timedelta(1), timedelta(0))
    assert "decisions are kept for 30 days" in refused(short, began, timedelta(days=31))
    for _ in purge(sqlite_store, short, lambda: world.at + timedelta(hours=25)):
        pass
    found = replayed(sqlite_store, world)
    assert (found.decisions, found.differences) == (0, [])
    assert found.gone == count(sqlite_store, t.decision.c.look) > 10
    for _ in purge(sqlite_store, short, lambda: world.at + timedelta(days=31)):
        pass
    assert "the oldest ones are of" in refused(config, began, timedelta(days=31))


def test_a_configuration_is_kept_part_by_part_without_secrets(world, sqlite_store):
    world.folder_source("a")
    world.sources.append('[[source]]\nid = "b"\nurl = "https://feeds.example/b"\nheaders = { "X-Desk" = "trade" }\n')
    text = Fortnight(world, 1).destinations() + '[[digest]]\nid = "noon"\nto = ["desk"]\nat = "12:00"\n'
    (world.folder / "config.toml").write_text('[slack]\ntoken_file = "token"\n' + text + "".join(world.sources))
    config = load(world.folder / "config.toml", {}, world.folder)
    kept = parts(config)
    back = rebuilt(kept)
    assert [each.quiet for each in back.destinations] == [each.quiet for each in config.destinations]
    assert (back.routes, back.digests) == (config.routes, config.digests)
    assert {each.id: (each.tier, each.alerts, each.name) for each in config.sources} == {
        id_: (each.tier, each.alerts, each.name) for id_, each in back.sources.items()
    }
    assert not [word for word in ("X-Desk", "https", "C0000001", world.slack.token) if word in str(kept)]
    with sqlite_store.write() as tx:
        first = configs.record(tx, kept, world.at)
        assert configs.record(tx, kept, world.at + timedelta(hours=1)) == first == world.at
        changed = {**kept, ("source", "a"): {**kept["source", "a"], "alerts": False}}
        second = configs.record(tx, changed, world.at)  # the clock has not moved
        assert second > first
        assert configs.in_force(tx, first) == kept
        assert configs.in_force(tx, second) == changed
        assert tx.value(sa.select(sa.func.count()).select_from(t.config_version)) == len(kept) + 1
