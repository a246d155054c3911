"""Hostile feeds among honest ones, through the whole house: each costs its own error and nobody else anything."""

import asyncio
import re
from contextlib import AsyncExitStack

import servers
from servers import FaultServer, page, reply
from world import rss

from bot import pipeline
from bot.store import sources

LAUGHS = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "lol">'
LAUGHS += "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)) + "]>"

NO_FEED = {
    "a web page": (page("<!doctype html><title>News</title><p>Nothing here"), "web page"),
    "a login page": (page(), "Please sign in"),
    "a login page that says it is a feed": (reply(servers.HTML), "Please sign in"),
    "an error in JSON": (reply('{"error":"unauthorized"}', content_type="application/json"), "not a JSON Feed"),
    "an empty body": (reply(b""), "empty"),
    "white space": (reply(b"\n" * 100_000), "empty"),
    "a plain word": (reply("Bad gateway", content_type="text/plain"), "neither XML nor JSON"),
}
HOSTILE = {
    "line feeds within a tag": (reply("<rss><channel><item" + "\n" * 100_000), "cannot be|damaged|breaks off"),
    "an endless body": (servers.endless, "goes on and on"),
    "a bomb": (servers.bomb(200_000_000), "once unpacked"),
    "a bomb in layers": (servers.bomb(50_000_000, layers=3), "gzip, gzip, gzip"),
    "too many items": (reply("<rss version='2.0'><channel>" + "<item>" * 40_000), "40,000 items"),
    "depth": (reply("<rss version='2.0'><channel><item><description>" + "<div>" * 40_000), "nests more than 250"),
    "brackets": (reply("[" * 500_000, content_type="application/json"), "JSON"),
    "a redirect inside": (servers.redirect("http://169.254.169.254/latest/meta-data/"), "private or reserved"),
}


async def test_each_hostile_feed_costs_its_own_error_and_no_other_anything(world):
    """All at once, beside one that drips to its deadline: all others have ended, and honest news is told, before it."""
    routes = {**NO_FEED, **HOSTILE}
    async with FaultServer() as dripping:
        dripping["/feed"] = servers.drip(every=0.05)
        world.feed_source("dripping", "/feed", dripping)
        for n, (route, _) in enumerate(routes.values()):
            world.server[f"/{n}"] = route
            world.feed_source(f"hostile-{n}", f"/{n}")
        world.server["/good"] = rss("A tariff on tea")
        world.server["/laughs"] = LAUGHS + rss("A tariff on coffee &a9;").partition("?>")[2]
        for name in ("good", "laughs"):
            world.feed_source(name, f"/{name}")
        async with world.desk() as desk:
            wishes = pipeline.Wishes(backfill=5, deadline=600.0)
            polls = {
                state.id: asyncio.create_task(pipeline.poll_source(desk, state, wishes))
                for state in await pipeline.due_sources(desk, force=True)
            }
            slow = polls.pop("dripping")
            reports = {name: await task for name, task in polls.items()}
            assert not slow.done()
            slow.cancel()
            delivered = await pipeline.deliver_due(desk)
            with desk.store.read() as tx:
                stored = {state.id: state for state in sources.states(tx)}
    for name in ("good", "laughs"):
        assert (reports[name].status, reports[name].alerts) == ("baseline", 1), reports[name].note
    assert delivered.sent == 2
    for n, (name, (_, says)) in enumerate(routes.items()):
        report, state = reports[f"hostile-{n}"], stored[f"hostile-{n}"]
        assert (report.status, state.failures) == ("error", 1), name
        assert re.search(says, report.note), (name, report.note)
        assert state.last_error == report.note


async def test_an_empty_feed_is_no_trouble_and_no_feed_is(world):
    """What was a feed and is a page, and what was a page and is a feed without news."""
    world.feed_source("feed", "/feed")
    told = []
    async with world.desk() as desk:
        for route in (rss("Rain"), rss(), *(route for route, _ in NO_FEED.values()), rss(), rss("A tariff on tea")):
            world.server["/feed"] = route
            polled, _ = await world.round(desk)
            world.later(minutes=15)
            (report,) = polled.sources
            told.append((report.status, report.failing, report.alerts))
        with desk.store.read() as tx:
            (state,) = sources.states(tx)
    trouble = [("error", True, 0)] * len(NO_FEED)
    assert told == [("baseline", False, 0), ("ok", False, 0), *trouble, ("unchanged", False, 0), ("ok", False, 1)]
    assert (state.failures, state.failing, state.last_error) == (0, False, None)


async def test_a_page_in_a_feeds_place_is_not_remembered_as_the_feed(world):
    """A wall may send validators: with them the next answer would be 304, and the source would look well and silent."""
    world.feed_source("feed", "/feed")
    wall = servers.feed(servers.HTML, etag='"wall"', last_modified="Mon, 28 Aug 2023 12:00:00 GMT")
    async with world.desk() as desk:
        for route in (servers.feed(rss("Rain"), etag='"1"'), wall, wall, servers.feed(rss("Rain"), etag='"1"')):
            world.server["/feed"] = route
            polled, _ = await world.round(desk)
            world.later(hours=1)
    sent = [request.headers.get("if-none-match") for request in world.server.requests]
    assert sent == [None, '"1"', '"1"', '"1"']
    assert [report.status for report in polled.sources] == ["unchanged"]


async def test_a_feed_that_breaks_off_is_read_and_asked_for_whole(world):
    """Its end would be missing for ever if the server were told that this answer is known."""
    world.feed_source("feed", "/feed")
    whole = rss("A tariff on tea", "A tariff on salt", "Rain")
    cut = servers.feed(whole[: whole.index("A tariff on salt")], etag='"1"')
    world.server["/feed"] = [servers.feed(rss("Rain"), etag='"0"'), cut, servers.feed(whole, etag='"1"')]
    reports = []
    async with world.desk() as desk:
        for _ in range(3):
            polled, _ = await world.round(desk)
            world.later(hours=1)
            reports += polled.sources
    assert [request.headers.get("if-none-match") for request in world.server.requests] == [None, '"0"', None]
    assert ["breaks off" in report.note for report in reports] == [False, True, False]
    assert sum(report.alerts for report in reports) == 2
    assert not any(report.failing for report in reports)


async def test_a_validator_that_changes_with_a_304_is_the_one_that_is_sent_next(world):
    world.feed_source("feed", "/feed")
    changed = reply(b"", 304, None, {"ETag": '"2"', "Content-Length": None})
    world.server["/feed"] = [servers.feed(rss("Rain"), etag='"1"'), changed, changed]
    async with world.desk() as desk:
        statuses = [(await world.round(desk))[0].sources[0].status for _ in range(3)]
    assert statuses == ["baseline", "unchanged", "unchanged"]
    assert [request.headers.get("if-none-match") for request in world.server.requests] == [None, '"1"', '"2"']


async def test_more_dripping_feeds_than_places_hold_up_nobody(world):
    """All places are taken by servers that drip: honest news is polled, matched and told before any of them has ended."""
    async with AsyncExitStack() as stack:
        dripping = [await stack.enter_async_context(FaultServer()) for _ in range(pipeline.SIDE_BY_SIDE + 8)]
        for n, server in enumerate(dripping):
            server["/feed"] = servers.drip(every=0.05)
            world.feed_source(f"dripping-{n:02}", "/feed", server)
        queueing = pipeline.SIDE_BY_SIDE + 8
        for n in range(queueing):  # one server, so that all but the first stand in a queue before it
            world.feed_source(f"queueing-{n:02}", "/feed", dripping[0])
        world.server["/good"] = rss("A tariff on tea")
        world.feed_source("good", "/good")
        ended, good = [], asyncio.Event()

        def on_report(report, _):
            ended.append((report.source, report.status, report.alerts))
            good.set()

        async with world.desk() as desk:
            wishes = pipeline.Wishes(backfill=5, deadline=600.0)
            polling = asyncio.create_task(pipeline.ingest_due(desk, force=True, wishes=wishes, on_report=on_report))
            await good.wait()
            delivered = await pipeline.deliver_due(desk)
            assert not polling.done()
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
        assert all(server.requests for server in dripping)
    assert ended == [("good", "baseline", 1)]
    assert delivered.sent == 1
