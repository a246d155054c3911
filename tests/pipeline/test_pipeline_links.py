"""Two stories that turn out to be one after both were told: both messages stay, name each other, and only one goes on."""

import json

import pytest
from click.testing import CliRunner
from servers import reply
from story_samples import ARTICLES, BEGIN
from world import CONSOLE, SLACK

from bot import pipeline
from bot.cli import cli
from bot.deliver.console import ConsoleSender
from bot.deliver.fake_slack import error
from bot.resend import resend
from bot.store import explain

RULES = '[[rule]]\nid = "salt"\ntitle = "Salt"\nany = ["salt", "shippers"]\n'
DAILY = '[[digest]]\nid = "daily"\nto = ["desk"]\nat = "13:00"\nzone = "UTC"\n'
# The first two have hardly a word in common; what the wire tells of the duty ties both to it.
HEADLINES = {
    "quarries": "Hallmark and Brede win their case against cheap road salt",
    "shippers": "Estavian shippers have six weeks to answer 18.4% rate",
    "wire": ARTICLES["salt-wire"].title,
    "trade": ARTICLES["salt-trade"].title,
}
TEXTS = {
    "quarries": "The quarries of Hallmark and Brede had complained that road salt was sold below cost. Their complaint was "
    "heard on Tuesday: a provisional duty will keep the cheap salt away this winter.",
    "shippers": "Shippers from Estavia pay 18.4 percent more at Norland's border from Tuesday. The trade commission of "
    "Norland gives the Estavian shippers six weeks to reply.",
    "wire": ARTICLES["salt-wire"].body,
    "trade": ARTICLES["salt-trade"].body,
}


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture(autouse=True)
def press(world):
    world.at = BEGIN.replace(hour=23, day=30)
    (world.folder / "rules" / "rules.toml").write_text(RULES)


def put(world, *names):
    for name in names:
        head = f"---\ntitle: {HEADLINES[name]}\nurl: https://{name}.example/1\npublished: 2023-08-29T20:00:00Z\n---\n"
        world.folder_source(name, one=head + TEXTS[name])


async def look(world, *names, destinations=SLACK, **more):
    """These articles come; an hour later, so that every message may be changed."""
    put(world, *names)
    world.later(hours=1)
    async with world.desk(destinations, **more) as desk:
        await world.round(desk)


def texts(world):
    return [message.data["text"] for message in world.slack.workspace.messages]


def updates(world):
    return [call.args["ts"] for call in world.slack.calls if call.method == "chat.update"]


def last_lines(world):
    return [message.data["blocks"][-1]["elements"][0]["text"] for message in world.slack.workspace.messages]


def names(world, other):
    """How a message names another: its article and where it stands."""
    message = world.slack.workspace.messages[other]
    name = ("quarries", "shippers")[other]
    place = f"https://slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    return f"*One story with*: <https://{name}.example/1|{HEADLINES[name]}> (<{place}|message>)"


async def test_both_messages_name_each_other_and_the_older_goes_on(world):
    await look(world, "quarries")
    await look(world, "shippers")
    assert len(texts(world)) == 2
    assert not any("One story" in text for text in texts(world))
    await look(world, "wire")
    older, younger = (message.ts for message in world.slack.workspace.messages)
    assert sorted(updates(world)) == [older, younger]
    assert last_lines(world) == [names(world, 1), names(world, 0)]
    assert "Also reported by 2 outlets: Outlet shippers, Outlet wire" in texts(world)[0]
    assert "Also" not in texts(world)[1]
    await look(world, "trade")
    assert sorted(updates(world)) == [older, older, younger]
    assert "Also reported by 3 outlets" in texts(world)[0]
    assert last_lines(world) == [names(world, 1), names(world, 0)]


async def test_messages_that_were_not_sent_yet_are_written_anew(world):
    for name in ("quarries", "shippers", "wire"):
        put(world, name)
        async with world.desk() as desk:
            await pipeline.ingest_due(desk, force=True)
    async with world.desk() as desk:
        await pipeline.deliver_due(desk)
    assert updates(world) == []
    assert [line.partition(": ")[2] for line in last_lines(world)] == [
        f"<https://{name}.example/1|{HEADLINES[name]}>" for name in ("shippers", "quarries")
    ]


POINTS = ("lane.begun", "lane.written", "lane.placed", "lane.recorded", "lane.committed")
POINTS += ("deliver.claimed", "deliver.sent", "deliver.marked")


@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_on_the_way_doubles_nothing(world, point):
    await look(world, "quarries")
    await look(world, "shippers")
    killed = []

    def kill(name):
        if name == point and not killed:
            killed.append(name)
            raise Killed

    with pytest.raises(BaseException):  # noqa: B017, PT011 – the group that Killed comes in
        await look(world, "wire", checkpoint=kill)
    for _ in range(2):
        await look(world)
    assert killed
    assert len(texts(world)) == 2
    assert last_lines(world) == [names(world, 1), names(world, 0)]
    # What was written but not noted is written once more, with the same words.
    assert len(updates(world)) == (3 if point == "deliver.sent" else 2)


async def test_a_message_that_was_lost_is_not_named_and_the_other_goes_on(world):
    world.slack.fail("chat.postMessage", error("invalid_blocks"), times=2)
    await look(world, "quarries")
    await look(world, "shippers")
    await look(world, "wire")
    (message,) = texts(world)
    assert message.startswith(HEADLINES["shippers"])
    assert "One story" not in message
    assert "Also reported by 2 outlets: Outlet wire, Outlet quarries" in message


async def test_a_destination_that_was_told_once_hears_nothing_of_it(world, capsys):
    await look(world, "quarries")
    await look(world, "shippers", destinations=SLACK + CONSOLE)
    await look(world, "wire", destinations=SLACK + CONSOLE)
    assert sum("One story" in text for text in texts(world)) == 2
    printed = capsys.readouterr().out
    assert "Also reported by 2 outlets: Outlet wire, Outlet quarries" in printed
    assert "One story" not in printed


async def test_on_request_a_destination_is_told_of_the_story_once_and_of_no_message_elsewhere(world):
    for name in ("quarries", "shippers", "wire"):
        await look(world, name)
    printed = []
    quiet = CONSOLE + "default = false\n"
    async with world.desk(SLACK + quiet, console=ConsoleSender(write=printed.append)) as desk:
        terminal = next(each for each in desk.config.destinations if each.id == "terminal")
        done = await resend(desk, terminal, 5)
    assert [each.headline for each in done] == [HEADLINES["quarries"]]
    assert "Also reported by 2 outlets" in "".join(printed)
    assert "One story" not in "".join(printed)


async def test_a_digest_has_one_entry_and_explain_says_what_became_one(world):
    for name in ("quarries", "shippers", "wire"):
        await look(world, name, destinations=SLACK + DAILY)
    world.later(days=1)
    async with world.desk(SLACK + DAILY) as desk:
        with desk.store.read() as tx:
            assert explain.history(tx, 2).merged == (2,)
        await pipeline.send_digests(desk)
        await pipeline.deliver_due(desk)
    digest = json.dumps(world.slack.workspace.messages[-1].data["blocks"])
    assert len(world.slack.workspace.messages) == 3
    assert sum(digest.count(f"https://{name}.example/1|{HEADLINES[name]}") for name in HEADLINES) == 1
    ran = CliRunner().invoke(cli, ["explain", "2", "--config", str(world.folder / "config.toml")])
    assert "one with story 2: an article that tells the same event as both tied them together" in ran.output
    ran = CliRunner().invoke(cli, ["explain", "2", "--json", "--config", str(world.folder / "config.toml")])
    assert json.loads(ran.output.splitlines()[0])["story"]["merged"] == [2]


async def test_a_terminal_and_a_program_are_told_too(world, capsys):
    world.server["/hook"] = reply(b"", 200)
    hook = '[[destination]]\nid = "hook"\nkind = "webhook"\nurl_env = "HOOK_URL"\n'
    for name in ("quarries", "shippers", "wire"):
        await look(world, name, destinations=CONSOLE + hook, environ={"HOOK_URL": world.server.at("/hook")})
    lines = [line for line in capsys.readouterr().out.splitlines() if "One story" in line]
    counted = "Also reported by 2 outlets: Outlet shippers, Outlet wire"
    assert lines == [
        f"↳ {counted} · One story with: {HEADLINES['shippers']} (https://shippers.example/1) – {HEADLINES['quarries']}",
        f"↳ One story with: {HEADLINES['quarries']} (https://quarries.example/1) – {HEADLINES['shippers']}",
    ]
    documents = [json.loads(request.body) for request in world.server.requests if request.path == "/hook"]
    assert [(each["op"], [one["headline"] for one in each["joined"]]) for each in documents] == [
        ("post", []),
        ("post", []),
        ("update", [HEADLINES["shippers"]]),
        ("update", [HEADLINES["quarries"]]),
    ]
