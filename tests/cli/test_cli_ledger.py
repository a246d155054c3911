"""``presswatch ledger``: a table that fits a terminal, the proof below it, and the exit code."""

import sqlite3
from contextlib import closing

import click
import pytest
from click.testing import CliRunner

from bot.cli import cli

LONG = "a-source-with-quite-a-long-id"


@pytest.fixture(scope="module")
def ran(shared_desk):
    """One round over two folders; the files of one are of every kind."""
    desk = shared_desk
    desk.write(
        "config.toml",
        (desk.folder / "config.toml").read_text() + f'[[source]]\nid = "{LONG}"\nkind = "folder"\npath = "more"\n',
    )
    desk.seed(1, "Tariffs rise")
    desk.seed(2, "Rain")
    desk.write("seeds/copy.txt", (desk.folder / "seeds" / "1.txt").read_text())
    desk.write("seeds/empty.txt", "")
    desk.write("more/one.txt", "Nothing of note has happened in the harbour since the ships came in.")
    assert desk.run("run", "--once").code == 1
    return desk


@pytest.fixture
def ask(ran, monkeypatch):
    """The command in this process."""
    monkeypatch.chdir(ran.folder)
    for name in ("CONFIG", "DATA_DIR", "DATABASE_URL"):
        monkeypatch.delenv(f"PRESSWATCH_{name}", raising=False)

    def run(*args):
        result = CliRunner().invoke(cli, ["ledger", *args], standalone_mode=False)
        if isinstance(result.exception, click.ClickException):
            return 2, result.exception.format_message()
        return result.return_value, result.stdout

    return run


def harm(desk, statement):
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        database.execute(statement)


def test_the_table_fits_a_terminal_and_the_sum_is_proven(ask):
    code, out = ask()
    assert code == 0
    table = out.split("\n\n")[1].splitlines()
    assert max(map(len, table)) <= 80
    assert table[0].split() == [
        "source",
        "fetched",
        "alerted",
        "digest",
        "muted",
        "copies",
        "no",
        "rule",
        "baseline",
        "error",
    ]
    assert table[1:3] == [LONG, " " * 6 + table[2][6:]]
    figures = {line.split()[0]: line.split()[1:] for line in table[3:]}
    assert figures["seeds"] == ["3", "1", "0", "0", "0", "1", "0", "1"]
    assert figures["all"] == ["4", "1", "0", "0", "0", "2", "0", "1"]
    assert "seeds: empty.txt: there is no text in it" in out
    assert "✓ 4 fetched = 1 alerted + 2 no rule + 1 error" in out
    assert "5 items: 4 for the first time, 0 changed, 0 as before, 1 twice in one" in out


def test_a_window_or_a_source_may_be_named(ask):
    assert ask("--source", "seeds")[1].count("3") > 0
    assert LONG not in ask("--source", "seeds")[1]
    assert "No source was polled then" in ask("--since", "3d", "--until", "2d")[1]


@pytest.mark.parametrize(
    ("args", "fault"),
    [
        (("--source", "sedes"), 'did you mean "seeds"?'),
        (("--since", "1h", "--until", "2h"), "ends before it begins"),
        (("--until", "noon"), '"noon" is no time'),
    ],
)
def test_wrong_use_is_told(ask, args, fault):
    code, said = ask(*args)
    assert code == 2
    assert fault in said


def test_books_that_do_not_agree_end_with_1(ask, ran):
    harm(ran, "UPDATE article SET state = 'lost' WHERE state = 'alerted'")
    try:
        code, out = ask()
    finally:
        harm(ran, "UPDATE article SET state = 'alerted' WHERE state = 'lost'")
    assert code == 1
    assert '✗ seeds: 3 fetched, but the states add up to 2; no such state: 1 "lost"' in out
    assert "✓" not in out
