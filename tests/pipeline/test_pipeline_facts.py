"""References and deadlines the whole way: read when an article is new or changed, told in a digest's mail."""

from email import message_from_bytes
from email.policy import default

from relay import FaultyRelay, relay
from servers import page
from world import CONSOLE, article

from bot import pipeline
from bot.extract import facts as real
from bot.extract import named
from bot.store import facts, search

DIGEST = (
    '[[digest]]\nid = "morning"\nto = ["desk@example.org"]\nat = "07:30"\n'
    'days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
)
NOTICE = "The tariff (RIN 0694-AJ23) stays. Comments must be received no later than September 18, 2023."


def mail(port):
    return f'[mail]\nhost = "127.0.0.1"\nport = {port}\nstarttls = false\nfrom = "presswatch@example.org"\n'


def feed(text):
    item = f"<item><guid>1</guid><title>A tariff</title><description>{text}</description></item>"
    return page(f'<?xml version="1.0"?><rss version="2.0"><channel><title>N</title>{item}</channel></rss>')


def values(desk):
    with desk.store.read() as tx:
        return [one.value for one in facts.of(tx, 1).references]


async def test_new_and_changed_articles_are_read_and_known_ones_are_not_read_again(world, monkeypatch):
    world.server["/feed"] = feed("RIN 0694-AJ23 is here.")
    world.feed_source("f", "/feed")
    read = []
    monkeypatch.setattr("bot.lane.read_facts", lambda one: read.append(one.body) or real(one))
    async with world.desk(CONSOLE) as desk:
        for text in ("RIN 0694-AJ23 is here.", "RIN 0694-AJ23 is here.", "RIN 0694-AJ99 is here."):
            world.server["/feed"] = feed(text)
            await world.round(desk)
            world.later(minutes=20)
        assert values(desk) == ["0694-AJ99"]
        with desk.store.read() as tx:
            assert search.search(tx, None, limit=9, reference=named("0694-AJ23")) == []
    assert len(read) == 2


async def test_the_digest_s_mail_tells_the_deadline_and_carries_the_calendar(world):
    world.folder_source("a", one=article("A tariff on pots", NOTICE, "https://e.example/1"))
    async with relay() as there, world.desk(CONSOLE + mail(there.port) + DIGEST) as desk:
        await world.round(desk)
        world.later(days=1)
        await pipeline.send_digests(desk)
        await pipeline.deliver_due(desk)
    (taken,) = there.taken
    message = message_from_bytes(taken.content, policy=default)
    for kind in ("plain", "html"):
        assert "Mon 18 Sep 2023" in message.get_body((kind,)).get_content()
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("deadlines.ics", "text/calendar")
    assert b"DTSTART;VALUE=DATE:20230918\r\n" in attached.get_payload(decode=True)


async def test_what_is_due_is_told_again_while_it_is_to_come_and_then_no_more(world):
    world.folder_source("a", one=article("A tariff on pots", NOTICE))
    async with relay() as there, world.desk(CONSOLE + mail(there.port) + DIGEST) as desk:
        await world.round(desk)
        for days in (1, 2, 20):
            world.later(days=days)
            await pipeline.send_digests(desk)
            await pipeline.deliver_due(desk)
    told = ["Mon 18 Sep 2023" in message_from_bytes(one.content, policy=default).get_body(("plain",)).get_content() for one in there.taken]  # fmt: skip
    assert told == [True, True, False]


async def test_a_frozen_mail_with_a_calendar_is_the_same_at_every_try(world):
    world.folder_source("a", one=article("A tariff on pots", NOTICE))
    async with (
        FaultyRelay(at="dot", how="close") as faulty,
        world.desk(CONSOLE + mail(faulty.port) + DIGEST) as desk,
    ):
        await world.round(desk)
        world.later(days=1)
        await pipeline.send_digests(desk)
        for _ in range(3):
            await pipeline.deliver_due(desk)
            world.later(minutes=20)
    assert len(faulty.got) == 2
    assert faulty.got[0] == faulty.got[1]
    assert b"deadlines.ics" in faulty.got[0]
