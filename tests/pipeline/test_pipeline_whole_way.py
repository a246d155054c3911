"""Whole rounds of the pipeline in one process: real files, a real HTTP server, a Slack that can fail, a clock in hand."""

import asyncio
from datetime import timedelta

from servers import FaultServer, drip
from world import RULES, TEXT, article, rss

from bot import pipeline
from bot.deliver.fake_slack import error, limited
from bot.store import articles, outbox, sources


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
    assert (polled.alerts, delivered.sent) == (0, 1)
    assert [call.method for call in world.slack.calls].count("chat.update") == 1
    assert len(world.slack.texts()) == 1
    assert "+1 outlet: Outlet b" in world.slack.texts()[0]


async def test_a_copy_that_comes_before_the_message_is_sent_is_counted_in_it(world):
    world.folder_source("a", one=article("Ministry lowers duties"))
    world.folder_source("b", one=article("Pots to become cheaper"))
    world.folder_source("c", one=article("What changes for kitchens"))
    async with world.desk() as desk:
        await world.round(desk)
    assert len(world.slack.texts()) == 1
    assert "+2 outlets" in world.slack.texts()[0]


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
            due = outbox.next_due(tx, world.at)
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
    """A server that drips and a feed of 100 KB of newlines: the others are read, stored and alerted before these end."""
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
    assert ended[0] == "good"
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
        reloaded = await pipeline.reload_rules(desk)
        assert reloaded.changed == ("teapots",)
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
    assert "+3 outlets" in world.slack.texts()[0]


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
