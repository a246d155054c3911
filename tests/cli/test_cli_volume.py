"""``presswatch volume``: days beside what is normal, what is honest to say before that is known, and the exit code."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from bot.cli import cli

HOURS = 64 * 24
ENTITY = '[[entity]]\nid = "trade"\nname = "Trade Inc"\nkind = "organization"\naliases = ["Trade Inc"]\n'


@pytest.fixture(scope="module")
def ran(shared_desk):
    """Nine weeks in which the folder was read every hour and brought a story every third."""
    desk = shared_desk
    rules = desk.folder / "rules" / "rules.toml"
    loud = '[[rule]]\nid = "kettles"\nexpect = "1..2/day"\nany = ["kettle"]\n'
    named = '[[rule]]\nid = "makers"\nany = ["@trade"]\n'
    rules.write_text(rules.read_text() + loud + named + ENTITY)
    desk.seed(1, "Tariffs rise")
    desk.run("run", "--once")
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    hours = [now - timedelta(hours=place) for place in range(HOURS)]
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        database.execute("UPDATE rule_version SET active_from = datetime('now', '-70 days') || '.000000'")
        database.executemany(
            "INSERT INTO poll (source, at, status) VALUES ('seeds', ?, 'unchanged')",
            [(f"{hour} .000000".replace(" .", "."),) for hour in hours],
        )
        counts = [("theme", "trade", hour) for hour in hours[::3]] + [("rule", "kettles", hour) for hour in hours[:9]]
        database.executemany(
            "INSERT INTO volume_hour (kind, subject, hour, stories, articles) VALUES (?, ?, ?, 1, 1)",
            [(kind, subject, f"{hour}.000000") for kind, subject, hour in counts],
        )
    return desk


@pytest.fixture
def ask(ran, monkeypatch):
    """The command in this process."""
    monkeypatch.chdir(ran.folder)
    for name in ("CONFIG", "DATA_DIR", "DATABASE_URL"):
        monkeypatch.delenv(f"PRESSWATCH_{name}", raising=False)

    def run(*args):
        result = CliRunner().invoke(cli, ["volume", *args], standalone_mode=False)
        if isinstance(result.exception, click.ClickException):
            return 2, result.exception.format_message()
        return result.return_value, result.output

    return run


def test_a_theme_is_shown_day_by_day_beside_what_is_normal(ask):
    code, out = ask("trade", "--days", "3")
    assert code == 0
    title, head, hour, day, *days = [line for line in out.splitlines() if "is also the id" not in line]
    assert title == "Trade (theme trade)"
    assert head.split() == ["UTC", "stories", "normal"]
    assert hour.startswith("this hour")
    label, stories, normal, bar = day[:15].strip(), *day[15:].split()
    assert (label, stories) == ("last 24 h", "8")
    low, high = map(int, normal.split("–"))
    assert low < 8 < high
    assert set(bar) == {"█", "░"}
    assert len(days) == 3
    assert all(len(line) <= 80 for line in out.splitlines())


def test_the_overview_lists_themes_and_rules_with_an_expect_and_ends_with_1_if_one_is_off(ask):
    code, out = ask()
    assert code == 1
    assert [line.split()[0] for line in out.splitlines()[1:3]] == ["trade", "kettles"]
    assert "! kettles: 9 stories in the last day, expected 1 to 2" in out
    assert "it has become too wide" in out


def test_kinds_are_told_apart(ask):
    assert '"trade" is also the id of an entity: --kind shows it.' in ask("trade")[1]
    code, out = ask("trade", "--kind", "entity")
    assert code == 0
    assert out.splitlines()[0] == "Trade Inc (entity trade)"


def test_an_unknown_name_is_wrong_use(ask):
    code, said = ask("tariff")
    assert code == 2
    assert 'there is no theme, entity or rule "tariff": did you mean "tariffs"?' in said


def test_before_there_is_enough_it_says_how_much_there_is(desk):
    nothing = desk.run("volume")
    assert (nothing.code, nothing.out) == (0, "")
    assert "No archive yet" in nothing.err
    desk.run("run", "--once")
    result = desk.run("volume", "trade")
    assert result.code == 0
    assert "The baseline is not filled yet (0 of 28 days): until then nothing is called unusual." in result.out
