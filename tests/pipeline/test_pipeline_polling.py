"""When sources are polled: by their rhythm, as servers ask, and what is told of those that fail, fall silent or move."""

import asyncio
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from servers import busy, feed, http_date, page, redirect, reply
from world import OPS, rss, told

from bot.cli import cli
from bot.health import check_up
from bot.store import sources


@pytest.fixture
def world(world_with_ops):
    return world_with_ops


def state(desk, id_="wire"):
    with desk.store.read() as tx:
        return sources.get(tx, id_)


class Wire:
    """A feed that grows by a headline when told to, so that no poll finds a gap."""

    def __init__(self, world, extra=""):
        self.world, self.titles, self.extra = world, ["Headline 0"], extra
        world.feed_source("wire", "/feed")
        self.write()

    def news(self):
        self.titles.append(f"Headline {len(self.titles)}")
        self.write()

    def write(self):
        self.world.server["/feed"] = rss(*self.titles).replace("<channel>", f"<channel>{self.extra}")

    async def polls(self, desk, count, *, news, **apart):
        for _ in range(count):
            if news:
                self.news()
            await self.world.round(desk)
            self.world.later(**apart)


# ── rhythm ───────────────────────────────────────────────────────────────────────────────────────


async def test_a_busy_feed_is_polled_more_often_and_a_quiet_one_less(world):
    wire = Wire(world)
    async with world.desk() as desk:
        await wire.polls(desk, 1, news=False, minutes=10)
        assert (state(desk).interval, state(desk).interval_by, state(desk).rhythm) == (900, "rhythm", None)
        await wire.polls(desk, 8, news=True, minutes=10)
        known = state(desk)
        assert (known.news, known.interval) == (8, 300)
        assert abs((known.next_due - known.last_new).total_seconds() - 300) <= 15
        await wire.polls(desk, 48, news=False, minutes=30)
        assert 600 < state(desk).interval < 1_200, "a day of silence"
        await wire.polls(desk, 40, news=False, days=2)
        assert state(desk).interval == 3_600
        wire.news()
        await world.round(desk)
        assert state(desk).interval < 900, "it is back: what was learned before is not forgotten"


async def test_a_feed_that_publishes_once_a_day_is_asked_as_usual_around_that_hour(world):
    wire = Wire(world)
    async with world.desk() as desk:
        await wire.polls(desk, 10, news=False, minutes=30)
        for _ in range(3):  # each day at five
            await wire.polls(desk, 1, news=True, minutes=30)
            await wire.polls(desk, 47, news=False, minutes=30)
        assert (f"{world.at:%H:%M}", state(desk).hours) == ("17:00", "1020 1020 1020")
        assert state(desk).interval == 900, "half an hour before"
        await wire.polls(desk, 1, news=False, hours=1)
        await wire.polls(desk, 1, news=False, hours=1)
        assert state(desk).interval > 1_300, "an hour later"


@pytest.mark.parametrize("polls", [8, 40])
async def test_every_is_obeyed_whatever_the_rhythm(world, polls):
    wire = Wire(world)
    world.sources[-1] += 'every = "20m"\n'
    async with world.desk() as desk:
        await wire.polls(desk, polls, news=polls == 8, minutes=20)
        assert (state(desk).interval, state(desk).interval_by) == (1_200, "config")


async def test_a_feed_that_asks_for_longer_is_heard(world):
    wire = Wire(world, "<ttl>60</ttl>")
    async with world.desk() as desk:
        await wire.polls(desk, 6, news=True, minutes=60)
        assert (state(desk).interval, state(desk).interval_by) == (3_600, "server")


async def test_time_in_which_nobody_polled_is_no_rhythm(world):
    wire = Wire(world)
    async with world.desk() as desk:
        await wire.polls(desk, 9, news=True, minutes=5)
        before = state(desk)
        world.later(days=20)
        await wire.polls(desk, 1, news=True, minutes=5)
        after = state(desk)
    assert (after.rhythm, after.longest) == (before.rhythm, before.longest)
    assert after.news == before.news + 1


async def test_the_list_says_how_often_and_why(world):
    wire = Wire(world)
    async with world.desk() as desk:
        await wire.polls(desk, 9, news=True, minutes=5)
    (row,), shown = await listed(world)
    assert "5 min (rhythm)" in shown
    assert (row["interval"], row["interval_by"]) == (300, "rhythm")
    assert row["last_new"].startswith("2023-08-28")


async def listed(world):
    """``sources list`` for scripts and for people; a command runs an event loop of its own, or none."""
    config = ["--config", str(world.folder / "config.toml")]

    def ask(*more):
        return CliRunner().invoke(cli, ["sources", "list", *config, *more], standalone_mode=False).stdout

    rows = await asyncio.to_thread(ask, "--json")
    return [json.loads(line) for line in rows.splitlines()], await asyncio.to_thread(ask)


# ── silence ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_feed_that_falls_silent_is_told_once_then_daily_then_that_it_is_back(world):
    wire = Wire(world)
    async with world.desk(OPS) as desk:
        await wire.polls(desk, 9, news=True, hours=1)
        await wire.polls(desk, 3, news=False, days=1)
        assert await told(world, desk) == [], "a long weekend"
        await wire.polls(desk, 1, news=False, days=1)
        assert await told(world, desk) == [], "it is due: its next poll may bring something"
        await wire.polls(desk, 1, news=False, minutes=1)
        (first,) = await told(world, desk)
        assert "Source 127.0.0.1 (wire): it answers, but has brought nothing new since 2023-08-28 20:00 UTC" in first
        assert "sources check wire" in first
        assert await told(world, desk) == []
    async with world.desk(OPS) as desk:  # a restart changes nothing
        world.later(hours=23)
        await wire.polls(desk, 1, news=False, minutes=1)
        assert await told(world, desk) == []
        world.later(hours=1)
        await wire.polls(desk, 1, news=False, minutes=1)
        (again,) = await told(world, desk)
        assert "Still: Source" in again
        world.later(hours=2)
        await wire.polls(desk, 1, news=True, minutes=1)
        (over,) = await told(world, desk)
        assert "Over: Source 127.0.0.1 (wire): it brings something new again" in over


async def test_of_a_silent_feed_that_stops_answering_only_that_is_told(world):
    wire = Wire(world)
    async with world.desk(OPS) as desk:
        await wire.polls(desk, 9, news=True, hours=1)
        world.later(days=5)
        await wire.polls(desk, 1, news=False, minutes=1)
        assert len(await told(world, desk)) == 1
        world.server["/feed"] = page("gone", 410)
        world.later(hours=2)
        await world.round(desk)
        world.later(minutes=1)
        assert await told(world, desk) == []
        world.later(hours=25)
        await world.round(desk)
        (dead,) = await told(world, desk)
    assert "no good answer since" in dead
    assert "nothing new" not in dead


async def test_a_bot_that_was_off_calls_no_feed_silent_before_it_has_asked(world):
    wire = Wire(world)
    async with world.desk(OPS) as desk:
        await wire.polls(desk, 9, news=True, hours=1)
    world.later(days=30)
    async with world.desk(OPS) as desk:
        assert await told(world, desk) == []
        await wire.polls(desk, 1, news=True, minutes=1)
        assert await told(world, desk) == []


# ── moved for good ───────────────────────────────────────────────────────────────────────────────


async def move_polls(world, desk, *answers):
    """One poll after each of these answers at the source's address."""
    for answer in answers:
        world.server["/feed"] = answer
        await world.round(desk)
        world.later(minutes=1)


async def findings(desk):
    return {finding.name: finding for finding in await check_up(desk)}


async def test_a_move_on_which_three_polls_agree_is_proposed_and_the_file_left_alone(world):
    world.feed_source("wire", "/feed")
    world.server["/new"] = rss("News")
    async with world.desk(OPS) as desk:
        config = desk.config.path
        before = config.read_bytes()
        line = 1 + before.decode().splitlines().index(f'url = "{world.server.at("/feed")}"')
        change = f'in {config}:{line} change url = "{world.server.at("/feed")}" → url = "{world.server.at("/new")}"'
        await move_polls(world, desk, redirect("/new", 301), redirect("/new", 308))
        assert await told(world, desk) == []
        assert (await findings(desk))["source wire"].state == "ok"
        await move_polls(world, desk, redirect("/new", 301))
        (notice,) = await told(world, desk)
        assert change in notice
        found = (await findings(desk))["source wire"]
        assert (found.state, found.remedy) == ("warn", change)
        world.later(days=3)
        await world.round(desk)
        assert await told(world, desk) == [], "the redirect is followed, so nobody is reminded"
        (row,), shown = await listed(world)
        assert (row["moved_to"], row["moved_polls"]) == (world.server.at("/new"), 4)
        assert change in shown
        assert config.read_bytes() == before
        config.write_text(before.decode().replace('/feed"', '/new"'))
        assert (await findings(desk))["source wire"].state == "ok", "it is done, only not loaded yet"
    world.sources[:] = [world.sources[0].replace("/feed", "/new")]
    async with world.desk(OPS) as desk:
        assert await told(world, desk) == []
        await world.round(desk)
        (over,) = await told(world, desk)
    assert "Over: Source 127.0.0.1 (wire): it answers at the address in the configuration" in over


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([redirect("/new", 301)] * 2 + [redirect("/newer", 301)] * 2, id="another-target"),
        pytest.param([redirect("/new", 301)] * 2 + [rss("News"), redirect("/new", 301)], id="not-in-a-row"),
        pytest.param([redirect("/new", 302)] * 5, id="for-now"),
        pytest.param([redirect("/gone", 301)] * 5, id="to-nothing"),
    ],
)
async def test_what_is_no_agreed_move_is_not_proposed(world, answers):
    world.feed_source("wire", "/feed")
    world.server["/new"], world.server["/newer"] = rss("News"), rss("News")
    async with world.desk(OPS) as desk:
        await move_polls(world, desk, *answers)
        assert await told(world, desk) == []
        assert "moved" not in (await findings(desk))["source wire"].detail


async def test_a_failure_in_between_does_not_begin_the_count_anew(world):
    world.feed_source("wire", "/feed")
    world.server["/new"] = rss("News")
    moved = redirect("/new", 301)
    async with world.desk(OPS) as desk:
        await move_polls(world, desk, moved, moved, busy(503), moved)
        (notice,) = await told(world, desk)
    assert world.server.at("/new") in notice


async def test_a_key_in_the_address_is_not_told_to_the_channel(world):
    key = "/new?token=aaaabbbbccccddddeeeeffff0123456789"
    world.feed_source("wire", "/feed")
    world.server["/new"] = rss("News")
    async with world.desk(OPS) as desk:
        await move_polls(world, desk, *[redirect(key, 301)] * 3)
        (notice,) = await told(world, desk)
        assert "aaaabbbb" not in notice
        assert "presswatch sources list shows the line to change in" in notice
        assert "aaaabbbb" in (await findings(desk))["source wire"].remedy


# ── what servers ask for ─────────────────────────────────────────────────────────────────────────

DATE = 1_693_224_000  # Monday, 2023-08-28 12:00 UTC, where the world's clock stands
ASKED = {
    "1800": 1_800,
    "1.5": 60,
    "0": 60,
    "-5": 60,
    "soon": 60,
    "": 60,
    "999999999": 86_400,
    "9" * 400: 86_400,
    http_date(DATE + 1_800): 1_800,
    http_date(DATE - 86_400): 60,
    "Fri, 31 Dec 9999 23:59:59 GMT": 86_400,
    "Fri, 99 Foo 2023 00:00:00 GMT": 60,
}


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(("asked", "seconds"), ASKED.items(), ids=[each[:30] or "empty" for each in ASKED])
async def test_every_shape_of_retry_after_is_honoured_or_passed_over(world, status, asked, seconds):
    world.feed_source("wire", "/feed")
    world.server["/feed"] = busy(status, asked, date=http_date(DATE))
    async with world.desk() as desk:
        polled, _ = await world.round(desk)
        due = state(desk).next_due - world.at
    assert polled.sources[0].status == "error"
    low, high = (seconds, seconds) if seconds > 60 else (60, 75)  # jitter
    assert timedelta(seconds=low) <= due <= timedelta(seconds=high)


async def test_a_date_to_come_back_at_counts_from_our_clock_where_the_server_says_no_time(world):
    world.feed_source("wire", "/feed")
    world.server["/feed"] = busy(503, http_date(world.at.timestamp() + 1_800))
    async with world.desk() as desk:
        await world.round(desk)
        due = state(desk).next_due - world.at
    assert timedelta(minutes=29) <= due <= timedelta(minutes=30)


async def test_a_changed_tag_with_a_304_is_the_one_to_ask_with_next(world):
    world.feed_source("wire", "/feed")
    first, changed = feed(rss("News"), etag='"1"'), reply(b"", 304, None, {"ETag": '"2"', "Content-Length": None})
    world.server["/feed"] = [first, changed, feed(rss("News"), etag='"2"')]
    async with world.desk() as desk:
        reports = []
        for _ in range(4):
            polled, _ = await world.round(desk)
            reports.append(polled.sources[0].status)
            world.later(minutes=15)
    asked_with = [request.headers.get("if-none-match") for request in world.server.requests]
    assert asked_with == [None, '"1"', '"2"', '"2"']
    assert reports == ["baseline", "unchanged", "unchanged", "unchanged"]


async def test_gone_for_good_is_told_as_such_and_asked_again_ever_less_often(world):
    world.feed_source("wire", "/feed")
    world.server["/feed"] = page("gone", 410)
    waits = []
    async with world.desk() as desk:
        for _ in range(12):
            polled, _ = await world.round(desk)
            waits.append((state(desk).next_due - world.at).total_seconds())
            world.at = state(desk).next_due
        (report,) = polled.sources
        assert report.failing
        assert "gone for good (410): remove the source or give its new address" in report.note
        (_, shown) = await listed(world)
    assert "gone for good (410): remove the source" in shown
    assert waits[0] < 90
    assert 0.7 * 21_600 < waits[-1] < 1.3 * 21_600
