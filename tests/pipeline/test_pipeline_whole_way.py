"""Whole rounds of the pipeline in one process: real files, a real HTTP server, a Slack that can fail, a clock in hand."""

import asyncio
import json
import threading
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from click.testing import CliRunner
from servers import FaultServer, drip
from world import CONSOLE, RULES, TEXT, article, rss

from bot import intake, pipeline
from bot.cli import cli
from bot.deliver.fake_slack import error, limited
from bot.health import check_up
from bot.match import Matcher
from bot.store import articles, ledger, outbox, sources

DAILY = '[[digest]]\nid = "daily"\nto = ["terminal"]\nat = "07:30"\nempty = "heartbeat"\n'


async def test_a_copy_that_comes_later_changes_the_counter_of_the_message_that_stands(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk() as desk:
        await world.round(desk)
    assert len(world.slack.texts()) == 1
    assert "outlet" not in world.slack.texts()[0]
    world.folder_source("b", one=article("Pots to become cheaper"))
    async with world.desk() as desk:
        world.later(minutes=1)
        polled, delivered = await world.round(desk)
    assert (polled.alerts, delivered.sent, delivered.updated) == (0, 0, 1)
    assert [call.method for call in world.slack.calls].count("chat.update") == 1
    assert len(world.slack.texts()) == 1
    assert "Also carried by 1 outlet: Outlet b" in world.slack.texts()[0]


async def test_a_copy_that_comes_before_the_message_is_sent_is_counted_in_it(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.folder_source("b", one=article("Pots to become cheaper"))
    world.folder_source("c", one=article("What changes for kitchens"))
    async with world.desk() as desk:
        await world.round(desk)
    assert len(world.slack.texts()) == 1
    assert "Also carried by 2 outlets" in world.slack.texts()[0]


async def test_an_edit_that_brings_another_rule_is_a_reply_in_the_thread(world):
    world.folder_source("a", one=article("Ministry lowers duties", url="https://a.example/1"))
    async with world.desk() as desk:
        await world.round(desk)
        world.folder_source(
            "a", one=article("Ministry lowers duties", TEXT + " A kettle counts as a pot.", "https://a.example/1")
        )
        world.later(minutes=1)
        polled, _ = await world.round(desk)
    assert polled.alerts == 1
    root, reply = world.slack.workspace.messages
    assert reply.data["thread_ts"] == root.ts
    assert "Kettles" in reply.data["text"]


async def test_an_edit_that_brings_nothing_new_is_silent(world):
    world.folder_source("a", one=article("Ministry lowers duties", url="https://a.example/1"))
    async with world.desk() as desk:
        await world.round(desk)
        world.folder_source("a", one=article("Ministry lowers duties", TEXT + " More follows.", "https://a.example/1"))
        polled, _ = await world.round(desk)
        with desk.store.read() as tx:
            archived = list(articles.archive(tx))
    assert polled.alerts == 0
    assert polled.sources[0].changed == 1
    assert [(each.state, "More follows" in each.article.body) for each in archived] == [("alerted", True)]


async def test_a_429_delays_an_alert_as_long_as_asked_and_no_longer(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.slack.fail("chat.postMessage", limited(20))
    async with world.desk() as desk:
        _, delivered = await world.round(desk)
        assert (delivered.later, delivered.waiting) == (1, 1)
        with desk.store.read() as tx:
            due = outbox.next_due(tx, world.at, destinations=["desk"])
    assert due == world.at + timedelta(seconds=20)
    async with world.desk() as desk:  # the pause is kept by a bot that was started again, too
        world.later(seconds=19)
        assert (await pipeline.deliver_due(desk)).sent == 0
        world.later(seconds=1)
        assert (await pipeline.deliver_due(desk)).sent == 1
    assert len(world.slack.texts()) == 1


async def test_a_channel_that_refuses_is_held_whole_and_goes_on_once_mended(world):
    world.folder_source(
        "a",
        one=article("Ministry lowers duties"),
        two=article("A tariff on tea", "Tea gets a tariff of its own, says the trade board in the port."),
    )
    world.slack.fail("chat.postMessage", error("not_in_channel"))
    async with world.desk() as desk:
        _, delivered = await world.round(desk)
        assert delivered.waiting == 2
        assert "held" in delivered.notes[0]
        assert (await pipeline.deliver_due(desk)).sent == 0
        await pipeline.resume_held(desk)
        assert (await pipeline.deliver_due(desk)).sent == 2
    assert len(world.slack.texts()) == 2


async def test_hostile_neighbours_delay_nobody(world):
    """A server that drips, a feed of 100 KB of newlines: the good one is read, stored and alerted all the same, first."""
    ended = []
    async with FaultServer() as dripping, FaultServer() as heavy:
        dripping["/feed"] = drip(every=0.05)
        heavy["/feed"] = "\n" * 50_000 + "<rss>" + "\n" * 100_000 + "<channel>"
        world.server["/feed"] = rss("A tariff on tea", "Rain")
        for name, server in (("dripping", dripping), ("heavy", heavy), ("good", world.server)):
            world.feed_source(name, "/feed", server)
        async with world.desk() as desk:
            on_report = lambda report, _: ended.append(report.source)  # noqa: E731
            polled, _ = await world.round(desk, backfill=5, deadline=4.0, on_report=on_report)
    by_id = {report.source: report for report in polled.sources}
    assert ended.index("good") < ended.index("dripping")
    assert (by_id["good"].status, by_id["good"].alerts) == ("baseline", 1)
    assert by_id["dripping"].status == "error"
    assert "4 s" in by_id["dripping"].note
    assert by_id["heavy"].status == "error"
    assert len(world.slack.texts()) == 1


async def test_a_first_poll_that_fails_is_no_baseline(world):
    world.feed_source("feed", "/feed")
    world.server["/feed"] = [drip(every=0.05), rss("Old tariff news"), rss("Old tariff news", "New tariff news")]
    async with world.desk() as desk:
        first, _ = await world.round(desk, deadline=0.5)
        second, _ = await world.round(desk)
        third, _ = await world.round(desk)
    assert [report.sources[0].status for report in (first, second, third)] == ["error", "baseline", "ok"]
    assert [report.alerts for report in (first, second, third)] == [0, 0, 1]


async def test_a_source_without_an_answer_counts_as_failing_after_three_polls_over_an_hour(world):
    world.sources.append('[[source]]\nid = "gone"\nkind = "feed"\nurl = "http://127.0.0.1:9/"\n')
    failing = []
    async with world.desk() as desk:
        for minutes in (0, 10, 20, 30):
            world.later(minutes=minutes)
            polled, _ = await world.round(desk)
            failing.append(polled.sources[0].failing)
        with desk.store.read() as tx:
            state = sources.states(tx)[0]
    assert failing == [False, False, False, True]
    assert state.failures == 4


async def test_a_rule_that_is_edited_while_the_bot_runs_is_in_force_at_the_next_round(world):
    world.folder_source(
        "a", one=article("A teapot for the minister", "The minister got a teapot, and nothing else happened at all.")
    )
    async with world.desk() as desk:
        polled, _ = await world.round(desk)
        assert polled.alerts == 0
        rules = world.folder / "rules" / "rules.toml"
        rules.write_text(RULES + '[[rule]]\nid = "teapots"\ntitle = "Teapots"\nany = ["teapot"]\n')
        known = desk.live.known
        reloaded = await pipeline.reload_rules(desk)
        assert reloaded.changed == ("teapots",)
        assert desk.live.known is known
        assert await pipeline.reload_rules(desk) is None
        world.folder_source(
            "a", two=article("Another teapot", "A second teapot was handed over in the harbour on Friday.")
        )
        polled, _ = await world.round(desk)
    assert polled.alerts == 1
    assert "Another teapot" in world.slack.texts()[0]


async def test_a_bad_edit_keeps_the_last_good_version_even_over_a_restart(world):
    world.folder_source("a")
    rules = world.folder / "rules" / "rules.toml"
    async with world.desk():
        pass
    rules.write_text(RULES.replace('any = ["tariff"]', 'any = ["tariff"'))
    async with world.desk() as desk:
        assert set(desk.rules().kept) == {"tariffs", "kettles"}
        world.folder_source("a", one=article("Ministry lowers duties"))
        polled, _ = await world.round(desk)
        assert polled.alerts == 1
        rules.write_text(RULES)
        reloaded = await pipeline.reload_rules(desk)
        assert (reloaded.faults, reloaded.kept) == ((), ())


async def test_many_polls_at_once_place_copies_in_one_story(world):
    headlines = (
        "Pots to become cheaper",
        "What changes for kitchens",
        "Enamel makers call for help",
        "Relief in the shops",
    )
    for name, headline in zip("abcd", headlines, strict=True):
        world.folder_source(name, one=article(headline))
    async with world.desk() as desk:
        polled, _ = await world.round(desk)
    assert polled.alerts == 1
    assert "Also carried by 3 outlets" in world.slack.texts()[0]


async def test_stopping_in_the_middle_of_a_send_loses_nothing(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk() as desk:
        await pipeline.ingest_due(desk)
        sending = asyncio.ensure_future(pipeline.deliver_due(desk))
        while not any(call.method == "chat.postMessage" for call in world.slack.calls):  # noqa: ASYNC110 – no event tells
            await asyncio.sleep(0)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    async with world.desk() as desk:
        world.later(minutes=5)
        await pipeline.deliver_due(desk)
        world.later(minutes=5)
        await pipeline.deliver_due(desk)
        with desk.store.read() as tx:
            assert outbox.counts(tx) == {("desk", "sent"): 1}
    assert len(world.slack.texts()) == 1


async def test_a_copy_of_a_story_told_to_a_destination_that_is_gone_stops_nothing(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    async with world.desk(CONSOLE) as desk:
        await world.round(desk)
    world.folder_source(
        "b", one=article("Pots to become cheaper"), two=article("A tariff on tea", "Tea gets a tariff of its own.")
    )
    async with world.desk() as desk:
        polled, _ = await world.round(desk)
    assert {report.source: report.status for report in polled.sources} == {"a": "unchanged", "b": "ok"}
    assert polled.alerts == 2  # Slack had been told nothing yet: the story, and tea
    assert len(world.slack.texts()) == 2


async def test_messages_for_a_destination_that_is_gone_wake_nobody_and_are_kept(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.slack.fail("chat.postMessage", error("invalid_auth"))
    async with world.desk() as desk:
        await world.round(desk)
    async with world.desk(CONSOLE) as desk:
        await pipeline.resume_held(desk)
        delivered = await pipeline.deliver_all(desk)
        assert delivered.waiting == 0
        findings = {finding.name: finding for finding in await check_up(desk)}
        assert "not in the configuration" in findings["queue of desk"].detail
    async with world.desk() as desk:
        await pipeline.resume_held(desk)
        assert (await pipeline.deliver_all(desk)).sent == 1


async def test_a_bug_that_one_source_brings_to_light_stops_no_other(world, monkeypatch):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.folder_source("b", one=article("A tariff on tea", "Tea gets a tariff of its own, says the board."))
    async with world.desk() as desk:
        real = Matcher.match

        def match(self, item, on=None):
            if item.source == "a":
                raise ZeroDivisionError("a bug")
            return real(self, item, on=on)

        monkeypatch.setattr(Matcher, "match", match)
        polled, _ = await world.round(desk)
    by_id = {report.source: report for report in polled.sources}
    assert (by_id["a"].status, by_id["a"].failing, by_id["b"].status) == ("error", True, "ok")
    assert "please report this" in by_id["a"].note
    assert len(world.slack.texts()) == 1


async def test_polls_that_wait_to_be_written_hold_up_no_other(world, monkeypatch):
    monkeypatch.setattr(intake, "SIDE_BY_SIDE", 1)
    for name in ("a", "b", "c"):
        world.feed_source(name, f"/{name}")
        world.server[f"/{name}"] = rss(f"News of {name}")
    go = threading.Event()

    def held(point):
        if point == "quiet.begun":
            assert go.wait(30)

    async with world.desk(checkpoint=held) as desk:
        await world.round(desk)
        world.later(hours=1)
        polling = asyncio.create_task(pipeline.ingest_due(desk))
        await world.server.asked(6)
        go.set()
        report = await polling
        with desk.store.read() as tx:
            states = sources.states(tx)
    assert [source.status for source in report.sources] == ["unchanged"] * 3
    assert {state.last_ok_at for state in states} == {world.at}


async def test_what_another_process_made_the_baseline_meanwhile_is_no_baseline_again(world):
    world.feed_source("feed", "/feed")
    world.server["/feed"] = [rss("Old tariff news"), rss("Old tariff news", "New tariff news")]
    async with world.desk() as desk:
        (looked,) = await pipeline.due_sources(desk)
        await world.round(desk)
        report = await pipeline.poll_source(desk, looked)
    assert (report.status, report.new, report.alerts) == ("ok", 1, 1)


async def test_a_source_that_moves_is_the_same_and_one_that_becomes_another_begins_anew(world):
    world.server["/old"] = rss("A", "B")
    world.server["/new"] = rss("B", "Tariff C")
    world.server["/other"] = rss("Tariff X", "Tariff Y")
    statuses = []
    for path in ("/old", "/new", "/other"):
        world.sources.clear()
        world.feed_source("feed", path)
        async with world.desk() as desk:
            polled, _ = await world.round(desk)
            statuses.append((polled.sources[0].status, polled.alerts))
    assert statuses == [("baseline", 0), ("ok", 1), ("baseline", 0)]


async def test_a_feed_of_which_nothing_is_left_is_a_possible_gap(world):
    world.feed_source("feed", "/feed")
    world.server["/feed"] = [rss("A", "B"), rss("C", "D")]
    async with world.desk() as desk:
        await world.round(desk)
        world.later(hours=1)
        polled, _ = await world.round(desk)
    assert "items may be missing" in polled.sources[0].note


async def test_a_pinned_item_hides_no_gap_wherever_it_is_told(world):
    world.feed_source("feed", "/feed")
    world.sources[-1] += 'every = "15m"\n'
    world.server["/feed"] = [rss("Pin", "A", "B"), rss("Pin", "C", "A"), rss("Pin", "D", "E")]
    notes, begin = [], world.at
    async with world.desk(CONSOLE + DAILY) as desk:
        for _ in range(3):
            polled, _ = await world.round(desk)
            notes.append(polled.sources[0].note)
            world.later(minutes=15)
        with desk.store.read() as tx:
            (state,) = sources.states(tx)
            (account,) = ledger.accounts(tx, begin, world.at)
        world.later(days=1)
        await pipeline.send_digests(desk)
        with desk.store.read() as tx:
            frozen = tx.value(sa.text("SELECT frozen FROM digest_run"))
    gap = (begin + timedelta(minutes=15), begin + timedelta(minutes=30))
    assert [bool(note) for note in notes[1:]] == [False, True]
    assert notes[2].startswith("nothing joins it with the poll of 2023-08-28 12:15 UTC: items may be missing")
    assert ((state.gap_from, state.gap_to), state.tight, state.interval) == (gap, 450, 450)
    assert account.gaps == (gap,)
    assert b"items may be missing between" in frozen


async def intervals(world, feeds, *, every='every = "15m"\n', wait=15):
    """Seconds between polls after each of these answers, ``wait`` minutes apart; and the reports' notes."""
    world.feed_source("feed", "/feed")
    world.sources[-1] += every
    world.server["/feed"] = feeds
    used, notes = [], []
    async with world.desk() as desk:
        for _ in feeds:
            polled, _ = await world.round(desk)
            with desk.store.read() as tx:
                (state,) = sources.states(tx)
            assert abs((state.next_due - world.at).total_seconds() / state.interval - 1) <= 0.06
            used.append(state.interval)
            notes.append(polled.sources[0].note)
            world.later(minutes=wait)
    return used, notes


async def test_a_feed_that_overflows_is_polled_more_often_and_never_less_than_once_a_minute(world):
    feeds = [rss("A"), rss("B"), rss("B", "C"), rss("D"), *(rss(f"E{n}") for n in range(4))]
    used, notes = await intervals(world, feeds, wait=1)
    assert used == [900, 450, 450, 225, 112.5, 60, 60, 60]
    assert "polled every 8 min" in notes[1]
    assert notes[2] == ""


async def test_a_possible_gap_is_shown_in_the_list_of_sources(world, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    world.at = datetime.now(UTC) - timedelta(minutes=10)  # the command has a clock of its own
    await intervals(world, [rss("A"), rss("B")], wait=5)
    config = ["--config", str(world.folder / "config.toml")]
    shown = CliRunner().invoke(cli, ["sources", "list", *config], standalone_mode=False).stdout
    (row,) = map(json.loads, CliRunner().invoke(cli, ["sources", "list", "--json", *config]).stdout.splitlines())
    begin, end = (datetime.fromisoformat(row[key]) for key in ("gap_from", "gap_to"))
    assert "possible gap" in shown
    assert f"items may be missing between {begin:%Y-%m-%d %H:%M} and {end:%Y-%m-%d %H:%M} UTC" in shown
    assert "polled every 8 min since" in shown
    assert (end - begin, row["interval"]) == (timedelta(minutes=5), 450)


async def test_after_a_week_without_a_gap_the_wished_interval_is_back(world):
    used, _ = await intervals(world, [rss("A"), rss("B"), rss("B", "C"), rss("C", "D")], wait=10)
    assert used[1:] == [450, 450, 450]
    async with world.desk() as desk:
        world.later(days=8)
        world.server["/feed"] = rss("D", "E")
        await world.round(desk)
        with desk.store.read() as tx:
            assert sources.states(tx)[0].interval == 900


async def test_a_poll_that_came_late_tightens_nothing(world):
    used, notes = await intervals(world, [rss("A"), rss("B")], wait=24 * 60)
    assert used == [900, 900]
    assert notes[1].endswith("items may be missing")


async def test_a_feed_that_asks_for_longer_is_not_polled_more_often(world):
    ttl = "<channel><ttl>10</ttl>"
    feeds = [rss("A").replace("<channel>", ttl), rss("B").replace("<channel>", ttl), rss("C").replace("<channel>", ttl)]
    used, notes = await intervals(world, feeds, wait=5)
    assert used == [900, 600, 600]
    assert notes[2].endswith("items may be missing")


async def test_a_feed_that_was_empty_has_no_gap_when_its_first_items_come(world):
    world.feed_source("feed", "/feed")
    world.server["/feed"] = [rss(), rss("Tariff A")]
    async with world.desk() as desk:
        await world.round(desk)
        polled, _ = await world.round(desk)
    assert (polled.sources[0].note, polled.alerts) == ("", 1)


def news(*titles):
    entries = "".join(
        f"<url><loc>/{n}-{title[-1]}</loc><news:news><news:title>{title}</news:title></news:news></url>"
        for n, title in enumerate(titles)
    )
    return f'<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{entries}</urlset>'


async def test_a_news_sitemap_goes_the_way_of_a_feed(world):
    world.feed_source("map", "/news.xml")
    world.sources[-1] = world.sources[-1].replace('"feed"', '"sitemap"')
    world.server["/news.xml"] = [news("Rain A", "Tariff B"), news("Rain A", "Tariff C"), news("Tariff D")]
    seen = []
    async with world.desk() as desk:
        for _ in range(3):
            polled, _ = await world.round(desk)
            (source,) = polled.sources
            seen.append((source.status, source.new, polled.alerts, "items may be missing" in source.note))
            world.later(hours=1)
    assert seen == [("baseline", 2, 0, False), ("ok", 1, 1, False), ("ok", 1, 1, True)]


async def test_a_new_sitemap_beside_an_unchanged_one_is_no_gap(world):
    world.feed_source("map", "/list.xml")
    world.sources[-1] = world.sources[-1].replace('"feed"', '"sitemap"')
    listed = "<sitemap><loc>/news-{}.xml</loc></sitemap>"
    world.server["/list.xml"] = [
        f"<sitemapindex>{''.join(listed.format(name) for name in names)}</sitemapindex>" for names in ("1", "12", "12")
    ]
    world.server["/news-1.xml"], world.server["/news-2.xml"] = news("Rain A"), news("Tariff B")
    async with world.desk() as desk:
        await world.round(desk)
        world.later(hours=1)
        polled, _ = await world.round(desk)
        assert (polled.sources[0].new, polled.alerts, polled.sources[0].note) == (1, 1, "")
        world.later(hours=1)
        assert (await world.round(desk))[0].sources[0].status == "unchanged"


async def test_a_saved_page_in_a_folder_is_alerted_when_it_is_whole(world):
    world.folder_source("inbox")
    page = world.folder / "inbox" / "page.html"
    async with world.desk() as desk:
        with page.open("w") as writer:
            writer.write("<title>Tariff on pots</title><p>The mini")
            writer.flush()
            polled, _ = await world.round(desk)
            assert (polled.alerts, polled.sources[0].failing) == (0, False)
            assert polled.sources[0].note == "still being written, and read at a later poll: page.html"
            writer.write(f"stry said so. {TEXT}")
        world.later(minutes=2)
        polled, _ = await world.round(desk)
        assert (polled.alerts, polled.sources[0].note) == (1, "")


async def test_a_folder_of_many_files_is_written_in_parts_and_whole(world, monkeypatch):
    monkeypatch.setattr(intake, "PART", 3)
    texts = {
        f"n{n}": article(f"Tariff number {n}", f"Tariff number {n} concerns w{n}a, w{n}b and w{n}c only.")
        for n in range(8)
    }
    world.folder_source("a", **texts)
    async with world.desk() as desk:
        polled, _ = await world.round(desk)
        again, _ = await world.round(desk)
    assert (polled.sources[0].new, polled.alerts, again.sources[0].status) == (8, 8, "unchanged")
