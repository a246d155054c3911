"""``presswatch doctor`` as a person reads it."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.deliver import fake_slack
from bot.store import Store, tables


def states(result):
    return {row["name"]: row["state"] for row in result.rows}


def test_everything_has_a_state(desk):
    desk.run("run", "--once")
    result = desk.run("doctor", "--json")
    assert result.code == 0
    found = states(result)
    assert set(found.values()) == {"ok"}
    assert list(found)[:8] == [
        "configuration",
        "rules",
        "database",
        "SQLite",
        "disk",
        "clock",
        "time zones",
        "source seeds",
    ]


def test_a_clock_that_was_set_back_is_a_remark(desk):
    desk.run("run", "--once")
    with_future = Store(f"sqlite:///{desk.folder / 'var' / 'presswatch.db'}")
    with_future.open()
    with with_future.write() as tx:
        tx.run(sa.update(tables.poll).values(at=datetime(2999, 1, 1, tzinfo=UTC)))
    with_future.close()
    result = desk.run("doctor")
    assert result.code == 0
    assert "the clock was set back" in result.out
    assert "timedatectl" in result.out


def test_slack_tells_what_time_it_is_and_send_what_was_tried(desk):
    with fake_slack.in_thread(fake_slack.FakeSlack()) as slack:
        config = (desk.folder / "config.toml").read_text()
        one, other = (f'[[destination]]\nid = "{id_}"\nkind = "slack"\nchannel = "#alerts"\n' for id_ in ("a", "b"))
        desk.write("config.toml", f'{config}[slack]\nbase_url = "{slack.url}"\n{one}{other}')
        desk.env["SLACK_BOT_TOKEN"] = slack.token
        result = desk.run("doctor", "--send", "--json")
        assert result.code == 0
        assert [row["name"] for row in result.rows].count("clock against Slack's") == 1, "the same is said once"
        assert states(result)["clock against Slack's"] == "ok"
        assert states(result)["test message to “a”"] == "ok"
        assert states(result)["test message to “b”"] == "ok"
        assert slack.texts() == []
        posted = [call.method for call in slack.calls]
        assert posted.count("chat.postMessage") == posted.count("chat.delete") == 2


def test_it_reads_well_in_eighty_columns(desk):
    desk.write("rules/bad.toml", "[[rule]]\n")
    result = desk.on_a_terminal("doctor")
    assert result.code == 1
    lines = result.out.splitlines()
    assert max(map(len, lines)) <= 80
    database = next(place for place, line in enumerate(lines) if line.startswith("✓ database"))
    assert lines[database + 1].startswith(("  ", "✓"))
    remedy = next(line for line in lines if "→" in line)
    assert remedy.startswith("    → presswatch rules check")
