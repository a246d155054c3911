"""Digests the whole way: due once per local date and recipient, whatever happens in between."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
import structlog
from relay import FaultyRelay, relay
from world import CONSOLE, SLACK, article, rss

from bot import pipeline
from bot.digests import preview
from bot.model import DigestReport
from bot.scheduler import Knocks
from bot.store import articles, digests, outbox


def digest(to='"desk@example.org"', id_="morning", **more):
    keys = {"at": "07:30", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], **more}
    lines = "".join(
        f"{key} = {str(value).replace(chr(39), chr(34)) if isinstance(value, list) else f'{chr(34)}{value}{chr(34)}'}\n"
        for key, value in keys.items()
    )
    return f'[[digest]]\nid = "{id_}"\nto = [{to}]\n{lines}'


def mail(port):
    return f'[mail]\nhost = "127.0.0.1"\nport = {port}\nstarttls = false\nfrom = "presswatch@example.org"\n'


def files(world):
    folder = world.folder / "var" / "digests"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def parsed(content):
    return message_from_bytes(content, policy=default)


async def tick(desk):
    report = await pipeline.send_digests(desk)
    return report, await pipeline.deliver_due(desk)


# ── one issue ────────────────────────────────────────────────────────────────────────────────────


async def test_the_first_issue_comes_with_the_first_occurrence_after_it_was_configured(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with relay() as there, world.desk(CONSOLE + mail(there.port) + digest(), console=Silent()) as desk:
        await world.round(desk)
        assert (await tick(desk))[0] == DigestReport()
        world.later(hours=19, minutes=29)  # 07:29 of the next day
        assert (await tick(desk))[0].issues == ()
        world.later(minutes=1)
        report, delivered = await tick(desk)
        assert [(issue.day, issue.stories, issue.late) for issue in report.issues] == [(date(2023, 8, 29), 1, False)]
        assert (delivered.digests, delivered.sent, delivered.digests_waiting) == (1, 0, 0)
        world.later(minutes=1)
        assert (await tick(desk))[0].issues == ()
    (taken,) = there.taken
    message = parsed(taken.content)
    assert taken.recipients == ["desk@example.org"]
    assert (message["From"].addresses[0].addr_spec, message["To"].addresses[0].addr_spec) == (
        "presswatch@example.org",
        "desk@example.org",
    )
    for kind in ("plain", "html"):
        assert "Ministry lowers the tariff" in message.get_body((kind,)).get_content()


async def test_every_recipient_gets_an_issue_of_its_own(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with relay() as there:
        there.refuse["gone@example.org"] = "450 4.2.1 busy"
        to = '"desk@example.org", "gone@example.org", "desk"'
        async with world.desk(SLACK + mail(there.port) + digest(to)) as desk:
            await world.round(desk)
            world.later(days=1)
            report, delivered = await tick(desk)
            assert len(report.issues) == 3
            assert (delivered.digests, delivered.digests_waiting) == (2, 1)
            there.refuse.clear()
            world.later(minutes=5)
            assert (await pipeline.deliver_due(desk)).digests == 1
    assert Counter(who for taken in there.taken for who in taken.recipients) == {
        "desk@example.org": 1,
        "gone@example.org": 1,
    }
    assert len({parsed(taken.content)["Message-ID"] for taken in there.taken}) == 2
    assert sum("Ministry lowers the tariff" in text for text in world.slack.texts()) == 2  # the alert and the digest


async def test_without_any_configuration_the_issue_is_a_file(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with world.desk() as desk:
        await world.round(desk)
        world.later(days=1)
        await tick(desk)
    assert files(world) == [f"daily-2023-08-29.{ending}" for ending in ("eml", "html", "txt")]
    folder = world.folder / "var" / "digests"
    assert "Ministry lowers the tariff" in (folder / "daily-2023-08-29.html").read_text()
    assert "Ministry lowers the tariff" in (folder / "daily-2023-08-29.txt").read_text()
    assert parsed((folder / "daily-2023-08-29.eml").read_bytes())["Message-ID"]


async def test_mail_that_nobody_could_send_is_a_file_for_each_address(world):
    async with world.desk(CONSOLE + digest('"a@b.org", "c+d@b.org"'), console=Silent()) as desk:
        world.later(days=1)
        await tick(desk)
    assert files(world) == [
        f"morning-2023-08-29-{who}.{ending}" for who in ("a@b.org", "c+d@b.org") for ending in ("eml", "html", "txt")
    ]


async def test_a_folder_that_cannot_be_made_keeps_the_issue(world):
    (world.folder / "var").mkdir(exist_ok=True)
    (world.folder / "var" / "digests").write_text("in the way")
    async with world.desk() as desk:
        world.later(days=1)
        _, delivered = await tick(desk)
        assert (delivered.digests, delivered.digests_waiting) == (0, 1)
        assert "digests" in delivered.notes[0]
        (world.folder / "var" / "digests").unlink()
        world.later(minutes=1)
        assert (await pipeline.deliver_due(desk)).digests == 1
    assert len(files(world)) == 3


async def test_each_article_is_told_in_one_issue(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with relay() as there, world.desk(CONSOLE + mail(there.port) + digest(), console=Silent()) as desk:
        await world.round(desk)
        world.later(days=1)
        await tick(desk)
        text = "A kettle of the old kind was sold at auction for more than anybody in the room had thought possible."
        (world.folder / "a" / "two.txt").write_text(article("A kettle makes history", text))
        await world.round(desk)
        world.later(days=1)
        await tick(desk)
        world.later(days=1)
        await tick(desk)
    first, second, third = (parsed(taken.content).get_body(("plain",)).get_content() for taken in there.taken)
    assert ("Ministry" in first, "kettle" in first) == (True, False)
    assert ("Ministry" in second, "kettle" in second) == (False, True)
    assert ("Ministry" in third, "kettle" in third) == (False, False)


async def test_what_is_listed_is_in_the_ledger_and_baseline_articles_are_listed_once(world):
    world.feed_source("feed", "/feed")
    world.server["/feed"] = rss("Old tariff news", "Old weather")
    async with relay() as there, world.desk(CONSOLE + mail(there.port) + digest(), console=Silent()) as desk:
        await world.round(desk)
        world.later(days=1)
        await tick(desk)
        with desk.store.read() as tx:
            assert {stored.state for stored in articles.archive(tx)} == {"baseline"}
            assert len(articles.baseline_matches(tx, 10)) == 1
        world.later(days=1)
        await tick(desk)
    first, second = (parsed(taken.content).get_body(("plain",)).get_content() for taken in there.taken)
    assert ("Old tariff news" in first, "Old tariff news" in second, "Old weather" in first) == (True, False, False)


async def test_an_article_that_nobody_was_alerted_to_counts_as_told_by_the_digest(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    world.sources[0] += "alerts = false\n"
    async with world.desk() as desk:
        await world.round(desk)
        world.later(days=1)
        await tick(desk)
        with desk.store.read() as tx:
            assert [stored.state for stored in articles.archive(tx)] == ["in digest"]


@pytest.mark.parametrize(("empty", "mails"), [("heartbeat", 2), ("skip", 0)])
async def test_an_empty_day_says_so_or_nothing_as_configured(world, empty, mails):
    async with relay() as there, world.desk(CONSOLE + mail(there.port) + digest(empty=empty), console=Silent()) as desk:
        for _ in range(2):
            world.later(days=1)
            report, _ = await tick(desk)
            assert [(issue.empty, issue.skipped) for issue in report.issues] == [(True, empty == "skip")]
            assert (await tick(desk))[0].issues == ()
    assert len(there.taken) == mails


async def test_what_was_missed_while_nothing_ran_comes_late_and_once(world):
    setup = SLACK + digest('"desk"')
    async with world.desk(setup):
        pass
    world.later(days=5, hours=3)
    async with world.desk(setup) as desk:
        report, _ = await tick(desk)
        assert [(issue.day, issue.late) for issue in report.issues] == [(date(2023, 9, 2), True)]
        assert (await tick(desk))[0].issues == ()
        with desk.store.read() as tx:
            (issue,) = digests.recent(tx)
            assert issue.window_from <= datetime(2023, 8, 28, 12, tzinfo=UTC)
            assert issue.window_to == world.at


async def test_a_digest_with_another_time_waits_for_its_next_occurrence(world):
    async with world.desk(SLACK + digest('"desk"')):
        pass
    world.later(days=3)
    async with world.desk(SLACK + digest('"desk"', at="08:00")) as desk:
        assert (await tick(desk))[0].issues == ()
        world.later(hours=20)
        assert len((await tick(desk))[0].issues) == 1


@pytest.mark.parametrize(("days", "stories"), [(5, 1), (60, 0)])
async def test_a_digest_that_comes_back_tells_of_its_absence_only_if_that_was_short(world, days, stories):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with world.desk(SLACK + digest('"desk"')) as desk:
        world.later(days=1)
        await tick(desk)
        await world.round(desk)
    async with world.desk(SLACK):
        world.later(days=days)
    async with world.desk(SLACK + digest('"desk"')) as desk:
        assert (await tick(desk))[0].issues == ()
        world.later(days=1)
        (issue,) = (await tick(desk))[0].issues
    assert issue.stories == stories


async def test_rules_that_were_edited_since_the_last_issue_are_named(world):
    rules = world.folder / "rules" / "rules.toml"
    found = []
    async with world.desk(SLACK + digest('"desk"')) as desk:
        for text in (None, rules.read_text().replace('severity = "high"', 'severity = "low"'), None):
            if text:
                rules.write_text(text)
                world.later(minutes=1)
                await pipeline.reload_rules(desk)
            world.later(days=1)
            with desk.store.read() as tx:
                told = preview(tx, desk.config.digests[0], desk.rules().ruleset, desk.now())
            found.append([(one.rule, one.change, one.parts) for one in told.rule_changes])
            await tick(desk)
    assert found == [[], [("tariffs", "changed", ("severity",))], []]


# ── sent once ────────────────────────────────────────────────────────────────────────────────────


async def test_a_lost_answer_brings_one_copy_byte_for_byte_the_same_and_no_third(world):
    async with (
        FaultyRelay(at="dot", how="close") as faulty,
        world.desk(CONSOLE + mail(faulty.port) + digest(), console=Silent()) as desk,
    ):
        world.later(days=1)
        _, delivered = await tick(desk)
        assert delivered.unknown == 1
        rounds = []
        for _ in range(4):
            world.later(minutes=20)
            rounds.append(await pipeline.deliver_due(desk))
        assert [(done.unknown, done.digests_dead) for done in rounds] == [(1, 0), (0, 1), (0, 0), (0, 0)]
        assert ["sent twice" in note for note in rounds[1].notes] == [True]
        with desk.store.read() as tx:
            (issue,) = digests.recent(tx)
            assert outbox.counts(tx)["mailto:desk@example.org", "dead"] == 1
        assert (issue.state, issue.may_repeat) == ("dead", True)
        assert "third time" in issue.error
        assert rounds[-1].digests_waiting == 0
    assert len(faulty.got) == 2
    assert faulty.got[0] == faulty.got[1]


async def test_a_relay_that_comes_back_gets_the_copy_and_that_is_all(world):
    async with (
        FaultyRelay(at="dot", how="close", times=1) as faulty,
        world.desk(CONSOLE + mail(faulty.port) + digest(), console=Silent()) as desk,
    ):
        world.later(days=1)
        await tick(desk)
        for _ in range(3):
            world.later(minutes=20)
            await pipeline.deliver_due(desk)
        with desk.store.read() as tx:
            assert digests.recent(tx)[0].state == "sent"
    assert faulty.got[0] == faulty.got[1]
    assert len(faulty.got) == 2


async def test_what_was_definitely_not_taken_is_tried_until_it_is(world):
    async with (
        FaultyRelay(at="rcpt", how="451 4.7.1 greylisted", times=4) as faulty,
        world.desk(CONSOLE + mail(faulty.port) + digest(), console=Silent()) as desk,
    ):
        world.later(days=1)
        _, delivered = await tick(desk)
        assert delivered.later == 1
        for _ in range(6):
            world.later(minutes=20)
            await pipeline.deliver_due(desk)
    assert len(faulty.got) == 1
    assert faulty.connections == 5


async def test_a_relay_that_refuses_us_holds_the_queue_until_it_is_mended(world):
    async with (
        FaultyRelay(at="mail", how="550 5.7.1 not you", times=1) as faulty,
        world.desk(CONSOLE + mail(faulty.port) + digest(), console=Silent()) as desk,
    ):
        world.later(days=1)
        _, delivered = await tick(desk)
        assert (delivered.held, delivered.digests_waiting) == (1, 1)
        assert "is held, nothing is lost" in delivered.notes[0]
        world.later(hours=1)
        assert (await pipeline.deliver_due(desk)).digests == 0
        await pipeline.resume_held(desk)
        assert (await pipeline.deliver_due(desk)).digests == 1
    assert len(faulty.got) == 1


async def test_a_refused_recipient_is_shown_with_the_reason(world):
    async with relay() as there:
        there.refuse["desk@example.org"] = "550 5.1.1 no such user"
        async with world.desk(CONSOLE + mail(there.port) + digest(), console=Silent()) as desk:
            world.later(days=1)
            _, delivered = await tick(desk)
            assert (delivered.digests_dead, delivered.dead) == (1, 0)
            assert "no such user" in delivered.notes[0]
            with desk.store.read() as tx:
                assert digests.recent(tx)[0].state == "dead"


async def test_two_processes_at_once_write_one_issue(world):
    setup = SLACK + digest('"desk"')
    async with world.desk(setup) as one, world.desk(setup) as two:
        world.later(days=1)
        reports = await asyncio.gather(*(pipeline.send_digests(desk) for desk in (one, two, one, two)))
        await asyncio.gather(*(pipeline.deliver_due(desk) for desk in (one, two)))
    assert sum(len(report.issues) for report in reports) == 1
    assert len(world.slack.texts()) == 1


async def test_nothing_due_costs_one_look_and_writes_nothing(world):
    async with world.desk() as desk:
        with closing(sqlite3.connect(world.folder / "var" / "presswatch.db")) as other:
            before = other.execute("PRAGMA data_version").fetchone()
            assert await pipeline.send_digests(desk) == DigestReport()
            assert other.execute("PRAGMA data_version").fetchone() == before


# ── around the world and around the clock ────────────────────────────────────────────────────────

# Zones whose clocks change at different hours, by different amounts, at midnight, on Fridays, or not at all.
ZONES = {
    "America/New_York": 2024,
    "Europe/London": 2024,
    "Europe/Berlin": 2024,
    "Australia/Lord_Howe": 2024,
    "Australia/Sydney": 2024,
    "America/St_Johns": 2024,
    "Africa/Cairo": 2024,
    "Asia/Beirut": 2024,
    "America/Santiago": 2024,
    "America/Havana": 2024,
    "Asia/Tehran": 2021,
    "Africa/Casablanca": 2024,
    "Pacific/Chatham": 2024,
    "Asia/Shanghai": 2024,
}


def changes(zone, year):
    """The days before whose end the offset changes."""
    moment, found = datetime(year, 1, 1, tzinfo=UTC), []
    for _ in range(366):
        after = moment + timedelta(days=1)
        if moment.astimezone(ZoneInfo(zone)).utcoffset() != after.astimezone(ZoneInfo(zone)).utcoffset():
            found.append(moment)
        moment = after
    return found or [datetime(year, 3, 10, tzinfo=UTC)]


@pytest.mark.parametrize("at", ["00:00", "00:30", "02:15"])
@pytest.mark.parametrize("zone", ZONES)
async def test_across_every_change_of_the_clock_each_local_date_has_one_issue(world, zone, at):
    for number, change in enumerate(changes(zone, ZONES[zone])[:2]):
        setup = CONSOLE + digest(f'"a{number}@b.org"', id_=f"d{number}", at=at, zone=zone)
        world.at = change - timedelta(days=2)
        first = world.at.astimezone(ZoneInfo(zone)).date()
        issued = []
        for _ in range(2):  # stopped and started again half-way
            async with world.desk(setup, console=Silent()) as desk:
                for _ in range(10):
                    world.later(hours=5, minutes=7)
                    issued += [issue.day for issue in (await pipeline.send_digests(desk)).issues]
                    issued += [issue.day for issue in (await pipeline.send_digests(desk)).issues]
        last = world.at.astimezone(ZoneInfo(zone)).date()
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        assert issued == sorted(set(issued))
        assert set(days[1:-1]) <= set(issued) <= set(days)


# ── the service ──────────────────────────────────────────────────────────────────────────────────


async def test_the_service_writes_and_delivers_what_is_due(world):
    async with relay() as there, world.desk(CONSOLE + mail(there.port) + digest(), console=Silent()) as desk:
        knocks = Knocks(desk)
        world.later(days=1)
        with structlog.testing.capture_logs() as logs:
            for _ in range(2):
                await knocks.guarded("digests", knocks.digests)
                await knocks.settled()
    assert len(there.taken) == 1
    assert [line["day"] for line in logs if line["event"] == "digest written"] == ["2023-08-29"]
    assert [line["digests"] for line in logs if line["event"] == "delivered"] == [1]


class Silent:
    """A console that nobody reads."""

    async def send(self, delivery):
        from bot.model import Delivered

        del delivery
        return Delivered()

    async def aclose(self):
        pass
