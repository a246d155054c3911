"""Edits of the rules folder as editors, deployments and mounted volumes make them: no article meets half of one."""

import asyncio

import pytest
from world import OPS, RULES, article, told

from bot import pipeline

KETTLES = RULES[RULES.index("[[rule]]", 5) :]
TARIFFS = RULES[: RULES.index("[[rule]]", 5)]


@pytest.fixture
def world(world_with_ops):
    return world_with_ops


def meanwhile(desk, *steps):
    """Between looks at the folder, one of these happens each time."""
    left = list(steps)

    async def settle():
        if left:
            await asyncio.to_thread(left.pop(0))

    desk.settle = settle


def in_force(desk):
    return {id_: rule.expr.text for id_, rule in desk.rules().ruleset.rules.items()}


async def test_a_file_that_is_emptied_before_it_is_written_switches_nothing_off(world):
    rules = world.folder / "rules" / "rules.toml"
    async with world.desk() as desk:
        rules.write_text("")
        meanwhile(desk, lambda: rules.write_text(RULES.replace('["kettle"]', '["teapot"]')))
        assert (await pipeline.reload_rules(desk)).changed == ("kettles",)
        assert in_force(desk) == {"tariffs": "tariff", "kettles": "teapot"}


async def test_an_edit_that_is_taken_back_meanwhile_is_none(world):
    rules = world.folder / "rules" / "rules.toml"
    async with world.desk() as desk:
        rules.rename(rules.with_name("rules.toml~"))
        meanwhile(desk, lambda: rules.with_name("rules.toml~").rename(rules))
        assert await pipeline.reload_rules(desk) is None


async def test_what_never_comes_to_rest_is_left_for_the_next_look(world):
    rules = world.folder / "rules" / "rules.toml"
    async with world.desk() as desk:
        rules.write_text(TARIFFS)
        meanwhile(desk, *(lambda n=n: rules.write_text(f"{TARIFFS}# {n}\n") for n in range(100)))
        assert await pipeline.reload_rules(desk) is None
        assert set(in_force(desk)) == {"tariffs", "kettles"}


async def test_a_folder_that_is_swapped_is_never_missing(world):
    rules, new, old = (world.folder / name for name in ("rules", "new", "old"))
    new.mkdir()
    (new / "all.toml").write_text(RULES.replace('["kettle"]', '["teapot"]'))
    async with world.desk() as desk:
        rules.rename(old)
        meanwhile(desk, lambda: new.rename(rules))
        reloaded = await pipeline.reload_rules(desk)
        assert (reloaded.faults, reloaded.changed) == ((), ("kettles",))


async def test_a_mounted_config_map_is_followed_when_its_link_is_swapped(world):
    """Kubernetes: files are links through ``..data``, which is a link itself and is replaced by renaming another."""
    rules = world.folder / "rules"
    (rules / "rules.toml").unlink()
    for number, text in enumerate((RULES, RULES.replace('["kettle"]', '["teapot"]')), 1):
        (rules / f"..2026_0{number}").mkdir()
        (rules / f"..2026_0{number}" / "rules.toml").write_text(text)
    (rules / "..data").symlink_to("..2026_01")
    (rules / "rules.toml").symlink_to("..data/rules.toml")
    async with world.desk() as desk:
        assert await pipeline.reload_rules(desk) is None
        (rules / "..data_tmp").symlink_to("..2026_02")
        (rules / "..data_tmp").rename(rules / "..data")
        assert (await pipeline.reload_rules(desk)).changed == ("kettles",)
        assert set(in_force(desk)) == {"tariffs", "kettles"}


@pytest.mark.parametrize("name", [".rules.toml.swp", "rules.toml~", ".#rules.toml", "#rules.toml#", "4913", "sedx1"])
async def test_what_editors_leave_beside_a_file_is_no_rule(world, name):
    async with world.desk() as desk:
        (world.folder / "rules" / name).write_text("[[rule]]\nid = 5\n")
        assert await pipeline.reload_rules(desk) is None


async def test_a_broken_file_switches_off_neither_its_own_rules_nor_those_of_others(world):
    rules = world.folder / "rules"
    (rules / "rules.toml").write_text(TARIFFS)
    (rules / "kettles.toml").write_text(KETTLES)
    async with world.desk() as desk:
        (rules / "kettles.toml").write_text(KETTLES + "any = [\n")
        (rules / "rules.toml").write_text(TARIFFS.replace("tariff", "levy").replace('"levys"', '"tariffs"'))
        reloaded = await pipeline.reload_rules(desk)
        assert (reloaded.changed, reloaded.kept) == (("tariffs",), ("kettles",))
        assert in_force(desk) == {"tariffs": "levy", "kettles": "kettle"}


async def test_articles_that_are_on_their_way_keep_the_rules_they_were_matched_with(world):
    """The edit goes live between matching and writing."""
    world.folder_source("a", one=article("Kettles from the north", "The kettle has arrived in the shops at last."))
    rules, loop = world.folder / "rules" / "rules.toml", asyncio.get_running_loop()
    reloads = []

    def edit(point):
        if point == "ingest.matched":
            rules.write_text(TARIFFS)
            reloads.append(loop.create_task(pipeline.reload_rules(desk)))

    async with world.desk() as desk:
        desk.checkpoint = edit
        polled, _ = await world.round(desk)
        assert [(await each).total for each in reloads] == [1]
        assert [source.alerts for source in polled.sources] == [1]
        desk.checkpoint = lambda _point: None
        world.folder_source("a", two=article("Copper pots", "A copper kettle is a rare sight in the market halls."))
        polled, _ = await world.round(desk)
        assert [source.alerts for source in polled.sources] == [0]


@pytest.mark.parametrize("again", ["any = [5]", 'any = ["kettle"]\n[[rule.test]]\ntext = "x"\nexpect = "match"'])
async def test_a_rejected_rule_is_told_with_its_owner(world, again):
    rules = world.folder / "rules" / "rules.toml"
    async with world.desk(OPS) as desk:
        rules.write_text(RULES.replace('any = ["kettle"]', f'owner = "kitchen@example.org"\n{again}'))
        await pipeline.reload_rules(desk)
        (first,) = await told(world, desk)
        assert "Rule kettles (owner kitchen@example.org): rejected, its last good version stays in force" in first
        await pipeline.reload_rules(desk)
        assert await told(world, desk) == []
