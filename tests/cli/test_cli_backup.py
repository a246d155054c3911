"""A backup made while the service works, restored in another place: nothing is lost of it and nothing is told twice."""

import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing

from bot.deliver import fake_slack

FIRST = [f"Tariffs rise for the {number}. time" for number in range(3)]


def with_slack(desk, slack):
    text = (desk.folder / "config.toml").read_text()
    desk.write(
        "config.toml",
        f'[slack]\nbase_url = "{slack.url}"\n[[destination]]\nid = "desk"\nkind = "slack"\nchannel = "#alerts"\n'
        '[ops]\nnotify = ["desk"]\n' + text,
    )
    desk.env["SLACK_BOT_TOKEN"] = slack.token
    return desk


def wait_for(seen):
    """Until it is so; the test's own timeout ends a wait for nothing."""
    while not seen():
        time.sleep(0.02)


def restore(copy, old, new):
    """As docs/operations.md says: the copy in the database's place, and what is in version control beside it."""
    for name in ("rules", "seeds"):
        shutil.copytree(old.folder / name, new.folder / name, dirs_exist_ok=True)
    (new.folder / "var").mkdir()
    shutil.copy(copy, new.folder / "var" / "presswatch.db")
    with closing(sqlite3.connect(new.folder / "var" / "presswatch.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_backup_of_the_running_service_restored_elsewhere_tells_nothing_twice(desk, second_desk, tmp_path):
    with fake_slack.in_thread(fake_slack.FakeSlack()) as slack:
        old, new = with_slack(desk, slack), with_slack(second_desk, slack)
        for number, headline in enumerate(FIRST):
            old.seed(number, headline)
        process = old.start("run", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_for(lambda: len(slack.texts()) == len(FIRST))
            copied = old.run("db", "backup", "kept.db", "--json")
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        kept = old.folder / "kept.db"
        assert copied.rows == [{"backup": "kept.db", "bytes": kept.stat().st_size}]
        old.seed(3, "Tariffs fall at last")
        old.run("run", "--once", "--force")
        assert len(slack.texts()) == 4

        restore(kept, old, new)
        doctor = new.run("doctor", "--json")
        assert doctor.code == 0, doctor.out
        assert "service" not in {row["name"] for row in doctor.rows}, "none has run on the copy"
        once = new.run("run", "--once", "--force")
        assert once.code == 0, once.out
        told = slack.texts()
        assert [sum(headline in text for text in told) for headline in FIRST] == [1, 1, 1]
        assert sum("Tariffs fall at last" in text for text in told) == 2, "the copy cannot know of what came after it"
        assert len(told) == 5
        assert "Nothing new to alert" in new.run("run", "--once", "--force").out
