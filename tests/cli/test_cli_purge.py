"""``presswatch prune``, and what the other commands say of a text that is no longer kept."""

import sqlite3
from contextlib import closing


def old(desk):
    """An article that came long ago, and one of today."""
    desk.seed(1, "Tariffs on kettles rise")
    desk.seed(2, "A calm day")
    assert desk.run("run", "--once").code == 0
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        database.execute("UPDATE article SET first_seen = datetime(first_seen, '-401 days') || '.000000' WHERE id = 1")
    return desk


def test_a_dry_run_says_what_goes_and_a_purge_removes_it(desk):
    old(desk)
    asked = desk.run("prune", "--dry-run")
    assert (asked.code, asked.out) == (0, "Would remove 1 text of 1 article, 0 decisions, 0 polls.\n")
    done = desk.run("prune", "--json")
    assert done.rows == [{"dry_run": False, "articles": 1, "texts": 1, "decisions": 0, "polls": 0, "removed": 0}]
    again = desk.run("prune")
    assert (again.out, again.err) == ("Removed 0 texts of 0 articles, 0 decisions, 0 polls.\n", "")


def test_the_command_s_old_name_still_works(desk):
    old(desk)
    row = {"dry_run": True, "articles": 1, "texts": 1, "decisions": 0, "polls": 0, "removed": 0}
    assert desk.run("db", "purge", "--dry-run", "--json").rows == [row]
    assert "purge" not in desk.run("db", "--help").out


def test_people_are_told_that_the_file_keeps_its_size(desk):
    old(desk)
    assert "stays as large as it is" in desk.run("prune").err


def test_commands_cope_with_a_text_that_is_gone_and_explain_says_since_when(desk):
    old(desk)
    desk.run("prune")
    told = " ".join(desk.run("explain", "1").out.split())
    assert "Its text was removed on 20" in told
    assert "after 401 days: the rules below see the title alone." in told
    row = desk.run("explain", "1", "--json").rows[0]
    (version,) = row["versions"]
    assert (version["text_kept"], version["text_removed_at"] is not None) == (False, True)
    assert desk.run("search", "w1x").out.startswith("Nothing found")
    assert [each["snippet"] for each in desk.run("search", "kettles", "--json").rows] == [""]
    for words in (["stories"], ["alerts"], ["digest", "--preview"], ["rules", "check"]):
        assert desk.run(*words).code == 0, words


def test_without_an_archive_there_is_nothing_to_remove(desk):
    done = desk.run("prune")
    assert (done.code, done.out) == (0, "")
    assert "No archive yet" in done.err
