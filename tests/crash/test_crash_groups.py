"""Alerts that share a message: the process is killed at every named point, and each still stands in exactly one.

The first message's answer is lost, so that a group is looked up by its own uid; a rule of high severity and a reply
go beside the groups.
"""

import random
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from string import ascii_lowercase

import pytest
from test_crash_points import drive

from bot.deliver.fake_slack import FakeSlack, error, reset

AGAIN = ("group.joined", "group.committed", "deliver.sent")
POINTS = (*AGAIN, "deliver.claimed", "deliver.marked", "deliver.looked_up")
QUIET, LOUD = 45, 2
RULES = """
[[rule]]
id = "kettles"
title = "Kettles"
any = ["kettle"]

[[rule]]
id = "tariffs"
title = "Tariffs"
severity = "high"
any = ["tariff"]
"""


def words(number):
    dice = random.Random(number)
    return ["".join(dice.choices(ascii_lowercase, k=8)) for _ in range(30)]


def headline(number):
    return "Matter of " + " ".join(words(number)[:3])


HEADLINES = {headline(number) for number in range(QUIET + LOUD)}


@pytest.fixture
async def world(tmp_path):
    (tmp_path / "seeds").mkdir()
    for number in range(QUIET + LOUD):
        found = "kettle" if number < QUIET else "tariff"
        text = f"{' '.join(words(number)[3:15])} {found} {' '.join(words(number)[15:])}."
        (tmp_path / "seeds" / f"{number:02}.txt").write_text(f"---\ntitle: {headline(number)}\n---\n{text}\n")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.toml").write_text(RULES)
    (tmp_path / "token").write_text("xoxb-fake")
    (tmp_path / "token").chmod(0o600)
    async with FakeSlack() as slack:
        (tmp_path / "config.toml").write_text(
            f'[slack]\ntoken_file = "token"\nbase_url = "{slack.url}"\n'
            '[[source]]\nid = "seeds"\nkind = "folder"\npath = "seeds"\n'
            '[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "C0000001"\n'
        )
        yield tmp_path, slack


def seen(slack):
    """How often each headline stands in the channel, and how many messages there are."""
    texts = [str(message.data.get("blocks") or message.data["text"]) for message in slack.workspace.messages]
    return Counter(each for text in texts for each in HEADLINES if each in text), len(texts)


def states(folder):
    with closing(sqlite3.connect(folder / "var" / "presswatch.db")) as database:
        return {row[0] for row in database.execute("SELECT DISTINCT state FROM delivery")}


def judge(folder, slack):
    found, messages = seen(slack)
    assert found == Counter(dict.fromkeys(HEADLINES, 1))
    assert messages < QUIET
    assert states(folder) == {"sent"}


@pytest.mark.parametrize(("point", "nth"), [*((each, 1) for each in POINTS), *((each, 2) for each in AGAIN)])
async def test_killed_at_a_named_point_each_alert_stands_in_one_message(world, point, nth):
    folder, slack = world
    slack.fail("chat.postMessage", reset(stored=nth == 1), after=LOUD)
    code, _ = await drive(folder, point, nth)
    assert code == -signal.SIGKILL, f"the run never passed {point} {nth} times"
    assert (await drive(folder))[0] == 0
    judge(folder, slack)


@pytest.mark.parametrize("seed", range(2))
async def test_killed_at_any_time_each_alert_stands_in_one_message(world, seed):
    folder, slack = world
    dice = random.Random(seed)
    slack.fail("chat.postMessage", reset(stored=dice.random() < 0.5), after=dice.randint(0, 4))
    for _ in range(3):
        await drive(folder, kill_after=dice.uniform(0.5, 2.5))
    assert (await drive(folder))[0] == 0
    judge(folder, slack)


async def test_a_group_that_is_refused_is_told_one_by_one_whenever_that_is_known(world):
    folder, slack = world
    slack.fail("chat.postMessage", error("invalid_blocks"), times=2, after=LOUD)
    code, _ = await drive(folder, "deliver.marked", LOUD + 2)
    assert code == -signal.SIGKILL
    assert (await drive(folder))[0] == 0
    found, _ = seen(slack)
    assert found == Counter(dict.fromkeys(HEADLINES, 1))
    assert states(folder) == {"sent", "dead"}
