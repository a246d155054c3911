"""A webhook as a destination: alerts, their copies, digests and notices arrive as documents, each once."""

import json

import pytest
from servers import reply
from world import article

from bot import pipeline
from bot.store import alerts

HOOK = '[[destination]]\nid = "hook"\nkind = "webhook"\nurl_env = "HOOK_URL"\nsecret_env = "HOOK_SECRET"\n'
MORE = '[ops]\nnotify = ["hook"]\n[[digest]]\nid = "daily"\nto = ["hook"]\nat = "07:30"\nzone = "UTC"\n'
SECRET = "a secret of both sides"


@pytest.fixture
def environ(world):
    world.server["/hook"] = reply(b"", 200)
    return {"HOOK_URL": world.server.at("/hook"), "HOOK_SECRET": SECRET}


def documents(world):
    return [json.loads(request.body) for request in world.server.requests if request.path == "/hook"]


async def test_an_alert_and_its_copy(world, environ):
    world.folder_source("a", one=article("Ministry lowers duties", url="https://a.example/1"))
    async with world.desk(HOOK, environ) as desk:
        await world.round(desk)
    world.folder_source("b", two=article("Pots get cheaper", url="https://b.example/2"))
    async with world.desk(HOOK, environ) as desk:
        world.later(hours=1)
        await world.round(desk)
    first, update = documents(world)
    assert (first["type"], first["op"], first["headline"]) == ("alert", "post", "Ministry lowers duties")
    assert (first["url"], first["rules"], first["severity"]) == ("https://a.example/1", ["tariffs"], "high")
    assert first["why"][0]["terms"] == ["tariff"]
    (sentence,) = first["sentences"]
    assert [sentence["text"][start:end] for start, end in sentence["hits"]] == ["tariff"]
    assert (update["op"], update["id"]) == ("update", first["id"])
    assert [copy["name"] for copy in update["copies"]] == ["Outlet b"]


async def test_a_lost_answer_is_repeated_under_the_same_id(world, environ):
    world.server["/hook"] = [reply(b"", 500), reply(b"", 200)]
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(HOOK, environ) as desk:
        await world.round(desk)
        world.later(hours=1)
        await pipeline.deliver_due(desk)
        with desk.store.read() as tx:
            (record,) = alerts.recent(tx, 9, None)
    first, again = (request.headers["webhook-id"] for request in world.server.requests)
    assert first == again
    assert [each["may_repeat"] for each in documents(world)] == [False, True]
    assert (record.delivery_state, record.may_repeat) == ("sent", True)


async def test_digests_and_notices(world, environ):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(HOOK + MORE, environ) as desk:
        await world.round(desk)
        world.later(days=1)
        (world.folder / "rules" / "bad.toml").write_text("[[rule")
        await pipeline.reload_rules(desk)
        await pipeline.send_digests(desk)
        await pipeline.notify_operators(desk)
        await pipeline.deliver_due(desk)
    by_type = {each["type"]: each for each in documents(world)}
    assert by_type.keys() == {"alert", "digest", "notice"}
    (theme,) = by_type["digest"]["themes"]
    assert [story["headline"] for story in theme["stories"]] == ["Ministry lowers duties"]
    assert [each["kind"] for each in by_type["notice"]["notices"]] == ["rule"]


async def test_without_its_address_alerts_wait_and_nothing_is_lost(world, environ):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(HOOK) as desk:
        await world.round(desk)
        with desk.store.read() as tx:
            assert [each.delivery_state for each in alerts.recent(tx, 9, None)] == ["held"]
    async with world.desk(HOOK, environ) as desk:
        await pipeline.resume_held(desk)
        await pipeline.deliver_due(desk)
    assert len(documents(world)) == 1
