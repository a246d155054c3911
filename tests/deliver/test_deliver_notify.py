"""The Apprise sender against a real server: what a service gets, and what its answers mean."""

import json

import pytest
from servers import FaultServer, hang_up, reply, silent

from bot.model import Delivered, Delivery, Destination, Held, Later, Unknown

pytest.importorskip("apprise", reason="no Apprise: pip install 'presswatch[notify]'")

from bot.deliver.notify import MAY_REPEAT, NotifySender

PHONES = Destination(id="phones", kind="apprise")
ENTRY = {"title": "Duties on pots", "url": "https://paper.example/a", "text": "They rise.\nWhy: Tariffs"}


def delivery(**changes):
    payload = {"full": ENTRY, "minimal": {**ENTRY, "text": ""}}
    return Delivery(**{"id": 7, "uid": "1", "destination": "phones", "op": "post", "payload": payload, **changes})


def sender(url, *, mine=True, deadline=5.0):
    async def still_mine(_delivery):
        return mine

    return NotifySender({"phones": url}, still_mine=still_mine, deadline=deadline)


@pytest.fixture
async def server():
    async with FaultServer() as running:
        running["/hook"] = reply(b"", 200)
        yield running


def at(server):
    """Apprise's url for a service that takes JSON."""
    return f"json://127.0.0.1:{server.port}/hook"


async def test_a_service_gets_headline_text_and_link(server):
    assert await sender(at(server)).send(delivery()) == Delivered()
    document = json.loads(server.requests[0].body)
    assert document["title"] == "Duties on pots"
    assert document["message"] == "They rise.\nWhy: Tariffs\nhttps://paper.example/a"


async def test_a_second_try_says_that_it_may_be_one(server):
    await sender(at(server)).send(delivery(may_repeat=True, minimal_only=True))
    assert json.loads(server.requests[0].body)["message"] == f"https://paper.example/a\n{MAY_REPEAT}"


@pytest.mark.parametrize("route", [reply(b"", 500), reply(b"", 401), hang_up], ids=["500", "401", "hang-up"])
async def test_what_the_service_does_not_take_is_in_doubt(server, route):
    server["/hook"] = route
    out = sender(at(server))
    assert isinstance(await out.send(delivery()), Unknown)
    assert (await out.try_out(PHONES)).state == "fail"
    assert not (await out.look_up(PHONES, [delivery()])).possible


async def test_a_service_that_says_nothing_is_in_doubt(server):
    server["/hook"] = silent
    assert isinstance(await sender(at(server), deadline=0.2).send(delivery()), Unknown)


@pytest.mark.parametrize("url", [None, "nothing://at/all", "json://"], ids=["unset", "unknown", "broken"])
async def test_an_address_that_leads_nowhere_keeps_its_messages(url):
    out = sender(url)
    assert isinstance(await out.send(delivery()), Held)
    (finding,) = await out.check(PHONES)
    assert finding.state == "fail"
    assert (await out.try_out(PHONES)).state == "fail"


async def test_a_row_that_another_worker_has_is_left_alone(server):
    assert isinstance(await sender(at(server), mine=False).send(delivery()), Later)
    assert server.requests == []


async def test_doctor_tells_the_service_and_tries_it(server):
    out = sender(at(server))
    (finding,) = await out.check(PHONES)
    assert (finding.state, "JSON" in finding.detail) == ("ok", True)
    assert server.requests == []
    assert (await out.try_out(PHONES)).state == "ok"
    await out.aclose()
