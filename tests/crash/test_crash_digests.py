"""A digest is written once and reaches every reader, wherever the process is killed on the way.

Slack and files: exactly once. Mail: at most one extra copy, byte for byte the same, and only where the process died
between the relay's answer and its being noted.
"""

import asyncio
import os
import signal
import sqlite3
from contextlib import closing
from email import message_from_bytes
from pathlib import Path

import forking
import pytest
from relay import relay

from bot.deliver.fake_slack import FakeSlack

DRIVER = Path(__file__).with_name("digest_driver.py")
BEFORE, DUE = "2026-03-02T12:00:00+00:00", "2026-03-03T09:00:00+00:00"
ADDRESSES = ("desk@example.org", "editor@example.org")
RULES = '[[rule]]\nid = "tariffs"\ntitle = "Tariffs"\nany = ["tariff"]\n'
ARTICLE = "---\ntitle: The tariff on kettles falls\n---\nThe ministry announced it on Monday.\n"


@pytest.fixture
async def world(tmp_path):
    """A folder in which four readers wait for tomorrow's digest: two mailboxes, a channel, and a folder."""
    for name, file, text in (("rules", "rules.toml", RULES), ("seeds", "a.txt", ARTICLE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(text)
    (tmp_path / "token").write_text("xoxb-fake")
    (tmp_path / "token").chmod(0o600)
    async with relay() as there, FakeSlack() as slack:
        (tmp_path / "config.toml").write_text(
            f"""
[slack]
token_file = "token"
base_url = "{slack.url}"
[mail]
host = "127.0.0.1"
port = {there.port}
starttls = false
from = "presswatch@example.org"
[[source]]
id = "seeds"
kind = "folder"
path = "seeds"
alerts = false
[[destination]]
id = "desk"
kind = "slack"
channel = "C0000001"
[[digest]]
id = "morning"
to = ["{ADDRESSES[0]}", "{ADDRESSES[1]}", "desk"]
"""
        )
        assert await drive(tmp_path, BEFORE) == 0
        assert (there.taken, slack.texts()) == ([], [])
        yield tmp_path, there, slack


async def drive(folder: Path, at: str = DUE, point: str = "", nth: int = 1) -> int:
    """Run the driver; its exit code."""
    words = (str(DRIVER), str(folder / "config.toml"), at, point, str(nth))
    code, _, err = await asyncio.to_thread(forking.run, *words, folder=Path.cwd(), env=dict(os.environ))
    assert code in (0, -signal.SIGKILL), err
    return code


def mails(there, address):
    return [taken.content for taken in there.taken if taken.recipients == [address]]


def issues(folder):
    with closing(sqlite3.connect(folder / "var" / "presswatch.db")) as database:
        return database.execute("SELECT count(*), count(DISTINCT recipient) FROM digest_run").fetchone()


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        ("digest.frozen", 1),
        ("digest.frozen", 3),
        ("digest.committed", 1),
        ("deliver.claimed", 1),
        ("deliver.sent", 1),
        ("deliver.sent", 3),
        ("deliver.marked", 1),
    ],
)
async def test_killed_at_a_named_point_the_digest_still_reaches_everybody(world, point, nth):
    folder, there, slack = world
    assert await drive(folder, point=point, nth=nth) == -signal.SIGKILL
    assert await drive(folder) == 0
    assert issues(folder) == (3, 3)
    assert sum("The tariff on kettles falls" in text for text in slack.texts()) == 1
    for address in ADDRESSES:
        copies = mails(there, address)
        assert len(copies) <= (2 if point.startswith("deliver") else 1)
        assert len(set(copies)) == 1, "every copy is the same, byte for byte"
    ids = {message_from_bytes(content)["Message-ID"] for address in ADDRESSES for content in mails(there, address)}
    assert len(ids) == 2


async def test_a_process_that_dies_again_and_again_sends_no_third_copy(world):
    folder, there, _ = world
    config = folder / "config.toml"
    config.write_text(config.read_text().replace(f'"{ADDRESSES[1]}", "desk"', ""))
    for _ in range(2):
        assert await drive(folder, point="deliver.sent") == -signal.SIGKILL
    assert await drive(folder) == 0
    assert len(mails(there, ADDRESSES[0])) == 2
    with closing(sqlite3.connect(folder / "var" / "presswatch.db")) as database:
        assert database.execute("SELECT state FROM delivery").fetchall() == [("dead",)]


async def test_two_processes_started_together_write_one_issue_for_each_reader(world):
    folder, there, slack = world
    assert await asyncio.gather(drive(folder), drive(folder)) == [0, 0]
    assert issues(folder) == (3, 3)
    assert [len(mails(there, address)) for address in ADDRESSES] == [1, 1]
    assert len(slack.texts()) == 1
