"""An article as it stood at a moment: text, rules, story, mutes, destinations, decisions and messages of then."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from fortnight import PARTS
from world import SLACK

from bot import pipeline
from bot.cli import cli
from bot.config import Origin
from bot.hindsight import in_force, then
from bot.store import mutes
from bot.store import tables as t

RULES = '[[rule]]\nid = "salt"\ntitle = "Salt"\nseverity = "{}"\nany = ["{}", "shippers"]\n'
QUIET = SLACK + 'quiet = "20:00-07:00"\nzone = "UTC"\nmax_per_hour = 9\n'
KEPT = '[retention]\ndecisions = "36500d"\n'
BEGIN = datetime(2023, 8, 29, 21, tzinfo=UTC)


def write(world, name, more=""):
    _, title, text = next(part for part in PARTS if part[0] == name)
    head = f"---\ntitle: {title}\nurl: https://{name}.example/1\npublished: 2023-08-29T20:00:00Z\n---\n"
    (world.folder / "press" / f"{name}.txt").write_text(head + text + more)


@pytest.fixture
async def lived(world):
    """At 21:00 and 22:00 two reports are told; at 23:00 all is edited and muted, and a third one makes them one story."""
    world.at = BEGIN
    world.folder_source("press")
    (world.folder / "rules" / "rules.toml").write_text(RULES.format("normal", "salt"))
    async with world.desk(SLACK + KEPT) as desk:
        desk.watch_config(Origin(path=None, environ={}, cwd=world.folder))
        write(world, "quarries")
        await world.round(desk)
        world.later(hours=1)
        write(world, "shippers")
        await pipeline.ingest_due(desk, force=True)
        world.later(minutes=10)
        await pipeline.deliver_due(desk)
        world.later(minutes=50)
        (world.folder / "rules" / "rules.toml").write_text(RULES.format("high", "graphite"))
        config = world.folder / "config.toml"
        config.write_text(config.read_text().replace(SLACK, QUIET))
        await pipeline.reload_config(desk)
        await pipeline.reload_rules(desk)
        with desk.store.write() as tx:
            said = {"author": "desk", "comment": "enough", "at": world.at, "expires_at": world.at + timedelta(hours=5)}
            mutes.add(tx, kind="rule", value="salt", **said)
        write(world, "wire")
        write(world, "quarries", " Shippers were heard, too.")
        await pipeline.ingest_due(desk, force=True)
        yield desk


def seen(desk, article, **span):
    at = BEGIN + timedelta(**span)
    with desk.store.read() as tx:
        return then(tx, article, in_force(tx, at), at)


def told(found):
    return [(each.rule, each.verdict) for each in found.dossier.history.decisions]


async def test_nothing_of_what_came_later_is_in_it(lived):
    assert seen(lived, 1, minutes=-1) is None
    found = seen(lived, 1, hours=1, minutes=30)
    history = found.dossier.history
    assert (history.story, history.merged, [one.article for one in history.members]) == (1, (), [1])
    assert [one.kind for one in history.members] == ["item"]
    assert (len(history.versions), "heard, too" in history.stored.article.body) == (1, False)
    assert (history.stored.state, told(found)) == ("alerted", [("salt", "alert")])
    (rule,) = found.dossier.rules
    assert ("salt" in rule.clauses[0].text, rule.rule.severity, rule.mention is not None) == (True, "normal", True)
    assert found.dossier.past == {}
    (way,) = found.ways
    assert ([each.id for each in way.destinations], way.muted) == (["desk"], (None,))
    assert (way.destinations[0].quiet, found.missing) == (None, ())


async def test_and_all_of_it_is_there_afterwards(lived):
    found = seen(lived, 1, hours=3)
    history = found.dossier.history
    assert (history.story, history.merged) == (1, (2,))
    assert {one.article: one.kind for one in history.members}[2] == "item"
    assert (len(history.versions), "heard, too" in history.stored.article.body) == (2, True)
    (rule,) = found.dossier.rules
    assert ("graphite" in rule.clauses[0].text, rule.rule.severity) == (True, "high")
    (way,) = found.ways
    assert (way.muted[0].comment, way.destinations[0].max_per_hour) == ("enough", 9)
    assert f"{way.destinations[0].quiet.begin:%H:%M}" == "20:00"


async def test_a_message_waits_until_it_has_arrived(lived):
    """That of 22:00 arrived at 22:10."""
    before, after = seen(lived, 2, hours=1, minutes=5), seen(lived, 2, hours=1, minutes=11)

    def states(found):
        return [(one.state, one.ts is not None) for alert in found.dossier.history.alerts for one in alert.deliveries]

    assert (states(before), states(after)) == ([("pending", False)], [("sent", True)])
    assert before.missing == ("Of messages that had not arrived by then it is not kept what had been tried.",)


async def test_the_command_says_it_in_words_and_for_scripts(world, lived):
    def run(*words):
        return CliRunner().invoke(cli, ["--config", str(world.folder / "config.toml"), *words])

    found = run("explain", "https://quarries.example/1", "--as-of", "2023-08-29T22:30Z")
    assert found.output.splitlines()[0] == "As it was at 2023-08-29 22:30 UTC"
    assert "Who was to be told then\n    salt → desk\n" in found.output
    muted = run("explain", "1", "--as-of", "2023-08-30T02:30+02:00").output
    assert "salt → desk (quiet 20:00–07:00 UTC, at most 9 an hour); kept off by mute 1 (rule salt, until" in muted
    row = json.loads(run("--json", "explain", "1", "--as-of", "2023-08-29T22:30Z").output)
    assert row["as_of"]["ways"][0]["destinations"][0]["destination"] == "desk"
    early = run("explain", "1", "--as-of", "2023-08-29T20:59Z")
    assert "had not been seen by 2023-08-29 20:59 UTC" in early.output
    assert "lies in the future" in run("explain", "1", "--as-of", "2999-01-01").output
    with lived.store.write() as tx:
        tx.run(sa.delete(t.config_version))
    assert "The configuration of then is not kept" in run("explain", "1", "--as-of", "2023-08-29T22:30Z").output


async def test_replay_says_in_one_screen_that_all_is_as_it_was(world, lived):
    def run(*words):
        return CliRunner().invoke(cli, ["--config", str(world.folder / "config.toml"), *words], standalone_mode=False)

    asked = ("replay", "--as-of", "2023-08-30T00:00Z", "--since", "3h")
    found = run(*asked)
    assert (found.return_value, found.output.splitlines()[0]) == (
        0,
        "3 decisions from 2023-08-29 21:00 to 2023-08-30 00:00 UTC, all as they were.",
    )
    with lived.store.write() as tx:
        tx.run(sa.update(t.decision).where(t.decision.c.article == 2).values(verdict="no"))
    found = run(*asked)
    assert (found.return_value, "1 difference." in found.output) == (1, True)
    assert "    stored: no: first\n    replayed: alert: first\n" in found.output
    row = json.loads(run("--json", *asked).output)
    assert [(each["article"], each["was"], each["now"]) for each in row["differences"]] == [
        (2, "no: first", "alert: first")
    ]
    early = run("replay", "--as-of", "2023-08-29")
    assert "has been written down since 2023-08-29 21:00 UTC, and not before" in str(early.exception)
