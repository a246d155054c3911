"""Many alerts that wait go out as one message; each stands in exactly one, and nothing high is held up by it."""

import random
import sqlite3
from contextlib import closing
from string import ascii_lowercase

import pytest
from world import CONSOLE, RULES, SLACK, TEXT, article

from bot import pipeline
from bot.deliver.console import ConsoleSender
from bot.deliver.fake_blocks import MAX_TOTAL, faults, size
from bot.deliver.fake_slack import error, reset
from bot.store import alerts, explain, outbox

PLACES = (
    *("Aalen", "Bergen", "Cork", "Delft", "Essen", "Faro", "Ghent", "Hull", "Imola", "Jena", "Kiel", "Lund", "Mainz"),
    *("Nantes", "Oulu", "Porto", "Quito", "Riga", "Siena", "Turku", "Ulm", "Vigo", "Wels", "Xanten", "York", "Zadar"),
    *("Arles", "Basel", "Como", "Dover", "Evora", "Fulda", "Gouda", "Hamar", "Ivrea", "Jaca", "Kotor", "Lecce", "Mons"),
    *("Namur", "Olten", "Pula", "Reims", "Split", "Trier", "Udine", "Varna", "Worms", "Ypern", "Zwolle", "Agde"),
)


def event(number):
    """A headline and a text of words that no other event has, but for the one that the rule looks for."""
    dice = random.Random(number)
    words = ["".join(dice.choices(ascii_lowercase, k=dice.randint(4, 9))) for _ in range(40)]
    place = PLACES[number]
    text = f"{' '.join(words[:12])} kettle {' '.join(words[12:25])}. {' '.join(words[25:]).capitalize()} went home."
    return article(f"{place} {words[0]} {words[1]}", text, url=link(number))


def link(number):
    return f"https://{PLACES[number].lower()}.example/{number}"


def events(world, count, name="a", start=0):
    world.folder_source(name, **{f"n{number:02}": event(number) for number in range(start, start + count)})


def rows(world, query):
    with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as database:
        return database.execute(query).fetchall()


def headlines(text):
    return sum(f"{place} " in text for place in PLACES)


def posted(world):
    return [message.data for message in world.slack.workspace.messages]


async def drain(world, desk, **span):
    """Rounds of delivery until nothing is due, with so much time between them."""
    for _ in range(8):
        await pipeline.deliver_due(desk)
        world.later(**(span or {"minutes": 2}))


async def test_twenty_go_out_one_by_one_and_twenty_one_together(world):
    events(world, 20)
    async with world.desk(SLACK) as desk:
        await world.round(desk)
        assert len(posted(world)) == 20
        events(world, 21, "b", 20)
    async with world.desk(SLACK) as desk:
        _, delivered = await world.round(desk)
    (group,) = posted(world)[20:]
    assert delivered.sent == 21
    assert headlines(group["text"]) == 21
    assert rows(world, "SELECT state, count(*), count(DISTINCT ts) FROM delivery WHERE grouped_in NOT NULL") == [
        ("sent", 21, 1)
    ]
    reasons = rows(world, "SELECT DISTINCT reason FROM decision WHERE reason LIKE 'grouped%'")
    assert reasons == [("grouped: one of 21 in one message",)]


async def test_who_looks_an_alert_up_sees_what_has_become_of_the_message_it_is_in(world):
    events(world, 21)
    world.slack.fail("chat.postMessage", reset())
    async with world.desk(SLACK) as desk:
        await world.round(desk)
        with desk.store.read() as tx:
            listed = alerts.recent(tx, 30)
            told = explain.history(tx, listed[0].article)
    assert {(each.delivery_state, each.attempt) for each in listed} == {("unknown", 1)}
    assert "Slack" in listed[0].error
    (message,) = [one for alert in told.alerts for one in alert.deliveries]
    assert (message.state, message.error) == ("unknown", listed[0].error)


async def test_every_alert_stands_in_exactly_one_message_and_slack_takes_it(world):
    events(world, 50)
    async with world.desk(SLACK) as desk:
        await world.round(desk)
    texts = [str(data) for data in posted(world)]
    for number in range(50):
        assert sum(f"<{link(number)}|" in text for text in texts) == 1, PLACES[number]
    assert len(texts) == 2
    for data in posted(world):
        assert faults(data["blocks"]) == []
        assert size(data["blocks"]) <= MAX_TOTAL
        assert "Kettles" in str(data["blocks"])


async def test_what_is_high_goes_first_and_by_itself(world):
    events(world, 25)
    world.folder_source("b", loud=article("Ministry lowers duties", TEXT))
    async with world.desk(SLACK + 'group_wait = "10m"\n') as desk:
        await world.round(desk)
        (alone,) = posted(world)
        assert "Ministry lowers duties" in alone["text"]
        world.later(minutes=10)
        await pipeline.deliver_due(desk)
    assert headlines(posted(world)[1]["text"]) == 25


async def test_high_news_of_a_story_that_waits_takes_its_message_along(world):
    world.folder_source("a", one=event(0))
    async with world.desk(SLACK + "group_wait = '30m'\n") as desk:
        await world.round(desk)
        assert posted(world) == []
        text = event(0).replace("went home.", "went home. A tariff on every kettle was announced by the mayor.")
        (world.folder / "a" / "one.txt").write_text(text)
        await world.round(desk)
    assert [data.get("thread_ts") is None for data in posted(world)] == [True, False]


async def test_after_a_group_further_alerts_wait_for_the_interval(world):
    events(world, 21)
    async with world.desk(SLACK) as desk:
        await world.round(desk)
        events(world, 2, "b", 21)
    async with world.desk(SLACK) as desk:
        world.later(minutes=1)
        _, delivered = await world.round(desk)
        assert (len(posted(world)), delivered.waiting) == (1, 2)
        world.later(minutes=3, seconds=59)
        await pipeline.deliver_due(desk)
        assert len(posted(world)) == 1
        world.later(seconds=1)
        await pipeline.deliver_due(desk)
    assert len(posted(world)) == 3
    (reason,) = rows(world, "SELECT DISTINCT reason FROM decision WHERE reason LIKE 'first: %'")
    assert reason == ("first: not before 2023-08-28 12:05 UTC, after alerts that went as one message",)


async def test_what_waited_in_quiet_hours_comes_as_one_message_in_the_morning(world):
    events(world, 30)
    async with world.desk(SLACK + 'quiet = "20:00-08:00"\nzone = "Asia/Shanghai"\n') as desk:
        await world.round(desk)
        world.later(hours=12)
        await pipeline.deliver_due(desk)
    (group,) = posted(world)
    assert headlines(group["text"]) == 30


async def test_a_long_queue_stops_where_quiet_hours_begin(world):
    events(world, 5)
    async with world.desk(SLACK + 'quiet = "20:00-08:00"\nzone = "Asia/Shanghai"\n') as desk:
        world.later(seconds=-1)
        sender = desk.senders["slack"]
        send = sender.send

        async def slowly(delivery):
            world.later(seconds=1)
            return await send(delivery)

        sender.send = slowly
        await world.round(desk)
    assert len(posted(world)) == 1


async def test_a_reply_to_an_alert_of_a_group_goes_into_the_group_s_thread(world):
    events(world, 21)
    async with world.desk(SLACK) as desk:
        await world.round(desk)
        text = event(3).replace("went home.", "went home. A tariff on every kettle was announced by the mayor.")
        (world.folder / "a" / "n03.txt").write_text(text)
        world.later(minutes=1)
        await world.round(desk)
    group, reply = posted(world)
    messages = world.slack.workspace.messages
    assert reply["thread_ts"] == messages[0].ts
    assert "Delft" in reply["text"]
    assert headlines(group["text"]) == 21  # its words are never changed into those of one of its alerts


async def test_a_copy_leaves_a_group_as_it_is(world):
    events(world, 21)
    async with world.desk(SLACK) as desk:
        await world.round(desk)
    world.folder_source("b", again=event(3))
    async with world.desk(SLACK) as desk:
        world.later(minutes=1)
        _, delivered = await world.round(desk)
    assert (len(posted(world)), delivered.updated) == (1, 0)
    assert rows(world, "SELECT count(*) FROM delivery WHERE op = 'update'") == [(0,)]


async def test_replies_that_wait_with_their_alert_are_lines_of_the_same_message(world):
    events(world, 21)
    extra = '\n[[rule]]\nid = "bells"\ntitle = "Bells"\nany = ["gong"]\n'
    (world.folder / "rules" / "rules.toml").write_text(RULES + extra)
    async with world.desk(SLACK + 'quiet = "20:00-08:00"\nzone = "Asia/Shanghai"\n') as desk:
        await world.round(desk)
        (world.folder / "a" / "n03.txt").write_text(event(3).replace("went home.", "heard a gong."))
        polled, _ = await world.round(desk)
        assert polled.alerts == 1
        world.later(hours=12)
        await pipeline.deliver_due(desk)
    (group,) = posted(world)
    assert "Also matches: " in str(group["blocks"])
    assert rows(world, "SELECT op, state, count(*) FROM delivery WHERE grouped_in NOT NULL GROUP BY op") == [
        ("post", "sent", 21),
        ("reply", "sent", 1),
    ]


@pytest.mark.parametrize("stored", [True, False])
async def test_a_group_of_which_nobody_knows_whether_it_came_is_looked_up(world, stored):
    events(world, 21)
    world.slack.fail("chat.postMessage", reset(stored=stored))
    async with world.desk(SLACK) as desk:
        _, delivered = await world.round(desk)
        assert (delivered.unknown, delivered.waiting) == (21, 21)
        await drain(world, desk)
    (group,) = posted(world)
    assert headlines(group["text"]) == 21
    assert rows(world, "SELECT DISTINCT state FROM delivery") == [("sent",)]


async def test_alerts_of_a_group_that_slack_refuses_go_one_by_one(world):
    events(world, 21)
    for _ in range(2):
        world.slack.fail("chat.postMessage", error("invalid_blocks"))
    async with world.desk(SLACK) as desk:
        _, delivered = await world.round(desk)
        with desk.store.read() as tx:
            assert outbox.counts(tx) == {("desk", "sent"): 21}
    assert len(posted(world)) == 21
    assert (delivered.sent, delivered.dead) == (21, 0)


async def test_a_destination_may_group_sooner_or_never(world):
    events(world, 3)
    async with world.desk(SLACK + "group_over = 1\n") as desk:
        await world.round(desk)
    assert len(posted(world)) == 1


async def test_a_webhook_and_a_feed_get_every_alert_by_itself(world):
    events(world, 25)
    feed = '[[destination]]\nid = "own"\nkind = "feed"\npath = "own.json"\n'
    async with world.desk(feed) as desk:
        await world.round(desk)
    assert rows(world, "SELECT count(*), max(may_group) FROM delivery") == [(25, 0)]


async def test_a_group_shows_no_more_of_a_text_than_its_source_allows(world):
    bodies = {f"n{number:02}": event(number).partition("---\n")[2].partition("---\n")[2] for number in range(25)}
    world.folder_source("a", **bodies)  # without headlines: their first words would stand for them
    world.sources[-1] += 'excerpt = "none"\n'
    async with world.desk(SLACK) as desk:
        await world.round(desk)
    (group,) = posted(world)
    words = {word for body in bodies.values() for word in body.replace(".", " ").lower().split()} - {"kettle", "home"}
    assert {word for word in str(group).lower().replace("*", " ").split() if word in words} == set()


async def test_what_waits_at_a_terminal_is_printed_as_one_list(world):
    printed = []
    events(world, 22)
    console = ConsoleSender(write=printed.append)
    async with world.desk(CONSOLE, console=console) as desk:
        await world.round(desk)
    (text,) = printed
    assert text.startswith("22 alerts in one message")
    assert sum(link(number) in text for number in range(22)) == 22
