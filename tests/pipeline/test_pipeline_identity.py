"""What is the same item from poll to poll, and what is told of it: feeds on loopback, the store, the rules, Slack."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import sqlalchemy as sa
from servers import redirect
from world import rss

from bot.ingest.dates import parse_date
from bot.store import articles
from bot.store.tables import poll

AT = datetime(2023, 8, 28, 10, tzinfo=UTC)


def item(title, *, guid=None, link=None, at=AT, text=None, date=None):
    date = format_datetime(at, usegmt=True) if date is None and at else date
    parts = {"guid": guid, "link": link, "title": title, "description": text or f"{title} at length.", "pubDate": date}
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value) + "</item>"


def channel(*items):
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'


async def polls(world, *answers, every=timedelta(minutes=15)):
    """What each of these answers brought, one poll after the other: (new, changed, alerts); and all that is stored."""
    world.feed_source("feed", "/feed")
    # No two answers are the same bytes: a body that was seen before is not even read.
    world.server["/feed"] = [rss("Rain"), *(f"{each}<!-- {n} -->" for n, each in enumerate(answers))]
    brought = []
    async with world.desk() as desk:
        await world.round(desk)  # the baseline
        for _ in answers:
            world.later(seconds=every.total_seconds())
            polled, _ = await world.round(desk)
            (report,) = polled.sources
            assert report.status == "ok", report.note
            brought.append((report.new, report.changed, polled.alerts))
        with desk.store.read() as tx:
            stored = [each for each in articles.archive(tx) if each.article.title != "Rain"]
    return brought, stored


def tea(**more):
    return item("A tariff on tea", **{"guid": "1", "link": "https://a.example/tea", **more})


def coffee(**more):
    return item("A tariff on coffee", **{"guid": "2", "link": "https://a.example/coffee", **more})


async def test_a_guid_that_is_no_address_is_taken_for_none(world):
    for name, title in (("one", "A tariff on tea"), ("two", "A tariff on steel pipes from abroad")):
        world.feed_source(name, f"/{name}")
        world.server[f"/{name}"] = [channel(item("Rain", guid="16")), channel(item(title, guid="17"))]
    async with world.desk() as desk:
        await world.round(desk)
        world.later(minutes=15)
        polled, _ = await world.round(desk)
        with desk.store.read() as tx:
            addresses = {each.article.url for each in articles.archive(tx)}
    assert polled.alerts == 2
    assert addresses == {None}


# ── updates ──────────────────────────────────────────────────────────────────────────────────────


async def test_an_edit_is_a_version_and_is_told_only_if_another_rule_matches(world):
    longer = "A tariff on tea at length. More follows."
    kettle = longer + " It holds for a kettle, too."
    brought, stored = await polls(world, channel(tea()), channel(tea(text=longer)), channel(tea(text=kettle)))
    assert brought == [(1, 0, 1), (0, 1, 0), (0, 1, 1)]
    assert [each.article.body for each in stored] == [kettle]
    root, reply = world.slack.workspace.messages
    assert reply.data["thread_ts"] == root.ts
    assert "Kettles" in reply.data["text"]


async def test_an_edit_that_makes_a_silent_item_match_is_an_alert(world):
    brought, stored = await polls(
        world,
        channel(item("Tea board meets", guid="1")),
        channel(item("Tea board meets", guid="1", text="It is about a tariff.")),
    )
    assert brought == [(1, 0, 0), (0, 1, 1)]
    assert [each.state for each in stored] == ["alerted"]


async def test_a_baseline_item_that_is_edited_to_match_is_an_alert(world):
    """What a first poll brought is not alerted; what becomes of it afterwards is news."""
    brought, _ = await polls(world, rss("Rain").replace("Rain at length", "Rain, and a tariff on umbrellas"))
    assert brought == [(0, 1, 1)]


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────


async def test_ids_that_change_with_every_poll_make_nothing_new(world):
    answers = [channel(tea(guid=f"session-{n}-1"), coffee(guid=f"session-{n}-2")) for n in range(4)]
    brought, stored = await polls(world, *answers)
    assert brought == [(2, 0, 2), *[(0, 0, 0)] * 3]
    assert sorted(each.article.key for each in stored) == ["session-3-1", "session-3-2"]


async def test_ids_that_change_are_no_gap_in_the_feed(world):
    """Neither in a poll that brings nothing else, nor in the next one, which joins it under the new ids."""
    milk = item("A tariff on milk", guid="c-3", link="https://a.example/milk", at=AT + timedelta(hours=1))
    soup = item("A tariff on soup", guid="c-4", link="https://a.example/soup", at=AT + timedelta(hours=2))
    answers = [
        channel(tea(guid="a-1"), coffee(guid="a-2")),
        channel(tea(guid="b-1"), coffee(guid="b-2")),
        channel(milk, tea(guid="c-1"), coffee(guid="c-2")),
        channel(soup, milk, tea(guid="c-1")),
    ]
    brought, _ = await polls(world, *answers)
    assert [new for new, _, _ in brought] == [2, 0, 1, 1]
    async with world.desk() as desk:
        with desk.store.read() as tx:
            gaps = [row["gap_from"] for row in tx.rows(sa.select(poll).order_by(poll.c.id))]
    assert [gap is not None for gap in gaps] == [False, True, False, False, False]  # of "Rain" nothing was left


async def test_an_edit_under_an_id_that_was_changed_before_is_still_a_version(world):
    edited = tea(guid="new-1", text="A tariff on tea, put off.")
    brought, stored = await polls(world, channel(tea()), channel(tea(guid="new-1")), channel(edited))
    assert brought == [(1, 0, 1), (0, 0, 0), (0, 1, 0)]
    assert [(each.article.key, each.article.body) for each in stored] == [("new-1", "A tariff on tea, put off.")]


async def test_items_that_share_one_id_are_all_told_and_each_once(world):
    shared = {"guid": "https://a.example/"}
    both = channel(coffee(**shared, at=AT + timedelta(hours=1)), tea(**shared))
    brought, stored = await polls(world, channel(tea(**shared)), both, both)
    assert brought == [(1, 0, 1), (1, 0, 1), (0, 0, 0)]
    assert {each.article.title for each in stored} == {"A tariff on tea", "A tariff on coffee"}


async def test_a_feed_of_one_item_with_one_id_for_all_loses_none(world):
    """Shown alone, the id looks unique: the second news must not be taken for an edit of the first."""
    shared = {"guid": "latest"}
    late = coffee(**shared, at=AT + timedelta(hours=1))
    edited = coffee(**shared, at=AT + timedelta(hours=1), text="A tariff on coffee, put off.")
    brought, stored = await polls(
        world, channel(tea(**shared)), channel(late), channel(late), channel(edited), channel(tea(**shared))
    )
    assert brought == [(1, 0, 1), (1, 0, 1), (0, 0, 0), (0, 1, 0), (0, 0, 0)]
    assert {(each.article.title, each.article.key) for each in stored} == {
        ("A tariff on tea", "latest"),
        ("A tariff on coffee", "https://a.example/coffee"),
    }


async def test_a_new_headline_with_a_new_address_is_the_same_item_under_its_date(world):
    renamed = item("Tariff on tea is put off", guid="1", link="https://a.example/tea-put-off")
    brought, _ = await polls(world, channel(tea()), channel(renamed))
    assert brought == [(1, 0, 1), (0, 1, 0)]


async def test_a_guid_that_begins_to_be_shared_makes_nothing_new(world):
    """With the third item guids no longer tell items apart: links do from now on, also for the known ones."""
    third = item("A tariff on milk", guid="1", link="https://a.example/milk")
    brought, _ = await polls(world, channel(tea(), coffee()), channel(tea(), coffee(), third), channel(third, coffee()))
    assert brought == [(2, 0, 2), (1, 0, 1), (0, 0, 0)]


async def test_parameters_that_only_say_where_a_reader_came_from_make_nothing_new(world):
    links = ("https://a.example/tea?utm_source=rss&id=5", "http://www.a.example/tea/?id=5&utm_campaign=x#top")
    brought, stored = await polls(world, *(channel(tea(guid=None, link=link.replace("&", "&amp;"))) for link in links))
    assert brought == [(1, 0, 1), (0, 0, 0)]
    assert [each.article.key for each in stored] == ["https://a.example/tea?id=5"]


@pytest.mark.parametrize("changed", [{}, {"at": AT + timedelta(days=60)}, {"guid": "other"}], ids=str)
async def test_an_item_that_comes_back_after_weeks_is_the_one_it_was(world, changed):
    brought, stored = await polls(
        world,
        channel(tea(), coffee()),
        channel(coffee()),
        channel(coffee(), tea(**changed)),
        every=timedelta(days=30),
    )
    assert brought == [(2, 0, 2), (0, 0, 0), (0, 0, 0)]
    assert len(stored) == 2


async def test_a_feed_that_moves_by_itself_goes_on_where_it_was(world):
    world.server["/new"] = [channel(tea()), channel(tea(), coffee())]
    world.feed_source("feed", "/feed")
    world.server["/feed"] = [rss("Rain"), redirect("/new", 301)]
    async with world.desk() as desk:
        reports = [(await world.round(desk))[0] for _ in range(3)]
    assert [(each.sources[0].new, each.alerts) for each in reports] == [(1, 0), (1, 1), (1, 1)]


# ── time ─────────────────────────────────────────────────────────────────────────────────────────

ODD = {
    "Thu, 01 Jan 1970 00:00:00 GMT": datetime(1970, 1, 1, tzinfo=UTC),
    "Fri, 01 Jan 2100 00:00:00 GMT": datetime(2100, 1, 1, tzinfo=UTC),
    "Mon, 28 Aug 2023 10:00:00 GMT": AT,
    "next Tuesday": None,
    "0000-00-00T00:00:00Z": None,
    "03/04/2023": None,
    "": None,
}


async def test_nothing_is_dropped_for_its_date_and_no_date_is_made_up(world):
    items = [item(f"Tariff number {n}", guid=str(n), date=date) for n, date in enumerate(ODD)]
    brought, stored = await polls(world, channel(*items))
    assert brought == [(len(ODD), 0, len(ODD))]
    seen = world.at
    for each in stored:
        raw = each.article.published_raw or ""
        assert each.article.published_at == ODD[raw]
        assert seen - timedelta(days=7) <= each.order_at <= seen
    assert {each.article.published_raw or "" for each in stored} == set(ODD)


async def test_the_date_zoo_as_dates_of_a_feed(world, corpora):
    rows = [json.loads(line) for line in (corpora / "evil" / "dates.jsonl").read_text("utf-8").splitlines()]
    written = sorted({" ".join(row["input"].split()) for row in rows} - {""})
    items = [
        item(f"Notice {n}", guid=str(n), date=text.replace("&", "&amp;").replace("<", "&lt;"))
        for n, text in enumerate(written)
    ]
    brought, stored = await polls(world, channel(*items))
    assert brought == [(len(written), 0, 0)]
    for each in stored:
        text = written[int(each.article.key)]
        assert (each.article.published_raw, each.article.published_at) == (text, parse_date(text))
        assert world.at - timedelta(days=7) <= each.order_at <= world.at
    assert sum(each.article.published_at is not None for each in stored) > 100
