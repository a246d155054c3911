"""What is remembered of a feed changes nothing: with it and without it the store, the reports and the pages are the same."""

from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st
from world import CONSOLE, World

from bot import intake
from bot.errors import StoreUnreachable
from bot.ingest.parse import read_bytes
from bot.ingest.parsed import MARK, NAME, Past
from bot.net.response import Response
from bot.remembered import Remembered
from bot.store import sources, tables

AT = datetime(2023, 8, 28, 10, tzinfo=UTC)
NOWHERE = SimpleNamespace(token="t", url="http://127.0.0.1:9", at=lambda path: f"https://feed.example{path}")
# Only these tell of the run rather than of what came: how long a poll took.
CLOCKED = {"poll": {"ms"}}


class Door:
    """The way out; what stands at the feed's address is ``body``."""

    body = ""

    def holding(self, place):  # noqa: ARG002
        return self

    async def get(self, url, **asked):  # noqa: ARG002
        return Response(url=url, final_url=url, status=200, body=self.body.encode(), content_type="text/xml")


class Parsers:
    """Reads feeds in this process; ``met`` counts the items that were read."""

    met = 0

    async def read(self, body, content_type, url, source, past=None):
        feed = read_bytes(body, content_type, url, source, past)
        self.met += len(feed.articles)
        return feed

    async def aclose(self):
        pass


class Pages:
    """Every page holds a text of its own; ``asked`` are the addresses that were fetched."""

    def __init__(self):
        self.asked = []

    async def read(self, urls, **asked):  # noqa: ARG002
        self.asked.extend(urls)
        return {url: f"The page behind {url} tells of a tariff." for url in urls}


class Watch:
    """A desk with one feed, which remembers what it listed or does not."""

    def __init__(self, folder, *, remembers, fulltext):
        self.world = World(folder, NOWHERE, NOWHERE)
        more = "fulltext = true\n" if fulltext else ""
        self.world.sources.append(
            f'[[source]]\nid = "feed"\nkind = "feed"\nurl = "https://feed.example/feed"\nevery = "15m"\n{more}'
        )
        self.door, self.parsers, self.pages = Door(), Parsers(), Pages()
        self.remembers, self.deadly = remembers, None

    def checkpoint(self, name):
        if self.deadly == name:
            self.deadly = None
            raise StoreUnreachable("the disk is full")

    async def play(self, steps):
        """What was reported, and all that is stored at the end."""
        reports = []
        async with self.world.desk(CONSOLE, checkpoint=self.checkpoint) as desk:
            await desk.pool.aclose()
            desk.door, desk.pool, desk.pages, desk.jitter = self.door, self.parsers, self.pages, lambda: 0.5
            self.begin(desk)
            for kind, *more in steps:
                self.world.later(minutes=7)
                reports.append(await getattr(self, kind)(desk, *more))
            return reports, await desk.call(self.rows, desk)

    def begin(self, desk):
        desk.remembered = Remembered() if self.remembers else Remembered(limit=0)

    async def poll(self, desk, body, backfill=0, deadly=None):
        """One poll; ``deadly`` names the point at which the store gives up."""
        self.door.body, self.deadly = body, deadly
        (state,) = await intake.due_sources(desk, force=True)
        report = None
        with suppress(StoreUnreachable):
            report = replace(await intake.poll_source(desk, state, intake.Wishes(backfill=backfill)), ms=0)
        self.deadly = None
        return report

    async def elsewhere(self, desk, body):
        """Another process polls the same feed."""
        mine = desk.remembered
        self.begin(desk)
        await self.poll(desk, body)
        desk.remembered = mine

    async def restart(self, desk):
        self.begin(desk)

    async def move(self, desk):
        """Another process finds another address in the configuration, and then the old one again."""
        (here,) = desk.config.sources
        for there in (replace(here, url="https://moved.example/feed"), here):
            await desk.call(self.sync, desk, there)

    async def forget_shown(self, desk):
        await desk.call(self.run, desk, sa.delete(tables.shown))

    def run(self, desk, statement):
        with desk.store.write() as tx:
            tx.run(statement)

    def sync(self, desk, source):
        with desk.store.write() as tx:
            sources.sync(tx, [source], self.world.at)

    def rows(self, desk):
        with desk.store.read() as tx:
            return {
                table.name: sorted(
                    (
                        [(name, str(value)) for name, value in row.items() if name not in CLOCKED.get(table.name, ())]
                        for row in tx.rows(sa.select(table))
                    ),
                )
                for table in tables.metadata.sorted_tables
            }


async def same(steps, *, fulltext=False):
    """Play the steps with and without memory; all that can be seen is the same. Gives both and the reports."""
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        watches = [
            Watch(Path(one), remembers=True, fulltext=fulltext),
            Watch(Path(other), remembers=False, fulltext=fulltext),
        ]
        (reports, rows), (others, other_rows) = [await watch.play(steps) for watch in watches]
    assert reports == others
    assert rows == other_rows
    assert watches[0].pages.asked == watches[1].pages.asked
    return (*watches, reports)


def item(title, *, guid=None, link=None, at=None, text=None):
    date = format_datetime(AT + timedelta(hours=at), usegmt=True) if at is not None else None
    parts = {"guid": guid, "link": link, "title": title, "description": text or f"{title} at length.", "pubDate": date}
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in parts.items() if value) + "</item>"


def rain(number, **more):
    return item(
        f"A tariff on rain {number}",
        **{"guid": f"g{number}", "link": f"https://a.example/{number}", "at": number, **more},
    )


def feed(*items, head="", root="", tail=""):
    channel = f"<channel><title>News</title>{head}{''.join(items)}{tail}</channel>"
    return f'<rss version="2.0"{root}>{channel}</rss>'


def listing(*numbers):
    return feed(*map(rain, numbers))


# ── histories that are known ─────────────────────────────────────────────────────────────────────


async def test_of_a_feed_that_grows_only_the_new_items_are_read():
    steps = [("poll", listing(*range(newest, newest - 20, -1))) for newest in (20, 21, 24, 25)]
    remembers, forgets, reports = await same(steps)
    assert [report.new for report in reports] == [20, 1, 3, 1]
    assert (remembers.parsers.met, forgets.parsers.met) == (25, 80)


async def test_known_items_prove_that_nothing_is_missing_and_a_gap_is_told():
    _, _, reports = await same(
        [("poll", listing(*numbers)) for numbers in ((3, 2, 1), (4, 3, 2), (8, 7, 6), (9, 8, 7))]
    )
    assert ["may be missing" in report.note for report in reports] == [False, False, True, False]


async def test_known_items_join_polls_of_a_feed_of_which_an_older_version_wrote_down_nothing():
    _, _, reports = await same([("poll", listing(2, 1)), ("forget_shown",), ("poll", listing(3, 2, 1))])
    assert (reports[2].new, reports[2].note) == (1, "")


async def test_an_edit_is_a_version():
    edited = rain(2, text="A tariff on kettles.")
    remembers, _, reports = await same([("poll", listing(3, 2, 1)), ("poll", feed(rain(3), edited, rain(1)))])
    assert (reports[1].changed, reports[1].alerts, remembers.parsers.met) == (1, 1, 4)


async def test_a_feed_whose_header_alone_changes_reads_nothing():
    remembers, _, _ = await same(
        [("poll", feed(rain(1), head=f"<lastBuildDate>{day}</lastBuildDate>")) for day in ("Mon", "Tue", "Wed")]
    )
    assert remembers.parsers.met == 1


@pytest.mark.parametrize("fulltext", [False, True])
async def test_another_item_under_a_known_guid_is_told_apart_whatever_else_is_known(fulltext):
    """Its own key would be its link, which is the guid of an item that was not read: so its words are."""
    link = "https://a.example/9"
    first = feed(rain(2), rain(1), item("Nine", guid=link, link="https://a.example/nine", at=9))
    other = item("Quite another one", guid="g1", link=link, at=30)
    rest = (other, item("Nine", guid=link, link="https://a.example/nine", at=9), rain(2))
    polls = [first, feed(*rest), feed(*rest, head="\n"), feed(rain(31), *rest)]
    _, _, reports = await same([("poll", body) for body in polls], fulltext=fulltext)
    assert [report.new for report in reports] == [3, 1, 0, 1]


async def test_an_item_that_goes_by_a_new_key_is_read_again():
    """Two items with the same words are one stored article, which takes the key of each of them at every poll."""
    one, other = (item("A tariff on tea", guid=guid, at=1) for guid in ("g1", "g2"))
    await same([("poll", body) for body in (feed(one), feed(one, other), feed(one, other, head="\n"))])


@pytest.mark.parametrize("point", ["lane.begun", "lane.written", "lane.recorded", "lane.committed"])
async def test_what_is_remembered_is_not_ahead_of_the_store(point):
    """What a poll brought that the store did not take is brought by the next one."""
    steps = [("poll", listing(2, 1)), ("poll", listing(4, 3, 2), 0, point), ("poll", feed(rain(4), rain(3), head="\n"))]
    _, _, (_, failed, after) = await same(steps)
    assert failed is None
    assert after.new == (0 if point == "lane.committed" else 2)


async def test_what_another_process_wrote_meanwhile_counts():
    """It took the edit of an item, which then comes back as it was: that is a version again."""
    edited = feed(rain(3), rain(2, text="Of kettles."))
    _, _, reports = await same([("poll", listing(2, 1)), ("elsewhere", edited), ("poll", listing(3, 2, 1))])
    assert (reports[2].new, reports[2].changed) == (0, 1)
    await same([("poll", listing(2, 1)), ("move",), ("poll", listing(3, 2, 1))])


async def test_a_poll_that_is_outdated_when_it_is_written_is_read_whole(tmp_path):
    """Another process writes between the look at what is remembered and the transaction."""
    watch = Watch(tmp_path, remembers=True, fulltext=False)
    async with watch.world.desk(CONSOLE) as desk:
        await desk.pool.aclose()
        desk.door, desk.pool = watch.door, watch.parsers
        await watch.poll(desk, listing(2, 1))
        (state,) = await intake.due_sources(desk, force=True)
        watch.world.later(minutes=7)
        await watch.elsewhere(desk, feed(rain(3), rain(2, text="Of kettles.")))
        watch.door.body, met = listing(4, 2, 1), watch.parsers.met
        report = await intake.poll_source(desk, state)
    assert (report.new, report.changed) == (1, 1)
    assert watch.parsers.met - met == 1 + 3


async def test_pages_are_read_of_new_items_alone():
    remembers, _, reports = await same(
        [("poll", listing(*numbers)) for numbers in ((2, 1), (4, 3, 2), (5, 4))], fulltext=True
    )
    assert [url[-1] for url in remembers.pages.asked] == ["4", "3", "5"]
    assert [report.matched for report in reports] == [2, 2, 1]


async def test_a_source_with_more_items_than_there_is_room_for_is_read_whole():
    room = Remembered(limit=100)
    with TemporaryDirectory() as folder:
        watch = Watch(Path(folder), remembers=True, fulltext=False)
        watch.begin = lambda desk: setattr(desk, "remembered", room)
        reports, _ = await watch.play([("poll", listing(*range(9))), ("poll", listing(*range(10)))])
    assert watch.parsers.met == 19
    assert room.size == 0
    assert asdict(reports[1])["new"] == 1


def test_there_is_room_for_the_sources_that_were_polled_last():
    past = Past(marks=bytes(100 * MARK), names=bytes(100 * NAME))
    room = Remembered(limit=10_000)
    state = SimpleNamespace(body_hash="hash", baseline_at=AT)
    for source in ("a", "b", "c", "a", "d"):
        room.put(source, "hash", past)
    kept = [source for source in "abcd" if room.get(SimpleNamespace(id=source, **vars(state))) == past]
    assert kept == ["a", "c", "d"]
    assert 3 * 100 * (MARK + NAME) < room.size <= 10_000
    for source in "abcd":
        room.forget(source)
    assert room.size == 0


# ── histories that Hypothesis makes up ───────────────────────────────────────────────────────────

LINKS = (None, "https://a.example/1", "https://a.example/2", "g1")
ITEMS = st.builds(
    item,
    st.sampled_from(("Tea", "A tariff on tea", "A kettle", "Rain")),
    guid=st.sampled_from((None, "g1", "g2", "https://a.example/1", "https://a.example/2")),
    link=st.sampled_from(LINKS),
    at=st.sampled_from((None, 0, 1)),
    text=st.sampled_from((None, "A tariff.", "a TARIFF")),
)
SOUND = st.integers(0, 7).map(rain) | st.integers(0, 3).map(lambda number: rain(number, text="It was edited."))
BASE = ' xml:base="https://b.example/"'


@st.composite
def feeds(draw):
    """A feed: mostly sound items and the odd one, mostly plain."""
    items = draw(
        st.lists(SOUND, max_size=6, unique=True) | st.lists(SOUND | ITEMS, max_size=6) | st.lists(ITEMS, max_size=4)
    )
    head = draw(st.sampled_from(("", "", "", "<language>de</language>", "<ttl>9</ttl>", "<item", "<!-- -->")))
    root = draw(st.sampled_from(("", "", "", BASE, ' xml:lang="fr"')))
    tail = draw(st.sampled_from(("", "", "", "<ttl>7</ttl>")))
    return feed(*items, head=head, root=root, tail=tail)


POINTS = st.sampled_from((None, None, None, None, "lane.begun", "lane.written", "lane.recorded", "lane.committed"))
STEPS = st.one_of(
    *[st.tuples(st.just("poll"), feeds(), st.sampled_from((0, 0, 2)), POINTS)] * 4,
    st.tuples(st.just("elsewhere"), feeds()),
    st.tuples(st.just("poll"), st.just("<html>no feed</html>")),
    st.tuples(st.just("restart")),
    st.tuples(st.just("move")),
)


@settings(max_examples=60)
@given(st.lists(STEPS, min_size=2, max_size=10), st.booleans())
@example([("poll", listing(2, 1)), ("poll", feed(rain(2), item("Tea", guid="g1", at=9)))], False)
async def test_whatever_happens_the_memory_cannot_be_seen(steps, fulltext):
    await same(steps, fulltext=fulltext)
