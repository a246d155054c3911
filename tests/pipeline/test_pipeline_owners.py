"""Owners of rules are mailed where there is a relay: once for each fault, whoever else is told, and nobody in vain."""

from email import policy
from email.parser import BytesParser

from relay import relay
from world import OPS, RULES, SLACK, told

from bot import pipeline

OWNED = '[[rule]]\nid = "{}"\nowner = "{}"\nany = ["{}"]\n{}'
ADA, BOB = "ada@example.org", "bob@example.org"


def mail(port, more=""):
    return f'[mail]\nhost = "127.0.0.1"\nport = {port}\nstarttls = false\nfrom = "presswatch@example.org"\n{more}'


def rules(world, *tables):
    (world.folder / "rules" / "rules.toml").write_text(RULES + "".join(tables))


async def look(desk):
    await pipeline.reload_rules(desk)
    await pipeline.notify_operators(desk)
    return await pipeline.deliver_due(desk)


def parsed(taken):
    read = BytesParser(policy=policy.default).parsebytes(taken.content)
    return read["Subject"], read.get_content()


async def test_each_owner_hears_once_of_each_fault_of_the_own_rules(world):
    faulty = OWNED.format("tin", ADA, "tin AND", ""), OWNED.format("zinc", BOB, "zinc", "until = 2023-08-27\n")
    rules(world, *faulty, OWNED.format("lead", "trade desk", "lead AND", ""))
    async with relay() as there, world.desk(SLACK + mail(there.port)) as desk:
        await look(desk)
        assert sorted(taken.recipients for taken in there.taken) == [[ADA], [BOB]]
        (subject, body), (_, other) = map(parsed, sorted(there.taken, key=lambda taken: taken.recipients))
        assert subject == f"Presswatch: Rule tin (owner {ADA}) needs a look"
        assert "rejected and not in force – rules.toml:" in body
        assert "owners = false in [ops]" in body
        assert "its last day (until = 2023-08-27) is over" in other
        world.later(days=3)
        await look(desk)
        assert len(there.taken) == 2, "a fault that lasts is told once"
        rules(world, OWNED.format("tin", ADA, "/(/", ""), faulty[1])
        await look(desk)
        assert [taken.recipients for taken in there.taken[2:]] == [[ADA]]
        rules(world, OWNED.format("tin", ADA, "tin", ""))
        await look(desk)
        assert len(there.taken) == 3, "nobody is mailed that all is well"
        rules(world, faulty[0])
        await look(desk)
        assert [taken.recipients for taken in there.taken[3:]] == [[ADA]]


async def test_an_address_that_is_refused_holds_up_nobody_else(world):
    rules(world, OWNED.format("tin", ADA, "tin AND", ""), OWNED.format("zinc", BOB, "zinc AND", ""))
    async with relay() as there, world.desk(SLACK + mail(there.port)) as desk:
        there.refuse[ADA] = "550 5.1.1 no such user"
        await look(desk)
        assert [taken.recipients for taken in there.taken] == [[BOB]]


async def test_owners_are_not_mailed_where_that_is_off_and_ops_are_told_all_the_same(world_with_ops):
    world = world_with_ops
    rules(world, OWNED.format("tin", ADA, "tin AND", ""))
    async with relay() as there:
        off = OPS.replace("[ops]\n", "[ops]\nowners = false\n")
        async with world.desk(off + mail(there.port)) as desk:
            (text,) = await told(world, desk)
            assert (f"Rule tin (owner {ADA}): rejected" in text, there.taken) == (True, [])
        async with world.desk(OPS + mail(there.port)) as desk:
            assert await told(world, desk) == []
            assert [taken.recipients for taken in there.taken] == [[ADA]]
