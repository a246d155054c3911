"""``presswatch digest``: when the next issue comes, what it would say, and what became of the last one."""

import sqlite3
from contextlib import closing

import pytest

DIGEST = '[[digest]]\nid = "morning"\nto = ["desk@example.org", "console"]\nzone = "America/New_York"\n'


@pytest.fixture
def filled(desk):
    """A desk whose one run has alerted one article."""
    desk.seed(1, "Ministry lowers the tariff")
    desk.seed(2, "A calm day")
    assert desk.run("run", "--once").code == 0
    return desk


def folder(desk):
    found = desk.folder / "var" / "digests"
    return sorted(path.name for path in found.iterdir()) if found.exists() else []


def test_without_a_database_it_says_how_to_get_one(desk):
    for args in (("digest",), ("digest", "--preview")):
        result = desk.run(*args)
        assert "run --once" in result.err
        assert "Traceback" not in result.err
    assert result.code == 1
    assert not (desk.folder / "var").exists()


def test_each_digest_is_listed_with_its_readers_and_its_next_issue(filled):
    filled.write("config.toml", (filled.folder / "config.toml").read_text() + DIGEST)
    result = filled.run("digest")
    assert result.code == 0
    assert "morning" in result.out
    assert "Mon–Fri at 07:30 America/New_York" in result.out
    assert "desk@example.org (no [mail]: written to var/digests)" in result.out
    assert result.out.count("last  none yet") == 2
    assert result.out.count(" 07:30 E") == 2  # EST or EDT
    assert max(len(line) for line in result.out.splitlines()) <= 80


def test_the_list_for_scripts_has_one_object_for_each_reader(filled):
    filled.write("config.toml", (filled.folder / "config.toml").read_text() + DIGEST)
    rows = filled.run("digest", "--json").rows
    assert [(row["id"], row["recipient"], row["zone"], row["last"]) for row in rows] == [
        ("morning", "mailto:desk@example.org", "America/New_York", None),
        ("morning", "console", "America/New_York", None),
    ]
    assert rows[0]["next"].endswith(("-05:00", "-04:00"))


def test_a_preview_shows_the_issue_as_files_and_sends_nothing(filled):
    result = filled.run("digest", "--preview")
    assert result.code == 0
    assert folder(filled) == ["preview-daily.html", "preview-daily.txt"]
    assert "var/digests/preview-daily.html" in result.out
    assert "Nothing was sent" in result.err
    path = filled.folder / "var" / "digests"
    for name in folder(filled):
        assert "Ministry lowers the tariff" in (path / name).read_text()
    with closing(sqlite3.connect(filled.folder / "var" / "presswatch.db")) as database:
        assert database.execute("SELECT count(*) FROM digest_run").fetchone() == (0,)
        assert database.execute("SELECT DISTINCT state FROM article ORDER BY 1").fetchall() == [
            ("alerted",),
            ("no rule",),
        ]
    before = without_the_time(path / "preview-daily.txt")
    assert filled.run("digest", "daily", "--preview", "--no-open").code == 0
    assert without_the_time(path / "preview-daily.txt") == before
    assert filled.run("preview", "digest", "daily").code == 0
    assert without_the_time(path / "preview-daily.txt") == before


def test_a_rule_at_fault_is_previewed_by_its_last_good_version(filled):
    issue = filled.folder / "var" / "digests" / "preview-daily.txt"
    assert filled.run("digest", "--preview").code == 0
    before = without_the_time(issue)
    text = (filled.folder / "rules" / "rules.toml").read_text()
    filled.write("rules/rules.toml", text.replace('any = ["tariff"]', 'query = "tariff and"'))
    assert filled.run("digest", "--preview").code == 0
    assert without_the_time(issue) == before


def without_the_time(path):
    """An issue without the line of its window, whose end is the minute at which it was written."""
    head, *lines = path.read_text().splitlines()
    kept = [line for line in lines if not line.startswith("Window: ")]
    assert head
    assert len(kept) == len(lines) - 1
    return kept


def test_a_preview_for_scripts_names_its_files(filled):
    (row,) = filled.run("digest", "--preview", "--json").rows
    assert row["id"] == "daily"
    assert row["html"].endswith("var/digests/preview-daily.html")
    assert row["text"].endswith("var/digests/preview-daily.txt")
    assert row["stories"] == 1


def test_a_preview_of_an_empty_day_is_one_too(desk):
    desk.seed(2, "A calm day")
    desk.run("run", "--once")
    result = desk.run("digest", "--preview")
    assert result.code == 0
    assert (desk.folder / "var" / "digests" / "preview-daily.html").stat().st_size > 50


def test_an_unknown_digest_is_wrong_use(filled):
    result = filled.run("digest", "nope")
    assert result.code == 2
    assert 'there is no digest "nope" (known here: daily)' in result.err


def test_a_folder_that_cannot_be_made_is_said(filled):
    filled.write("var/digests", "in the way")
    result = filled.run("digest", "--preview")
    assert result.code == 2
    assert "preview-daily.html" in result.err


def make_due(desk):
    """As if its digests had been configured a week ago."""
    with closing(sqlite3.connect(desk.folder / "var" / "presswatch.db")) as database, database:
        database.execute("UPDATE setting SET at = datetime('now', '-7 days') || '.000000' WHERE key LIKE 'digest:%'")


def test_the_newest_issue_can_be_read_again_whole(filled):
    early = filled.run("digest", "--last")
    assert early.code == 1
    assert "not been issued yet" in early.err
    filled.write(
        "config.toml", (filled.folder / "config.toml").read_text() + DIGEST.replace('"desk@example.org", ', "")
    )
    filled.run("run", "--once")
    make_due(filled)
    filled.run("run", "--once")
    result = filled.run("digest", "morning", "--last")
    assert result.code == 0
    assert result.out.startswith("Presswatch morning – ")
    assert "Ministry lowers the tariff" in result.out
    assert filled.run("digest", "--last", "--preview").code == 2


def test_run_once_writes_what_is_due_and_counts_it_apart_from_alerts(filled):
    make_due(filled)
    result = filled.run("run", "--once")
    assert result.code == 0
    assert "Nothing new to alert · 1 digest · 0 new articles" in result.out
    assert len(folder(filled)) == 3
    listed = filled.run("digest")
    assert ": sent" in listed.out
    (row,) = filled.run("digest", "--json").rows
    assert row["last"]["state"] == "sent"
    summary = filled.run("run", "--once", "--json").rows[-1]["summary"]
    assert (summary["digests"], summary["digests_waiting"], summary["sent"]) == (0, 0, 0)
    assert filled.run("alerts", "--json").rows[0]["headline"] == "Ministry lowers the tariff"
    assert len(filled.run("alerts", "--json").rows) == 1


def test_help_lists_it_and_explains_the_preview(desk):
    assert "digest " in desk.run("--help").out
    assert "Nothing is sent" in " ".join(desk.run("digest", "--help").out.split())
