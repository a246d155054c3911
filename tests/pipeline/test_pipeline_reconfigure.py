"""An edited ``config.toml`` while the program runs: what can go live goes live at once, the rest is said to wait."""

import asyncio
import logging
from contextlib import asynccontextmanager

import pytest
from servers import held
from world import CONSOLE, OPS, SLACK, article, rss, told

from bot import pipeline
from bot.config import Origin
from bot.store import outbox, sources

DIGEST = '[[digest]]\nid = "noon"\nto = ["terminal"]\nat = "12:00"\n'


@pytest.fixture
def world(world_with_ops):
    return world_with_ops


@asynccontextmanager
async def watching(world, destinations=SLACK):
    async with world.desk(destinations) as desk:
        desk.watch_config(Origin(path=None, environ={}, cwd=world.folder))
        yield desk


def edit(world, text="", **swaps):
    """Append to the configuration, and put one text in another's place."""
    path = world.folder / "config.toml"
    found = path.read_text()
    for old, new in swaps.values():
        assert old in found
        found = found.replace(old, new)
    path.write_text(found + text)


def due(desk):
    with desk.store.read() as tx:
        return [state.id for state in sources.due(tx, desk.now(), force=True)]


async def test_an_untouched_configuration_is_left_alone(world):
    async with watching(world) as desk:
        before = desk.config
        assert await pipeline.reload_config(desk) is None
        edit(world, "# a remark\n")
        assert await pipeline.reload_config(desk) is None
        assert desk.config is before


async def test_a_source_is_added_and_another_taken_out(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with watching(world) as desk:
        world.folder_source(
            "b", one=article("Cocoa duties", "The tariff on cocoa is gone, growers say in the capital.")
        )
        edit(world, swap=(world.sources[0], world.sources[1]))
        assert (await pipeline.reload_config(desk)).changed == ("[[source]]",)
        assert due(desk) == ["b"]
        polled, _ = await world.round(desk)
        assert [(each.source, each.alerts) for each in polled.sources] == [("b", 1)]


async def test_a_new_destination_gets_what_comes_from_then_on(world, capsys):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with watching(world) as desk:
        edit(world, CONSOLE)
        assert (await pipeline.reload_config(desk)).changed == ("[[destination]]",)
        await world.round(desk)
        await pipeline.close_retired(desk)
        assert desk.retired == []
    assert "Ministry lowers the tariff" in capsys.readouterr().out
    assert len(world.slack.texts()) == 1


async def test_routes_digests_and_the_rules_folder_change_together(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    (world.folder / "others").mkdir()
    (world.folder / "others" / "r.toml").write_text('[[rule]]\nid = "pots"\nany = ["pot"]\nnotify = ["terminal"]\n')
    async with watching(world) as desk:
        path = world.folder / "config.toml"
        path.write_text('rules = "others"\n' + path.read_text() + CONSOLE + DIGEST)
        found = await pipeline.reload_config(desk)
        assert set(found.changed) == {"[[destination]]", "[[digest]]", "rules"}
        await pipeline.reload_rules(desk)
        assert desk.rules().faults == ()
        assert list(desk.rules().ruleset.rules) == ["pots"]


async def test_a_destination_that_is_gone_makes_the_rules_that_name_it_faulty(world):
    rules = world.folder / "rules" / "rules.toml"
    rules.write_text(rules.read_text().replace('any = ["kettle"]', 'any = ["kettle"]\nnotify = ["terminal"]'))
    async with watching(world, SLACK + CONSOLE) as desk:
        edit(world, swap=(CONSOLE, ""))
        await pipeline.reload_config(desk)
        await pipeline.reload_rules(desk)
        assert 'there is no destination "terminal"' in desk.rules().faults[0].message
        assert desk.rules().kept == ("kettles",)


async def test_an_edit_that_cannot_be_used_changes_nothing_and_is_told_once(world):
    async with watching(world, OPS) as desk:
        before = desk.config
        edit(world, "[netwrok]\n")
        found = await pipeline.reload_config(desk)
        assert 'unknown key "netwrok"' in found.faults[0].message
        assert desk.config is before
        (first,) = await told(world, desk)
        assert "Configuration: rejected, the one in force stays" in first
        assert await pipeline.reload_config(desk) is None
        assert await pipeline.reload_config(desk, anyway=True) is None
        assert await told(world, desk) == []
        edit(world, swap=("[netwrok]\n", ""))
        assert (await pipeline.reload_config(desk)).faults == ()
        (over,) = await told(world, desk)
        assert "Over: Configuration: it is in force as it stands now" in over


async def test_a_file_that_is_gone_does_not_bring_the_defaults(world):
    path = world.folder / "config.toml"
    async with watching(world) as desk:
        before = desk.config
        path.rename(path.with_suffix(".old"))
        found = await pipeline.reload_config(desk)
        assert "the configuration is gone" in found.faults[0].message
        assert desk.config is before


async def test_a_file_that_is_renamed_into_place_is_never_missed(world):
    path = world.folder / "config.toml"
    async with watching(world) as desk:
        path.rename(path.with_suffix(".old"))

        async def settle():
            path.with_suffix(".old").rename(path)

        desk.settle = settle
        assert await pipeline.reload_config(desk) is None


async def test_what_is_built_at_the_start_waits_for_the_next_one(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with watching(world) as desk:
        before = desk.config
        edit(world, CONSOLE, swap=("[network]", '[network]\ndeadline = "9s"'))
        found = await pipeline.reload_config(desk)
        assert (found.changed, found.waiting) == (("[[destination]]",), ("[network]",))
        assert desk.config.network == before.network


async def test_with_another_data_folder_everything_waits(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with watching(world) as desk:
        before, path = desk.config, world.folder / "config.toml"
        path.write_text('data_dir = "elsewhere"\n' + path.read_text() + CONSOLE)
        found = await pipeline.reload_config(desk)
        assert (found.changed, set(found.waiting)) == ((), {"data_dir", "[database]", "[[destination]]"})
        assert desk.config is before


async def test_a_new_token_in_its_file_is_taken_up_when_asked_to_and_never_logged(world, capsys):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    right = (world.folder / "token").read_text()
    (world.folder / "token").write_text("xoxb-wrong")
    async with watching(world) as desk:
        await world.round(desk)
        assert world.slack.texts() == []
        (world.folder / "token").write_text(right)
        assert await pipeline.reload_config(desk) is None
        assert (await pipeline.reload_config(desk, anyway=True)).changed == ("[slack]",)
        logging.getLogger("presswatch").error("the tokens: %s, %s", right, "xoxb-wrong")
        said = capsys.readouterr().err
        assert "the tokens" in said
        assert not {right, "xoxb-wrong"} & set(said.replace(",", " ").replace('"', " ").split())
        await pipeline.resume_held(desk)
        await pipeline.deliver_due(desk)
        assert len(world.slack.texts()) == 1


async def test_a_poll_that_is_under_way_to_another_address_is_not_written(world):
    """Else the old feed's validators and first poll would be taken for those of the new one."""
    release = asyncio.Event()
    world.server["/old"] = held(release, rss("Old tariff"))
    world.server["/new"] = rss("New tariff")
    world.feed_source("gazette", "/old")
    async with watching(world) as desk:
        polling = asyncio.create_task(pipeline.ingest_due(desk))
        await world.server.asked(1)
        edit(world, swap=("/old", "/new"))
        await pipeline.reload_config(desk)
        release.set()
        (report,) = (await polling).sources
        assert (report.new, report.note) == (0, "configured otherwise while it was polled")
        polled, _ = await world.round(desk)
        assert [(each.status, each.new) for each in polled.sources] == [("baseline", 1)]


async def test_a_message_under_way_keeps_its_sender(world):
    world.folder_source("a", one=article("Ministry lowers the tariff"))
    async with watching(world) as desk:
        await pipeline.ingest_due(desk, force=True)
        async with desk.delivering["desk"]:
            edit(world, CONSOLE)
            await pipeline.reload_config(desk)
            await pipeline.close_retired(desk)
            assert len(desk.retired) == 2, "the file that digests go to, and Slack"
        await pipeline.close_retired(desk)
        assert desk.retired == []
        await pipeline.deliver_due(desk)
        with desk.store.read() as tx:
            assert outbox.counts(tx)["desk", "sent"] == 1
