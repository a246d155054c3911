"""The webhook sender against a real server: what arrives, what every answer and every fault means."""

import base64
import hashlib
import hmac
import json
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from servers import FaultServer, hang_up, redirect, reply, reset, silent

from bot.deliver.transport import Failure
from bot.deliver.webhook import Hook, WebhookSender
from bot.deliver.webhook_api import STATUSES, answered, unanswered
from bot.model import Delivered, Delivery, Destination, Held, Later, RefusedPayload, Unknown

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = b"a key that both sides know"
DESK = Destination(id="desk", kind="webhook")
PAYLOAD = {"full": {"type": "alert", "headline": "华为 & <b>"}, "minimal": {"type": "alert"}}


def delivery(**changes):
    return Delivery(**{"id": 7, "uid": "uid-1", "destination": "desk", "op": "post", "payload": PAYLOAD, **changes})


@asynccontextmanager
async def sending(url, *, key=KEY, mine=True, deadline=5.0):
    async def still_mine(_delivery):
        return mine

    hooks = {"desk": Hook(url=url, key=key)}
    sender = WebhookSender(hooks, now=lambda: NOW, still_mine=still_mine, deadline=deadline)
    try:
        yield sender
    finally:
        await sender.aclose()


@pytest.fixture
async def server():
    async with FaultServer() as running:
        running["/hook"] = reply(b"", 200)
        yield running


async def test_a_document_arrives_signed_and_can_be_checked(server):
    async with sending(server.at("/hook")) as sender:
        assert await sender.send(delivery()) == Delivered()
    (request,) = server.requests
    assert request.method == "POST"
    assert json.loads(request.body) == {
        **PAYLOAD["full"],
        "id": "uid-1",
        "op": "post",
        "may_repeat": False,
    }
    headers = request.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + request.body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["content-type"] == "application/json; charset=utf-8"


async def test_a_second_try_has_the_same_id_and_an_update_another(server):
    async with sending(server.at("/hook")) as sender:
        for each in (delivery(), delivery(attempt=2, may_repeat=True), delivery(id=8, op="update")):
            await sender.send(each)
    ids = [request.headers["webhook-id"] for request in server.requests]
    assert ids == ["uid-1.7", "uid-1.7", "uid-1.8"]
    assert [json.loads(request.body)["may_repeat"] for request in server.requests] == [False, True, False]


async def test_what_was_refused_whole_goes_out_small(server):
    async with sending(server.at("/hook")) as sender:
        await sender.send(delivery(minimal_only=True))
    assert "headline" not in json.loads(server.requests[0].body)


async def test_without_a_key_nothing_is_signed_and_doctor_says_so(server):
    async with sending(server.at("/hook"), key=None) as sender:
        assert await sender.send(delivery()) == Delivered()
        (finding,) = await sender.check(DESK)
    assert "webhook-signature" not in server.requests[0].headers
    assert (finding.state, "secret_env" in finding.remedy) == ("warn", True)


FATES = {"later": Later, "payload": RefusedPayload, "held": Held}


@pytest.mark.parametrize("status", range(200, 600))
def test_every_status_has_one_meaning(status):
    outcome = answered(status, None)
    if status < 300:
        assert outcome == Delivered()
        return
    fate = STATUSES.get(status, ("unknown", ""))[0]
    assert type(outcome) is FATES.get(fate, Unknown)
    assert str(status) in outcome.reason
    assert not isinstance(outcome, Held) or ": " in outcome.reason


@pytest.mark.parametrize(
    ("status", "retry_after", "expected"),
    [
        (429, "30", Later(reason="the webhook answered with status 429: it asks for a pause", seconds=30)),
        (429, "1e9", Later(reason="the webhook answered with status 429: it asks for a pause", seconds=3600)),
        (429, "nan", Later(reason="the webhook answered with status 429: it asks for a pause", seconds=1)),
        (429, "soon", Later(reason="the webhook answered with status 429: it asks for a pause")),
        (503, "5", Later(reason="the webhook answered with status 503: it asks for a pause", seconds=5)),
    ],
)
def test_a_wished_pause_is_kept(status, retry_after, expected):
    assert answered(status, retry_after) == expected


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        (redirect("/elsewhere"), Held),
        (hang_up, Unknown),
        (reset(), Unknown),
        (reply(b"oops", 500), Unknown),
        (reply(b"", 401), Held),
        (reply(b"", 413), RefusedPayload),
    ],
    ids=["redirect", "hang-up", "reset", "500", "401", "413"],
)
async def test_faults_on_the_way(server, route, expected):
    server["/hook"] = route
    server["/elsewhere"] = reply(b"", 200)
    async with sending(server.at("/hook")) as sender:
        outcome = await sender.send(delivery())
        found = await sender.try_out(DESK)
    assert isinstance(outcome, expected)
    assert found.state == "fail"
    assert "/elsewhere" not in server.paths()


async def test_a_receiver_that_says_nothing_is_in_doubt(server):
    server["/hook"] = silent
    async with sending(server.at("/hook"), deadline=0.2) as sender:
        outcome = await sender.send(delivery())
    assert isinstance(outcome, Unknown)
    assert "webhook-id" in outcome.reason


async def test_where_nobody_listens_nothing_was_written():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/hook?token=canary"
        async with sending(url) as sender:
            outcome = await sender.send(delivery())
    assert isinstance(outcome, Later)
    assert "connection refused" in outcome.reason
    assert "canary" not in outcome.reason


def test_a_certificate_that_nobody_vouches_for_is_for_a_person():
    assert isinstance(unanswered(Failure("connect.tls", "hooks.example:443")), Held)
    assert isinstance(unanswered(Failure("connect.address", "")), Held)


async def test_a_webhook_without_an_address_keeps_its_messages():
    async with sending(None) as sender:
        outcome = await sender.send(delivery())
        (finding,) = await sender.check(DESK)
        assert (await sender.try_out(DESK)).state == "fail"
    assert isinstance(outcome, Held)
    assert (finding.state, "url_env" in finding.detail) == ("fail", True)


async def test_a_row_that_another_worker_has_is_left_alone(server):
    async with sending(server.at("/hook"), mine=False) as sender:
        assert isinstance(await sender.send(delivery()), Later)
    assert server.requests == []


async def test_it_cannot_be_asked(server):
    async with sending(server.at("/hook")) as sender:
        assert not (await sender.look_up(DESK, [delivery()])).possible
        assert (await sender.try_out(DESK)).state == "ok"
    assert json.loads(server.requests[0].body)["type"] == "test"


def test_neither_address_nor_key_is_shown():
    assert "canary" not in repr(Hook(url="https://canary.example", key=b"canary"))
