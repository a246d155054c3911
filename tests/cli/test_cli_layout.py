"""Tables and paragraphs on wide and narrow terminals."""

import pytest

from bot.text import columns

NAMES = ("wire", "a-folder-with-a-long-name-of-its-own", "desk")
SOURCE = (
    '[[source]]\nid = "{}"\nkind = "folder"\npath = "seeds"\nname = "Articles that somebody has put into a folder"\n'
)


@pytest.fixture
def folders(desk):
    desk.seed(1, "Tariffs rise")
    desk.write("config.toml", "".join(map(SOURCE.format, NAMES)))
    return desk


@pytest.mark.parametrize("width", [80, 60, 40])
def test_a_table_that_does_not_fit_is_told_row_by_row(folders, width):
    said = folders.on_a_terminal("sources", "list", columns=width).out.splitlines()
    assert max(map(columns, said)) <= width
    assert [line for line in said if not line.startswith(" ")] == list(NAMES)
    assert " ".join(" ".join(said).split()).count("tier outlet · health not polled yet · articles 0 ·") == len(NAMES)


def test_a_table_that_fits_is_one(folders):
    said = folders.on_a_terminal("sources", "list", columns=120).out.splitlines()
    assert [line.split()[0] for line in said] == ["source", *NAMES]


def test_what_goes_into_a_file_is_a_table_however_wide(folders):
    said = folders.run("sources", "list").out.splitlines()
    assert [line.split()[0] for line in said] == ["source", *NAMES]


def test_the_lines_of_an_alert_end_with_the_terminal(folders):
    folders.run("run", "--once")
    said = folders.on_a_terminal("alerts", columns=50).out.splitlines()
    assert max(map(columns, said)) <= 50
    assert said[-1].endswith("tariffs · console: sent · alert 1")


def test_doctor_names_the_sources_in_the_order_of_the_configuration(folders):
    folders.run("sources", "list")  # all are due at once, and would be named by their ids
    rows = folders.run("doctor", "--json").rows
    assert [row["name"] for row in rows if row["name"].startswith("source ")] == [f"source {name}" for name in NAMES]
