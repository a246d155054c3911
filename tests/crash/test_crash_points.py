"""No loss and no doubles: the process is killed at every named point, then started again.

A first run dies (SIGKILL, real process, real files, real HTTP); whatever it left behind, the next runs must
bring every alert to Slack exactly once.
"""

import asyncio
import os
import random
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import forking
import pytest
from servers import FaultServer

from bot.deliver.fake_slack import FakeSlack, reset

DRIVER = Path(__file__).with_name("driver.py")
POINTS = (
    "ingest.read",
    "ingest.matched",
    "lane.begun",
    "lane.placed",
    "lane.queued",
    "lane.written",
    "lane.recorded",
    "lane.part",
    "lane.committed",
    "deliver.looked_up",
    "deliver.claimed",
    "deliver.sent",
    "deliver.marked",
)
# Events of their own, so that each is a story of its own.
SEEDS = {
    "Chip tariffs rise in spring": "Makers of phones count on dearer parts and want to tell their customers in March.",
    "Ship owners fear a tariff on ropes": "Hemp comes from two harbours in the south, and neither has any left to sell.",
    "Export desk opens": "Six clerks answer letters in a former bakery; the mayor cut a ribbon and went home.",
}
FEED_ITEMS = ("Feed item on tariffs", "Kettles get cheaper")
HEADLINES = {*SEEDS, *FEED_ITEMS}
RULES = """
[[rule]]
id = "tariffs"
title = "Tariffs"
any = ["tariff"]

[[rule]]
id = "export"
title = "Exports"
any = ["export"]
"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Trade news</title>
<item><guid>1</guid><title>Feed item on tariffs</title><description>A tariff on pots was announced by the ministry.</description></item>
<item><guid>2</guid><title>Kettles get cheaper</title><description>Lower tariff rates for kettles begin next week.</description></item>
</channel></rss>"""


@pytest.fixture
async def world(tmp_path):
    """A folder, a feed and a Slack channel; the first message is written there, but the answer is lost."""
    (tmp_path / "seeds").mkdir()
    for number, (headline, body) in enumerate(SEEDS.items()):
        (tmp_path / "seeds" / f"{number}.txt").write_text(f"---\ntitle: {headline}\n---\n{headline}. {body}\n")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "rules.toml").write_text(RULES)
    (tmp_path / "token").write_text("xoxb-fake")
    (tmp_path / "token").chmod(0o600)
    async with FaultServer() as server, FakeSlack() as slack:
        server["/feed"] = FEED
        slack.fail("chat.postMessage", reset(stored=True))
        (tmp_path / "config.toml").write_text(
            f"""
[network]
allow = ["127.0.0.1:{server.port}"]
[slack]
token_file = "token"
base_url = "{slack.url}"
[[source]]
id = "seeds"
kind = "folder"
path = "seeds"
[[source]]
id = "feed"
kind = "feed"
url = "{server.url}/feed"
[[destination]]
id = "desk"
kind = "slack"
channel = "C0000001"
"""
        )
        yield tmp_path, slack


async def drive(folder: Path, point: str = "", nth: int = 1, kill_after: float | None = None) -> tuple[int, str]:
    """Run the driver; its exit code and what it printed."""
    words = (str(DRIVER), str(folder / "config.toml"), point, str(nth))
    ended = asyncio.to_thread(forking.run, *words, folder=Path.cwd(), env=dict(os.environ), kill_after=kill_after)
    code, out, err = await ended
    assert code in (0, -signal.SIGKILL), err
    return code, out


def headlines(slack: FakeSlack) -> Counter[str]:
    """How often each headline stands in the channel."""
    return Counter(h for text in slack.texts() for h in HEADLINES if h in text)


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_a_named_point_nothing_is_lost_and_nothing_doubled(world, point, nth):
    folder, slack = world
    code, _ = await drive(folder, point, nth)
    if nth == 1 or point != "deliver.looked_up":
        assert code == -signal.SIGKILL, f"the run never passed {point} {nth} times"
    assert (await drive(folder))[0] == 0
    assert headlines(slack) == Counter(dict.fromkeys(HEADLINES, 1))


@pytest.mark.parametrize("seed", range(6))
async def test_killed_at_any_time_nothing_is_lost_and_nothing_doubled(world, seed):
    folder, slack = world
    dice = random.Random(seed)
    for _ in range(3):
        await drive(folder, kill_after=dice.uniform(0.0, 2.5))
    assert (await drive(folder))[0] == 0
    assert headlines(slack) == Counter(dict.fromkeys(HEADLINES, 1))


async def test_an_undisturbed_run_passes_every_named_point(world):
    folder, slack = world
    code, out = await drive(folder)
    assert code == 0
    assert set(out.split()) == set(POINTS)
    assert headlines(slack) == Counter(dict.fromkeys(HEADLINES, 1))


@pytest.mark.parametrize("point", ["quiet.begun", "quiet.recorded", "quiet.committed"])
async def test_killed_while_polls_without_news_are_written_they_fall_due_again(world, point):
    folder, slack = world
    assert (await drive(folder))[0] == 0
    with closing(sqlite3.connect(folder / "var" / "presswatch.db", isolation_level=None)) as database:
        database.execute("UPDATE source SET next_due = '2020-01-01 00:00:00.000000'")
        before = _sources(database)
        assert (await drive(folder, point))[0] == -signal.SIGKILL
        assert (_sources(database) == before) == (point != "quiet.committed")
        assert (await drive(folder))[0] == 0
        assert [due for _, due, _ in _sources(database) if due < "2021"] == []
    assert headlines(slack) == Counter(dict.fromkeys(HEADLINES, 1))


def _sources(database: sqlite3.Connection) -> list[tuple[str, str, str]]:
    return database.execute("SELECT id, next_due, last_ok_at FROM source ORDER BY id").fetchall()
